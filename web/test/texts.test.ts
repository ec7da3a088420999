// Both languages say the same things.
import { readdirSync, readFileSync } from 'node:fs';
import { afterEach, expect, test } from 'vitest';
import accountEn from '../src/i18n/account-en.json';
import accountUk from '../src/i18n/account-uk.json';
import pageEn from '../src/i18n/en.json';
import pageUk from '../src/i18n/uk.json';
import { age, area, direction, distance } from '../src/i18n/quantity';
import { counted, language, t } from '../src/i18n/text';

const SOURCE = new URL('../src/', import.meta.url).pathname;

const en = { ...pageEn, ...accountEn };
const uk = { ...pageUk, ...accountUk };

type Texts = Record<string, string | Record<string, string>>;
const TEXTS: Record<'en' | 'uk', Texts> = { en, uk };
const formsOf = (text: string | Record<string, string>) => (typeof text === 'string' ? { other: text } : text);
const placeholders = (text: string) => [...text.matchAll(/\{\w+\}/g)].map(String).sort();

afterEach(() => void (language.value = 'en'));

test('both languages have the same keys in the same order', () => {
  expect(Object.keys(pageUk)).toEqual(Object.keys(pageEn));
  expect(Object.keys(accountUk)).toEqual(Object.keys(accountEn));
  expect(Object.keys(en)).toHaveLength(Object.keys(pageEn).length + Object.keys(accountEn).length);
});

test('every form of every text has the same placeholders in both languages', () => {
  for (const key of Object.keys(en)) {
    const wanted = placeholders(formsOf(TEXTS.en[key]!)['other']!);
    for (const texts of [TEXTS.en, TEXTS.uk]) {
      for (const form of Object.values(formsOf(texts[key]!))) expect(placeholders(form), key).toEqual(wanted);
    }
  }
});

test.each(['en', 'uk'] as const)('%s has every plural form its numbers call for', (code) => {
  const wanted = new Intl.PluralRules(code).resolvedOptions().pluralCategories.sort();
  for (const [key, text] of Object.entries(TEXTS[code])) {
    if (typeof text !== 'string') expect(Object.keys(text).sort(), key).toEqual(wanted);
  }
});

test('nothing is called safe, clear or OK, except to deny it', () => {
  const promise = /\b(safe|clear|ok|harmless)\b/i;
  const denial = /\bnot\b[^.]*\bsafe/i;
  for (const [key, text] of Object.entries(en as Texts)) {
    for (const form of Object.values(formsOf(text))) if (promise.test(form)) expect(form, key).toMatch(denial);
  }
});

test('the Ukrainian texts promise no safety either', () => {
  for (const [key, text] of Object.entries(uk as Texts)) {
    for (const form of Object.values(formsOf(text))) if (/безпечн(а|о|ий|е)\b|безпек[уи]/i.test(form.replace(/небезпе\S+/gi, ''))) expect(form, key).toMatch(/не означає/);
  }
});

test('Ukrainian counts agree with their noun', () => {
  language.value = 'uk';
  expect([1, 3, 5, 21, 1.5].map((n) => counted('layers.records', n))).toEqual(['1 запис', '3 записи', '5 записів', '21 запис', '1,5 запису']);
});

test('a placeholder is filled', () => {
  expect(t('place.near', { d: '500 m' })).toBe('Recorded hazards within 500 m');
});

test('a distance is rounded down and an area up', () => {
  expect(distance(99.9)).toBe('99 m');
  expect(distance(1_990)).toBe('1.9 km');
  expect(area(99.1)).toBe('100 m²');
  expect(area(20_001)).toBe('2.01 ha');
});

test('age and direction are said in words', () => {
  const now = Date.parse('2026-05-13T00:00:00Z');
  expect(age('2026-05-01T00:00:00Z', now)).toBe('12 days ago');
  language.value = 'uk';
  expect(age('2026-05-01T00:00:00Z', now)).toBe('12 днів тому');
  expect(direction(350)).toBe('північ');
});

test('no text is left over that nothing shows', () => {
  const source = readdirSync(SOURCE, { recursive: true, encoding: 'utf8' })
    .filter((f) => /\.tsx?$/.test(f))
    .map((f) => readFileSync(SOURCE + f, 'utf8'))
    .join('\n');
  const families = /^(layers|direction|field|nested|severity|action|effect|units|role|role_does|right|audited|outcome)\./;
  expect(Object.keys(en).filter((key) => !families.test(key) && !source.includes(`'${key}'`))).toEqual([]);
});
