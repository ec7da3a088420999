// Values in words: codes by their labels, units beside numbers, dates as the reader writes them. What the vocabulary
// does not know is shown as it came; nothing is left out.
import type { FieldWords, Label, Properties, Value } from '../api/types';
import { area, date, dateTime, distance, number, position } from '../i18n/quantity';
import { hasText, language, t } from '../i18n/text';
import { positionOf } from '../state/geometry';
import { isStructure } from '../state/merge-patch';
import { vocabulary } from '../state/register';

export function inWords(label: Label | null | undefined): string | undefined {
  return label?.[language.value] ?? label?.en;
}

export function wordsOf(collection: string, name: string): FieldWords | undefined {
  return vocabulary.value?.collections[collection]?.fields.find((field) => field.name === name);
}

export function collectionLabel(collection: string): string {
  return inWords(vocabulary.value?.collections[collection]?.label) ?? collection;
}

/** Whether records of a collection lie somewhere: all do, but for those that the vocabulary gives no shape. */
export function hasPlace(collection: string): boolean {
  return vocabulary.value?.collections[collection]?.geometry?.length !== 0;
}

/** Label of a field; what the register adds to every record stands in no vocabulary. */
export function labelOf(name: string, words: FieldWords | undefined): string {
  const known = inWords(words?.label);
  if (known) return known;
  const key = [`field.${name}`, `nested.${name}`].find(hasText);
  return key && hasText(key) ? t(key) : name;
}

export function isEmpty(value: Value | undefined): boolean {
  return value === undefined || value === null || value === '' || (Array.isArray(value) && value.length === 0);
}

export function valueText(name: string, value: Value | undefined, words: FieldWords | undefined): string {
  if (value === undefined || value === null) return '';
  if (typeof value === 'boolean') return t(value ? 'record.yes' : 'record.no');
  if (typeof value === 'number') return numberText(name, value, words);
  if (typeof value === 'string') return codeText(value, words?.codes ?? name) ?? dateText(name, value, words);
  const place = words?.kind === 'position' || !words ? positionOf(value) : null;
  if (place) return position(...place);
  if (Array.isArray(value)) return value.map((part) => valueText(name, part, words)).join(isStructure(value[0]) ? '; ' : ', ');
  return structureText(value, words);
}

function structureText(value: Properties, words: FieldWords | undefined): string {
  return Object.entries(value)
    .filter(([, part]) => !isEmpty(part))
    .map(([name, part]) => `${labelOf(name, memberOf(words, name))}: ${memberText(name, part, memberOf(words, name))}`)
    .join(', ');
}

export function memberOf(words: FieldWords | undefined, name: string): FieldWords | undefined {
  return words?.members?.find((member) => member.name === name);
}

// A code inside a structure that the vocabulary does not describe. An unknown one is shown as it came.
export function memberText(name: string, value: Value, words: FieldWords | undefined): string {
  const key = `nested.${String(value)}`;
  return !words && typeof value === 'string' && hasText(key) ? t(key) : valueText(name, value, words);
}

function numberText(name: string, value: number, words: FieldWords | undefined): string {
  if (name.endsWith('_m2')) return area(value);
  if (name.endsWith('_m')) return distance(value);
  return words?.unit ? `${number(value, 2)} ${unitText(words.unit)}` : number(value, 6);
}

export function unitText(unit: string): string {
  const key = `units.${unit}`;
  return hasText(key) ? t(key) : unit;
}

export function codeText(code: string, list: string): string | undefined {
  return inWords(vocabulary.value?.codes[list]?.[code]);
}

/** What a code means, where the vocabulary says so. */
export function meaningOf(code: string, list: string): string | undefined {
  return inWords(vocabulary.value?.definitions?.[list]?.codes?.[code]);
}

function dateText(name: string, value: string, words: FieldWords | undefined): string {
  if (!/^\d{4}-\d{2}-\d{2}/.test(value) || Number.isNaN(Date.parse(value))) return value;
  if (words?.kind !== 'date' && !/(_on|_at)$/.test(name)) return value;
  return value.includes('T') ? dateTime(value) : date(value);
}
