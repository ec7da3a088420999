// What the generator of the synthetic country needs: one outline, settlements of the east and south, oblast names.
import { feature } from 'topojson-client';
import { presimplify, simplify } from 'topojson-simplify';
import { topology } from 'topojson-server';
import { polygonsOf, ringArea, rounded } from './geometry.mjs';

const OUTLINE_VERTICES_MAX = 400;
const SETTLEMENTS = 160;
// GeoNames number of each first-level unit, and its ISO 3166-2 number as used at the start of the KATOTTG code.
const EAST_AND_SOUTH = { '04': 'UA12', '05': 'UA14', '07': 'UA63', '08': 'UA65', 11: 'UA01', 14: 'UA44', 16: 'UA48', 17: 'UA51', 20: 'UA85', 21: 'UA59', 26: 'UA23' };

export function demo(ukraine, oblasts, places) {
  return {
    outline: outlineOf(ukraine),
    oblasts: oblasts.map(({ code, name, name_uk }) => ({ code, name_en: name, name_uk })),
    settlements: settlements(oblasts, places),
  };
}

function outlineOf(polygons) {
  const mainland = polygons.map((rings) => rings[0]).reduce((a, b) => (ringArea(b) > ringArea(a) ? b : a));
  let detail = 1e-5;
  let ring = mainland;
  while (ring.length > OUTLINE_VERTICES_MAX) {
    ring = simplified(mainland, detail);
    detail *= 1.5;
  }
  return rounded(ring, 3);
}

function simplified(ring, detail) {
  const outline = presimplify(topology({ outline: { type: 'Polygon', coordinates: [ring] } }));
  const thinned = simplify(outline, detail);
  return polygonsOf(feature(thinned, thinned.objects.outline).geometry)[0][0];
}

/** The largest of each oblast in turn, so that no oblast is left out. */
function settlements(oblasts, places) {
  const named = places.filter((p) => p.country === 'UA' && p.name_uk && p.admin1 in EAST_AND_SOUTH);
  const queues = Object.keys(EAST_AND_SOUTH).map((admin1) => named.filter((p) => p.admin1 === admin1));
  const taken = [];
  while (taken.length < SETTLEMENTS && queues.some((q) => q.length)) {
    for (const queue of queues) if (queue.length && taken.length < SETTLEMENTS) taken.push(queue.shift());
  }
  return taken.map((p) => settlement(p, oblasts)).sort((a, b) => b.population - a.population);
}

function settlement({ name, name_uk, lon, lat, population, admin1 }, oblasts) {
  const unit = oblasts.find((o) => o.code.startsWith(EAST_AND_SOUTH[admin1]));
  return { name, name_uk, lon, lat, population, oblast: unit.code };
}
