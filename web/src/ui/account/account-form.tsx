// Makes an account, or changes its name and roles.
import { useState } from 'preact/hooks';
import type { Grant } from '../../api/types';
import { t } from '../../i18n/account-text';
import { isAccountId } from './account-id';
import { Form, TextField, useSending } from './form-parts';
import { GrantInput } from './grant-input';
import { draftOf, EMPTY_GRANT, grantProblem, grantsOf, type GrantDraft } from './grant-draft';

interface Account {
  id: string;
  name: string;
  grants: Grant[];
}

interface Props {
  start: Account;
  button: string;
  isNew?: boolean;
  onSave: (account: Account) => Promise<void>;
  onCancel: () => void;
}

export function AccountForm({ start, button, isNew = false, onSave, onCancel }: Props) {
  const sending = useSending();
  const [id, setId] = useState(start.id);
  const [name, setName] = useState(start.name);
  const [drafts, setDrafts] = useState<GrantDraft[]>(start.grants.map(draftOf));
  const submit = async () => {
    const wrong = problemOf(id, name, drafts);
    if (wrong) return sending.refuse(wrong);
    await sending.run(() => onSave({ id, name: name.trim(), grants: grantsOf(drafts) }));
  };
  return (
    <Form sending={sending} button={button} testId="account-form" onSubmit={() => void submit()} onCancel={{ label: t('accounts.cancel'), run: onCancel }}>
      {isNew && <TextField label={t('account.id')} hint={t('account.id_hint')} value={id} onChange={(text) => setId(text.trim().toLowerCase())} testId="account-id" />}
      <TextField label={t('account.name')} value={name} onChange={setName} testId="account-name" />
      {drafts.map((draft, i) => (
        <GrantInput
          key={i}
          number={i + 1}
          draft={draft}
          onChange={(changed) => setDrafts(drafts.map((other, j) => (j === i ? changed : other)))}
          onRemove={() => setDrafts(drafts.filter((_, j) => j !== i))}
        />
      ))}
      <button type="button" class="small-button" data-testid="add-grant" onClick={() => setDrafts([...drafts, EMPTY_GRANT])}>
        {t('grants.add')}
      </button>
    </Form>
  );
}

function problemOf(id: string, name: string, drafts: GrantDraft[]): string {
  if (!isAccountId(id)) return t('accounts.id_wrong');
  if (!name.trim()) return t('password.missing');
  const wrong = drafts.map(grantProblem).find((problem) => problem !== null);
  return wrong ? t(wrong) : '';
}
