// Which field of the form a finding belongs to.
import type { Finding } from '../../api/types';

/** First name on the way to the value: `properties.evidence[0].kind` and `/evidence/0/kind` belong to `evidence`. */
export function fieldOf({ field, rule }: Finding): string | null {
  // The register names no field for the shape as such.
  if (!field && rule.startsWith('geometry.')) return 'geometry';
  return field?.replace(/^\/?properties[./]/, '').replace(/^\//, '').split(/[./[]/)[0] || null;
}
