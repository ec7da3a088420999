// Those who manage accounts: make, change, disable, reset; a new colleague's first day; the audit trail.
import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { askedBy, requested } from '../accounts.mjs';
import { barriers } from '../barriers.mjs';
import { newPage, picture, startBrowser } from '../browser.mjs';
import { oneTimeCode, stepNow } from '../one-time-code.mjs';
import { pageOf, signInAt } from '../work.mjs';

let browser;
before(async () => {
  browser = await startBrowser();
});
after(() => browser.close());

const MAP = '#9/48.50000/35.00000&lang=en';
// A name that no earlier run against the same register has taken.
const NEW = `petro.${Date.now()}`;
const OWN_PASSWORD = 'eleven swans cross the ford';

async function openAccounts(page) {
  await page.click('[data-testid="account"]');
  await page.click('[data-testid="accounts"]');
  await page.waitForSelector('.account-card');
}

const cardOf = (page, id) => page.locator(`[data-account="${id}"]`);

/** The first password that the page shows, once. */
async function firstPassword(page) {
  const password = await page.textContent('[data-testid="first-password-text"]');
  await page.locator('[data-testid="first-password"]').getByRole('button', { name: 'Done' }).click();
  await page.waitForSelector('[data-testid="first-password"]', { state: 'detached' });
  return password;
}

const left = {};

test('an account is made with several roles, and its first password is shown once', async () => {
  const { page, complaints, close } = await pageOf(browser, 'iryna', { hash: MAP });
  await openAccounts(page);
  await page.click('[data-testid="add-account"]');
  await page.fill('[data-testid="account-id"]', NEW);
  await page.fill('[data-testid="account-name"]', 'Petro the New');
  for (const role of ['data_entry', 'approver']) {
    await page.click('[data-testid="add-grant"]');
    await page.locator('[data-testid="grant-role"]').last().selectOption(role);
  }
  await page.locator('[data-testid="account-form"] button[type="submit"]').click();
  await page.waitForSelector('[data-testid="account-form"] .problem');
  assert.match(await page.textContent('[data-testid="account-form"] .problem'), /which organisation, or for all/, 'nothing is granted for all by a field left empty');
  await page.locator('[data-testid="grant-organisation"]').first().fill('DEMO');
  await page.locator('[data-testid="grant"]').last().getByLabel('for all organisations').check();
  await page.locator('[data-testid="account-form"] button[type="submit"]').click();
  left.password = await firstPassword(page);
  assert.ok(!(await page.content()).includes(left.password));
  assert.match(await cardOf(page, NEW).textContent(), /Data entry: DEMO.*Approver: all organisations/);
  assert.deepEqual(complaints, []);
  await close();
});

test('a new colleague chooses a password and sets up a second factor before anything else', async () => {
  const { page, complaints, close } = await newPage(browser, { hash: MAP });
  await signInAt(page, NEW, left.password);
  await page.waitForSelector('[data-testid="password-form"]');
  assert.equal(await page.locator('[data-testid="new-record"]').count(), 0);
  await page.fill('[data-testid="password-new"]', OWN_PASSWORD);
  await page.fill('[data-testid="password-again"]', OWN_PASSWORD);
  await page.keyboard.press('Enter');
  await page.locator('[data-testid="factor-begin"] button[type="submit"]').click();
  await page.waitForSelector('.qr-code path');
  await picture(page, 'second-factor');
  assert.deepEqual(await barriers(page), []);
  left.secret = await page.textContent('[data-testid="factor-secret"]');
  left.step = stepNow();
  await page.fill('[data-testid="factor-code"]', oneTimeCode(left.secret, left.step));
  await page.keyboard.press('Enter');
  await page.waitForSelector('[data-testid="recovery-codes"]');
  left.recovery = await page.locator('.recovery-codes code').allTextContents();
  assert.equal(new Set(left.recovery).size, 10);
  assert.ok(await page.locator('[data-testid="recovery-codes"] .is-main').isDisabled(), 'the codes must be kept first');
  await page.getByLabel('I have kept them').check();
  await page.locator('[data-testid="recovery-codes"] .is-main').click();
  await page.waitForSelector('[data-testid="new-record"]');
  assert.deepEqual(complaints, []);
  await close();
});

test('a recovery code stands in for the authenticator, once', async () => {
  const [code] = left.recovery;
  const { page, close } = await newPage(browser, { hash: MAP });
  await signInAt(page, NEW, OWN_PASSWORD, { isCodeAsked: true });
  await page.keyboard.type(code);
  await page.keyboard.press('Enter');
  await page.waitForSelector('[data-testid="account"]');
  await close();
  const again = await newPage(browser, { hash: MAP });
  await signInAt(again.page, NEW, OWN_PASSWORD, { isCodeAsked: true });
  await again.page.keyboard.type(code);
  await again.page.keyboard.press('Enter');
  await again.page.waitForSelector('.panel .problem');
  await again.close();
});

test('roles are changed, limited to what the map shows', async () => {
  const { page, close } = await pageOf(browser, 'iryna', { hash: MAP });
  await openAccounts(page);
  await cardOf(page, NEW).getByRole('button', { name: 'Change name and roles' }).click();
  const grant = cardOf(page, NEW).locator('[data-testid="grant"]').first();
  await grant.locator('[data-testid="grant-role"]').selectOption('verifier');
  await grant.getByLabel('only in an area').check();
  await grant.getByRole('button', { name: 'Take what the map shows' }).click();
  await cardOf(page, NEW).getByRole('button', { name: 'Save' }).click();
  await cardOf(page, NEW).locator('[data-testid="account-form"]').waitFor({ state: 'detached' });
  const { accounts } = await askedBy('iryna', '/accounts');
  const { grants } = accounts.find(({ id }) => id === NEW);
  const [west, south, east, north] = grants.find(({ role }) => role === 'verifier').area;
  assert.ok(west < 35 && 35 < east && south < 48.5 && 48.5 < north);
  await close();
});

test('a second factor and a password are reset, and a disabled account is let in no more', async () => {
  const { page, close } = await pageOf(browser, 'iryna', { hash: MAP });
  await openAccounts(page);
  const card = cardOf(page, NEW);
  await card.getByRole('button', { name: 'Remove second factor' }).click();
  await card.getByText('no second factor').waitFor();
  await card.getByRole('button', { name: 'New first password' }).click();
  const password = await firstPassword(page);
  const signIn = () => requested(null, '/session', { method: 'POST', body: { account: NEW, password } });
  assert.equal((await (await signIn()).json()).account.password_change_needed, true);
  await card.getByRole('button', { name: 'Disable' }).click();
  await card.getByText('disabled', { exact: true }).waitFor();
  assert.equal((await signIn()).status, 401);
  await close();
});

test('the last administrator cannot be disabled', async () => {
  const { page, close } = await pageOf(browser, 'iryna', { hash: MAP });
  await openAccounts(page);
  await cardOf(page, 'iryna').getByRole('button', { name: 'Disable' }).click();
  await cardOf(page, 'iryna').locator('.problem').waitFor();
  assert.match(await cardOf(page, 'iryna').locator('.problem').textContent(), /without an administrator/);
  await close();
});

test('the audit trail tells what was done, by account and by action, and as a file', async () => {
  const { page, complaints, close } = await pageOf(browser, 'iryna', { hash: MAP });
  await page.click('[data-testid="account"]');
  await page.click('[data-testid="audit"]');
  await page.waitForSelector('.audit-table');
  await page.selectOption('[data-testid="audit-action"]', 'account_disabled');
  await page.locator('.audit-table tbody tr', { hasText: NEW }).first().waitFor();
  await picture(page, 'audit');
  assert.match(await page.textContent('.audit-table'), /account disabled/);
  const file = await page.locator('a[download]', { hasText: 'CSV' }).getAttribute('href');
  const answer = await requested('iryna', file);
  assert.equal(answer.status, 200);
  assert.ok((await answer.text()).includes(NEW));
  assert.deepEqual(complaints, []);
  await close();
});

test('who does not manage accounts sees no way to them, and is refused', async () => {
  const { page, close } = await pageOf(browser, 'olena', { hash: MAP });
  await page.click('[data-testid="account"]');
  await page.waitForSelector('[data-testid="own-account"]');
  assert.equal(await page.locator('[data-testid="accounts"], [data-testid="audit"]').count(), 0);
  for (const path of ['/accounts', '/audit']) {
    assert.equal((await requested('olena', path)).status, 403);
    assert.equal((await requested(null, path)).status, 401);
  }
  await close();
});

for (const language of ['en', 'uk']) {
  test(`administration has no barrier (${language})`, async () => {
    const { page, close } = await pageOf(browser, 'iryna', { hash: `#9/48.50000/35.00000&lang=${language}` });
    await openAccounts(page);
    await page.click('[data-testid="add-account"]');
    await page.click('[data-testid="add-grant"]');
    await picture(page, `accounts-${language}`);
    assert.deepEqual(await barriers(page), []);
    await page.click('[data-testid="account"]');
    await page.click('[data-testid="audit"]');
    await page.waitForSelector('.audit-table');
    assert.deepEqual(await barriers(page), []);
    await close();
  });
}
