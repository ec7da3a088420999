// Which kind of record is to be entered.
import { language, t } from '../i18n/text';
import { vocabulary } from '../state/register';
import { startNew } from './begin-work';
import { inWords } from './value-text';

export function NewRecordPanel() {
  const collections = Object.entries(vocabulary.value?.collections ?? {});
  if (collections.length === 0) return <p role="status">{t('status.waiting')}</p>;
  return (
    <ul class="records" lang={language.value}>
      {collections.map(([id, words]) => (
        <li key={id} class="record-row">
          <button type="button" data-collection={id} onClick={() => startNew(id)}>
            <strong>{inWords(words.label) ?? id}</strong>
          </button>
        </li>
      ))}
    </ul>
  );
}
