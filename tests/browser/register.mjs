// What the running register holds, so that the tests need to know no particular record.
import { askedBy } from './accounts.mjs';
import { asked } from './browser.mjs';

export function summary() {
  return asked('/query/summary');
}

/** An open hazardous area with an outline, with a place inside it and a link that shows it large; as somebody sees it,
 *  or as everybody does; of those that are wanted. */
export async function someHazard(as = null, isWanted = () => true) {
  const { features } = await askedBy(as, '/ogc/collections/hazardous-areas/items?limit=500');
  const areas = features.filter((f) => f.geometry && (f.properties.status ?? 'open') === 'open' && isWanted(f));
  // The order of public identifiers is another one in each register: there the largest is as good to see in all of them.
  if (as === null) areas.sort((a, b) => sizeOf(b.geometry) - sizeOf(a.geometry));
  for (const area of areas) {
    const rings = ringsOf(area.geometry);
    if (!rings) continue;
    const [lon, lat] = middleOf(rings[0]);
    if (isInside([lon, lat], rings) && (await isAlone(as, lon, lat))) return { ...area, lon, lat, hash: `#15/${lat.toFixed(5)}/${lon.toFixed(5)}` };
  }
  throw new Error('the register holds no open hazardous area to look at');
}

// Fills that lie over one another have a colour of their own.
async function isAlone(as, lon, lat) {
  return (await askedBy(as, `/query/at?lon=${lon}&lat=${lat}`)).features.length === 1;
}

// Covering squares may be several outlines: the first will do.
function ringsOf({ type, coordinates }) {
  if (type === 'Polygon') return coordinates;
  return type === 'MultiPolygon' ? coordinates[0] : null;
}

function sizeOf(geometry) {
  const [ring] = ringsOf(geometry) ?? [[]];
  const [xs, ys] = [ring.map(([x]) => x), ring.map(([, y]) => y)];
  return ring.length ? (Math.max(...xs) - Math.min(...xs)) * (Math.max(...ys) - Math.min(...ys)) : 0;
}

function middleOf(ring) {
  const sum = ring.reduce(([x, y], [lon, lat]) => [x + lon, y + lat], [0, 0]);
  return sum.map((v) => v / ring.length);
}

function isInside([x, y], rings) {
  let inside = false;
  for (const ring of rings) {
    ring.forEach(([x1, y1], i) => {
      const [x2, y2] = ring[(i + 1) % ring.length];
      if (y1 > y !== y2 > y && x < ((x2 - x1) * (y - y1)) / (y2 - y1) + x1) inside = !inside;
    });
  }
  return inside;
}
