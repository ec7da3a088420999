// How the register stands, asked every few seconds. When it stops answering, the last answer stays and its age is shown.
import { computed, signal } from '@preact/signals';
import { fetchSummary, fetchVocabulary } from '../api/register';
import type { Summary, Vocabulary } from '../api/types';

const ASK_EVERY_MS = 15_000;
const CLOCK_EVERY_MS = 5_000;

export const summary = signal<Summary | null>(null);
export const vocabulary = signal<Vocabulary | null>(null);
/** When the register last answered, by this machine's clock. */
export const answeredAt = signal<string | null>(null);
export const isUnreachable = signal(false);
export const now = signal(Date.now());

export const revision = computed(() => summary.value?.revision ?? 0);
export const extent = computed(() => summary.value?.extent ?? null);

/** Starts asking; the returned function stops it. */
export function followRegister(): () => void {
  const asking = setInterval(() => void ask(), ASK_EVERY_MS);
  const clock = setInterval(() => (now.value = Date.now()), CLOCK_EVERY_MS);
  const askNow = () => void (document.visibilityState === 'visible' && ask());
  document.addEventListener('visibilitychange', askNow);
  window.addEventListener('online', askNow);
  void ask();
  return () => {
    clearInterval(asking);
    clearInterval(clock);
    document.removeEventListener('visibilitychange', askNow);
    window.removeEventListener('online', askNow);
  };
}

export async function ask(): Promise<void> {
  try {
    summary.value = await fetchSummary();
    answeredAt.value = new Date().toISOString();
    isUnreachable.value = false;
    vocabulary.value ??= await fetchVocabulary().catch(() => null);
  } catch {
    isUnreachable.value = true;
  }
  now.value = Date.now();
}
