// Tokens, by which other programs ask in the account's name: list, make, end.
import { useState } from 'preact/hooks';
import { endToken, fetchTokens, type TokenRow } from '../../api/accounts';
import { t } from '../../i18n/account-text';
import { date, dateTime } from '../../i18n/quantity';
import { useAnswer } from '../use-answer';
import { Problem, useSending } from './form-parts';
import { TokenForm } from './token-form';
import { TokenMade } from './token-made';

export function TokensSection() {
  const [round, setRound] = useState(0);
  const [isMaking, setMaking] = useState(false);
  const [made, setMade] = useState<string | null>(null);
  const answer = useAnswer(fetchTokens, [round]);
  const again = () => setRound(round + 1);
  return (
    <section data-testid="tokens">
      <h3>{t('tokens.title')}</h3>
      <p class="note">{t('tokens.explain')}</p>
      {made !== null && <TokenMade token={made} onDone={() => setMade(null)} />}
      {isMaking && <TokenForm onMade={(token) => (setMade(token), setMaking(false), again())} onCancel={() => setMaking(false)} />}
      {!isMaking && made === null && (
        <button type="button" class="button" data-testid="make-token" onClick={() => setMaking(true)}>
          {t('tokens.make')}
        </button>
      )}
      {answer.state === 'failed' && <p class="warning" role="alert">{t('own.failed')}</p>}
      {answer.state === 'answered' && <List tokens={answer.value} onEnded={again} />}
    </section>
  );
}

function List({ tokens, onEnded }: { tokens: TokenRow[]; onEnded: () => void }) {
  if (tokens.length === 0) return <p>{t('tokens.none')}</p>;
  return (
    <ul class="rows">
      {tokens.map((token) => (
        <Row key={token.id} token={token} onEnded={onEnded} />
      ))}
    </ul>
  );
}

function Row({ token: { id, name, access, created_at, expires_at, last_used_at }, onEnded }: { token: TokenRow; onEnded: () => void }) {
  const sending = useSending();
  const end = async () => {
    if (!window.confirm(t('tokens.end_ask', { name }))) return;
    if (await sending.run(() => endToken(id))) onEnded();
  };
  return (
    <li>
      <div>
        <strong>{name}</strong>
        <span>{t('tokens.row', { access: t(access === 'write' ? 'tokens.write' : 'tokens.read'), made: date(created_at), ends: date(expires_at) })}</span>
        <span class="field-note">{last_used_at ? t('tokens.used', { time: dateTime(last_used_at) }) : t('tokens.unused')}</span>
        <Problem text={sending.problem} />
      </div>
      <button type="button" class="small-button" aria-label={t('tokens.end_of', { name })} disabled={sending.isBusy} onClick={() => void end()}>
        {t('tokens.end')}
      </button>
    </li>
  );
}
