// One account in the list of all: what it may, when it was used, and what can be done about it.
import { useState } from 'preact/hooks';
import { changeAccount, resetFactor, resetPassword, type AccountRow } from '../../api/accounts';
import { t } from '../../i18n/account-text';
import { dateTime } from '../../i18n/quantity';
import { askSession, me } from '../../state/session';
import { AccountForm } from './account-form';
import { FirstPassword } from './first-password';
import { Problem, useSending } from './form-parts';
import { grantText } from './grant-text';

interface Props {
  account: AccountRow;
  onChanged: () => void;
}

export function AccountCard({ account, onChanged }: Props) {
  const [isEdited, setEdited] = useState(false);
  const [password, setPassword] = useState<string | null>(null);
  return (
    <li class={account.disabled ? 'account-card is-disabled' : 'account-card'} data-account={account.id}>
      <div>
        <Heading account={account} />
        {password !== null && <FirstPassword name={account.name} password={password} onDone={() => setPassword(null)} />}
        {isEdited ? <Change account={account} onClose={() => setEdited(false)} onChanged={onChanged} /> : <Actions account={account} onChanged={onChanged} onEdit={() => setEdited(true)} onPassword={setPassword} />}
      </div>
    </li>
  );
}

function Heading({ account }: { account: AccountRow }) {
  const { id, name, grants, disabled, second_factor, last_sign_in_at, issuer } = account;
  const facts = [
    last_sign_in_at ? t('accounts.last', { time: dateTime(last_sign_in_at) }) : t('accounts.never'),
    t(second_factor ? 'accounts.has_factor' : 'accounts.no_factor'),
    issuer && t('accounts.issuer', { name: issuer }),
  ];
  return (
    <>
      <h3>
        {name} <small>{[id, id === me.value?.id && t('accounts.you')].filter(Boolean).join(' · ')}</small> {disabled && <span class="mark">{t('accounts.disabled')}</span>}
      </h3>
      <ul class="plain-list">
        {grants.map((grant, i) => (
          <li key={i}>{grantText(grant)}</li>
        ))}
        {grants.length === 0 && <li>{t('accounts.no_roles')}</li>}
      </ul>
      <p class="field-note">{facts.filter(Boolean).join(' · ')}</p>
    </>
  );
}

function Change({ account, onClose, onChanged }: Props & { onClose: () => void }) {
  const save = async ({ name, grants }: Pick<AccountRow, 'name' | 'grants'>) => {
    await changeAccount(account.id, { name, grants });
    // One's own roles may be among what has changed.
    if (account.id === me.value?.id) await askSession();
    onClose();
    onChanged();
  };
  return <AccountForm button={t('accounts.save')} start={account} onCancel={onClose} onSave={save} />;
}

interface Doing extends Props {
  onEdit: () => void;
  onPassword: (password: string) => void;
}

function Actions({ account: { id, name, disabled, second_factor, issuer }, onChanged, onEdit, onPassword }: Doing) {
  const sending = useSending();
  const act = async (question: string | null, work: () => Promise<void>) => {
    if (question !== null && !window.confirm(question)) return;
    if (await sending.run(work)) onChanged();
  };
  const toggle = () => act(disabled ? null : t('accounts.disable_ask', { name }), async () => void (await changeAccount(id, { disabled: !disabled })));
  const reset = () => act(t('accounts.reset_password_ask', { name }), async () => onPassword((await resetPassword(id)).first_password));
  const unfactor = () => act(t('accounts.reset_factor_ask', { name }), () => resetFactor(id));
  return (
    <>
      <p class="actions">
        <Action text={t('accounts.roles')} label={t('accounts.roles_of', { name })} onClick={onEdit} />
        <Action text={t(disabled ? 'accounts.enable' : 'accounts.disable')} label={t(disabled ? 'accounts.enable_of' : 'accounts.disable_of', { name })} onClick={() => void toggle()} />
        {!issuer && <Action text={t('accounts.reset_password')} label={t('accounts.reset_password_of', { name })} onClick={() => void reset()} />}
        {second_factor && <Action text={t('accounts.reset_factor')} label={t('accounts.reset_factor_of', { name })} onClick={() => void unfactor()} />}
      </p>
      <Problem text={sending.problem} />
    </>
  );
}

function Action({ text, label, onClick }: { text: string; label: string; onClick: () => void }) {
  return (
    <button type="button" class="small-button" aria-label={label} onClick={onClick}>
      {text}
    </button>
  );
}
