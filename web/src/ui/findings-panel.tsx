// Findings about the data of the whole register: how many of which rule, filtered, each with its record and remedy.
import { useState } from 'preact/hooks';
import { read } from '../api/ask';
import { pathOf } from '../api/register';
import type { Findings, ListedFinding } from '../api/types';
import { fetchFindings, type FindingsQuestion } from '../api/write';
import { date, number } from '../i18n/quantity';
import { counted, t, type TextKey } from '../i18n/text';
import { isPast } from '../state/past';
import { openRecord } from '../state/panel';
import { accountName, mayVerify } from '../state/session';
import { revision, vocabulary } from '../state/register';
import { wantedMove } from '../state/viewport';
import { Acceptance, FindingText, severityText } from './record-findings';
import { useAnswer } from './use-answer';
import { collectionLabel } from './value-text';

const STATES: [FindingsQuestion['state'], TextKey][] = [
  ['open', 'findings.open'],
  ['accepted', 'findings.accepted'],
  ['all', 'findings.all'],
];

export function FindingsPanel() {
  const [question, setQuestion] = useState<FindingsQuestion>({ collection: '', rule: '', severity: '', state: 'open' });
  const [round, setRound] = useState(0);
  const answer = useAnswer(() => fetchFindings(question), [JSON.stringify(question), revision.value, round]);
  const set = (part: Partial<FindingsQuestion>) => setQuestion({ ...question, ...part });
  return (
    <>
      {isPast.value && <p class="warning">{t('findings.now_only')}</p>}
      <Filters question={question} onChange={set} />
      {answer.state === 'waiting' && <p role="status">{t('place.working')}</p>}
      {answer.state === 'failed' && <p class="warning" role="alert">{t('findings.failed')}</p>}
      {answer.state === 'answered' && <Counts counts={answer.value.counts} chosen={question.rule} onChoose={(rule) => set({ rule })} />}
      {answer.state === 'answered' && <List key={`${JSON.stringify(question)} ${revision.value} ${round}`} first={answer.value} onChanged={() => setRound(round + 1)} />}
    </>
  );
}

function Filters({ question, onChange }: { question: FindingsQuestion; onChange: (part: Partial<FindingsQuestion>) => void }) {
  const collections = Object.keys(vocabulary.value?.collections ?? {});
  return (
    <div class="filters">
      <Choice label={t('findings.collection')} value={question.collection} onChange={(collection) => onChange({ collection })} options={[['', t('findings.all')], ...collections.map((id): [string, string] => [id, collectionLabel(id)])]} />
      <Choice
        label={t('findings.severity')}
        value={question.severity}
        onChange={(severity) => onChange({ severity })}
        options={[['', t('findings.all')], ...['high', 'medium', 'low'].map((one): [string, string] => [one, severityText(one)])]}
      />
      <Choice label={t('findings.state')} value={question.state} onChange={(state) => onChange({ state: state as FindingsQuestion['state'] })} options={STATES.map(([state, key]) => [state, t(key)])} />
    </div>
  );
}

function Choice({ label, value, options, onChange }: { label: string; value: string; options: [string, string][]; onChange: (value: string) => void }) {
  return (
    <label>
      {label}
      <select value={value} onChange={(event) => onChange(event.currentTarget.value)}>
        {options.map(([code, text]) => (
          <option key={code} value={code}>
            {text}
          </option>
        ))}
      </select>
    </label>
  );
}

function Counts({ counts, chosen, onChoose }: { counts: Findings['counts']; chosen: string; onChoose: (rule: string) => void }) {
  return (
    <ul class="finding-counts">
      {counts.map(({ rule, severity, findings }) => (
        <li key={rule + severity}>
          <button type="button" aria-pressed={rule === chosen} onClick={() => onChoose(rule === chosen ? '' : rule)}>
            <span>{rule.replace(/[._-]/g, ' ')}</span>
            <span>{severityText(severity)}</span>
            <span class="count">{number(findings)}</span>
          </button>
        </li>
      ))}
    </ul>
  );
}

function List({ first, onChanged }: { first: Findings; onChanged: () => void }) {
  const [more, setMore] = useState<ListedFinding[]>([]);
  const [next, setNext] = useState(first.next);
  const [isFailed, setFailed] = useState(false);
  const goOn = async () => {
    if (!next) return;
    try {
      const page = await read<Findings>(pathOf(next));
      setMore([...more, ...page.findings]);
      setNext(page.next);
      setFailed(false);
    } catch {
      setFailed(true);
    }
  };
  return (
    <>
      <p role="status">{counted('findings.count', first.numberMatched)}</p>
      <ul class="findings">
        {[...first.findings, ...more].map((finding, i) => (
          <Entry key={`${finding.id} ${finding.rule} ${finding.field ?? ''} ${i}`} finding={finding} onChanged={onChanged} />
        ))}
      </ul>
      {isFailed && <p class="warning" role="alert">{t('findings.failed')}</p>}
      {next && (
        <button type="button" class="button" onClick={() => void goOn()}>
          {t('listed.more')}
        </button>
      )}
    </>
  );
}

function Entry({ finding, onChanged }: { finding: ListedFinding; onChanged: () => void }) {
  const { collection, id, name, severity, position, accepted } = finding;
  const open = () => {
    if (position) wantedMove.value = { kind: 'to', lon: position[0], lat: position[1], zoom: 15 };
    openRecord(collection, id);
  };
  return (
    <li class={`is-${severity}`}>
      <button type="button" class="link-button" onClick={open}>
        {name ?? t('record.no_name')} · {collectionLabel(collection)}
      </button>
      <div>
        <FindingText collection={collection} finding={finding} />
      </div>
      {accepted && <p>{t('findings.accepted_by', { name: accountName(accepted.by), date: date(accepted.on), reason: accepted.reason })}</p>}
      {!accepted && mayVerify.value && <Acceptance collection={collection} id={id} finding={finding} onDone={onChanged} />}
    </li>
  );
}
