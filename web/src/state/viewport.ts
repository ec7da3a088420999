// Where the map looks, where the pointer is, how far the drawing has come.
import { signal } from '@preact/signals';

export interface Viewport {
  zoom: number;
  lat: number;
  lon: number;
}

export interface Place {
  lon: number;
  lat: number;
}

export type Move = { kind: 'to'; lon: number; lat: number; zoom?: number } | { kind: 'fit'; box: Box };

// Ukraine, until the extent of the register is known.
export const VIEWPORT_AT_START: Viewport = { zoom: 6, lat: 48.6, lon: 33.2 };

export const viewport = signal<Viewport>(VIEWPORT_AT_START);
export type Box = [west: number, south: number, east: number, north: number];

/** The ground in sight; null until the map has been laid out. */
export const boxInView = signal<Box | null>(null);
export const pointer = signal<Place | null>(null);
/** A wish of the page; the map carries it out and sets it back. */
export const wantedMove = signal<Move | null>(null);
export const tileCounts = signal({ waiting: 0, failed: 0 });
