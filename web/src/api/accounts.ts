// One's own account, the accounts of others, and the audit trail.
import { read, send } from './ask';
import type { Grant, Session } from './types';

export interface FactorSecret {
  secret: string;
  /** otpauth://… for an authenticator. */
  uri: string;
}

export interface SessionRow {
  id: string;
  began_at: string;
  last_seen_at: string | null;
  ends_at: string | null;
  address: string | null;
  agent: string | null;
  current: boolean;
}

export type Access = 'read' | 'write';
export type Levels = 'public' | 'partners' | 'all';

export interface TokenRow {
  id: string;
  name: string;
  access: Access;
  levels?: Levels;
  created_at: string;
  expires_at: string;
  last_used_at: string | null;
}

export interface NewToken {
  name: string;
  access: Access;
  levels: Levels;
  expires_on: string;
}

export interface AccountRow {
  id: string;
  name: string;
  grants: Grant[];
  disabled: boolean;
  second_factor: boolean;
  last_sign_in_at: string | null;
  created_at: string;
  /** The provider that this account signs in with. */
  issuer: string | null;
}

export interface AuditEntry {
  number: number;
  at: string;
  account: string | null;
  name: string | null;
  action: string;
  object: string | null;
  outcome: string | null;
  address: string | null;
  detail: string | null;
}

export interface Audit {
  entries: AuditEntry[];
  next: number | null;
  /** Whether the chain of entries holds. */
  checked: boolean;
}

export interface AuditQuestion {
  account: string;
  action: string;
}

export const AUDIT_LISTED_MAX = 100;

export function setUp(token: string, account: string, name: string, password: string): Promise<Session> {
  return send('/account/setup', { method: 'POST', body: { token, account, name, password } });
}

export function changePassword(current: string, wanted: string): Promise<void> {
  return send('/account/password', { method: 'POST', body: { current, new: wanted } });
}

export function beginFactor(password: string): Promise<FactorSecret> {
  return send('/account/second-factor', { method: 'POST', body: { password } });
}

export function confirmFactor(code: string): Promise<{ recovery_codes: string[] }> {
  return send('/account/second-factor', { method: 'PUT', body: { code } });
}

export function endFactor(password: string, code: string): Promise<void> {
  return send('/account/second-factor', { method: 'DELETE', body: { password, code } });
}

export async function fetchSessions(): Promise<SessionRow[]> {
  return (await read<{ sessions: SessionRow[] }>('/account/sessions')).sessions;
}

export function endSession(id: string): Promise<void> {
  return send(`/account/sessions/${encodeURIComponent(id)}`, { method: 'DELETE' });
}

export async function fetchTokens(): Promise<TokenRow[]> {
  return (await read<{ tokens: TokenRow[] }>('/account/tokens')).tokens;
}

export function makeToken(token: NewToken): Promise<{ id: string; token: string }> {
  return send('/account/tokens', { method: 'POST', body: token });
}

export function endToken(id: string): Promise<void> {
  return send(`/account/tokens/${encodeURIComponent(id)}`, { method: 'DELETE' });
}

export async function fetchAccounts(): Promise<AccountRow[]> {
  return (await read<{ accounts: AccountRow[] }>('/accounts')).accounts;
}

export function makeAccount(account: { id: string; name: string; grants: Grant[] }): Promise<{ account: AccountRow; first_password: string }> {
  return send('/accounts', { method: 'POST', body: account });
}

export function changeAccount(id: string, part: Partial<Pick<AccountRow, 'name' | 'grants' | 'disabled'>>): Promise<AccountRow> {
  return send(accountAddress(id), { method: 'PATCH', body: part });
}

export function resetPassword(id: string): Promise<{ first_password: string }> {
  return send(`${accountAddress(id)}/password`, { method: 'POST' });
}

export function resetFactor(id: string): Promise<void> {
  return send(`${accountAddress(id)}/second-factor/reset`, { method: 'POST' });
}

export function fetchAudit(question: AuditQuestion, since: number | null): Promise<Audit> {
  return read(auditAddress(question, { limit: String(AUDIT_LISTED_MAX), ...(since === null ? {} : { since: String(since) }) }));
}

/** Everything that the question finds, as a file. */
export function auditExport(question: AuditQuestion, format: 'csv' | 'ndjson'): string {
  return auditAddress(question, { f: format });
}

function auditAddress(question: AuditQuestion, more: Record<string, string>): string {
  const asked = Object.entries({ ...question, ...more }).filter(([, value]) => value !== '');
  return `/audit?${new URLSearchParams(asked)}`;
}

function accountAddress(id: string): string {
  return `/accounts/${encodeURIComponent(id)}`;
}
