// The symbols keep the promises of the legend: everything is drawn, nothing is green, colour never stands alone.
import { expect, test } from 'vitest';
import { SETTLED_SYMBOLS } from '../src/map/settled';
import { SYMBOL_CLASSES, symbolFor, type SymbolClass } from '../src/map/symbology';

const LAND = '#e9e6df';
const ofLayer = (layer: string) => SYMBOL_CLASSES.filter((c) => c.layer === layer);

function rgb(hex: string): [number, number, number] {
  return [1, 3, 5].map((i) => parseInt(hex.slice(i, i + 2), 16)) as [number, number, number];
}

function luminance(hex: string): number {
  const [r, g, b] = rgb(hex).map((v) => (v / 255 <= 0.04045 ? v / 255 / 12.92 : ((v / 255 + 0.055) / 1.055) ** 2.4)) as [number, number, number];
  return 0.2126 * r + 0.7152 * g + 0.0722 * b;
}

function contrast(a: string, b: string): number {
  const [light, dark] = [luminance(a), luminance(b)].sort((x, y) => y - x) as [number, number];
  return (light + 0.05) / (dark + 0.05);
}

test('a hazard of any class and status, known or not, has a symbol', () => {
  for (const classification of ['suspected', 'confirmed', 'new_code', undefined]) {
    for (const status of ['open', 'worked_on', 'suspended', 'closed', 'new_code', undefined]) {
      const properties = Object.fromEntries(Object.entries({ classification, status }).filter(([, v]) => v !== undefined)) as Record<string, string>;
      expect(symbolFor('hazardous-areas', properties), `${classification} ${status}`).toBeDefined();
    }
  }
});

test('an unknown value never draws a hazard as closed or released', () => {
  expect(symbolFor('hazardous-areas', { classification: 'x', status: 'y' })?.id).toBe('hazard-other');
  expect(symbolFor('hazard-reports', {})?.id).toBe('report-other');
});

test('only what is known to be settled is drawn as settled', () => {
  for (const status of ['open', 'worked_on', 'suspended', 'new_code', undefined]) {
    expect(symbolFor('minefield-records', status === undefined ? {} : { status })?.id).not.toBe('minefield-closed');
  }
  for (const state of ['present', 'new_code', undefined]) {
    expect(symbolFor('explosive-items', state === undefined ? {} : { state })?.id).toBe('item-present');
  }
  expect(SETTLED_SYMBOLS.filter((id) => !SYMBOL_CLASSES.some((c) => c.id === id))).toEqual([]);
});

test('every layer draws what carries no code at all', () => {
  for (const layer of new Set(SYMBOL_CLASSES.map((c) => c.layer))) expect(symbolFor(layer, {}), layer).toBeDefined();
});

test('a release looks approved only when it says that it is', () => {
  const approved = ['cleared', 'reduced', 'cancelled'];
  for (const outcome of approved) {
    expect(symbolFor('land-releases', { outcome, review: 'approved' })?.id).toBe(outcome);
    for (const review of ['unverified', 'verified']) expect(symbolFor('land-releases', { outcome, review })?.id).toBe('release-unapproved');
    expect(symbolFor('land-releases', { outcome })?.id).toBe('release-other');
  }
});

test('a declared time of self-destruction is not a condition of any symbol', () => {
  const names = SYMBOL_CLASSES.flatMap(({ when }) => Object.keys(when));
  expect(names.filter((name) => /self|_on$|date/.test(name))).toEqual([]);
});

test('an unknown survey result does not lift the "not surveyed" pattern as far as a complete one', () => {
  expect(symbolFor('surveys', { result: 'x' })?.id).toBe('survey-partly');
});

test('the worst lies on top', () => {
  const order = (id: string) => SYMBOL_CLASSES.find((c) => c.id === id)!.order;
  const worse = ['survey-none-recorded', 'closed', 'cancelled', 'cleared', 'survey-evidence', 'suspected-open', 'confirmed-open', 'minefield-open', 'item-present', 'report-new'];
  expect(worse.map(order)).toEqual([...worse.map(order)].sort((a, b) => a - b));
});

test('no fill and no outline is green', () => {
  for (const { fill, outline } of SYMBOL_CLASSES) {
    for (const [r, g, b] of [rgb(fill), rgb(outline)]) expect(g > r + 8 && g > b + 8, fill + outline).toBe(false);
  }
});

test('no fill looks green when laid over the land', () => {
  const land = rgb(LAND);
  for (const { id, fill, fill_opacity } of SYMBOL_CLASSES) {
    const [r, g, b] = rgb(fill).map((v, i) => v * fill_opacity + land[i]! * (1 - fill_opacity)) as [number, number, number];
    expect(g > r + 4 && g > b - 2, id).toBe(false);
  }
});

test('every outline stands out from the land', () => {
  for (const { id, outline } of SYMBOL_CLASSES) expect(contrast(outline, LAND), id).toBeGreaterThanOrEqual(3);
});

test('two symbols of a layer differ in more than colour', () => {
  const looks = ({ hatch, dash, outline_width_px }: SymbolClass) => JSON.stringify([hatch, dash, outline_width_px]);
  for (const layer of new Set(SYMBOL_CLASSES.map((c) => c.layer))) {
    const all = ofLayer(layer).map(looks);
    expect(new Set(all).size, layer).toBe(all.length);
  }
});

test('every class is labelled in both languages', () => {
  for (const { id, label } of SYMBOL_CLASSES) expect([id, !!label.en, !!label.uk]).toEqual([id, true, true]);
});
