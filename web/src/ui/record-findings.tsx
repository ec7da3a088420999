// Open findings about the data of one record: how grave, where, what to do. A finding may be accepted with a reason.
import { useState } from 'preact/hooks';
import type { Finding, Label } from '../api/types';
import { acceptFinding } from '../api/write';
import { hasText, t } from '../i18n/text';
import { mayVerify } from '../state/session';
import { ask } from '../state/register';
import { wantedMove } from '../state/viewport';
import { refusalText } from './refusal-text';
import { inWords, labelOf, wordsOf } from './value-text';

export function RecordFindings({ collection, id, findings }: { collection: string; id: string; findings: Finding[] | undefined }) {
  if (!findings?.length) return null;
  return (
    <section class="findings">
      <h4>{t('record.findings')}</h4>
      <ul>
        {findings.map((finding) => (
          <li key={finding.rule + (finding.field ?? '') + finding.message} class={`is-${finding.severity}`}>
            <FindingText collection={collection} finding={finding} />
            {mayVerify.value && <Acceptance collection={collection} id={id} finding={finding} />}
          </li>
        ))}
      </ul>
    </section>
  );
}

export function severityText(severity: string): string {
  const key = `severity.${severity}`;
  return hasText(key) ? t(key) : severity;
}

export function FindingText({ collection, finding }: { collection: string; finding: Finding }) {
  const { severity, field, message, remedy, position, refuses } = finding;
  const name = field?.replace(/^properties\./, '').split(/[.[]/)[0];
  return (
    <>
      <strong>
        {refuses ? t('edit.must') : severityText(severity)}
        {name && ` · ${labelOf(name, wordsOf(collection, name))}`}
      </strong>
      <p>{message}</p>
      <Remedy remedy={remedy} />
      {position && (
        <button type="button" class="link-button" onClick={() => (wantedMove.value = { kind: 'to', lon: position[0], lat: position[1], zoom: 16 })}>
          {t('findings.place')}
        </button>
      )}
    </>
  );
}

function Remedy({ remedy }: { remedy: Label | null | undefined }) {
  const text = inWords(remedy);
  return text ? (
    <p>
      {t('findings.remedy')}: {text}
    </p>
  ) : null;
}

export function Acceptance({ collection, id, finding, onDone }: { collection: string; id: string; finding: Finding; onDone?: () => void }) {
  const [isOpen, setOpen] = useState(false);
  const [reason, setReason] = useState('');
  const [problem, setProblem] = useState('');
  const accept = async (event: Event) => {
    event.preventDefault();
    if (!reason.trim()) return setProblem(t('edit.reason_missing'));
    try {
      await acceptFinding(collection, id, finding, reason.trim());
      setOpen(false);
      onDone?.();
      void ask();
    } catch (refusal) {
      setProblem(refusalText(refusal));
    }
  };
  if (!isOpen) {
    return (
      <button type="button" class="link-button" onClick={() => setOpen(true)}>
        {t('findings.accept')}
      </button>
    );
  }
  return (
    <form class="inline-form" onSubmit={(event) => void accept(event)}>
      <label>
        {t('findings.accept_reason')}
        <textarea rows={2} value={reason} onInput={(event) => setReason(event.currentTarget.value)} />
      </label>
      {problem && <p role="alert" class="problem">{problem}</p>}
      <button type="submit" class="small-button">
        {t('findings.accept')}
      </button>
    </form>
  );
}
