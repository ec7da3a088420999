// What changes the register: saving, withdrawing, deciding on a proposal, accepting a finding.
import { read, send, withParameter } from './ask';
import type { Moment } from './register';
import type { Findings, Geometry, History, Properties, Proposals, SaveAnswer, TraverseAnswer, TraverseQuestion } from './types';

export const PROPOSALS_MAX = 500;
export const FINDINGS_LISTED_MAX = 100;

/** A record as it is sent: all of it for a new one, otherwise only what changed (RFC 7396). */
export interface Saving {
  collection: string;
  /** null for a new record. */
  id: string | null;
  /** Revision of the version that was changed. */
  seen: number | null;
  body: { type: 'Feature'; geometry?: Geometry | null; properties?: Properties; reason?: string };
  /** Stays the same when the same request is sent again. */
  key: string;
}

export function save({ collection, id, seen, body, key }: Saving): Promise<SaveAnswer> {
  return send(writeAddress(collection, id), {
    method: id === null ? 'POST' : 'PATCH',
    body,
    headers: { ...seenHeader(seen), 'idempotency-key': key },
  });
}

/** What saving would do; nothing is written. */
export function check({ collection, id, seen, body }: Omit<Saving, 'key'>): Promise<SaveAnswer> {
  return send(withParameter(writeAddress(collection, id), 'dry-run', 'true'), {
    method: id === null ? 'POST' : 'PATCH',
    body,
    headers: { ...seenHeader(seen) },
  });
}

export function withdraw(collection: string, id: string, seen: number, reason: string, key: string): Promise<SaveAnswer> {
  return send(withParameter(writeAddress(collection, id), 'reason', reason), {
    method: 'DELETE',
    headers: { ...seenHeader(seen), 'idempotency-key': key },
  });
}

export function decide(proposal: number, decision: 'approval' | 'rejection', reason: string): Promise<SaveAnswer> {
  return send(`/proposals/${proposal}/${decision}`, { method: 'POST', body: reason ? { reason } : {} });
}

/** Proposes that a recorded release counts. */
export function proposeRelease(collection: string, id: string, seen: number, reason: string, key: string): Promise<SaveAnswer> {
  const headers = { ...seenHeader(seen), 'idempotency-key': key };
  return send('/proposals', { method: 'POST', body: { collection, id, reason }, headers });
}

/** Says that somebody else held the record against its source. */
export function verify(collection: string, id: string, seen: number, reason: string, key: string): Promise<SaveAnswer> {
  return send(`${writeAddress(collection, id)}/verification`, { method: 'POST', body: { reason }, headers: { ...seenHeader(seen), 'idempotency-key': key } });
}

export function acceptFinding(collection: string, id: string, finding: { rule: string; field?: string | null }, reason: string): Promise<unknown> {
  const body = { rule: finding.rule, ...(finding.field ? { field: finding.field } : {}), reason };
  return send(`${writeAddress(collection, id)}/findings/acceptance`, { method: 'POST', body });
}

export function fetchProposals(about: { state: 'pending' | 'all'; record?: string }, at: Moment): Promise<Proposals> {
  const record = about.record ? `&record=${encodeURIComponent(about.record)}` : '';
  return read(`/proposals?state=${about.state}${record}&limit=${PROPOSALS_MAX}`, at);
}

export function fetchHistory(collection: string, id: string): Promise<History> {
  return read(`${writeAddress(collection, id)}/history`);
}

/** When the register's first event was recorded; null while it has none. */
export async function fetchFirstRecorded(): Promise<string | null> {
  const { changes } = await read<{ changes: { recorded_at: string }[] }>('/changes?since=0&limit=1');
  return changes[0]?.recorded_at ?? null;
}

export interface FindingsQuestion {
  collection: string;
  rule: string;
  severity: string;
  state: 'open' | 'accepted' | 'all';
}

export function fetchFindings(question: FindingsQuestion): Promise<Findings> {
  const asked = Object.entries(question).filter(([, value]) => value !== '');
  return read(`/findings?${new URLSearchParams([...asked, ['limit', String(FINDINGS_LISTED_MAX)]])}`);
}

export function fetchTraverse(question: TraverseQuestion): Promise<TraverseAnswer> {
  return send('/query/traverse', { method: 'POST', body: question });
}

function writeAddress(collection: string, id: string | null): string {
  const records = `/records/${encodeURIComponent(collection)}`;
  return id === null ? records : `${records}/${encodeURIComponent(id)}`;
}

function seenHeader(seen: number | null): Record<string, string> {
  return seen === null ? {} : { 'if-match': `"${seen}"` };
}
