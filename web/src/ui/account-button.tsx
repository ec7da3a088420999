// Who is at the page, at the end of the bar: signs in, or leads to the account.
import { t } from '../i18n/text';
import { panel } from '../state/panel';
import { isWorkstation, me, session } from '../state/session';
import { openSignIn } from './sign-in-button';

export function AccountButton() {
  // Without accounts there is a notice instead, with the way to the first one.
  if (!session.value || isWorkstation.value) return null;
  if (me.value) return <OwnAccount name={me.value.name} />;
  return (
    <button type="button" class="button account-button" data-testid="sign-in" onClick={openSignIn}>
      {t('session.sign_in')}
    </button>
  );
}

function OwnAccount({ name }: { name: string }) {
  const label = t('session.account', { name });
  return (
    <button type="button" class="button account-button" data-testid="account" aria-label={label} title={label} onClick={() => (panel.value = { kind: 'account' })}>
      {name}
    </button>
  );
}
