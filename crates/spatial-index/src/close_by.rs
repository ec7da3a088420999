//! Geodesic distance to what lies within some kilometres, in a fraction of a microsecond.
//!
//! In a plane at the asking place all edges but a few are ruled out. Of those the nearest place is found by the middle
//! latitude, and its distance is the chord through space with its arc made up for. Places found may be off by millimetres
//! along the edge, where the distance does not change: it is right within 0.01 mm
//! (`tests/questions.rs` holds it against the geodesic).

use geo_types::Coord;

use crate::distance::{E2, EQUATOR_RADIUS_M, Edge, Nearest, each_edge, in_space};
use crate::shape::Shape;

/// What can be said without the general way.
pub(crate) enum Answer {
    Nearest(Nearest),
    /// All of the shape is further than was asked.
    Further,
    /// Too far, too near a pole, or an edge too long for a plane.
    Unsure,
}

/// Farthest that a plane is trusted, in metres and degrees.
const REACH_M_MAX: f64 = 20_000.0;
const EDGE_DEG_MAX: f64 = 0.5;
const LATITUDE_MAX: f64 = 80.0;

/// The nearest place of a shape that does not hold the asking place.
pub(crate) fn nearest(shape: &Shape, place: Coord<f64>, within_m: f64) -> Answer {
    if within_m > REACH_M_MAX || place.y.abs() > LATITUDE_MAX {
        return Answer::Unsure;
    }
    let plane = Plane::at(place, place.y);
    let (mut least, mut is_long) = (f64::INFINITY, false);
    each_edge(shape, |edge| {
        is_long |=
            (edge[1].x - edge[0].x).abs() > EDGE_DEG_MAX || (edge[1].y - edge[0].y).abs() > EDGE_DEG_MAX;
        least = least.min(plane.distance_squared(edge).0);
    });
    if is_long {
        return Answer::Unsure;
    }
    let least_m = least.sqrt();
    // A plane is off by the share by which a degree of longitude is shorter or longer there.
    let off = |metres: f64| 1.0 + 4.0 * metres / EQUATOR_RADIUS_M * (1.0 + place.y.abs().to_radians().tan());
    if least_m > within_m * off(within_m) + 1e-3 {
        return Answer::Further;
    }
    if least_m > REACH_M_MAX {
        return Answer::Unsure;
    }
    let limit_m = least_m * off(least_m) + 1e-6;
    let mut best: Option<Nearest> = None;
    each_edge(shape, |edge| {
        if plane.distance_squared(edge).0 <= limit_m * limit_m {
            let found = exactly(&plane, edge);
            if best.is_none_or(|best| found.distance_m < best.distance_m) {
                best = Some(found);
            }
        }
    });
    best.map_or(Answer::Further, Answer::Nearest)
}

/// The nearest place of an edge: by Newton's method, from where it is in the plane.
fn exactly(plane: &Plane, edge: Edge) -> Nearest {
    let mut along = plane.distance_squared(edge).1;
    for _ in 0..3 {
        along = (along - step(plane.origin, edge, along)).clamp(0.0, 1.0);
    }
    let toward = at(edge, along);
    Nearest { distance_m: short_geodesic_m(plane.origin, toward), place: toward }
}

/// How far to go back along an edge to where the distance no longer falls. The distance is that of the plane at the middle
/// latitude, which moves as the place does: meridians converge.
fn step(origin: Coord<f64>, edge: Edge, along: f64) -> f64 {
    let [a, b] = edge;
    let place = at(edge, along);
    let midway = (origin.y + place.y) / 2.0;
    let [east, north] = radii(midway);
    let (sin, cos) = midway.to_radians().sin_cos();
    let turned = |degrees: f64| degrees.to_radians();
    let (dlon, dlat) = (turned(wrapped(place.x - origin.x)), turned(place.y - origin.y));
    let (lon_rate, lat_rate) = (turned(b.x - a.x), turned(b.y - a.y));
    let (x, x_rate) = (east * dlon * cos, east * lon_rate * cos);
    let (y, y_rate) = (north * dlat, north * lat_rate);
    let steepness = x_rate * x_rate + y_rate * y_rate;
    if steepness == 0.0 {
        return 0.0;
    }
    (x * x_rate + y * y_rate - x * x * sin / cos * lat_rate / 2.0) / steepness
}

/// The same difference of longitude the short way round.
fn wrapped(degrees: f64) -> f64 {
    if degrees.abs() > 180.0 { degrees - 360.0_f64.copysign(degrees) } else { degrees }
}

fn at([a, b]: Edge, along: f64) -> Coord<f64> {
    if along >= 1.0 { b } else { Coord { x: a.x + along * (b.x - a.x), y: a.y + along * (b.y - a.y) } }
}

/// Metres east and north of a place, as if the Earth were flat at a latitude.
struct Plane {
    origin: Coord<f64>,
    east_m_per_deg: f64,
    north_m_per_deg: f64,
}

impl Plane {
    fn at(origin: Coord<f64>, latitude: f64) -> Self {
        let [east, north] = radii(latitude);
        let cos = latitude.to_radians().cos();
        Self { origin, east_m_per_deg: (east * cos).to_radians(), north_m_per_deg: north.to_radians() }
    }

    /// Squared distance from the origin to an edge, and how far along the edge the nearest place lies, 0 to 1.
    fn distance_squared(&self, [a, b]: Edge) -> (f64, f64) {
        let [ax, ay] = self.metres(a);
        let (dx, dy) = ((b.x - a.x) * self.east_m_per_deg, (b.y - a.y) * self.north_m_per_deg);
        let length = dx * dx + dy * dy;
        let along = if length > 0.0 { (-(ax * dx + ay * dy) / length).clamp(0.0, 1.0) } else { 0.0 };
        let (x, y) = (ax + along * dx, ay + along * dy);
        (x * x + y * y, along)
    }

    fn metres(&self, c: Coord<f64>) -> [f64; 2] {
        [wrapped(c.x - self.origin.x) * self.east_m_per_deg, (c.y - self.origin.y) * self.north_m_per_deg]
    }
}

/// Radii of curvature at a latitude, in metres: east-west, and along the meridian.
fn radii(latitude: f64) -> [f64; 2] {
    let sin = latitude.to_radians().sin();
    let w2 = 1.0 - E2 * sin * sin;
    let east = EQUATOR_RADIUS_M / w2.sqrt();
    [east, east * (1.0 - E2) / w2]
}

/// Length of the geodesic between two places up to [`REACH_M_MAX`] apart: the chord and the first term of what its arc is
/// longer, with the curvature in its direction (Euler). The next term is below 1e-8 m.
fn short_geodesic_m(from: Coord<f64>, to: Coord<f64>) -> f64 {
    let (a, b) = (in_space(from), in_space(to));
    let squared: f64 = (0..3).map(|i| (a[i] - b[i]) * (a[i] - b[i])).sum();
    let midway = (from.y + to.y) / 2.0;
    let [x, y] = Plane::at(from, midway).metres(to);
    let across = x * x + y * y;
    if across == 0.0 {
        return squared.sqrt();
    }
    let [east, north] = radii(midway);
    let curvature = (x * x / east + y * y / north) / across;
    squared.sqrt() * (1.0 + squared * curvature * curvature / 24.0)
}
