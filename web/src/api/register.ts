// What the page asks about records. Every question can be put to the register as it was known at an earlier moment.
import { read, Refusal } from './ask';
import type { Geometry, QueryAnswer, Reading, RecordCollection, RecordFeature, Summary, Vocabulary } from './types';

export const NEAR_RADIUS_M = 500;
export const NEAR_RECORDS_MAX = 50;
export const NOT_PLACED_LISTED_MAX = 100;
export const IN_VIEW_LISTED_MAX = 100;
export const LISTED_MAX = 100;

/** A revision or a time; null is now. */
export type Moment = string | null;

export function fetchSummary(at: Moment): Promise<Summary> {
  return read('/query/summary', at);
}

export function fetchVocabulary(): Promise<Vocabulary> {
  return read('/vocabulary.json');
}

export function fetchRecord(collection: string, id: string, at: Moment): Promise<RecordFeature> {
  return read(recordAddress(collection, id), at);
}

export function itemsAddress(collection: string): string {
  return `/ogc/collections/${encodeURIComponent(collection)}/items`;
}

export function recordAddress(collection: string, id: string): string {
  return `${itemsAddress(collection)}/${encodeURIComponent(id)}`;
}

export function fetchNotPlaced(collection: string, at: Moment): Promise<RecordCollection> {
  return read(`${itemsAddress(collection)}?not-placed=true&limit=${NOT_PLACED_LISTED_MAX}`, at);
}

/** The first records of a collection, or the page that an earlier answer named as next. */
export function fetchListed(collection: string, at: Moment, next?: string): Promise<RecordCollection> {
  if (!next) return read(`${itemsAddress(collection)}?limit=${LISTED_MAX}`, at);
  return read(pathOf(next), next.includes('known-at=') ? null : at);
}

/** Path and query of a link: the server may know itself by another name than the browser does. */
export function pathOf(link: string): string {
  const { pathname, search } = new URL(link, location.href);
  return pathname + search;
}

/** Records of a collection that touch a box: west, south, east, north. */
export function fetchInBox(collection: string, [west, south, east, north]: readonly [number, number, number, number], at: Moment): Promise<RecordCollection> {
  const bbox = [Math.max(-180, west), Math.max(-90, south), Math.min(180, east), Math.min(90, north)].map((v) => v.toFixed(6)).join(',');
  return read(`${itemsAddress(collection)}?bbox=${bbox}&not-placed=false&limit=${IN_VIEW_LISTED_MAX}`, at);
}

export function fetchAt(lon: number, lat: number, at: Moment): Promise<QueryAnswer> {
  return read(`/query/at?lon=${lon}&lat=${lat}`, at);
}

export function fetchNear(lon: number, lat: number, at: Moment): Promise<QueryAnswer> {
  return read(`/query/near?lon=${lon}&lat=${lat}&radius_m=${NEAR_RADIUS_M}&limit=${NEAR_RECORDS_MAX}`, at);
}

/** Every way the register can read a typed coordinate, in the given reference system where one is named. */
export async function fetchReadings(text: string, crs: string): Promise<Reading[]> {
  const system = crs.trim() ? `&crs=${encodeURIComponent(crs.trim())}` : '';
  const answer = await read<LocatedAnswer>(`/query/locate?text=${encodeURIComponent(text)}${system}`);
  return (answer.features ?? []).flatMap(readingOf);
}

type LocatedAnswer = { features?: { geometry: Geometry | null; properties: Partial<Reading> | null }[] };

function readingOf({ geometry, properties }: NonNullable<LocatedAnswer['features']>[number]): Reading[] {
  const [lon, lat] = (geometry?.coordinates ?? []) as (number | undefined)[];
  if (lon === undefined || lat === undefined) return [];
  const { accuracy_m = null, read_as = '', crs = null, operation = null, notes = [] } = properties ?? {};
  return [{ lon, lat, accuracy_m, read_as, crs, operation, notes }];
}

/** As `fetchReadings`; none when the text cannot be read at all. */
export async function fetchReadingsIfAny(text: string): Promise<Reading[]> {
  try {
    return await fetchReadings(text, '');
  } catch (problem) {
    if (problem instanceof Refusal && problem.status < 500) return [];
    throw problem;
  }
}
