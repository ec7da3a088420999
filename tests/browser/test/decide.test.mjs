// What needs a second person, and the past.
import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { enteredBy } from '../accounts.mjs';
import { barriers } from '../barriers.mjs';
import { painted, picture, startBrowser } from '../browser.mjs';
import { HAZARD_COLOURS, sharesOf } from '../pixels.mjs';
import { someHazard } from '../register.mjs';
import { openEdit, openForm, outcome, pageOf, save } from '../work.mjs';

let browser;
let hazard;
before(async () => {
  browser = await startBrowser();
  hazard = await someHazard('olena');
});
after(() => browser.close());

/** A suspected area and land released on it, entered by somebody; answers the identifier of the release. */
async function enteredRelease(person) {
  const geometry = { type: 'Polygon', coordinates: [[[35.695, 48.698], [35.705, 48.698], [35.705, 48.702], [35.695, 48.702], [35.695, 48.698]]] };
  const said = { reported_on: '2026-01-10', contamination: ['unknown'], evidence: [{ kind: 'indirect', type: 'unused_land' }] };
  const area = await enteredBy(person, 'hazardous-areas', geometry, { ...said, name: 'Field to release', classification: 'suspected', status: 'open' });
  const how = { reported_on: '2026-01-20', completed_on: '2026-01-20', outcome: 'cleared', depth_cm: 20, method: 'manual' };
  return enteredBy(person, 'land-releases', geometry, { ...how, name: 'Release of the field', hazardous_areas: [area] });
}

const ofHazard = (language = 'en') => `${hazard.hash}&sel=hazardous-areas/${hazard.id}&lang=${language}`;

test('closing a hazard is only proposed: the hazard stays on the map and the proposal is drawn over it', async () => {
  const { page, complaints, close } = await pageOf(browser, 'olena', { hash: ofHazard() });
  const before = await sharesOf(page, HAZARD_COLOURS);
  await openEdit(page);
  await page.selectOption('#input-status', 'closed');
  await page.fill('#input-reason', 'all of it is said to be released');
  await save(page);
  assert.equal(await outcome(page), 'proposed');
  assert.match(await page.textContent('[data-testid="outcome"]'), /Nothing on the map has changed/);
  await page.waitForSelector('.proposal-sign span');
  await page.getByRole('button', { name: 'Open the record' }).click();
  await page.waitForSelector('[data-testid="proposal"]');
  await painted(page);
  await picture(page, 'proposal');
  const { suspected, confirmed } = await sharesOf(page, HAZARD_COLOURS);
  assert.ok(suspected + confirmed > (before.suspected + before.confirmed) / 2);
  assert.deepEqual(complaints, []);
  await close();
});

test('the author of a proposal is told that another person decides', async () => {
  const { page, close } = await pageOf(browser, 'olena', { hash: ofHazard() });
  const proposal = page.locator('[data-testid="proposal"]', { hasText: 'Closes the area' });
  await proposal.waitFor();
  assert.match(await proposal.textContent(), /You proposed this/);
  assert.equal(await proposal.getByRole('button', { name: 'Approve' }).count(), 0);
  await close();
});

test('another person finds the proposal in the list and rejects it with a reason', async () => {
  const { page, close } = await pageOf(browser, 'ivan', { hash: `${hazard.hash}&lang=en` });
  await page.click('[data-testid="proposals"]');
  const entry = page.locator('[data-panel="proposals"] section', { hasText: hazard.properties.name }).filter({ hasText: 'Closes the area' });
  await entry.waitFor();
  await picture(page, 'proposals');
  await entry.getByRole('button', { name: 'Reject' }).click();
  await entry.locator('[role="alert"]').waitFor();
  await entry.locator('textarea').fill('half of it was never searched');
  await entry.getByRole('button', { name: 'Reject' }).click();
  await entry.waitFor({ state: 'detached' });
  await close();
});

test('a release counts only once another person approves it', async () => {
  const release = await enteredRelease('olena');
  const hash = `#15/48.70000/35.70000&sel=land-releases/${release}&lang=en`;
  const { page, close } = await pageOf(browser, 'ivan', { hash });
  await page.waitForSelector('[data-testid="proposal"]');
  await picture(page, 'release-unapproved');
  assert.match(await page.textContent('.record-title'), /not approved/);
  await page.getByRole('button', { name: 'Approve' }).click();
  await page.waitForSelector('[data-testid="proposal"]', { state: 'detached' });
  await page.waitForFunction(() => /Released after clearance/.test(document.querySelector('.record-title')?.textContent ?? ''));
  await painted(page);
  await picture(page, 'release-approved');
  assert.match(await page.textContent('[data-testid="record"]'), /residual risk/);
  await close();
});

test('a record is withdrawn by proposal only', async () => {
  const { page, close } = await pageOf(browser, 'ivan', { hash: ofHazard() });
  await page.waitForSelector('[data-testid="record"]');
  await page.click('[data-testid="withdraw"] summary');
  await page.fill('[data-testid="withdraw"] textarea', 'entered twice');
  await page.getByRole('button', { name: 'Propose withdrawal' }).click();
  await page.waitForSelector('[data-testid="record-proposals"]');
  assert.match(await page.textContent('[data-testid="record-proposals"]'), /Withdraws the record/);
  await close();
});

test('findings are listed with their counts and lead to their record', async () => {
  const { page, close } = await pageOf(browser, 'olena', { hash: `${hazard.hash}&lang=en` });
  await page.click('[data-testid="findings"]');
  await page.waitForSelector('.finding-counts button');
  await picture(page, 'findings');
  assert.deepEqual(await barriers(page), []);
  await page.click('.finding-counts button');
  await page.waitForSelector('[data-panel="findings"] .findings li');
  await page.locator('[data-panel="findings"] .findings li .link-button').first().click();
  await page.waitForSelector('[data-panel="record"]');
  await close();
});

test('a list of findings that failed is not taken for an empty one', async () => {
  const { page, close } = await pageOf(browser, 'olena', { hash: `${hazard.hash}&lang=en`, before: (p) => p.route('**/findings?**', (route) => route.fulfill({ status: 500 })) });
  await page.click('[data-testid="findings"]');
  await page.waitForSelector('.panel [role="alert"]');
  assert.match(await page.textContent('.panel'), /could not be loaded/);
  await close();
});

test('the past is loud, asks everything as of then, and cannot be edited', async () => {
  const { page, complaints, close } = await pageOf(browser, 'olena', { hash: ofHazard() });
  const asking = page.waitForRequest((request) => /\/tiles\/hazards\/.*known-at=/.test(request.url()));
  await page.evaluate((hash) => (location.hash = hash), `${ofHazard()}&at=2`);
  await asking;
  await page.waitForSelector('[data-testid="past"]');
  await painted(page);
  await picture(page, 'past');
  assert.ok(await page.isVisible('.past-frame'));
  assert.equal(await page.locator('[data-testid="new-record"], [data-testid="edit"], [data-testid="withdraw"]').count(), 0);
  assert.deepEqual(await barriers(page), []);
  await page.click('[data-testid="past"] button');
  await page.waitForSelector('[data-testid="edit"]');
  assert.doesNotMatch(page.url(), /at=/);
  assert.deepEqual(complaints, []);
  await close();
});

test('a moment that the register cannot show is said, and is not an empty map', async () => {
  const { page, close } = await pageOf(browser, 'olena', { hash: ofHazard() });
  await page.evaluate((hash) => (location.hash = hash), `${ofHazard()}&at=999999999`);
  await page.waitForFunction(() => /cannot show this moment/.test(document.querySelector('[data-testid="past"]')?.textContent ?? ''));
  await close();
});

for (const language of ['en', 'uk']) {
  test(`a form has no barrier (${language})`, async () => {
    const { page, close } = await pageOf(browser, 'olena', { hash: ofHazard(language) });
    await openEdit(page);
    await picture(page, `edit-${language}`);
    assert.deepEqual(await barriers(page), []);
    for (const tab of await page.locator('.tabs button').all()) {
      await tab.click();
      assert.deepEqual(await barriers(page), []);
    }
    await close();
  });

  test(`the form of every collection has no barrier (${language})`, async () => {
    const { page, close } = await pageOf(browser, 'olena', { hash: `${hazard.hash}&lang=${language}` });
    await page.click('[data-testid="new-record"]');
    const collections = await page.$$eval('[data-collection]', (buttons) => buttons.map((button) => button.dataset.collection));
    for (const collection of collections) {
      await openForm(page, collection);
      assert.deepEqual(await barriers(page), [], collection);
    }
    await close();
  });

  test(`the list of proposals has no barrier (${language})`, async () => {
    const { page, close } = await pageOf(browser, 'olena', { hash: `${hazard.hash}&lang=${language}` });
    await page.click('[data-testid="proposals"]');
    await page.waitForSelector('[data-panel="proposals"] section');
    assert.deepEqual(await barriers(page), []);
    await close();
  });
}

test('a phone has room for a form', async () => {
  const { page, close } = await pageOf(browser, 'olena', { width: 390, height: 844, hash: `${hazard.hash}&lang=en` });
  await openForm(page, 'hazard-reports');
  await picture(page, 'phone-form');
  assert.equal(await page.evaluate(() => document.documentElement.scrollWidth), 390);
  assert.deepEqual(await barriers(page), []);
  await close();
});
