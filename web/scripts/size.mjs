// Prints what a visitor downloads, gzipped, and fails above the budget. The basemap loads later and is not counted.
import { readFileSync, readdirSync } from 'node:fs';
import { gzipSync } from 'node:zlib';

const BUDGET_KB = 120;
const folder = new URL('../dist/assets/', import.meta.url);

const files = readdirSync(folder).filter((name) => /\.(js|css)$/.test(name));
const sizes = files.map((name) => ({ name, kb: gzipSync(readFileSync(new URL(name, folder)), { level: 9 }).length / 1000 }));
const total = sizes.reduce((sum, s) => sum + s.kb, 0);

for (const { name, kb } of sizes) console.log(`${kb.toFixed(1).padStart(7)} kB  ${name}`);
console.log(`${total.toFixed(1).padStart(7)} kB  in all, of ${BUDGET_KB} kB allowed`);
if (total > BUDGET_KB) process.exit(1);
