// Writing: entering, drawing, refusals, lost answers, somebody faster, unsaved work.
import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { askedBy } from '../accounts.mjs';
import { painted, picture, startBrowser } from '../browser.mjs';
import { someHazard } from '../register.mjs';
import { openEdit, openForm, outcome, pageOf, save, typePlace } from '../work.mjs';

let browser;
let hazard;
before(async () => {
  browser = await startBrowser();
  hazard = await someHazard('olena');
});
after(() => browser.close());

const at = () => `${hazard.hash}&lang=en`;
const ofHazard = () => `${hazard.hash}&sel=hazardous-areas/${hazard.id}&lang=en`;

test('a report is entered with typed coordinates and stands in the register at once, as not verified', async () => {
  const { page, complaints, close } = await pageOf(browser, 'olena', { hash: at() });
  await openForm(page, 'hazard-reports');
  await page.fill('#input-name', 'Mine seen beside the mill');
  await page.selectOption('#input-kind', 'item_seen');
  await typePlace(page, ['48.5 N 35.1 E']);
  await save(page);
  assert.equal(await outcome(page), 'created');
  await page.getByRole('button', { name: 'Open the record' }).click();
  await page.waitForSelector('[data-testid="record"]');
  assert.match(await page.textContent('[data-testid="record"]'), /Mine seen beside the mill/);
  assert.match(await page.textContent('[data-testid="record"]'), /Not verified yet/);
  assert.deepEqual(complaints, []);
  await close();
});

test('an outline is drawn on the map without breaking the security policy, and can be undone', async () => {
  const { page, complaints, close } = await pageOf(browser, 'olena', { hash: '#14/48.30000/35.30000&lang=en' });
  await openForm(page, 'hazardous-areas');
  await page.click('[data-testid="draw"]');
  await page.waitForSelector('[data-testid="draw-take"]:enabled');
  const map = await page.locator('#map').boundingBox();
  for (const [x, y] of [[150, 200], [320, 210], [310, 360], [160, 350]]) {
    await page.mouse.move(map.x + x, map.y + y);
    await page.mouse.click(map.x + x, map.y + y);
    // Two quick clicks would be a double click, which zooms.
    await page.waitForTimeout(350);
  }
  await picture(page, 'drawing');
  assert.ok(await page.getByRole('button', { name: 'Undo' }).isEnabled());
  await page.click('[data-testid="draw-take"]');
  await page.waitForSelector('[data-testid="drawing"]', { state: 'detached' });
  assert.match(await page.textContent('.place-input'), /Outline, 4 points/);
  assert.deepEqual(complaints, []);
  await close();
});

test('a line that can be read in several ways waits for a choice, one that cannot be read says so', async () => {
  const two = (route) => {
    const text = new URL(route.request().url()).searchParams.get('text');
    const place = (lon, lat, read_as) => ({ type: 'Feature', geometry: { type: 'Point', coordinates: [lon, lat] }, properties: { accuracy_m: 5, read_as, crs: 'EPSG:4326', operation: null } });
    if (text.startsWith('bad')) return route.fulfill({ status: 400, json: { detail: 'no notation fits' } });
    return route.fulfill({ json: { type: 'FeatureCollection', features: text.startsWith('two') ? [place(35, 48, 'one way'), place(48, 35, 'another way')] : [place(35, 48, 'degrees')] } });
  };
  const { page, close } = await pageOf(browser, 'olena', { hash: at(), before: (p) => p.route('**/query/locate**', two) });
  await openForm(page, 'hazard-reports');
  await page.getByRole('button', { name: 'Coordinates', exact: true }).click();
  const readLines = async (text) => {
    await page.fill('#typed-lines', text);
    await page.locator('.typed').getByRole('button', { name: 'Read' }).click();
  };
  await readLines('two ways');
  await page.waitForSelector('[data-state="choice"]');
  assert.equal(await page.locator('[data-testid="typed-use"]').count(), 0);
  await page.getByLabel(/another way/).check();
  assert.equal(await page.locator('[data-testid="typed-use"]').count(), 1);
  await readLines('bad');
  await page.waitForSelector('[data-state="refused"]');
  assert.match(await page.textContent('.read-lines'), /Cannot be read\. no notation fits/);
  assert.equal(await page.locator('[data-testid="typed-use"]').count(), 0);
  await close();
});

test('typed coordinates that were not taken over keep the record from being saved without its place', async () => {
  const { page, close } = await pageOf(browser, 'olena', { hash: at() });
  const sent = [];
  page.on('request', (request) => request.method() !== 'GET' && sent.push(request.url()));
  await openForm(page, 'hazard-reports');
  await page.selectOption('#input-kind', 'item_seen');
  await page.getByRole('button', { name: 'Coordinates', exact: true }).click();
  await page.fill('#typed-lines', '48.5 N 35.1 E');
  await save(page);
  await page.waitForSelector('.edit-summary [role="alert"]');
  assert.match(await page.textContent('.edit-summary'), /not part of the record yet/);
  assert.deepEqual(sent, []);
  await close();
});

test('a refused record says everything that is wrong, at its fields, and loses nothing', async () => {
  const { page, close } = await pageOf(browser, 'olena', { hash: at() });
  await openForm(page, 'hazardous-areas');
  await page.fill('#input-name', 'No class given');
  await save(page);
  await page.waitForSelector('.edit-summary [role="alert"]');
  await picture(page, 'refused');
  assert.match(await page.textContent('.edit-summary'), /Not saved/);
  assert.ok((await page.locator('.field.is-refused').count()) > 0);
  assert.equal(await page.evaluate(() => document.activeElement.className), 'edit-summary');
  assert.equal(await page.inputValue('#input-name'), 'No class given');
  await close();
});

test('unsaved work is offered again after a reload', async () => {
  const { page, close } = await pageOf(browser, 'olena', { hash: at() });
  await openForm(page, 'hazard-reports');
  await page.fill('#input-name', 'Half a report');
  await page.reload();
  await page.waitForSelector('[data-testid="unsaved"]');
  assert.match(await page.textContent('[data-testid="unsaved"]'), /Half a report/);
  await page.getByRole('button', { name: 'Continue' }).click();
  assert.equal(await page.inputValue('#input-name'), 'Half a report');
  await page.getByRole('button', { name: 'Discard' }).click();
  await page.waitForSelector('[data-testid="unsaved"]', { state: 'detached' });
  await close();
});

test('a record saved over a lost connection is sent again with the same key', async () => {
  const keys = [];
  const losing = (page) =>
    page.route('**/records/hazard-reports', async (route) => {
      keys.push(route.request().headers()['idempotency-key']);
      if (keys.length > 1) return route.continue();
      await route.fetch();
      return route.abort();
    });
  const { page, close } = await pageOf(browser, 'olena', { hash: at(), before: losing });
  const reports = async () => (await askedBy('olena', '/query/summary')).collections.find((c) => c.id === 'hazard-reports').records;
  const was = await reports();
  await openForm(page, 'hazard-reports');
  await page.fill('#input-name', 'Sent twice');
  await page.selectOption('#input-kind', 'suspicion');
  await typePlace(page, ['48.51 N 35.11 E']);
  await save(page);
  await page.waitForSelector('.edit-summary .problem');
  assert.match(await page.textContent('.edit-summary'), /did not answer/);
  await save(page);
  assert.equal(await outcome(page), 'created');
  assert.equal(keys[0], keys[1]);
  assert.equal(await reports(), was + 1);
  await close();
});

test('who was overtaken sees what changed and goes on from the newer version', async () => {
  // Words that no earlier run against the same register has entered.
  const [terrain, vegetation] = [`steep slope ${Date.now()}`, `reeds ${Date.now()}`];
  const slow = await pageOf(browser, 'olena', { hash: ofHazard() });
  await openEdit(slow.page);
  const fast = await pageOf(browser, 'ivan', { hash: ofHazard() });
  await openEdit(fast.page);
  await fast.page.fill('#input-terrain', terrain);
  await fast.page.fill('#input-reason', 'seen on site');
  await save(fast.page);
  assert.equal(await outcome(fast.page), 'changed');
  await slow.page.fill('#input-vegetation', vegetation);
  await slow.page.fill('#input-reason', 'photograph');
  await save(slow.page);
  await slow.page.waitForSelector('[data-testid="conflict"]');
  await picture(slow.page, 'conflict');
  assert.ok((await slow.page.textContent('[data-testid="conflict"]')).includes(terrain));
  await slow.page.getByRole('button', { name: 'Go on from the newer version' }).click();
  assert.equal(await slow.page.inputValue('#input-vegetation'), vegetation);
  assert.equal(await slow.page.inputValue('#input-terrain'), terrain);
  await save(slow.page);
  assert.equal(await outcome(slow.page), 'changed');
  await fast.close();
  await slow.close();
});

test('a change without a reason is not sent', async () => {
  const { page, close } = await pageOf(browser, 'olena', { hash: ofHazard() });
  const sent = [];
  page.on('request', (request) => request.method() !== 'GET' && sent.push(request.url()));
  await openEdit(page);
  await page.fill('#input-slope', 'gentle');
  await save(page);
  await page.waitForSelector('.edit-summary [role="alert"]');
  assert.match(await page.textContent('.edit-summary'), /Give the reason/);
  assert.deepEqual(sent, []);
  await close();
});

test('the history of a record tells who, when and why, and shows the map as known then', async () => {
  const { page, close } = await pageOf(browser, 'olena', { hash: ofHazard() });
  await page.waitForSelector('[data-testid="record"]');
  await page.click('[data-testid="history"] summary');
  await page.waitForSelector('.timeline li');
  await picture(page, 'history');
  assert.match(await page.textContent('.timeline'), /Reason: /);
  await page.locator('.timeline').getByRole('button', { name: 'Show the map as known then' }).last().click();
  await page.waitForSelector('[data-testid="past"]');
  await painted(page);
  assert.match(page.url(), /at=\d+/);
  await close();
});
