//! Geodesic distance from a place to a shape: cheap lower bounds first, the ellipsoid only where they cannot
//! decide.

use geo_types::Coord;

use crate::close_by;
use crate::shape::Shape;

/// The nearest place of a shape.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(crate) struct Nearest {
    /// Geodesic distance in metres; 0 inside.
    pub distance_m: f64,
    /// Where it is; the asking place itself when inside.
    pub place: Coord<f64>,
}

/// WGS 84 semi-major axis in metres, and first eccentricity squared.
pub(crate) const EQUATOR_RADIUS_M: f64 = 6_378_137.0;
pub(crate) const E2: f64 = 0.006_694_379_990_141_317;
/// Shares and metres by which bounds give way to rounding.
const ROUNDING_M: f64 = 1e-6;

/// The nearest place of a shape, or `None` where all of it is certainly further than `within_m`.
///
/// Edges are straight in longitude and latitude (RFC 7946, 3.1.1); boundaries belong to the shape.
pub(crate) fn nearest(shape: &Shape, place: Coord<f64>, within_m: f64) -> Option<Nearest> {
    if touches(shape, place) {
        return Some(Nearest { distance_m: 0.0, place });
    }
    let best = match close_by::nearest(shape, place, within_m) {
        close_by::Answer::Nearest(best) => Some(best),
        close_by::Answer::Further => None,
        close_by::Answer::Unsure => anywhere(shape, place, within_m),
    };
    best.filter(|best| best.distance_m <= within_m)
}

fn anywhere(shape: &Shape, place: Coord<f64>, within_m: f64) -> Option<Nearest> {
    let mut edges: Vec<(f64, Edge)> = bounded_edges(shape, place, within_m);
    edges.sort_unstable_by(|one, other| one.0.total_cmp(&other.0));
    let mut best: Option<Nearest> = None;
    for (at_least_m, [a, b]) in edges {
        if best.is_some_and(|best| best.distance_m < at_least_m) {
            break;
        }
        let (distance_m, place) = geodesy::distance_to_segment_m(beside(place, a), a, b);
        if best.is_none_or(|best| distance_m < best.distance_m) {
            best = Some(Nearest { distance_m, place });
        }
    }
    best
}

/// From where to where.
pub(crate) type Edge = [Coord<f64>; 2];

/// Whether the place lies in or on the shape. The two names of the 180th meridian are one place, and all
/// longitudes are one place at a pole.
fn touches(shape: &Shape, place: Coord<f64>) -> bool {
    let is_at_180 = place.x.abs() == 180.0;
    shape.touches_place(place) || (is_at_180 && shape.touches_place(Coord { x: -place.x, y: place.y }))
}

/// The place with the longitude that lies within half a circle of `a`.
fn beside(place: Coord<f64>, a: Coord<f64>) -> Coord<f64> {
    let turns = ((a.x - place.x) / 360.0).round();
    Coord { x: place.x + turns * 360.0, y: place.y }
}

/// Every edge that may lie within `within_m`, with what its distance is at least.
fn bounded_edges(shape: &Shape, place: Coord<f64>, within_m: f64) -> Vec<(f64, Edge)> {
    let from = in_space(place);
    let mut edges = Vec::new();
    each_edge(shape, |edge| {
        let at_least_m = at_least_m(from, edge);
        if at_least_m <= within_m {
            edges.push((at_least_m, edge));
        }
    });
    edges
}

/// Calls `take` with each edge of a shape; a single place is an edge from itself to itself.
pub(crate) fn each_edge(shape: &Shape, mut take: impl FnMut(Edge)) {
    shape.pieces(&mut |piece| {
        let mut coords = piece.path().coords();
        let Some(mut a) = coords.next() else { return };
        if coords.len() == 0 {
            take([a, a]);
        }
        for b in coords {
            take([a, b]);
            a = b;
        }
    });
}

/// What the geodesic distance to an edge is at least, in metres: the straight way through the Earth to the
/// straight chord of the edge, less the most that the edge can bow away from its chord.
fn at_least_m(from: [f64; 3], [a, b]: Edge) -> f64 {
    let (start, end) = (in_space(a), in_space(b));
    // A curve leaves its chord by at most an eighth of its greatest second derivative.
    let turned = (b.x - a.x).abs().to_radians() + (b.y - a.y).abs().to_radians();
    let bow_m = EQUATOR_RADIUS_M * 1.02 / 8.0 * turned * turned;
    (chord_distance_m(from, start, end) - bow_m) * (1.0 - 1e-12) - ROUNDING_M
}

/// A place on the ellipsoid in space: metres from the Earth's centre.
pub(crate) fn in_space(place: Coord<f64>) -> [f64; 3] {
    let ((sin_lon, cos_lon), (sin, cos)) = (place.x.to_radians().sin_cos(), place.y.to_radians().sin_cos());
    let normal = EQUATOR_RADIUS_M / (1.0 - E2 * sin * sin).sqrt();
    [normal * cos * cos_lon, normal * cos * sin_lon, normal * (1.0 - E2) * sin]
}

fn chord_distance_m(p: [f64; 3], a: [f64; 3], b: [f64; 3]) -> f64 {
    let minus = |one: [f64; 3], other: [f64; 3]| [0, 1, 2].map(|i| one[i] - other[i]);
    let dot = |one: [f64; 3], other: [f64; 3]| one[0] * other[0] + one[1] * other[1] + one[2] * other[2];
    let (ab, ap) = (minus(b, a), minus(p, a));
    let length_squared = dot(ab, ab);
    let along = if length_squared > 0.0 { (dot(ap, ab) / length_squared).clamp(0.0, 1.0) } else { 0.0 };
    let off = [0, 1, 2].map(|i| ap[i] - along * ab[i]);
    dot(off, off).sqrt()
}
