// The only place that asks the server for data other than tiles. An answer is either whole or an error; an error
// never turns into an empty answer.
import type { LocatedPlace, QueryAnswer, RecordCollection, RecordFeature, Summary, Vocabulary } from './types';

export const NEAR_RADIUS_M = 500;
export const NEAR_RECORDS_MAX = 50;
export const NOT_PLACED_LISTED_MAX = 100;
export const IN_VIEW_LISTED_MAX = 100;
const PATIENCE_MS = 20_000;

export function fetchSummary(): Promise<Summary> {
  return answerOf('/query/summary');
}

export function fetchVocabulary(): Promise<Vocabulary> {
  return answerOf('/vocabulary.json');
}

export function fetchRecord(collection: string, id: string): Promise<RecordFeature> {
  return answerOf(recordAddress(collection, id));
}

export function recordAddress(collection: string, id: string): string {
  return `/ogc/collections/${encodeURIComponent(collection)}/items/${encodeURIComponent(id)}`;
}

export function fetchNotPlaced(collection: string): Promise<RecordCollection> {
  return answerOf(`/ogc/collections/${encodeURIComponent(collection)}/items?not-placed=true&limit=${NOT_PLACED_LISTED_MAX}`);
}

/** Records of a collection that touch a box: west, south, east, north. */
export function fetchInBox(collection: string, [west, south, east, north]: readonly [number, number, number, number]): Promise<RecordCollection> {
  const bbox = [Math.max(-180, west), Math.max(-90, south), Math.min(180, east), Math.min(90, north)].map((v) => v.toFixed(6)).join(',');
  return answerOf(`/ogc/collections/${encodeURIComponent(collection)}/items?bbox=${bbox}&not-placed=false&limit=${IN_VIEW_LISTED_MAX}`);
}

export function fetchAt(lon: number, lat: number): Promise<QueryAnswer> {
  return answerOf(`/query/at?lon=${lon}&lat=${lat}`);
}

export function fetchNear(lon: number, lat: number): Promise<QueryAnswer> {
  return answerOf(`/query/near?lon=${lon}&lat=${lat}&radius_m=${NEAR_RADIUS_M}&limit=${NEAR_RECORDS_MAX}`);
}

async function answerOf<T>(address: string): Promise<T> {
  const response = await fetch(address, {
    headers: { accept: 'application/geo+json, application/json' },
    cache: 'no-cache',
    signal: AbortSignal.timeout(PATIENCE_MS),
  });
  if (!response.ok) throw new Error(`${address}: status ${response.status}`);
  return (await response.json()) as T;
}

/** Reads a coordinate in any notation the server knows, or a place name; null when it cannot be read. */
export async function fetchLocated(text: string): Promise<LocatedPlace | null> {
  const response = await fetch(`/query/locate?text=${encodeURIComponent(text)}`, { signal: AbortSignal.timeout(PATIENCE_MS) });
  if (response.status >= 400 && response.status < 500) return null;
  if (!response.ok) throw new Error(`locate: status ${response.status}`);
  return located((await response.json()) as LocatedAnswer);
}

type LocatedAnswer = Partial<LocatedPlace> & { features?: RecordFeature[] };

function located(answer: LocatedAnswer): LocatedPlace | null {
  const point = answer.features?.[0]?.geometry?.coordinates as [number, number] | undefined;
  const [lon, lat] = point ?? [answer.lon, answer.lat];
  return lon === undefined || lat === undefined ? null : { lon, lat, ...(answer.read_as ? { read_as: answer.read_as } : {}) };
}
