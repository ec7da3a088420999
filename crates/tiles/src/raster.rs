//! Which squares of a grid a shape touches: bounded work, bounded size, covering by construction.

use geo_types::Coord;
use spatial_index::overlay::Cell;

use crate::contour::{Marks, Piece};
use crate::draw::LEGIBLE;
use crate::frame::{BUFFER, EXTENT};

/// Squares over a tile and what is drawn around it.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Grid {
    /// Where the first column and row begin, in units.
    pub first: i32,
    /// Side of a square, in units.
    pub side: i32,
    /// Columns, and rows.
    pub across: usize,
}

/// Side of a cell of merged shapes, in units.
const CELL: i32 = LEGIBLE as i32;
/// A whole number of the cells that are tried first, so that cells lie alike in all tiles.
const CELLS_FIRST: i32 = -128;
/// Squares this near to an edge are touched by it, in units: cells, and pixels.
const MARGIN: f64 = 0.2;

const _: () = assert!(BUFFER + 2.0 * MARGIN < -CELLS_FIRST as f64);

/// The cells of merged shapes.
pub(crate) const CELLS: Grid = Grid { first: CELLS_FIRST, side: CELL, across: across(CELLS_FIRST, CELL) };

/// As many squares as reach as far beyond the tile on the one side as on the other.
pub(crate) const fn across(first: i32, side: i32) -> usize {
    ((EXTENT as i32 - 2 * first) / side) as usize
}

impl Grid {
    /// No square marked.
    pub fn empty(&self) -> Marks {
        Marks::new(self.across, self.across)
    }

    /// The rings of a piece in units; it is counted from a column and row.
    pub fn rings_of(&self, piece: Piece, from: [usize; 2]) -> Vec<Vec<Cell>> {
        let [left, top] = from.map(|at| self.first + at as i32 * self.side);
        let corner = |[column, row]: Cell| [left + column * self.side, top + row * self.side];
        piece.rings.into_iter().map(|ring| ring.into_iter().map(corner).collect()).collect()
    }

    /// The column or row of a place; places beyond the last belong to it.
    pub fn index(&self, units: f64) -> usize {
        let index = ((units - f64::from(self.first)) / f64::from(self.side)).floor();
        index.clamp(0.0, (self.across - 1) as f64) as usize
    }

    /// Marks every square that a box touches (least x and y, greatest x and y); answers the first.
    pub fn mark_box(&self, marks: &mut Marks, [left, top, right, bottom]: [f64; 4]) -> usize {
        let (from, to) = (self.index(left), self.index(right));
        let rows = self.index(top)..=self.index(bottom);
        let first = *rows.start() * self.across + from;
        for row in rows {
            marks.mark_run(row, from, to);
        }
        first
    }

    /// Marks every square that rings touch or wind around together.
    ///
    /// A square that no edge touches lies wholly on one side of all of them, so its middle decides for it.
    pub fn mark(&self, marks: &mut Marks, rings: &[Vec<Coord<f64>>]) {
        let ys = || rings.iter().flatten().map(|c| c.y);
        let top = self.index(ys().fold(f64::MAX, f64::min));
        let bottom = self.index(ys().fold(f64::MIN, f64::max));
        let mut crossings = vec![Vec::new(); (bottom + 1).saturating_sub(top)];
        for (a, b) in rings.iter().flat_map(|ring| edges(ring)) {
            self.mark_edge(marks, a, b, MARGIN);
            self.cross(a, b, top, &mut crossings);
        }
        for (row, crossings) in (top..).zip(crossings) {
            self.fill(marks, row, crossings);
        }
    }

    /// Marks every square that comes within `margin` units of an edge, east-west and north-south each.
    pub fn mark_edge(&self, marks: &mut Marks, a: Coord<f64>, b: Coord<f64>, margin: f64) {
        let (top, bottom) = (a.y.min(b.y) - margin, a.y.max(b.y) + margin);
        for row in self.index(top)..=self.index(bottom) {
            let (from, to) = x_range(a, b, self.edge_of(row) - margin, self.edge_of(row + 1) + margin);
            marks.mark_run(row, self.index(from - margin), self.index(to + margin));
        }
    }

    /// Marks the squares of a row whose middles are wound around.
    fn fill(&self, marks: &mut Marks, row: usize, mut crossings: Vec<(f64, i32)>) {
        crossings.sort_unstable_by(|one, other| one.0.total_cmp(&other.0));
        let mut winding = 0;
        for pair in crossings.windows(2) {
            winding += pair[0].1;
            let (from, to) = (self.first_middle_from(pair[0].0), self.first_middle_from(pair[1].0));
            if winding != 0 && from < to {
                marks.mark_run(row, from, to - 1);
            }
        }
    }

    /// The first column whose middle lies at or behind `x`.
    fn first_middle_from(&self, x: f64) -> usize {
        let columns = ((x - f64::from(self.first)) / f64::from(self.side) - 0.5).ceil();
        columns.clamp(0.0, self.across as f64) as usize
    }

    /// Where a column or row begins.
    fn edge_of(&self, index: usize) -> f64 {
        f64::from(index as i32 * self.side + self.first)
    }

    /// Notes where an edge crosses the middles of rows, and which way; `first` is the row of the first crossings.
    fn cross(&self, a: Coord<f64>, b: Coord<f64>, first: usize, crossings: &mut [Vec<(f64, i32)>]) {
        let (top, bottom) = (a.y.min(b.y), a.y.max(b.y));
        for row in self.index(top)..=self.index(bottom) {
            let y = self.edge_of(row) + f64::from(self.side) / 2.0;
            if top <= y && y < bottom {
                let x = a.x + (y - a.y) / (b.y - a.y) * (b.x - a.x);
                crossings[row - first].push((x, if a.y < b.y { 1 } else { -1 }));
            }
        }
    }
}

/// The edges of a ring that closes itself.
pub(crate) fn edges(ring: &[Coord<f64>]) -> impl Iterator<Item = (Coord<f64>, Coord<f64>)> + '_ {
    let closing = ring.last().copied().zip(ring.first().copied());
    ring.windows(2).map(|pair| (pair[0], pair[1])).chain(closing)
}

/// From where to where an edge runs, west to east, between two heights.
fn x_range(a: Coord<f64>, b: Coord<f64>, top: f64, bottom: f64) -> (f64, f64) {
    let at = |y: f64| {
        let share = if a.y == b.y { 0.0 } else { ((y - a.y) / (b.y - a.y)).clamp(0.0, 1.0) };
        a.x + share * (b.x - a.x)
    };
    if a.y == b.y {
        return (a.x.min(b.x), a.x.max(b.x));
    }
    (at(top).min(at(bottom)), at(top).max(at(bottom)))
}
