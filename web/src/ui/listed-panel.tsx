// Records of a collection as a list, page by page: for those that have no place on the map.
import { useState } from 'preact/hooks';
import { fetchListed } from '../api/register';
import type { RecordCollection } from '../api/types';
import { counted, t } from '../i18n/text';
import { knownAt } from '../state/past';
import { mayWrite } from '../state/session';
import { moment } from '../state/register';
import { startNew } from './begin-work';
import { nameOf, RecordRow, symbolOf } from './record-row';
import { useAnswer } from './use-answer';

export function ListedPanel({ collection }: { collection: string }) {
  return (
    <>
      {mayWrite.value && (
        <button type="button" class="button" onClick={() => startNew(collection)}>
          {t('edit.new_record')}
        </button>
      )}
      <Pages key={`${collection} ${moment.value}`} collection={collection} />
    </>
  );
}

function Pages({ collection }: { collection: string }) {
  const [links, setLinks] = useState<(string | undefined)[]>([undefined]);
  return (
    <>
      {links.map((link, i) => (
        <Page key={i} collection={collection} link={link} onMore={i === links.length - 1 ? (next) => setLinks([...links, next]) : undefined} />
      ))}
    </>
  );
}

function Page({ collection, link, onMore }: { collection: string; link: string | undefined; onMore: ((next: string) => void) | undefined }) {
  const answer = useAnswer(() => fetchListed(collection, knownAt.value, link), [collection, link]);
  if (answer.state === 'waiting') return <p role="status">{t('place.working')}</p>;
  if (answer.state === 'failed') return <p class="warning" role="alert">{t('inview.failed')}</p>;
  const next = nextOf(answer.value);
  return (
    <>
      {!link && <p class="note">{counted('layers.records', answer.value.numberMatched ?? answer.value.features.length)}</p>}
      <ul class="records">
        {answer.value.features.map((record) => (
          <RecordRow key={record.id} collection={collection} id={record.id} name={nameOf(record)} symbol={symbolOf(collection, record)} />
        ))}
      </ul>
      {next && onMore && (
        <button type="button" class="button" onClick={() => onMore(next)}>
          {t('listed.more')}
        </button>
      )}
    </>
  );
}

function nextOf({ links }: RecordCollection): string | undefined {
  return links?.find(({ rel }) => rel === 'next')?.href;
}
