// From the bytes of a vector tile to shapes in tile pixels, with the symbol of each. Nothing is left out: a shape
// that cannot be read makes the whole tile a failure, which is painted as such.
import { VectorTile, type VectorTileFeature } from '@mapbox/vector-tile';
import { PbfReader } from 'pbf';
import { symbolFor, type Properties, type SymbolClass } from './symbology';
import { TILE_PX } from './tile-address';

export interface Shape {
  layer: string;
  symbol: SymbolClass;
  properties: Properties;
  kind: 'point' | 'line' | 'polygon';
  /** Each part as x, y, x, y … in pixels of the tile. */
  parts: Float32Array[];
  box: { left: number; top: number; right: number; bottom: number };
}

const KINDS = [undefined, 'point', 'line', 'polygon'] as const;

export function decodeTile(bytes: ArrayBuffer): Shape[] {
  const tile = new VectorTile(new PbfReader(new Uint8Array(bytes)));
  const shapes: Shape[] = [];
  for (const [name, layer] of Object.entries(tile.layers)) {
    for (let i = 0; i < layer.length; i++) shapes.push(shapeOf(name, layer.feature(i)));
  }
  return shapes;
}

function shapeOf(layer: string, feature: VectorTileFeature): Shape {
  const kind = KINDS[feature.type];
  const symbol = symbolFor(layer, feature.properties);
  if (!kind || !symbol) throw new Error(`no way to draw a ${layer} feature of type ${feature.type}`);
  const parts = feature.loadGeometry().map((points) => flat(points, TILE_PX / feature.extent));
  return { layer, symbol, properties: feature.properties, kind, parts, box: boxOf(parts) };
}

function flat(points: { x: number; y: number }[], scale: number): Float32Array {
  const numbers = new Float32Array(points.length * 2);
  points.forEach((p, i) => numbers.set([p.x * scale, p.y * scale], i * 2));
  return numbers;
}

function boxOf(parts: Float32Array[]): Shape['box'] {
  const box = { left: Infinity, top: Infinity, right: -Infinity, bottom: -Infinity };
  for (const part of parts) {
    for (let i = 0; i < part.length; i += 2) {
      box.left = Math.min(box.left, part[i]!);
      box.right = Math.max(box.right, part[i]!);
      box.top = Math.min(box.top, part[i + 1]!);
      box.bottom = Math.max(box.bottom, part[i + 1]!);
    }
  }
  return box;
}
