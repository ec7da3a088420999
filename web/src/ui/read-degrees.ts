// Reads "latitude, longitude" in decimal degrees, the order of the screen. Anything else is left to the server.
import type { Place } from '../state/viewport';

const PAIR = /^\s*([+-]?\d{1,2}(?:\.\d+)?)\s*°?\s*[,;\s]\s*([+-]?\d{1,3}(?:\.\d+)?)\s*°?\s*$/;

export function readDegrees(text: string): Place | null {
  const match = PAIR.exec(text);
  if (!match) return null;
  const [lat, lon] = [Number(match[1]), Number(match[2])];
  return Math.abs(lat) <= 90 && Math.abs(lon) <= 180 ? { lon, lat } : null;
}
