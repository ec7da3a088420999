// Unsaved work: what is sent, what is kept, and what becomes of it when somebody else was faster.
import { afterEach, expect, test } from 'vitest';
import type { Properties, RecordFeature } from '../src/api/types';
import { beginChange, beginNew, change, changeField, discardDraft, draft, freshKey, isChanged, keyFor, readDraft, rebased, requestOf } from '../src/state/draft';
import { changedNames, isSame, merged, mergePatch } from '../src/state/merge-patch';
import { fieldOf } from '../src/ui/edit/finding-place';
import { questionOf, shapeFrom } from '../src/ui/edit/traverse-input';
import { alike, enteredLines, settled, type ReadLine } from '../src/ui/edit/use-readings';

afterEach(() => discardDraft());

const record = (properties: Properties, revision = 7): RecordFeature => ({ type: 'Feature', id: 'a', geometry: { type: 'Point', coordinates: [30, 50] }, properties: { ...properties, revision } });

// The examples of RFC 7396, appendix A, as far as their targets are objects.
test.each<[Properties, Properties, Properties]>([
  [{ a: 'b' }, { a: 'c' }, { a: 'c' }],
  [{ a: 'b' }, { b: 'c' }, { a: 'b', b: 'c' }],
  [{ a: 'b' }, { a: null }, {}],
  [{ a: 'b', b: 'c' }, { a: null }, { b: 'c' }],
  [{ a: ['b'] }, { a: 'c' }, { a: 'c' }],
  [{ a: 'c' }, { a: ['b'] }, { a: ['b'] }],
  [{ a: { b: 'c' } }, { a: { b: 'd', c: null } }, { a: { b: 'd' } }],
  [{ a: [{ b: 'c' }] }, { a: [1] }, { a: [1] }],
  [{}, { a: { bb: { ccc: null } } }, { a: { bb: {} } }],
])('the patch of the standard does to %j what the standard says', (target, patch, result) => {
  expect(merged(target, patch)).toEqual(result);
});

test('a patch between two versions turns one into the other, and says nothing of what stayed', () => {
  const from = { name: 'a', evidence: [{ kind: 'direct' }], people: { women: 1, men: 2 }, gone: 'x', same: [1, 2] };
  const to = { name: 'b', evidence: [{ kind: 'indirect' }], people: { women: 1 }, same: [1, 2], added: true };
  const patch = mergePatch(from, to);
  expect(patch).toEqual({ name: 'b', evidence: [{ kind: 'indirect' }], people: { men: null }, gone: null, added: true });
  expect(merged(from, patch)).toEqual(to);
});

test('the order of members and an absent value make no difference', () => {
  expect(isSame({ a: 1, b: { c: 2, d: 3 } }, { b: { d: 3, c: 2 }, a: 1 })).toBe(true);
  expect(changedNames({ a: null }, {})).toEqual([]);
});

test('of a changed record only what changed is sent, with the revision that was seen and the reason', () => {
  beginChange('hazardous-areas', record({ name: 'x', status: 'open' }));
  changeField('status', 'closed');
  change({ reason: ' released ' });
  expect(requestOf(draft.value!)).toEqual({ collection: 'hazardous-areas', id: 'a', seen: 7, body: { type: 'Feature', properties: { status: 'closed' }, reason: 'released' } });
});

test('a value taken away is sent as null, so that it does not stay behind', () => {
  beginChange('hazardous-areas', record({ name: 'x', terrain: 'flat' }));
  changeField('terrain', undefined);
  expect(requestOf(draft.value!).body.properties).toEqual({ terrain: null });
});

test('a place that was taken away is sent as null, a place that stayed is not sent', () => {
  beginChange('hazardous-areas', record({}));
  expect('geometry' in requestOf(draft.value!).body).toBe(false);
  change({ geometry: null });
  expect(requestOf(draft.value!).body.geometry).toBeNull();
});

test('a new record is sent whole', () => {
  beginNew('hazard-reports', { reported_on: '2026-11-22' });
  changeField('photos', ['a.jpg', '', 'b.jpg']);
  expect(requestOf(draft.value!)).toMatchObject({ id: null, seen: null, body: { geometry: null, properties: { reported_on: '2026-11-22', photos: ['a.jpg', 'b.jpg'] } } });
});

test('the same request keeps its key when it is sent again, another one gets another', () => {
  beginNew('hazard-reports', { reported_on: '2026-11-22' });
  const first = keyFor(draft.value!, 'olena');
  expect(keyFor(draft.value!, 'olena')).toBe(first);
  expect(keyFor(draft.value!, 'ivan')).not.toBe(first);
  const second = keyFor(draft.value!, 'ivan');
  changeField('name', 'x');
  expect(keyFor(draft.value!, 'ivan')).not.toBe(second);
});

test('a key is visible ASCII and does not repeat', () => {
  const keys = Array.from({ length: 100 }, freshKey);
  expect(new Set(keys).size).toBe(100);
  for (const key of keys) expect(key).toMatch(/^[!-~]{1,128}$/);
});

test('the key survives a reload together with the work', () => {
  beginNew('hazard-reports', { reported_on: '2026-11-22' });
  changeField('name', 'x');
  const key = keyFor(draft.value!, null);
  const after = readDraft(JSON.stringify(draft.value));
  expect(keyFor(after!, null)).toBe(key);
});

test('only touched work counts as unsaved', () => {
  beginNew('hazard-reports', { reported_on: '2026-11-22' });
  expect(isChanged(draft.value!)).toBe(false);
  changeField('name', 'x');
  expect(isChanged(draft.value!)).toBe(true);
  beginChange('hazardous-areas', record({ name: 'x' }));
  expect(isChanged(draft.value!)).toBe(false);
  change({ geometry: { type: 'Point', coordinates: [31, 50] } });
  expect(isChanged(draft.value!)).toBe(true);
});

test.each([null, '', '{', '5', '{"a":1}'])('what is no draft (%s) is not taken for one', (text) => {
  expect(readDraft(text)).toBeNull();
});

test('going on from a newer version keeps both what was entered here and what others changed', () => {
  beginChange('hazardous-areas', record({ name: 'x', status: 'open', priority: 'low' }));
  changeField('name', 'mine');
  const work = rebased(draft.value!, record({ name: 'theirs', status: 'worked_on', priority: 'low' }, 9));
  expect(work.properties).toMatchObject({ name: 'mine', status: 'worked_on', priority: 'low' });
  expect(requestOf(work)).toMatchObject({ seen: 9, body: { properties: { name: 'mine' } } });
  expect(Object.keys(requestOf(work).body.properties!)).toEqual(['name']);
});

test.each([
  ['status', 'status'],
  ['properties.evidence[0].kind', 'evidence'],
  ['/properties/evidence/0/kind', 'evidence'],
  ['geometry', 'geometry'],
  ['', null],
])('a finding about %j stands at the field %s', (field, name) => {
  expect(fieldOf({ rule: 'r', severity: 'high', message: 'm', field })).toBe(name);
});

test('a finding about the shape stands at the place', () => {
  expect(fieldOf({ rule: 'geometry.missing', severity: 'medium', message: 'm', field: null })).toBe('geometry');
});

const reading = { lon: 30, lat: 50, accuracy_m: 5, read_as: 'MGRS', crs: 'EPSG:4326', operation: null, notes: [] };
const line = (part: Partial<ReadLine>): ReadLine => ({ text: 'x', state: 'read', readings: [reading], chosen: 0, problem: '', ...part });

test('typed coordinates are used only when every line is settled', () => {
  expect(settled([line({}), line({})])).toHaveLength(2);
  expect(settled([])).toBeNull();
  expect(settled([line({}), line({ readings: [reading, reading], chosen: null })])).toBeNull();
  expect(settled([line({}), line({ state: 'refused', readings: [], chosen: null })])).toBeNull();
});

test('a traverse gives an outline where it closes, and for a point the end of its last leg', () => {
  const points: [number, number][] = [[30, 50], [31, 50], [31, 51]];
  const outline = { type: 'Polygon', coordinates: [[...points, points[0]]] };
  expect(shapeFrom({ geometry: outline, points }, 'polygon')).toBe(outline);
  expect(shapeFrom({ geometry: { type: 'LineString', coordinates: points }, points }, 'point')).toEqual({ type: 'Point', coordinates: [31, 51] });
  expect(shapeFrom({ geometry: { type: 'LineString', coordinates: points.slice(0, 2) }, points: points.slice(0, 2) }, 'polygon')).toBeNull();
});

test('a choice made for one line serves the others only where they have exactly one reading of that kind', () => {
  const degrees = (order: string, lat: number) => ({ ...reading, read_as: `decimal degrees in the order ${order}: ${lat}, 30.7` });
  const like = degrees('latitude, longitude', 49.04);
  expect(alike([degrees('longitude, latitude', 48), degrees('latitude, longitude', 48.1)], like)).toBe(1);
  expect(alike([degrees('longitude, latitude', 48)], like)).toBeNull();
  expect(alike([degrees('latitude, longitude', 48), degrees('latitude, longitude', 47)], like)).toBeNull();
  expect(alike([{ ...like, crs: 'EPSG:5562' }], like)).toBeNull();
});

test('what was typed is kept beside how it was read', () => {
  const typed = { text: '36U 1 2', read_as: 'MGRS', crs: 'EPSG:4326', operation: null, accuracy_m: 5 };
  expect(enteredLines([line({ text: '36U 1 2' })], ' EPSG:5562 ')).toEqual({ notation: 'typed', crs: 'EPSG:5562', lines: [typed] });
});

test('a traverse is computed only from whole legs, and from magnetic bearings only with their date', () => {
  const asked = { north: 'magnetic' as const, date: '2026-05-01', closes: true };
  const from = [line({})];
  const legs = [{ bearing: '90', metres: '100' }, { bearing: '', metres: '' }];
  expect(questionOf(from, asked, legs)).toEqual({ reference: { lon: 30, lat: 50 }, north: 'magnetic', date: '2026-05-01', legs: [{ bearing_deg: 90, distance_m: 100 }], closes: true });
  expect(questionOf(from, { ...asked, date: '' }, legs)).toBeNull();
  expect(questionOf(from, asked, [{ bearing: '90', metres: '' }])).toBeNull();
  expect(questionOf([], asked, legs)).toBeNull();
  expect(questionOf([line({ readings: [reading, reading], chosen: null })], asked, legs)).toBeNull();
  expect(questionOf(from, { ...asked, north: 'true' }, legs)).not.toHaveProperty('date');
});
