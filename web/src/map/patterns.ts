// Hatches. Every period divides the side of a tile, so a hatch runs on across tile edges.
import type { Hatch } from './symbology';
import { makeCanvas, type Context } from './canvas';

export type PatternName = Hatch | 'ground' | 'not-loaded';

const PERIOD_PX: Record<PatternName, number> = { cross: 8, forward: 8, backward: 8, dots: 8, none: 8, ground: 16, 'not-loaded': 8 };

const cache = new Map<string, CanvasPattern>();

/** A repeating pattern in CSS pixels for a canvas that is scaled by `ratio` device pixels. */
export function pattern(context: Context, name: PatternName, colour: string, ratio: number): CanvasPattern {
  const key = `${name} ${colour} ${ratio}`;
  const made = cache.get(key) ?? make(context, name, colour, ratio);
  cache.set(key, made);
  return made;
}

function make(context: Context, name: PatternName, colour: string, ratio: number): CanvasPattern {
  const period = PERIOD_PX[name];
  // A whole number of pixels, then scaled back: the period stays exact when the screen's ratio is a fraction.
  const fine = Math.ceil(ratio);
  const canvas = makeCanvas(period * fine, period * fine);
  const ink = canvas.getContext('2d') as Context;
  ink.scale(fine, fine);
  ink.strokeStyle = ink.fillStyle = colour;
  drawPeriod(ink, name, period);
  const made = context.createPattern(canvas, 'repeat');
  if (!made) throw new Error('the browser gave no pattern');
  made.setTransform(new DOMMatrix().scale(1 / fine));
  return made;
}

function drawPeriod(ink: Context, name: PatternName, period: number): void {
  const strokes: Record<PatternName, () => void> = {
    forward: () => diagonal(ink, period, 'forward', 1.4),
    backward: () => diagonal(ink, period, 'backward', 1.2),
    cross: () => (diagonal(ink, period, 'forward', 1.1), diagonal(ink, period, 'backward', 1.1)),
    dots: () => ink.fillRect(3, 3, 1.6, 1.6),
    ground: () => diagonal(ink, period, 'backward', 1.3),
    'not-loaded': () => grid(ink, period),
    none: () => undefined,
  };
  strokes[name]();
}

// Drawn three times, one period apart, so that the corners join.
function diagonal(ink: Context, period: number, direction: 'forward' | 'backward', widthPx: number): void {
  ink.lineWidth = widthPx;
  ink.beginPath();
  for (const shift of [-period, 0, period]) {
    const [from, to] = direction === 'forward' ? [period, 0] : [0, period];
    ink.moveTo(shift - period, from + (from - to));
    ink.lineTo(shift + 2 * period, to - (from - to));
  }
  ink.stroke();
}

function grid(ink: Context, period: number): void {
  ink.fillRect(0, 0, period, 2);
  ink.fillRect(0, 0, 2, period);
}
