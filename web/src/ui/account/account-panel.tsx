// One's own account: who one is, password, second factor, sessions, tokens.
import { useState } from 'preact/hooks';
import { signOut } from '../../api/session';
import { t } from '../../i18n/account-text';
import { discardDraft, hasUnsavedWork, isOwnWork } from '../../state/draft';
import { endDrawing } from '../../state/drawing';
import { panel } from '../../state/panel';
import { may, me, session } from '../../state/session';
import { FactorSection } from './factor-section';
import { Problem, useSending } from './form-parts';
import { grantText, rightText } from './grant-text';
import { PasswordForm } from './password-form';
import { SessionsSection } from './sessions-section';
import { TokensSection } from './tokens-section';

export function AccountPanel() {
  if (!me.value) return <p>{t('refused.sign-in-needed')}</p>;
  return (
    <div class="account" data-testid="own-account">
      <SignOut />
      <Administration />
      <Who />
      <PasswordSection />
      <FactorSection />
      <SessionsSection />
      <TokensSection />
    </div>
  );
}

function SignOut() {
  const sending = useSending();
  const leave = async () => {
    const loses = hasUnsavedWork.value && isOwnWork.value;
    if (loses && !window.confirm(t('own.sign_out_ask'))) return;
    const isDone = await sending.run(signOut);
    if (!isDone) return;
    endDrawing();
    if (loses) discardDraft();
    // Nothing that somebody was shown stays in the page; a record named in the address might be known to them only.
    panel.value = null;
    location.reload();
  };
  return (
    <>
      <button type="button" class="button" data-testid="sign-out" disabled={sending.isBusy} onClick={() => void leave()}>
        {t('own.sign_out')}
      </button>
      <Problem text={sending.problem} />
    </>
  );
}

function Administration() {
  if (!may('manage_accounts') && !may('read_audit')) return null;
  return (
    <section>
      <h3>{t('own.go')}</h3>
      <p class="actions">
        {may('manage_accounts') && (
          <button type="button" class="button" data-testid="accounts" onClick={() => (panel.value = { kind: 'accounts' })}>
            {t('session.accounts')}
          </button>
        )}
        {may('read_audit') && (
          <button type="button" class="button" data-testid="audit" onClick={() => (panel.value = { kind: 'audit' })}>
            {t('session.audit')}
          </button>
        )}
      </p>
    </section>
  );
}

function Who() {
  const grants = me.value?.grants ?? [];
  const rights = session.value?.rights ?? [];
  return (
    <section>
      <h3>{t('own.who')}</h3>
      <p>
        <strong>{me.value?.name}</strong> <span class="field-note">{me.value?.id}</span>
      </p>
      <h4>{t('own.roles')}</h4>
      {grants.length === 0 && <p>{t('own.no_roles')}</p>}
      <ul class="plain-list">
        {grants.map((grant, i) => (
          <li key={i}>{grantText(grant)}</li>
        ))}
      </ul>
      <h4>{t('own.rights')}</h4>
      <p>{rights.length ? rights.map(rightText).join('; ') : t('own.no_rights')}</p>
    </section>
  );
}

function PasswordSection() {
  const [isOpen, setOpen] = useState(false);
  const [isChanged, setChanged] = useState(false);
  return (
    <section>
      <h3>{t('password.title')}</h3>
      {isChanged && <p role="status">{t('password.changed')}</p>}
      {isOpen ? (
        <PasswordForm onDone={() => (setOpen(false), setChanged(true))} />
      ) : (
        <button type="button" class="button" data-testid="change-password" onClick={() => (setOpen(true), setChanged(false))}>
          {t('password.change')}
        </button>
      )}
    </section>
  );
}
