// Somebody else changed the record meanwhile: what they changed, what of it meets the changes here, and the way on.
import type { Properties, RecordFeature } from '../../api/types';
import { t } from '../../i18n/text';
import type { Draft } from '../../state/draft';
import { changedNames, isSame } from '../../state/merge-patch';
import { Differences } from '../differences';
import { labelOf, wordsOf } from '../value-text';

// What the register computes differs with every version and says nothing about it.
const COMPUTED = ['revision', 'recorded_at', 'recorded_by', 'findings', 'accepted_findings', 'area_m2', 'length_m', 'review'];

export function Conflict({ work, current, onGoOn }: { work: Draft; current: RecordFeature; onGoOn: () => void }) {
  const before: Properties = work.seen?.properties ?? {};
  const theirs = changedNames(before, current.properties).filter((name) => !COMPUTED.includes(name) && !wordsOf(work.collection, name)?.computed);
  const ours = changedNames(before, work.properties);
  const isPlaceTheirs = !isSame(work.seen?.geometry, current.geometry);
  const isPlaceOurs = !isSame(work.seen?.geometry, work.geometry);
  const both = theirs.filter((name) => ours.includes(name)).map((name) => labelOf(name, wordsOf(work.collection, name)));
  if (isPlaceTheirs && isPlaceOurs) both.push(t('place_input.title'));
  const differences = theirs.map((field) => ({ field, from: before[field] ?? null, to: current.properties[field] ?? null }));
  return (
    <div role="alert" class="warning" data-testid="conflict">
      <p>{t('conflict.title')}</p>
      <Differences collection={work.collection} differences={differences} />
      {isPlaceTheirs && <p>{t('history.geometry_changed')}</p>}
      {both.length > 0 && <p>{t('conflict.both', { fields: both.join(', ') })}</p>}
      <button type="button" class="button" onClick={onGoOn}>
        {t('conflict.go_on')}
      </button>
    </div>
  );
}
