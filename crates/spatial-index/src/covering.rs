//! A broken outline is drawn by a shape that covers at least what was entered (`domain.md` 4, "repair is
//! visible"). `geo::MakeValid` is not used: it loses area.

use geo::orient::{Direction, Orient};
use geo::{Kernel, Orientation, Validation};
use geo_types::{Coord, LineString, MultiPolygon, Polygon};

use crate::overlay::{self, Boundary, CELL_MAX, Cell, Ground, PAIRS_MAX, Shapes};

/// A ring that encloses ground.
pub(crate) type Outline = Vec<Coord<f64>>;

/// The band that makes up for rounding rings and crossings to the grid, in cells.
const REACH_CELLS: i32 = 3;
/// What must be left of it, in cells: far above the rounding of `f64`.
const CLEARANCE_CELLS: f64 = 0.01;
/// Finest grid: about a micrometre. Multiples of it up to 180 degrees are exact in `f64`.
const CELL_DEG_MIN: f64 = 1.0 / (1_u64 << 36) as f64;

/// The ring without what is not finite, or `None` where its places are fewer than three or on one line.
pub(crate) fn outline(ring: &[Coord<f64>]) -> Option<Outline> {
    let mut outline: Outline = ring.iter().copied().filter(|c| c.x.is_finite() && c.y.is_finite()).collect();
    outline.dedup();
    if outline.len() > 1 && outline.first() == outline.last() {
        outline.pop();
    }
    encloses_ground(&outline).then_some(outline)
}

/// Whether the places of a ring are not all on one line.
pub(crate) fn encloses_ground(ring: &[Coord<f64>]) -> bool {
    let Some(first) = ring.first() else { return false };
    let Some(other) = ring.iter().find(|c| *c != first) else { return false };
    let turns =
        |c: &Coord<f64>| geo::kernels::RobustKernel::orient2d(*first, *other, *c) != Orientation::Collinear;
    ring.iter().any(turns)
}

/// Valid polygons and broken outlines, united. Without any broken one the polygons are taken as they are,
/// unless they overlap.
pub(crate) fn united(valid: Vec<Polygon<f64>>, broken: Vec<Outline>) -> MultiPolygon<f64> {
    let is_one_piece = broken.is_empty() && valid.len() <= 1;
    let valid = MultiPolygon(valid);
    if is_one_piece || (broken.is_empty() && valid.is_valid()) {
        return valid;
    }
    // Holes must run the other way round, for windings to add up.
    let valid = valid.orient(Direction::Default);
    let broken: Vec<Outline> = broken.into_iter().map(untangled).collect();
    covering_union(&valid, &broken).unwrap_or_else(|| hull(&valid, &broken))
}

/// A ring that crosses itself absurdly often is drawn as its hull.
fn untangled(ring: Outline) -> Outline {
    if !overlay::is_too_tangled(&ring) {
        return ring;
    }
    let mut hull = overlay::convex_hull(ring).exterior().0.clone();
    hull.pop();
    hull
}

fn hull(valid: &MultiPolygon<f64>, broken: &[Outline]) -> MultiPolygon<f64> {
    let corners = valid.iter().flat_map(|polygon| polygon.exterior().coords()).chain(broken.iter().flatten());
    MultiPolygon(vec![overlay::convex_hull(corners.copied())])
}

fn covering_union(valid: &MultiPolygon<f64>, broken: &[Outline]) -> Option<MultiPolygon<f64>> {
    let grid = Grid::around(valid.0.iter().flat_map(|p| &p.exterior().0).chain(broken.iter().flatten()))?;
    let mut ground = Ground::default();
    for polygon in valid {
        for ring in rings(polygon) {
            ground.ring(grid.cells(open(ring)), REACH_CELLS);
        }
    }
    for ring in broken {
        let cells = grid.cells(ring);
        ground.closed_line(&cells, REACH_CELLS);
        filled(cells)?.into_iter().for_each(|ring| ground.filled(ring));
    }
    let shapes = overlay::cover(&ground, PAIRS_MAX).ok()?;
    is_covering(&shapes, &grid, valid, broken).then(|| overlay::polygons(shapes, |cell| grid.place(cell)))
}

/// The outer rings of what a ring winds around: its holes are filled.
fn filled(ring: Vec<Cell>) -> Option<Vec<Vec<Cell>>> {
    let mut ground = Ground::default();
    ground.filled(ring);
    let shapes = overlay::cover(&ground, PAIRS_MAX).ok()?;
    Some(shapes.into_iter().filter_map(|rings| rings.into_iter().next()).collect())
}

fn is_covering(shapes: &Shapes, grid: &Grid, valid: &MultiPolygon<f64>, broken: &[Outline]) -> bool {
    let boundary = Boundary::of(shapes);
    let encloses = |rings: Vec<Vec<Coord<f64>>>| boundary.encloses(&rings, CLEARANCE_CELLS);
    valid.iter().all(|polygon| encloses(rings(polygon).map(|ring| grid.exact(open(ring))).collect()))
        && broken.iter().all(|ring| encloses(vec![grid.exact(ring)]))
}

fn rings(polygon: &Polygon<f64>) -> impl Iterator<Item = &LineString<f64>> {
    std::iter::once(polygon.exterior()).chain(polygon.interiors())
}

/// A closed ring without its repeated last corner.
fn open(ring: &LineString<f64>) -> &[Coord<f64>] {
    &ring.0[..ring.0.len().saturating_sub(1)]
}

/// An integer grid fine enough for a shape, in powers of two so that degrees and cells convert exactly.
struct Grid {
    origin: Coord<f64>,
    cell_deg: f64,
}

impl Grid {
    fn around<'a>(places: impl Iterator<Item = &'a Coord<f64>> + Clone) -> Option<Self> {
        let least = places.clone().copied().reduce(|a, b| Coord { x: a.x.min(b.x), y: a.y.min(b.y) })?;
        let most = places.copied().reduce(|a, b| Coord { x: a.x.max(b.x), y: a.y.max(b.y) })?;
        let extent = (most.x - least.x).max(most.y - least.y);
        let cell_deg = (extent * 4.0 / f64::from(CELL_MAX)).max(CELL_DEG_MIN).log2().ceil().exp2();
        let snapped = |low: f64, high: f64| ((low + high) / 2.0 / cell_deg).round() * cell_deg;
        Some(Self { origin: Coord { x: snapped(least.x, most.x), y: snapped(least.y, most.y) }, cell_deg })
    }

    fn exact(&self, ring: &[Coord<f64>]) -> Vec<Coord<f64>> {
        ring.iter().map(|c| (*c - self.origin) / self.cell_deg).collect()
    }

    fn cells(&self, ring: &[Coord<f64>]) -> Vec<Cell> {
        self.exact(ring).into_iter().map(|c| [c.x.round() as i32, c.y.round() as i32]).collect()
    }

    /// The place of a cell; never off the Earth, where nothing needs to be covered.
    fn place(&self, cell: Cell) -> Coord<f64> {
        let place = Coord { x: f64::from(cell[0]), y: f64::from(cell[1]) } * self.cell_deg + self.origin;
        Coord { x: place.x.clamp(-180.0, 180.0), y: place.y.clamp(-90.0, 90.0) }
    }
}

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests {
    use geo::{Intersects, Validation};
    use geo_types::{Geometry, MultiPolygon, Point, Polygon, polygon};
    use proptest::prelude::*;

    use super::*;
    use crate::Drawn;

    fn drawn(geometry: impl Into<Geometry<f64>>) -> Drawn {
        Drawn::covering(&geometry.into())
    }

    /// By angles: nothing in common with the code under test.
    fn winding(ring: &LineString<f64>, place: Coord<f64>) -> i32 {
        let turn = |pair: &[Coord<f64>]| {
            let (a, b) = (pair[0] - place, pair[1] - place);
            (a.x * b.y - a.y * b.x).atan2(a.x * b.x + a.y * b.y)
        };
        (ring.0.windows(2).map(turn).sum::<f64>() / std::f64::consts::TAU).round() as i32
    }

    fn pentagram() -> Polygon<f64> {
        let corner = |i: usize| {
            let angle = (i * 2 % 5) as f64 / 5.0 * std::f64::consts::TAU;
            Coord { x: 36.0 + 0.01 * angle.cos(), y: 49.0 + 0.01 * angle.sin() }
        };
        Polygon::new((0..5).map(corner).collect(), vec![])
    }

    #[test]
    fn a_valid_polygon_is_taken_as_it_is() {
        let field = polygon![(x: 36.0, y: 49.0), (x: 36.01, y: 49.0), (x: 36.01, y: 49.01)];
        assert_eq!(drawn(field.clone()).polygons, MultiPolygon(vec![field]));
    }

    #[test]
    fn the_centre_of_a_pentagram_is_covered() {
        let drawn = drawn(pentagram());
        assert!(drawn.touches_place(Coord { x: 36.0, y: 49.0 }));
        assert!(pentagram().exterior().coords().all(|c| drawn.touches_place(*c)));
    }

    #[test]
    fn a_detached_inner_ring_is_covered() {
        let broken = polygon![
            exterior: [(x: 36.0, y: 49.0), (x: 36.01, y: 49.0), (x: 36.01, y: 49.01)],
            interiors: [[(x: 36.1, y: 49.0), (x: 36.11, y: 49.0), (x: 36.11, y: 49.01)]],
        ];
        let drawn = drawn(broken);
        assert!(drawn.touches_place(Coord { x: 36.108, y: 49.004 }) && drawn.polygons.is_valid());
    }

    #[test]
    fn an_outline_of_two_or_one_places_becomes_a_line_or_a_point() {
        let two = polygon![(x: 36.0, y: 49.0), (x: 36.01, y: 49.0)];
        assert!(drawn(two.clone()).lines.0.len() == 1 && drawn(two).polygons.0.is_empty());
        let on_a_line = polygon![(x: 36.0, y: 49.0), (x: 36.01, y: 49.0), (x: 36.02, y: 49.0)];
        assert_eq!(drawn(on_a_line).lines.0.len(), 1);
        let one = polygon![(x: 36.0, y: 49.0), (x: 36.0, y: 49.0), (x: 36.0, y: 49.0)];
        assert_eq!(drawn(one).points.0, [Point::new(36.0, 49.0)]);
    }

    #[test]
    fn overlapping_parts_of_one_record_are_united_and_their_common_holes_stay_open() {
        let square = |x: f64, r: f64| {
            LineString::from(vec![(x - r, 49.0 - r), (x + r, 49.0 - r), (x + r, 49.0 + r), (x - r, 49.0 + r)])
        };
        let frame = |x: f64| Polygon::new(square(x, 0.02), vec![square(x, 0.01)]);
        let drawn = drawn(MultiPolygon(vec![frame(36.0), frame(36.015)]));
        assert!(drawn.polygons.is_valid());
        assert!(!drawn.touches_place(Coord { x: 36.0075, y: 49.0 }), "a hole of both");
        assert!(drawn.touches_place(Coord { x: 36.0, y: 49.0 }), "a hole of one only");
    }

    #[test]
    fn an_absurdly_tangled_ring_is_drawn_as_its_hull() {
        let corner = |i: u32| {
            let angle = f64::from(i * 499 % 1_001) / 1_001.0 * std::f64::consts::TAU;
            Coord { x: 36.0 + angle.cos(), y: 49.0 + angle.sin() }
        };
        let drawn = drawn(Polygon::new((0..1_001).map(corner).collect(), vec![]));
        assert!((0..1_001).map(corner).all(|c| drawn.touches_place(c)));
        assert!(drawn.polygons.0.len() == 1 && drawn.polygons.0[0].interiors().is_empty());
    }

    #[test]
    fn infinite_and_missing_coordinates_do_no_harm() {
        let broken = polygon![(x: 36.0, y: f64::NAN), (x: f64::INFINITY, y: 49.0), (x: 36.0, y: 49.0)];
        assert_eq!(drawn(broken).points.0, [Point::new(36.0, 49.0)]);
        assert_eq!(drawn(MultiPolygon::<f64>(vec![])).polygons.0.len(), 0);
    }

    fn places(random: (f64, f64, f64), count: usize) -> impl Strategy<Value = Vec<Coord<f64>>> {
        let (x, y, size) = random;
        let place = move |(i, j): (f64, f64)| Coord { x: x + i * size, y: y + j * size };
        prop::collection::vec((0.0..1.0, 0.0..1.0).prop_map(place), 3..count)
    }

    fn anywhere() -> impl Strategy<Value = (f64, f64, f64)> {
        (-170.0..150.0, -80.0..60.0, -5.0..1.3)
            .prop_map(|(x, y, size): (f64, f64, f64)| (x, y, 10_f64.powf(size)))
    }

    proptest! {
        #![proptest_config(ProptestConfig { cases: 1_500, ..ProptestConfig::default() })]
        #[test]
        fn whatever_a_random_ring_winds_around_is_covered_by_a_valid_shape(
            (outer, inner) in anywhere().prop_flat_map(|at| (places(at, 30), places(at, 8))),
            samples in prop::collection::vec((0.0..1.0, 0.0..1.0), 100),
        ) {
            let polygon = Polygon::new(outer.into(), vec![inner.into()]);
            let drawn = drawn(polygon.clone());
            prop_assert!(drawn.polygons.is_valid(), "{:?}", drawn.polygons.check_validation());
            let rings: Vec<_> = rings(&polygon).collect();
            let corners: Vec<Coord<f64>> = rings.iter().flat_map(|ring| ring.0.clone()).collect();
            let least = corners.iter().copied().reduce(|a, b| Coord { x: a.x.min(b.x), y: a.y.min(b.y) }).unwrap();
            let most = corners.iter().copied().reduce(|a, b| Coord { x: a.x.max(b.x), y: a.y.max(b.y) }).unwrap();
            for corner in corners {
                prop_assert!(drawn.polygons.intersects(&corner));
            }
            let on_edges = rings.iter().flat_map(|ring| ring.0.windows(2)).zip(&samples);
            for (edge, (t, _)) in on_edges.filter(|_| !polygon.is_valid()) {
                prop_assert!(drawn.polygons.intersects(&(edge[0] + (edge[1] - edge[0]) * *t)));
            }
            for (i, j) in samples {
                let place = Coord { x: least.x + i * (most.x - least.x), y: least.y + j * (most.y - least.y) };
                let winds = rings.iter().any(|ring| winding(ring, place) != 0);
                prop_assert!(!winds || polygon.is_valid() || drawn.polygons.intersects(&place));
            }
        }
    }
}
