// A register without accounts, and its first administrator: a server of its own, as there is only one first time.
import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, test } from 'node:test';
import { barriers } from '../barriers.mjs';
import { newPage, painted, picture, startBrowser } from '../browser.mjs';
import { oneTimeCode, stepNow } from '../one-time-code.mjs';

const PROGRAM = process.env.MINEMAP_PROGRAM;
const PASSWORD = 'two storks on one chimney';
const skip = PROGRAM ? false : 'MINEMAP_PROGRAM names no program';

let browser;
let server;
before(async () => {
  if (skip) return;
  browser = await startBrowser();
  server = await startServer();
});
after(async () => {
  await browser?.close();
  server?.stop();
});

/** A new register, its address, and the link that the program prints for the first administrator. */
function startServer() {
  const folder = mkdtempSync(join(tmpdir(), 'minemap-'));
  const running = spawn(PROGRAM, ['serve', '--store', join(folder, 'register.gpkg'), '--demo', '--listen', '127.0.0.1:0']);
  const stop = () => (running.kill(), running.once('exit', () => rmSync(folder, { recursive: true, force: true })));
  let said = '';
  return new Promise((done, failed) => {
    const hear = (text) => {
      said += text;
      const link = /(http:\/\/[0-9.:]+)\/(#setup=\S+)/.exec(said);
      if (link && /listens on/.test(said)) done({ address: link[1], hash: link[2], stop });
    };
    running.stdout.on('data', hear);
    running.stderr.on('data', hear);
    running.once('exit', (code) => failed(new Error(`the server ended with ${code}: ${said}`)));
  });
}

const opened = (hash) => newPage(browser, { hash, address: server.address });

test('a register without accounts says who reads it, and offers no way to write', { skip }, async () => {
  const { page, complaints, close } = await opened('#8/48.5/35&lang=en');
  await painted(page);
  await page.waitForSelector('[data-testid="workstation"]');
  await picture(page, 'workstation');
  assert.match(await page.textContent('[data-testid="workstation"]'), /no accounts yet/);
  assert.equal(await page.locator('[data-testid="new-record"], [data-testid="public-view"], [data-testid="sign-in"]').count(), 0);
  assert.ok(await page.isVisible('[data-testid="findings"]'), 'everything is read');
  assert.deepEqual(await barriers(page), []);
  assert.deepEqual(complaints, []);
  await close();
});

test('a wrong set-up code makes nobody an administrator', { skip }, async () => {
  const { page, close } = await opened('#8/48.5/35&lang=en');
  await page.click('[data-testid="workstation"] button');
  await page.fill('[data-testid="setup-token"]', 'not-the-code');
  await fill(page);
  await page.waitForSelector('.panel .problem');
  assert.match(await page.textContent('.panel .problem'), /set-up code is not right/);
  await close();
});

test('the link of the program makes the first administrator, who sets up a second factor', { skip }, async () => {
  const { page, complaints, close } = await opened(`${server.hash}&lang=en`);
  await page.waitForSelector('[data-testid="setup-form"]');
  assert.doesNotMatch(page.url(), /setup=/);
  await picture(page, 'setup');
  assert.deepEqual(await barriers(page), []);
  await fill(page);
  await page.locator('[data-testid="factor-begin"] button[type="submit"]').click();
  const secret = await page.textContent('[data-testid="factor-secret"]');
  await page.fill('[data-testid="factor-code"]', oneTimeCode(secret, stepNow()));
  await page.keyboard.press('Enter');
  await page.getByLabel('I have kept them').check();
  await page.locator('[data-testid="recovery-codes"] .is-main').click();
  await page.click('[data-testid="account"]');
  await page.click('[data-testid="accounts"]');
  await page.waitForSelector('[data-account="first"]');
  assert.deepEqual(complaints, []);
  await close();
});

test('from then on whoever has not signed in is shown the public view', { skip }, async () => {
  const { page, close } = await opened('#8/48.5/35&lang=en');
  await page.waitForSelector('[data-testid="public-view"]');
  assert.equal(await page.locator('[data-testid="workstation"], [data-testid="findings"]').count(), 0);
  await close();
});

async function fill(page) {
  await page.fill('[data-testid="setup-account"]', 'first');
  await page.fill('[data-testid="setup-name"]', 'The First');
  await page.fill('[data-testid="password-new"]', PASSWORD);
  await page.fill('[data-testid="password-again"]', PASSWORD);
  await page.keyboard.press('Enter');
}
