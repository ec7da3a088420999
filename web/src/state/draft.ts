// The one piece of work that is not saved yet: a new record, or changes to one. Kept in this browser until it is saved
// or thrown away, so that neither a reload nor a lost connection loses it.
import { computed, effect, signal } from '@preact/signals';
import type { Geometry, Properties, RecordFeature, SaveAnswer, Value } from '../api/types';
import type { Saving } from '../api/write';
import { kept, keep } from './kept';
import { changedNames, isSame, merged, mergePatch } from './merge-patch';
import { me } from './session';

const KEY = 'minemap.draft';

export interface Typed {
  text: string;
  crs: string;
  isUsed: boolean;
}

export interface Draft {
  collection: string;
  /** null for a new record. */
  id: string | null;
  /** The version that is being changed. */
  seen: { revision: number; properties: Properties; geometry: Geometry | null } | null;
  /** What the form began with. */
  start: Properties;
  properties: Properties;
  geometry: Geometry | null;
  reason: string;
  /** Coordinates as they were typed, and whether they have been taken into the record. */
  typed?: Typed;
  begunAt: string;
  /** Account of whoever began it. */
  by?: string | null;
  /** The key of the last request, and what that request was. */
  sent: { key: string; request: string } | null;
}

export const draft = signal<Draft | null>(null);
/** What the register made of the work that was saved last; shown in the place of its form. */
export const savedAs = signal<SaveAnswer | null>(null);
/** Found in this browser when the page opened, and not yet taken up. */
export const isLeftOver = signal(false);
/** The browser had no room for the work: closing the page would lose it. */
export const isKeptNowhere = signal(false);

export const hasUnsavedWork = computed(() => draft.value !== null && isChanged(draft.value));

/** Work that somebody else left in this browser is not shown to whoever comes after. */
export const isOwnWork = computed(() => (draft.value?.by ?? null) === (me.value?.id ?? null));

export function followDraft(): void {
  draft.value = readDraft(kept(KEY));
  isLeftOver.value = draft.value !== null;
  effect(() => {
    const work = hasUnsavedWork.value ? JSON.stringify(draft.value) : null;
    isKeptNowhere.value = !keep(KEY, work);
  });
  window.addEventListener('beforeunload', (event) => {
    if (hasUnsavedWork.peek() && isOwnWork.peek()) event.preventDefault();
  });
}

export function readDraft(text: string | null): Draft | null {
  try {
    const read = JSON.parse(text ?? 'null') as Draft | null;
    return read && typeof read.collection === 'string' && typeof read.properties === 'object' && typeof read.start === 'object' ? read : null;
  } catch {
    return null;
  }
}

/** `start` is what the form holds before anybody has written in it. */
export function beginNew(collection: string, start: Properties): void {
  discardDraft();
  draft.value = { collection, id: null, seen: null, start, properties: start, geometry: null, reason: '', begunAt: new Date().toISOString(), by: me.peek()?.id ?? null, sent: null };
}

export function beginChange(collection: string, record: RecordFeature): void {
  const { id, properties, geometry } = record;
  discardDraft();
  draft.value = { collection, id, seen: versionOf(record), start: properties, properties, geometry, reason: '', begunAt: new Date().toISOString(), by: me.peek()?.id ?? null, sent: null };
}

export function discardDraft(answer: SaveAnswer | null = null): void {
  savedAs.value = answer;
  draft.value = null;
  isLeftOver.value = false;
}

export function change(part: Partial<Draft>): void {
  if (draft.value) draft.value = { ...draft.value, ...part };
}

export function changeField(name: string, value: Properties[string] | undefined): void {
  const { [name]: _before, ...others } = draft.value?.properties ?? {};
  change({ properties: value === undefined ? others : { ...others, [name]: value } });
}

/** Where the record lies, and what was typed or drawn to say so. */
export function changePlace(geometry: Geometry | null, entered: Properties): void {
  change({ geometry });
  changeField('as_entered', entered);
}

export function isChanged({ seen, start, properties, geometry, reason, typed }: Draft): boolean {
  return changedNames(start, properties).length > 0 || !isSame(seen?.geometry ?? null, geometry) || reason !== '' || Boolean(typed?.text);
}

function versionOf({ properties, geometry }: RecordFeature): NonNullable<Draft['seen']> {
  return { revision: Number(properties['revision']), properties, geometry };
}

/** What is sent: a new record whole, otherwise only what changed. */
export function requestOf({ collection, id, seen, properties, geometry, reason }: Draft): Omit<Saving, 'key'> {
  const because = reason.trim() ? { reason: reason.trim() } : {};
  if (!seen) return { collection, id, seen: null, body: { type: 'Feature', geometry, properties: tidied(properties), ...because } };
  const place = isSame(seen.geometry, geometry) ? {} : { geometry };
  return { collection, id, seen: seen.revision, body: { type: 'Feature', ...place, properties: mergePatch(seen.properties, tidied(properties)), ...because } };
}

// A line left empty in a list of texts is no text.
function tidied(properties: Properties): Properties {
  const whole = (value: Value): Value => (Array.isArray(value) ? value.filter((part) => part !== '') : value);
  return Object.fromEntries(Object.entries(properties).map(([name, value]) => [name, whole(value)]));
}

/** The same request gets the same key, so that sending it again after a lost answer saves it once. */
export function keyFor(work: Draft, account: string | null): string {
  const request = JSON.stringify([requestOf(work), account]);
  if (work.sent?.request === request) return work.sent.key;
  const key = freshKey();
  change({ sent: { key, request } });
  return key;
}

// `crypto.randomUUID` is withheld from pages that are served without encryption, as on a local network.
export function freshKey(): string {
  return [...crypto.getRandomValues(new Uint8Array(16))].map((byte) => byte.toString(16).padStart(2, '0')).join('');
}

/** The same changes, laid on a newer version. Fields changed on both sides keep what was entered here. */
export function rebased(work: Draft, current: RecordFeature): Draft {
  const seen = work.seen ?? { revision: 0, properties: {}, geometry: null };
  const isPlaceOurs = !isSame(seen.geometry, work.geometry);
  return {
    ...work,
    seen: versionOf(current),
    start: current.properties,
    properties: merged(current.properties, mergePatch(seen.properties, work.properties)),
    geometry: isPlaceOurs ? work.geometry : current.geometry,
    sent: null,
  };
}
