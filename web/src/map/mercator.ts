// Web Mercator in world units: 0–1 from the date line eastward and from the north edge southward.

export interface WorldPoint {
  x: number;
  y: number;
}

const LATITUDE_MAX_DEG = 85.0511287798;

export function toWorld(lon: number, lat: number): WorldPoint {
  const bounded = Math.max(-LATITUDE_MAX_DEG, Math.min(LATITUDE_MAX_DEG, lat));
  const sin = Math.sin((bounded * Math.PI) / 180);
  return { x: lon / 360 + 0.5, y: 0.5 - Math.log((1 + sin) / (1 - sin)) / (4 * Math.PI) };
}

export function latitudeAt(worldY: number): number {
  return (Math.atan(Math.sinh(Math.PI * (1 - 2 * worldY))) * 180) / Math.PI;
}

const EQUATOR_M = 40_075_016.68;

/** Length of one pixel on the ground at this height of the map, for a world that is `worldSizePx` wide. */
export function metresPerPixel(worldY: number, worldSizePx: number): number {
  return (EQUATOR_M * Math.cos((latitudeAt(worldY) * Math.PI) / 180)) / worldSizePx;
}
