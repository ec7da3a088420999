//! Raster tiles: every pixel whose square a record touches is painted, as `symbols.rs` says.

use geo_types::Coord;
use spatial_index::{Drawn, Layer, Marks as RowMarks, View};

use crate::contour::Marks;
use crate::frame::{BUFFER, EXTENT, Frame};
use crate::known::Known;
use crate::raster::{Grid, across, edges};
use crate::symbols::{self, Symbol};
use crate::truth::{Kind, Truth};
use crate::{TileError, TileId, paint};

/// Pixels across a raster tile.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum TileSize {
    /// 256 by 256 pixels.
    Px256,
    /// 512 by 512 pixels, for finer screens.
    Px512,
}

impl TileSize {
    /// Pixels across.
    pub fn pixels(self) -> u32 {
        match self {
            Self::Px256 => 256,
            Self::Px512 => 512,
        }
    }

    /// Units of the tile's plane to a pixel.
    fn units(self) -> i32 {
        EXTENT as i32 / self.pixels() as i32
    }
}

/// The raster tile (PNG) of a layer; empty where nothing touches it.
///
/// Painted is every pixel whose square touches a record, points with all of their position error, and at least 2 by
/// 2 pixels of each; class is fill and hatch, status the outline, as on the page. The confirmed lies above the
/// suspected. What is not painted is transparent. Synthetic records are marked as such.
///
/// # Errors
/// [`TileError`], where the tile cannot be encoded.
pub fn raster_tile(view: &View, layer: Layer, tile: TileId, size: TileSize) -> Result<Vec<u8>, TileError> {
    let frame = Frame::of(tile);
    let mut picture = Picture::new(&frame, size, sign_radius_px(tile.z, size));
    view.each_touching(layer, &frame.searched(), |placed| picture.take(Known::of(placed)));
    match paint::pixels(&picture) {
        Some(pixels) => paint::png(&pixels, size.pixels())
            .map_err(|error| TileError::not_encoded(tile, error.to_string())),
        None => Ok(Vec::new()),
    }
}

/// Half the size of signs for points: smaller far out, where there are many in little room.
fn sign_radius_px(z: u8, size: TileSize) -> f64 {
    let of_256 = match z {
        0..6 => 1.0,
        6..9 => 2.0,
        9..11 => 3.0,
        _ => 4.5,
    };
    of_256 * f64::from(size.pixels()) / 256.0
}

/// What is to be painted, by symbol.
pub(crate) struct Picture<'f> {
    frame: &'f Frame,
    pub grid: Grid,
    /// Pixels between the grid's first column and the tile's.
    pub border: usize,
    sign_radius_px: f64,
    pub planes: Vec<Plane>,
    pub has_synthetic: bool,
    /// The planes of the codes that have come, by where those stand in memory: there is one copy of each.
    known: Vec<(&'static RowMarks, Option<usize>)>,
}

/// What is painted with one symbol.
pub(crate) struct Plane {
    pub symbol: &'static Symbol,
    /// Wide areas: filled and hatched.
    pub areas: Marks,
    /// What is a few pixels across or less, and what may lie within a position error: their rims are outlined.
    pub small: Marks,
    /// Outlines.
    pub lines: Marks,
}

/// Rows up to this many pixels across are no wide areas.
const SMALL_PX: f64 = 6.0;
/// Outlines are at least this wide on each side of the true one, in pixels.
const LINE_MARGIN_PX: f64 = 0.2;
/// The circle around a position error has so many corners.
const CIRCLE_CORNERS: u32 = 64;
/// Shorter pieces of an outline, in units, are not drawn by themselves.
const LENGTH_MIN: f64 = 1e-6;
/// Pixels of a square or cell to which nothing is added: above the rounding of the arithmetic.
const MARGIN: f64 = 0.02;

impl<'f> Picture<'f> {
    fn new(frame: &'f Frame, size: TileSize, sign_radius_px: f64) -> Self {
        let side = size.units();
        // Cut shapes reach this far; beyond it nothing is marked.
        let border = (BUFFER as i32 + side) / side + 1;
        let first = -border * side;
        let grid = Grid { first, side, across: across(first, side) };
        let (planes, has_synthetic) = (Vec::new(), false);
        Self {
            frame,
            grid,
            border: border as usize,
            sign_radius_px,
            planes,
            has_synthetic,
            known: Vec::new(),
        }
    }

    fn take(&mut self, row: Known) {
        let span = self.frame.project_bounds(&row.bounds());
        let Some(plane) = self.plane(row.marks()) else { return };
        if row.is_of_points() {
            let places = row.drawn().points.0.into_iter().map(|point| point.0);
            places.for_each(|place| self.mark_place(plane, self.frame.project(place), &span));
        } else if span[2] - span[0] <= self.px(1.0) && span[3] - span[1] <= self.px(1.0) {
            self.mark_speck(plane, &span);
        } else {
            self.mark_shape(plane, &row.drawn());
        }
        self.has_synthetic |= row.marks().synthetic;
    }

    fn px(&self, pixels: f64) -> f64 {
        pixels * f64::from(self.grid.side)
    }

    /// The number of the plane of rows with these codes.
    fn plane(&mut self, marks: &'static RowMarks) -> Option<usize> {
        if let Some((_, plane)) = self.known.iter().find(|(known, _)| std::ptr::eq(*known, marks)) {
            return *plane;
        }
        let symbol = symbols::number_of(marks.collection, &marks.tags).map(|number| &symbols::all()[number]);
        let plane = symbol.map(|symbol| self.plane_of(symbol));
        self.known.push((marks, plane));
        plane
    }

    fn plane_of(&mut self, symbol: &'static Symbol) -> usize {
        let known = self.planes.iter().position(|plane| std::ptr::eq(plane.symbol, symbol));
        known.unwrap_or_else(|| {
            let empty = || self.grid.empty();
            self.planes.push(Plane { symbol, areas: empty(), small: empty(), lines: empty() });
            self.planes.len() - 1
        })
    }

    /// Marks what touches a box up to a pixel across, at least 2 by 2 pixels.
    fn mark_speck(&mut self, plane: usize, [left, top, right, bottom]: &[f64; 4]) {
        let half = self.px(0.5);
        let wide = |low: f64, high: f64| {
            let lacking = (half - (high - low) / 2.0).max(0.0) + MARGIN;
            (low - lacking, high + lacking)
        };
        let ((left, right), (top, bottom)) = (wide(*left, *right), wide(*top, *bottom));
        self.mark_box(plane, [left, top, right, bottom]);
    }

    /// Marks a box, but for what lies off the grid.
    fn mark_box(&mut self, plane: usize, span: [f64; 4]) {
        let low = f64::from(self.grid.first);
        let high = low + self.px(self.grid.across as f64);
        let is_on = span[0] < high && span[2] > low && span[1] < high && span[3] > low;
        if is_on {
            self.grid.mark_box(&mut self.planes[plane].small, span);
        }
    }

    /// Marks a place with its sign, and all places within its position error, whose box is `span`.
    fn mark_place(&mut self, plane: usize, place: Coord<f64>, span: &[f64; 4]) {
        let radius = self.px(self.sign_radius_px);
        let Coord { x, y } = place;
        if self.sign_radius_px <= 1.0 {
            self.mark_speck(plane, &[x, y, x, y]);
        } else {
            let sign = sign(self.planes[plane].symbol.collection());
            let corner = |[east, south]: &[f64; 2]| Coord { x: x + radius * east, y: y + radius * south };
            self.mark_ring(plane, &sign.iter().map(corner).collect::<Vec<_>>());
        }
        let reach = [(x - span[0]).max(span[2] - x), (y - span[1]).max(span[3] - y)];
        if reach[0].max(reach[1]) > radius * COVERED_BY_SIGN {
            self.mark_ring(plane, &self.circle(place, reach));
        }
    }

    /// A ring around an ellipse.
    fn circle(&self, middle: Coord<f64>, reach: [f64; 2]) -> Vec<Coord<f64>> {
        let step = std::f64::consts::TAU / f64::from(CIRCLE_CORNERS);
        let wider = 1.0 / (step / 2.0).cos();
        let corner = |i: u32| {
            let (sin, cos) = (f64::from(i) * step).sin_cos();
            Coord { x: middle.x + reach[0] * wider * cos, y: middle.y + reach[1] * wider * sin }
        };
        (0..CIRCLE_CORNERS).map(corner).collect()
    }

    /// Marks a ring, cut at the grid.
    fn mark_ring(&mut self, plane: usize, ring: &[Coord<f64>]) {
        let low = f64::from(self.grid.first) + 1.0;
        let high = low + self.px(self.grid.across as f64) - 2.0;
        let area = geo_types::Rect::new((low, low), (high, high));
        let cut = crate::clip::ring(ring, &area);
        if !cut.is_empty() {
            self.grid.mark(&mut self.planes[plane].small, &[cut]);
        }
    }

    fn mark_shape(&mut self, plane: usize, drawn: &Drawn) {
        if !drawn.touches_box(&self.frame.clip_box()) {
            return;
        }
        for part in Truth::of(self.frame, drawn).parts {
            match part.kind {
                Kind::Tiny => self.mark_speck(plane, &box_of(&part.rings)),
                Kind::ThinArea | Kind::Line => {
                    self.grid.mark(&mut self.planes[plane].small, &part.rings);
                    self.mark_edges(plane, &part.rings);
                }
                Kind::Area => self.mark_area(plane, &part.rings),
            }
        }
    }

    /// Widens what is thin by half a pixel on each side: no thread of single pixels.
    fn mark_edges(&mut self, plane: usize, rings: &[Vec<Coord<f64>>]) {
        let margin = self.px(0.5);
        for (a, b) in rings.iter().flat_map(|ring| edges(ring)) {
            self.grid.mark_edge(&mut self.planes[plane].small, a, b, margin);
        }
    }

    fn mark_area(&mut self, plane: usize, rings: &[Vec<Coord<f64>>]) {
        let [left, top, right, bottom] = box_of(rings);
        if right - left <= self.px(SMALL_PX) && bottom - top <= self.px(SMALL_PX) {
            return self.grid.mark(&mut self.planes[plane].small, rings);
        }
        self.grid.mark(&mut self.planes[plane].areas, rings);
        let (side, margin) = (f64::from(self.grid.side), self.px(LINE_MARGIN_PX));
        let Plane { symbol, lines, .. } = &mut self.planes[plane];
        for ring in rings {
            dashes(ring, &symbol.dash, side, |a, b| self.grid.mark_edge(lines, a, b, margin));
        }
    }
}

/// The sign for places of a collection, as corners around a circle of radius 1: as on the page, a triangle is a report, a
/// diamond an item, a star an accident, and a disc an area without an outline.
fn sign(collection: &str) -> &'static [[f64; 2]] {
    match collection {
        "hazard-reports" => &[[0.0, -1.2], [1.2, 0.96], [-1.2, 0.96]],
        "explosive-items" => &[[0.0, -1.1], [1.1, 0.0], [0.0, 1.1], [-1.1, 0.0]],
        "accidents" => &[
            [0.0, -1.3],
            [0.36, -0.36],
            [1.3, 0.0],
            [0.36, 0.36],
            [0.0, 1.3],
            [-0.36, 0.36],
            [-1.3, 0.0],
            [-0.36, -0.36],
        ],
        _ => &[
            [0.41, -1.0],
            [1.0, -0.41],
            [1.0, 0.41],
            [0.41, 1.0],
            [-0.41, 1.0],
            [-1.0, 0.41],
            [-1.0, -0.41],
            [-0.41, -1.0],
        ],
    }
}

/// A position error up to this share of its size lies within every sign.
const COVERED_BY_SIGN: f64 = 0.25;

fn box_of(rings: &[Vec<Coord<f64>>]) -> [f64; 4] {
    let none = [f64::MAX, f64::MAX, f64::MIN, f64::MIN];
    let wider = |b: [f64; 4], c: &Coord<f64>| [b[0].min(c.x), b[1].min(c.y), b[2].max(c.x), b[3].max(c.y)];
    rings.iter().flatten().fold(none, wider)
}

/// Hands on the pieces of a ring that are drawn; `side` is the length of a pixel.
fn dashes(ring: &[Coord<f64>], dash: &[f64], side: f64, mut draw: impl FnMut(Coord<f64>, Coord<f64>)) {
    let lengths: Vec<f64> = dash.iter().map(|pixels| pixels * side).filter(|length| *length > 0.0).collect();
    if lengths.is_empty() {
        return edges(ring).for_each(|(a, b)| draw(a, b));
    }
    let (mut at, mut left) = (0, lengths[0]);
    for (a, b) in edges(ring) {
        let way = b - a;
        let length = way.x.hypot(way.y);
        let mut from = 0.0;
        while length - from > LENGTH_MIN {
            let to = (from + left).min(length);
            if at % 2 == 0 {
                draw(a + way * (from / length), a + way * (to / length));
            }
            left -= to - from;
            from = to;
            // What rounding leaves over would never be walked.
            if left <= LENGTH_MIN {
                at = (at + 1) % lengths.len();
                left = lengths[at];
            }
        }
    }
}
