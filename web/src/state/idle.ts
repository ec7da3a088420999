// Signs out where nobody has used the page for long. The page asks the register every few seconds, so that to the
// register a session at an empty desk looks used.
import { signOut } from '../api/session';
import type { OwnAccount } from '../api/types';
import { kept, keep } from './kept';
import { closePanel, panel } from './panel';
import { askSession, me, wasIdle } from './session';

const KEY = 'minemap.used';
const LOOK_EVERY_MS = 30_000;
const MINUTE_MS = 60_000;

/** As long as the register lets a session be without a request. */
export function idleLimitMs(account: OwnAccount): number {
  return account.grants.some(({ role }) => role === 'administrator') ? 30 * MINUTE_MS : 12 * 60 * MINUTE_MS;
}

let usedAt = Date.now();

export function followIdleness(): void {
  for (const kind of ['pointerdown', 'keydown', 'wheel']) window.addEventListener(kind, noteUse, { passive: true, capture: true });
  setInterval(() => void leaveIfIdle(), LOOK_EVERY_MS);
}

// Kept for the other pages of this browser: they share the session.
function noteUse(): void {
  if (Date.now() - usedAt < MINUTE_MS / 2) return;
  usedAt = Date.now();
  keep(KEY, String(usedAt));
}

async function leaveIfIdle(): Promise<void> {
  const last = Math.max(usedAt, Number(kept(KEY)) || 0);
  if (!me.peek() || Date.now() - last < idleLimitMs(me.peek()!)) return;
  wasIdle.value = true;
  await signOut().catch(() => null);
  await askSession();
  // What was open is not for whoever comes next; a form comes back to its owner.
  if (panel.peek()) closePanel();
}
