// Paints one tile: basemap, ground pattern, records. Knows no Leaflet and no page, so it runs in a worker.
import { loadBasemap, type Basemap } from './basemap-data';
import { contextOf, makeCanvas, type Context } from './canvas';
import { drawLand, drawLines } from './draw-basemap';
import { drawOutside } from './draw-extent';
import { drawShapes, type Drawing } from './draw-shapes';
import { markRadius } from './draw-symbols';
import { hitsAt } from './hit-test';
import { Labels } from './labels';
import { metresPerPixel } from './mercator';
import { pattern } from './patterns';
import { SETTLED_SYMBOLS, SETTLED_TILES, settledLayer } from './settled';
import { sourceOf, TILE_PX, type SourcePart } from './tile-address';
import type { Shape } from './tile-decode';
import { placeNamed } from './gazetteer';
import type { HitRequest, Hits, NamedPlace, Painted, Painter, PaintRequest, View } from './tile-protocol';
import { TileSource } from './tile-source';

interface Source {
  tile: string;
  holds: (shape: Shape) => boolean;
}

const isSettled = (shape: Shape) => SETTLED_SYMBOLS.includes(shape.symbol.id);
const settledOf = (tile: string): Source => ({ tile, holds: isSettled });
const hazardsOf = (layer: string): Source => ({ tile: 'hazards', holds: (shape) => shape.layer === layer });

/** Which tile layers of the server hold a layer of the map, and which of their shapes belong there. */
const SOURCES: Record<string, Source[]> = {
  surveys: [{ tile: 'surveys', holds: () => true }],
  'land-releases': [{ tile: 'land-releases', holds: () => true }],
  accidents: [{ tile: 'accidents', holds: () => true }],
  tasks: [{ tile: 'tasks', holds: () => true }],
  'hazardous-areas': [hazardsOf('hazardous-areas')],
  'minefield-records': [hazardsOf('minefield-records')],
  'hazard-reports': [hazardsOf('hazard-reports')],
  'explosive-items': [hazardsOf('explosive-items')],
  ...Object.fromEntries(SETTLED_TILES.map((tile) => [settledLayer(tile), [settledOf(tile)]])),
};

const DETAIL_FROM_ZOOM = 11;

interface Loaded {
  shapes: Shape[];
  failed: string[];
}

export class TilePainter implements Painter {
  private readonly source = new TileSource();
  private readonly basemap: Promise<{ basemap: Basemap; labels: Labels } | null>;

  constructor(basemapAddress: string) {
    // Without a basemap the hazards are still drawn.
    this.basemap = loadBasemap(basemapAddress).then(
      (basemap) => ({ basemap, labels: new Labels(basemap) }),
      () => null,
    );
  }

  async paint({ address, view }: PaintRequest): Promise<Painted> {
    const part = sourceOf(address);
    const [loaded, base] = await Promise.all([this.load(part, view), this.basemap]);
    const size = Math.round(TILE_PX * view.ratio);
    const canvas = makeCanvas(size, size);
    const context = contextOf(canvas);
    context.scale(size / TILE_PX, size / TILE_PX);
    const drawing = drawingOf(context, part, address.y, address.z, view);
    const [ground, rest] = parted(loaded.shapes, (s) => s.symbol.order <= 10);
    if (base) drawLand(context, base.basemap, address);
    else plainGround(context);
    drawPattern(context, loaded.failed.length ? 'not-loaded' : 'ground', view.ratio);
    drawShapes(drawing, ground);
    if (view.extent) drawOutside(context, view.extent, address);
    if (base) drawLines(context, base.basemap, address);
    if (base) base.labels.draw(context, address, view.language);
    drawShapes(drawing, rest);
    return { bitmap: await bitmapOf(canvas), failed: loaded.failed };
  }

  async hits({ address, x, y, view }: HitRequest): Promise<Hits> {
    const part = sourceOf(address);
    const { shapes } = await this.load(part, view);
    const found = hitsAt(shapes, (x + part.offsetX) / part.scale, (y + part.offsetY) / part.scale, part.scale);
    return found.map((hit) => ({ ...hit, centre: centreOf(hit.box, part) }));
  }

  async find(name: string): Promise<NamedPlace | null> {
    const base = await this.basemap;
    return base && placeNamed(base.basemap.places, name);
  }

  private async load({ address }: SourcePart, view: View): Promise<Loaded> {
    const sources = view.layers.flatMap((layer) => SOURCES[layer] ?? []);
    const tiles = [...new Set(sources.map((source) => source.tile))];
    const answers = await Promise.allSettled(tiles.map((tile) => this.source.shapes(tile, address, view)));
    const loaded: Loaded = { shapes: [], failed: [] };
    answers.forEach((answer, i) => {
      if (answer.status === 'rejected') loaded.failed.push(tiles[i]!);
      else loaded.shapes.push(...answer.value.filter((shape) => sources.some((s) => s.tile === tiles[i] && s.holds(shape))));
    });
    return loaded;
  }
}

function drawingOf(context: Context, part: SourcePart, y: number, z: number, view: View): Drawing {
  const worldY = (y + 0.5) / 2 ** z;
  return {
    context,
    ratio: view.ratio,
    ...part,
    metresPerPixel: metresPerPixel(worldY, 2 ** z * TILE_PX),
    isFarOut: z < DETAIL_FROM_ZOOM,
    selected: view.selected,
    markRadius: markRadius(z),
  };
}

function plainGround(context: Context): void {
  context.fillStyle = '#e9e6df';
  context.fillRect(0, 0, TILE_PX, TILE_PX);
}

function drawPattern(context: Context, name: 'ground' | 'not-loaded', ratio: number): void {
  const [colour, alpha] = name === 'ground' ? ['#777777', 0.45] : ['#555b61', 0.6];
  context.globalAlpha = alpha;
  context.fillStyle = pattern(context, name, colour, ratio);
  context.fillRect(0, 0, TILE_PX, TILE_PX);
  context.globalAlpha = 1;
}

function parted<T>(list: T[], isFirst: (entry: T) => boolean): [T[], T[]] {
  return [list.filter(isFirst), list.filter((entry) => !isFirst(entry))];
}

function centreOf(box: Shape['box'], { scale, offsetX, offsetY }: SourcePart): { x: number; y: number } {
  return { x: ((box.left + box.right) / 2) * scale - offsetX, y: ((box.top + box.bottom) / 2) * scale - offsetY };
}

function bitmapOf(canvas: OffscreenCanvas | HTMLCanvasElement): Promise<ImageBitmap> | ImageBitmap {
  return 'transferToImageBitmap' in canvas ? canvas.transferToImageBitmap() : createImageBitmap(canvas);
}
