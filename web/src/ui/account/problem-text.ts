// Why something about accounts was refused, in the reader's language.
import { Refusal } from '../../api/ask';
import { t, type AccountKey } from '../../i18n/account-text';
import { me } from '../../state/session';
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
  const kind = problem instanceof Refusal && problem.retryAfterS === null ? problem.kind : '';
  // Of somebody who has signed in only the password can be wrong.
  const known = kind === 'sign-in-failed' && me.value ? 'password.wrong' : KNOWN[kind];
  return known ? t(known) : refusalText(problem);
}
