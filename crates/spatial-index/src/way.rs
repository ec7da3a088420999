//! A way, cut into pieces so short that each can be measured in a plane of its own, with a bound on what that errs.

use geo_types::{Coord, LineString};
use model::Bounds;

use crate::boxes::Boxes;

/// Most vertices of a way.
pub const WAY_VERTICES_MAX: usize = 10_000;
/// Longest way, in metres.
pub const WAY_M_MAX: f64 = 5_000_000.0;
/// Longest piece, in metres.
const PIECE_M: f64 = 1_000.0;
/// Radius of the equator, in metres, and the square of the first eccentricity of WGS 84.
const EQUATOR_RADIUS_M: f64 = 6_378_137.0;
const E2: f64 = 0.006_694_379_990_141_317;
/// Least radius of curvature of a meridian, in metres, less a little.
const MERIDIAN_RADIUS_M_MIN: f64 = 6_335_000.0;
/// Greatest share of a radian that a plane reaches north and south; and the tangent of its greatest latitude (85°).
const REACH_RAD_MAX: f64 = 0.02;
const TANGENT_MAX: f64 = 11.43;
/// How much a metre of a meridian changes in a radian: 3e² sin φ cos φ / (1 - e² sin² φ), at most.
const MERIDIAN_CHANGE: f64 = 0.011;
/// Boxes are searched at least this far around, so that both names of the 180th meridian are.
const SEARCHED_M_MIN: f64 = 0.01;

/// Why a way cannot be followed.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum WayError {
    /// It has no place.
    Empty,
    /// A coordinate that is not on Earth.
    NotOnEarth,
    /// More vertices than [`WAY_VERTICES_MAX`].
    TooManyVertices,
    /// Longer than [`WAY_M_MAX`].
    TooLong,
}

/// Lines to be followed one after the other; edges are straight in longitude and latitude (RFC 7946, 3.1.1).
#[derive(Debug, Clone)]
pub struct Way {
    pieces: Vec<Piece>,
    length_m: f64,
}

impl Way {
    /// The way along lines. From the end of one to the start of the next nothing is followed and nothing counted.
    ///
    /// # Errors
    /// [`WayError`], where it has no place or is beyond the limits.
    pub fn along(lines: &[LineString<f64>]) -> Result<Self, WayError> {
        let places = || lines.iter().flat_map(LineString::coords);
        if places().next().is_none() {
            return Err(WayError::Empty);
        }
        if !places().all(|c| c.x.abs() <= 180.0 && c.y.abs() <= 90.0) {
            return Err(WayError::NotOnEarth);
        }
        Self::of_edges(lines)
    }

    /// The same of lines that are on Earth.
    pub(crate) fn of_edges(lines: &[LineString<f64>]) -> Result<Self, WayError> {
        let edges = || lines.iter().flat_map(edges);
        if lines.iter().map(|line| line.0.len()).sum::<usize>() > WAY_VERTICES_MAX {
            return Err(WayError::TooManyVertices);
        }
        if edges().map(|(a, b)| longest_m(a, b)).sum::<f64>() > WAY_M_MAX {
            return Err(WayError::TooLong);
        }
        let mut way = Self { pieces: Vec::new(), length_m: 0.0 };
        edges().for_each(|(a, b)| way.add(a, b));
        Ok(way)
    }

    fn add(&mut self, a: Coord<f64>, b: Coord<f64>) {
        let count = (longest_m(a, b) / PIECE_M).ceil().max(1.0);
        let at = |end: f64| if end == count { b } else { a + (b - a) * (end / count) };
        for number in 0..count as u32 {
            let piece = Piece::new(at(f64::from(number)), at(f64::from(number + 1)), self.length_m);
            self.length_m += piece.length_m;
            self.pieces.push(piece);
        }
    }

    /// How long it is, in metres: along its edges as they are drawn.
    pub fn length_m(&self) -> f64 {
        self.length_m
    }

    pub(crate) fn pieces(&self) -> &[Piece] {
        &self.pieces
    }
}

/// The edges of a line; of one that stays where it is, that place.
fn edges(line: &LineString<f64>) -> impl Iterator<Item = (Coord<f64>, Coord<f64>)> + '_ {
    let moves = line.0.windows(2).map(|pair| (pair[0], pair[1])).filter(|(a, b)| a != b);
    let stays =
        line.0.first().filter(|first| line.0.iter().all(|c| c == *first)).map(|first| (*first, *first));
    moves.chain(stays)
}

/// What an edge is at most, in metres: measured on the parallel nearest the equator.
fn longest_m(a: Coord<f64>, b: Coord<f64>) -> f64 {
    let widest = if a.y * b.y < 0.0 { 0.0 } else { a.y.abs().min(b.y.abs()) };
    let east = (b.x - a.x).to_radians() * widest.to_radians().cos();
    east.hypot((b.y - a.y).to_radians()) * EQUATOR_RADIUS_M * 1.01
}

/// A straight piece of a way.
#[derive(Debug, Clone)]
pub(crate) struct Piece {
    pub a: Coord<f64>,
    pub b: Coord<f64>,
    /// How far along the way it begins, and how long it is, in metres.
    pub from_m: f64,
    pub length_m: f64,
    /// Metres per degree east and north in its middle.
    per_deg: Coord<f64>,
    /// Its length in the plane, and its direction there.
    pub plane_m: f64,
    along: Coord<f64>,
    latitude_tangent: f64,
}

impl Piece {
    fn new(a: Coord<f64>, b: Coord<f64>, from_m: f64) -> Self {
        let (sin, cos) = ((a.y + b.y) / 2.0).to_radians().sin_cos();
        let w2 = 1.0 - E2 * sin * sin;
        let normal = EQUATOR_RADIUS_M / w2.sqrt();
        let per_deg = Coord { x: (normal * cos).to_radians(), y: (normal * (1.0 - E2) / w2).to_radians() };
        let (east, north) = ((b.x - a.x) * per_deg.x, (b.y - a.y) * per_deg.y);
        let plane_m = east.hypot(north);
        let along = if plane_m > 0.0 {
            Coord { x: east / plane_m, y: north / plane_m }
        } else {
            Coord { x: 1.0, y: 0.0 }
        };
        let latitude_tangent = sin.abs() / cos.max(1e-9);
        Self { a, b, from_m, length_m: geodesy::distance_m(a, b), per_deg, plane_m, along, latitude_tangent }
    }

    /// The boxes around all places within `reach_m`.
    pub fn boxes(&self, reach_m: f64) -> Boxes {
        Boxes::of(self.bounds(), reach_m.max(SEARCHED_M_MIN))
    }

    fn bounds(&self) -> Bounds {
        let (a, b) = (self.a, self.b);
        Bounds { west: a.x.min(b.x), south: a.y.min(b.y), east: a.x.max(b.x), north: a.y.max(b.y) }
    }

    /// By which share a length in the plane may be wrong, of places up to `reach_m` away; `None` where the plane is no
    /// good: too near a pole, or too far.
    ///
    /// A metre east changes by tan φ in a radian of latitude, a metre north by [`MERIDIAN_CHANGE`].
    pub fn error_share(&self, reach_m: f64) -> Option<f64> {
        let reach_rad = (self.plane_m + reach_m) / MERIDIAN_RADIUS_M_MIN;
        let tangent = (self.latitude_tangent + reach_rad * 1.001)
            / (1.0 - self.latitude_tangent * reach_rad * 1.001).max(1e-9);
        let is_good = reach_rad <= REACH_RAD_MAX && tangent <= TANGENT_MAX;
        is_good.then_some(1.02 * reach_rad * (tangent + MERIDIAN_CHANGE) + 1e-9)
    }

    /// A place in the piece's plane: metres along it from its start, and metres to its left.
    pub fn place(&self, c: Coord<f64>) -> Coord<f64> {
        let (east, north) = ((c.x - self.a.x) * self.per_deg.x, (c.y - self.a.y) * self.per_deg.y);
        Coord { x: east * self.along.x + north * self.along.y, y: north * self.along.x - east * self.along.y }
    }

    /// The place so many metres along it in the plane.
    pub fn at(&self, along_m: f64) -> Coord<f64> {
        let share = if self.plane_m > 0.0 { along_m / self.plane_m } else { 0.0 };
        self.a + (self.b - self.a) * share
    }

    /// How far along the way that is.
    pub fn chainage_m(&self, along_m: f64) -> f64 {
        let share = if self.plane_m > 0.0 { along_m / self.plane_m } else { 0.0 };
        self.from_m + share * self.length_m
    }

    /// The turns by which a box lies beside the piece, within `reach_m` of it or nearly so: none where it lies elsewhere.
    pub fn turns_to(&self, bounds: &Bounds, reach_m: f64) -> impl Iterator<Item = f64> + use<> {
        let own = self.bounds();
        // The plane is wrong by less than a quarter wherever it is used.
        let (dlon, dlat) = (reach_m / self.per_deg.x * 1.25 + 1e-9, reach_m / self.per_deg.y * 1.25 + 1e-9);
        let bounds = *bounds;
        let is_beside = own.south - dlat <= bounds.north && bounds.south <= own.north + dlat;
        let touches = move |turn: &f64| {
            is_beside && bounds.west + turn <= own.east + dlon && own.west - dlon <= bounds.east + turn
        };
        [0.0, 360.0, -360.0].into_iter().filter(touches)
    }

    /// Whether a box is plainly aside: further than `reach_m` to one side in the plane.
    pub fn is_aside(&self, bounds: &Bounds, turn: f64, reach_m: f64) -> bool {
        let corner = |x: f64, y: f64| self.place(Coord { x: x + turn, y }).y;
        let corners = [
            corner(bounds.west, bounds.south),
            corner(bounds.east, bounds.south),
            corner(bounds.west, bounds.north),
            corner(bounds.east, bounds.north),
        ];
        corners.iter().all(|left| *left > reach_m) || corners.iter().all(|left| *left < -reach_m)
    }
}
