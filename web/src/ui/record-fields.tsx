// Fields of a record in the words of the vocabulary; what the vocabulary does not know is shown under its raw name.
import type { FieldWords, Value } from '../api/types';
import { area, date, dateTime, distance, number } from '../i18n/quantity';
import { hasText, language, t } from '../i18n/text';
import { vocabulary } from '../state/register';

export type Field = [name: string, value: Value];

// Shown elsewhere in the panel.
const ELSEWHERE = ['name', 'findings', 'as_entered', 'attributes', 'collection'];

/** Every field with a value: those of the vocabulary in its order, then all others. None is left out. */
export function fieldsOf(collection: string, properties: Record<string, Value>): Field[] {
  const known = vocabulary.value?.collections[collection]?.fields.map((f) => f.name) ?? [];
  const names = [...known.filter((name) => name in properties), ...Object.keys(properties).filter((name) => !known.includes(name))];
  return names.filter((name) => !ELSEWHERE.includes(name) && !isEmpty(properties[name])).map((name) => [name, properties[name] as Value]);
}

function isEmpty(value: Value | undefined): boolean {
  return value === undefined || value === null || value === '' || (Array.isArray(value) && value.length === 0);
}

export function FieldList({ collection, fields }: { collection: string; fields: Field[] }) {
  return (
    <dl class="fields">
      {fields.map(([name, value]) => {
        const words = vocabulary.value?.collections[collection]?.fields.find((f) => f.name === name);
        return (
          <div key={name}>
            {name && <dt>{words?.label[language.value] ?? words?.label.en ?? computedLabel(name)}</dt>}
            <dd>{valueText(name, value, words)}</dd>
          </div>
        );
      })}
    </dl>
  );
}

// What the register adds to every record stands in no vocabulary.
function computedLabel(name: string): string {
  const key = `field.${name}`;
  return hasText(key) ? t(key) : name;
}

function valueText(name: string, value: Value, words: FieldWords | undefined): string {
  if (Array.isArray(value)) return value.map((v) => valueText(name, v, words)).join(typeof value[0] === 'object' ? '; ' : ', ');
  if (value !== null && typeof value === 'object') return objectText(value);
  if (typeof value === 'boolean') return t(value ? 'record.yes' : 'record.no');
  if (typeof value === 'number') return numberText(name, value, words);
  return value === null ? '' : codeText(value, words?.codes ?? name) ?? dateText(name, value);
}

function objectText(value: { [name: string]: Value }): string {
  return Object.entries(value)
    .filter(([, v]) => !isEmpty(v))
    .map(([name, v]) => `${nestedText(name)}: ${typeof v === 'string' ? nestedText(v) : valueText(name, v, undefined)}`)
    .join(', ');
}

// Names and codes inside a structure stand in no vocabulary. An unknown one is shown as it came.
function nestedText(word: string): string {
  const key = `nested.${word}`;
  return hasText(key) ? t(key) : word;
}

function numberText(name: string, value: number, words: FieldWords | undefined): string {
  if (name.endsWith('_m2')) return area(value);
  if (name.endsWith('_m')) return distance(value);
  return words?.unit ? `${number(value, 2)} ${words.unit}` : number(value, 6);
}

function codeText(code: string, list: string): string | undefined {
  const label = vocabulary.value?.codes[list]?.[code];
  return label?.[language.value] ?? label?.en;
}

function dateText(name: string, value: string): string {
  if (!/^\d{4}-\d{2}-\d{2}/.test(value) || Number.isNaN(Date.parse(value))) return value;
  if (/(_on|_at)$/.test(name)) return value.includes('T') ? dateTime(value) : date(value);
  return value;
}
