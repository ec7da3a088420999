// The one place that sends a request. An answer is whole, or it is a refusal with the server's reason, or a failure;
// none of the three turns into an empty answer.
import type { Problem } from './types';

const PATIENCE_MS = 20_000;

/** The server answered, and said no: with a status, and a reason where it gave one. */
export class Refusal extends Error {
  constructor(
    readonly status: number,
    readonly problem: Problem,
    address: string,
  ) {
    super(`${address}: status ${status}${problem.detail ? `: ${problem.detail}` : ''}`);
  }
}

export interface Sending {
  method: 'POST' | 'PUT' | 'PATCH' | 'DELETE';
  body?: unknown;
  headers?: Record<string, string>;
}

/** Reads; `knownAt` asks for what the register held at a revision or a time. */
export function read<T>(address: string, knownAt: string | null = null, headers: Record<string, string> = {}): Promise<T> {
  return answered<T>(knownAt === null ? address : withParameter(address, 'known-at', knownAt), {
    headers: { accept: 'application/geo+json, application/json', ...headers },
    cache: 'no-cache',
  });
}

/** Writes; answers with what the register made of it. */
export function send<T>(address: string, { method, body, headers = {} }: Sending): Promise<T> {
  const type = method === 'PATCH' ? 'application/merge-patch+json' : 'application/json';
  return answered<T>(address, {
    method,
    headers: { accept: 'application/json', ...(body === undefined ? {} : { 'content-type': type }), ...headers },
    ...(body === undefined ? {} : { body: JSON.stringify(body) }),
  });
}

export function withParameter(address: string, name: string, value: string): string {
  return `${address}${address.includes('?') ? '&' : '?'}${name}=${encodeURIComponent(value)}`;
}

async function answered<T>(address: string, options: RequestInit): Promise<T> {
  const response = await fetch(address, { ...options, signal: AbortSignal.timeout(PATIENCE_MS) });
  if (!response.ok) throw new Refusal(response.status, await problemOf(response), address);
  return (await response.json()) as T;
}

async function problemOf(response: Response): Promise<Problem> {
  const read: unknown = await response.json().catch(() => null);
  return read !== null && typeof read === 'object' ? (read as Problem) : {};
}
