// Says something about a record, with a reason: proposes that it is withdrawn or that a release counts, or verifies it.
import { useRef, useState } from 'preact/hooks';
import type { RecordFeature, SaveAnswer } from '../api/types';
import { proposeRelease, verify, withdraw } from '../api/write';
import { t } from '../i18n/text';
import { freshKey } from '../state/draft';
import { ask } from '../state/register';
import { refusalText } from './refusal-text';

interface About {
  collection: string;
  record: RecordFeature;
}

interface Proposing {
  title: string;
  explain: string;
  button: string;
  testId: string;
  /** What is said when the register has taken it. */
  done?: string;
  send: (reason: string, key: string) => Promise<SaveAnswer>;
}

/** It stays on the map until another person approves. */
export function WithdrawForm({ collection, record }: About) {
  const send = (reason: string, key: string) => withdraw(collection, record.id, revisionOf(record), reason, key);
  return <ReasonForm testId="withdraw" title={t('withdraw.title')} explain={t('withdraw.explain')} button={t('withdraw.do')} send={send} />;
}

/** A release that was imported, or whose proposal was rejected, counts only when somebody proposes it again. */
export function ReleaseForm({ collection, record }: About) {
  const send = (reason: string, key: string) => proposeRelease(collection, record.id, revisionOf(record), reason, key);
  return <ReasonForm testId="release" title={t('release.title')} explain={t('release.explain')} button={t('release.do')} send={send} />;
}

/** That somebody who did not record it has held it against its source. */
export function VerifyForm({ collection, record }: About) {
  const send = (reason: string, key: string) => verify(collection, record.id, revisionOf(record), reason, key);
  return <ReasonForm testId="verify" title={t('verify.title')} explain={t('verify.explain')} button={t('verify.do')} done={t('verify.done')} send={send} />;
}

function revisionOf({ properties }: RecordFeature): number {
  return Number(properties['revision']);
}

function ReasonForm({ title, explain, button, testId, done = t('edit.proposed'), send }: Proposing) {
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
      await send(because, sent.current.key);
      setProposed(true);
      await ask();
    } catch (refusal) {
      setProblem(refusalText(refusal));
    }
  };
  return (
    <details data-testid={testId}>
      <summary>{title}</summary>
      {isProposed ? (
        <p role="status" class="warning">{done}</p>
      ) : (
        <form class="inline-form" onSubmit={(event) => void submit(event)}>
          <p>{explain}</p>
          <label>
            {t('edit.reason')}
            <textarea rows={2} required value={reason} onInput={(event) => setReason(event.currentTarget.value)} />
          </label>
          {problem && <p role="alert" class="problem">{problem}</p>}
          <button type="submit" class="small-button">
            {button}
          </button>
        </form>
      )}
    </details>
  );
}
