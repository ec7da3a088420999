// Text that is really code, in every field that takes text: nothing of it may ever run, wherever it is shown. And
// another site that a reader has open must not be able to change anything in their name.
import assert from 'node:assert/strict';
import { createServer } from 'node:http';
import { after, before, test } from 'node:test';
import { askedBy, cookiesOf, requested } from '../accounts.mjs';
import { ADDRESS, newPage, painted, startBrowser } from '../browser.mjs';
import { pageOf } from '../work.mjs';

// Each calls `canary()` in another way when it is taken for more than text.
const CANARIES = [
  '<img src=x onerror="canary(1)">',
  '"><script>canary(2)</script>',
  `'"--></style></title></textarea><svg onload=canary(3)>`,
  'javascript:canary(4)//',
  '</p><iframe srcdoc="<script>parent.canary(5)</script>"></iframe>',
  '{{constructor.constructor("canary(6)")()}}${canary(7)}',
  '<a href="javascript:canary(8)" autofocus onfocus=canary(9)>x</a>',
  '=HYPERLINK("javascript:canary(10)","x")',
];
const ALL = CANARIES.join(' ');
const LON = 26.4;
const LAT = 50.9;
const SQUARE = { type: 'Polygon', coordinates: [[[LON, LAT], [LON + 0.01, LAT], [LON + 0.01, LAT + 0.006], [LON, LAT + 0.006], [LON, LAT]]] };
const HASH = `#14/${LAT + 0.003}/${LON + 0.005}&lang=en`;

let browser;
let area;
before(async () => {
  browser = await startBrowser();
  area = await poisonedArea();
});
after(() => browser.close());

/** A hazardous area with canaries in every field that takes text, and a proposal that carries more of them. */
async function poisonedArea() {
  const { collections } = await askedBy(null, '/vocabulary.json');
  const { fields } = collections['hazardous-areas'];
  const texts = fields.filter(({ kind, computed, name }) => kind === 'text' && !computed && name !== 'organisation');
  const poisoned = Object.fromEntries(texts.map(({ name }, i) => [name, `${CANARIES[i % CANARIES.length]} ${name}`]));
  // Some texts must say something in particular; what the register refuses is left out, the rest stays poisoned.
  const must = { name: ALL, description: ALL, classification: 'suspected', status: 'open', contamination: ['unknown'], reported_on: '2026-01-10', evidence: [{ kind: 'indirect', type: 'unused_land', note: ALL }] };
  const id = await enteredTolerantly({ ...poisoned, ...must });
  const revision = (await askedBy('olena', `/ogc/collections/hazardous-areas/items/${id}`)).properties.revision;
  const closing = { type: 'Feature', properties: { status: 'closed', name: `${CANARIES[0]} closed` }, reason: ALL };
  const answer = await requested('olena', `/records/hazardous-areas/${id}`, { method: 'PATCH', body: closing, headers: { 'if-match': `"${revision}"` } });
  assert.ok([200, 202].includes(answer.status), await answer.text());
  return id;
}

async function enteredTolerantly(properties) {
  for (let left = { ...properties }; ; ) {
    const answer = await requested('olena', '/records/hazardous-areas', { method: 'POST', body: { type: 'Feature', geometry: SQUARE, properties: left, reason: ALL } });
    const { id, findings = [] } = await answer.json();
    if (answer.status === 201) return id;
    const refused = findings.map(({ field }) => field?.split(/[.[/]/)[0]).filter((field) => field in left && !['classification', 'status'].includes(field));
    assert.ok(refused.length > 0, `status ${answer.status}: ${JSON.stringify(findings)}`);
    left = Object.fromEntries(Object.entries(left).filter(([name]) => !refused.includes(name)));
  }
}

/** Counts what ran, and what the security policy had to hold back. */
async function watch(page) {
  await page.addInitScript(() => {
    window.ran = [];
    window.canary = (which) => window.ran.push(which);
    document.addEventListener('securitypolicyviolation', ({ violatedDirective, sample }) => window.ran.push(`${violatedDirective} ${sample}`));
  });
}

async function nothingRan(page, where) {
  await page.waitForTimeout(150);
  assert.deepEqual(await page.evaluate(() => window.ran), [], where);
}

const poisonedPage = (who, hash = `${HASH}&sel=hazardous-areas/${area}`) => pageOf(browser, who, { hash, before: watch });

test('on the card, in its history and in its proposals they are text', async () => {
  const { page, complaints, close } = await poisonedPage('olena');
  await page.waitForSelector('[data-testid="record"]');
  assert.ok((await page.textContent('.record-title')).includes(CANARIES[0]), 'the card shows the text as it was entered');
  await nothingRan(page, 'card');
  for (const summary of await page.locator('[data-testid="record"] summary').all()) await summary.click();
  await page.waitForSelector('.timeline li');
  assert.ok((await page.textContent('.timeline')).includes(CANARIES[1]));
  await page.waitForSelector('[data-testid="proposal"]');
  await nothingRan(page, 'history, proposals');
  assert.deepEqual(complaints, []);
  await close();
});

test('in the form, its findings and the list of unsaved work they are text', async () => {
  const { page, close } = await poisonedPage('olena');
  await page.click('[data-testid="edit"]');
  await page.waitForSelector('[data-testid="edit-form"]');
  assert.ok((await page.inputValue('#input-name')).includes(CANARIES[0]));
  await page.fill('#input-name', `${ALL} again`);
  await page.getByRole('button', { name: 'Check', exact: true }).click();
  await page.waitForSelector('.edit-summary > *');
  await nothingRan(page, 'form');
  await page.reload();
  await page.waitForSelector('[data-testid="unsaved"]');
  assert.ok((await page.textContent('[data-testid="unsaved"]')).includes(CANARIES[1]));
  await nothingRan(page, 'unsaved work');
  await close();
});

test('in every list, on the map and for a second person they are text', async () => {
  const { page, complaints, close } = await poisonedPage('ivan', HASH);
  await page.getByRole('button', { name: 'List what is recorded in view' }).click();
  await page.waitForSelector('[data-panel="in-view"] .record-row');
  await nothingRan(page, 'list of what is in view');
  await page.click('[data-testid="proposals"]');
  await page.waitForSelector('[data-panel="proposals"] section');
  await nothingRan(page, 'proposals');
  await page.click('[data-testid="findings"]');
  await page.waitForSelector('.finding-counts button, [data-panel="findings"] [role="status"]');
  await nothingRan(page, 'findings');
  await page.keyboard.press('Escape');
  const map = await page.locator('#map').boundingBox();
  await page.mouse.click(map.x + map.width / 2, map.y + map.height / 2);
  await page.waitForSelector('.panel');
  await nothingRan(page, 'a click on the map');
  assert.deepEqual(complaints, []);
  await close();
});

test('searched for, in the address and in the public view they are text', async () => {
  const { page, close } = await newPage(browser, { hash: `${HASH}&sel=hazardous-areas/${encodeURIComponent(CANARIES[0])}&at=${encodeURIComponent(CANARIES[1])}`, before: watch });
  await painted(page);
  for (const canary of CANARIES) {
    await page.fill('input[type="search"]', canary);
    await page.keyboard.press('Enter');
    await page.waitForTimeout(100);
  }
  await nothingRan(page, 'search');
  const { features } = await askedBy(null, `/ogc/collections/hazardous-areas/items?bbox=${LON},${LAT},${LON + 0.01},${LAT + 0.006}`);
  for (const { id } of features) {
    await page.evaluate((hash) => (location.hash = hash), `${HASH}&sel=hazardous-areas/${id}`);
    await page.waitForSelector('[data-testid="record"]');
  }
  await nothingRan(page, 'public view');
  await close();
});

test('in names of accounts and in the audit trail they are text', async () => {
  const made = await requested('iryna', '/accounts', { method: 'POST', body: { id: `canary.${Date.now()}`, name: CANARIES[2].slice(0, 100), grants: [{ role: 'partner', organisation: CANARIES[0], area: null }] } });
  assert.ok([201, 400, 422].includes(made.status), String(made.status));
  await requested(null, '/session', { method: 'POST', body: { account: CANARIES[0], password: ALL } });
  const { page, complaints, close } = await poisonedPage('iryna', HASH);
  await page.click('[data-testid="account"]');
  await page.click('[data-testid="accounts"]');
  await page.waitForSelector('.account-card');
  await nothingRan(page, 'accounts');
  await page.click('[data-testid="account"]');
  await page.click('[data-testid="audit"]');
  await page.waitForSelector('.audit-table');
  await nothingRan(page, 'audit trail');
  assert.deepEqual(complaints, []);
  await close();
});

test('a name of a file or of a refusal that comes from the register is text as well', async () => {
  const refusing = async (page) => {
    await watch(page);
    await page.route('**/records/**', (route) => route.fulfill({ status: 422, json: { type: 'x', detail: ALL, findings: [{ rule: ALL, severity: 'high', field: 'name', message: ALL, refuses: true, remedy: { en: ALL } }] } }));
  };
  const { page, close } = await pageOf(browser, 'olena', { hash: `${HASH}&sel=hazardous-areas/${area}`, before: refusing });
  await page.click('[data-testid="edit"]');
  await page.fill('#input-reason', 'x');
  await page.fill('#input-name', 'x');
  await page.getByRole('button', { name: 'Save', exact: true }).click();
  await page.waitForSelector('.edit-summary [role="alert"]');
  await nothingRan(page, 'refusal');
  await close();
});

/** A page of another origin that does what a hostile one would: sends forms and requests to the register. */
function hostileSite() {
  const target = JSON.stringify(ADDRESS);
  const page = `<!doctype html><title>other</title><form id="f" method="post" enctype="text/plain" action="${ADDRESS}/records/surveys" target="sink"><input name='{"type":"Feature","geometry":null,"properties":{"name":"forged' value='"}}'></form><iframe name="sink"></iframe>
<script>
  const tried = (path, options) => fetch(${target} + path, { credentials: 'include', ...options }).then((answer) => answer.status, () => 'unreachable');
  const json = { 'content-type': 'application/json' };
  window.attack = async () => {
    document.getElementById('f').submit();
    const body = '{"type":"Feature","geometry":null,"properties":{"name":"forged","reported_on":"2026-01-01"}}';
    const account = '{"id":"forged","name":"forged","grants":[{"role":"administrator","organisation":null,"area":null}]}';
    return Promise.all([
      tried('/records/surveys', { method: 'POST', mode: 'no-cors', body }),
      tried('/records/surveys', { method: 'POST', headers: json, body }),
      tried('/records/surveys', { method: 'POST', headers: { ...json, 'minemap-request': '1' }, body }),
      tried('/session', { method: 'DELETE' }),
      tried('/session', { method: 'DELETE', headers: { 'minemap-request': '1' } }),
      tried('/accounts', { method: 'POST', mode: 'no-cors', body: account }),
      tried('/accounts', { method: 'POST', headers: { ...json, 'minemap-request': '1' }, body: account }),
    ]);
  };
</script>`;
  const server = createServer((_, answer) => answer.setHeader('content-type', 'text/html').end(page));
  return new Promise((done) => server.listen(0, () => done({ port: server.address().port, close: () => server.close() })));
}

// A port of the same machine is the same site, where SameSite lets the cookie through; another name of it is not.
for (const host of ['127.0.0.1', 'localhost']) {
  test(`a page at another port of ${host} changes nothing in the name of who is signed in`, async () => {
    const site = await hostileSite();
    const counted = async () => (await askedBy('iryna', '/query/summary')).revision;
    const accounts = async () => (await askedBy('iryna', '/accounts')).accounts.length;
    const [revision, known] = [await counted(), await accounts()];
    for (const who of ['olena', 'iryna']) {
      const { page, close } = await newPage(browser, { before: async (p) => p.context().addCookies(await cookiesOf(who)) });
      await page.goto(`http://${host}:${site.port}/`);
      await page.evaluate(() => window.attack());
      await page.waitForTimeout(500);
      await page.goto(ADDRESS);
      await page.waitForSelector('[data-testid="account"]', {}, `${who} is still signed in`);
      await close();
    }
    assert.equal(await counted(), revision, 'no record was written');
    assert.equal(await accounts(), known, 'no account was made');
    site.close();
  });
}

test('the page cannot be put into a frame of another site', async () => {
  const answer = await requested(null, '/');
  assert.match(answer.headers.get('content-security-policy') ?? '', /frame-ancestors 'none'/);
  assert.doesNotMatch(answer.headers.get('content-security-policy') ?? '', /unsafe-inline|unsafe-eval/);
});
