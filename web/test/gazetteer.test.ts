// Settlements by name, as people type them.
import { expect, test } from 'vitest';
import { placeNamed } from '../src/map/gazetteer';
import { toWorld } from '../src/map/mercator';

const label = (en: string, uk: string, lon: number, lat: number) => ({ ...toWorld(lon, lat), en, uk, weight: 1 });
const PLACES = [label('Sloviansk', 'Слов’янськ', 37.6, 48.9), label('Nova Kakhovka', 'Нова Каховка', 33.3, 46.7), label('Nova', 'Нова', 30, 50)];

test.each([
  ['sloviansk', 37.6],
  ["слов'янськ", 37.6],
  ['НОВА КАХОВКА', 33.3],
  ['Nova-Kakh', 33.3],
  ['Nova', 30],
])('%s is found', (name, lon) => {
  expect(placeNamed(PLACES, name)?.lon).toBeCloseTo(lon, 6);
});

test('a name that nobody knows finds nothing', () => {
  expect(placeNamed(PLACES, 'Atlantis')).toBeNull();
  expect(placeNamed(PLACES, ' ')).toBeNull();
});
