// Makes the first administrator, with the code that the program printed.
import { useState } from 'preact/hooks';
import { setUp } from '../../api/accounts';
import { Refusal } from '../../api/ask';
import { t } from '../../i18n/account-text';
import { askSession, setupToken, takeSession } from '../../state/session';
import { isAccountId } from './account-id';
import { Form, TextField, useSending } from './form-parts';
import { PasswordFields, passwordProblem } from './password-fields';

export function SetupForm({ onDone }: { onDone: (password: string) => void }) {
  const sending = useSending();
  const [code, setCode] = useState('');
  const [account, setAccount] = useState('');
  const [name, setName] = useState('');
  const [wanted, setWanted] = useState({ first: '', again: '' });
  const token = setupToken.value ?? code.trim();
  const wrong = () => {
    if (!token || !account || !name.trim()) return t('password.missing');
    return isAccountId(account) ? passwordProblem(wanted) : t('accounts.id_wrong');
  };
  const submit = async () => {
    if (wrong()) return sending.refuse(wrong());
    await sending.run(async () => {
      const made = await setUp(token, account, name.trim(), wanted.first).catch(toSignIn);
      setupToken.value = null;
      takeSession(made);
      onDone(wanted.first);
    });
  };
  return (
    <>
      <p class="note">{t('setup.explain')}</p>
      <Form sending={sending} button={t('setup.do')} testId="setup-form" onSubmit={() => void submit()}>
        {setupToken.value === null && <TextField label={t('setup.token')} hint={t('setup.token_explain')} value={code} onChange={setCode} testId="setup-token" />}
        <TextField label={t('account.id')} hint={t('account.id_hint')} autoComplete="username" value={account} onChange={(text) => setAccount(text.trim().toLowerCase())} testId="setup-account" />
        <TextField label={t('account.name')} autoComplete="name" value={name} onChange={setName} testId="setup-name" />
        <PasswordFields value={wanted} onChange={setWanted} />
      </Form>
    </>
  );
}

// Where there is an administrator already, the way on is to sign in.
async function toSignIn(problem: unknown): Promise<never> {
  if (problem instanceof Refusal && problem.kind === 'setup-done') {
    setupToken.value = null;
    await askSession();
  }
  throw problem;
}
