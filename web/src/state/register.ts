// How the register stands, asked every few seconds. When it stops answering, the last answer stays and its age is shown.
import { computed, effect, signal } from '@preact/signals';
import { Refusal } from '../api/ask';
import { fetchSummary, fetchVocabulary } from '../api/register';
import type { Summary, Vocabulary } from '../api/types';
import { knownAt } from './past';
import { viewer } from './session';

const ASK_EVERY_MS = 15_000;
const CLOCK_EVERY_MS = 5_000;

/** Of the moment that the map shows. */
export const summary = signal<Summary | null>(null);
/** When the newest event of all was recorded, whatever the map shows. */
export const lastRecordedAt = signal<string | null>(null);
/** Collections of the register as it is now. */
export const collectionIds = signal<string[] | null>(null);
export const vocabulary = signal<Vocabulary | null>(null);
/** When the register last answered, by this machine's clock. */
export const answeredAt = signal<string | null>(null);
export const isUnreachable = signal(false);
/** Why the register will not show the moment that was asked for. */
export const pastRefusal = signal<string | null>(null);
export const now = signal(Date.now());

export const revision = computed(() => summary.value?.revision ?? 0);
export const extent = computed(() => summary.value?.extent ?? null);
/** Changes whenever an answer about records may have become another one. */
export const moment = computed(() => `${viewer.value ?? ''} ${knownAt.value ?? ''}@${revision.value}`);

/** Starts asking; the returned function stops it. */
export function followRegister(): () => void {
  const asking = setInterval(() => void ask(), ASK_EVERY_MS);
  const clock = setInterval(() => (now.value = Date.now()), CLOCK_EVERY_MS);
  const askNow = () => void (document.visibilityState === 'visible' && ask());
  document.addEventListener('visibilitychange', askNow);
  window.addEventListener('online', askNow);
  const stopFollowing = effect(() => forget(knownAt.value, viewer.value));
  return () => {
    clearInterval(asking);
    clearInterval(clock);
    stopFollowing();
    document.removeEventListener('visibilitychange', askNow);
    window.removeEventListener('online', askNow);
  };
}

let shownAt: string | null = null;
let shownTo: string | null = null;

// Counts of one moment, or for one reader, must not stand beside the map of another.
function forget(at: string | null, to: string | null): void {
  if (at !== shownAt || (to !== shownTo && shownTo !== null)) summary.value = null;
  [shownAt, shownTo] = [at, to];
  pastRefusal.value = null;
  void ask();
}

export async function ask(): Promise<void> {
  const [at, to] = [knownAt.peek(), viewer.peek()];
  try {
    const present = await fetchSummary(null);
    lastRecordedAt.value = present.recorded_at;
    collectionIds.value = present.collections.map(({ id }) => id);
    isUnreachable.value = false;
    answeredAt.value = new Date().toISOString();
    vocabulary.value ??= await fetchVocabulary().catch(() => null);
    const shown = at === null ? present : await fetchSummary(at);
    if (at === knownAt.peek() && to === viewer.peek()) summary.value = shown;
  } catch (problem) {
    const isRefused = problem instanceof Refusal && problem.status < 500 && at !== null;
    if (isRefused) pastRefusal.value = problem.problem.detail ?? problem.message;
    else isUnreachable.value = true;
  }
  now.value = Date.now();
}
