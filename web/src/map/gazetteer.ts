// Finds a settlement of the basemap by name. The list is ordered by size, so the first match is the largest.
import type { WorldLabel } from './basemap-data';
import { latitudeAt } from './mercator';
import type { NamedPlace } from './tile-protocol';

export function placeNamed(places: WorldLabel[], name: string): NamedPlace | null {
  const wanted = plain(name);
  if (wanted.length < 2) return null;
  const whole = places.find((p) => plain(p.en) === wanted || plain(p.uk) === wanted);
  const found = whole ?? places.find((p) => plain(p.en).startsWith(wanted) || plain(p.uk).startsWith(wanted));
  return found ? { lon: (found.x - 0.5) * 360, lat: latitudeAt(found.y) } : null;
}

// Apostrophes, hyphens and capitals are typed in many ways.
function plain(name: string): string {
  return name.toLocaleLowerCase().replace(/[’'ʼ`]/g, '').replace(/[-\s]+/g, ' ').trim();
}
