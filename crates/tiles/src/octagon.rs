//! Shapes a few pixels across: eight straight sides around them, quick to find and sure to cover.

use geo_types::Coord;
use spatial_index::overlay::Cell;

use crate::draw::LEGIBLE;
use crate::frame::BEND;

/// Rounding outward, and what edges bend: a side keeps this distance from what it holds, in units.
const MARGIN: f64 = 2.0 * BEND + 0.01;
/// Least width and height, and least width across the diagonals (√2 as much, as x + y grows).
const WIDTH_MIN: i32 = LEGIBLE as i32;
const DIAGONAL_MIN: i32 = 46;

/// The sides: the range of x, of y, of x + y and of x − y.
struct Sides {
    x: [i32; 2],
    y: [i32; 2],
    sum: [i32; 2],
    difference: [i32; 2],
}

/// The octagon around places, as a ring that runs clockwise on the map; at least [`LEGIBLE`] wide in all eight
/// directions. `None` where there are no places.
pub(crate) fn around(places: impl Iterator<Item = Coord<f64>>) -> Option<Vec<Cell>> {
    let mut low = [f64::MAX; 4];
    let mut high = [f64::MIN; 4];
    for Coord { x, y } in places {
        for (axis, value) in [x, y, x + y, x - y].into_iter().enumerate() {
            low[axis] = low[axis].min(value);
            high[axis] = high[axis].max(value);
        }
    }
    (low[0] <= high[0]).then(|| {
        let side = |axis: usize, least: i32| {
            widened((low[axis] - MARGIN).floor() as i32, (high[axis] + MARGIN).ceil() as i32, least)
        };
        let [x, y, sum, difference] =
            [side(0, WIDTH_MIN), side(1, WIDTH_MIN), side(2, DIAGONAL_MIN), side(3, DIAGONAL_MIN)];
        Sides { x, y, sum, difference }.meeting().corners()
    })
}

fn widened(low: i32, high: i32, least: i32) -> [i32; 2] {
    let lacking = (least - (high - low)).max(0);
    [low - lacking / 2, high + (lacking + 1) / 2]
}

impl Sides {
    /// Moves diagonal sides outward until each upright and level side has a place between them.
    fn meeting(mut self) -> Self {
        let push = |lacking: i32| (lacking.max(0) + 1) / 2;
        let east = push(2 * self.x[1] - self.sum[1] - self.difference[1]);
        (self.sum[1], self.difference[1]) = (self.sum[1] + east, self.difference[1] + east);
        let west = push(self.sum[0] + self.difference[0] - 2 * self.x[0]);
        (self.sum[0], self.difference[0]) = (self.sum[0] - west, self.difference[0] - west);
        let south = push(2 * self.y[1] - self.sum[1] + self.difference[0]);
        (self.sum[1], self.difference[0]) = (self.sum[1] + south, self.difference[0] - south);
        let north = push(self.sum[0] - self.difference[1] - 2 * self.y[0]);
        (self.sum[0], self.difference[1]) = (self.sum[0] - north, self.difference[1] + north);
        self
    }

    fn corners(&self) -> Vec<Cell> {
        let Self { x: [west, east], y: [north, south], sum, difference } = *self;
        // A diagonal side that lies beyond the corner of the box cuts nothing off.
        let (sum_low, sum_high) = (sum[0].max(west + north), sum[1].min(east + south));
        let (low, high) = (difference[0].max(west - south), difference[1].min(east - north));
        let mut corners = vec![
            [sum_low - north, north],
            [high + north, north],
            [east, east - high],
            [east, sum_high - east],
            [sum_high - south, south],
            [low + south, south],
            [west, west - low],
            [west, sum_low - west],
        ];
        corners.dedup();
        if corners.first() == corners.last() {
            corners.pop();
        }
        corners
    }
}

#[cfg(test)]
mod tests {
    use geo::{Area, ConvexHull, Covers, Validation};
    use geo_types::{LineString, MultiPoint, Point, Polygon};
    use rand::{Rng, SeedableRng};
    use rand_chacha::ChaCha8Rng;

    use super::*;

    #[test]
    fn an_octagon_covers_its_places_is_valid_convex_and_legible_and_not_much_larger_than_their_hull() {
        let mut random = ChaCha8Rng::seed_from_u64(1);
        for _ in 0..20_000 {
            let (wide, high) = (random.random_range(0.0..32.0), random.random_range(0.0..32.0));
            let slope = random.random_range(-1.0..1.0);
            let places: Vec<_> = (0..random.random_range(1..9))
                .map(|_| {
                    let x = random.random_range(-1.0..1.0) * wide;
                    Coord { x, y: x * slope + random.random_range(-1.0..1.0) * high }
                })
                .collect();
            let ring = around(places.iter().copied()).expect("places");
            let line =
                LineString::from_iter(ring.iter().map(|c| Coord { x: f64::from(c[0]), y: f64::from(c[1]) }));
            let drawn = Polygon::new(line, vec![]);
            assert!(drawn.is_valid() && drawn.signed_area() >= 32.0 * 20.0, "{ring:?}");
            assert!((drawn.convex_hull().unsigned_area() - drawn.unsigned_area()).abs() < 1e-6, "{ring:?}");
            assert!(places.iter().all(|place| drawn.covers(&Point(*place))), "{ring:?}");
            let hull = MultiPoint::from_iter(places.iter().copied()).convex_hull();
            assert!(drawn.unsigned_area() < hull.unsigned_area() * 1.6 + 4_500.0, "{ring:?}");
        }
    }
}
