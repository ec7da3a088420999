// The walk of docs/WALKTHROUGH.md at the page: from a report to released land, by two accounts.
import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { askedBy, enteredBy } from '../accounts.mjs';
import { painted, picture, startBrowser } from '../browser.mjs';
import { HAZARD_COLOURS, sharesOf } from '../pixels.mjs';
import { openEdit, openForm, outcome, pageOf, save, typePlace } from '../work.mjs';

// Land where the demo country has nothing, a little further on with each run against the same register.
const LON = 24.6;
const LAT = Number((50.3 + (Date.now() % 10_000) / 20_000).toFixed(4));
const CORNERS = [[LON, LAT], [LON + 0.01, LAT], [LON + 0.01, LAT + 0.006], [LON, LAT + 0.006]];
const LINES = CORNERS.map(([lon, lat]) => `${lat.toFixed(4)} N ${lon.toFixed(4)} E`);
const MAP = `#15/${(LAT + 0.003).toFixed(5)}/${(LON + 0.005).toFixed(5)}`;

// Shares of the pixels of all tiles, also of those beyond the edge: how many there are depends on the place.
const SEEN = 0.005;
const UNSEEN = 0.002;

let browser;
before(async () => {
  browser = await startBrowser();
});
after(() => browser.close());

/** Revisions and identifiers that a step leaves for those after it. */
const left = {};

const asked = (path) => askedBy('olena', path);

async function revision() {
  return (await asked('/query/summary')).revision;
}

async function hazardAt(knownAt) {
  const { features } = await asked(`/query/at?lon=${LON + 0.005}&lat=${LAT + 0.003}${knownAt ? `&known-at=${knownAt}` : ''}`);
  return features.filter((f) => f.properties.collection === 'hazardous-areas').map((f) => f.properties.classification);
}

async function shown(page) {
  await painted(page);
  const { suspected, confirmed } = await sharesOf(page, HAZARD_COLOURS);
  return { suspected, confirmed };
}

async function openRecord(page) {
  await page.getByRole('button', { name: 'Open the record' }).click();
  await page.waitForSelector('[data-testid="record"]');
  return page.url().match(/sel=[a-z-]+\/([0-9a-f-]{36})/)[1];
}

async function approve(page, words) {
  const proposal = page.locator('[data-testid="proposal"]', { hasText: words });
  await proposal.waitFor();
  await proposal.getByRole('button', { name: 'Approve' }).click();
  await proposal.waitFor({ state: 'detached' });
}

test('somebody reports what was seen, and it stands in the register at once', async () => {
  const { page, close } = await pageOf(browser, 'olena', { hash: `${MAP}&lang=en` });
  await openForm(page, 'hazard-reports');
  await page.fill('#input-name', 'Seen beside the field');
  await page.selectOption('#input-kind', 'item_seen');
  await typePlace(page, [LINES[0]]);
  await save(page);
  assert.equal(await outcome(page), 'created');
  await close();
});

test('a suspected area is entered by its corners and is on the map at once', async () => {
  const { page, close } = await pageOf(browser, 'olena', { hash: `${MAP}&lang=en` });
  await openForm(page, 'hazardous-areas');
  await page.fill('#input-name', 'Field of the walk');
  await page.selectOption('#input-classification', 'suspected');
  await page.check('input[name="contamination"] >> nth=0');
  await page.locator('button[aria-label*="Evidence"]').first().click();
  await page.selectOption('#input-evidence-0-kind', 'indirect');
  await page.selectOption('#input-evidence-0-type', 'unused_land');
  await typePlace(page, LINES);
  await save(page);
  assert.equal(await outcome(page), 'created');
  left.area = await openRecord(page);
  left.suspectedAt = await revision();
  const { suspected, confirmed } = await shown(page);
  assert.ok(suspected > SEEN && confirmed < suspected, `${suspected} ${confirmed}`);
  await picture(page, 'walk-suspected');
  await close();
});

test('a survey finds an item: the area is confirmed at once', async () => {
  const geometry = { type: 'Polygon', coordinates: [[...CORNERS, CORNERS[0]]] };
  await entered('surveys', geometry, { name: 'Survey of the walk', type: 'technical', result: 'evidence_found', reported_on: '2026-04-01' });
  const { page, close } = await pageOf(browser, 'olena', { hash: `${MAP}&sel=hazardous-areas/${left.area}&lang=en` });
  await openEdit(page);
  await page.selectOption('#input-classification', 'confirmed');
  await page.selectOption('#input-evidence-0-kind', 'direct');
  await page.selectOption('#input-evidence-0-type', 'explosive_item');
  await page.fill('#input-reason', 'an item was found');
  await save(page);
  assert.equal(await outcome(page), 'changed');
  left.confirmedAt = await revision();
  const { suspected, confirmed } = await shown(page);
  assert.ok(confirmed > SEEN && suspected < confirmed, `${suspected} ${confirmed}`);
  await close();
});

test('a task is planned and land released: the release counts for nothing until a second person approves it', async () => {
  const geometry = { type: 'Polygon', coordinates: [[...CORNERS, CORNERS[0]]] };
  await entered('tasks', null, { name: 'Task of the walk', hazardous_areas: [left.area], state: 'in_progress', reported_on: '2026-05-01' });
  const how = { outcome: 'cleared', depth_cm: 20, method: 'manual', completed_on: '2026-09-01', reported_on: '2026-09-02' };
  const release = await entered('land-releases', geometry, { ...how, name: 'Release of the walk', hazardous_areas: [left.area] });
  assert.ok(await remainingShare() > 0.999);
  const { page, close } = await pageOf(browser, 'ivan', { hash: `${MAP}&sel=land-releases/${release}&lang=en` });
  await approve(page, /./);
  assert.ok((await remainingShare()) < 0.001);
  assert.deepEqual(await hazardAt(), ['confirmed'], 'the hazard stays until its own closing is approved');
  await close();
});

test('the area closes when a second person approves, and the map shows it before and after', async () => {
  const first = await pageOf(browser, 'olena', { hash: `${MAP}&sel=hazardous-areas/${left.area}&lang=en` });
  await openEdit(first.page);
  await first.page.selectOption('#input-status', 'closed');
  await first.page.fill('#input-reason', 'all of it is released');
  await save(first.page);
  assert.equal(await outcome(first.page), 'proposed');
  assert.ok((await shown(first.page)).confirmed > SEEN, 'a proposal changes nothing on the map');
  await first.close();
  left.beforeClosing = await revision();
  const second = await pageOf(browser, 'ivan', { hash: `${MAP}&sel=hazardous-areas/${left.area}&lang=en` });
  await approve(second.page, 'Closes the area');
  await second.page.waitForTimeout(500);
  await second.page.reload();
  const { suspected, confirmed } = await shown(second.page);
  assert.ok(suspected < UNSEEN && confirmed < UNSEEN, `${suspected} ${confirmed}`);
  await picture(second.page, 'walk-closed');
  assert.deepEqual(await hazardAt(), []);
  await second.close();
});

test('each day is shown as it was known on it', async () => {
  assert.deepEqual(await hazardAt(left.suspectedAt), ['suspected']);
  assert.deepEqual(await hazardAt(left.confirmedAt), ['confirmed']);
  assert.deepEqual(await hazardAt(left.beforeClosing), ['confirmed']);
  const { page, close } = await pageOf(browser, 'olena', { hash: `${MAP}&at=${left.suspectedAt}&lang=en` });
  await page.waitForSelector('[data-testid="past"]');
  const then = await shown(page);
  assert.ok(then.suspected > SEEN && then.confirmed < then.suspected, `${then.suspected} ${then.confirmed}`);
  await picture(page, 'walk-past');
  await page.click('[data-testid="past"] button');
  await page.waitForSelector('[data-testid="past"]', { state: 'detached' });
  const now = await shown(page);
  assert.ok(now.suspected < UNSEEN && now.confirmed < UNSEEN, `${now.suspected} ${now.confirmed}`);
  await close();
});

async function remainingShare() {
  const { properties } = await asked(`/ogc/collections/hazardous-areas/items/${left.area}`);
  return properties.remaining_area_m2 / properties.area_m2;
}

/** A record that needs nothing of the page to be entered. */
function entered(collection, geometry, properties) {
  return enteredBy('olena', collection, geometry, properties);
}
