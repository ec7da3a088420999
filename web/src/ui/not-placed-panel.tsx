// Records without a usable position. They cannot be drawn, so they are counted on every screen and listed here.
import { fetchNotPlaced } from '../api/register';
import type { CollectionSummary, RecordCollection } from '../api/types';
import { counted, t } from '../i18n/text';
import { knownAt } from '../state/past';
import { moment, summary } from '../state/register';
import { nameOf, RecordRow, symbolOf } from './record-row';
import { collectionLabel, hasPlace } from './value-text';
import { useAnswer } from './use-answer';

export function NotPlacedPanel() {
  const collections = (summary.value?.collections ?? []).filter((c) => c.not_placed > 0 && hasPlace(c.id));
  return (
    <>
      <p class="warning">{t(collections.length ? 'notplaced.explain' : 'notplaced.none')}</p>
      {collections.map((c) => (
        <Unplaced key={c.id} collection={c} />
      ))}
    </>
  );
}

function Unplaced({ collection }: { collection: CollectionSummary }) {
  const answer = useAnswer(() => fetchNotPlaced(collection.id, knownAt.value), [collection.id, moment.value]);
  return (
    <section>
      <h3>
        {collectionLabel(collection.id)} ({collection.not_placed})
      </h3>
      {answer.state === 'waiting' && <p role="status">{t('place.working')}</p>}
      {answer.state === 'failed' && <p class="warning" role="alert">{t('notplaced.failed')}</p>}
      {answer.state === 'answered' && <List id={collection.id} records={answer.value} expected={collection.not_placed} />}
    </section>
  );
}

function List({ id, records, expected }: { id: string; records: RecordCollection; expected: number }) {
  const missing = Math.max(0, expected - records.features.length);
  return (
    <>
      <ul class="records">
        {records.features.map((f) => (
          <RecordRow key={f.id} collection={id} id={f.id} name={nameOf(f)} symbol={symbolOf(id, f)} />
        ))}
      </ul>
      {missing > 0 && <p class="note">{counted('notplaced.more', missing)}</p>}
    </>
  );
}
