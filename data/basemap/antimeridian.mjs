// Cuts polygons where they cross the 180th meridian. The atlas lets their longitudes jump from 180 to -180, which a flat
// map would draw as a band around the world.

/** The parts of a polygon, each between -180 and 180 degrees. */
export function cutAtAntimeridian(rings) {
  const unrolled = rings.map(unroll);
  if (unrolled.every((ring) => ring.every(([lon]) => lon >= -180 && lon <= 180))) return [unrolled];
  return [-360, 0, 360].map((shift) => unrolled.map((ring) => band(ring, shift))).map((part) => part.filter((ring) => ring.length >= 4)).filter((part) => part.length > 0);
}

// Longitudes run on past 180 instead of jumping. A ring around a pole does not close then: it is led over the pole.
function unroll(ring) {
  let turns = 0;
  const run = ring.map(([lon, lat], i) => {
    const step = i === 0 ? 0 : lon - ring[i - 1][0];
    if (step > 180) turns -= 360;
    if (step < -180) turns += 360;
    return [lon + turns, lat];
  });
  if (turns === 0) return run;
  const pole = run[0][1] < 0 ? -90 : 90;
  return [...run, [run.at(-1)[0], pole], [run[0][0], pole], run[0]];
}

/** The part of a ring within the 360 degrees that begin at -180 + shift, moved back by shift. */
function band(ring, shift) {
  const moved = ring.map(([lon, lat]) => [lon - shift, lat]);
  const cut = half(half(moved, (lon) => lon >= -180, -180), (lon) => lon <= 180, 180);
  return cut.length >= 3 ? [...cut, cut[0]] : [];
}

function half(ring, isIn, edge) {
  const kept = [];
  ring.forEach((to, i) => {
    const from = ring[(i || ring.length) - 1];
    if (isIn(from[0]) !== isIn(to[0])) kept.push([edge, from[1] + ((edge - from[0]) / (to[0] - from[0])) * (to[1] - from[1])]);
    if (isIn(to[0])) kept.push(to);
  });
  return kept;
}
