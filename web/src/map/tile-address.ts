// Which tile of the server stands behind a square of the map. The server's tiles end at zoom 16; closer in, a part of
// a zoom 16 tile is drawn enlarged.

export interface TileAddress {
  z: number;
  x: number;
  y: number;
}

/** Side of a square on the map. Twice the usual 256 px: a quarter of the requests, and small shapes get 4 px. */
export const TILE_PX = 512;
export const SOURCE_ZOOM_MAX = 16;

export interface SourcePart {
  address: TileAddress;
  /** Map pixels per pixel of the source tile: 1, 2, 4 or 8. */
  scale: number;
  /** Where the part begins, in map pixels of the enlarged source tile. */
  offsetX: number;
  offsetY: number;
}

export function sourceOf({ z, x, y }: TileAddress): SourcePart {
  const steps = Math.max(0, z - SOURCE_ZOOM_MAX);
  const scale = 2 ** steps;
  const address = { z: z - steps, x: Math.floor(x / scale), y: Math.floor(y / scale) };
  return { address, scale, offsetX: (x - address.x * scale) * TILE_PX, offsetY: (y - address.y * scale) * TILE_PX };
}

export function addressKey({ z, x, y }: TileAddress): string {
  return `${z}/${x}/${y}`;
}
