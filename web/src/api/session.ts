// Who is at the page: asked at the start, and again when it may have changed.
import { read, send } from './ask';
import type { Session } from './types';

export function fetchSession(): Promise<Session> {
  return read('/session');
}

/** `code` is that of the second factor, or a recovery code. */
export function signIn(account: string, password: string, code: string | null): Promise<Session> {
  return send('/session', { method: 'POST', body: { account, password, ...(code === null ? {} : { code }) } });
}

export function signOut(): Promise<void> {
  return send('/session', { method: 'DELETE' });
}

/** Where the browser goes to sign in with a provider. */
export function issuerAddress(id: string): string {
  return `/session/oidc/${encodeURIComponent(id)}`;
}
