// The worker: receives paint and hit requests, answers each once, skips what the map no longer shows.
import { TilePainter } from './tile-painter';
import type { FromWorker, ToWorker } from './tile-protocol';

const worker = self as unknown as DedicatedWorkerGlobalScope;
const cancelled = new Set<number>();
let painter: TilePainter | undefined;

worker.onmessage = ({ data }: MessageEvent<ToWorker>) => {
  if (data.kind === 'start') painter = new TilePainter(data.basemapAddress);
  else if (data.kind === 'cancel') cancelled.add(data.id);
  else void answer(data);
};

async function answer(message: Extract<ToWorker, { id: number; request: unknown }>): Promise<void> {
  try {
    // Let a cancellation that is already on its way arrive first.
    await new Promise((resolve) => setTimeout(resolve, 0));
    if (cancelled.delete(message.id)) return send({ id: message.id, problem: 'cancelled' });
    if (!painter) throw new Error('the painter was asked before it was started');
    if (message.kind === 'hits') return send({ id: message.id, hits: await painter.hits(message.request) });
    if (message.kind === 'find') return send({ id: message.id, place: await painter.find(message.request) });
    const painted = await painter.paint(message.request);
    send({ id: message.id, painted }, [painted.bitmap]);
  } catch (problem) {
    send({ id: message.id, problem: String(problem) });
  }
}

function send(message: FromWorker, transfer: Transferable[] = []): void {
  worker.postMessage(message, transfer);
}
