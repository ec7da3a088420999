// One proposal: what it would do, who asks for it and why, what differs, and the decision of a second person.
import { useState } from 'preact/hooks';
import type { Proposal, ProposalProperties } from '../api/types';
import { decide } from '../api/write';
import { dateTime } from '../i18n/quantity';
import { hasText, t } from '../i18n/text';
import { isPast } from '../state/past';
import { accountName, mayApprove, me } from '../state/session';
import { ask } from '../state/register';
import { Differences } from './differences';
import { refusalText } from './refusal-text';

export function ProposalCard({ proposal: { properties } }: { proposal: Proposal }) {
  return (
    <div class="proposal" data-testid="proposal">
      <p>
        <strong>{properties.effects.map(effectText).join(', ') || t('proposals.change')}</strong>
      </p>
      <p>{t('proposals.by', { name: accountName(properties.author), time: dateTime(properties.proposed_at) })}</p>
      {properties.reason && <p>{t('history.reason', { reason: properties.reason })}</p>}
      <Differences collection={properties.collection} differences={properties.differences} from={properties.area_m2_from} to={properties.area_m2_to} />
      {properties.is_stale && <p class="warning">{t('proposals.stale')}</p>}
      {properties.state === 'pending' && !isPast.value && <Decision about={properties} />}
    </div>
  );
}

export function effectText(effect: string): string {
  const key = `effect.${effect}`;
  return hasText(key) ? t(key) : effect;
}

function Decision({ about }: { about: ProposalProperties }) {
  if (me.value?.id === about.author) return <p class="note">{t('proposals.author')}</p>;
  return mayApprove.value ? <DecisionForm about={about} /> : <p class="note">{t('proposals.approvers')}</p>;
}

function DecisionForm({ about: { proposal, is_stale } }: { about: ProposalProperties }) {
  const [reason, setReason] = useState('');
  const [problem, setProblem] = useState('');
  const [isSending, setSending] = useState(false);
  const settle = async (decision: 'approval' | 'rejection') => {
    if (decision === 'rejection' && !reason.trim()) return setProblem(t('proposals.reason_missing'));
    setSending(true);
    try {
      await decide(proposal, decision, reason.trim());
      await ask();
    } catch (refusal) {
      setProblem(refusalText(refusal));
    }
    setSending(false);
  };
  return (
    <div class="inline-form">
      <label>
        {t('proposals.reason')}
        <textarea rows={2} value={reason} onInput={(event) => setReason(event.currentTarget.value)} />
      </label>
      {problem && <p role="alert" class="problem">{problem}</p>}
      <p class="actions">
        <button type="button" class="small-button" disabled={isSending || is_stale} onClick={() => void settle('approval')}>
          {t('proposals.approve')}
        </button>
        <button type="button" class="small-button" disabled={isSending} onClick={() => void settle('rejection')}>
          {t('proposals.reject')}
        </button>
      </p>
    </div>
  );
}
