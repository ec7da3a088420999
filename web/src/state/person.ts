// Who works here. The register names the persons; the choice is kept in this browser and sent with every write.
import { computed, effect, signal } from '@preact/signals';
import type { Session } from '../api/types';
import { fetchSession } from '../api/write';
import { isPast } from './past';
import { kept, keep } from './kept';

const KEY = 'minemap.person';

/** null until the register has said who may write. */
export const session = signal<Session | null>(null);
export const chosenPerson = signal<string | null>(kept(KEY));

export const me = computed(() => {
  const { persons = [], person = null } = session.value ?? {};
  const chosen = persons.find(({ id }) => id === chosenPerson.value);
  return chosen ?? (persons.length > 1 ? null : (persons[0] ?? person));
});

/** Sent with a write; null where the register needs no name. */
export const personSent = computed(() => ((session.value?.persons.length ?? 0) > 0 ? (me.value?.id ?? null) : null));

/** Whether forms are offered at all. The past cannot be edited. */
export const mayWrite = computed(() => session.value !== null && !isPast.value);

export function followSession(): void {
  effect(() => {
    keep(KEY, chosenPerson.value);
  });
  void askSession();
}

export async function askSession(): Promise<void> {
  // Somebody chosen earlier may no longer be known: then the register is asked without a name.
  session.value = await fetchSession(chosenPerson.peek())
    .catch(() => fetchSession(null))
    .catch(() => null);
}

export function personName(id: string | null | undefined): string {
  return session.value?.persons.find((person) => person.id === id)?.name ?? id ?? '';
}
