//! A broken outline is drawn by a shape that covers at least what was entered (`domain.md` 4, "repair is
//! visible"). `geo::MakeValid` is not used: it loses area.

use geo::orient::{Direction, Orient};
use geo::{Kernel, Orientation, Validation};
use geo_types::{Coord, LineString, MultiPolygon, Polygon};

use crate::overlay::{self, Boundary, CELL_MAX, Cell, Ground, Shapes};

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
    let (first, other) = (*outline.first()?, *outline.iter().find(|c| Some(*c) != outline.first())?);
    let turns =
        |c: &Coord<f64>| geo::kernels::RobustKernel::orient2d(first, other, *c) != Orientation::Collinear;
    outline.iter().any(turns).then_some(outline)
}

/// Valid polygons and broken outlines, united. Without any broken one the polygons are taken as they are,
/// unless they overlap.
pub(crate) fn united(valid: Vec<Polygon<f64>>, broken: Vec<Outline>) -> MultiPolygon<f64> {
    let is_one_piece = broken.is_empty() && valid.len() <= 1;
    let valid = MultiPolygon(valid);
    if is_one_piece || (broken.is_empty() && valid.is_valid()) {
        return valid;
    }
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
    for polygon in valid.orient(Direction::Default).iter() {
        for ring in rings(polygon) {
            ground.ring(grid.cells(open(ring)), REACH_CELLS);
        }
    }
    for ring in broken {
        let cells = grid.cells(ring);
        ground.closed_line(&cells, REACH_CELLS);
        filled(cells)?.into_iter().for_each(|ring| ground.filled(ring));
    }
    let shapes = overlay::cover(&ground).ok()?;
    is_covering(&shapes, &grid, valid, broken).then(|| overlay::polygons(shapes, |cell| grid.place(cell)))
}

/// The outer rings of what a ring winds around: its holes are filled.
fn filled(ring: Vec<Cell>) -> Option<Vec<Vec<Cell>>> {
    let mut ground = Ground::default();
    ground.filled(ring);
    let shapes = overlay::cover(&ground).ok()?;
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
