// State without a browser: links, hidden hazards, distances, readings.
import { expect, test } from 'vitest';
import { boxOfGeometry } from '../src/map/geometry-box';
import { readDegrees } from '../src/ui/read-degrees';
import { worstCaseDistance } from '../src/ui/worst-case';
import { hiddenHazards, LAYERS_AT_START } from '../src/state/layers';
import { formatPermalink, parsePermalink, type Permalink } from '../src/state/permalink';

test.each<Permalink>([
  { viewport: { zoom: 13, lat: 49.04, lon: 30.7 }, selected: { collection: 'hazardous-areas', id: 'a/b c' }, layers: ['surveys'], knownAt: '2026-05-01T10:00:00.000Z', language: 'uk' },
  { viewport: { zoom: 3, lat: -1.5, lon: -170.25 }, selected: null, layers: [], knownAt: '17', language: 'en' },
  { viewport: null, selected: null, layers: null, knownAt: null, language: null },
])('a link says again what it was made from: %j', (state) => {
  expect(parsePermalink(formatPermalink(state))).toEqual(state);
});

test('the layers of the start are left out of a link', () => {
  const link = formatPermalink({ viewport: null, selected: null, layers: LAYERS_AT_START, knownAt: null, language: 'uk' });
  expect(link).toBe('#lang=uk');
});

test.each(['#', '#x/y/z', '#5/100/0', '#99/1/1', '#sel=only', '#lang=xx', '#sel=%E0%A4%A/1'])('a broken link %s is read as far as it goes', (hash) => {
  const { viewport, selected, language } = parsePermalink(hash);
  expect({ viewport, selected, language }).toEqual({ viewport: null, selected: null, language: null });
});

const row = (codes: Record<string, string>, records: number) => ({ ...codes, records }) as never;

test('hidden hazards are counted, closed and settled ones apart', () => {
  const collections = [
    { id: 'hazardous-areas', records: 10, not_placed: 0, counts: [row({ status: 'closed' }, 4), row({ status: 'open' }, 6)] },
    { id: 'hazard-reports', records: 3, not_placed: 0, counts: [row({ triage: 'rejected' }, 1), row({ triage: 'new' }, 2)] },
  ];
  expect(hiddenHazards(collections, LAYERS_AT_START)).toBe(0);
  expect(hiddenHazards(collections, ['hazard-reports'])).toBe(6);
  expect(hiddenHazards(collections, ['surveys'])).toBe(8);
});

test('the distance shown is never longer than the one measured', () => {
  for (let metres = 0; metres < 500; metres += 7) {
    for (const error of [undefined, 0, 5, 30, 400, -10, 'much']) {
      const shown = worstCaseDistance({ distance_m: metres, properties: error === undefined ? {} : { position_accuracy_m: error } });
      expect(shown).toBeLessThanOrEqual(metres);
      expect(shown).toBeGreaterThanOrEqual(0);
    }
  }
});

test('an unstated position error counts as 30 m', () => {
  expect(worstCaseDistance({ distance_m: 100, properties: {} })).toBe(70);
  expect(worstCaseDistance({ distance_m: 100, properties: { position_accuracy_m: 5 } })).toBe(100);
});

test.each([
  ['49.04 30.70', { lat: 49.04, lon: 30.7 }],
  ['49.04, 30.70', { lat: 49.04, lon: 30.7 }],
  ['-1.5;-170', { lat: -1.5, lon: -170 }],
])('%s is read as latitude and longitude', (text, place) => {
  expect(readDegrees(text)).toEqual(place);
});

test.each(['36UXA1234', '91 30', '49', 'Izium', '5312345 6712345'])('%s is left to the server', (text) => {
  expect(readDegrees(text)).toBeNull();
});

test('a box holds every part of a geometry', () => {
  const geometry = { type: 'GeometryCollection', geometries: [{ type: 'Point', coordinates: [3, 4, 100] }, { type: 'Polygon', coordinates: [[[1, 2], [5, 2], [1, 9]]] }] };
  expect(boxOfGeometry(geometry)).toEqual([1, 2, 5, 9]);
  expect(boxOfGeometry(null)).toBeNull();
});
