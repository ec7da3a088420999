// Veils everything beyond the extent of the register: out there nothing was ever recorded.
import type { Context } from './canvas';
import { toWorld } from './mercator';
import { TILE_PX, type TileAddress } from './tile-address';

export type Extent = [west: number, south: number, east: number, north: number];

const VEIL = 'rgba(58, 72, 84, 0.10)';
const FRAME = 'rgba(58, 72, 84, 0.55)';
// Room between the outermost record and the frame.
const MARGIN_DEG = 0.15;

export function drawOutside(context: Context, [west, south, east, north]: Extent, tile: TileAddress): void {
  const [left, top] = pixelOf(west - MARGIN_DEG, north + MARGIN_DEG, tile);
  const [right, bottom] = pixelOf(east + MARGIN_DEG, south - MARGIN_DEG, tile);
  context.beginPath();
  context.rect(0, 0, TILE_PX, TILE_PX);
  context.rect(left, top, right - left, bottom - top);
  context.fillStyle = VEIL;
  context.fill('evenodd');
  context.strokeStyle = FRAME;
  context.lineWidth = 1;
  context.setLineDash([8, 8]);
  context.strokeRect(left, top, right - left, bottom - top);
  context.setLineDash([]);
}

// Bounded to the neighbourhood of the tile: a canvas cannot be trusted with coordinates in the millions.
function pixelOf(lon: number, lat: number, { z, x, y }: TileAddress): [number, number] {
  const world = toWorld(lon, lat);
  return [bounded((world.x * 2 ** z - x) * TILE_PX), bounded((world.y * 2 ** z - y) * TILE_PX)];
}

function bounded(px: number): number {
  return Math.max(-TILE_PX, Math.min(2 * TILE_PX, px));
}
