// What is not a layer of records: proposals over the map, findings, and the collections without a place.
import { number } from '../i18n/quantity';
import { t } from '../i18n/text';
import { LISTED_IDS } from '../state/layers';
import { panel, type Panel } from '../state/panel';
import { may } from '../state/session';
import { pending, pendingCount, showsProposals } from '../state/proposals';
import { summary } from '../state/register';
import { Swatch } from './swatch';
import { collectionLabel } from './value-text';

export function RailLists() {
  const listed = LISTED_IDS.filter((id) => summary.value?.collections.some((collection) => collection.id === id));
  return (
    <>
      {pending.value && <ProposalsLayer />}
      <ul class="rail-lists">
        {may('read_findings') && <ListButton label={t('record.findings')} target={{ kind: 'findings' }} testId="findings" />}
        {listed.map((id) => (
          <ListButton key={id} label={collectionLabel(id)} count={recordsOf(id)} target={{ kind: 'listed', collection: id }} testId={id} />
        ))}
      </ul>
    </>
  );
}

function recordsOf(id: string): number | undefined {
  return summary.value?.collections.find((collection) => collection.id === id)?.records;
}

function ProposalsLayer() {
  return (
    <section class={showsProposals.value ? 'layer' : 'layer is-off'} data-layer="proposals">
      <h2>
        <label class="switch">
          <input type="checkbox" role="switch" checked={showsProposals.value} onChange={(event) => (showsProposals.value = event.currentTarget.checked)} />
          <span>{t('proposals.title')}</span>
          <span class="count">{number(pendingCount() ?? 0)}</span>
        </label>
      </h2>
      <ul class="legend">
        <li>
          <Swatch subject={{ sign: 'proposal' }} />
          <span>{t('proposals.legend')}</span>
        </li>
      </ul>
      <button type="button" class="link-button" data-testid="proposals" onClick={() => (panel.value = { kind: 'proposals' })}>
        {t('proposals.list')}
      </button>
    </section>
  );
}

function ListButton({ label, count, target, testId }: { label: string; count?: number | undefined; target: Panel; testId: string }) {
  return (
    <li>
      <button type="button" class="link-button" data-testid={testId} onClick={() => (panel.value = target)}>
        {label}
      </button>
      {count !== undefined && <span class="count">{number(count)}</span>}
    </li>
  );
}
