// What the server answers, as far as the map reads it.

export interface CollectionSummary {
  id: string;
  records: number;
  not_placed: number;
  counts: (Record<string, string> & { records: number })[];
}

export interface Summary {
  program: string;
  version: string;
  revision: number;
  recorded_at: string | null;
  as_of: string;
  synthetic_records: number;
  not_placed: number;
  extent: [number, number, number, number] | null;
  collections: CollectionSummary[];
}

export interface Finding {
  rule: string;
  severity: string;
  field?: string;
  message: string;
}

export type Value = string | number | boolean | null | Value[] | { [name: string]: Value };

export interface RecordFeature {
  type: 'Feature';
  id: string;
  geometry: Geometry | null;
  properties: { [name: string]: Value };
  distance_m?: number;
  bearing_deg?: number;
}

export interface Geometry {
  type: string;
  coordinates?: unknown;
  geometries?: Geometry[];
}

export interface RecordCollection {
  type: 'FeatureCollection';
  features: RecordFeature[];
  numberMatched?: number;
}

/** A query answer of ours: members beside the GeoJSON ones. */
export interface QueryAnswer extends RecordCollection {
  as_of: string;
  not_placed: number;
  /** Found, but beyond the limit of the list. */
  more?: number;
  sentence?: string;
}

export type Label = { en?: string; uk?: string };

export interface FieldWords {
  name: string;
  label: Label;
  unit?: string | null;
  kind?: string;
  codes?: string;
}

export interface Vocabulary {
  collections: Record<string, { label: Label; fields: FieldWords[] }>;
  codes: Record<string, Record<string, Label>>;
}

export interface LocatedPlace {
  lon: number;
  lat: number;
  read_as?: string;
}
