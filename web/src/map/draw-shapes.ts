// The register's records of one tile, worst on top. Everything that arrives is drawn, however small.
import type { Context } from './canvas';
import { drawAccident, drawCount, drawItem, drawMarker, drawReport, MARK_RADIUS_PX } from './draw-symbols';
import { windingAround } from './hit-test';
import { pattern } from './patterns';
import { SETTLED_SYMBOLS } from './settled';
import type { SymbolClass } from './symbology';
import { TILE_PX } from './tile-address';
import type { Shape } from './tile-decode';

/** How a tile's shapes are brought to map pixels, and how fine the drawing may be. */
export interface Drawing {
  context: Context;
  ratio: number;
  scale: number;
  offsetX: number;
  offsetY: number;
  metresPerPixel: number;
  /** Far out, thin whole lines: dashes and wide strokes cost time and say nothing. */
  isFarOut: boolean;
  selected: string | null;
  /** Half the size of signs for points. */
  markRadius: number;
}

const SMALLEST_PX = 3;
const HATCH_FROM_PX = 10;
const SIGN_FROM_PX = 44;
// What an operator's positions are worth when the record does not say.
const POSITION_ACCURACY_DEFAULT_M = 30;
const BAND_FROM_PX = 2;
const GROUND_ORDER = 10;
const SIGNS_FROM_ORDER = 68;
const GROUND_OF_SIGNS_ORDER = 49;
// No area hides what lies under it, whatever its sign is filled with.
const AREA_OPACITY_MAX = 0.5;

export function drawShapes(drawing: Drawing, shapes: Shape[]): void {
  const worstLast = [...shapes].sort((a, b) => orderOf(a) - orderOf(b));
  for (const shape of worstLast) if (shape.kind !== 'point') drawOutlined(drawing, shape);
  for (const shape of worstLast) drawPoints(drawing, shape);
}

// Signs are drawn last; the ground that one stands for (squares of the public view) lies under the areas that are outlined.
function orderOf({ kind, symbol }: Shape): number {
  return kind === 'polygon' && symbol.order >= SIGNS_FROM_ORDER ? GROUND_OF_SIGNS_ORDER : symbol.order;
}

function drawOutlined(drawing: Drawing, shape: Shape): void {
  const path = pathOf(drawing, shape);
  if (isHazard(shape)) drawBand(drawing, shape, path);
  fill(drawing, shape, path);
  outline(drawing, shape.symbol, path);
  if (isSelected(drawing, shape)) drawSelection(drawing, path);
  if (sizeOf(drawing, shape) < SMALLEST_PX) drawSpeck(drawing, shape);
}

function pathOf({ scale, offsetX, offsetY }: Drawing, { parts, kind }: Shape): Path2D {
  const path = new Path2D();
  for (const part of parts) {
    for (let i = 0; i < part.length; i += 2) {
      const [x, y] = [part[i]! * scale - offsetX, part[i + 1]! * scale - offsetY];
      if (i === 0) path.moveTo(x, y);
      else path.lineTo(x, y);
    }
    if (kind === 'polygon') path.closePath();
  }
  return path;
}

// The nonzero rule: where a broken outline crosses itself, or an inner ring lies outside, ground is covered, not spared.
function fill({ context, ratio, ...drawing }: Drawing, shape: Shape, path: Path2D): void {
  if (shape.kind !== 'polygon') return;
  const { symbol } = shape;
  context.globalAlpha = symbol.order <= GROUND_ORDER ? symbol.fill_opacity : Math.min(symbol.fill_opacity, AREA_OPACITY_MAX);
  context.fillStyle = symbol.fill;
  context.fill(path, 'nonzero');
  context.globalAlpha = 1;
  if (symbol.hatch === 'none' || sizeOf(drawing, shape) <= HATCH_FROM_PX) return;
  context.globalAlpha = isHazard(shape) ? 0.75 : 0.4;
  context.fillStyle = pattern(context, symbol.hatch, hatchColour(symbol), ratio);
  context.fill(path, 'nonzero');
  context.globalAlpha = 1;
}

// The hatch belongs to the class, the outline to the status; so the hatch keeps the colour of its class.
function hatchColour({ hatch, outline }: SymbolClass): string {
  if (hatch === 'cross') return '#8E0000';
  return hatch === 'forward' ? '#8A5A00' : outline;
}

function outline({ context, isFarOut }: Drawing, symbol: SymbolClass, path: Path2D): void {
  context.strokeStyle = symbol.outline;
  context.lineWidth = isFarOut ? 1 : symbol.outline_width_px;
  context.setLineDash(isFarOut ? [] : (symbol.dash ?? []));
  context.stroke(path);
  context.setLineDash([]);
}

// A soft edge as wide as the position may be wrong: the line on the map is not the line on the ground.
function drawBand({ context, metresPerPixel }: Drawing, shape: Shape, path: Path2D): void {
  const widthPx = accuracyM(shape) / metresPerPixel;
  if (!(widthPx >= BAND_FROM_PX)) return;
  context.save();
  context.clip(outsideOf(path), 'evenodd');
  context.globalAlpha = 0.22;
  context.strokeStyle = shape.symbol.fill;
  context.lineWidth = 2 * widthPx;
  context.lineJoin = 'round';
  context.stroke(path);
  context.restore();
}

// The server cuts a shape beside the tile; without this the cut would show as a stripe inside the shape.
function outsideOf(path: Path2D): Path2D {
  const outside = new Path2D(path);
  outside.rect(-TILE_PX, -TILE_PX, 3 * TILE_PX, 3 * TILE_PX);
  return outside;
}

function accuracyM({ properties }: Shape): number {
  return Number(properties['position_accuracy_m'] ?? POSITION_ACCURACY_DEFAULT_M);
}

function drawSelection({ context }: Drawing, path: Path2D): void {
  for (const [colour, width] of [['#ffffff', 7], ['#111111', 3]] as const) {
    context.strokeStyle = colour;
    context.lineWidth = width;
    context.stroke(path);
  }
}

function drawSpeck(drawing: Drawing, { box, symbol }: Shape): void {
  const x = ((box.left + box.right) / 2) * drawing.scale - drawing.offsetX;
  const y = ((box.top + box.bottom) / 2) * drawing.scale - drawing.offsetY;
  drawing.context.fillStyle = symbol.fill;
  drawing.context.fillRect(x - SMALLEST_PX / 2, y - SMALLEST_PX / 2, SMALLEST_PX, SMALLEST_PX);
}

function drawPoints(drawing: Drawing, shape: Shape): void {
  if (shape.kind !== 'point') drawCentreSign(drawing, shape);
  else for (const part of shape.parts) for (let i = 0; i < part.length; i += 2) drawPoint(drawing, shape, part[i]!, part[i + 1]!);
}

function drawPoint(drawing: Drawing, shape: Shape, tileX: number, tileY: number): void {
  const { context, scale, offsetX, offsetY } = drawing;
  const [x, y] = [tileX * scale - offsetX, tileY * scale - offsetY];
  const accuracyPx = isHazard(shape) ? accuracyM(shape) / drawing.metresPerPixel : 0;
  const mark = { x, y, symbol: shape.symbol, isSelected: isSelected(drawing, shape), radius: drawing.markRadius };
  if (shape.layer === 'hazard-reports') drawReport(context, mark);
  else if (shape.layer === 'explosive-items') drawItem(context, mark);
  else if (shape.layer === 'accidents') drawAccident(context, mark);
  else drawMarker(context, { ...mark, accuracyPx });
  const isRoomy = drawing.markRadius >= MARK_RADIUS_PX;
  if (isRoomy && Number(shape.properties['count'] ?? 1) > 1) drawCount(context, x, y, Number(shape.properties['count']));
}

// What an outline alone does not say: how many records a merged shape stands for, and that nobody has verified it.
function drawCentreSign(drawing: Drawing, shape: Shape): void {
  const { context, scale, offsetX, offsetY } = drawing;
  const x = ((shape.box.left + shape.box.right) / 2) * scale - offsetX;
  const y = ((shape.box.top + shape.box.bottom) / 2) * scale - offsetY;
  const size = sizeOf(drawing, shape);
  const count = Number(shape.properties['count'] ?? 1);
  const sign = { x, y, symbol: shape.symbol, isSelected: false, radius: drawing.markRadius };
  if (shape.layer === 'hazard-reports' && count === 1) drawReport(context, sign);
  // A shape on a tile edge comes in pieces, and a merged one may bend around its middle: that may lie beside it.
  else if (windingAround(shape.parts, (shape.box.left + shape.box.right) / 2, (shape.box.top + shape.box.bottom) / 2) === 0) return;
  // Far out the numbers of merged shapes would lie on top of one another.
  else if (count > 1 && !drawing.isFarOut && size >= SIGN_FROM_PX / 2) drawCount(context, x, y, count);
  else if (isHazard(shape) && shape.properties['review'] === 'unverified' && size >= SIGN_FROM_PX) drawCount(context, x, y, '?');
}

function sizeOf({ scale }: Pick<Drawing, 'scale'>, { box }: Shape): number {
  return Math.max(box.right - box.left, box.bottom - box.top) * scale;
}

function isSelected({ selected }: Drawing, { properties }: Shape): boolean {
  return selected !== null && properties['id'] === selected;
}

const HAZARD_LAYERS = ['hazardous-areas', 'minefield-records', 'hazard-reports', 'explosive-items'];

function isHazard({ layer, symbol }: Shape): boolean {
  return HAZARD_LAYERS.includes(layer) && !SETTLED_SYMBOLS.includes(symbol.id);
}
