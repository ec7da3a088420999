// Sets up a second factor: the password, the secret, a code that shows that it arrived, and the recovery codes.
import { useState } from 'preact/hooks';
import { beginFactor, confirmFactor, type FactorSecret } from '../../api/accounts';
import { t } from '../../i18n/account-text';
import { askSession, me } from '../../state/session';
import { lazily } from '../lazily';
import { CopyButton } from '../place-heading';
import { Form, TextField, useSending } from './form-parts';
import { RecoveryCodes } from './recovery-codes';

const QrCode = lazily(() => import('./qr-code').then((part) => part.QrCode));

interface Props {
  /** The password, where it was typed just before. */
  known?: string;
  onCodes: () => void;
  onDone: () => void;
}

export function FactorSetup({ known = '', onCodes, onDone }: Props) {
  const [secret, setSecret] = useState<FactorSecret | null>(null);
  const [codes, setCodes] = useState<string[] | null>(null);
  const take = (recovery: string[]) => {
    setCodes(recovery);
    onCodes();
    // Only now: from here on the account counts as having one.
    void askSession();
  };
  if (codes) return <RecoveryCodes codes={codes} onKept={onDone} />;
  return secret ? <Confirm secret={secret} onCodes={take} /> : <Begin known={known} onSecret={setSecret} />;
}

function Begin({ known, onSecret }: { known: string; onSecret: (secret: FactorSecret) => void }) {
  const sending = useSending();
  const [typed, setTyped] = useState('');
  const password = known || typed;
  const submit = async () => {
    if (!password) return sending.refuse(t('password.missing'));
    await sending.run(async () => onSecret(await beginFactor(password)));
  };
  return (
    <>
      {me.value?.second_factor_needed && <p class="warning">{t('session.step_factor')}</p>}
      <p class="note">{t('factor.begin_explain')}</p>
      <Form sending={sending} button={t('factor.begin')} testId="factor-begin" onSubmit={() => void submit()}>
        {!known && <TextField label={t('factor.confirm_password')} type="password" autoComplete="current-password" value={typed} onChange={setTyped} testId="factor-password" />}
      </Form>
    </>
  );
}

function Confirm({ secret: { secret, uri }, onCodes }: { secret: FactorSecret; onCodes: (codes: string[]) => void }) {
  const sending = useSending();
  const [code, setCode] = useState('');
  const submit = async () => {
    if (!code.trim()) return sending.refuse(t('password.missing'));
    await sending.run(async () => onCodes((await confirmFactor(code.replace(/\s/g, ''))).recovery_codes));
  };
  return (
    <>
      <p>{t('factor.scan')}</p>
      <QrCode text={uri} />
      <p>{t('factor.secret')}</p>
      <p class="secret">
        <code data-testid="factor-secret">{inGroups(secret)}</code> <CopyButton text={secret} label={t('factor.copy_secret')} />
      </p>
      {uri.startsWith('otpauth:') && (
        <a class="link" href={uri}>
          {t('factor.link')}
        </a>
      )}
      <Form sending={sending} button={t('factor.confirm')} testId="factor-confirm" onSubmit={() => void submit()}>
        <TextField label={t('factor.code')} autoComplete="one-time-code" value={code} onChange={setCode} testId="factor-code" />
      </Form>
    </>
  );
}

// Easier to type off a screen.
function inGroups(secret: string): string {
  return secret.replace(/(.{4})(?=.)/g, '$1 ');
}
