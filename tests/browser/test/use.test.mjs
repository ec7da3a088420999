// What a reader does: clicks, switches the language, shares a link, works without a mouse, on a phone.
import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { newPage, painted, picture, startBrowser } from '../browser.mjs';
import { someHazard } from '../register.mjs';

let browser;
let hazard;
before(async () => {
  browser = await startBrowser();
  hazard = await someHazard();
});
after(() => browser.close());

async function clickMiddle(page) {
  const box = await page.locator('#map').boundingBox();
  await page.mouse.click(box.x + box.width / 2, box.y + box.height / 2);
}

test('a click on a hazard opens its fields', async () => {
  const { page, complaints, close } = await newPage(browser, { hash: hazard.hash });
  await painted(page);
  await clickMiddle(page);
  const row = page.locator('.record-row button', { hasText: hazard.properties.name ?? '' }).first();
  await page.waitForSelector('[data-testid="record"], .record-row');
  if (await row.isVisible()) await row.click();
  await page.waitForSelector('[data-testid="record"] dl div');
  await picture(page, 'record');
  assert.ok((await page.locator('[data-testid="record"] dl div').count()) >= 3);
  assert.match(page.url(), /sel=/);
  assert.deepEqual(complaints, []);
  await close();
});

test('a click on any place says what is recorded there, and never that it is safe', async () => {
  const { page, close } = await newPage(browser, { hash: '#12/56.5/-30' });
  await painted(page);
  await clickMiddle(page);
  await page.waitForSelector('[data-testid="place-answer"]');
  await picture(page, 'place');
  assert.match(await page.textContent('.panel'), /does not mean the land is safe/);
  await close();
});

test('a register that does not answer about a place is not taken for an empty one', async () => {
  const { page, close } = await newPage(browser, { hash: '#12/56.5/-30', before: (p) => p.route('**/query/near**', (r) => r.fulfill({ status: 500 })) });
  await painted(page);
  await clickMiddle(page);
  await page.waitForSelector('.panel [role="alert"]');
  assert.match(await page.textContent('.panel'), /Nothing is known about this place/);
  await close();
});

test('the page speaks Ukrainian and English', async () => {
  const { page, close } = await newPage(browser, { hash: hazard.hash });
  await painted(page);
  await page.click('button[lang="uk"]');
  await page.waitForSelector('html[lang="uk"]');
  await painted(page);
  await picture(page, 'ukrainian');
  assert.match(await page.textContent('#rail'), /Небезпечні ділянки/);
  assert.match(page.url(), /lang=uk/);
  await page.click('button[lang="en"]');
  assert.match(await page.textContent('#rail'), /Hazardous areas/);
  await close();
});

test('a link shows another reader the same map', async () => {
  const first = await newPage(browser, { hash: `${hazard.hash}&sel=hazardous-areas/${hazard.id}&lang=uk` });
  await painted(first.page);
  await first.page.click('[data-layer="surveys"] input');
  const link = new URL(first.page.url()).hash;
  const second = await newPage(browser, { hash: link });
  await painted(second.page);
  await second.page.waitForSelector('[data-testid="record"]');
  assert.equal(new URL(second.page.url()).hash, link);
  assert.equal(await second.page.isChecked('[data-layer="surveys"] input'), false);
  assert.equal(await second.page.getAttribute('html', 'lang'), 'uk');
  await first.close();
  await second.close();
});

test('hiding a hazard layer is said aloud and can be undone at once', async () => {
  const { page, close } = await newPage(browser);
  await painted(page);
  await page.click('[data-layer="hazardous-areas"] input');
  await page.waitForSelector('[data-testid="hidden-hazards"]');
  assert.match(await page.textContent('[data-testid="hidden-hazards"]'), /\d.* hidden by your choice/);
  await page.click('[data-testid="hidden-hazards"] button');
  assert.equal(await page.isChecked('[data-layer="hazardous-areas"] input'), true);
  await close();
});

test('the keyboard alone switches a layer, opens the unplaced records and closes them', async () => {
  const { page, close } = await newPage(browser);
  await painted(page);
  await tabTo(page, '[data-layer="surveys"] input');
  await page.keyboard.press('Space');
  assert.equal(await page.isChecked('[data-layer="surveys"] input'), false);
  await page.evaluate(() => document.activeElement.blur());
  await tabTo(page, '[data-testid="not-placed"]');
  await page.keyboard.press('Enter');
  await page.waitForSelector('[data-panel="not-placed"]');
  await page.keyboard.press('Escape');
  assert.equal(await page.locator('.panel').count(), 0);
  await close();
});

test('the keyboard alone asks what is recorded in the middle of the map', async () => {
  const { page, close } = await newPage(browser, { hash: hazard.hash });
  await painted(page);
  await tabTo(page, '#map');
  await page.keyboard.press('Enter');
  await page.waitForSelector('.panel');
  await page.keyboard.press('Escape');
  assert.equal(await page.evaluate(() => document.activeElement.id), 'map');
  await close();
});

async function tabTo(page, selector) {
  for (let i = 0; i < 60; i++) {
    await page.keyboard.press('Tab');
    if (await page.evaluate((s) => document.activeElement?.matches(s), selector)) return;
  }
  assert.fail(`no way to ${selector} by keyboard`);
}

test('on a phone the map comes first and nothing is cut off sideways', async () => {
  const { page, close } = await newPage(browser, { width: 390, height: 844, hash: hazard.hash });
  await painted(page);
  await picture(page, 'phone');
  assert.equal(await page.evaluate(() => document.documentElement.scrollWidth), 390);
  await page.click('#rail-switch');
  await page.waitForSelector('#rail');
  await picture(page, 'phone-layers');
  await page.click('.rail-close');
  await clickMiddle(page);
  await page.waitForSelector('.panel');
  await picture(page, 'phone-panel');
  await close();
});

test('a settlement is found by its name, and the register is asked about it', async () => {
  const { page, close } = await newPage(browser, { hash: '#5/50/10' });
  await painted(page);
  await page.fill('input[type="search"]', 'Слов’янськ');
  await page.keyboard.press('Enter');
  await page.waitForSelector('[data-testid="place-answer"]');
  assert.match(await page.textContent('.coordinates'), /^48\.\d+, 37\.\d+$/);
  await close();
});

test('the back button closes the record that was opened last', async () => {
  const { page, close } = await newPage(browser, { hash: hazard.hash });
  await painted(page);
  await page.evaluate((hash) => (location.hash = hash), `${hazard.hash}&sel=hazardous-areas/${hazard.id}`);
  await page.waitForSelector('[data-testid="record"]');
  await page.goBack();
  await page.waitForSelector('.panel', { state: 'detached' });
  await close();
});

test('what is in view can be read as a list', async () => {
  const { page, close } = await newPage(browser, { hash: hazard.hash });
  await painted(page);
  await page.click('.map-tools button:nth-child(2)');
  await page.waitForSelector('[data-panel="in-view"] .record-row');
  await picture(page, 'in-view');
  assert.ok(await page.locator('.record-row', { hasText: hazard.properties.name }).first().isVisible());
  await close();
});

test('the place that was asked about stays in sight when the panel opens', async () => {
  const { page, close } = await newPage(browser, { width: 1000, height: 700, hash: '#12/56.5/-30' });
  await painted(page);
  const map = await page.locator('#map').boundingBox();
  await page.mouse.click(map.x + 90, map.y + 200);
  await page.waitForSelector('[data-testid="place-answer"]');
  await page.waitForTimeout(500);
  const mark = await page.locator('.asked-place').boundingBox();
  assert.ok(mark.x > map.x, `the mark lies at ${mark.x}, the map begins at ${map.x}`);
  await close();
});
