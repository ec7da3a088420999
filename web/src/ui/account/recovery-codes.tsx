// The recovery codes, shown once: to be copied or saved before going on.
import { useState } from 'preact/hooks';
import { t } from '../../i18n/account-text';
import { CopyButton } from '../place-heading';
import { CheckField } from './form-parts';
import { saveText } from './save-text';

export function RecoveryCodes({ codes, onKept }: { codes: string[]; onKept: () => void }) {
  const [isKept, setKept] = useState(false);
  const text = codes.join('\n');
  return (
    <section class="recovery" data-testid="recovery-codes">
      <h3>{t('factor.recovery')}</h3>
      <p class="warning">{t('factor.recovery_explain')}</p>
      <ol class="recovery-codes">
        {codes.map((code) => (
          <li key={code}>
            <code>{code}</code>
          </li>
        ))}
      </ol>
      <p class="actions">
        <CopyButton text={text} label={t('factor.recovery_copy')} />
        <button type="button" class="small-button" onClick={() => saveText('minemap-recovery-codes.txt', `minemap ${location.host}\n\n${text}\n`)}>
          {t('factor.recovery_save')}
        </button>
      </p>
      <CheckField label={t('factor.recovery_kept')} checked={isKept} onChange={setKept} />
      <button type="button" class="button is-main" disabled={!isKept} onClick={onKept}>
        {t('sign_in.next')}
      </button>
    </section>
  );
}
