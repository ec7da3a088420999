//! Which cells of a tile a shape touches: bounded work, bounded size, covering by construction.

use geo_types::Coord;
use spatial_index::overlay::Cell;

use crate::contour::{Marks, Piece};
use crate::draw::LEGIBLE;
use crate::frame::{BUFFER, EXTENT};

/// Side of a cell, in units.
pub(crate) const CELL: i32 = LEGIBLE as i32;
/// Where the first column and row begin, in units: a whole number of the coarsest cells that are tried first, so
/// that cells lie alike in all tiles.
pub(crate) const FIRST: i32 = -128;
/// Columns, and rows: as far beyond the tile on the other side.
pub(crate) const ACROSS: usize = (EXTENT as usize + 2 * (-FIRST) as usize) / CELL as usize;
/// Cells this near to an edge are touched by it, in units.
const MARGIN: f64 = 0.2;

const _: () = assert!(BUFFER + 2.0 * MARGIN < -FIRST as f64);

/// No cell marked.
pub(crate) fn empty() -> Marks {
    Marks::new(ACROSS, ACROSS)
}

/// The rings of a piece in units, where cells have sides of `cell` units.
pub(crate) fn on_the_tile(piece: Piece, cell: i32) -> Vec<Vec<Cell>> {
    let corner = |[column, row]: Cell| [FIRST + column * cell, FIRST + row * cell];
    piece.rings.into_iter().map(|ring| ring.into_iter().map(corner).collect()).collect()
}

/// Marks every cell that rings touch or wind around together.
///
/// A cell that no edge touches lies wholly on one side of all of them, so its middle decides for it.
pub(crate) fn mark(marks: &mut Marks, rings: &[Vec<Coord<f64>>]) {
    let ys = || rings.iter().flatten().map(|c| c.y);
    let (top, bottom) = (index(ys().fold(f64::MAX, f64::min)), index(ys().fold(f64::MIN, f64::max)));
    let mut crossings = vec![Vec::new(); (bottom + 1).saturating_sub(top)];
    for (a, b) in rings.iter().flat_map(|ring| edges(ring)) {
        touch(marks, a, b);
        cross(a, b, top, &mut crossings);
    }
    for (row, crossings) in (top..).zip(crossings) {
        fill(marks, row, crossings);
    }
}

fn touch(marks: &mut Marks, a: Coord<f64>, b: Coord<f64>) {
    let (top, bottom) = (a.y.min(b.y) - MARGIN, a.y.max(b.y) + MARGIN);
    for row in index(top)..=index(bottom) {
        let (from, to) = x_range(a, b, edge_of(row) - MARGIN, edge_of(row + 1) + MARGIN);
        marks.mark_run(row, index(from - MARGIN), index(to + MARGIN));
    }
}

/// Marks the cells of a row whose middles are wound around.
fn fill(marks: &mut Marks, row: usize, mut crossings: Vec<(f64, i32)>) {
    crossings.sort_unstable_by(|one, other| one.0.total_cmp(&other.0));
    let mut winding = 0;
    for pair in crossings.windows(2) {
        winding += pair[0].1;
        let (from, to) = (first_middle_from(pair[0].0), first_middle_from(pair[1].0));
        if winding != 0 && from < to {
            marks.mark_run(row, from, to - 1);
        }
    }
}

/// The first column whose middle lies at or behind `x`.
fn first_middle_from(x: f64) -> usize {
    let columns = ((x - f64::from(FIRST)) / LEGIBLE - 0.5).ceil();
    columns.clamp(0.0, ACROSS as f64) as usize
}

fn edges(ring: &[Coord<f64>]) -> impl Iterator<Item = (Coord<f64>, Coord<f64>)> + '_ {
    let closing = ring.last().copied().zip(ring.first().copied());
    ring.windows(2).map(|pair| (pair[0], pair[1])).chain(closing)
}

/// The column or row of a place; places beyond the last belong to it.
pub(crate) fn index(units: f64) -> usize {
    ((units - f64::from(FIRST)) / LEGIBLE).floor().clamp(0.0, (ACROSS - 1) as f64) as usize
}

/// Where a column or row begins.
fn edge_of(index: usize) -> f64 {
    f64::from(index as i32 * CELL + FIRST)
}

fn middle_of(index: usize) -> f64 {
    edge_of(index) + LEGIBLE / 2.0
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

/// Notes where an edge crosses the middles of rows, and which way; `first` is the row of the first crossings.
fn cross(a: Coord<f64>, b: Coord<f64>, first: usize, crossings: &mut [Vec<(f64, i32)>]) {
    let (top, bottom) = (a.y.min(b.y), a.y.max(b.y));
    for row in index(top)..=index(bottom) {
        let y = middle_of(row);
        if top <= y && y < bottom {
            let x = a.x + (y - a.y) / (b.y - a.y) * (b.x - a.x);
            crossings[row - first].push((x, if a.y < b.y { 1 } else { -1 }));
        }
    }
}
