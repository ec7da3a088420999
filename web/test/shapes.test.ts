// Shapes of a form, and the moments of the time bar.
import { expect, test } from 'vitest';
import { drawableParts, joined, kindsFor, positionOf, shapeOf } from '../src/state/geometry';
import { momentAt, placeOf, readMoment } from '../src/state/past';
import { pointsOf } from '../src/ui/edit/shape-text';

test('a form offers the shapes that the collection takes, in its order', () => {
  expect(kindsFor(['Polygon', 'MultiPolygon', 'Point'])).toEqual(['polygon', 'point']);
  expect(kindsFor(['Point', 'Polygon'])).toEqual(['point', 'polygon']);
  expect(kindsFor(['Polygon', 'MultiPolygon', 'LineString', 'Point'])).toEqual(['polygon', 'line', 'point']);
  expect(kindsFor([])).toEqual([]);
});

test('an outline is closed once, and needs three points', () => {
  const ring = [[0, 0], [1, 0], [1, 1], [0, 0]];
  expect(shapeOf('polygon', [[0, 0], [1, 0], [1, 1]])).toEqual({ type: 'Polygon', coordinates: [ring] });
  expect(shapeOf('polygon', ring as never)).toEqual({ type: 'Polygon', coordinates: [ring] });
  expect(shapeOf('polygon', [[0, 0], [1, 0]])).toBeNull();
  expect(shapeOf('line', [[0, 0]])).toBeNull();
  expect(shapeOf('point', [[3, 4]])).toEqual({ type: 'Point', coordinates: [3, 4] });
});

const outer = [[0, 0], [9, 0], [9, 9], [0, 0]];
const inner = [[2, 1], [3, 1], [3, 2], [2, 1]];

test('several drawn shapes become one geometry, and come apart again', () => {
  const parts = [{ type: 'Polygon', coordinates: [outer] }, { type: 'Polygon', coordinates: [inner] }];
  const geometry = joined(parts)!;
  expect(geometry).toEqual({ type: 'MultiPolygon', coordinates: [[outer], [inner]] });
  expect(drawableParts(geometry)).toEqual(parts);
  expect(joined([])).toBeNull();
});

test('an outline with an inner ring is not offered for moving points: the ring would be lost', () => {
  expect(drawableParts({ type: 'Polygon', coordinates: [outer, inner] })).toBeNull();
  expect(drawableParts({ type: 'GeometryCollection', geometries: [] })).toBeNull();
});

test('points are counted without the one that closes a ring', () => {
  expect(pointsOf({ type: 'Polygon', coordinates: [outer, inner] })).toBe(6);
  expect(pointsOf({ type: 'MultiPolygon', coordinates: [[outer], [inner]] })).toBe(6);
  expect(pointsOf({ type: 'LineString', coordinates: outer })).toBe(4);
  expect(pointsOf({ type: 'Point', coordinates: [1, 2] })).toBe(1);
});

test.each([
  [[30, 50], [30, 50]],
  [{ lon: 30, lat: 50, note: 'x' }, [30, 50]],
  [{ type: 'Point', coordinates: [30, 50] }, [30, 50]],
  [['30', '50'], null],
  [{ lon: 30 }, null],
  ['30 50', null],
  [null, null],
])('%j is read as the position %j', (value, position) => {
  expect(positionOf(value)).toEqual(position);
});

test.each(['17', '2026-05-01', '2026-05-01T10:00:00Z', '2026-05-01T10:00:00.123+02:00'])('%s is a moment', (text) => {
  expect(readMoment(text)).toBe(text);
});

test.each(['', '0', '-3', '2026-13-45', '2026-05-01T10:00:00', 'yesterday', '17&x=1'])('%j is no moment', (text) => {
  expect(readMoment(text)).toBeNull();
});

test('the slider runs from the first event to the last, and shows both', () => {
  const [first, last] = ['2026-01-01T00:00:00.000Z', '2026-11-01T00:00:00.000Z'];
  expect(Date.parse(momentAt(0, first, last))).toBeGreaterThanOrEqual(Date.parse(first));
  expect(Date.parse(momentAt(1000, first, last))).toBeGreaterThanOrEqual(Date.parse(last));
  for (const place of [0, 1, 250, 999, 1000]) expect(placeOf(momentAt(place, first, last), first, last)).toBe(place);
  expect(placeOf('2020-01-01T00:00:00Z', first, last)).toBe(0);
  expect(momentAt(500, first, first)).toBeTruthy();
});
