//! Where a way comes near a shape: how near, and from where to where. In planes where they are exact enough to rule
//! out what is further, on the ellipsoid where they are not.

use geo_types::Coord;
use model::Bounds;

use crate::distance;
use crate::shape::{Path, Piece as Part, Shape};
use crate::way::Piece;

/// Nearer than this is touching, in metres.
const TOUCHING_M: f64 = 1e-6;
/// Distances that differ by less are the same, in metres.
const SAME_M: f64 = 1e-6;
/// By how much a found distance may exceed the least one, in metres, beside what the plane errs.
const SHORT_M: f64 = 1e-6;
/// Where the plane may have led to a place that much too far, the nearest is sought on the ellipsoid.
const SOUGHT_M: f64 = 2e-4;
/// How far such a search may be off, in metres.
const SOUGHT_SHORT_M: f64 = 1e-3;

/// What is known of one shape and one way, piece by piece.
#[derive(Debug)]
pub(crate) struct Meeting {
    /// Chainage of the first place where they touch.
    touch_m: Option<f64>,
    near: Vec<Near>,
    /// The least distance is at most this.
    at_most_m: f64,
    /// Chainage from where to where the shape is within reach.
    within_m: Option<(f64, f64)>,
}

/// How near a shape comes to a way.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Approach {
    /// Lower bound of the distance in metres; 0 where they touch.
    pub at_least_m: f64,
    /// How far along the way the nearest place is, in metres.
    pub chainage_m: f64,
    /// From where to where the shape is within reach.
    pub from_m: f64,
    pub to_m: f64,
}

/// Two places that may be the nearest ones.
#[derive(Debug, Clone, Copy)]
struct Near {
    at_least_m: f64,
    chainage_m: f64,
    measured: Measured,
}

#[derive(Debug, Clone, Copy)]
enum Measured {
    /// The distance is not better known than by its lower bound.
    No,
    /// Of a corner to an edge of the other; `foot` is the nearest place of the edge in the plane.
    InPlane { corner: Coord<f64>, edge: [Coord<f64>; 2], foot: Coord<f64>, error_share: f64 },
}

impl Default for Meeting {
    fn default() -> Self {
        Self { touch_m: None, near: Vec::new(), at_most_m: f64::INFINITY, within_m: None }
    }
}

impl Meeting {
    /// Whether nothing was found yet.
    pub fn is_empty(&self) -> bool {
        self.touch_m.is_none() && self.near.is_empty()
    }

    /// Forgets what was found.
    pub fn clear(&mut self) {
        self.near.clear();
        (self.touch_m, self.at_most_m, self.within_m) = (None, f64::INFINITY, None);
    }

    /// Looks at a shape from a piece of the way; `bounds` are around the shape. Answers how many corners it has looked at.
    pub fn look(&mut self, piece: &Piece, shape: &Shape, bounds: &Bounds, reach_m: f64) -> u64 {
        let Some(error_share) = piece.error_share(reach_m) else {
            return self.look_from_afar(piece, shape, reach_m);
        };
        let reach_m = reach_m / (1.0 - error_share) + TOUCHING_M;
        let mut seen = 0;
        for turn in piece.turns_to(bounds, reach_m).filter(|turn| !piece.is_aside(bounds, *turn, reach_m)) {
            let mut glance = Glance { meeting: self, piece, turn, reach_m, error_share, seen: 0, span: None };
            glance.look(shape);
            seen += glance.seen;
        }
        seen
    }

    /// Where no plane is good: a lower bound by the distances of the piece's ends.
    fn look_from_afar(&mut self, piece: &Piece, shape: &Shape, reach_m: f64) -> u64 {
        let from =
            |end| distance::nearest(shape, end, reach_m + piece.length_m).map(|found| found.distance_m);
        if let Some((a_m, b_m)) = from(piece.a).zip(from(piece.b)) {
            let at_least_m = ((a_m + b_m - piece.length_m) / 2.0 - SHORT_M).max(0.0);
            let end = if a_m <= b_m { 0.0 } else { piece.plane_m };
            if at_least_m <= reach_m {
                self.reach(piece, 0.0, piece.plane_m);
                let chainage_m = piece.chainage_m(end);
                self.add(Near { at_least_m, chainage_m, measured: Measured::No }, a_m.min(b_m));
            }
        }
        2 * corner_count(shape)
    }

    fn add(&mut self, near: Near, at_most_m: f64) {
        if near.at_least_m <= self.at_most_m {
            self.near.push(near);
            self.at_most_m = self.at_most_m.min(at_most_m);
        }
    }

    fn touch(&mut self, chainage_m: f64) {
        self.at_most_m = 0.0;
        self.touch_m = Some(self.touch_m.map_or(chainage_m, |known| known.min(chainage_m)));
    }

    fn reach(&mut self, piece: &Piece, from: f64, to: f64) {
        let (from, to) = (piece.chainage_m(from), piece.chainage_m(to));
        self.within_m = Some(self.within_m.map_or((from, to), |known| (known.0.min(from), known.1.max(to))));
    }

    /// How near they come; `None` where nothing was within reach.
    pub fn approach(&self) -> Option<Approach> {
        let (at_least_m, chainage_m) = match self.touch_m {
            Some(chainage_m) => (0.0, chainage_m),
            None => self.nearest()?,
        };
        let (from_m, to_m) = self.within_m.unwrap_or((chainage_m, chainage_m));
        let (from_m, to_m) = (from_m.min(chainage_m), to_m.max(chainage_m));
        Some(Approach { at_least_m, chainage_m, from_m, to_m })
    }

    fn nearest(&self) -> Option<(f64, f64)> {
        let mut best: Option<(f64, f64)> = None;
        let mut last: Option<(Coord<f64>, Coord<f64>)> = None;
        for near in self.near.iter().filter(|near| near.at_least_m <= self.at_most_m) {
            if let Measured::InPlane { corner, foot, .. } = near.measured
                && last.replace((corner, foot)) == Some((corner, foot))
            {
                continue;
            }
            let at_least_m = near.measured();
            let is_nearer = |known: (f64, f64)| {
                at_least_m < known.0 - SAME_M || (at_least_m <= known.0 + SAME_M && near.chainage_m < known.1)
            };
            if best.is_none_or(is_nearer) {
                best = Some((at_least_m.min(best.map_or(f64::INFINITY, |known| known.0)), near.chainage_m));
            }
        }
        best
    }
}

impl Near {
    /// Lower bound of the distance, on the ellipsoid.
    ///
    /// The foot that the plane names is turned away from the true one by at most the plane's error, so it is too far by
    /// at most the distance times the square of that.
    fn measured(&self) -> f64 {
        let Measured::InPlane { corner, edge, foot, error_share } = self.measured else {
            return self.at_least_m;
        };
        let found_m = geodesy::distance_m(corner, foot);
        let too_far_m = 2.0 * found_m * error_share * error_share;
        if too_far_m <= SOUGHT_M {
            return (found_m - too_far_m - SHORT_M).max(0.0);
        }
        let (sought_m, _) = geodesy::distance_to_segment_m(corner, edge[0], edge[1]);
        (sought_m - SOUGHT_SHORT_M).max(0.0)
    }
}

fn corner_count(shape: &Shape) -> u64 {
    let mut count = 0;
    shape.pieces(&mut |part| count += part.path().coords().len() as u64);
    count
}

/// A shape seen from a piece of the way, in its plane: x along the piece, y to its left, in metres.
struct Glance<'m> {
    meeting: &'m mut Meeting,
    piece: &'m Piece,
    turn: f64,
    reach_m: f64,
    error_share: f64,
    seen: u64,
    /// From where to where the shape is within reach, as far as it is known, in metres along the piece.
    span: Option<(f64, f64)>,
}

/// A corner, in degrees and in the plane.
type Corner = (Coord<f64>, Coord<f64>);

impl Glance<'_> {
    fn look(&mut self, shape: &Shape) {
        let end = self.piece.plane_m;
        let (mut start_is_inside, mut end_is_inside) = (false, false);
        shape.pieces(&mut |part| match part {
            Part::Exterior(ring) | Part::Interior(ring) => self.line(ring, |crossing| {
                start_is_inside ^= crossing < 0.0;
                end_is_inside ^= crossing < end;
            }),
            Part::Line(path) => self.line(path, |_| {}),
            Part::Point(path) => path.coords().for_each(|place| {
                let corner = self.corner(place);
                self.edge(corner, corner);
            }),
        });
        if start_is_inside {
            self.meeting.touch(self.piece.from_m);
            self.widen((0.0, 0.0));
        }
        if end_is_inside {
            self.widen((end, end));
        }
        if let Some((from, to)) = self.span {
            self.meeting.reach(self.piece, from, to);
        }
    }

    fn corner(&mut self, c: Coord<f64>) -> Corner {
        self.seen += 1;
        let c = Coord { x: c.x + self.turn, y: c.y };
        (c, self.piece.place(c))
    }

    /// Looks at the edges of a line; `crossing` is told where they cross the straight line through the piece.
    fn line(&mut self, path: Path<'_>, mut crossing: impl FnMut(f64)) {
        let mut coords = path.coords();
        let Some(first) = coords.next() else { return };
        let mut from = self.corner(first);
        for c in coords {
            let to = self.corner(c);
            let (p, q) = (from.1, to.1);
            if (p.y > 0.0) != (q.y > 0.0) {
                let at = p.x + (q.x - p.x) * (p.y / (p.y - q.y));
                crossing(at);
                if (0.0..=self.piece.plane_m).contains(&at) {
                    self.meeting.touch(self.piece.chainage_m(at));
                }
            }
            self.edge(from, to);
            from = to;
        }
    }

    fn edge(&mut self, from: Corner, to: Corner) {
        let (p, q, r, end) = (from.1, to.1, self.reach_m, self.piece.plane_m);
        let is_beyond = p.y.min(q.y) > r || p.y.max(q.y) < -r || p.x.max(q.x) < -r || p.x.min(q.x) > end + r;
        if is_beyond {
            return;
        }
        if !self.spans(p.x.min(q.x) - r, p.x.max(q.x) + r) {
            within(p, q, r, end).into_iter().for_each(|more| self.widen(more));
        }
        let aside_m = if (p.y > 0.0) == (q.y > 0.0) { p.y.abs().min(q.y.abs()) } else { 0.0 };
        // What touches already comes no nearer; of the rest only what may be the nearest is looked at.
        if self.meeting.touch_m.is_some()
            || aside_m * (1.0 - self.error_share) - SHORT_M > self.meeting.at_most_m
        {
            return;
        }
        // The nearest places of two edges that do not cross: a corner of one of them.
        for (c, place) in [from, to] {
            let along = place.x.clamp(0.0, end);
            let (foot, edge) = (self.piece.at(along), [self.piece.a, self.piece.b]);
            self.near(length(place.x - along, place.y), along, (c, edge, foot));
        }
        for (along, own) in [(0.0, self.piece.a), (end, self.piece.b)] {
            let (x, y) = (q.x - p.x, q.y - p.y);
            let square = x * x + y * y;
            let share = if square > 0.0 { ((along - p.x) * x - p.y * y) / square } else { 0.0 };
            if share > 0.0 && share < 1.0 {
                let apart = length(along - p.x - share * x, p.y + share * y);
                self.near(apart, along, (own, [from.0, to.0], from.0 + (to.0 - from.0) * share));
            }
        }
    }

    /// Whether all that could lie between two places is known to be within reach.
    fn spans(&self, from: f64, to: f64) -> bool {
        let (from, to) = (from.max(0.0), to.min(self.piece.plane_m));
        self.span.is_some_and(|known| known.0 <= from && to <= known.1)
    }

    fn widen(&mut self, (from, to): (f64, f64)) {
        self.span = Some(self.span.map_or((from, to), |known| (known.0.min(from), known.1.max(to))));
    }

    fn near(
        &mut self,
        plane_m: f64,
        along_m: f64,
        (corner, edge, foot): (Coord<f64>, [Coord<f64>; 2], Coord<f64>),
    ) {
        if plane_m > self.reach_m {
            return;
        }
        let chainage_m = self.piece.chainage_m(along_m);
        if plane_m <= TOUCHING_M {
            return self.meeting.touch(chainage_m);
        }
        let error_share = self.error_share;
        let at_least_m = plane_m * (1.0 - error_share) - SHORT_M;
        let measured = Measured::InPlane { corner, edge, foot, error_share };
        self.meeting.add(Near { at_least_m, chainage_m, measured }, plane_m * (1.0 + error_share) + SHORT_M);
    }
}

/// Metres need none of the care of `hypot`.
fn length(x: f64, y: f64) -> f64 {
    (x * x + y * y).sqrt()
}

/// From where to where the piece (from 0 to `end` along x) is within `r` of the edge from `p` to `q`.
///
/// The places within `r` of an edge are two circles and the rectangle between them; together they are convex.
fn within(p: Coord<f64>, q: Coord<f64>, r: f64, end: f64) -> Option<(f64, f64)> {
    let circle = |c: Coord<f64>| {
        (c.y.abs() <= r).then(|| (r * r - c.y * c.y).sqrt()).map(|half| (c.x - half, c.x + half))
    };
    let all = [circle(p), circle(q), beside(p, q, r)].into_iter().flatten();
    let (from, to) = all.reduce(|one, other| (one.0.min(other.0), one.1.max(other.1)))?;
    (from <= end && to >= 0.0).then(|| (from.max(0.0), to.min(end)))
}

/// Where the x axis lies in the rectangle beside the edge.
fn beside(p: Coord<f64>, q: Coord<f64>, r: f64) -> Option<(f64, f64)> {
    let (x, y) = (q.x - p.x, q.y - p.y);
    let length = length(x, y);
    if length == 0.0 {
        return None;
    }
    let (x, y) = (x / length, y / length);
    let along = between(x, -p.y * y, 0.0, length)?;
    let across = between(-y, -p.y * x, -r, r)?;
    let (from, to) = (along.0.max(across.0), along.1.min(across.1));
    (from <= to).then_some((p.x + from, p.x + to))
}

/// For which s `least <= at_0 + slope * s <= most`.
fn between(slope: f64, at_0: f64, least: f64, most: f64) -> Option<(f64, f64)> {
    if slope.abs() < 1e-12 {
        return (least..=most).contains(&at_0).then_some((f64::NEG_INFINITY, f64::INFINITY));
    }
    let (one, other) = ((least - at_0) / slope, (most - at_0) / slope);
    Some((one.min(other), one.max(other)))
}
