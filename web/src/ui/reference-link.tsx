// A record that another one names. Its name is asked for; when it cannot be had, the identifier stands there.
import { fetchRecord } from '../api/register';
import { knownAt } from '../state/past';
import { openRecord } from '../state/panel';
import { moment } from '../state/register';
import { nameOf } from './record-row';
import { useAnswer } from './use-answer';

// Records are told apart by UUIDs; an operator's own number opens nothing, and is not asked for.
const IDENTIFIER = /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/i;

export function ReferenceLink({ collection, id }: { collection: string; id: string }) {
  return IDENTIFIER.test(id) ? <Named collection={collection} id={id} /> : <span>{id}</span>;
}

function Named({ collection, id }: { collection: string; id: string }) {
  const answer = useAnswer(() => fetchRecord(collection, id, knownAt.value), [collection, id, moment.value]);
  if (answer.state !== 'answered') return <span>{id}</span>;
  return (
    <button type="button" class="link-button" onClick={() => openRecord(collection, answer.value.id)}>
      {nameOf(answer.value) ?? id}
    </button>
  );
}
