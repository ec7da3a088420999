// Where the account is signed in; any of these can be ended.
import { useState } from 'preact/hooks';
import { endSession, fetchSessions, type SessionRow } from '../../api/accounts';
import { t } from '../../i18n/account-text';
import { dateTime } from '../../i18n/quantity';
import { useAnswer } from '../use-answer';
import { Problem, useSending } from './form-parts';

export function SessionsSection() {
  const [round, setRound] = useState(0);
  const answer = useAnswer(fetchSessions, [round]);
  return (
    <section>
      <h3>{t('sessions.title')}</h3>
      {answer.state === 'waiting' && <p role="status">{t('place.working')}</p>}
      {answer.state === 'failed' && <p class="warning" role="alert">{t('own.failed')}</p>}
      {answer.state === 'answered' && (
        <ul class="rows" data-testid="sessions">
          {answer.value.map((row) => (
            <Row key={row.id} row={row} onEnded={() => setRound(round + 1)} />
          ))}
        </ul>
      )}
    </section>
  );
}

function Row({ row, onEnded }: { row: SessionRow; onEnded: () => void }) {
  const sending = useSending();
  const began = dateTime(row.began_at);
  const end = async () => {
    if (await sending.run(() => endSession(row.id))) onEnded();
  };
  const times = [t('sessions.began', { time: began }), row.last_seen_at && t('sessions.seen', { time: dateTime(row.last_seen_at) }), row.ends_at && t('sessions.ends', { time: dateTime(row.ends_at) })];
  return (
    <li>
      <div>
        <strong>{[row.address, row.current && t('sessions.this')].filter(Boolean).join(' · ')}</strong>
        <span>{row.agent ?? t('sessions.unknown')}</span>
        <span class="field-note">{times.filter(Boolean).join(' · ')}</span>
        <Problem text={sending.problem} />
      </div>
      {!row.current && (
        <button type="button" class="small-button" aria-label={t('sessions.end_of', { address: row.address ?? '', time: began })} disabled={sending.isBusy} onClick={() => void end()}>
          {t('sessions.end')}
        </button>
      )}
    </li>
  );
}
