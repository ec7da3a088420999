// Prints what a visitor downloads, gzipped, and fails above the budgets: of the start, and of each part that is
// fetched only when somebody needs it. The basemap loads later and is not counted.
import { readFileSync, readdirSync } from 'node:fs';
import { gzipSync } from 'node:zlib';

const START_BUDGET_KB = 120;
const PART_BUDGET_KB = 60;
const dist = new URL('../dist/', import.meta.url);
const folder = new URL('assets/', dist);

const files = readdirSync(folder).filter((name) => /\.(js|css)$/.test(name));
const textOf = (name) => readFileSync(new URL(name, folder), 'utf8');
const kbOf = (name) => gzipSync(readFileSync(new URL(name, folder)), { level: 9 }).length / 1000;

/** What the page names, what those import outright, and the worker, which starts with the map. */
function startFiles() {
  const page = readFileSync(new URL('index.html', dist), 'utf8');
  const found = new Set(files.filter((name) => page.includes(name) || name.startsWith('tile-worker')));
  for (const name of found) {
    for (const [, imported] of textOf(name).matchAll(/(?:from|^import|;import)\s*"\.\/([^"]+)"/g)) found.add(imported);
  }
  return found;
}

const start = startFiles();
let isOver = false;
const say = (kb, text) => console.log(`${kb.toFixed(1).padStart(7)} kB  ${text}`);

for (const name of start) say(kbOf(name), name);
const total = [...start].reduce((sum, name) => sum + kbOf(name), 0);
say(total, `at the start, of ${START_BUDGET_KB} kB allowed`);
isOver ||= total > START_BUDGET_KB;
for (const name of files.filter((one) => !start.has(one))) {
  say(kbOf(name), `${name}, when needed, of ${PART_BUDGET_KB} kB allowed`);
  isOver ||= kbOf(name) > PART_BUDGET_KB;
}
if (isOver) process.exit(1);
