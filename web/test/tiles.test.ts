// Tiles from bytes to hits, without a screen.
import { PbfWriter } from 'pbf';
import { afterEach, expect, test, vi } from 'vitest';
import { clipRing } from '../src/map/clip';
import { hitsAt, windingAround } from '../src/map/hit-test';
import { metresPerPixel, toWorld } from '../src/map/mercator';
import { sourceOf } from '../src/map/tile-address';
import { decodeTile, type Shape } from '../src/map/tile-decode';
import { TileSource } from '../src/map/tile-source';
import { symbolFor } from '../src/map/symbology';

afterEach(() => vi.unstubAllGlobals());

const zigzag = (n: number) => (n << 1) ^ (n >> 31);

/** One polygon with text properties, as the server would send it. */
function tileBytes(layer: string, ring: [number, number][], properties: Record<string, string>): ArrayBuffer {
  const writer = new PbfWriter();
  writer.writeMessage(3, writeLayer, { layer, ring, properties });
  return writer.finish().slice().buffer as ArrayBuffer;
}

function writeLayer({ layer, ring, properties }: { layer: string; ring: [number, number][]; properties: Record<string, string> }, writer: PbfWriter): void {
  writer.writeVarintField(15, 2);
  writer.writeStringField(1, layer);
  writer.writeMessage(2, (_: null, feature: PbfWriter) => {
    feature.writePackedVarint(2, Object.keys(properties).flatMap((_key, i) => [i, i]));
    feature.writeVarintField(3, 3);
    feature.writePackedVarint(4, commands(ring));
  }, null);
  for (const key of Object.keys(properties)) writer.writeStringField(3, key);
  for (const value of Object.values(properties)) writer.writeMessage(4, (text: string, w: PbfWriter) => w.writeStringField(1, text), value);
  writer.writeVarintField(5, 4096);
}

function commands(ring: [number, number][]): number[] {
  const steps = ring.map(([x, y], i) => [x - (ring[i - 1]?.[0] ?? 0), y - (ring[i - 1]?.[1] ?? 0)].map(zigzag)) as [number, number][];
  return [9, ...steps[0]!, ((ring.length - 1) << 3) | 2, ...steps.slice(1).flat(), 15];
}

const SQUARE: [number, number][] = [[800, 800], [1600, 800], [1600, 1600], [800, 1600]];

test('a tile is read with its symbol, in pixels of the tile', () => {
  const [shape] = decodeTile(tileBytes('hazardous-areas', SQUARE, { id: 'a', classification: 'confirmed', status: 'open' }));
  expect(shape).toMatchObject({ layer: 'hazardous-areas', kind: 'polygon', symbol: { id: 'confirmed-open' } });
  expect(shape?.box).toEqual({ left: 100, top: 100, right: 200, bottom: 200 });
});

test('a layer that cannot be drawn makes the tile a failure instead of vanishing', () => {
  expect(() => decodeTile(tileBytes('something-new', SQUARE, {}))).toThrow('no way to draw');
});

const at = (revision: number) => ({ revision, viewer: '', knownAt: null });

test('204 is empty, and any other answer than 200 is a failure', async () => {
  const answer = (status: number) => vi.stubGlobal('fetch', async () => new Response(null, { status }));
  const address = { z: 1, x: 0, y: 0 };
  answer(204);
  await expect(new TileSource().shapes('hazards', address, at(1))).resolves.toEqual([]);
  for (const status of [404, 500, 503]) {
    answer(status);
    await expect(new TileSource().shapes('hazards', address, at(1))).rejects.toThrow(String(status));
  }
});

test('a failed tile is asked for again; a kept one only when the revision moves', async () => {
  let asked = 0;
  vi.stubGlobal('fetch', async () => new Response(null, { status: ++asked === 1 ? 500 : 204 }));
  const source = new TileSource();
  const address = { z: 1, x: 0, y: 0 };
  await source.shapes('hazards', address, at(1)).catch(() => null);
  await source.shapes('hazards', address, at(1));
  await source.shapes('hazards', address, at(1));
  expect(asked).toBe(2);
  await source.shapes('hazards', address, at(2));
  expect(asked).toBe(3);
});

test('what one reader was shown is not shown to another', async () => {
  let asked = 0;
  vi.stubGlobal('fetch', async () => (asked++, new Response(null, { status: 204 })));
  const source = new TileSource();
  const address = { z: 1, x: 0, y: 0 };
  for (const viewer of ['', 'olena', 'ivan', '']) await source.shapes('hazards', address, { ...at(1), viewer });
  expect(asked).toBe(3);
});

test('closer than zoom 16 a part of the zoom 16 tile is enlarged', () => {
  expect(sourceOf({ z: 16, x: 5, y: 9 })).toEqual({ address: { z: 16, x: 5, y: 9 }, scale: 1, offsetX: 0, offsetY: 0 });
  expect(sourceOf({ z: 18, x: 23, y: 37 })).toEqual({ address: { z: 16, x: 5, y: 9 }, scale: 4, offsetX: 3 * 512, offsetY: 512 });
});

function shape(layer: string, kind: Shape['kind'], points: number[], properties: Shape['properties']): Shape {
  const xs = points.filter((_, i) => i % 2 === 0);
  const ys = points.filter((_, i) => i % 2 === 1);
  const box = { left: Math.min(...xs), right: Math.max(...xs), top: Math.min(...ys), bottom: Math.max(...ys) };
  return { layer, kind, properties, parts: [Float32Array.from(points)], symbol: symbolFor(layer, properties)!, box };
}

const suspected = shape('hazardous-areas', 'polygon', [0, 0, 100, 0, 100, 100, 0, 100], { id: 's', classification: 'suspected', status: 'open' });
const confirmed = shape('hazardous-areas', 'polygon', [50, 50, 150, 50, 150, 150, 50, 150], { id: 'c', classification: 'confirmed', status: 'open' });
const report = shape('hazard-reports', 'point', [75, 75], { id: 'r', triage: 'new' });
const idsAt = (x: number, y: number, scale = 1) => hitsAt([suspected, confirmed, report], x, y, scale).map((h) => h.properties['id']);

test('a click finds everything under it, worst first', () => {
  expect(idsAt(76, 76)).toEqual(['r', 'c', 's']);
  expect(idsAt(20, 20)).toEqual(['s']);
  expect(idsAt(300, 300)).toEqual([]);
});

test('a click just beside an edge or a point still finds it', () => {
  expect(idsAt(-2, 50)).toEqual(['s']);
  expect(idsAt(85, 75)).toContain('r');
  expect(idsAt(85, 75, 8)).not.toContain('r');
});

test('a record that comes in several pieces is found once', () => {
  expect(hitsAt([suspected, suspected], 50, 20, 1)).toHaveLength(1);
});

test('merged shapes, which have no id, are all kept', () => {
  const merged = { ...suspected, properties: { count: 7, classification: 'suspected', status: 'open' } };
  expect(hitsAt([merged, merged], 50, 20, 1)).toHaveLength(2);
});

test('both halves of an outline that crosses itself answer to a click', () => {
  const bow = [Float32Array.of(0, 0, 100, 100, 100, 0, 0, 100)];
  expect(windingAround(bow, 10, 50)).not.toBe(0);
  expect(windingAround(bow, 90, 50)).not.toBe(0);
});

test('an outline is cut to the tile', () => {
  const cut = clipRing([-1e9, -1e9, 1e9, -1e9, 1e9, 1e9, -1e9, 1e9], -8, 520);
  expect([Math.min(...cut), Math.max(...cut)]).toEqual([-8, 520]);
  expect(clipRing([1, 1, 2, 1, 2, 2], -8, 520)).toEqual([1, 1, 2, 1, 2, 2]);
  expect(clipRing([900, 900, 990, 900, 990, 990], -8, 520)).toEqual([]);
});

test('the projection puts the equator in the middle and shrinks metres northward', () => {
  expect(toWorld(0, 0)).toEqual({ x: 0.5, y: 0.5 });
  expect(metresPerPixel(0.5, 256)).toBeCloseTo(156543, 0);
  expect(metresPerPixel(toWorld(0, 60).y, 256)).toBeCloseTo(156543 / 2, 0);
});
