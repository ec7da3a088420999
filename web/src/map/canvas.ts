// One name for the two kinds of canvas: off screen in a worker, an element where the browser has no other.

export type Context = CanvasRenderingContext2D | OffscreenCanvasRenderingContext2D;
export type AnyCanvas = OffscreenCanvas | HTMLCanvasElement;

export function makeCanvas(width: number, height: number): AnyCanvas {
  if (typeof OffscreenCanvas !== 'undefined') return new OffscreenCanvas(width, height);
  const canvas = document.createElement('canvas');
  canvas.width = width;
  canvas.height = height;
  return canvas;
}

export function contextOf(canvas: AnyCanvas): Context {
  const context = canvas.getContext('2d') as Context | null;
  if (!context) throw new Error('the browser gave no drawing context');
  return context;
}
