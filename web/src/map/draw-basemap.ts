// Land, water and borders of one tile. Muted on purpose: the hazards are what must be seen.
import type { Basemap, WorldLine } from './basemap-data';
import type { Context } from './canvas';
import { clipRing } from './clip';
import { TILE_PX, type TileAddress } from './tile-address';

const SEA = '#c6d4dd';
const LAND = '#e9e6df';
const RIVER = '#9db9cb';
const BORDER = '#8d8796';
const OBLAST_BORDER = '#b4adbb';
const MARGIN_PX = 8;

export function drawLand(context: Context, basemap: Basemap, tile: TileAddress): void {
  context.fillStyle = SEA;
  context.fillRect(0, 0, TILE_PX, TILE_PX);
  fillPolygons(context, basemap.land, tile, LAND);
  fillPolygons(context, basemap.lakes, tile, SEA);
}

export function drawLines(context: Context, basemap: Basemap, tile: TileAddress): void {
  if (tile.z >= 4) stroke(context, basemap.rivers, tile, RIVER, tile.z < 6 ? 0.8 : 1.4, []);
  if (tile.z >= 4) stroke(context, basemap.oblastBorders, tile, OBLAST_BORDER, 1, [4, 3]);
  stroke(context, basemap.borders, tile, BORDER, tile.z < 5 ? 1 : 1.6, []);
}

function fillPolygons(context: Context, polygons: WorldLine[][], tile: TileAddress, colour: string): void {
  context.fillStyle = colour;
  for (const rings of polygons) {
    if (!rings[0] || !isNear(rings[0], tile)) continue;
    context.beginPath();
    for (const ring of rings) traceRing(context, clipRing(tilePoints(ring, tile), -MARGIN_PX, TILE_PX + MARGIN_PX));
    context.fill('evenodd');
  }
}

function traceRing(context: Context, points: number[]): void {
  for (let i = 0; i < points.length; i += 2) {
    if (i === 0) context.moveTo(points[0]!, points[1]!);
    else context.lineTo(points[i]!, points[i + 1]!);
  }
  context.closePath();
}

function stroke(context: Context, lines: WorldLine[], tile: TileAddress, colour: string, widthPx: number, dash: number[]): void {
  context.strokeStyle = colour;
  context.lineWidth = widthPx;
  context.setLineDash(dash);
  context.beginPath();
  for (const line of lines) if (isNear(line, tile)) traceNearParts(context, tilePoints(line, tile));
  context.stroke();
  context.setLineDash([]);
}

// Segments whose box misses the tile are skipped; a long one that crosses it stays whole.
function traceNearParts(context: Context, points: number[]): void {
  let isDrawing = false;
  for (let i = 2; i < points.length; i += 2) {
    const [x1, y1, x2, y2] = [points[i - 2]!, points[i - 1]!, points[i]!, points[i + 1]!];
    const misses = Math.max(x1, x2) < -MARGIN_PX || Math.min(x1, x2) > TILE_PX + MARGIN_PX || Math.max(y1, y2) < -MARGIN_PX || Math.min(y1, y2) > TILE_PX + MARGIN_PX;
    if (!misses && !isDrawing) context.moveTo(x1, y1);
    if (!misses) context.lineTo(x2, y2);
    isDrawing = !misses;
  }
}

function tilePoints({ points }: WorldLine, { z, x, y }: TileAddress): number[] {
  const tiles = 2 ** z;
  const moved = new Array<number>(points.length);
  for (let i = 0; i < points.length; i += 2) {
    moved[i] = (points[i]! * tiles - x) * TILE_PX;
    moved[i + 1] = (points[i + 1]! * tiles - y) * TILE_PX;
  }
  return moved;
}

function isNear({ box }: WorldLine, { z, x, y }: TileAddress): boolean {
  const tiles = 2 ** z;
  const margin = MARGIN_PX / TILE_PX;
  return (
    box.right * tiles >= x - margin && box.left * tiles <= x + 1 + margin && box.bottom * tiles >= y - margin && box.top * tiles <= y + 1 + margin
  );
}
