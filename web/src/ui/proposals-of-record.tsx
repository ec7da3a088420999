// What is proposed about one record. A list that could not be had is said, not shown as none.
import { fetchProposals } from '../api/write';
import { counted, t } from '../i18n/text';
import { knownAt } from '../state/past';
import { may } from '../state/session';
import { moment } from '../state/register';
import { ProposalCard } from './proposal-card';
import { useAnswer } from './use-answer';

export function ProposalsOfRecord({ id }: { id: string }) {
  const isOffered = may('read_proposals');
  const ask = async () => (isOffered ? (await fetchProposals({ state: 'pending', record: id }, knownAt.value)).features : []);
  const answer = useAnswer(ask, [id, moment.value, isOffered]);
  if (answer.state === 'failed') return <p class="warning" role="alert">{t('proposals.failed')}</p>;
  if (answer.state === 'waiting' || answer.value.length === 0) return null;
  return (
    <section class="proposals" data-testid="record-proposals">
      <h4>{counted('proposals.pending', answer.value.length)}</h4>
      {answer.value.map((proposal) => (
        <ProposalCard key={proposal.id} proposal={proposal} />
      ))}
    </section>
  );
}
