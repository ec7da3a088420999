//! The one place that calls an overlay engine, and what its answers are held against.
//!
//! [`cover`] works on an integer grid: it fills rings and lays a band around their outlines, wide enough to
//! make up for all rounding. [`Boundary::encloses`] then holds the result against the true outline. A caller that gets
//! no covering result must draw something larger ([`convex_hull`]), never something smaller.

use std::panic::{AssertUnwindSafe, catch_unwind};

use geo::ConvexHull;
use geo_types::{Coord, LineString, MultiPoint, MultiPolygon, Polygon};
use i_overlay::core::fill_rule::FillRule;
use i_overlay::core::overlay::{IntOverlayOptions, Overlay, ShapeType};
use i_overlay::core::overlay_rule::OverlayRule;
use i_overlay::i_float::int::point::IntPoint;
use rstar::primitives::{GeomWithData, Rectangle};
use rstar::{AABB, RTree};

/// A place on the integer grid.
pub type Cell = [i32; 2];
/// Polygons on the grid: of each its outer ring, then its holes; rings are not closed by repetition.
pub type Shapes = Vec<Vec<Vec<Cell>>>;

/// Most edges one overlay takes.
pub const OVERLAY_EDGES_MAX: usize = 2_000_000;
/// Most crossings of an outline with itself that are worked out; beyond it the hull is drawn.
pub const CROSSINGS_MAX: usize = 20_000;
/// Most pairs of edges or bands with touching boxes that are worked on at all.
pub const PAIRS_MAX: usize = 2_000_000;
/// Up to this many edges nothing is counted: they cannot be tangled enough to matter.
const COUNTED_EDGES_MIN: usize = 1_000;
/// Coordinates the engine's 64-bit products hold without overflow.
pub const CELL_MAX: i32 = 1 << 29;

/// Why there is no result.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum OverlayError {
    /// More edges than [`OVERLAY_EDGES_MAX`].
    TooManyEdges,
    /// More pairs of edges with touching boxes than the caller allows.
    TooTangled,
    /// A coordinate beyond ±[`CELL_MAX`].
    OutOfRange,
    /// The engine panicked.
    Panicked,
}

/// What [`cover`] unites.
#[derive(Debug, Clone, Default)]
pub struct Ground {
    /// Rings of valid or nearly valid polygons: filled where they wind around a place, all together, so that
    /// a hole is a ring of the other direction.
    pub rings: Vec<Vec<Cell>>,
    bands: Vec<[Cell; 6]>,
}

impl Ground {
    /// Adds a closed ring to fill, with a band of `reach` cells around it.
    pub fn ring(&mut self, ring: Vec<Cell>, reach: i32) {
        self.closed_line(&ring, reach);
        self.rings.push(ring);
    }

    /// Adds a band of `reach` cells around a ring that is not itself filled.
    pub fn closed_line(&mut self, ring: &[Cell], reach: i32) {
        self.line(ring, reach);
        if let [first, _, .., last] = ring {
            self.bands.push(band(*last, *first, reach));
        }
    }

    /// Adds a band of `reach` cells around a line or a single place.
    pub fn line(&mut self, path: &[Cell], reach: i32) {
        match path {
            [only] => self.bands.push(band(*only, *only, reach)),
            [..] => self.bands.extend(path.windows(2).map(|pair| band(pair[0], pair[1], reach))),
        }
    }

    /// Adds a filled ring without a band.
    pub fn filled(&mut self, ring: Vec<Cell>) {
        self.rings.push(ring);
    }
}

impl Ground {
    /// How many edges there are, where they are not too many, too tangled or out of range.
    fn within_limits(&self, pairs_max: usize) -> Result<usize, OverlayError> {
        let edges = self.rings.iter().map(Vec::len).sum::<usize>() + 6 * self.bands.len();
        if edges > OVERLAY_EDGES_MAX {
            return Err(OverlayError::TooManyEdges);
        }
        if edges >= COUNTED_EDGES_MIN && self.is_tangled(pairs_max) {
            return Err(OverlayError::TooTangled);
        }
        let mut cells = self.rings.iter().flatten().chain(self.bands.iter().flatten());
        if cells.any(|cell| cell.iter().any(|v| v.abs() > CELL_MAX)) {
            return Err(OverlayError::OutOfRange);
        }
        Ok(edges)
    }

    fn is_tangled(&self, pairs_max: usize) -> bool {
        let place = |cell: &Cell| Coord { x: f64::from(cell[0]), y: f64::from(cell[1]) };
        // Of a band its longest diagonal: it has the same box.
        let bands = self.bands.iter().map(|band| {
            let ys = band.iter().map(|cell| cell[1]);
            let (top, bottom) = (ys.clone().min().unwrap_or(0), ys.max().unwrap_or(0));
            let xs = band.iter().map(|cell| cell[0]);
            let (left, right) = (xs.clone().min().unwrap_or(0), xs.max().unwrap_or(0));
            [place(&[left, top]), place(&[right, bottom])]
        });
        let sides = |ring: &Vec<Cell>| {
            ring.windows(2).map(|pair| [place(&pair[0]), place(&pair[1])]).collect::<Vec<_>>()
        };
        let (bands, sides): (Vec<Edge>, Vec<Edge>) =
            (bands.collect(), self.rings.iter().flat_map(sides).collect());
        [bands, sides].iter().any(|edges| {
            let tree = edge_tree(edges);
            tree.intersection_candidates_with_other_tree(&tree).nth(2 * pairs_max).is_some()
        })
    }
}

/// All places within `reach` of an edge, east-west and north-south each: the convex hull of two squares.
fn band(a: Cell, b: Cell, reach: i32) -> [Cell; 6] {
    let ([ax, ay], [bx, by]) = if a[0] <= b[0] { (a, b) } else { (b, a) };
    let k = reach;
    if ay <= by {
        [
            [ax - k, ay - k],
            [ax + k, ay - k],
            [bx + k, by - k],
            [bx + k, by + k],
            [bx - k, by + k],
            [ax - k, ay + k],
        ]
    } else {
        [
            [ax - k, ay - k],
            [bx - k, by - k],
            [bx + k, by - k],
            [bx + k, by + k],
            [ax + k, ay + k],
            [ax - k, ay + k],
        ]
    }
}

/// The union of filled rings and bands, as valid polygons whose corners are on the grid.
///
/// Filling is by non-zero winding, of the rings among themselves and of the bands among themselves, so that
/// opposite windings of a ring and a band never cancel. New corners are rounded to the grid: an edge may move
/// by one cell, so a caller leaves that much in its bands and asks [`Boundary::encloses`].
///
/// The work grows with the pairs of edges that meet, so a tangled input is refused: `pairs_max` bounds the
/// pairs of edges, or of bands, whose boxes touch.
///
/// # Errors
/// [`OverlayError`], where a limit is passed or the engine fails.
pub fn cover(ground: &Ground, pairs_max: usize) -> Result<Shapes, OverlayError> {
    let edges = ground.within_limits(pairs_max)?;
    catch_unwind(AssertUnwindSafe(|| united(ground, edges))).map_err(|_| OverlayError::Panicked)
}

fn united(ground: &Ground, edges: usize) -> Shapes {
    let mut overlay = Overlay::new_custom(edges, IntOverlayOptions::ogc(), Default::default());
    for ring in &ground.rings {
        overlay.add_path_iter(ring.iter().map(|c| IntPoint::new(c[0], c[1])), ShapeType::Subject);
    }
    for band in &ground.bands {
        overlay.add_path_iter(band.iter().map(|c| IntPoint::new(c[0], c[1])), ShapeType::Clip);
    }
    shapes_of(overlay.overlay(OverlayRule::Union, FillRule::NonZero))
}

fn shapes_of(shapes: Vec<Vec<Vec<IntPoint>>>) -> Shapes {
    let cells = |ring: Vec<IntPoint>| ring.into_iter().map(|p| [p.x, p.y]).collect();
    shapes.into_iter().map(|shape| shape.into_iter().map(cells).collect()).collect()
}

/// What two sets of valid polygons have in common, or all that they cover.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Combination {
    /// The ground that lies in both.
    Intersection,
    /// The ground that lies in either.
    Union,
}

/// Combines polygons given as rings on the grid, outer rings one way round and holes the other. New corners are
/// rounded to the grid, so that an area may differ by a cell along its boundary.
///
/// # Errors
/// [`OverlayError`], as of [`cover`].
pub fn combine(
    one: Vec<Vec<Cell>>,
    other: Vec<Vec<Cell>>,
    combination: Combination,
) -> Result<Shapes, OverlayError> {
    let count = one.len();
    let ground = Ground { rings: one.into_iter().chain(other).collect(), bands: Vec::new() };
    let edges = ground.within_limits(PAIRS_MAX)?;
    let rule = match combination {
        Combination::Intersection => OverlayRule::Intersect,
        Combination::Union => OverlayRule::Union,
    };
    let combined = || {
        let mut overlay = Overlay::new_custom(edges, IntOverlayOptions::ogc(), Default::default());
        for (number, ring) in ground.rings.iter().enumerate() {
            let kind = if number < count { ShapeType::Subject } else { ShapeType::Clip };
            overlay.add_path_iter(ring.iter().map(|c| IntPoint::new(c[0], c[1])), kind);
        }
        shapes_of(overlay.overlay(rule, FillRule::NonZero))
    };
    catch_unwind(AssertUnwindSafe(combined)).map_err(|_| OverlayError::Panicked)
}

/// The boundary of a result of [`cover`], to hold outlines against.
pub struct Boundary {
    rings: Vec<Vec<Coord<f64>>>,
    edges: Edges,
}

impl Boundary {
    /// The boundary of `shapes`.
    pub fn of(shapes: &Shapes) -> Self {
        let rings: Vec<_> = shapes.iter().flatten().map(|ring| as_coords(ring)).collect();
        let edges = Edges::of(&rings);
        Self { rings, edges }
    }

    /// Whether the shapes cover everything that `rings` wind around together, and the rings themselves, with
    /// more than `clearance` between the boundaries. Rings close themselves; a line is given there and back.
    ///
    /// No boundary of the one comes near a boundary of the other, so every connected piece of ground lies
    /// wholly inside or wholly outside the shapes; one corner of each ring then decides (`docs/TILES.md`). A
    /// clearance well above floating-point error makes the answer certain.
    pub fn encloses(&self, rings: &[Vec<Coord<f64>>], clearance: f64) -> bool {
        let inner = Edges::of(rings);
        let is_apart = inner.all.iter().all(|edge| !self.edges.comes_within(*edge, clearance));
        let is_inside = |ring: &Vec<Coord<f64>>| ring.first().is_none_or(|c| self.edges.winds_oddly(*c));
        let is_outside = |ring: &Vec<Coord<f64>>| ring.first().is_none_or(|c| inner.winding(*c) == 0);
        is_apart && rings.iter().all(is_inside) && self.rings.iter().all(is_outside)
    }
}

fn as_coords(ring: &[Cell]) -> Vec<Coord<f64>> {
    ring.iter().map(|c| Coord { x: f64::from(c[0]), y: f64::from(c[1]) }).collect()
}

type Edge = [Coord<f64>; 2];
type EdgeBox = GeomWithData<Rectangle<[f64; 2]>, u32>;

/// The edges of closed rings, found by place once there are many.
struct Edges {
    all: Vec<Edge>,
    tree: Option<RTree<EdgeBox>>,
}

/// Up to this many edges, looking at each is faster than a tree.
const SCANNED_EDGES_MAX: usize = 48;

impl Edges {
    fn of(rings: &[Vec<Coord<f64>>]) -> Self {
        let all: Vec<Edge> = rings.iter().flat_map(|ring| closed_edges(ring)).collect();
        let tree = (all.len() > SCANNED_EDGES_MAX).then(|| edge_tree(&all));
        Self { all, tree }
    }

    fn comes_within(&self, edge: Edge, clearance: f64) -> bool {
        let (low, high) = edge_corners(edge);
        let (low, high) =
            ([low[0] - clearance, low[1] - clearance], [high[0] + clearance, high[1] + clearance]);
        self.any_touching(low, high, |other| edges_distance(edge, other) <= clearance)
    }

    /// How often the rings wind around a place; a place on an edge may count either way.
    fn winding(&self, place: Coord<f64>) -> i64 {
        let mut winding = 0;
        self.any_touching([place.x, place.y], [f64::MAX, place.y], |[a, b]| {
            let crosses_up = a.y <= place.y && b.y > place.y;
            let crosses_down = b.y <= place.y && a.y > place.y;
            if (crosses_up || crosses_down) && x_at(a, b, place.y) > place.x {
                winding += if crosses_up { 1 } else { -1 };
            }
            false
        });
        winding
    }

    /// Whether a place lies inside valid polygons, whichever way their rings run.
    fn winds_oddly(&self, place: Coord<f64>) -> bool {
        let mut crossings = 0_u64;
        self.any_touching([place.x, place.y], [f64::MAX, place.y], |[a, b]| {
            if (a.y <= place.y) != (b.y <= place.y) && x_at(a, b, place.y) > place.x {
                crossings += 1;
            }
            false
        });
        crossings % 2 == 1
    }

    fn any_touching(&self, low: [f64; 2], high: [f64; 2], mut holds: impl FnMut(Edge) -> bool) -> bool {
        match &self.tree {
            Some(tree) => {
                let area = AABB::from_corners(low, high);
                tree.locate_in_envelope_intersecting(area).any(|found| holds(self.all[found.data as usize]))
            }
            None => self.all.iter().any(|edge| {
                let (from, to) = edge_corners(*edge);
                let touches = from[0] <= high[0] && low[0] <= to[0] && from[1] <= high[1] && low[1] <= to[1];
                touches && holds(*edge)
            }),
        }
    }
}

fn closed_edges(ring: &[Coord<f64>]) -> impl Iterator<Item = Edge> + '_ {
    let closing = ring.first().zip(ring.last()).map(|(first, last)| [*last, *first]);
    ring.windows(2).map(|pair| [pair[0], pair[1]]).chain(closing)
}

fn edge_tree(edges: &[Edge]) -> RTree<EdgeBox> {
    let boxed = |(edge, number): (&Edge, u32)| {
        let (low, high) = edge_corners(*edge);
        GeomWithData::new(Rectangle::from_corners(low, high), number)
    };
    RTree::bulk_load(edges.iter().zip(0_u32..).map(boxed).collect())
}

fn edge_corners([a, b]: Edge) -> ([f64; 2], [f64; 2]) {
    ([a.x.min(b.x), a.y.min(b.y)], [a.x.max(b.x), a.y.max(b.y)])
}

fn x_at(a: Coord<f64>, b: Coord<f64>, y: f64) -> f64 {
    a.x + (y - a.y) / (b.y - a.y) * (b.x - a.x)
}

/// Distance between two edges; 0 where they cross.
fn edges_distance([a, b]: Edge, [c, d]: Edge) -> f64 {
    if is_crossing([a, b], [c, d]) {
        return 0.0;
    }
    let ends = [to_edge(a, c, d), to_edge(b, c, d), to_edge(c, a, b), to_edge(d, a, b)];
    ends.into_iter().fold(f64::INFINITY, f64::min)
}

fn is_crossing([a, b]: Edge, [c, d]: Edge) -> bool {
    let (c_side, d_side) = (side(a, b, c), side(a, b, d));
    let (a_side, b_side) = (side(c, d, a), side(c, d, b));
    (c_side > 0.0) != (d_side > 0.0) && (a_side > 0.0) != (b_side > 0.0)
}

fn side(a: Coord<f64>, b: Coord<f64>, c: Coord<f64>) -> f64 {
    (b.x - a.x) * (c.y - a.y) - (b.y - a.y) * (c.x - a.x)
}

fn to_edge(p: Coord<f64>, a: Coord<f64>, b: Coord<f64>) -> f64 {
    let (dx, dy) = (b.x - a.x, b.y - a.y);
    let length_squared = dx * dx + dy * dy;
    let along =
        if length_squared > 0.0 { ((p.x - a.x) * dx + (p.y - a.y) * dy) / length_squared } else { 0.0 };
    let along = along.clamp(0.0, 1.0);
    (p.x - a.x - along * dx).hypot(p.y - a.y - along * dy)
}

/// Whether a closed ring crosses itself so often, or runs so tangled, that its crossings are not worked out.
pub fn is_too_tangled(ring: &[Coord<f64>]) -> bool {
    let edges: Vec<Edge> = closed_edges(ring).collect();
    let tree = edge_tree(&edges);
    let mut crossings = 0;
    let pairs = tree.intersection_candidates_with_other_tree(&tree);
    for (number, (one, other)) in pairs.enumerate() {
        if number > PAIRS_MAX {
            return true;
        }
        if one.data < other.data && is_crossing(edges[one.data as usize], edges[other.data as usize]) {
            crossings += 1;
            if crossings > CROSSINGS_MAX {
                return true;
            }
        }
    }
    false
}

/// The convex hull of all places: always covers, whatever their order.
pub fn convex_hull(places: impl IntoIterator<Item = Coord<f64>>) -> Polygon<f64> {
    MultiPoint::from_iter(places).convex_hull()
}

/// Shapes on a grid as polygons in the plane: `place` says where a cell lies.
pub fn polygons(shapes: Shapes, place: impl Fn(Cell) -> Coord<f64>) -> MultiPolygon<f64> {
    let ring = |cells: Vec<Cell>| LineString::from_iter(cells.into_iter().map(&place));
    let polygon = |rings: Vec<Vec<Cell>>| {
        let mut rings = rings.into_iter().map(&ring);
        rings.next().map(|outer| Polygon::new(outer, rings.collect()))
    };
    MultiPolygon::from_iter(shapes.into_iter().filter_map(polygon))
}
