// What the side panel shows.
import { computed, signal } from '@preact/signals';
import type { Place } from './viewport';

/** A record as the map found it under the pointer: enough to name it in a list. */
export interface FoundRecord {
  collection: string;
  id: string | null;
  name: string | null;
  symbol: string;
  /** How many records a merged shape stands for. */
  count: number;
  at: Place;
}

export type Panel =
  | { kind: 'place'; at: Place }
  | { kind: 'found'; at: Place; records: FoundRecord[] }
  | { kind: 'record'; collection: string; id: string; back: Panel | null }
  | { kind: 'not-placed' }
  | { kind: 'in-view' }
  | { kind: 'proposals' }
  | { kind: 'findings' }
  | { kind: 'listed'; collection: string }
  | { kind: 'new-record' }
  | { kind: 'edit' }
  | { kind: 'sign-in'; back: Panel | null }
  | { kind: 'account' }
  | { kind: 'accounts' }
  | { kind: 'audit' };

export const panel = signal<Panel | null>(null);

export const selected = computed(() => (panel.value?.kind === 'record' ? panel.value : null));

// What a record can be come back to from.
const LISTS: Panel['kind'][] = ['place', 'found', 'record', 'not-placed', 'in-view', 'proposals', 'findings', 'listed'];

export function openRecord(collection: string, id: string): void {
  const before = panel.value;
  const back = before && LISTS.includes(before.kind) ? before : null;
  panel.value = { kind: 'record', collection, id, back };
}

export function closePanel(): void {
  panel.value = null;
}

/** One record opens at once; several, or a merged shape, are listed; nothing found still asks the register. */
export function showFound(at: Place, records: FoundRecord[]): void {
  const only = records.length === 1 ? records[0] : undefined;
  if (only?.id) panel.value = { kind: 'record', collection: only.collection, id: only.id, back: { kind: 'place', at } };
  else panel.value = records.length ? { kind: 'found', at, records } : { kind: 'place', at };
}
