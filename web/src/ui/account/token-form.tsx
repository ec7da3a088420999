// Makes a token: what for, how much it may, until when.
import { useState } from 'preact/hooks';
import { makeToken, type Access, type Levels } from '../../api/accounts';
import { t } from '../../i18n/account-text';
import { may } from '../../state/session';
import { ChoiceField, Form, TextField, useSending } from './form-parts';
import { dayAfter, isTokenDay } from './token-days';

const DAYS_AT_START = 90;

export function TokenForm({ onMade, onCancel }: { onMade: (token: string) => void; onCancel: () => void }) {
  const sending = useSending();
  const [name, setName] = useState('');
  const [access, setAccess] = useState<Access>('read');
  const [levels, setLevels] = useState<Levels>('partners');
  const [day, setDay] = useState(dayAfter(DAYS_AT_START));
  const submit = async () => {
    if (!name.trim()) return sending.refuse(t('password.missing'));
    if (!isTokenDay(day)) return sending.refuse(t('tokens.expires_wrong'));
    await sending.run(async () => onMade((await makeToken({ name: name.trim(), access, levels, expires_on: day })).token));
  };
  const accesses: [Access, string][] = [['read', t('tokens.read')], ['write', t('tokens.write')]];
  const sights: [Levels, string][] = [['public', t('tokens.public')], ['partners', t('tokens.partners')], ['all', t('tokens.all')]];
  return (
    <Form sending={sending} button={t('tokens.make')} testId="token-form" onSubmit={() => void submit()} onCancel={{ label: t('accounts.cancel'), run: onCancel }}>
      <TextField label={t('tokens.name')} value={name} onChange={setName} testId="token-name" />
      <ChoiceField label={t('tokens.access')} value={access} options={may('write') ? accesses : accesses.slice(0, 1)} onChange={setAccess} testId="token-access" />
      <ChoiceField label={t('tokens.levels')} value={levels} options={sights} onChange={setLevels} testId="token-levels" />
      <TextField label={t('tokens.expires')} type="date" hint={t('tokens.expires_hint')} min={dayAfter(1)} max={dayAfter(365)} value={day} onChange={setDay} testId="token-expires" />
    </Form>
  );
}
