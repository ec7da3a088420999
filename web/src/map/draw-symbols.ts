// Signs of fixed size: reports, areas known only as a point, counts. Also used by the legend.
import type { Context } from './canvas';
import type { SymbolClass } from './symbology';

export interface Mark {
  x: number;
  y: number;
  symbol: SymbolClass;
  isSelected: boolean;
  /** Half the size of the sign. */
  radius: number;
}

export const MARK_RADIUS_PX = 8;

// Far out there are many signs in little room; smaller ones hide less of each other. They never vanish.
export function markRadius(tileZoom: number): number {
  if (tileZoom < 6) return 3.5;
  return tileZoom < 8 ? 5 : MARK_RADIUS_PX;
}

export function drawReport(context: Context, { x, y, symbol, isSelected, radius }: Mark): void {
  if (isSelected) ring(context, x, y, radius + 6);
  triangle(context, x, y, radius * 1.2);
  context.fillStyle = symbol.fill;
  context.strokeStyle = symbol.outline;
  context.lineWidth = radius < MARK_RADIUS_PX ? 1.2 : 1.8;
  context.lineJoin = 'round';
  context.fill();
  context.stroke();
  if (radius < MARK_RADIUS_PX) return;
  context.fillStyle = symbol.outline;
  context.fillRect(x - 1, y - 4, 2, 5);
  context.fillRect(x - 1, y + 2.4, 2, 2);
}

/** An item that was found: a diamond, so that it is told from a report and from an area without an outline. */
export function drawItem(context: Context, { x, y, symbol, isSelected, radius }: Mark): void {
  if (isSelected) ring(context, x, y, radius + 6);
  context.beginPath();
  for (const [dx, dy] of [[0, -1], [1, 0], [0, 1], [-1, 0]] as const) context.lineTo(x + dx * radius * 1.1, y + dy * radius * 1.1);
  context.closePath();
  paint(context, symbol, radius);
  if (radius < MARK_RADIUS_PX) return;
  context.fillStyle = symbol.outline;
  context.fillRect(x - 2, y - 2, 4, 4);
}

/** An accident: a star with four points. */
export function drawAccident(context: Context, { x, y, symbol, isSelected, radius }: Mark): void {
  if (isSelected) ring(context, x, y, radius + 6);
  context.beginPath();
  for (let i = 0; i < 8; i++) {
    const reach = i % 2 === 0 ? radius * 1.3 : radius * 0.5;
    context.lineTo(x + reach * Math.sin((i * Math.PI) / 4), y - reach * Math.cos((i * Math.PI) / 4));
  }
  context.closePath();
  paint(context, symbol, radius);
}

function paint(context: Context, symbol: SymbolClass, radius: number): void {
  context.fillStyle = symbol.fill;
  context.strokeStyle = symbol.outline;
  context.lineWidth = radius < MARK_RADIUS_PX ? 1.2 : symbol.outline_width_px;
  context.setLineDash(radius < MARK_RADIUS_PX ? [] : (symbol.dash ?? []));
  context.lineJoin = 'round';
  context.fill();
  context.stroke();
  context.setLineDash([]);
}

function triangle(context: Context, x: number, y: number, radius: number): void {
  context.beginPath();
  context.moveTo(x, y - radius);
  context.lineTo(x + radius, y + radius * 0.8);
  context.lineTo(x - radius, y + radius * 0.8);
  context.closePath();
}

/** An area without a known perimeter: a disc in its class, and a circle as wide as its position may be wrong. */
export function drawMarker(context: Context, { x, y, symbol, isSelected, radius, accuracyPx }: Mark & { accuracyPx: number }): void {
  if (isSelected) ring(context, x, y, radius + 6);
  if (accuracyPx > radius) accuracyCircle(context, x, y, accuracyPx, symbol);
  context.beginPath();
  context.arc(x, y, radius - 1, 0, 2 * Math.PI);
  context.fillStyle = symbol.fill;
  context.fill();
  context.strokeStyle = symbol.outline;
  context.lineWidth = radius < MARK_RADIUS_PX ? 1 : symbol.outline_width_px;
  context.stroke();
  if (radius < MARK_RADIUS_PX) return;
  if (symbol.hatch === 'cross') cross(context, x, y, 4);
  else stroke(context, [x - 3.5, y + 3.5, x + 3.5, y - 3.5]);
}

function accuracyCircle(context: Context, x: number, y: number, radius: number, symbol: SymbolClass): void {
  context.beginPath();
  context.arc(x, y, radius, 0, 2 * Math.PI);
  context.globalAlpha = 0.22;
  context.fillStyle = symbol.fill;
  context.fill();
  context.globalAlpha = 1;
  context.strokeStyle = symbol.outline;
  context.lineWidth = 1;
  context.setLineDash([3, 3]);
  context.stroke();
  context.setLineDash([]);
}

function ring(context: Context, x: number, y: number, radius: number): void {
  for (const [colour, width] of [['#ffffff', 6], ['#111111', 3]] as const) {
    context.beginPath();
    context.arc(x, y, radius, 0, 2 * Math.PI);
    context.strokeStyle = colour;
    context.lineWidth = width;
    context.stroke();
  }
}

function cross(context: Context, x: number, y: number, arm: number): void {
  stroke(context, [x - arm, y - arm, x + arm, y + arm]);
  stroke(context, [x - arm, y + arm, x + arm, y - arm]);
}

function stroke(context: Context, [x1, y1, x2, y2]: [number, number, number, number]): void {
  context.beginPath();
  context.moveTo(x1, y1);
  context.lineTo(x2, y2);
  context.strokeStyle = '#ffffff';
  context.lineWidth = 1.6;
  context.stroke();
}

/** A small plate with a number, or a question mark for what nobody has verified. */
export function drawCount(context: Context, x: number, y: number, count: number | string): void {
  const text = String(count);
  context.font = '600 11px system-ui, sans-serif';
  const width = Math.max(16, context.measureText(text).width + 8);
  context.fillStyle = 'rgba(255, 255, 255, 0.92)';
  context.strokeStyle = '#111111';
  context.lineWidth = 1;
  context.beginPath();
  context.roundRect(x - width / 2, y - 8, width, 16, 8);
  context.fill();
  context.stroke();
  context.fillStyle = '#111111';
  context.textAlign = 'center';
  context.textBaseline = 'middle';
  context.fillText(text, x, y + 0.5);
  context.textAlign = 'start';
}
