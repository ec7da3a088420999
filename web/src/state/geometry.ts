// Simple shapes and what a collection takes of them.
import type { Geometry } from '../api/types';
import type { DrawnKind } from './drawing';

export type Position = [lon: number, lat: number];

const TYPES: Record<DrawnKind, [single: string, multi: string]> = {
  point: ['Point', 'MultiPoint'],
  line: ['LineString', 'MultiLineString'],
  polygon: ['Polygon', 'MultiPolygon'],
};

/** Shapes that a collection takes, in the order in which it names them. */
export function kindsFor(geometryTypes: readonly string[]): DrawnKind[] {
  const known = (Object.keys(TYPES) as DrawnKind[]).filter((kind) => TYPES[kind].some((type) => geometryTypes.includes(type)));
  const place = (kind: DrawnKind) => Math.min(...TYPES[kind].map((type) => geometryTypes.indexOf(type)).filter((i) => i >= 0));
  return known.sort((a, b) => place(a) - place(b));
}

export function kindOf(geometry: Geometry): DrawnKind | null {
  return (Object.keys(TYPES) as DrawnKind[]).find((kind) => TYPES[kind].includes(geometry.type)) ?? null;
}

/** How few positions make a shape. */
export const POSITIONS_MIN: Record<DrawnKind, number> = { point: 1, line: 2, polygon: 3 };

/** A shape from its positions; null while there are too few. */
export function shapeOf(kind: DrawnKind, positions: Position[]): Geometry | null {
  if (positions.length < POSITIONS_MIN[kind]) return null;
  if (kind === 'point') return { type: 'Point', coordinates: positions[0] };
  if (kind === 'line') return { type: 'LineString', coordinates: positions };
  const isClosed = String(positions[0]) === String(positions.at(-1));
  return { type: 'Polygon', coordinates: [isClosed && positions.length > 3 ? positions : [...positions, positions[0]]] };
}

/** One geometry from drawn shapes of one kind. */
export function joined(shapes: Geometry[]): Geometry | null {
  const [first] = shapes;
  if (!first || shapes.length === 1) return first ?? null;
  const kind = kindOf(first);
  return kind && { type: TYPES[kind][1], coordinates: shapes.map((shape) => shape.coordinates) };
}

/** The simple shapes of a geometry; null when it holds something that drawing cannot keep, such as inner rings. */
export function drawableParts(geometry: Geometry | null): Geometry[] | null {
  if (!geometry) return null;
  const kind = kindOf(geometry);
  if (!kind) return null;
  const [single, multi] = TYPES[kind];
  const parts = geometry.type === multi ? (geometry.coordinates as unknown[]).map((coordinates) => ({ type: single, coordinates })) : [geometry];
  return parts.every((part) => kind !== 'polygon' || (part.coordinates as unknown[]).length === 1) ? parts : null;
}

/** A position as a record may hold it: [lon, lat], or members of that name. */
export function positionOf(value: unknown): Position | null {
  if (value === null || typeof value !== 'object') return null;
  const { lon, lat, coordinates } = value as { lon?: unknown; lat?: unknown; coordinates?: unknown };
  const [x, y] = Array.isArray(value) ? (value as unknown[]) : Array.isArray(coordinates) ? (coordinates as unknown[]) : [lon, lat];
  return typeof x === 'number' && typeof y === 'number' ? [x, y] : null;
}
