// What is on the map: hazards, patterns for what is missing, labels for what is invented.
import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { newPage, painted, picture, startBrowser } from '../browser.mjs';
import { HAZARD_COLOURS, NOT_LOADED_INK, sharesOf } from '../pixels.mjs';
import { someHazard, summary } from '../register.mjs';

let browser;
let hazard;
before(async () => {
  browser = await startBrowser();
  hazard = await someHazard();
});
after(() => browser.close());

const tilesAnswer = (answer) => async (page) => page.route('**/tiles/**', (route) => route.fulfill(answer));
const statesOf = (page) => page.$$eval('canvas.register-tile', (tiles) => [...new Set(tiles.map((t) => t.dataset.state))]);

test('the page loads without an error and without breaking its security policy', async () => {
  const { page, complaints, close } = await newPage(browser);
  await painted(page);
  await picture(page, 'start');
  assert.deepEqual(complaints, []);
  assert.deepEqual(await statesOf(page), ['drawn']);
  await close();
});

test('the page asks no other host than its own', async () => {
  const hosts = new Set();
  const { page, close } = await newPage(browser, { before: async (p) => p.on('request', (r) => r.url().startsWith('http') && hosts.add(new URL(r.url()).host)) });
  await painted(page);
  assert.equal(hosts.size, 1, [...hosts].join());
  await close();
});

test('hazards are drawn', async () => {
  const { page, close } = await newPage(browser, { hash: hazard.hash });
  await painted(page);
  await picture(page, 'hazard');
  const { suspected, confirmed } = await sharesOf(page, HAZARD_COLOURS);
  assert.ok(suspected + confirmed > 0.001, `suspected ${suspected}, confirmed ${confirmed}`);
  await close();
});

test('hazards are drawn at every zoom', async () => {
  const { page, close } = await newPage(browser, { hash: `#5/${hazard.lat}/${hazard.lon}` });
  for (const zoom of [5, 7, 9, 11, 13, 15, 17, 19]) {
    await page.evaluate((hash) => (location.hash = hash), `#${zoom}/${hazard.lat.toFixed(5)}/${hazard.lon.toFixed(5)}`);
    await page.waitForTimeout(600);
    await painted(page);
    const { suspected, confirmed } = await sharesOf(page, HAZARD_COLOURS);
    assert.ok(suspected + confirmed > 0, `nothing drawn at zoom ${zoom}`);
  }
  await close();
});

test('a tile that failed is hatched as not loaded, and says so', async () => {
  const { page, close } = await newPage(browser, { hash: hazard.hash, before: tilesAnswer({ status: 500 }) });
  await page.waitForSelector('canvas.register-tile[data-state="failed"]');
  await painted(page);
  await picture(page, 'not-loaded');
  const { notLoaded } = await sharesOf(page, NOT_LOADED_INK, 14);
  assert.ok(notLoaded > 0.25, `only ${notLoaded} of the picture is hatched`);
  assert.match(await page.textContent('.banners'), /could not be loaded/);
  await close();
});

test('an empty tile is not hatched as not loaded', async () => {
  const { page, close } = await newPage(browser, { hash: hazard.hash, before: tilesAnswer({ status: 204 }) });
  await painted(page);
  await picture(page, 'empty');
  const { notLoaded } = await sharesOf(page, NOT_LOADED_INK, 14);
  assert.ok(notLoaded < 0.08, `${notLoaded} of the picture looks not loaded`);
  assert.deepEqual(await statesOf(page), ['drawn']);
  await close();
});

test('a picture once drawn stays when the register falls silent, and the silence is said', async () => {
  const { page, close } = await newPage(browser, { hash: hazard.hash });
  await painted(page);
  const before = await sharesOf(page, HAZARD_COLOURS);
  await page.route('**/query/summary', (route) => route.abort());
  await page.route('**/tiles/**', (route) => route.abort());
  await page.evaluate(() => window.dispatchEvent(new Event('online')));
  await page.waitForSelector('.banner.is-stale');
  assert.match(await page.textContent('.banners'), /No connection to the register since/);
  assert.deepEqual(await sharesOf(page, HAZARD_COLOURS), before);
  await close();
});

test('synthetic data is labelled on the map', async () => {
  const { synthetic } = await summary();
  const { page, close } = await newPage(browser);
  await painted(page);
  assert.equal(await page.isVisible('[data-testid="synthetic"]'), synthetic);
  await close();
});

test('the count of records that are not placed is the register’s own', async () => {
  const { not_placed } = await summary();
  const { page, close } = await newPage(browser);
  await painted(page);
  const shown = await page.textContent('[data-testid="not-placed"]');
  assert.equal(Number(shown.replace(/\D/g, '')), not_placed);
  await close();
});

test('the counts of the legend are the register’s own', async () => {
  const { collections } = await summary();
  const areas = collections.find((c) => c.id === 'hazardous-areas');
  const open = areas.counts.filter((row) => row.status !== 'closed').reduce((sum, row) => sum + row.records, 0);
  const { page, close } = await newPage(browser);
  await painted(page);
  const shown = await page.textContent('[data-layer="hazardous-areas"] h2 .count');
  assert.equal(Number(shown.replace(/\D/g, '')), open);
  await close();
});

test('hazards are drawn by a browser that cannot draw in a worker', async () => {
  const withoutWorker = (page) => page.addInitScript(() => delete globalThis.OffscreenCanvas);
  const { page, complaints, close } = await newPage(browser, { hash: hazard.hash, before: withoutWorker });
  await painted(page);
  const { suspected, confirmed } = await sharesOf(page, HAZARD_COLOURS);
  assert.ok(suspected + confirmed > 0.001, `suspected ${suspected}, confirmed ${confirmed}`);
  assert.deepEqual(complaints, []);
  await close();
});

test('when the register moves on, the tiles are asked for again and the picture never goes blank', async () => {
  let ahead = 0;
  const counting = (page) =>
    page.route('**/query/summary', async (route) => {
      const answer = await route.fetch();
      const body = await answer.json();
      await route.fulfill({ response: answer, json: { ...body, revision: body.revision + ahead } });
    });
  const { page, close } = await newPage(browser, { hash: hazard.hash, before: counting });
  await painted(page);
  const before = await sharesOf(page, HAZARD_COLOURS);
  const asking = page.waitForRequest('**/tiles/hazards/**');
  ahead = 1;
  await page.evaluate(() => window.dispatchEvent(new Event('online')));
  await asking;
  assert.deepEqual(await sharesOf(page, HAZARD_COLOURS), before);
  await painted(page);
  assert.deepEqual(await statesOf(page), ['drawn']);
  await close();
});
