// The map's side of the painter: a worker where the browser can draw in one, else the same code in the page.
import basemapAddress from '../../../data/basemap/basemap.json?url';
import type { FromWorker, HitRequest, Hits, NamedPlace, Painted, Painter, PaintRequest, ToWorker } from './tile-protocol';

export interface CancellablePainter extends Painter {
  paint(request: PaintRequest, signal?: AbortSignal): Promise<Painted>;
}

let started: Promise<CancellablePainter> | undefined;

/** The one painter of the page. */
export function painter(): Promise<CancellablePainter> {
  return (started ??= startPainter());
}

async function startPainter(): Promise<CancellablePainter> {
  if (canDrawInWorker()) return new WorkerPainter(basemapAddress);
  const { TilePainter } = await import('./tile-painter');
  return new TilePainter(basemapAddress);
}

function canDrawInWorker(): boolean {
  return typeof OffscreenCanvas !== 'undefined' && new OffscreenCanvas(1, 1).getContext('2d') !== null;
}

interface Waiting {
  resolve(answer: FromWorker): void;
}

class WorkerPainter implements CancellablePainter {
  private readonly worker = new Worker(new URL('./tile-worker.ts', import.meta.url), { type: 'module' });
  private readonly waiting = new Map<number, Waiting>();
  private last = 0;

  constructor(address: string) {
    this.worker.onmessage = ({ data }: MessageEvent<FromWorker>) => this.settle(data);
    this.worker.onerror = () => this.failAll();
    this.post({ kind: 'start', basemapAddress: new URL(address, location.href).href });
  }

  async paint(request: PaintRequest, signal?: AbortSignal): Promise<Painted> {
    const answer = await this.ask((id) => ({ kind: 'paint', id, request }), signal);
    if ('painted' in answer) return answer.painted;
    throw new Error('problem' in answer ? answer.problem : 'the worker gave another answer');
  }

  async hits(request: HitRequest): Promise<Hits> {
    const answer = await this.ask((id) => ({ kind: 'hits', id, request }));
    if ('hits' in answer) return answer.hits;
    throw new Error('problem' in answer ? answer.problem : 'the worker gave another answer');
  }

  async find(name: string): Promise<NamedPlace | null> {
    const answer = await this.ask((id) => ({ kind: 'find', id, request: name }));
    return 'place' in answer ? answer.place : null;
  }

  private ask(message: (id: number) => ToWorker, signal?: AbortSignal): Promise<FromWorker> {
    const id = ++this.last;
    signal?.addEventListener('abort', () => this.waiting.has(id) && this.post({ kind: 'cancel', id }));
    return new Promise((resolve) => {
      this.waiting.set(id, { resolve });
      this.post(message(id));
    });
  }

  private settle(answer: FromWorker): void {
    this.waiting.get(answer.id)?.resolve(answer);
    this.waiting.delete(answer.id);
  }

  private failAll(): void {
    for (const id of [...this.waiting.keys()]) this.settle({ id, problem: 'the drawing worker stopped' });
  }

  private post(message: ToWorker): void {
    this.worker.postMessage(message);
  }
}
