// Whether the account has a second factor; sets one up, or removes it.
import { useState } from 'preact/hooks';
import { endFactor } from '../../api/accounts';
import { t } from '../../i18n/account-text';
import { askSession, me } from '../../state/session';
import { FactorSetup } from './factor-setup';
import { Form, TextField, useSending } from './form-parts';

export function FactorSection() {
  const [work, setWork] = useState<'none' | 'setting-up' | 'removing'>('none');
  const isOn = me.value?.second_factor === true;
  const close = () => setWork('none');
  return (
    <section data-testid="factor">
      <h3>{t('factor.title')}</h3>
      {work !== 'setting-up' && <p>{t(isOn ? 'factor.is_on' : me.value?.second_factor_needed ? 'factor.is_off_needed' : 'factor.is_off')}</p>}
      {work === 'setting-up' && <FactorSetup onCodes={() => undefined} onDone={close} />}
      {work === 'removing' && <Removal onDone={close} />}
      {work === 'none' && (
        <button type="button" class="button" onClick={() => setWork(isOn ? 'removing' : 'setting-up')}>
          {t(isOn ? 'factor.end' : 'factor.begin')}
        </button>
      )}
    </section>
  );
}

function Removal({ onDone }: { onDone: () => void }) {
  const sending = useSending();
  const [password, setPassword] = useState('');
  const [code, setCode] = useState('');
  const submit = async () => {
    if (!password || !code.trim()) return sending.refuse(t('password.missing'));
    const isDone = await sending.run(async () => {
      await endFactor(password, code.replace(/\s/g, ''));
      await askSession();
    });
    if (isDone) onDone();
  };
  return (
    <Form sending={sending} button={t('factor.end')} testId="factor-end" onSubmit={() => void submit()} onCancel={{ label: t('accounts.cancel'), run: onDone }}>
      <TextField label={t('factor.confirm_password')} type="password" autoComplete="current-password" value={password} onChange={setPassword} />
      <TextField label={t('factor.code')} autoComplete="one-time-code" value={code} onChange={setCode} />
    </Form>
  );
}
