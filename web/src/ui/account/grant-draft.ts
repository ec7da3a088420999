// A grant while it is being written: nothing is granted to all, or everywhere, by a field left empty.
import type { Grant, Role } from '../../api/types';
import type { AccountKey } from '../../i18n/account-text';

export interface GrantDraft {
  role: Role;
  isForAll: boolean;
  organisation: string;
  isLimited: boolean;
  /** West, south, east, north, as typed. */
  area: [string, string, string, string];
}

export const EMPTY_GRANT: GrantDraft = { role: 'partner', isForAll: false, organisation: '', isLimited: false, area: ['', '', '', ''] };

export function draftOf({ role, organisation, area }: Grant): GrantDraft {
  return {
    role,
    isForAll: organisation === null,
    organisation: organisation ?? '',
    isLimited: area !== null,
    area: (area?.map(String) as GrantDraft['area'] | undefined) ?? EMPTY_GRANT.area,
  };
}

/** Accounts belong to no organisation: whoever manages them manages all, everywhere. */
export function isWhole(role: Role): boolean {
  return role === 'administrator';
}

export function grantsOf(drafts: GrantDraft[]): Grant[] {
  return drafts.map(({ role, isForAll, organisation, isLimited, area }) => ({
    role,
    organisation: isWhole(role) || isForAll ? null : organisation.trim(),
    area: isWhole(role) || !isLimited ? null : (area.map(Number) as [number, number, number, number]),
  }));
}

export function grantProblem({ role, isForAll, organisation, isLimited, area }: GrantDraft): AccountKey | null {
  if (isWhole(role)) return null;
  if (!isForAll && !organisation.trim()) return 'grants.organisation_missing';
  return isLimited && !isBox(area) ? 'grants.area_wrong' : null;
}

function isBox(area: GrantDraft['area']): boolean {
  if (area.some((text) => text.trim() === '')) return false;
  const [west, south, east, north] = area.map(Number) as [number, number, number, number];
  return west >= -180 && west < east && east <= 180 && south >= -90 && south < north && north <= 90;
}
