// Small planar geometry for the build: rounding, rings, point in polygon. Degrees throughout.

/** Rounds every position of a nested coordinate array; drops points that become equal to the one before. */
export function rounded(coordinates, decimals) {
  if (typeof coordinates[0][0] === 'number') return withoutRepeats(coordinates.map((p) => roundedPoint(p, decimals)));
  return coordinates.map((part) => rounded(part, decimals));
}

function roundedPoint([lon, lat], decimals) {
  return [Number(lon.toFixed(decimals)), Number(lat.toFixed(decimals))];
}

function withoutRepeats(points) {
  return points.filter((p, i) => i === 0 || p[0] !== points[i - 1][0] || p[1] !== points[i - 1][1]);
}

/** All polygons (arrays of rings) of a Polygon or MultiPolygon; empty parts left out. */
export function polygonsOf(geometry) {
  if (!geometry) return [];
  const parts = geometry.type === 'Polygon' ? [geometry.coordinates] : geometry.coordinates;
  return parts.filter((rings) => rings.length > 0 && rings[0].length >= 4);
}

/** Even-odd test over all rings of one polygon. */
export function isInside([lon, lat], rings) {
  let inside = false;
  for (const ring of rings) if (crossesOddly(lon, lat, ring)) inside = !inside;
  return inside;
}

function crossesOddly(lon, lat, ring) {
  let odd = false;
  for (let i = 0, j = ring.length - 1; i < ring.length; j = i++) {
    const [x1, y1] = ring[i];
    const [x2, y2] = ring[j];
    if (y1 > lat !== y2 > lat && lon < ((x2 - x1) * (lat - y1)) / (y2 - y1) + x1) odd = !odd;
  }
  return odd;
}

export function boxOf(points) {
  const box = [Infinity, Infinity, -Infinity, -Infinity];
  for (const [lon, lat] of points) {
    box[0] = Math.min(box[0], lon);
    box[1] = Math.min(box[1], lat);
    box[2] = Math.max(box[2], lon);
    box[3] = Math.max(box[3], lat);
  }
  return box;
}

export function boxesTouch(a, b) {
  return a[0] <= b[2] && b[0] <= a[2] && a[1] <= b[3] && b[1] <= a[3];
}

/** Area centroid of a ring; good enough to place a label. */
export function centroidOf(ring) {
  let twice = 0;
  let x = 0;
  let y = 0;
  for (let i = 0, j = ring.length - 1; i < ring.length; j = i++) {
    const cross = ring[j][0] * ring[i][1] - ring[i][0] * ring[j][1];
    twice += cross;
    x += (ring[j][0] + ring[i][0]) * cross;
    y += (ring[j][1] + ring[i][1]) * cross;
  }
  return [x / (3 * twice), y / (3 * twice)];
}

export function ringArea(ring) {
  let twice = 0;
  for (let i = 0, j = ring.length - 1; i < ring.length; j = i++) twice += ring[j][0] * ring[i][1] - ring[i][0] * ring[j][1];
  return Math.abs(twice / 2);
}
