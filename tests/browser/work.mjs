// What the tests of writing share: who is at the page, and what they do over and over.
import { newPage, painted } from './browser.mjs';

/** A page at which somebody of `persons.toml` works. */
export async function pageOf(browser, person, options = {}) {
  const before = async (page) => {
    await page.addInitScript((id) => localStorage.getItem('minemap.person') ?? localStorage.setItem('minemap.person', id), person);
    await options.before?.(page);
  };
  const opened = await newPage(browser, { ...options, before });
  opened.page.on('dialog', (dialog) => dialog.accept());
  await painted(opened.page);
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
