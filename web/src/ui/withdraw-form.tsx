// Proposes that a record is withdrawn. It stays on the map until another person approves that.
import { useRef, useState } from 'preact/hooks';
import type { RecordFeature } from '../api/types';
import { withdraw } from '../api/write';
import { t } from '../i18n/text';
import { freshKey } from '../state/draft';
import { personSent } from '../state/person';
import { ask } from '../state/register';
import { refusalText } from './refusal-text';

export function WithdrawForm({ collection, record }: { collection: string; record: RecordFeature }) {
  const [reason, setReason] = useState('');
  const [problem, setProblem] = useState('');
  const [isProposed, setProposed] = useState(false);
  // The same reason sent again, after an answer was lost, is the same request.
  const sent = useRef({ reason: '', key: '' });
  const submit = async (event: Event) => {
    event.preventDefault();
    const because = reason.trim();
    if (!because) return setProblem(t('edit.reason_missing'));
    if (sent.current.reason !== because) sent.current = { reason: because, key: freshKey() };
    try {
      await withdraw(collection, record.id, Number(record.properties['revision']), because, personSent.value, sent.current.key);
      setProposed(true);
      await ask();
    } catch (refusal) {
      setProblem(refusalText(refusal));
    }
  };
  return (
    <details data-testid="withdraw">
      <summary>{t('withdraw.title')}</summary>
      {isProposed ? (
        <p role="status" class="warning">{t('edit.proposed')}</p>
      ) : (
        <form class="inline-form" onSubmit={(event) => void submit(event)}>
          <p>{t('withdraw.explain')}</p>
          <label>
            {t('edit.reason')}
            <textarea rows={2} required value={reason} onInput={(event) => setReason(event.currentTarget.value)} />
          </label>
          {problem && <p role="alert" class="problem">{problem}</p>}
          <button type="submit" class="small-button">
            {t('withdraw.do')}
          </button>
        </form>
      )}
    </details>
  );
}
