// The audit trail: who did what, filtered by account and action, page by page, and as a file.
import { useState } from 'preact/hooks';
import { auditExport, fetchAudit, type Audit, type AuditEntry, type AuditQuestion } from '../../api/accounts';
import { t } from '../../i18n/account-text';
import { dateTime, number } from '../../i18n/quantity';
import { may } from '../../state/session';
import { useAnswer } from '../use-answer';
import { ChoiceField, TextField } from './form-parts';
import { actionText, outcomeText } from './grant-text';

const ACTIONS = ['sign_in', 'sign_in_refused', 'sign_out', 'second_factor', 'password', 'token_made', 'token_ended', 'account_made', 'account_changed', 'account_disabled', 'setup', 'refused', 'read_restricted', 'export', 'approval', 'rejection', 'write', 'configuration', 'import'];

export function AuditPanel() {
  const [question, setQuestion] = useState<AuditQuestion>({ account: '', action: '' });
  const [since, setSince] = useState<number | null>(null);
  if (!may('read_audit')) return <p class="warning">{t('refused.forbidden')}</p>;
  return (
    <div class="account" data-testid="audit-trail">
      <Filters onAsk={(asked, from) => (setQuestion(asked), setSince(from))} />
      <p>
        {t('audit.export')}{' '}
        <a class="link" href={auditExport(question, 'csv')} download="minemap-audit.csv">
          CSV
        </a>{' '}
        <a class="link" href={auditExport(question, 'ndjson')} download="minemap-audit.ndjson">
          NDJSON
        </a>
      </p>
      <Pages key={JSON.stringify([question, since])} question={question} since={since} />
    </div>
  );
}

function Filters({ onAsk }: { onAsk: (question: AuditQuestion, since: number | null) => void }) {
  const [account, setAccount] = useState('');
  const [action, setAction] = useState('');
  const [since, setSince] = useState('');
  const actions: [string, string][] = [['', t('audit.any')], ...ACTIONS.map((one): [string, string] => [one, actionText(one)])];
  const ask = (chosen: string) => onAsk({ account: account.trim(), action: chosen }, /^\d+$/.test(since.trim()) ? Number(since) : null);
  return (
    <form class="audit-filters" onSubmit={(event) => (event.preventDefault(), ask(action))}>
      <TextField label={t('audit.account')} value={account} onChange={setAccount} testId="audit-account" />
      <ChoiceField label={t('audit.action')} value={action} options={actions} onChange={(one) => (setAction(one), ask(one))} testId="audit-action" />
      <TextField label={t('audit.since')} value={since} onChange={setSince} testId="audit-since" />
      <button type="submit" class="button">
        {t('audit.filter')}
      </button>
    </form>
  );
}

/** Pages that have been asked for, one under the other. */
function Pages({ question, since: first }: { question: AuditQuestion; since: number | null }) {
  const [starts, setStarts] = useState<(number | null)[]>([first]);
  return (
    <>
      {starts.map((since, i) => (
        <Page key={i} question={question} since={since} isFirst={i === 0} onMore={i === starts.length - 1 ? (next) => setStarts([...starts, next]) : undefined} />
      ))}
    </>
  );
}

interface PageProps {
  question: AuditQuestion;
  since: number | null;
  isFirst: boolean;
  onMore: ((next: number) => void) | undefined;
}

function Page({ question, since, isFirst, onMore }: PageProps) {
  const answer = useAnswer(() => fetchAudit(question, since), []);
  if (answer.state === 'waiting') return <p role="status">{t('place.working')}</p>;
  if (answer.state === 'failed') return <p class="warning" role="alert">{t('audit.failed')}</p>;
  const { entries, next, checked } = answer.value;
  return (
    <>
      {isFirst && <Checked isWhole={checked} />}
      {entries.length === 0 && isFirst && <p>{t('audit.none')}</p>}
      {entries.length > 0 && <Table entries={entries} />}
      {next !== null && onMore && (
        <button type="button" class="button" onClick={() => onMore(next)}>
          {t('audit.more')}
        </button>
      )}
    </>
  );
}

function Checked({ isWhole }: { isWhole: Audit['checked'] }) {
  return isWhole ? <p class="note">{t('audit.checked')}</p> : <p class="problem" role="alert">{t('audit.broken')}</p>;
}

function Table({ entries }: { entries: AuditEntry[] }) {
  const heads = [t('audit.number'), t('audit.time'), t('audit.who'), t('audit.action'), t('audit.object'), t('audit.outcome'), t('audit.address'), t('audit.detail')];
  return (
    <div class="table-frame" tabIndex={0} role="region" aria-label={t('session.audit')}>
      <table class="audit-table">
        <thead>
          <tr>
            {heads.map((head) => (
              <th key={head} scope="col">
                {head}
              </th>
            ))}
          </tr>
        </thead>
        <tbody>
          {entries.map((entry) => (
            <Row key={entry.number} entry={entry} />
          ))}
        </tbody>
      </table>
    </div>
  );
}

function Row({ entry: { number: n, at, account, name, action, object, outcome, address, detail } }: { entry: AuditEntry }) {
  return (
    <tr>
      <td>{number(n)}</td>
      <td>
        <time dateTime={at}>{dateTime(at)}</time>
      </td>
      <td>{account ? <span title={account}>{name ?? account}</span> : (name ?? t('audit.nobody'))}</td>
      <td>{actionText(action)}</td>
      <td>{object}</td>
      <td>{outcomeText(outcome)}</td>
      <td>{address}</td>
      <td>{typeof detail === 'string' || detail === null ? detail : JSON.stringify(detail)}</td>
    </tr>
  );
}
