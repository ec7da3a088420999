//! One row's shape in a tile: grown by construction, then held against the true outline.

use geo::BoundingRect;
use geo_types::{Coord, LineString, Polygon, Rect};
use spatial_index::Drawn;
use spatial_index::overlay::{self, Boundary, Cell, Ground, Shapes};

use crate::frame::{BEND, Frame};
use crate::{clip, offset, raster, simplify};

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
const THIN_REACH: i32 = 20;
const THIN_TOLERANCE: f64 = 3.0;
/// How far the sides of a plain outline move: the first attempt's tolerance, rounding of corners (√2/2) and the
/// bend of edges.
const QUICK_DISTANCE: f64 = 1.1;

/// The shape of a row that touches the clip box; never empty, covers the row inside the clip box.
pub(crate) fn shape(frame: &Frame, drawn: &Drawn, bounds: &Rect<f64>) -> (Shapes, Level) {
    let truth = Truth::of(frame, drawn);
    let drawn_well = truth.quick().or_else(|| ATTEMPTS.iter().find_map(|attempt| truth.attempt(attempt)));
    let in_cells = || truth.in_cells().map(|shapes| (shapes, Level::Generalised));
    let in_a_box = || (vec![vec![outer_box(frame, bounds)]], Level::Generalised);
    drawn_well.or_else(in_cells).unwrap_or_else(in_a_box)
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

/// A row's true shape in the tile's plane, cut at the clip box.
#[derive(Default)]
struct Truth {
    parts: Vec<Part>,
}

/// A piece that is drawn one way.
struct Part {
    /// Rings of one polygon (holes run the other way round), or one line there and back.
    rings: Vec<Vec<Coord<f64>>>,
    kind: Kind,
}

#[derive(Clone, Copy, PartialEq, Eq)]
enum Kind {
    /// Wide enough to be seen as it is.
    Area,
    /// An area to be widened.
    ThinArea,
    /// Drawn as a box.
    Tiny,
    /// A line, or a point beside areas or lines: only a band.
    Line,
}

impl Truth {
    fn of(frame: &Frame, drawn: &Drawn) -> Self {
        let area = frame.clip_box();
        let mut truth = Self::default();
        drawn.polygons.iter().for_each(|polygon| truth.add_polygon(frame, &area, polygon));
        for line in &drawn.lines {
            clip::line(&line.0, &area).iter().for_each(|piece| truth.add_line(frame.project_path(piece)));
        }
        let inside = |c: &Coord<f64>| geo::Intersects::intersects(&area, c);
        let places = drawn.points.iter().map(|point| point.0).filter(inside);
        places.for_each(|place| truth.add_line(vec![frame.project(place)]));
        truth
    }

    fn add_polygon(&mut self, frame: &Frame, area: &Rect<f64>, polygon: &Polygon<f64>) {
        let exterior = directed(frame, area, polygon.exterior(), true);
        if exterior.is_empty() {
            return;
        }
        let holes = polygon.interiors().iter().map(|hole| directed(frame, area, hole, false));
        let rings = std::iter::once(exterior).chain(holes).filter(|ring| !ring.is_empty()).collect();
        self.parts.push(Part { rings, kind: kind(frame, polygon) });
    }

    fn add_line(&mut self, path: Vec<Coord<f64>>) {
        let back = path.iter().rev().skip(1).copied();
        let there_and_back = path.iter().copied().chain(back).collect();
        self.parts.push(Part { rings: vec![there_and_back], kind: Kind::Line });
    }

    /// A single plain outline, grown side by side.
    fn quick(&self) -> Option<(Shapes, Level)> {
        let [Part { rings, kind }] = self.parts.as_slice() else { return None };
        let [ring] = rings.as_slice() else { return None };
        let (tolerance, distance, level) = match kind {
            Kind::Area => (ATTEMPTS[0].tolerance, QUICK_DISTANCE, Level::Exact),
            Kind::ThinArea => (THIN_TOLERANCE, f64::from(THIN_REACH), Level::Generalised),
            Kind::Tiny | Kind::Line => return None,
        };
        let grown = offset::grown(&simplify::ring(ring, tolerance), distance)?;
        Some((self.checked(vec![vec![grown]])?, level))
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
        let mut marks = raster::empty();
        self.parts.iter().for_each(|part| raster::mark(&mut marks, &part.rings));
        self.checked(
            marks.pieces().0.into_iter().map(|piece| raster::on_the_tile(piece, raster::CELL)).collect(),
        )
    }

    /// The shapes, if they cover the truth and can be seen.
    fn checked(&self, shapes: Shapes) -> Option<Shapes> {
        let boundary = Boundary::of(&shapes);
        let is_covering = self.parts.iter().all(|part| boundary.encloses(&part.rings, CLEARANCE));
        (is_covering && is_legible(&shapes)).then_some(shapes)
    }
}

/// A ring in the tile's plane, cut, running counter-clockwise in degrees if `forward`.
fn directed(frame: &Frame, area: &Rect<f64>, ring: &LineString<f64>, forward: bool) -> Vec<Coord<f64>> {
    let mut cut = clip::ring(&ring.0, area);
    if (signed_area(&ring.0) >= 0.0) != forward {
        cut.reverse();
    }
    // Closed for its last edge to be cut into pieces as well.
    cut.extend(cut.first().copied());
    let mut projected = frame.project_path(&cut);
    projected.pop();
    projected
}

/// Twice the area in square degrees, positive where the ring runs counter-clockwise.
fn signed_area(ring: &[Coord<f64>]) -> f64 {
    let Some(origin) = ring.first().copied() else { return 0.0 };
    let cross = |pair: &[Coord<f64>]| {
        let (a, b) = (pair[0] - origin, pair[1] - origin);
        a.x * b.y - a.y * b.x
    };
    ring.windows(2).map(cross).sum()
}

/// How a polygon is drawn; decided by all of it, so that neighbouring tiles decide alike.
fn kind(frame: &Frame, polygon: &Polygon<f64>) -> Kind {
    let Some(bounds) = polygon.bounding_rect() else { return Kind::Line };
    let (east, north) = frame.units_per_deg(bounds.center().y);
    let (width, height) = (bounds.width() * east, bounds.height() * north);
    if width < LEGIBLE && height < LEGIBLE {
        return Kind::Tiny;
    }
    if mean_width(polygon, east, north) < LEGIBLE { Kind::ThinArea } else { Kind::Area }
}

/// Width, in units, of the rectangle with the polygon's area and perimeter (its holes included).
fn mean_width(polygon: &Polygon<f64>, east: f64, north: f64) -> f64 {
    let rings = || std::iter::once(polygon.exterior()).chain(polygon.interiors());
    let length =
        |pair: &[Coord<f64>]| ((pair[1].x - pair[0].x) * east).hypot((pair[1].y - pair[0].y) * north);
    let half_around: f64 = rings().flat_map(|ring| ring.0.windows(2)).map(length).sum::<f64>() / 2.0;
    let holes: f64 = polygon.interiors().iter().map(|hole| signed_area(&hole.0).abs()).sum();
    let area = (signed_area(&polygon.exterior().0).abs() - holes).max(0.0) / 2.0 * east * north;
    let squareness = half_around * half_around - 4.0 * area;
    (half_around - squareness.max(0.0).sqrt()) / 2.0
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

    fn tiny_box(&self) -> Vec<Cell> {
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
