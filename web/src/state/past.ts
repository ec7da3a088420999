// What the map shows the register as: as it is now, or as it was known at an earlier moment.
import { computed, signal } from '@preact/signals';
import { fetchFirstRecorded } from '../api/write';

/** A revision, a time (RFC 3339) or a date; null is now. */
export const knownAt = signal<string | null>(null);
export const isPast = computed(() => knownAt.value !== null);
export const isTimeBarOpen = signal(false);

/** When the first event was recorded; asked once, when the time bar opens. */
export const firstRecordedAt = signal<string | null>(null);

export function showAsKnown(at: string | number): void {
  knownAt.value = readMoment(String(at));
}

export function backToNow(): void {
  knownAt.value = null;
}

/** A moment as an address or a field may state it; null when it is none. */
export function readMoment(text: string): string | null {
  if (/^[1-9]\d{0,15}$/.test(text)) return text;
  const isTime = /^\d{4}-\d{2}-\d{2}(T\d{2}:\d{2}(:\d{2}(\.\d+)?)?(Z|[+-]\d{2}:\d{2}))?$/.test(text);
  return isTime && !Number.isNaN(Date.parse(text)) ? text : null;
}

export async function askFirstRecorded(): Promise<void> {
  firstRecordedAt.value ??= await fetchFirstRecorded();
}

const PLACES = 1000;

/** Time at a place of the slider, 0 to 1000, between the first and the last event. The register keeps finer
 *  times than the browser, so the millisecond after each is taken: the event itself is shown. */
export function momentAt(place: number, first: string, last: string): string {
  const [from, to] = [Date.parse(first) + 1, Date.parse(last) + 1];
  return new Date(Math.ceil(from + ((to - from) * place) / PLACES)).toISOString();
}

export function placeOf(moment: string, first: string, last: string): number {
  const [from, to] = [Date.parse(first) + 1, Date.parse(last) + 1];
  const share = to > from ? (Date.parse(moment) - from) / (to - from) : 1;
  return Math.round(PLACES * Math.min(1, Math.max(0, share)));
}
