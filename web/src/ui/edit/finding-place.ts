// Which field of the form a finding belongs to.
import type { Finding } from '../../api/types';

/** First name on the way to the value: `properties.evidence[0].kind` and `/evidence/0/kind` belong to `evidence`. */
export function fieldOf({ field }: Finding): string | null {
  return field?.replace(/^\/?properties[./]/, '').replace(/^\//, '').split(/[./[]/)[0] || null;
}
