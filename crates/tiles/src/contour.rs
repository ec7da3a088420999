//! The outlines of sets of cells: valid polygons, by following their edges.

use spatial_index::overlay::Cell;

/// Cells of a grid, some of them marked.
#[derive(Clone)]
pub(crate) struct Marks {
    pub columns: usize,
    pub rows: usize,
    marked: Vec<bool>,
    /// The first and last columns and rows with a mark.
    window: Window,
}

/// First column, first row, last column, last row; the last before the first where there is none.
type Window = [usize; 4];

/// A piece of marked cells that hang together by their sides: its outer ring, then its holes, in corners of cells.
pub(crate) struct Piece {
    pub rings: Vec<Vec<Cell>>,
    /// The topmost, and of those the westernmost cell: column and row.
    pub first: [usize; 2],
}

/// The ways along an edge, clockwise as seen on the map (y runs down). The marked cell is on the right.
const EAST: usize = 0;
const STEPS: [(i32, i32); 4] = [(1, 0), (0, 1), (-1, 0), (0, -1)];
/// No piece.
pub(crate) const NONE: u32 = u32::MAX;

impl Marks {
    pub fn new(columns: usize, rows: usize) -> Self {
        Self { columns, rows, marked: vec![false; columns * rows], window: [usize::MAX, usize::MAX, 0, 0] }
    }

    pub fn mark(&mut self, column: usize, row: usize) {
        self.mark_run(row, column, column);
    }

    /// Marks cells of a row, both ends included.
    pub fn mark_run(&mut self, row: usize, from: usize, to: usize) {
        self.marked[row * self.columns..][from..=to].fill(true);
        let [left, top, right, bottom] = self.window;
        self.window = [left.min(from), top.min(row), right.max(to), bottom.max(row)];
    }

    /// The part with marks alone, and the column and row where it begins.
    pub fn cropped(&self) -> (Self, [usize; 2]) {
        let [left, top, right, bottom] = self.window;
        if left > right {
            return (Self::new(0, 0), [0, 0]);
        }
        let mut part = Self::new(right - left + 1, bottom - top + 1);
        for row in top..=bottom {
            let cells = &self.marked[row * self.columns..][left..=right];
            part.marked[(row - top) * part.columns..][..part.columns].copy_from_slice(cells);
        }
        part.window = [0, 0, part.columns - 1, part.rows - 1];
        (part, [left, top])
    }

    /// The columns and rows that are marked.
    pub fn all(&self) -> impl Iterator<Item = [usize; 2]> + '_ {
        let [left, top, right, bottom] = self.window;
        let rows = if left > right { 0..0 } else { top..bottom + 1 };
        let marked = move |row: usize| (left..=right).filter(move |column| self.is_marked(*column, row));
        rows.flat_map(move |row| marked(row).map(move |column| [column, row]))
    }

    pub fn is_marked(&self, column: usize, row: usize) -> bool {
        self.marked[row * self.columns + column]
    }

    fn is_marked_at(&self, x: i32, y: i32) -> bool {
        let (Ok(column), Ok(row)) = (usize::try_from(x), usize::try_from(y)) else { return false };
        column < self.columns && row < self.rows && self.is_marked(column, row)
    }

    /// The pieces, and of each cell the number of its piece ([`NONE`] where it is not marked).
    ///
    /// Rings touch themselves and each other in single corners at most, and no ring passes a corner twice: the
    /// polygons are valid.
    pub fn pieces(&self) -> (Vec<Piece>, Vec<u32>) {
        let (mut pieces, mut labels) = (Vec::new(), vec![NONE; self.marked.len()]);
        let mut followed = vec![false; self.marked.len()];
        for row in 0..self.rows {
            let cells = &self.marked[row * self.columns..(row + 1) * self.columns];
            for column in cells.iter().enumerate().filter_map(|(column, marked)| marked.then_some(column)) {
                let at = row * self.columns + column;
                if labels[at] == NONE {
                    self.label(at, pieces.len() as u32, &mut labels);
                    pieces.push(Piece { rings: Vec::new(), first: [column, row] });
                }
                let is_top = row == 0 || !self.is_marked(column, row - 1);
                if is_top && !followed[at] {
                    let piece: &mut Piece = &mut pieces[labels[at] as usize];
                    self.follow(column, row, &mut followed, &mut piece.rings);
                }
            }
        }
        for piece in &mut pieces {
            // One ring goes round all others: the only one that runs clockwise.
            piece.rings.sort_by_key(|ring| doubled_area(ring) <= 0);
        }
        (pieces, labels)
    }

    /// Gives a cell and all that hang together with it a number.
    fn label(&self, first: usize, number: u32, labels: &mut [u32]) {
        let mut open = vec![first];
        labels[first] = number;
        while let Some(at) = open.pop() {
            let (column, row) = (at % self.columns, at / self.columns);
            let west = (column > 0).then(|| at - 1);
            let east = (column + 1 < self.columns).then_some(at + 1);
            let north = (row > 0).then(|| at - self.columns);
            let south = (row + 1 < self.rows).then_some(at + self.columns);
            for next in [west, east, north, south].into_iter().flatten() {
                if self.marked[next] && labels[next] == NONE {
                    labels[next] = number;
                    open.push(next);
                }
            }
        }
    }

    /// Follows the outline that runs along the top of a cell, keeping to one cell where two meet in a corner, and
    /// adds it as rings that pass no corner twice.
    fn follow(&self, column: usize, row: usize, followed: &mut [bool], rings: &mut Vec<Vec<Cell>>) {
        let (start, mut at, mut way) = ([column as i32, row as i32], [column as i32, row as i32], EAST);
        let (mut ring, mut meets_itself) = (Vec::new(), false);
        loop {
            if way == EAST {
                followed[at[1] as usize * self.columns + at[0] as usize] = true;
            }
            at = [at[0] + STEPS[way].0, at[1] + STEPS[way].1];
            let (ahead_right, ahead_left) = self.ahead(at, way);
            let next = match (ahead_right, ahead_left) {
                (false, is_met) => {
                    meets_itself |= is_met;
                    (way + 1) % 4
                }
                (true, false) => way,
                (true, true) => (way + 3) % 4,
            };
            if next != way {
                ring.push(at);
            }
            way = next;
            if at == start && way == EAST {
                break;
            }
        }
        if meets_itself { split(ring, rings) } else { rings.push(ring) }
    }

    /// Whether the cells beyond a corner are marked: the one to the right of the way on, and the one to its left.
    fn ahead(&self, [x, y]: Cell, way: usize) -> (bool, bool) {
        let (right, left) = match way {
            0 => ([x, y], [x, y - 1]),
            1 => ([x - 1, y], [x, y]),
            2 => ([x - 1, y - 1], [x - 1, y]),
            _ => ([x, y - 1], [x - 1, y - 1]),
        };
        (self.is_marked_at(right[0], right[1]), self.is_marked_at(left[0], left[1]))
    }
}

/// Takes a ring apart where it passes a corner again.
fn split(ring: Vec<Cell>, rings: &mut Vec<Vec<Cell>>) {
    let mut places = std::collections::HashMap::new();
    let mut open: Vec<Cell> = Vec::new();
    for corner in ring {
        if let Some(from) = places.get(&corner).copied() {
            let part: Vec<Cell> = open.drain(from..).collect();
            part.iter().for_each(|passed| {
                places.remove(passed);
            });
            rings.push(part);
        }
        places.insert(corner, open.len());
        open.push(corner);
    }
    rings.push(open);
}

/// Twice the area, positive where a ring runs clockwise on the map.
fn doubled_area(ring: &[Cell]) -> i64 {
    let next = ring.iter().cycle().skip(1);
    let cross =
        |(a, b): (&Cell, &Cell)| i64::from(a[0]) * i64::from(b[1]) - i64::from(a[1]) * i64::from(b[0]);
    ring.iter().zip(next).map(cross).sum()
}

#[cfg(test)]
mod tests {
    use geo::{Area, Validation};
    use geo_types::{Coord, LineString, MultiPolygon, Polygon};
    use rand::{Rng, SeedableRng};
    use rand_chacha::ChaCha8Rng;

    use super::*;

    fn polygons(pieces: &[Piece]) -> MultiPolygon<f64> {
        let line = |ring: &Vec<Cell>| {
            LineString::from_iter(ring.iter().map(|c| Coord { x: f64::from(c[0]), y: f64::from(c[1]) }))
        };
        let polygon =
            |piece: &Piece| Polygon::new(line(&piece.rings[0]), piece.rings[1..].iter().map(line).collect());
        pieces.iter().map(polygon).collect()
    }

    #[test]
    fn random_cells_become_valid_polygons_of_just_these_cells() {
        let mut random = ChaCha8Rng::seed_from_u64(1);
        for round in 0..300 {
            let (columns, rows) = (random.random_range(1..14), random.random_range(1..14));
            let share = f64::from(round % 10) / 10.0 + 0.05;
            let mut marks = Marks::new(columns, rows);
            for row in 0..rows {
                (0..columns).filter(|_| random.random_bool(share)).for_each(|column| marks.mark(column, row));
            }
            let (pieces, labels) = marks.pieces();
            let drawn = polygons(&pieces);
            assert!(drawn.is_valid(), "{:?}", drawn.check_validation());
            let count = labels.iter().filter(|label| **label != NONE).count();
            assert_eq!(drawn.unsigned_area(), count as f64);
            for at in (0..labels.len()).filter(|at| labels[*at] != NONE) {
                let middle = Coord { x: (at % columns) as f64 + 0.5, y: (at / columns) as f64 + 0.5 };
                assert!(geo::Contains::contains(&drawn.0[labels[at] as usize], &middle));
            }
        }
    }

    #[test]
    fn two_cells_that_meet_in_a_corner_are_two_pieces_and_a_ring_around_a_corner_is_one_with_a_hole() {
        let mut marks = Marks::new(3, 3);
        marks.mark(0, 0);
        marks.mark(1, 1);
        assert_eq!(marks.pieces().0.len(), 2);
        let mut marks = Marks::new(3, 3);
        for at in [0, 1, 2, 3, 5, 7, 8] {
            marks.mark(at % 3, at / 3);
        }
        let (pieces, _) = marks.pieces();
        assert_eq!((pieces.len(), pieces[0].rings.len()), (1, 2));
    }
}
