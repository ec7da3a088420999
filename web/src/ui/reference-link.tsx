// A record that another one names. Its name is asked for; when it cannot be had, the identifier stands there.
import { fetchRecord } from '../api/register';
import { knownAt } from '../state/past';
import { openRecord } from '../state/panel';
import { moment } from '../state/register';
import { nameOf } from './record-row';
import { useAnswer } from './use-answer';

export function ReferenceLink({ collection, id }: { collection: string; id: string }) {
  const answer = useAnswer(() => fetchRecord(collection, id, knownAt.value), [collection, id, moment.value]);
  // Not every record is named by its identifier in this register: an operator's own number opens nothing.
  if (answer.state !== 'answered') return <span>{id}</span>;
  return (
    <button type="button" class="link-button" onClick={() => openRecord(collection, answer.value.id)}>
      {nameOf(answer.value) ?? id}
    </button>
  );
}
