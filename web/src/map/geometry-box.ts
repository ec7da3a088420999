// The box around a GeoJSON geometry of any kind.
import type { Geometry } from '../api/types';
import type { Box } from '../state/viewport';

export function boxOfGeometry(geometry: Geometry | null): Box | null {
  const box: Box = [Infinity, Infinity, -Infinity, -Infinity];
  if (geometry) grow(box, geometry);
  return box[0] <= box[2] ? box : null;
}

function grow(box: Box, { coordinates, geometries }: Geometry): void {
  geometries?.forEach((part) => grow(box, part));
  growBy(box, coordinates);
}

function growBy(box: Box, coordinates: unknown): void {
  if (!Array.isArray(coordinates)) return;
  const [lon, lat] = coordinates as unknown[];
  if (typeof lon !== 'number' || typeof lat !== 'number') return coordinates.forEach((part) => growBy(box, part));
  box[0] = Math.min(box[0], lon);
  box[1] = Math.min(box[1], lat);
  box[2] = Math.max(box[2], lon);
  box[3] = Math.max(box[3], lat);
}
