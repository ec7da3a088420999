// How near a hazard may be at worst.
import type { RecordFeature } from '../api/types';

/** What a position is worth when the record does not say. */
export const POSITION_ACCURACY_DEFAULT_M = 30;

/**
 * Metres to the edge at worst; 0 means: may be inside. The register has already taken off the position error that a
 * record states; where it states none, the usual one is taken off here.
 */
export function worstCaseDistance({ distance_m, properties }: Pick<RecordFeature, 'distance_m' | 'properties'>): number {
  const stated = properties['position_accuracy_m'];
  const isStated = typeof stated === 'number' && stated > 0;
  return Math.max(0, (distance_m ?? 0) - (isStated ? 0 : POSITION_ACCURACY_DEFAULT_M));
}
