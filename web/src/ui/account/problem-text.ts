// Why something about accounts was refused, in the reader's language.
import { Refusal } from '../../api/ask';
import { t, type AccountKey } from '../../i18n/account-text';
import { refusalText } from '../refusal-text';

const KNOWN: Record<string, AccountKey> = {
  'sign-in-failed': 'sign_in.failed',
  'second-factor-failed': 'sign_in.code_failed',
  'setup-refused': 'setup.refused',
  'setup-done': 'setup.done',
  'last-administrator': 'accounts.last_administrator',
  'account-exists': 'accounts.exists',
};

export function problemText(problem: unknown): string {
  const known = problem instanceof Refusal && problem.retryAfterS === null ? KNOWN[problem.kind] : undefined;
  return known ? t(known) : refusalText(problem);
}
