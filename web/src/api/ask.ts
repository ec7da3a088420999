// The one place that sends a request. An answer is whole, or it is a refusal with the server's reason, or a failure;
// none of the three turns into an empty answer.
import { signal } from '@preact/signals';
import type { Problem } from './types';

const PATIENCE_MS = 20_000;

// Says that the request comes from this page: another site can make a browser send the cookie, but not this.
const OWN_PAGE = { 'minemap-request': '1' };

/** Grows each time the register answers that somebody must sign in: a session may have ended. */
export const signInAsked = signal(0);

/** The server answered, and said no: with a status, and a reason where it gave one. */
export class Refusal extends Error {
  constructor(
    readonly status: number,
    readonly problem: Problem,
    address: string,
    /** Seconds to wait before the next try, where the server names them. */
    readonly retryAfterS: number | null = null,
  ) {
    super(`${address}: status ${status}${problem.detail ? `: ${problem.detail}` : ''}`);
  }

  /** Last part of the problem's name. */
  get kind(): string {
    return this.problem.type?.split(/[:/]/).at(-1) ?? '';
  }
}

export interface Sending {
  method: 'POST' | 'PUT' | 'PATCH' | 'DELETE';
  body?: unknown;
  headers?: Record<string, string>;
}

/** Reads; `knownAt` asks for what the register held at a revision or a time. */
export function read<T>(address: string, knownAt: string | null = null): Promise<T> {
  return answered<T>(knownAt === null ? address : withParameter(address, 'known-at', knownAt), {
    headers: { accept: 'application/geo+json, application/json' },
    cache: 'no-cache',
  });
}

/** Writes; answers with what the register made of it. */
export function send<T>(address: string, { method, body, headers = {} }: Sending): Promise<T> {
  const type = method === 'PATCH' ? 'application/merge-patch+json' : 'application/json';
  return answered<T>(address, {
    method,
    headers: { ...OWN_PAGE, accept: 'application/json', ...(body === undefined ? {} : { 'content-type': type }), ...headers },
    ...(body === undefined ? {} : { body: JSON.stringify(body) }),
  });
}

export function withParameter(address: string, name: string, value: string): string {
  return `${address}${address.includes('?') ? '&' : '?'}${name}=${encodeURIComponent(value)}`;
}

async function answered<T>(address: string, options: RequestInit): Promise<T> {
  const response = await fetch(address, { ...options, signal: AbortSignal.timeout(PATIENCE_MS) });
  if (!response.ok) throw await refusalOf(response, address);
  if (response.status === 204) return undefined as T;
  return (await response.json()) as T;
}

async function refusalOf(response: Response, address: string): Promise<Refusal> {
  const refusal = new Refusal(response.status, await problemOf(response), address, waitOf(response));
  if (refusal.kind === 'sign-in-needed') signInAsked.value++;
  return refusal;
}

// Retry-After is a number of seconds, or a date (RFC 9110).
function waitOf({ headers }: Response): number | null {
  const wait = headers.get('retry-after');
  if (wait === null) return null;
  const seconds = /^\d+$/.test(wait) ? Number(wait) : (Date.parse(wait) - Date.now()) / 1000;
  return Number.isFinite(seconds) ? Math.max(1, Math.ceil(seconds)) : null;
}

async function problemOf(response: Response): Promise<Problem> {
  const read: unknown = await response.json().catch(() => null);
  return read !== null && typeof read === 'object' ? (read as Problem) : {};
}
