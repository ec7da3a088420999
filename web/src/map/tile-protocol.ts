// What the map asks of whoever paints its tiles, be it a worker or the page itself.
import type { Extent } from './draw-extent';
import type { Hit } from './hit-test';
import type { Language } from './labels';
import type { TileAddress } from './tile-address';

export interface View {
  /** Collections and closed areas to draw: see `SOURCES` in the painter. */
  layers: string[];
  revision: number;
  /** Whose answers they are: everybody's are not those of somebody who has signed in. */
  viewer: string;
  /** A revision or a time; null: as it is now. */
  knownAt: string | null;
  language: Language;
  selected: string | null;
  /** Of all records; beyond it the map is veiled. */
  extent: Extent | null;
  /** Device pixels per CSS pixel. */
  ratio: number;
}

export interface PaintRequest {
  address: TileAddress;
  view: View;
}

export interface Painted {
  bitmap: ImageBitmap;
  /** Layers whose tile could not be had. Not empty: the bitmap carries the "not loaded" pattern. */
  failed: string[];
}

export interface HitRequest {
  address: TileAddress;
  /** Pixels from the corner of the tile on the map. */
  x: number;
  y: number;
  view: View;
}

export type Hits = (Hit & { centre: { x: number; y: number } })[];

/** A settlement of the basemap. */
export interface NamedPlace {
  lon: number;
  lat: number;
}

export interface Painter {
  paint(request: PaintRequest): Promise<Painted>;
  hits(request: HitRequest): Promise<Hits>;
  /** The largest settlement of that name in either language. */
  find(name: string): Promise<NamedPlace | null>;
}

export type ToWorker =
  | { kind: 'start'; basemapAddress: string }
  | { kind: 'paint'; id: number; request: PaintRequest }
  | { kind: 'hits'; id: number; request: HitRequest }
  | { kind: 'find'; id: number; request: string }
  | { kind: 'cancel'; id: number };

export type FromWorker = { id: number; painted: Painted } | { id: number; hits: Hits } | { id: number; place: NamedPlace | null } | { id: number; problem: string };
