// The samples of the legend, drawn by the same code as the map so that the two cannot drift apart.
import { contextOf } from './canvas';
import { drawShapes } from './draw-shapes';
import { drawAccident, drawCount, drawItem, drawMarker, drawReport, MARK_RADIUS_PX } from './draw-symbols';
import { pattern } from './patterns';
import { PROPOSAL_COLOUR, PROPOSAL_DASH, PROPOSAL_WIDTH_PX } from './proposal-style';
import { SYMBOL_CLASSES, type SymbolClass } from './symbology';
import type { Shape } from './tile-decode';

export const SWATCH_WIDTH_PX = 40;
export const SWATCH_HEIGHT_PX = 24;

export type NothingKind = 'unsurveyed' | 'surveyed' | 'not_loaded' | 'outside';
export type SignKind = 'unverified' | 'merged' | 'band' | 'proposal' | 'cells';
export type SwatchSubject = { symbol: SymbolClass } | { nothing: NothingKind } | { sign: SignKind };

export function drawSwatch(canvas: HTMLCanvasElement, subject: SwatchSubject): void {
  const ratio = Math.min(2, window.devicePixelRatio || 1);
  canvas.width = SWATCH_WIDTH_PX * ratio;
  canvas.height = SWATCH_HEIGHT_PX * ratio;
  const context = contextOf(canvas) as CanvasRenderingContext2D;
  context.scale(ratio, ratio);
  if ('nothing' in subject) drawNothing(context, subject.nothing, ratio);
  else if ('symbol' in subject) drawClass(context, subject.symbol, ratio);
  else drawSign(context, subject.sign, ratio);
}

function drawClass(context: CanvasRenderingContext2D, symbol: SymbolClass, ratio: number): void {
  const middle = { x: SWATCH_WIDTH_PX / 2, y: SWATCH_HEIGHT_PX / 2, symbol, isSelected: false, radius: MARK_RADIUS_PX };
  ground(context);
  if (symbol.layer === 'hazard-reports') drawReport(context, middle);
  else if (symbol.layer === 'explosive-items') drawItem(context, middle);
  else if (symbol.layer === 'accidents') drawAccident(context, middle);
  else drawSample(context, symbol, ratio, {});
}

// Three squares of a grid, as no hazard's own outline looks.
const CELLS = Float32Array.of(10.5, 2.5, 28.5, 2.5, 28.5, 11.5, 19.5, 11.5, 19.5, 20.5, 10.5, 20.5);

function drawSample(context: CanvasRenderingContext2D, symbol: SymbolClass, ratio: number, more: Partial<Shape>): void {
  const [left, top, right, bottom] = [2.5, 2.5, SWATCH_WIDTH_PX - 2.5, SWATCH_HEIGHT_PX - 2.5];
  const parts = [Float32Array.of(left, top, right, top, right, bottom, left, bottom)];
  const shape: Shape = { layer: symbol.layer, symbol, properties: {}, kind: 'polygon', parts, box: { left, top, right, bottom }, ...more };
  const drawing = { context, ratio, scale: 1, offsetX: 0, offsetY: 0, metresPerPixel: Infinity, isFarOut: false, selected: null, markRadius: MARK_RADIUS_PX };
  drawShapes(drawing, [shape]);
}

function drawSign(context: CanvasRenderingContext2D, sign: SignKind, ratio: number): void {
  const symbol = SYMBOL_CLASSES.find((c) => c.id === 'suspected-open')!;
  const [x, y] = [SWATCH_WIDTH_PX / 2, SWATCH_HEIGHT_PX / 2];
  ground(context);
  if (sign === 'band') return drawMarker(context, { x, y, symbol, isSelected: false, radius: MARK_RADIUS_PX, accuracyPx: 11 });
  if (sign === 'proposal') return drawProposal(context);
  if (sign === 'cells') return drawSample(context, symbol, ratio, { parts: [CELLS] });
  drawSample(context, symbol, ratio, {});
  drawCount(context, x, y, sign === 'merged' ? 12 : '?');
}

function drawProposal(context: CanvasRenderingContext2D): void {
  context.strokeStyle = PROPOSAL_COLOUR;
  context.lineWidth = PROPOSAL_WIDTH_PX;
  context.setLineDash(PROPOSAL_DASH);
  context.strokeRect(3.5, 3.5, SWATCH_WIDTH_PX - 7, SWATCH_HEIGHT_PX - 7);
  context.setLineDash([]);
}

function drawNothing(context: CanvasRenderingContext2D, kind: NothingKind, ratio: number): void {
  const surveyed = SYMBOL_CLASSES.find((c) => c.id === 'survey-none-recorded')!;
  ground(context);
  if (kind === 'not_loaded') return hatched(context, 'not-loaded', '#555b61', 0.6, ratio);
  hatched(context, 'ground', '#777777', 0.45, ratio);
  if (kind === 'surveyed') drawSample(context, surveyed, ratio, {});
  if (kind === 'outside') veiled(context);
}

function hatched(context: CanvasRenderingContext2D, name: 'ground' | 'not-loaded', colour: string, alpha: number, ratio: number): void {
  context.globalAlpha = alpha;
  context.fillStyle = pattern(context, name, colour, ratio);
  context.fillRect(0, 0, SWATCH_WIDTH_PX, SWATCH_HEIGHT_PX);
  context.globalAlpha = 1;
}

function veiled(context: CanvasRenderingContext2D): void {
  context.fillStyle = 'rgba(58, 72, 84, 0.3)';
  context.fillRect(0, 0, SWATCH_WIDTH_PX, SWATCH_HEIGHT_PX);
  context.strokeStyle = 'rgba(58, 72, 84, 0.8)';
  context.setLineDash([6, 4]);
  context.strokeRect(0.5, 0.5, SWATCH_WIDTH_PX - 1, SWATCH_HEIGHT_PX - 1);
  context.setLineDash([]);
}

function ground(context: CanvasRenderingContext2D): void {
  context.fillStyle = '#e9e6df';
  context.fillRect(0, 0, SWATCH_WIDTH_PX, SWATCH_HEIGHT_PX);
}
