// Accounts without a browser: what is asked and refused, who may what, and what forms make of what is typed.
import { afterEach, expect, test, vi } from 'vitest';
import { Refusal, read, send, signInAsked } from '../src/api/ask';
import type { Grant, OwnAccount, Session } from '../src/api/types';
import { duration } from '../src/i18n/quantity';
import { language } from '../src/i18n/text';
import { beginNew, discardDraft, isOwnWork } from '../src/state/draft';
import { idleLimitMs } from '../src/state/idle';
import { parsePermalink, readEntry } from '../src/state/permalink';
import { hasEnded, isPublicView, isWorkstation, may, mayChange, mayVerifyRecord, mayWrite, me, nextStep, session, takeSession, viewer } from '../src/state/session';
import { isAccountId } from '../src/ui/account/account-id';
import { draftOf, EMPTY_GRANT, grantProblem, grantsOf } from '../src/ui/account/grant-draft';
import { grantText } from '../src/ui/account/grant-text';
import { passwordProblem } from '../src/ui/account/password-fields';
import { problemText } from '../src/ui/account/problem-text';
import { dayAfter, isTokenDay } from '../src/ui/account/token-days';
import { examplesFor } from '../src/ui/account/token-examples';
import { refusalText } from '../src/ui/refusal-text';

const OLENA: OwnAccount = { id: 'olena', name: 'Olena', grants: [], second_factor: false, second_factor_needed: false, password_change_needed: false };
const NOBODY: Session = { mode: 'accounts', account: null, rights: [], organisations: [], second_factor_of_session: false, issuers: [] };
const signedIn = (part: Partial<Session> = {}): Session => ({ ...NOBODY, account: OLENA, ...part });

afterEach(() => {
  session.value = null;
  hasEnded.value = false;
  language.value = 'en';
  discardDraft();
  vi.unstubAllGlobals();
});

function answering(status: number, body: unknown, headers: Record<string, string> = {}) {
  const asked: RequestInit[] = [];
  vi.stubGlobal('fetch', async (_address: string, options: RequestInit) => {
    asked.push(options);
    return new Response(body === null ? null : JSON.stringify(body), { status, headers });
  });
  return asked;
}

test.each(['POST', 'PUT', 'PATCH', 'DELETE'] as const)('%s says that it comes from the page, which another site cannot', async (method) => {
  const asked = answering(200, {});
  await send('/records/surveys', { method, body: {} });
  expect(asked[0]?.headers).toMatchObject({ 'minemap-request': '1' });
  expect(asked[0]?.headers).not.toHaveProperty('minemap-person');
});

test('an answer without contents is no failure', async () => {
  answering(204, null);
  await expect(send('/session', { method: 'DELETE' })).resolves.toBeUndefined();
});

test.each([
  ['150', 150],
  ['0', 1],
  ['nonsense', null],
])('Retry-After %s is read as %s seconds', async (header, seconds) => {
  answering(429, { type: 'urn:minemap:problem:too-many-tries' }, { 'retry-after': header });
  await expect(read('/x')).rejects.toMatchObject({ status: 429, kind: 'too-many-tries', retryAfterS: seconds });
});

test('Retry-After may be a date', async () => {
  answering(429, {}, { 'retry-after': new Date(Date.now() + 60_000).toUTCString() });
  const refusal = await read('/x').catch((problem: unknown) => problem as Refusal);
  expect((refusal as Refusal).retryAfterS).toBeGreaterThan(55);
  expect((refusal as Refusal).retryAfterS).toBeLessThanOrEqual(61);
});

test('how long to wait is said, and never too short', () => {
  expect(refusalText(new Refusal(429, {}, '/session', 150))).toBe('Too many tries. Try again in 3 minutes.');
  expect(duration(45)).toBe('45 seconds');
  language.value = 'uk';
  expect([duration(45), duration(121), duration(1_200)]).toEqual(['45 секунд', '3 хвилини', '20 хвилин']);
});

test('a refusal for want of a right says what the register says', () => {
  const refusal = new Refusal(403, { type: 'urn:x:not-allowed', detail: 'It needs the right approve, which an approver has.' }, '/x');
  expect(refusalText(refusal)).toContain('which an approver has');
});

test('that somebody must sign in is noticed', async () => {
  const before = signInAsked.value;
  answering(401, { type: 'urn:minemap:problem:sign-in-needed' });
  await read('/x').catch(() => null);
  expect(signInAsked.value).toBe(before + 1);
});

test('a wrong account, a wrong password and a disabled account sound the same', () => {
  const texts = ['unknown account', 'wrong password', 'disabled'].map((detail) => problemText(new Refusal(401, { type: 'urn:x:sign-in-failed', detail }, '/session')));
  expect(new Set(texts).size).toBe(1);
});

test('nobody may do anything until the register has said so', () => {
  expect([may('write'), mayWrite.value, isPublicView.value, isWorkstation.value, viewer.value]).toEqual([false, false, false, false, null]);
});

test('whoever sits at a register without accounts reads and does not write', () => {
  takeSession({ ...NOBODY, mode: 'workstation', rights: ['read_history', 'write'] });
  expect([may('read_history'), mayWrite.value, isPublicView.value]).toEqual([true, false, false]);
});

test('without an account the public view is shown', () => {
  takeSession(NOBODY);
  expect([isPublicView.value, viewer.value, mayWrite.value]).toEqual([true, '', false]);
});

test('only records of the own organisations are offered to be changed', () => {
  takeSession(signedIn({ rights: ['write'], organisations: ['DEMO'] }));
  expect(mayChange({ organisation: 'DEMO' })).toBe(true);
  expect(mayChange({ organisation: 'OTHER' })).toBe(false);
  expect(mayChange({})).toBe(false);
  takeSession(signedIn({ rights: ['write'], organisations: null }));
  expect(mayChange({})).toBe(true);
});

test('a record in its public form is not changed by anybody', () => {
  takeSession(signedIn({ rights: ['write'], organisations: null }));
  expect(mayChange({ public_form: 'cells', cell_m: 1000 })).toBe(false);
  expect(mayChange({ public_form: 'exact' })).toBe(false);
});

test('nobody verifies what they recorded, nor what is verified, nor what is not before them', () => {
  takeSession(signedIn({ rights: ['verify'] }));
  expect(mayVerifyRecord({ review: 'unverified', recorded_by: 'ivan' })).toBe(true);
  expect(mayVerifyRecord({ review: 'unverified', recorded_by: 'olena' })).toBe(false);
  expect(mayVerifyRecord({ review: 'verified', recorded_by: 'ivan' })).toBe(false);
  expect(mayVerifyRecord({ review: 'unverified', public_form: 'cells' })).toBe(false);
});

test('a session that ends is said; one that was never there is not', () => {
  takeSession(NOBODY);
  expect(hasEnded.value).toBe(false);
  takeSession(signedIn());
  takeSession(NOBODY);
  expect([hasEnded.value, me.value]).toEqual([true, null]);
  takeSession(signedIn());
  expect(hasEnded.value).toBe(false);
});

test('the first password is changed before the second factor is set up', () => {
  takeSession(signedIn({ account: { ...OLENA, password_change_needed: true, second_factor_needed: true } }));
  expect(nextStep.value).toBe('password');
  takeSession(signedIn({ account: { ...OLENA, second_factor_needed: true } }));
  expect(nextStep.value).toBe('second-factor');
  takeSession(signedIn());
  expect(nextStep.value).toBeNull();
});

test('unsaved work belongs to whoever began it', () => {
  takeSession(signedIn());
  beginNew('surveys', {});
  expect(isOwnWork.value).toBe(true);
  takeSession(NOBODY);
  expect(isOwnWork.value).toBe(false);
  takeSession(signedIn({ account: { ...OLENA, id: 'ivan' } }));
  expect(isOwnWork.value).toBe(false);
});

test('the set-up token is taken out of the address, and the rest stays', () => {
  expect(readEntry('#setup=a%2Bb_c')).toEqual({ setup: 'a+b_c', isRefused: false, rest: '#' });
  const entry = readEntry('#9/48.50000/35.00000&setup=T&lang=uk');
  expect(entry?.rest).not.toContain('T');
  expect(parsePermalink(entry?.rest ?? '')).toMatchObject({ viewport: { zoom: 9 }, language: 'uk' });
  expect(readEntry('#sign-in=failed')).toEqual({ setup: null, isRefused: true, rest: '#' });
  expect(readEntry('#9/48/35&lang=uk')).toBeNull();
});

test.each(['a', 'olena', 'o.shevchenko-2@demo_org', 'x'.repeat(64)])('%s names an account', (id) => expect(isAccountId(id)).toBe(true));
test.each(['', 'Olena', 'олена', 'a b', 'x'.repeat(65), '<img>'])('%j does not', (id) => expect(isAccountId(id)).toBe(false));

test('a password is long, and typed the same twice', () => {
  expect(passwordProblem({ first: 'short', again: 'short' })).toMatch(/fewer than 12/);
  expect(passwordProblem({ first: 'двадцять слів', again: 'двадцять слі' })).toMatch(/differ/);
  expect(passwordProblem({ first: 'двадцять слів', again: 'двадцять слів' })).toBe('');
});

test.each<Grant>([
  { role: 'partner', organisation: 'UN', area: null },
  { role: 'approver', organisation: null, area: [30, 46.5, 38, 51.25] },
  { role: 'administrator', organisation: null, area: null },
])('a grant that is opened and saved stays what it was: %j', (grant) => {
  expect(grantsOf([draftOf(grant)])).toEqual([grant]);
});

test('a field left empty grants nothing to all, nor everywhere', () => {
  expect(grantProblem(EMPTY_GRANT)).toBe('grants.organisation_missing');
  expect(grantProblem({ ...EMPTY_GRANT, isForAll: true, isLimited: true })).toBe('grants.area_wrong');
  expect(grantProblem({ ...EMPTY_GRANT, isForAll: true, isLimited: true, area: ['38', '46', '30', '51'] })).toBe('grants.area_wrong');
  expect(grantProblem({ ...EMPTY_GRANT, isForAll: true, isLimited: true, area: ['30', '46', '38', '51'] })).toBeNull();
});

test('roles are said in words', () => {
  expect(grantText({ role: 'data_entry', organisation: 'DEMO', area: null })).toBe('Data entry: DEMO');
  language.value = 'uk';
  expect(grantText({ role: 'approver', organisation: null, area: null })).toBe('Затвердження: усі організації');
});

test('an administrator’s page is left sooner than another’s', () => {
  const administrator: Grant = { role: 'administrator', organisation: null, area: null };
  expect(idleLimitMs({ ...OLENA, grants: [administrator] })).toBe(30 * 60_000);
  expect(idleLimitMs(OLENA)).toBe(12 * 3_600_000);
});

test('a token ends between tomorrow and a year from today', () => {
  const now = Date.parse('2026-11-22T23:00:00Z');
  expect(dayAfter(1, now)).toBe('2026-11-23');
  expect(['2026-11-22', '2026-11-23', '2027-11-22', '2027-11-23', '', '22.11.2026'].map((day) => isTokenDay(day, now))).toEqual([false, true, true, false, false, false]);
});

test('in the examples the token stands in the environment, never among the words of a program', () => {
  const { qgis, ogrinfo, curl } = examplesFor('http://127.0.0.1:8080', 'minemap_x');
  expect(qgis).not.toContain('minemap_x');
  for (const example of [ogrinfo, curl]) {
    const [first, ...others] = example.split('\n');
    expect(first).toMatch(/^export .*minemap_x'$/);
    expect(others.join('\n')).not.toContain('minemap_x');
  }
});
