// Everything that waits for a second person.
import type { Proposal } from '../api/types';
import { counted, t } from '../i18n/text';
import { boxOfGeometry } from '../map/geometry-box';
import { openRecord } from '../state/panel';
import { isPendingUnknown, pending, pendingCount } from '../state/proposals';
import { wantedMove } from '../state/viewport';
import { ProposalCard } from './proposal-card';
import { collectionLabel } from './value-text';

export function ProposalsPanel() {
  const features = pending.value?.features ?? [];
  const missing = (pendingCount() ?? 0) - features.length;
  return (
    <>
      <p class="warning">{t('proposals.explain')}</p>
      {isPendingUnknown.value && <p class="warning" role="alert">{t('proposals.failed')}</p>}
      {!pending.value && !isPendingUnknown.value && <p role="status">{t('place.working')}</p>}
      {pending.value && features.length === 0 && <p>{t('proposals.none')}</p>}
      {features.map((proposal) => (
        <Entry key={proposal.id} proposal={proposal} />
      ))}
      {missing > 0 && <p class="note">{counted('notplaced.more', missing)}</p>}
    </>
  );
}

function Entry({ proposal }: { proposal: Proposal }) {
  const { collection, record, name, proposal: number } = proposal.properties;
  const box = boxOfGeometry(proposal.geometry);
  return (
    <section>
      <h3>
        {t('proposals.sign', { n: number })} · {name ?? t('record.no_name')}
        <small> {collectionLabel(collection)}</small>
      </h3>
      <p class="actions">
        <button type="button" class="small-button" onClick={() => openRecord(collection, record)}>
          {t('proposals.open')}
        </button>
        {box && (
          <button type="button" class="small-button" onClick={() => (wantedMove.value = { kind: 'fit', box })}>
            {t('record.zoom')}
          </button>
        )}
      </p>
      <ProposalCard proposal={proposal} />
    </section>
  );
}
