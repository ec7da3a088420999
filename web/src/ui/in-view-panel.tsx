// The map as a list, for whoever reads by ear or keyboard: the records that touch the ground in view.
import { fetchInBox } from '../api/register';
import type { RecordCollection } from '../api/types';
import { counted, t } from '../i18n/text';
import { drawnLayers, type LayerId } from '../state/layers';
import { knownAt } from '../state/past';
import { moment } from '../state/register';
import { boxInView, type Box } from '../state/viewport';
import { nameOf, RecordRow, symbolOf } from './record-row';
import { useAnswer } from './use-answer';

export function InViewPanel() {
  const box = boxInView.value;
  if (!box) return null;
  return (
    <>
      <p class="warning">{t('inview.explain')}</p>
      {drawnLayers.value.filter(isCollection).map((id) => (
        <InView key={id} id={id} box={box} />
      ))}
    </>
  );
}

// Closed areas are a layer of the map, but lie in the collections of the others.
function isCollection(id: LayerId): boolean {
  return id !== 'closed-areas';
}

function InView({ id, box }: { id: LayerId; box: Box }) {
  const answer = useAnswer(() => fetchInBox(id, box, knownAt.value), [id, box.join(), moment.value]);
  return (
    <section>
      <h3>{t(`layers.${id}`)}</h3>
      {answer.state === 'waiting' && <p role="status">{t('place.working')}</p>}
      {answer.state === 'failed' && <p class="warning" role="alert">{t('inview.failed')}</p>}
      {answer.state === 'answered' && <List id={id} records={answer.value} />}
    </section>
  );
}

function List({ id, records: { features, numberMatched } }: { id: LayerId; records: RecordCollection }) {
  const missing = Math.max(0, (numberMatched ?? 0) - features.length);
  if (features.length === 0) return <p class="note">{t('inview.none')}</p>;
  return (
    <>
      <ul class="records">
        {features.map((f) => (
          <RecordRow key={f.id} collection={id} id={f.id} name={nameOf(f)} symbol={symbolOf(id, f)} />
        ))}
      </ul>
      {missing > 0 && <p class="note">{counted('inview.more', missing)}</p>}
    </>
  );
}
