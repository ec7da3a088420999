// Who is at the page: everybody, somebody who signs in, somebody who leaves; one's own account.
import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { ACCOUNTS, cookiesOf, freshCode, requested, signedIn } from '../accounts.mjs';
import { barriers } from '../barriers.mjs';
import { ADDRESS, newPage, painted, picture, startBrowser } from '../browser.mjs';
import { oneTimeCode } from '../one-time-code.mjs';
import { someHazard } from '../register.mjs';
import { openForm, pageOf, signInAt } from '../work.mjs';

let browser;
let hazard;
let publicHazard;
before(async () => {
  browser = await startBrowser();
  hazard = await someHazard('olena');
  publicHazard = await someHazard(null, ({ properties }) => properties['public_form'] === 'cells');
});
after(() => browser.close());

const hashOf = ({ id, hash }, language = 'en') => `${hash}&sel=hazardous-areas/${id}&lang=${language}`;
const WRITING = '[data-testid="new-record"], [data-testid="edit"], [data-testid="withdraw"], [data-testid="verify"]';

test('the codes of the tests are those of RFC 6238, appendix B', () => {
  const secret = 'GEZDGNBVGY3TQOJQGEZDGNBVGY3TQOJQ';
  assert.deepEqual([59, 1111111109, 20000000000].map((second) => oneTimeCode(secret, Math.floor(second / 30))), ['287082', '081804', '353130']);
});

test('without an account the page shows the public view and offers nothing that would be refused', async () => {
  const { page, complaints, close } = await newPage(browser, { hash: hashOf(publicHazard) });
  await painted(page);
  await page.waitForSelector('[data-testid="record"]');
  await picture(page, 'public');
  assert.ok(await page.isVisible('[data-testid="public-view"]'));
  assert.equal(await page.locator(`${WRITING}, [data-testid="history"], [data-testid="findings"], [data-testid="proposals"]`).count(), 0);
  assert.match(await page.textContent('[data-testid="sign-in-note"]'), /shown to partners/);
  assert.equal(await page.getByRole('button', { name: 'The map as known at an earlier time' }).count(), 0);
  assert.deepEqual(complaints, []);
  await close();
});

test('a hazard that everybody is shown as squares says so on its card and in the legend', async () => {
  const { page, close } = await newPage(browser, { hash: hashOf(publicHazard) });
  await page.waitForSelector('[data-testid="public-form"]');
  assert.match(await page.textContent('[data-testid="public-form"]'), /covering squares of 1 km/);
  assert.match(await page.textContent('[data-testid="public-form"]'), /somewhere within/);
  assert.match(await page.textContent('#rail'), /Square cells/);
  assert.ok(!(await page.textContent('[data-testid="record"]')).includes(hazard.properties.name));
  await close();
});

test('signing in shows the record as it is, and signing out leaves nothing of it', async () => {
  const { page, complaints, close } = await newPage(browser, { hash: `${hazard.hash}&lang=en` });
  await painted(page);
  await signInAt(page, 'olena', ACCOUNTS.olena.password);
  await page.waitForSelector('[data-testid="public-view"]', { state: 'detached' });
  await page.evaluate((hash) => (location.hash = hash), hashOf(hazard));
  await page.waitForSelector('[data-testid="edit"]');
  assert.equal(await page.locator('[data-testid="public-form"]').count(), 0);
  await page.click('[data-testid="account"]');
  await page.click('[data-testid="sign-out"]');
  await page.waitForSelector('[data-testid="public-view"]');
  await painted(page);
  assert.equal(await page.locator('[data-testid="record"]').count(), 0);
  assert.doesNotMatch(page.url(), /sel=/);
  assert.deepEqual(complaints, []);
  await close();
});

test('the keyboard alone signs in', async () => {
  const { page, close } = await newPage(browser, { hash: `${hazard.hash}&lang=en` });
  await painted(page);
  await page.focus('[data-testid="sign-in"]');
  await page.keyboard.press('Enter');
  await page.waitForSelector('[data-testid="sign-in-form"]');
  for (const text of ['marta', ACCOUNTS.marta.password]) {
    await tabTo(page, 'input:focus');
    await page.keyboard.type(text);
  }
  await page.keyboard.press('Enter');
  await page.waitForSelector('[data-testid="account"]');
  await close();
});

async function tabTo(page, selector) {
  for (let i = 0; i < 10; i++) {
    await page.keyboard.press('Tab');
    if (await page.evaluate((s) => document.activeElement?.matches(s) && document.activeElement.closest('.panel') !== null, selector)) return;
  }
  assert.fail(`no way to ${selector} by keyboard`);
}

test('an unknown account and a wrong password are told the same', async () => {
  const said = [];
  for (const account of ['nobody-of-that-name', 'olena']) {
    const { page, close } = await newPage(browser, { hash: `${hazard.hash}&lang=en` });
    await page.click('[data-testid="sign-in"]');
    await page.fill('[data-testid="sign-in-account"]', account);
    await page.fill('[data-testid="sign-in-password"]', 'not the password of anybody');
    await page.keyboard.press('Enter');
    await page.waitForSelector('.panel .problem');
    said.push(await page.textContent('.panel .problem'));
    await close();
  }
  assert.equal(said[0], said[1]);
});

test('too many tries are answered with how long to wait', async () => {
  const refusing = (page) => page.route('**/session', (route) => (route.request().method() === 'POST' ? route.fulfill({ status: 429, headers: { 'retry-after': '150' }, json: { type: 'urn:minemap:problem:too-many-tries' } }) : route.continue()));
  const { page, close } = await newPage(browser, { hash: `${hazard.hash}&lang=en`, before: refusing });
  await page.click('[data-testid="sign-in"]');
  await page.fill('[data-testid="sign-in-account"]', 'olena');
  await page.fill('[data-testid="sign-in-password"]', 'anything at all');
  await page.keyboard.press('Enter');
  await page.waitForSelector('.panel .problem');
  assert.match(await page.textContent('.panel .problem'), /Try again in 3 minutes/);
  await close();
});

test('an approver gives a code as well, and a wrong one is refused', async () => {
  await cookiesOf('ivan');
  const { page, close } = await newPage(browser, { hash: `${hazard.hash}&lang=en` });
  await signInAt(page, 'ivan', ACCOUNTS.ivan.password, { isCodeAsked: true });
  const code = await freshCode('ivan');
  await page.keyboard.type(code === '000000' ? '111111' : '000000');
  await page.keyboard.press('Enter');
  await page.waitForSelector('.panel .problem');
  assert.match(await page.textContent('.panel .problem'), /code is not right/);
  await page.fill('[data-testid="sign-in-code-field"]', code);
  await page.keyboard.press('Enter');
  await page.waitForSelector('[data-testid="account"]');
  await close();
});

test('a token of the first administrator does not stay in the address', async () => {
  const { page, close } = await newPage(browser, { hash: '#setup=not-the-token&lang=en' });
  await page.waitForSelector('[data-testid="setup-form"]');
  assert.doesNotMatch(page.url(), /setup|not-the-token/);
  const entries = await page.evaluate(() => performance.getEntriesByType('resource').map(({ name }) => name));
  assert.ok(entries.every((name) => !name.includes('not-the-token')));
  await close();
});

test('a partner reads more than everybody and is offered nothing to write', async () => {
  const { page, complaints, close } = await pageOf(browser, 'marta', { hash: `${hazard.hash}&lang=en` });
  await page.waitForSelector('[data-testid="findings"]');
  assert.equal(await page.locator(WRITING).count(), 0);
  await page.click('[data-testid="proposals"]');
  await page.waitForSelector('[data-panel="proposals"]');
  assert.equal(await page.getByRole('button', { name: 'Approve' }).count(), 0);
  assert.deepEqual(complaints, []);
  await close();
});

test('what somebody left unsaved is not shown to whoever comes after, and is there when they come back', async () => {
  const { page, close } = await pageOf(browser, 'olena', { hash: `${hazard.hash}&lang=en` });
  await openForm(page, 'hazard-reports');
  await page.fill('#input-name', 'Only for Olena');
  await page.context().clearCookies();
  await page.context().addCookies(await cookiesOf('ivan'));
  await page.reload();
  await page.waitForSelector('.banner.is-work');
  assert.doesNotMatch(await page.textContent('body'), /Only for Olena/);
  await page.context().clearCookies();
  await page.context().addCookies(await cookiesOf('olena'));
  await page.reload();
  await page.waitForSelector('[data-testid="unsaved"]');
  assert.match(await page.textContent('[data-testid="unsaved"]'), /Only for Olena/);
  await close();
});

test('a session that was ended from elsewhere is said, and the page goes back to the public view', async () => {
  const cookies = await signedIn('marta');
  const other = await newPage(browser, { hash: `${hazard.hash}&lang=en`, before: (page) => page.context().addCookies(cookies) });
  await other.page.waitForSelector('[data-testid="account"]');
  const { page, close } = await pageOf(browser, 'marta', { hash: `${hazard.hash}&lang=en` });
  await page.click('[data-testid="account"]');
  await page.waitForSelector('[data-testid="sessions"] button');
  while ((await page.locator('[data-testid="sessions"] button').count()) > 0) {
    const count = await page.locator('[data-testid="sessions"] li').count();
    await page.locator('[data-testid="sessions"] button').first().click();
    await page.waitForFunction((n) => document.querySelectorAll('[data-testid="sessions"] li').length < n, count);
  }
  await other.page.evaluate(() => window.dispatchEvent(new Event('online')));
  await other.page.waitForSelector('[data-testid="session-ended"]');
  await other.page.waitForSelector('[data-testid="public-view"]');
  await other.close();
  await close();
});

test('a token is shown once, does what was chosen, and is refused once it is ended', async () => {
  const { page, complaints, close } = await pageOf(browser, 'olena', { hash: `${hazard.hash}&lang=en` });
  await page.click('[data-testid="account"]');
  await page.click('[data-testid="make-token"]');
  await page.fill('[data-testid="token-name"]', 'Test of the page');
  await page.click('[data-testid="token-form"] button[type="submit"]');
  const token = await page.textContent('[data-testid="token"]');
  await picture(page, 'token');
  const item = `${ADDRESS}/ogc/collections/hazardous-areas/items/${hazard.id}`;
  const basic = `Basic ${Buffer.from(`anybody:${token}`).toString('base64')}`;
  for (const authorization of [`Bearer ${token}`, basic]) assert.equal((await fetch(item, { headers: { authorization } })).status, 200);
  const write = await fetch(`${ADDRESS}/records/surveys`, { method: 'POST', headers: { authorization: `Bearer ${token}`, 'content-type': 'application/json' }, body: '{}' });
  assert.ok([401, 403].includes(write.status), `a token that only reads wrote: ${write.status}`);
  await page.click('[data-testid="account"]');
  await page.reload();
  await page.click('[data-testid="account"]');
  const row = page.locator('[data-testid="tokens"] li', { hasText: 'Test of the page' });
  await row.waitFor();
  assert.ok(!(await page.content()).includes(token), 'the token is shown once only');
  await row.getByRole('button').click();
  await row.waitFor({ state: 'detached' });
  assert.equal((await fetch(item, { headers: { authorization: `Bearer ${token}` } })).status, 401);
  assert.deepEqual(complaints, []);
  await close();
});

test('the organisations of an account bound what it may choose in a form', async () => {
  const narrow = (page) =>
    page.route('**/session', async (route) => {
      const answer = await route.fetch();
      await route.fulfill({ response: answer, json: { ...(await answer.json()), organisations: ['ALPHA', 'BETA'] } });
    });
  const { page, close } = await pageOf(browser, 'olena', { hash: `${hazard.hash}&lang=en`, before: narrow });
  await openForm(page, 'hazard-reports');
  const offered = await page.$$eval('#input-organisation option', (options) => options.map(({ value }) => value));
  assert.deepEqual(offered, ['', 'ALPHA', 'BETA']);
  await close();
});

for (const language of ['en', 'uk']) {
  test(`signing in and one's own account have no barrier (${language})`, async () => {
    const { page, close } = await newPage(browser, { hash: hashOf(publicHazard, language) });
    await painted(page);
    await page.waitForSelector('[data-testid="record"]');
    assert.deepEqual(await barriers(page), []);
    await page.click('[data-testid="sign-in"]');
    await page.waitForSelector('[data-testid="sign-in-form"]');
    await picture(page, `sign-in-${language}`);
    assert.deepEqual(await barriers(page), []);
    await signInAt(page, 'olena', ACCOUNTS.olena.password);
    await page.click('[data-testid="account"]');
    await page.waitForSelector('[data-testid="sessions"] li');
    await page.click('[data-testid="make-token"]');
    await page.click('[data-testid="change-password"]');
    await picture(page, `own-account-${language}`);
    assert.deepEqual(await barriers(page), []);
    await close();
  });
}

test('a request without the mark of the page is refused although the cookie is right', async () => {
  const { status } = await requested('olena', '/account/tokens', { method: 'POST', body: {}, isOwnPage: false });
  assert.equal(status, 403);
});
