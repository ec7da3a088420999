// What the server answers, as far as the map reads it.

export interface CollectionSummary {
  id: string;
  records: number;
  not_placed: number;
  counts: (Record<string, string> & { records: number })[];
}

export interface KnownAt {
  revision: number;
  recorded_at: string;
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
  known_at?: KnownAt;
}

export interface Finding {
  rule: string;
  severity: string;
  field?: string | null;
  message: string;
  position?: [number, number] | null;
  remedy?: Label | null;
  /** Whether it must be put right before the register takes the record. */
  refuses?: boolean;
}

export type Value = string | number | boolean | null | Value[] | { [name: string]: Value };
export type Properties = { [name: string]: Value };

export interface RecordFeature {
  type: 'Feature';
  id: string;
  geometry: Geometry | null;
  properties: Properties;
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
  links?: { rel: string; href: string }[];
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
  codes?: string | null;
  required?: boolean;
  computed?: boolean;
  /** Fields of a structure. */
  members?: FieldWords[] | null;
  /** The collection that a reference points into. */
  refers_to?: string | null;
  help?: Label | null;
  /** About a person: only some roles read it, and nobody else may send it. */
  personal?: boolean;
  /** Smallest and largest number. */
  range?: [number, number] | null;
}

export interface CollectionWords {
  label: Label;
  /** What it holds, in one sentence. */
  description?: Label | string;
  fields: FieldWords[];
  /** The GeoJSON types it takes; none for a collection without a place. */
  geometry?: string[];
}

export interface Vocabulary {
  collections: Record<string, CollectionWords>;
  codes: Record<string, Record<string, Label>>;
  /** By code list: what each code means, and where that stands. */
  definitions?: Record<string, { reference?: string | null; codes: Record<string, Label> }>;
}

/** One way to read a typed coordinate. */
export interface Reading {
  lon: number;
  lat: number;
  accuracy_m: number | null;
  read_as: string;
  crs: string | null;
  operation: string | null;
  /** What must be known about this reading. */
  notes: string[];
}

export interface TraverseQuestion {
  reference: { text: string } | { lon: number; lat: number };
  north: 'true' | 'magnetic';
  date?: string;
  legs: { bearing_deg: number; distance_m: number }[];
  closes: boolean;
}

export interface TraverseAnswer {
  points: [number, number][];
  misclosure_m: number | null;
  length_m: number;
  declination_deg: number | null;
  geometry: Geometry;
  as_entered: Properties;
}

export type Role = 'partner' | 'data_entry' | 'verifier' | 'approver' | 'administrator';

/** A role, in an organisation (null: all) and an area (west, south, east, north; null: everywhere). */
export interface Grant {
  role: Role;
  organisation: string | null;
  area: [number, number, number, number] | null;
}

export type Right =
  | 'read_history'
  | 'read_past'
  | 'read_proposals'
  | 'read_findings'
  | 'read_personal'
  | 'write'
  | 'import'
  | 'verify'
  | 'approve'
  | 'manage_accounts'
  | 'read_audit';

export interface OwnAccount {
  id: string;
  name: string;
  grants: Grant[];
  second_factor: boolean;
  /** A role asks for one and none is set up: what the role may do is withheld until then. */
  second_factor_needed: boolean;
  password_change_needed: boolean;
}

/** `workstation`: a register without accounts, read by whoever sits at its machine. */
export interface Session {
  mode: 'workstation' | 'accounts';
  account: OwnAccount | null;
  /** What the caller may do for some record. */
  rights: Right[];
  /** Codes of those in whose name it may write; null is all. */
  organisations: string[] | null;
  second_factor_of_session: boolean;
  /** Providers to sign in with. */
  issuers: { id: string; name: string }[];
}

/** RFC 9457, with the members that our refusals add. */
export interface Problem {
  type?: string;
  title?: string;
  detail?: string;
  findings?: Finding[];
  current_revision?: number;
  current?: RecordFeature;
}

export interface Difference {
  field: string;
  label?: Label;
  from: Value;
  to: Value;
}

export interface SaveAnswer {
  outcome: 'created' | 'changed' | 'unchanged' | 'proposed' | 'checked' | 'verified' | 'approved' | 'rejected';
  collection: string;
  id: string;
  revision: number;
  proposal: number | null;
  effects: string[];
  findings: Finding[];
  feature: RecordFeature | null;
}

export interface ProposalProperties {
  proposal: number;
  state: 'pending' | 'approved' | 'rejected';
  collection: string;
  record: string;
  name: string | null;
  effects: string[];
  author: string;
  reason: string | null;
  proposed_at: string;
  based_on: number;
  is_stale: boolean;
  decided_by?: string | null;
  decided_at?: string | null;
  decision_reason?: string | null;
  differences: Difference[];
  area_m2_from?: number | null;
  area_m2_to?: number | null;
  current?: RecordFeature | null;
  proposed?: RecordFeature | null;
}

export interface Proposal {
  type: 'Feature';
  id: string;
  geometry: Geometry | null;
  properties: ProposalProperties;
}

export interface Proposals {
  type: 'FeatureCollection';
  features: Proposal[];
  numberMatched?: number;
}

export interface Version {
  revision: number;
  recorded_at: string;
  author: string;
  reason: string | null;
  action: string;
  proposal: number | null;
  differences: Difference[];
  geometry_changed: boolean;
  area_m2_from?: number | null;
  area_m2_to?: number | null;
}

export interface History {
  collection: string;
  id: string;
  versions: Version[];
}

export interface ListedFinding extends Finding {
  collection: string;
  id: string;
  name: string | null;
  revision: number;
  accepted: { by: string; on: string; reason: string } | null;
}

export interface Findings {
  counts: { rule: string; severity: string; findings: number }[];
  numberMatched: number;
  next: string | null;
  findings: ListedFinding[];
}
