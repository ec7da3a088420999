// Renews the picture in the project's README from a running program.
import { mkdirSync, statSync } from 'node:fs';
import { painted, startBrowser } from './browser.mjs';
import { someHazard } from './register.mjs';
import { pageOf } from './work.mjs';

const FILE = new URL('../../docs/screenshots/map.png', import.meta.url);
const BYTES_MAX = 400_000;

mkdirSync(new URL('.', FILE), { recursive: true });
const browser = await startBrowser();
const { id, lat, lon } = await someHazard('olena');
const hash = process.env.MAP ?? `#11/${lat.toFixed(4)}/${lon.toFixed(4)}&sel=hazardous-areas/${id}&lang=en`;
const { page } = await pageOf(browser, 'olena', { width: 1280, height: 800, hash });
await painted(page);
if (hash.includes('sel=')) await page.waitForSelector('[data-testid="record"]');
await page.screenshot({ path: FILE.pathname });
await browser.close();

const bytes = statSync(FILE).size;
console.log(`${FILE.pathname}: ${Math.round(bytes / 1000)} kB`);
if (bytes > BYTES_MAX) throw new Error(`larger than ${BYTES_MAX} bytes`);
