// One browser for all tests of a file, a fresh page for each.
import { mkdirSync } from 'node:fs';
import { chromium } from 'playwright-core';

export const ADDRESS = process.env.MINEMAP_URL ?? 'http://127.0.0.1:8080';
const OUT = new URL('./out/', import.meta.url);
const PATIENCE_MS = 30_000;

// No GPU, no sandbox in containers, and nothing the browser would fetch on its own.
const SWITCHES = ['--no-sandbox', '--disable-gpu', '--disable-quic', '--no-first-run', '--disable-background-networking', '--disable-component-update', '--disable-sync'];

export function startBrowser() {
  return chromium.launch({ executablePath: process.env.CHROMIUM ?? '/usr/bin/chromium', args: SWITCHES });
}

/** A page that notes everything it complains about. */
export async function newPage(browser, { width = 1366, height = 850, hash = '', address = ADDRESS, before = async () => {} } = {}) {
  const context = await browser.newContext({ viewport: { width, height }, locale: 'en-GB' });
  const page = await context.newPage();
  page.setDefaultTimeout(PATIENCE_MS);
  const complaints = [];
  page.on('console', (message) => ['error', 'warning'].includes(message.type()) && complaints.push(message.text()));
  page.on('pageerror', (error) => complaints.push(error.message));
  await before(page);
  await page.goto(`${address}/${hash}`);
  return { page, complaints, close: () => context.close() };
}

/** Waits until every tile in sight has been painted, or has failed. */
export async function painted(page) {
  await page.waitForSelector('canvas.register-tile');
  await page.waitForSelector('[data-testid="data-age"] small');
  await page.waitForFunction(() => {
    const tiles = [...document.querySelectorAll('canvas.register-tile')];
    const isIdle = document.querySelector('.progress.is-loading') === null;
    return isIdle && tiles.length > 0 && tiles.every((tile) => tile.dataset.state !== 'loading');
  });
}

export async function picture(page, name) {
  mkdirSync(OUT, { recursive: true });
  await page.screenshot({ path: new URL(`${name}.png`, OUT).pathname });
}

export async function asked(path) {
  const response = await fetch(ADDRESS + path);
  if (!response.ok) throw new Error(`${path}: status ${response.status}`);
  return response.json();
}
