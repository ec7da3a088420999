// Texts in two languages. Keys come from the English file, so a missing or misspelt one does not compile.
import { signal } from '@preact/signals';
import en from './en.json';
import uk from './uk.json';

type Texts = typeof en;
type Forms = Partial<Record<Intl.LDMLPluralRule, string>>;
export type TextKey = { [K in keyof Texts]: Texts[K] extends string ? K : never }[keyof Texts];
export type CountKey = { [K in keyof Texts]: Texts[K] extends string ? never : K }[keyof Texts];

export const LANGUAGES = ['en', 'uk'] as const;
export type Language = (typeof LANGUAGES)[number];
export const LANGUAGE_NAMES: Record<Language, string> = { en: 'English', uk: 'Українська' };
export const LANGUAGE_MARKS: Record<Language, string> = { en: 'EN', uk: 'УКР' };

export const language = signal<Language>(preferredLanguage());

type AnyTexts = Record<string, string | Forms>;

/** The ways into a set of texts; the part about accounts brings its own when it is fetched. */
export function waysInto<T extends AnyTexts>(texts: Record<Language, Record<keyof T, string | Forms>>) {
  return {
    t: (key: keyof T, values: Record<string, string | number> = {}): string => filled(texts[language.value][key] as string, values),
    /** A text that depends on a count; `{n}` stands for the count in the reader's notation. */
    counted: (key: keyof T, n: number): string => {
      const forms = texts[language.value][key] as Forms;
      const form = forms[new Intl.PluralRules(language.value).select(n)] ?? forms.other ?? '';
      return filled(form, { n: new Intl.NumberFormat(language.value).format(n) });
    },
  };
}

const ways = waysInto<Texts>({ en, uk });
export const t: (key: TextKey, values?: Record<string, string | number>) => string = ways.t;
export const counted: (key: CountKey, n: number) => string = ways.counted;

export function hasText(key: string): key is TextKey {
  return typeof en[key as keyof Texts] === 'string';
}

function filled(text: string, values: Record<string, string | number>): string {
  return text.replace(/\{(\w+)\}/g, (whole, name: string) => String(values[name] ?? whole));
}

function preferredLanguage(): Language {
  const wanted = typeof navigator === 'undefined' ? [] : navigator.languages.map((l) => l.slice(0, 2));
  return wanted.find((l): l is Language => LANGUAGES.includes(l as Language)) ?? 'en';
}
