// Roles and rights in words.
import type { Grant, Role } from '../../api/types';
import { number } from '../../i18n/quantity';
import { hasText, t } from '../../i18n/account-text';

export const ROLES: Role[] = ['partner', 'data_entry', 'verifier', 'approver', 'administrator'];

export function grantText({ role, organisation, area }: Grant): string {
  const grant = organisation === null ? t('grant.everywhere', { role: roleText(role) }) : t('grant.organisation', { role: roleText(role), organisation });
  return area ? t('grant.area', { grant, area: area.map((degrees) => number(degrees, 4)).join('; ') }) : grant;
}

export function roleText(role: string): string {
  return inWords(`role.${role}`, role);
}

export function rightText(right: string): string {
  return inWords(`right.${right}`, right);
}

export function actionText(action: string): string {
  return inWords(`audited.${action}`, action);
}

export function outcomeText(outcome: string | null): string {
  return outcome === null ? '' : inWords(`outcome.${outcome}`, outcome);
}

// A newer program may know more than this page.
function inWords(key: string, code: string): string {
  return hasText(key) ? t(key) : code;
}
