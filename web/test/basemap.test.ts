// The basemap that ships. Ready-made ones often draw Crimea elsewhere, so the built file itself is asked.
import { readFileSync } from 'node:fs';
import { expect, test } from 'vitest';

type Ring = [number, number][];
interface Country {
  a3: string;
  name: string;
  name_uk: string;
  polygons: Ring[][];
}
const basemap = JSON.parse(readFileSync(new URL('../../data/basemap/basemap.json', import.meta.url), 'utf8')) as {
  countries: Country[];
  places: [number, number, number, string, string?][];
  oblasts: { code: string; name_uk: string }[];
};

function isInside([lon, lat]: [number, number], rings: Ring[]): boolean {
  let inside = false;
  for (const ring of rings) {
    ring.forEach(([x1, y1], i) => {
      const [x2, y2] = ring[(i + 1) % ring.length]!;
      if (y1 > lat !== y2 > lat && lon < ((x2 - x1) * (lat - y1)) / (y2 - y1) + x1) inside = !inside;
    });
  }
  return inside;
}

const countriesAt = (place: [number, number]) => basemap.countries.filter((c) => c.polygons.some((rings) => isInside(place, rings))).map((c) => c.a3);

test.each([
  ['Simferopol', 34.1, 44.95],
  ['Sevastopol', 33.52, 44.6],
  ['Kerch', 36.47, 45.36],
  ['Donetsk', 37.8, 48.0],
  ['Kyiv', 30.52, 50.45],
])('%s lies in Ukraine and in no other country', (_name, lon, lat) => {
  expect(countriesAt([lon, lat])).toEqual(['UKR']);
});

test('the names of Ukraine are there in both languages', () => {
  expect(basemap.countries.find((c) => c.a3 === 'UKR')).toMatchObject({ name: 'Ukraine', name_uk: 'Україна' });
  expect(basemap.places.find((p) => p[3] === 'Kharkiv')?.[4]).toBe('Харків');
  expect(basemap.oblasts).toHaveLength(27);
});

test('no outline jumps around the world', () => {
  for (const { a3, polygons } of basemap.countries) {
    for (const ring of polygons.flat()) {
      const jumps = ring.filter(([lon, lat], i) => i > 0 && Math.abs(lon - ring[i - 1]![0]) > 180 && lat > -89);
      expect(jumps, a3).toEqual([]);
    }
  }
});
