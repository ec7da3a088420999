// Who is at the page and what they may do. The register decides; the page only leaves out what would be refused.
import { computed, effect, signal } from '@preact/signals';
import { signInAsked } from '../api/ask';
import { fetchSession } from '../api/session';
import type { Properties, Right, Session } from '../api/types';
import { isPast } from './past';

const ASK_EVERY_MS = 60_000;

/** null until the register has answered. */
export const session = signal<Session | null>(null);
/** Somebody was signed in and no longer is, without having signed out here. */
export const hasEnded = signal(false);
/** It ended because nobody used the page. */
export const wasIdle = signal(false);
/** From the address that the program prints when it has no accounts yet; kept in memory only. */
export const setupToken = signal<string | null>(null);
/** A provider sent the browser back without having signed anybody in. */
export const isIssuerRefused = signal(false);

export const me = computed(() => session.value?.account ?? null);

/** Tells apart whose answers are shown: an account, everybody (`''`), whoever sits at the machine; null is unknown. */
export const viewer = computed(() => (session.value === null ? null : (me.value?.id ?? (isWorkstation.value ? '(workstation)' : ''))));

export const isWorkstation = computed(() => session.value?.mode === 'workstation');
export const isPublicView = computed(() => session.value?.mode === 'accounts' && me.value === null);

/** Before anything else: a first password is somebody else's too, and some roles need a second factor. */
export const nextStep = computed((): 'password' | 'second-factor' | null => {
  if (me.value?.password_change_needed) return 'password';
  return me.value?.second_factor_needed ? 'second-factor' : null;
});

export function may(right: Right): boolean {
  return session.value?.rights.includes(right) ?? false;
}

/** Whether forms are offered at all. The past cannot be edited. */
export const mayWrite = computed(() => may('write') && me.value !== null && !isPast.value);
export const mayApprove = computed(() => may('approve') && me.value !== null && !isPast.value);
export const mayVerify = computed(() => may('verify') && me.value !== null && !isPast.value);

/** Whether a record may be changed: one that is shown in its public form is not before the reader as it is. */
export function mayChange(properties: Properties): boolean {
  return mayWrite.value && isWhole(properties) && isOfMine(properties['organisation']);
}

/** Whether it may be said to be verified: not by whoever recorded it. */
export function mayVerifyRecord(properties: Properties): boolean {
  return mayVerify.value && isWhole(properties) && properties['review'] === 'unverified' && properties['recorded_by'] !== me.value?.id;
}

function isWhole(properties: Properties): boolean {
  return properties['public_form'] === undefined;
}

function isOfMine(organisation: Properties[string] | undefined): boolean {
  const mine = session.value?.organisations ?? null;
  return mine === null || mine.some((code) => code === organisation);
}

export function followSession(): void {
  const askAgain = () => void (document.visibilityState === 'visible' && askSession());
  setInterval(askAgain, ASK_EVERY_MS);
  document.addEventListener('visibilitychange', askAgain);
  window.addEventListener('online', askAgain);
  effect(() => {
    // What needs an account says so to everybody; only for somebody who had one is it news.
    if (signInAsked.value > 0 && me.peek()) void askSession();
  });
  void askSession();
}

/** Without an answer the last one stays: the register is asked about each thing anyway. */
export async function askSession(): Promise<void> {
  const found = await fetchSession().catch(() => null);
  if (found) takeSession(found);
}

export function takeSession(found: Session): void {
  if (me.peek() && !found.account) hasEnded.value = true;
  if (found.account) hasEnded.value = wasIdle.value = false;
  if (JSON.stringify(found) !== JSON.stringify(session.peek())) session.value = found;
}

/** The name where it is known, otherwise the account. */
export function accountName(id: string | null | undefined): string {
  return me.value && me.value.id === id ? me.value.name : (id ?? '');
}
