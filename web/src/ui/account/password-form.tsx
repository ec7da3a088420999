// Changes one's own password; the first one, which somebody else knows, before anything else.
import { useState } from 'preact/hooks';
import { changePassword } from '../../api/accounts';
import { t } from '../../i18n/account-text';
import { askSession } from '../../state/session';
import { Form, TextField, useSending } from './form-parts';
import { PasswordFields, passwordProblem } from './password-fields';

const EMPTY = { first: '', again: '' };

interface Props {
  /** The current password, where it was typed just before, when signing in. */
  known?: string;
  /** Told the new password as soon as it holds, for the step that may follow. */
  onChanged?: (password: string) => void;
  onDone: () => void;
}

export function PasswordForm({ known = '', onChanged, onDone }: Props) {
  const sending = useSending();
  const [typed, setTyped] = useState('');
  const current = known || typed;
  const [wanted, setWanted] = useState(EMPTY);
  const submit = async () => {
    const wrong = current ? passwordProblem(wanted) : t('password.missing');
    if (wrong) return sending.refuse(wrong);
    const isDone = await sending.run(async () => {
      await changePassword(current, wanted.first);
      onChanged?.(wanted.first);
      await askSession();
    });
    if (!isDone) return;
    setWanted(EMPTY);
    setTyped('');
    onDone();
  };
  return (
    <Form sending={sending} button={t('password.change')} testId="password-form" onSubmit={() => void submit()}>
      {!known && <TextField label={t('password.current')} type="password" autoComplete="current-password" value={typed} onChange={setTyped} testId="password-current" />}
      <PasswordFields value={wanted} onChange={setWanted} />
    </Form>
  );
}
