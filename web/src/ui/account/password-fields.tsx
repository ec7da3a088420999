// A new password, typed twice, and what can be said about it before it is sent.
import { t } from '../../i18n/account-text';
import { TextField } from './form-parts';

const PASSWORD_CHARACTERS_MIN = 12;

export interface Twice {
  first: string;
  again: string;
}

export function PasswordFields({ value, onChange }: { value: Twice; onChange: (value: Twice) => void }) {
  return (
    <>
      <TextField label={t('password.new')} type="password" autoComplete="new-password" hint={t('password.hint')} value={value.first} onChange={(first) => onChange({ ...value, first })} testId="password-new" />
      <TextField label={t('password.again')} type="password" autoComplete="new-password" value={value.again} onChange={(again) => onChange({ ...value, again })} testId="password-again" />
    </>
  );
}

/** Why it cannot be sent; empty when it can. The register decides about the rest. */
export function passwordProblem({ first, again }: Twice): string {
  if ([...first].length < PASSWORD_CHARACTERS_MIN) return t('password.short');
  return first === again ? '' : t('password.differ');
}
