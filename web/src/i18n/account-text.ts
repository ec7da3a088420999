// Texts about accounts, fetched with the screens that show them.
import en from './account-en.json';
import uk from './account-uk.json';
import { t as ofPage, hasText as isOfPage, waysInto, type TextKey } from './text';

type Texts = typeof en;
export type AccountKey = { [K in keyof Texts]: Texts[K] extends string ? K : never }[keyof Texts];
type AccountCountKey = Exclude<keyof Texts, AccountKey>;

const ways = waysInto<Texts>({ en, uk });
export const counted: (key: AccountCountKey, n: number) => string = ways.counted;

/** A text about accounts, or one of the page. */
export function t(key: AccountKey | TextKey, values: Record<string, string | number> = {}): string {
  return isOfPage(key) ? ofPage(key, values) : ways.t(key as AccountKey, values);
}

export function hasText(key: string): key is AccountKey {
  return typeof en[key as keyof Texts] === 'string';
}
