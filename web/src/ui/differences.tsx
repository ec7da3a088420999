// What differs between two versions of a record, field by field.
import type { Difference } from '../api/types';
import { area } from '../i18n/quantity';
import { t } from '../i18n/text';
import { inWords, labelOf, valueText, wordsOf } from './value-text';

interface Compared {
  collection: string;
  differences: Difference[];
  from?: number | null | undefined;
  to?: number | null | undefined;
}

export function Differences({ collection, differences, from, to }: Compared) {
  const isAreaKnown = typeof from === 'number' || typeof to === 'number';
  if (differences.length === 0 && !isAreaKnown) return null;
  return (
    <dl class="differences">
      {differences.map((difference) => (
        <One key={difference.field} collection={collection} difference={difference} />
      ))}
      {isAreaKnown && from !== to && (
        <div>
          <dt>{t('field.area_m2')}</dt>
          <dd>{fromTo(areaText(from), areaText(to))}</dd>
        </div>
      )}
    </dl>
  );
}

function One({ collection, difference: { field, label, from, to } }: { collection: string; difference: Difference }) {
  const words = wordsOf(collection, field);
  const text = (value: Difference['from']) => (field === 'geometry' ? '' : valueText(field, value, words));
  return (
    <div>
      <dt>{inWords(label) ?? labelOf(field, words)}</dt>
      <dd>{field === 'geometry' ? t('history.geometry_changed') : fromTo(text(from), text(to))}</dd>
    </div>
  );
}

function fromTo(from: string, to: string) {
  return (
    <>
      <span class="before">
        <span class="visually-hidden">{t('history.before')}: </span>
        {from || t('history.nothing')}
      </span>
      <span aria-hidden="true"> → </span>
      <span class="after">
        <span class="visually-hidden">{t('history.after')}: </span>
        {to || t('history.nothing')}
      </span>
    </>
  );
}

function areaText(value: number | null | undefined): string {
  return typeof value === 'number' ? area(value) : '';
}
