// How near a hazard may be at worst.
import type { RecordFeature } from '../api/types';

/** What a position is worth when the record does not say. */
export const POSITION_ACCURACY_DEFAULT_M = 30;

/** Metres to the edge less the possible error of the record's position; 0 means: may be inside. */
export function worstCaseDistance({ distance_m, properties }: Pick<RecordFeature, 'distance_m' | 'properties'>): number {
  const stated = Number(properties['position_accuracy_m'] ?? POSITION_ACCURACY_DEFAULT_M);
  const error = Number.isFinite(stated) && stated >= 0 ? stated : POSITION_ACCURACY_DEFAULT_M;
  return Math.max(0, (distance_m ?? 0) - error);
}
