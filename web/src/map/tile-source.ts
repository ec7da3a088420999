// Fetches and keeps decoded tiles. Three outcomes and no fourth: shapes, empty (204), failure.
import { decodeTile, type Shape } from './tile-decode';
import { addressKey, type TileAddress } from './tile-address';
import type { View } from './tile-protocol';

const TILES_KEPT_MAX = 120;

type Moment = Pick<View, 'revision' | 'viewer' | 'knownAt'>;

export class TileSource {
  private readonly kept = new Map<string, Promise<Shape[]>>();

  /** Shapes of one layer as somebody sees them at a moment; rejects when the tile could not be had. A failure is not kept. */
  shapes(layer: string, address: TileAddress, { revision, viewer, knownAt }: Moment): Promise<Shape[]> {
    const key = `${layer}/${addressKey(address)}@${revision} ${knownAt ?? ''} ${viewer}`;
    const known = this.kept.get(key);
    const wanted = known ?? load(layer, address, knownAt);
    this.keep(key, wanted);
    if (known) return known;
    wanted.catch(() => this.kept.delete(key));
    return wanted;
  }

  // The last used stands last, so the first in line is the one to let go.
  private keep(key: string, shapes: Promise<Shape[]>): void {
    this.kept.delete(key);
    this.kept.set(key, shapes);
    const oldest = this.kept.keys().next().value;
    if (this.kept.size > TILES_KEPT_MAX && oldest !== undefined) this.kept.delete(oldest);
  }
}

async function load(layer: string, address: TileAddress, knownAt: string | null): Promise<Shape[]> {
  // no-cache: ask whether the kept answer still holds (ETag), so that an old hazard tile is never taken for current.
  const past = knownAt === null ? '' : `?known-at=${encodeURIComponent(knownAt)}`;
  const response = await fetch(`/tiles/${layer}/${addressKey(address)}.mvt${past}`, { cache: 'no-cache' });
  if (response.status === 204) return [];
  if (response.status !== 200) throw new Error(`tile ${layer}/${addressKey(address)}: status ${response.status}`);
  return decodeTile(await response.arrayBuffer());
}
