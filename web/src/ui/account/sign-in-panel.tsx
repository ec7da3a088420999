// Signs in, or makes the first administrator, and then asks for what must come before any work.
import { useState } from 'preact/hooks';
import { t } from '../../i18n/account-text';
import { panel, type Panel } from '../../state/panel';
import { isWorkstation, me, nextStep, session, setupToken } from '../../state/session';
import { FactorSetup } from './factor-setup';
import { PasswordForm } from './password-form';
import { SetupForm } from './setup-form';
import { SignInForm } from './sign-in-form';

export function SignInPanel({ back }: { back: Panel | null }) {
  // Kept while the panel is open: the steps that may follow ask for it.
  const [typed, setTyped] = useState('');
  const [hasCodes, setCodes] = useState(false);
  const goOn = () => (panel.value = back);
  const goOnIfDone = () => void (nextStep.value === null && goOn());
  if (!session.value) return <p role="status">{t('status.waiting')}</p>;
  if (me.value && nextStep.value === 'password') {
    return (
      <>
        <p class="warning">{t('password.first')}</p>
        <PasswordForm known={typed} onChanged={setTyped} onDone={goOnIfDone} />
      </>
    );
  }
  // The recovery codes stay in sight until they are kept, although the step itself is done.
  if (me.value && (nextStep.value === 'second-factor' || hasCodes)) return <FactorSetup known={typed} onCodes={() => setCodes(true)} onDone={goOn} />;
  if (me.value) return <Done onDone={goOn} />;
  if (isWorkstation.value || setupToken.value !== null) return <SetupForm onDone={(password) => (setTyped(password), goOnIfDone())} />;
  return <SignInForm onDone={(password) => (setTyped(password), goOnIfDone())} />;
}

// Somebody signed in elsewhere in this browser while the form stood here.
function Done({ onDone }: { onDone: () => void }) {
  return (
    <>
      <p role="status">{t('session.account', { name: me.value?.name ?? '' })}</p>
      <button type="button" class="button" onClick={onDone}>
        {t('sign_in.next')}
      </button>
    </>
  );
}
