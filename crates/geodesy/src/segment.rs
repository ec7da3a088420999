//! Distance from a place to an edge: the edge is straight in longitude and latitude (RFC 7946, section 3.1.1),
//! the distance is geodesic.

use geo_types::Coord;

use crate::distance_m;
use crate::measure::EQUATOR_RADIUS_M;

/// First eccentricity of WGS 84, squared.
const E2: f64 = 0.006_694_379_990_141_317;
/// The nearest point is sought to this length along the edge, in metres; the distance is then far better.
const ALONG_M: f64 = 1e-4;
/// An edge is searched in pieces of at most this length, in metres.
const PIECE_M_MAX: f64 = 50_000.0;
const PIECES_MAX: usize = 1_000;
const STEPS_MAX: usize = 50;

/// Geodesic distance in metres from `place` to the edge from `a` to `b`, and the nearest place on it.
///
/// Within 1 mm for edges up to 100 km and distances up to 200 km, and within 1 m up to 5,000 km.
pub fn distance_to_segment_m(place: Coord<f64>, a: Coord<f64>, b: Coord<f64>) -> (f64, Coord<f64>) {
    let edge = Edge { a, b };
    let pieces = edge.pieces();
    let step = 1.0 / pieces as f64;
    let mut best = (f64::INFINITY, a);
    for piece in nearest_pieces(place, &edge, pieces) {
        let found = nearest_within(place, &edge, piece as f64 * step, (piece + 1) as f64 * step);
        if found.0 < best.0 {
            best = found;
        }
    }
    best
}

/// A straight line in degrees; `t` runs from 0 at `a` to 1 at `b`.
struct Edge {
    a: Coord<f64>,
    b: Coord<f64>,
}

impl Edge {
    fn at(&self, t: f64) -> Coord<f64> {
        if t <= 0.0 {
            self.a
        } else if t >= 1.0 {
            self.b
        } else {
            Coord { x: self.a.x + t * (self.b.x - self.a.x), y: self.a.y + t * (self.b.y - self.a.y) }
        }
    }

    /// Metres east and north per unit of `t`, at a latitude.
    fn speed(&self, latitude: f64) -> (f64, f64) {
        let (sin, cos) = latitude.to_radians().sin_cos();
        let w2 = 1.0 - E2 * sin * sin;
        let east = EQUATOR_RADIUS_M / w2.sqrt() * cos * (self.b.x - self.a.x).to_radians();
        let north = EQUATOR_RADIUS_M * (1.0 - E2) / (w2 * w2.sqrt()) * (self.b.y - self.a.y).to_radians();
        (east, north)
    }

    fn pieces(&self) -> usize {
        // The longest it can be: along the latitude nearest the equator.
        let crosses = self.a.y.signum() != self.b.y.signum();
        let widest = if crosses { 0.0 } else { self.a.y.abs().min(self.b.y.abs()) };
        let (east, north) = self.speed(widest);
        let count = (east.hypot(north) / PIECE_M_MAX).ceil();
        if count.is_finite() { (count as usize).clamp(1, PIECES_MAX) } else { 1 }
    }
}

/// The pieces that may hold the nearest place: no point of a piece is nearer than its ends less half its length.
fn nearest_pieces(place: Coord<f64>, edge: &Edge, pieces: usize) -> Vec<usize> {
    if pieces == 1 {
        return vec![0];
    }
    let at = |end: usize| edge.at(end as f64 / pieces as f64);
    let ends: Vec<f64> = (0..=pieces).map(|end| distance_m(place, at(end))).collect();
    let least = ends.iter().copied().fold(f64::INFINITY, f64::min);
    let may = |piece: &usize| {
        // The bow of a lon/lat-straight piece over its geodesic is far below this margin.
        let length = distance_m(at(*piece), at(piece + 1)) * 1.01 + 1.0;
        (ends[*piece] + ends[piece + 1] - length) / 2.0 <= least
    };
    (0..pieces).filter(may).collect()
}

/// Nearest place for `t` within `from..=to`: Newton's steps on the slope of half the squared distance, which is
/// nearly straight in `t`; the bracket keeps a step from leaving the edge.
fn nearest_within(place: Coord<f64>, edge: &Edge, from: f64, to: f64) -> (f64, Coord<f64>) {
    let mut bracket = Bracket { from, to, low: None, high: None };
    let mut t = first_guess(place, edge).clamp(from, to);
    let mut last_step = f64::INFINITY;
    for _ in 0..STEPS_MAX {
        let (slope, speed2) = slope(place, edge, t);
        if speed2 == 0.0 {
            break;
        }
        let mut next = bracket.step(t, slope, t - slope / speed2);
        // Thousands of kilometres away the edge bends as much as the distance grows, and such steps swing to and fro.
        if (next - t).abs() > last_step / 2.0
            && let Some(middle) = bracket.middle()
        {
            next = middle;
        }
        last_step = (next - t).abs();
        let moved_m = (next - t).abs() * speed2.sqrt();
        t = next;
        if moved_m < ALONG_M {
            break;
        }
    }
    let candidates = [t, from, to].map(|t| (distance_m(place, edge.at(t)), edge.at(t)));
    candidates.into_iter().fold(candidates[0], |best, next| if next.0 < best.0 { next } else { best })
}

/// Between which values of `t` the nearest place must lie, as far as slopes were seen.
struct Bracket {
    from: f64,
    to: f64,
    low: Option<f64>,
    high: Option<f64>,
}

impl Bracket {
    /// The middle, where both ends were seen.
    fn middle(&self) -> Option<f64> {
        Some((self.low? + self.high?) / 2.0)
    }

    /// The wanted step if it stays inside; an end of the edge that was not seen yet; else the middle.
    fn step(&mut self, t: f64, slope: f64, wanted: f64) -> f64 {
        if slope > 0.0 {
            self.high = Some(t);
        } else {
            self.low = Some(t);
        }
        let (low, high) = (self.low.unwrap_or(self.from), self.high.unwrap_or(self.to));
        if wanted > low && wanted < high {
            wanted
        } else if wanted <= low && self.low.is_none() {
            low
        } else if wanted >= high && self.high.is_none() {
            high
        } else {
            low + (high - low) / 2.0
        }
    }
}

/// The foot of the perpendicular in a plane that is true at the place.
fn first_guess(place: Coord<f64>, edge: &Edge) -> f64 {
    let narrow = place.y.to_radians().cos();
    let (ex, ey) = ((edge.b.x - edge.a.x) * narrow, edge.b.y - edge.a.y);
    let (px, py) = ((place.x - edge.a.x) * narrow, place.y - edge.a.y);
    let length2 = ex * ex + ey * ey;
    if length2 > 0.0 { (px * ex + py * ey) / length2 } else { 0.0 }
}

/// Half the squared distance, differentiated along the edge, and the squared speed there.
fn slope(place: Coord<f64>, edge: &Edge, t: f64) -> (f64, f64) {
    let here = edge.at(t);
    let (east, north) = edge.speed(here.y);
    let away_m = distance_m(here, place);
    // The way back starts at `here` toward the place; distance grows against it.
    let (sin, cos) = crate::bearing_deg(here, place).to_radians().sin_cos();
    (-away_m * (sin * east + cos * north), east * east + north * north)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::destination;
    use proptest::prelude::*;

    /// Dense samples, then denser ones around the best.
    fn by_brute_force(place: Coord<f64>, edge: &Edge) -> f64 {
        let (mut from, mut to) = (0.0, 1.0);
        let mut best = f64::INFINITY;
        for _ in 0..6 {
            let step = (to - from) / 200.0;
            let at = |i: usize| from + i as f64 * step;
            let near = |i: &usize| distance_m(place, edge.at(at(*i)));
            let nearest = (0..=200).min_by(|i, j| near(i).total_cmp(&near(j))).expect("not empty");
            best = best.min(near(&nearest));
            (from, to) = ((at(nearest) - step).max(0.0), (at(nearest) + step).min(1.0));
        }
        best
    }

    proptest! {
        #![proptest_config(ProptestConfig::with_cases(300))]
        #[test]
        fn the_distance_is_what_dense_sampling_finds_within_a_millimetre(
            lon in -170.0..170.0, lat in -75.0..75.0, to_a in 0.0..360.0, a_m in 0.0..2e5,
            to_b in 0.0..360.0, edge_m in 0.0..1e5,
        ) {
            let place = Coord { x: lon, y: lat };
            let a = destination(place, to_a, a_m);
            let b = destination(a, to_b, edge_m);
            prop_assume!((a.x - lon).abs() < 90.0 && (b.x - lon).abs() < 90.0);
            let (found, nearest) = distance_to_segment_m(place, a, b);
            let expected = by_brute_force(place, &Edge { a, b });
            prop_assert!((found - expected).abs() < 1e-3, "{} instead of {}", found, expected);
            prop_assert!((distance_m(place, nearest) - found).abs() < 1e-9);
        }

        #[test]
        fn long_edges_are_within_a_metre(
            lon in -170.0..170.0, lat in -80.0..80.0, ax in -170.0..170.0, ay in -80.0..80.0,
            bx in -170.0..170.0, by in -80.0..80.0,
        ) {
            let (place, edge) = (Coord { x: lon, y: lat }, Edge { a: Coord { x: ax, y: ay }, b: Coord { x: bx, y: by } });
            let (found, _) = distance_to_segment_m(place, edge.a, edge.b);
            let expected = by_brute_force(place, &edge);
            // Half way round the Earth the nearest place is not one place any more.
            prop_assume!(expected < 5e6);
            prop_assert!(found <= expected + 1.0, "{} instead of {}", found, expected);
        }
    }

    #[test]
    fn the_search_does_not_end_two_metres_short_of_the_nearest_place_4500_km_away() {
        let place = Coord { x: -82.0879964625531, y: 18.270471554930015 };
        let edge = Edge {
            a: Coord { x: 34.56349393959573, y: 54.388795407297614 },
            b: Coord { x: -148.53089722710038, y: 61.0063071561788 },
        };
        let (found, _) = distance_to_segment_m(place, edge.a, edge.b);
        assert!(found <= by_brute_force(place, &edge) + 0.01, "{found}");
    }

    #[test]
    fn on_the_edge_at_an_end_and_on_a_point_edge_the_answer_is_exact() {
        let (a, b) = (Coord { x: 36.0, y: 49.0 }, Coord { x: 36.0, y: 49.5 });
        assert!(distance_to_segment_m(Coord { x: 36.0, y: 49.25 }, a, b).0 < 1e-6);
        let beyond = Coord { x: 36.0, y: 50.0 };
        assert_eq!(distance_to_segment_m(beyond, a, b), (distance_m(beyond, b), b));
        assert_eq!(distance_to_segment_m(beyond, a, a), (distance_m(beyond, a), a));
    }
}
