// Account and password; then, where the account has one, the code of the second factor.
import { useRef, useState } from 'preact/hooks';
import { Refusal } from '../../api/ask';
import { issuerAddress, signIn } from '../../api/session';
import { t } from '../../i18n/account-text';
import { isIssuerRefused, session, takeSession } from '../../state/session';
import { Form, TextField, useSending } from './form-parts';

/** `onDone` is told the password, for the step that may follow. */
export function SignInForm({ onDone }: { onDone: (password: string) => void }) {
  const sending = useSending();
  const [account, setAccount] = useState('');
  const [password, setPassword] = useState('');
  const [code, setCode] = useState<string | null>(null);
  const begin = () => (setCode(null), setPassword(''), sending.refuse(''));
  const submit = async () => {
    if (!account.trim() || !password || code === '') return sending.refuse(t('password.missing'));
    await sending.run(async () => {
      const found = await signIn(account.trim().toLowerCase(), password, code?.replace(/\s/g, '') ?? null).catch((problem: unknown) => asksForCode(problem, () => setCode('')));
      if (!found) return;
      takeSession(found);
      onDone(password);
    });
  };
  if (code !== null) {
    return (
      <Form sending={sending} button={t('sign_in.do')} testId="sign-in-code" onSubmit={() => void submit()} onCancel={{ label: t('sign_in.back'), run: begin }}>
        <Code value={code} onChange={setCode} />
      </Form>
    );
  }
  return (
    <>
      {isIssuerRefused.value && <p class="warning" role="alert">{t('sign_in.issuer_failed')}</p>}
      <p class="note">{t('sign_in.explain')}</p>
      <Form sending={sending} button={t('sign_in.do')} testId="sign-in-form" onSubmit={() => void submit()}>
        <TextField label={t('sign_in.account')} autoComplete="username" value={account} onChange={setAccount} testId="sign-in-account" />
        <TextField label={t('sign_in.password')} type="password" autoComplete="current-password" value={password} onChange={setPassword} testId="sign-in-password" />
      </Form>
      <Issuers />
    </>
  );
}

// The password is right and a code is asked for: the second step, not a failure.
function asksForCode(problem: unknown, onAsked: () => void): null {
  if (!(problem instanceof Refusal) || problem.kind !== 'second-factor-needed') throw problem;
  onAsked();
  return null;
}

function Code({ value, onChange }: { value: string; onChange: (code: string) => void }) {
  const place = useRef<HTMLDivElement>(null);
  const isFresh = useRef(true);
  // The field is what was asked for: whoever types goes on typing.
  const take = (element: HTMLDivElement | null) => {
    place.current = element;
    if (element && isFresh.current) element.querySelector('input')?.focus();
    isFresh.current = false;
  };
  return (
    <div ref={take} class="edit">
      <p role="status">{t('sign_in.code_explain')}</p>
      <TextField label={t('sign_in.code')} autoComplete="one-time-code" value={value} onChange={onChange} testId="sign-in-code-field" />
    </div>
  );
}

function Issuers() {
  const issuers = session.value?.issuers ?? [];
  if (issuers.length === 0) return null;
  return (
    <>
      <p class="or">{t('sign_in.or')}</p>
      <ul class="issuers">
        {issuers.map(({ id, name }) => (
          <li key={id}>
            <a class="button" href={issuerAddress(id)}>
              {t('sign_in.with', { name })}
            </a>
          </li>
        ))}
      </ul>
    </>
  );
}
