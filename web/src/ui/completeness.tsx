// Whether a minefield record holds all that CCW Amended Protocol II asks for, and what is missing.
import type { Properties, Value } from '../api/types';
import { counted, t } from '../i18n/text';
import { labelOf, valueText, wordsOf } from './value-text';

export function Completeness({ collection, properties }: { collection: string; properties: Properties }) {
  const { complete, missing } = properties;
  if (complete === undefined && missing === undefined) return null;
  const items = Array.isArray(missing) ? missing : [];
  if (complete === true && items.length === 0) return <p class="note">{t('record.complete')}</p>;
  return (
    <section class="warning">
      <strong>{items.length ? counted('record.missing', items.length) : t('record.incomplete')}</strong>
      <ul class="plain-list">
        {items.map((item) => (
          <li key={String(item)}>{itemText(collection, item)}</li>
        ))}
      </ul>
    </section>
  );
}

// An item is named by its field, by a code, or in words.
function itemText(collection: string, item: Value): string {
  const words = typeof item === 'string' ? wordsOf(collection, item) : undefined;
  return words ? labelOf(words.name, words) : valueText('missing', item, wordsOf(collection, 'missing'));
}
