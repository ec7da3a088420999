// Cuts outlines to a tile before drawing. Far in, a country's border lies millions of pixels away, where the
// single-precision numbers of a canvas no longer hold.

/** Points as x, y pairs, cut to the square from `low` to `high` on both axes. */
export function clipRing(points: number[], low: number, high: number): number[] {
  let ring = points;
  for (const axis of [0, 1] as const) {
    ring = clipSide(ring, axis, (v) => v >= low, low);
    ring = clipSide(ring, axis, (v) => v <= high, high);
  }
  return ring;
}

function clipSide(points: number[], axis: 0 | 1, isIn: (v: number) => boolean, edge: number): number[] {
  const kept: number[] = [];
  for (let i = 0; i < points.length; i += 2) {
    const before = (i === 0 ? points.length : i) - 2;
    const from = [points[before]!, points[before + 1]!] as const;
    const to = [points[i]!, points[i + 1]!] as const;
    if (isIn(from[axis]) !== isIn(to[axis])) kept.push(...crossing(from, to, axis, edge));
    if (isIn(to[axis])) kept.push(...to);
  }
  return kept;
}

function crossing(from: readonly [number, number], to: readonly [number, number], axis: 0 | 1, edge: number): [number, number] {
  const share = (edge - from[axis]) / (to[axis] - from[axis]);
  const other = from[1 - axis]! + share * (to[1 - axis]! - from[1 - axis]!);
  return axis === 0 ? [edge, other] : [other, edge];
}
