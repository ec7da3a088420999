// Every screen in both languages, by the rules of WCAG 2.2 AA as far as a program can check them.
import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { barriers } from '../barriers.mjs';
import { newPage, painted, startBrowser } from '../browser.mjs';
import { someHazard } from '../register.mjs';

let browser;
let hazard;
before(async () => {
  browser = await startBrowser();
  hazard = await someHazard();
});
after(() => browser.close());

for (const language of ['en', 'uk']) {
  test(`the map has no barrier (${language})`, async () => {
    const { page, close } = await newPage(browser, { hash: `${hazard.hash}&lang=${language}` });
    await painted(page);
    assert.deepEqual(await barriers(page), []);
    await close();
  });

  test(`a record has no barrier (${language})`, async () => {
    const { page, close } = await newPage(browser, { hash: `${hazard.hash}&sel=hazardous-areas/${hazard.id}&lang=${language}` });
    await page.waitForSelector('[data-testid="record"]');
    assert.deepEqual(await barriers(page), []);
    await close();
  });

  test(`the list of unplaced records has no barrier (${language})`, async () => {
    const { page, close } = await newPage(browser, { hash: `#6/48/35&lang=${language}` });
    await page.click('[data-testid="not-placed"]');
    await page.waitForSelector('.panel');
    await painted(page);
    assert.deepEqual(await barriers(page), []);
    await close();
  });

  test(`a phone has no barrier (${language})`, async () => {
    const { page, close } = await newPage(browser, { width: 390, height: 844, hash: `${hazard.hash}&lang=${language}` });
    await painted(page);
    await page.click('#rail-switch');
    assert.deepEqual(await barriers(page), []);
    await close();
  });
}
