// A first password, shown once to whoever made the account.
import { useEffect, useRef } from 'preact/hooks';
import { t } from '../../i18n/account-text';
import { CopyButton } from '../place-heading';

export function FirstPassword({ name, password, onDone }: { name: string; password: string; onDone: () => void }) {
  const heading = useRef<HTMLParagraphElement>(null);
  useEffect(() => heading.current?.focus(), []);
  return (
    <section class="made" data-testid="first-password">
      <p class="warning" tabIndex={-1} ref={heading}>
        {t('accounts.first_password', { name })}
      </p>
      <p class="secret">
        <code data-testid="first-password-text">{password}</code> <CopyButton text={password} label={t('accounts.copy_password')} />
      </p>
      <button type="button" class="button" onClick={onDone}>
        {t('tokens.done')}
      </button>
    </section>
  );
}
