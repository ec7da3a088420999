// Numbers, dates and distances the way the reader writes them.
import { language, t, type TextKey } from './text';

export function number(value: number, digits = 0): string {
  return new Intl.NumberFormat(language.value, { maximumFractionDigits: digits }).format(value);
}

export function dateTime(iso: string): string {
  return new Intl.DateTimeFormat(language.value, { dateStyle: 'medium', timeStyle: 'short' }).format(new Date(iso));
}

export function date(iso: string): string {
  const hasTime = iso.includes('T');
  return new Intl.DateTimeFormat(language.value, { dateStyle: 'medium', ...(hasTime ? {} : { timeZone: 'UTC' }) }).format(new Date(iso));
}

const STEPS: [Intl.RelativeTimeFormatUnit, number][] = [
  ['year', 31_557_600],
  ['month', 2_629_800],
  ['day', 86_400],
  ['hour', 3_600],
  ['minute', 60],
  ['second', 1],
];

/** "12 days ago", "12 днів тому". */
export function age(iso: string, now: number): string {
  const seconds = Math.max(0, (now - Date.parse(iso)) / 1000);
  const [unit, size] = STEPS.find(([, step]) => seconds >= step) ?? ['second', 1];
  return new Intl.RelativeTimeFormat(language.value, { numeric: 'auto' }).format(-Math.floor(seconds / size), unit);
}

/** Rounded down: a distance to a hazard may be shown too short, never too long. */
export function distance(metres: number): string {
  if (metres < 1000) return t('unit.m', { n: number(Math.floor(metres)) });
  return t('unit.km', { n: number(Math.floor(metres / 100) / 10, 1) });
}

/** Rounded up, for the same reason. */
export function area(squareMetres: number): string {
  if (squareMetres < 10_000) return t('unit.m2', { n: number(Math.ceil(squareMetres)) });
  return t('unit.ha', { n: number(Math.ceil(squareMetres / 100) / 100, 2) });
}

const DIRECTIONS = ['n', 'ne', 'e', 'se', 's', 'sw', 'w', 'nw'] as const;

export function direction(bearingDeg: number): string {
  const sector = DIRECTIONS[((Math.round(bearingDeg / 45) % 8) + 8) % 8] ?? 'n';
  return t(`direction.${sector}` satisfies TextKey);
}

/** Latitude first, decimal point in every language: it must be possible to paste it into another program. */
export function position(lon: number, lat: number): string {
  return `${lat.toFixed(5)}, ${lon.toFixed(5)}`;
}

/** "45 seconds", "3 хвилини": rounded up, so that waiting as long is long enough. */
export function duration(seconds: number): string {
  const [unit, size] = seconds < 120 ? ['second', 1] : seconds < 7200 ? ['minute', 60] : ['hour', 3600];
  return new Intl.NumberFormat(language.value, { style: 'unit', unit: unit as string, unitDisplay: 'long' }).format(Math.ceil(seconds / (size as number)));
}
