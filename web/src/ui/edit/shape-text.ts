// A shape in a few words: what it is and how many points it has.
import type { Geometry } from '../../api/types';
import { counted, t } from '../../i18n/text';
import { kindOf } from '../../state/geometry';
import { KIND_KEYS } from './place-section';

export function shapeText(geometry: Geometry): string {
  const kind = kindOf(geometry);
  const name = kind ? t(KIND_KEYS[kind]) : geometry.type;
  return `${name}, ${counted('place_input.points', pointsOf(geometry))}`;
}

/** Positions; the one that closes a ring counts once. */
export function pointsOf({ type, coordinates }: Geometry): number {
  const count = (part: unknown): number => {
    if (!Array.isArray(part)) return 0;
    return typeof part[0] === 'number' ? 1 : part.reduce<number>((sum, inner) => sum + count(inner), 0);
  };
  const rings = type === 'Polygon' ? (coordinates as unknown[]).length : type === 'MultiPolygon' ? (coordinates as unknown[][]).flat().length : 0;
  return count(coordinates) - rings;
}
