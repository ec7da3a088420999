// The accounts of the browser tests, and what the tests ask the register in their names. `run` makes them before the
// server starts; each signs in once, and all test files share the session.
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { ADDRESS } from './browser.mjs';
import { oneTimeCode, stepNow } from './one-time-code.mjs';

export const ACCOUNTS = {
  iryna: { name: 'Iryna Administrator', role: 'administrator', password: 'seven grey herons at dusk' },
  olena: { name: 'Olena Shevchenko', role: 'data_entry', password: 'a kettle on the north wall' },
  ivan: { name: 'Ivan Koval', role: 'approver', password: 'nobody counts the oak twice' },
  marta: { name: 'Marta Partner', role: 'partner', password: 'four lanterns under a bridge' },
};

const NEEDS_CODE = ['administrator', 'approver'];
const FILE = new URL('./out/sessions.json', import.meta.url);
// Another site cannot send this with a cookie; the page and the tests do.
const OWN_PAGE = { 'minemap-request': '1' };

/** Asks in somebody's name; `null` is whoever has not signed in. `isOwnPage` false leaves out what the page marks its
 *  requests with. */
export async function requested(id, path, { method = 'GET', body, headers = {}, isOwnPage = true } = {}) {
  const cookie = id === null ? {} : { cookie: cookieHeader(await cookiesOf(id)) };
  const type = method === 'PATCH' ? 'application/merge-patch+json' : 'application/json';
  const sent = body === undefined ? {} : { 'content-type': type };
  return fetch(ADDRESS + path, { method, headers: { ...(isOwnPage ? OWN_PAGE : {}), ...cookie, ...sent, ...headers }, body: body === undefined ? undefined : JSON.stringify(body) });
}

/** The answer to a question that must be answered. */
export async function askedBy(id, path) {
  const response = await requested(id, path);
  if (!response.ok) throw new Error(`${path}: status ${response.status}`);
  return response.json();
}

/** A record entered by somebody; answers its identifier. */
export async function enteredBy(id, collection, geometry, properties) {
  const response = await requested(id, `/records/${collection}`, { method: 'POST', body: { type: 'Feature', geometry, properties } });
  const answer = await response.json();
  if (response.status !== 201) throw new Error(JSON.stringify(answer));
  return answer.id;
}

/** The cookies of somebody's session, as the browser takes them. */
export async function cookiesOf(id) {
  const kept = remembered()[id];
  if (kept?.cookies && (await isGood(id, kept.cookies))) return kept.cookies;
  const cookies = await signedIn(id);
  remember(id, { cookies });
  return cookies;
}

/** Signs somebody in anew, with a second factor where the role asks for one. */
export async function signedIn(id) {
  const secret = remembered()[id]?.secret;
  if (!secret && NEEDS_CODE.includes(ACCOUNTS[id].role)) return withSecondFactor(id);
  return startSession(id, secret ? { code: await freshCode(id) } : {});
}

/** A code of somebody's second factor that has not been used yet: each is taken once. */
export async function freshCode(id) {
  const { secret, step = 0 } = remembered()[id];
  while (stepNow() <= step) await new Promise((done) => setTimeout(done, 500));
  remember(id, { step: stepNow() });
  return oneTimeCode(secret, stepNow());
}

/** Keeps the secret of a second factor that a test has set up by itself. */
export function rememberSecret(id, secret, step) {
  remember(id, { secret, step });
}

async function withSecondFactor(id) {
  const cookies = await startSession(id, {});
  const as = (method, body) => ({ method, headers: { ...OWN_PAGE, cookie: cookieHeader(cookies), 'content-type': 'application/json' }, body: JSON.stringify(body) });
  const begun = await fetch(`${ADDRESS}/account/second-factor`, as('POST', { password: ACCOUNTS[id].password }));
  if (!begun.ok) throw new Error(`second factor of ${id}: ${await begun.text()}`);
  const { secret } = await begun.json();
  const step = stepNow();
  const confirmed = await fetch(`${ADDRESS}/account/second-factor`, as('PUT', { code: oneTimeCode(secret, step) }));
  if (!confirmed.ok) throw new Error(`second factor of ${id}: ${await confirmed.text()}`);
  remember(id, { secret, step });
  return cookies;
}

async function startSession(id, more) {
  const body = JSON.stringify({ account: id, password: ACCOUNTS[id].password, ...more });
  const response = await fetch(`${ADDRESS}/session`, { method: 'POST', headers: { ...OWN_PAGE, 'content-type': 'application/json' }, body });
  if (!response.ok) throw new Error(`${id} could not sign in: ${await response.text()}`);
  return response.headers.getSetCookie().map(readCookie);
}

async function isGood(id, cookies) {
  const response = await fetch(`${ADDRESS}/session`, { headers: { cookie: cookieHeader(cookies) } });
  return response.ok && (await response.json()).account?.id === id;
}

function readCookie(header) {
  const [pair, ...attributes] = header.split(';').map((part) => part.trim());
  const at = pair.indexOf('=');
  const has = (name) => attributes.some((attribute) => attribute.toLowerCase() === name);
  const place = { domain: new URL(ADDRESS).hostname, path: '/' };
  return { name: pair.slice(0, at), value: pair.slice(at + 1), ...place, httpOnly: has('httponly'), secure: has('secure'), sameSite: 'Strict' };
}

function cookieHeader(cookies) {
  return cookies.map(({ name, value }) => `${name}=${value}`).join('; ');
}

function remembered() {
  try {
    return JSON.parse(readFileSync(FILE, 'utf8'))[ADDRESS] ?? {};
  } catch {
    return {};
  }
}

// Of one register only: each run has a port of its own.
function remember(id, part) {
  const all = remembered();
  mkdirSync(new URL('.', FILE), { recursive: true });
  writeFileSync(FILE, JSON.stringify({ [ADDRESS]: { ...all, [id]: { ...all[id], ...part } } }));
}
