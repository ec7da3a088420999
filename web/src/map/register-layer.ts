// The Leaflet layer that shows painted tiles. A tile keeps its last picture until a newer one is ready; a tile that
// never had one shows the "not loaded" pattern of the map's background.
import { GridLayer, type Coords, type DoneCallback } from 'leaflet';
import type { CancellablePainter } from './painter-client';
import { TILE_PX, type TileAddress } from './tile-address';
import type { View } from './tile-protocol';

export interface TileCounts {
  waiting: number;
  failed: number;
}

interface TileState {
  canvas: HTMLCanvasElement;
  address: TileAddress;
  abort: AbortController;
  isPainted: boolean;
  attempts: number;
  retry?: ReturnType<typeof setTimeout>;
}

const RETRY_FIRST_MS = 2_000;
const RETRY_MAX_MS = 60_000;

export class RegisterLayer extends GridLayer {
  private readonly states = new Map<HTMLElement, TileState>();
  private readonly waiting = new Set<TileState>();
  private readonly failed = new Set<TileState>();

  constructor(
    private readonly painter: CancellablePainter,
    private view: View,
    private readonly onCounts: (counts: TileCounts) => void,
  ) {
    super({ tileSize: TILE_PX, maxZoom: 19, keepBuffer: 1, updateWhenIdle: false });
    this.on('tileunload', (event) => this.drop((event as unknown as { tile: HTMLElement }).tile));
  }

  /** Repaints every tile in sight; old pictures stay until then. */
  show(view: View): void {
    if (JSON.stringify(view) === JSON.stringify(this.view)) return;
    const isLeft = this.view.viewer !== '' && view.viewer !== this.view.viewer;
    this.view = view;
    for (const state of this.states.values()) {
      if (isLeft) wipe(state);
      void this.paint(state);
    }
  }

  override createTile(coords: Coords, done: DoneCallback): HTMLElement {
    const canvas = document.createElement('canvas');
    canvas.className = 'register-tile';
    const state: TileState = { canvas, address: addressOf(coords), abort: new AbortController(), isPainted: false, attempts: 0 };
    canvas.dataset['tile'] = `${state.address.z}/${state.address.x}/${state.address.y}`;
    canvas.dataset['state'] = 'loading';
    this.states.set(canvas, state);
    void this.paint(state).then(() => done(undefined, canvas));
    return canvas;
  }

  private async paint(state: TileState): Promise<void> {
    state.abort.abort();
    const abort = (state.abort = new AbortController());
    clearTimeout(state.retry);
    this.count(() => this.waiting.add(state));
    const painted = await this.painter.paint({ address: state.address, view: this.view }, abort.signal).catch(() => null);
    if (abort.signal.aborted) return;
    const isFailed = painted === null || painted.failed.length > 0;
    // Last known hazards stay on screen when the newer ones cannot be had.
    if (painted && !(isFailed && state.isPainted)) put(state.canvas, painted.bitmap);
    this.settle(state, isFailed);
  }

  private settle(state: TileState, isFailed: boolean): void {
    state.canvas.dataset['state'] = isFailed ? (state.isPainted ? 'stale' : 'failed') : 'drawn';
    if (!isFailed) state.isPainted = true;
    state.attempts = isFailed ? state.attempts + 1 : 0;
    if (isFailed) state.retry = setTimeout(() => void this.paint(state), retryMs(state.attempts));
    this.count(() => {
      this.waiting.delete(state);
      if (isFailed) this.failed.add(state);
      else this.failed.delete(state);
    });
  }

  private drop(tile: HTMLElement): void {
    const state = this.states.get(tile);
    if (!state) return;
    state.abort.abort();
    clearTimeout(state.retry);
    this.states.delete(tile);
    this.count(() => (this.waiting.delete(state), this.failed.delete(state)));
  }

  private count(change: () => void): void {
    change();
    this.onCounts({ waiting: this.waiting.size, failed: this.failed.size });
  }
}

/** The map counts zoom for 256 px tiles; a tile of 512 px is one zoom further out. Longitudes repeat. */
export function addressOf({ x, y, z }: Coords): TileAddress {
  const tiles = 2 ** (z - 1);
  return { z: z - 1, x: ((x % tiles) + tiles) % tiles, y };
}

// What somebody was shown does not stay for whoever comes after.
function wipe(state: TileState): void {
  state.canvas.getContext('bitmaprenderer')?.transferFromImageBitmap(null);
  state.isPainted = false;
}

function put(canvas: HTMLCanvasElement, bitmap: ImageBitmap): void {
  canvas.width = bitmap.width;
  canvas.height = bitmap.height;
  canvas.getContext('bitmaprenderer')?.transferFromImageBitmap(bitmap);
}

function retryMs(attempts: number): number {
  return Math.min(RETRY_MAX_MS, RETRY_FIRST_MS * 2 ** Math.min(attempts - 1, 10));
}
