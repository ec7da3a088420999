// What the tests of writing share: who is at the page, and what they do over and over.
import { cookiesOf } from './accounts.mjs';
import { newPage, painted } from './browser.mjs';

/** A page at which somebody of `accounts.mjs` has signed in. */
export async function pageOf(browser, account, options = {}) {
  const cookies = await cookiesOf(account);
  const before = async (page) => {
    await page.context().addCookies(cookies);
    await options.before?.(page);
  };
  const opened = await newPage(browser, { ...options, before });
  opened.page.on('dialog', (dialog) => dialog.accept());
  await painted(opened.page);
  await opened.page.waitForSelector('[data-testid="account"]');
  return opened;
}

export async function openForm(page, collection) {
  await page.click('[data-testid="new-record"]');
  await page.click(`[data-collection="${collection}"]`);
  await page.waitForSelector('[data-testid="edit-form"]');
}

export async function openEdit(page) {
  await page.waitForSelector('[data-testid="record"]');
  await page.click('[data-testid="edit"]');
  await page.waitForSelector('[data-testid="edit-form"]');
}

/** Types coordinates, waits until the register has read them, uses them. */
export async function typePlace(page, lines) {
  await page.getByRole('button', { name: 'Coordinates', exact: true }).click();
  await page.fill('#typed-lines', lines.join('\n'));
  await page.locator('.typed').getByRole('button', { name: 'Read' }).click();
  await page.click('[data-testid="typed-use"]');
}

export function save(page) {
  return page.getByRole('button', { name: 'Save', exact: true }).click();
}

export async function outcome(page) {
  await page.waitForSelector('[data-testid="outcome"]');
  return page.getAttribute('[data-testid="outcome"]', 'data-outcome');
}

/** Signs in by the form of the page; answers at the code where one is asked. */
export async function signInAt(page, account, password, { isCodeAsked = false } = {}) {
  if (!(await page.isVisible('[data-testid="sign-in-form"]'))) await page.click('[data-testid="sign-in"]');
  await page.fill('[data-testid="sign-in-account"]', account);
  await page.fill('[data-testid="sign-in-password"]', password);
  await page.keyboard.press('Enter');
  await page.waitForSelector(isCodeAsked ? '[data-testid="sign-in-code-field"]' : '[data-testid="account"]');
}
