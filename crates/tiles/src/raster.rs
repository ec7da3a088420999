//! Shapes too tangled to be worked out edge by edge are drawn as the cells they touch: bounded work, bounded
//! size, covering by construction.

use geo_types::Coord;
use spatial_index::overlay::{self, Ground, Shapes};

use crate::draw::LEGIBLE;
use crate::frame::{BUFFER, EXTENT};

/// Cells from the first before the tile to the last behind it.
const FIRST: i32 = -((BUFFER / LEGIBLE) as i32) - 1;
const ACROSS: usize = (EXTENT / LEGIBLE) as usize + 2 * (-FIRST) as usize;
/// Cells this near to an edge are touched by it, in units.
const MARGIN: f64 = 0.2;

/// The cells of a tile that a shape touches.
pub(crate) struct Raster {
    touched: Vec<bool>,
}

impl Raster {
    pub fn new() -> Self {
        Self { touched: vec![false; ACROSS * ACROSS] }
    }

    /// Marks every cell that rings touch or wind around together.
    ///
    /// A cell that no edge touches lies wholly on one side of all of them, so its middle decides for it.
    pub fn add(&mut self, rings: &[Vec<Coord<f64>>]) {
        let mut crossings = vec![Vec::new(); ACROSS];
        for (a, b) in rings.iter().flat_map(|ring| edges(ring)) {
            self.touch(a, b);
            cross(a, b, &mut crossings);
        }
        for (row, crossings) in crossings.into_iter().enumerate() {
            self.fill(row, crossings);
        }
    }

    fn touch(&mut self, a: Coord<f64>, b: Coord<f64>) {
        let (top, bottom) = (a.y.min(b.y) - MARGIN, a.y.max(b.y) + MARGIN);
        for row in index(top)..=index(bottom) {
            let (from, to) = x_range(a, b, edge_of(row) - MARGIN, edge_of(row + 1) + MARGIN);
            let columns = index(from - MARGIN)..=index(to + MARGIN);
            self.touched[row * ACROSS..][columns].fill(true);
        }
    }

    /// Marks the cells of a row whose middles are wound around.
    fn fill(&mut self, row: usize, mut crossings: Vec<(f64, i32)>) {
        crossings.sort_unstable_by(|one, other| one.0.total_cmp(&other.0));
        let mut crossings = crossings.into_iter().peekable();
        let mut winding = 0;
        for column in 0..ACROSS {
            while let Some((_, turn)) = crossings.next_if(|(x, _)| *x <= middle_of(column)) {
                winding += turn;
            }
            self.touched[row * ACROSS + column] |= winding != 0;
        }
    }

    /// The marked cells as valid polygons; `None` where the overlay fails.
    pub fn shapes(&self) -> Option<Shapes> {
        let mut ground = Ground::default();
        for row in 0..ACROSS {
            let cells = &self.touched[row * ACROSS..(row + 1) * ACROSS];
            let mut from = 0;
            for run in cells.chunk_by(|one, other| one == other) {
                let (left, right) = (edge_of(from) as i32, edge_of(from + run.len()) as i32);
                let (top, bottom) = (edge_of(row) as i32, edge_of(row + 1) as i32);
                if run[0] {
                    ground.filled(vec![[left, top], [right, top], [right, bottom], [left, bottom]]);
                }
                from += run.len();
            }
        }
        overlay::cover(&ground, overlay::PAIRS_MAX).ok()
    }
}

fn edges(ring: &[Coord<f64>]) -> impl Iterator<Item = (Coord<f64>, Coord<f64>)> + '_ {
    let closing = ring.last().copied().zip(ring.first().copied());
    ring.windows(2).map(|pair| (pair[0], pair[1])).chain(closing)
}

/// The column or row of a place; places beyond the last belong to it.
fn index(units: f64) -> usize {
    ((units / LEGIBLE).floor() as i32 - FIRST).clamp(0, ACROSS as i32 - 1) as usize
}

/// Where a column or row begins.
fn edge_of(index: usize) -> f64 {
    f64::from(index as i32 + FIRST) * LEGIBLE
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

/// Notes where an edge crosses the middles of rows, and which way.
fn cross(a: Coord<f64>, b: Coord<f64>, crossings: &mut [Vec<(f64, i32)>]) {
    let (top, bottom) = (a.y.min(b.y), a.y.max(b.y));
    let (first, last) = (index(top), index(bottom));
    for (row, crossings) in crossings.iter_mut().enumerate().take(last + 1).skip(first) {
        let y = middle_of(row);
        if top <= y && y < bottom {
            let x = a.x + (y - a.y) / (b.y - a.y) * (b.x - a.x);
            crossings.push((x, if a.y < b.y { 1 } else { -1 }));
        }
    }
}
