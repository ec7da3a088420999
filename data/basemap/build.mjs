// Builds basemap.json and ../demo/ukraine.json from packages of npm and crates.io. See README.md.
import { writeFileSync } from 'node:fs';
import { countries } from './countries.mjs';
import { demo } from './demo.mjs';
import { oblasts } from './oblasts.mjs';
import { places } from './places.mjs';
import { water } from './water.mjs';

const land = countries();
const ukraine = land.countries.find((c) => c.a3 === 'UKR').polygons;
const units = oblasts(ukraine);
const settlements = places();
const basemap = { ...land, ...water(), ...units, places: settlements.map(placeRow) };

write('basemap.json', basemap);
write('../demo/ukraine.json', demo(ukraine, units.oblasts, settlements));

function placeRow({ name, name_uk, lon, lat, population }) {
  return [lon, lat, population, name, ...(name_uk ? [name_uk] : [])];
}

// One entry of each list per line, so that a change can be read in a diff.
function write(name, content) {
  const lists = Object.entries(content).map(([key, list]) => `${JSON.stringify(key)}: [\n${list.map((e) => JSON.stringify(e)).join(',\n')}\n]`);
  const text = `{\n${lists.join(',\n')}\n}\n`;
  writeFileSync(new URL(name, import.meta.url), text);
  process.stdout.write(`${name}: ${Math.round(text.length / 1000)} kB\n`);
}
