// Puts the licences of everything that ends up in the page beside it: each of them asks for that.
import { readFileSync, readdirSync } from 'node:fs';

const BASEMAP = 'Basemap: Natural Earth (public domain); GeoNames (CC BY 4.0); OpenStreetMap contributors (ODbL); see data/basemap/README.md.';

/** A step of the build that emits licences.txt. */
export function licences() {
  return {
    name: 'licences',
    apply: 'build',
    generateBundle() {
      this.emitFile({ type: 'asset', fileName: 'licences.txt', source: [BASEMAP, ...shipped().map(licenceOf)].join('\n\n----\n\n') + '\n' });
    },
  };
}

/** Packages that are not for development only, as the lock file lists them. */
function shipped() {
  const lock = JSON.parse(readFileSync(new URL('../package-lock.json', import.meta.url), 'utf8'));
  return Object.entries(lock.packages).filter(([path, entry]) => path !== '' && !entry.dev && !entry.devOptional);
}

function licenceOf([path, { version, license }]) {
  const folder = new URL(`../${path}/`, import.meta.url);
  const file = readdirSync(folder).find((name) => /^licen[cs]e/i.test(name));
  const text = file ? readFileSync(new URL(file, folder), 'utf8').trim() : '';
  return `${path.replace(/^.*node_modules\//, '')} ${version} (${license})\n\n${text}`.trim();
}
