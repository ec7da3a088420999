// What waits for a second person. Drawn and counted beside the records; nothing of it holds yet.
import { effect, signal } from '@preact/signals';
import { Refusal } from '../api/ask';
import { fetchProposals } from '../api/write';
import type { Proposals } from '../api/types';
import { knownAt } from './past';
import { moment } from './register';
import { may, viewer } from './session';

export const pending = signal<Proposals | null>(null);
/** The list could not be had: what is drawn may be out of date. */
export const isPendingUnknown = signal(false);
export const showsProposals = signal(true);

export function followProposals(): void {
  // What waited at one moment, or for one reader, must not lie over the map of another.
  effect(() => {
    if (knownAt.value !== undefined && viewer.value !== undefined) pending.value = null;
  });
  effect(() => {
    if (!moment.value.endsWith('@0') && may('read_proposals')) void askPending();
  });
}

export async function askPending(): Promise<void> {
  const about = moment.peek();
  try {
    const found = await fetchProposals({ state: 'pending' }, knownAt.peek());
    if (about !== moment.peek()) return;
    pending.value = found;
    isPendingUnknown.value = false;
  } catch (problem) {
    // A register that has no proposals at all says "not found".
    isPendingUnknown.value = !(problem instanceof Refusal && problem.status === 404);
  }
}

export function pendingCount(): number | null {
  return pending.value && (pending.value.numberMatched ?? pending.value.features.length);
}
