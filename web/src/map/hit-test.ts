// Which records lie under a place of one tile. Brute force: half a millisecond for the fullest tile.
import { MARK_RADIUS_PX } from './draw-symbols';
import type { Properties } from './symbology';
import type { Shape } from './tile-decode';

export interface Hit {
  layer: string;
  symbol: string;
  properties: Properties;
  /** Where the shape lies in the tile, so that the map can zoom to it. */
  box: Shape['box'];
}

// A finger or an unsteady hand; small shapes are drawn larger than they are.
const POINT_REACH_PX = MARK_RADIUS_PX + 4;
const EDGE_REACH_PX = 3;

/** `x`, `y` and the result in pixels of the source tile; `scale` is map pixels per tile pixel. Worst first. */
export function hitsAt(shapes: Shape[], x: number, y: number, scale: number): Hit[] {
  const found = shapes.filter((shape) => isHit(shape, x, y, scale));
  found.sort((a, b) => b.symbol.order - a.symbol.order);
  return withoutRepeats(found).map(({ layer, symbol, properties, box }) => ({ layer, symbol: symbol.id, properties, box }));
}

function isHit(shape: Shape, x: number, y: number, scale: number): boolean {
  const pointReach = POINT_REACH_PX / scale;
  if (shape.kind === 'point') return isNearPoint(shape, x, y, pointReach);
  const edgeReach = EDGE_REACH_PX / scale;
  if (!isInBox(shape.box, x, y, Math.max(edgeReach, pointReach))) return false;
  if (shape.layer === 'hazard-reports' && isNearCentre(shape, x, y, pointReach)) return true;
  if (shape.kind === 'polygon' && windingAround(shape.parts, x, y) !== 0) return true;
  return isNearEdge(shape, x, y, edgeReach);
}

function isNearPoint({ parts }: Shape, x: number, y: number, reach: number): boolean {
  return parts.some((part) => {
    for (let i = 0; i < part.length; i += 2) if (Math.hypot(part[i]! - x, part[i + 1]! - y) <= reach) return true;
    return false;
  });
}

function isInBox({ left, right, top, bottom }: Shape['box'], x: number, y: number, reach: number): boolean {
  return x >= left - reach && x <= right + reach && y >= top - reach && y <= bottom + reach;
}

function isNearCentre({ box }: Shape, x: number, y: number, reach: number): boolean {
  return Math.hypot((box.left + box.right) / 2 - x, (box.top + box.bottom) / 2 - y) <= reach;
}

/** Same rule as the drawing: what is painted is what answers. */
export function windingAround(parts: Float32Array[], x: number, y: number): number {
  let winding = 0;
  for (const part of parts) {
    for (let i = 0, j = part.length - 2; i < part.length; j = i, i += 2) {
      const [x1, y1, x2, y2] = [part[j]!, part[j + 1]!, part[i]!, part[i + 1]!];
      const side = (x2 - x1) * (y - y1) - (x - x1) * (y2 - y1);
      if (y1 <= y && y2 > y && side > 0) winding++;
      if (y1 > y && y2 <= y && side < 0) winding--;
    }
  }
  return winding;
}

function isNearEdge({ parts, kind }: Shape, x: number, y: number, reach: number): boolean {
  return parts.some((part) => {
    // An area also has the side from its last point to its first.
    for (let i = kind === 'polygon' ? 0 : 2; i < part.length; i += 2) {
      const j = i === 0 ? part.length - 2 : i - 2;
      if (distanceToSegment(x, y, part[j]!, part[j + 1]!, part[i]!, part[i + 1]!) <= reach) return true;
    }
    return false;
  });
}

function distanceToSegment(x: number, y: number, x1: number, y1: number, x2: number, y2: number): number {
  const [dx, dy] = [x2 - x1, y2 - y1];
  const length2 = dx * dx + dy * dy;
  const along = length2 === 0 ? 0 : Math.max(0, Math.min(1, ((x - x1) * dx + (y - y1) * dy) / length2));
  return Math.hypot(x1 + along * dx - x, y1 + along * dy - y);
}

// A record may come in several pieces, or once as hazard and once in its own layer.
function withoutRepeats(shapes: Shape[]): Shape[] {
  const seen = new Set<unknown>();
  return shapes.filter(({ properties }) => {
    const id = properties['id'];
    if (id === undefined) return true;
    const isNew = !seen.has(id);
    seen.add(id);
    return isNew;
  });
}
