// What the running register holds, so that the tests need to know no particular record.
import { asked } from './browser.mjs';

export function summary() {
  return asked('/query/summary');
}

/** An open hazardous area with an outline, with a place inside it and a link that shows it large. */
export async function someHazard() {
  const { features } = await asked('/ogc/collections/hazardous-areas/items?limit=500');
  const areas = features.filter((f) => f.geometry?.type === 'Polygon' && f.properties.status === 'open');
  for (const area of areas) {
    const [lon, lat] = middleOf(area.geometry.coordinates[0]);
    if (isInside([lon, lat], area.geometry.coordinates)) return { ...area, lon, lat, hash: `#15/${lat.toFixed(5)}/${lon.toFixed(5)}` };
  }
  throw new Error('the register holds no open hazardous area to look at');
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
