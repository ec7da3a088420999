//! One row's shape in a tile: grown by construction, then held against the true outline.

use geo_types::{Coord, Rect};
use spatial_index::Drawn;
use spatial_index::overlay::{self, Boundary, Cell, Ground, Shapes};

use crate::enclosing::Enclosing;
use crate::frame::{BEND, Frame};
use crate::raster::CELLS;
use crate::truth::{Kind, Part, Truth};
use crate::{octagon, quick, simplify};

/// Least width and height of a drawn shape, in units: 2 pixels where a tile is 256 wide.
pub(crate) const LEGIBLE: f64 = 32.0;
/// A box around a shape keeps this distance from it, in units.
const BOX_MARGIN: f64 = 0.1;
/// What must lie between the true outline and the drawn one, in units: the bend of edges, and rounding.
const CLEARANCE: f64 = BEND + 0.001;

/// How true an outline is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) enum Level {
    /// Within 2 units of the true one, east-west and north-south each.
    Exact,
    /// Larger, or simpler.
    Generalised,
    /// One shape for several rows.
    Merged,
}

impl Level {
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Exact => "exact",
            Self::Generalised => "generalised",
            Self::Merged => "merged",
        }
    }
}

/// How far corners may be left out, and how wide a band around the rest makes up for it, in units.
struct Attempt {
    tolerance: f64,
    reach: i32,
    level: Level,
}

/// A band of `reach` covers what leaving out corners (`tolerance`), rounding to the grid (½) and the bend of
/// edges can take away; new corners are rounded too (½), which seldom matters and is then seen by the check.
const ATTEMPTS: [Attempt; 3] = [
    Attempt { tolerance: 0.25, reach: 1, level: Level::Exact },
    Attempt { tolerance: 1.0, reach: 3, level: Level::Generalised },
    Attempt { tolerance: 4.0, reach: 8, level: Level::Generalised },
];
/// Most pairs of edges with touching boxes that one row's shape is worked out from; beyond it cells are drawn.
const PAIRS_MAX: usize = 150_000;
/// Half of [`LEGIBLE`], and what simplifying and rounding may take from it: the band around thin shapes.
pub(crate) const THIN_REACH: i32 = 20;
pub(crate) const THIN_TOLERANCE: f64 = 3.0;
/// A thin area with more corners, which is neither straight nor stays simple when its sides move, is drawn in cells.
const WINDING_CORNERS_MIN: usize = 24;
/// Up to this many edges, looking at them in pairs is quicker than a tree of them.
const PAIRED_EDGES_MAX: usize = 400;
/// Rows up to this size, in units, are drawn as octagons: 4 pixels where a tile is 256 wide.
const SMALL: f64 = 2.0 * LEGIBLE;

/// The shape of a row that touches the clip box; never empty, covers the row inside the clip box.
pub(crate) fn shape(frame: &Frame, drawn: &Drawn, bounds: &Rect<f64>) -> (Shapes, Level) {
    if let Some(octagon) = small(frame, drawn, bounds) {
        return (vec![vec![octagon]], Level::Generalised);
    }
    let truth = Truth::of(frame, drawn);
    if let Some(remainder) = truth.remainder() {
        return (vec![vec![box_around(&remainder)]], Level::Generalised);
    }
    let quickly = |attempt: &quick::Attempt| {
        let (shapes, level) = quick::shape(&truth, *attempt)?;
        Some((truth.checked(shapes)?, level))
    };
    let drawn_quickly = quick::ATTEMPTS.iter().find_map(quickly);
    let attempts = if truth.is_winding() { &[] } else { ATTEMPTS.as_slice() };
    let drawn_well = drawn_quickly.or_else(|| attempts.iter().find_map(|attempt| truth.attempt(attempt)));
    let in_cells = || truth.in_cells().map(|shapes| (shapes, Level::Generalised));
    let in_a_box = || (vec![vec![outer_box(frame, bounds)]], Level::Generalised);
    drawn_well.or_else(in_cells).unwrap_or_else(in_a_box)
}

/// The octagon around a shape that is small; of a tiny one the box.
fn small(frame: &Frame, drawn: &Drawn, bounds: &Rect<f64>) -> Option<Vec<Cell>> {
    let (a, b) = (frame.project(bounds.min()), frame.project(bounds.max()));
    let size = (b.x - a.x).max(a.y - b.y);
    if size < LEGIBLE {
        return Some(box_around(&[a.x, b.y, b.x, a.y]));
    }
    let is_small = size <= SMALL && frame.is_straight_within(bounds);
    let lines = drawn.polygons.iter().map(|polygon| polygon.exterior()).chain(&drawn.lines);
    let places = lines.flat_map(|line| &line.0).copied().chain(drawn.points.iter().map(|point| point.0));
    is_small.then(|| octagon::around(places.map(|place| frame.project(place)))).flatten()
}

/// The outward box of what lies of `bounds` in the clip box, as a ring; at least [`LEGIBLE`] wide and high.
fn outer_box(frame: &Frame, bounds: &Rect<f64>) -> Vec<Cell> {
    let area = frame.clip_box();
    let inside = |c: Coord<f64>| Coord {
        x: c.x.clamp(area.min().x, area.max().x),
        y: c.y.clamp(area.min().y, area.max().y),
    };
    // North is up: the greatest latitude has the least y.
    let (a, b) = (frame.project(inside(bounds.min())), frame.project(inside(bounds.max())));
    box_around(&[a.x, b.y, b.x, a.y])
}

/// A ring around a box (least x and y, greatest x and y), at least [`LEGIBLE`] wide and high.
pub(crate) fn box_around([left, top, right, bottom]: &[f64; 4]) -> Vec<Cell> {
    let ([left, right], [top, bottom]) = (widened(*left, *right), widened(*top, *bottom));
    vec![[left, top], [right, top], [right, bottom], [left, bottom]]
}

/// Hands on the parts of a row's shape, cut at the clip box, as rings that belong together.
pub(crate) fn in_sheet(
    frame: &Frame,
    drawn: &Drawn,
    take: impl FnOnce(&mut dyn Iterator<Item = &[Vec<Coord<f64>>]>),
) {
    let truth = Truth::of(frame, drawn);
    take(&mut truth.parts.iter().map(|part| part.rings.as_slice()));
}

/// The span in whole units that holds both with [`BOX_MARGIN`], at least [`LEGIBLE`] wide.
fn widened(low: f64, high: f64) -> [i32; 2] {
    let lacking = (LEGIBLE - (high - low)).max(0.0) / 2.0;
    [(low - lacking - BOX_MARGIN).floor() as i32, (high + lacking + BOX_MARGIN).ceil() as i32]
}

impl Truth {
    /// The box around what is left of wide areas at the edge of what is drawn, if that is too narrow to be seen.
    fn remainder(&self) -> Option<[f64; 4]> {
        let span = self.span();
        let is_narrow = span[2] - span[0] < LEGIBLE || span[3] - span[1] < LEGIBLE;
        (is_narrow && self.parts.iter().all(|part| part.kind == Kind::Area)).then_some(span)
    }

    /// Whether bands around its edges would lie over each other many times: thin, and not straight.
    fn is_winding(&self) -> bool {
        let corners = |part: &Part| part.rings.iter().map(Vec::len).sum::<usize>();
        self.parts.iter().any(|part| part.kind == Kind::ThinArea && corners(part) > WINDING_CORNERS_MIN)
    }

    /// The shape, if it covers and can be seen.
    fn attempt(&self, attempt: &Attempt) -> Option<(Shapes, Level)> {
        let mut ground = Ground::default();
        self.parts.iter().for_each(|part| part.draw(attempt, &mut ground));
        let shapes = self.checked(overlay::cover(&ground, PAIRS_MAX).ok()?)?;
        let as_it_is = self.parts.iter().all(|part| part.kind == Kind::Area);
        let level = if as_it_is { attempt.level } else { Level::Generalised };
        Some((shapes, level))
    }

    /// The cells that the shape touches.
    fn in_cells(&self) -> Option<Shapes> {
        let mut marks = CELLS.empty();
        self.parts.iter().for_each(|part| CELLS.mark(&mut marks, &part.rings));
        let (marks, from) = marks.cropped();
        let (pieces, _) = marks.pieces();
        self.checked(pieces.into_iter().map(|piece| CELLS.rings_of(piece, from)).collect())
    }

    /// The shapes, if they cover the truth and can be seen.
    fn checked(&self, shapes: Shapes) -> Option<Shapes> {
        let edges = |rings: &Vec<Vec<Cell>>| rings.iter().map(Vec::len).sum::<usize>();
        let is_covering = if shapes.iter().map(edges).sum::<usize>() <= PAIRED_EDGES_MAX {
            let drawn = Enclosing::of(&shapes);
            self.parts.iter().all(|part| drawn.covers(&part.rings, CLEARANCE))
        } else {
            let drawn = Boundary::of(&shapes);
            self.parts.iter().all(|part| drawn.encloses(&part.rings, CLEARANCE))
        };
        (is_covering && is_legible(&shapes)).then_some(shapes)
    }
}

impl Part {
    fn draw(&self, attempt: &Attempt, ground: &mut Ground) {
        let thin_reach = THIN_REACH.max(attempt.reach);
        match self.kind {
            Kind::Area => {
                self.rings.iter().for_each(|r| ground.ring(rounded(r, attempt.tolerance), attempt.reach))
            }
            Kind::ThinArea => {
                self.rings.iter().for_each(|r| ground.ring(rounded(r, THIN_TOLERANCE), thin_reach))
            }
            Kind::Line => {
                self.rings.iter().for_each(|r| ground.closed_line(&rounded(r, THIN_TOLERANCE), thin_reach))
            }
            Kind::Tiny => ground.filled(self.tiny_box()),
        }
    }

    pub fn tiny_box(&self) -> Vec<Cell> {
        let corners = || self.rings.iter().flatten().copied();
        let none = Coord { x: 0.0, y: 0.0 };
        let least = corners().reduce(|a, b| Coord { x: a.x.min(b.x), y: a.y.min(b.y) }).unwrap_or(none);
        let most = corners().reduce(|a, b| Coord { x: a.x.max(b.x), y: a.y.max(b.y) }).unwrap_or(none);
        box_around(&[least.x, least.y, most.x, most.y])
    }
}

/// A ring with fewer corners, on the grid.
fn rounded(ring: &[Coord<f64>], tolerance: f64) -> Vec<Cell> {
    let corners = simplify::ring(ring, tolerance);
    let mut cells: Vec<Cell> =
        corners.into_iter().map(|c| [c.x.round() as i32, c.y.round() as i32]).collect();
    cells.dedup();
    cells
}

fn is_legible(shapes: &Shapes) -> bool {
    let wide = |axis: usize| {
        let values = || shapes.iter().flatten().flatten().map(|cell| cell[axis]);
        values().max().zip(values().min()).is_some_and(|(most, least)| f64::from(most - least) >= LEGIBLE)
    };
    wide(0) && wide(1)
}
