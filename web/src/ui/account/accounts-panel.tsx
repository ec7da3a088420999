// Everybody's accounts, for those who manage them.
import { useState } from 'preact/hooks';
import { fetchAccounts, makeAccount, type AccountRow } from '../../api/accounts';
import { counted, t } from '../../i18n/account-text';
import { may } from '../../state/session';
import { useAnswer } from '../use-answer';
import { AccountCard } from './account-card';
import { AccountForm } from './account-form';
import { FirstPassword } from './first-password';
import { TextField } from './form-parts';

export function AccountsPanel() {
  const [round, setRound] = useState(0);
  const answer = useAnswer(fetchAccounts, [round]);
  const [kept, setKept] = useState<AccountRow[] | null>(null);
  const accounts = answer.state === 'answered' ? answer.value : kept;
  const again = () => (setKept(accounts), setRound(round + 1));
  if (!may('manage_accounts')) return <p class="warning">{t('refused.forbidden')}</p>;
  return (
    <div class="account" data-testid="all-accounts">
      <Adding onMade={again} />
      {answer.state === 'failed' && <p class="warning" role="alert">{t('accounts.failed')}</p>}
      {!accounts && answer.state === 'waiting' && <p role="status">{t('place.working')}</p>}
      {accounts && <List accounts={accounts} onChanged={again} />}
    </div>
  );
}

function Adding({ onMade }: { onMade: () => void }) {
  const [isOpen, setOpen] = useState(false);
  const [first, setFirst] = useState<{ name: string; password: string } | null>(null);
  if (first) return <FirstPassword name={first.name} password={first.password} onDone={() => setFirst(null)} />;
  if (!isOpen) {
    return (
      <button type="button" class="button is-main" data-testid="add-account" onClick={() => setOpen(true)}>
        {t('accounts.add')}
      </button>
    );
  }
  return (
    <AccountForm
      button={t('accounts.make')}
      start={{ id: '', name: '', grants: [] }}
      isNew
      onCancel={() => setOpen(false)}
      onSave={async (account) => {
        const made = await makeAccount(account);
        setFirst({ name: made.account.name, password: made.first_password });
        setOpen(false);
        onMade();
      }}
    />
  );
}

const LISTED_AT_ONCE_MAX = 12;

function List({ accounts, onChanged }: { accounts: AccountRow[]; onChanged: () => void }) {
  const [text, setText] = useState('');
  const wanted = text.trim().toLowerCase();
  const found = accounts.filter(({ id, name }) => `${id} ${name}`.toLowerCase().includes(wanted));
  return (
    <>
      {accounts.length > LISTED_AT_ONCE_MAX && <TextField label={t('accounts.find')} type="search" value={text} onChange={setText} />}
      <p role="status">{counted('accounts.count', found.length)}</p>
      <ul class="rows">
        {found.map((account) => (
          <AccountCard key={account.id} account={account} onChanged={onChanged} />
        ))}
      </ul>
    </>
  );
}
