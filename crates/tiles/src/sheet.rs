//! Rows that are too many to be told apart, as the cells they touch: one sheet of cells for each combination of
//! codes, whose pieces are the merged shapes.

use geo_types::Coord;
use spatial_index::overlay::Shapes;

use crate::contour::{Marks, NONE};
use crate::raster::{CELLS, Grid};

/// Cells keep this distance from the boxes they hold, in units.
const MARGIN: f64 = 0.02;
/// Pieces that begin in the same square of so many units share a feature: small ones would each cost more for
/// their properties than for their outline.
const BLOCK: usize = 512;

/// The sheets of a tile, by number of codes.
pub(crate) struct Sheets {
    /// Cells, which may be coarser than those of the sheets were at first.
    grid: Grid,
    sheets: Vec<Option<Sheet>>,
}

#[derive(Clone)]
struct Sheet {
    marks: Marks,
    /// Of each row the cell that it is counted in.
    rows: Vec<u32>,
    /// Pairs of cells that belong to one row.
    links: Vec<[usize; 2]>,
    position_accuracy_m: f64,
}

/// One shape for several rows.
pub(crate) struct Merged {
    /// Number of their codes.
    pub codes: u16,
    pub count: u64,
    pub position_accuracy_m: f64,
    pub shapes: Shapes,
}

impl Sheets {
    pub fn new() -> Self {
        Self { grid: CELLS, sheets: Vec::new() }
    }

    /// Takes in a row by its box: least x and y, greatest x and y.
    pub fn take_box(&mut self, codes: u16, [left, top, right, bottom]: [f64; 4], position_accuracy_m: f64) {
        let sheet = self.sheet(codes, position_accuracy_m);
        let span = [left - MARGIN, top - MARGIN, right + MARGIN, bottom + MARGIN];
        let first = CELLS.mark_box(&mut sheet.marks, span);
        sheet.rows.push(first as u32);
    }

    /// Takes in a row by its parts: rings of each that belong together, in the tile's plane.
    pub fn take_parts(
        &mut self,
        codes: u16,
        parts: &mut dyn Iterator<Item = &[Vec<Coord<f64>>]>,
        position_accuracy_m: f64,
    ) {
        let sheet = self.sheet(codes, position_accuracy_m);
        let mut first = None;
        for rings in parts {
            let Some(corner) = rings.iter().flatten().next() else { continue };
            CELLS.mark(&mut sheet.marks, rings);
            let cell = CELLS.index(corner.y) * CELLS.across + CELLS.index(corner.x);
            match first {
                None => sheet.rows.push(cell as u32),
                Some(first) => sheet.links.push([first, cell]),
            }
            first = first.or(Some(cell));
        }
    }

    fn sheet(&mut self, codes: u16, position_accuracy_m: f64) -> &mut Sheet {
        let index = usize::from(codes);
        if self.sheets.len() <= index {
            self.sheets.resize(index + 1, None);
        }
        let sheet = self.sheets[index].get_or_insert_with(Sheet::new);
        sheet.position_accuracy_m = sheet.position_accuracy_m.max(position_accuracy_m);
        sheet
    }

    /// The same on cells of twice the size; `None` where one cell already holds the tile.
    pub fn coarser(&self) -> Option<Self> {
        let is_one = self.sheets.iter().flatten().all(|sheet| sheet.marks.columns == 1);
        let sheets = self.sheets.iter().map(|sheet| sheet.as_ref().map(Sheet::coarser)).collect();
        (!is_one).then_some(Self { grid: Grid { side: self.grid.side * 2, ..self.grid }, sheets })
    }

    /// The merged shapes: of the rows whose cells hang together, and of those that begin near each other.
    pub fn merged(&self) -> Vec<Merged> {
        let sheets = (0_u16..).zip(&self.sheets);
        sheets
            .flat_map(|(codes, sheet)| sheet.iter().flat_map(move |s| s.merged(codes, &self.grid)))
            .collect()
    }
}

impl Sheet {
    fn new() -> Self {
        Self { marks: CELLS.empty(), rows: Vec::new(), links: Vec::new(), position_accuracy_m: 0.0 }
    }

    fn coarser(&self) -> Self {
        let across = self.marks.columns.div_ceil(2);
        let mut marks = Marks::new(across, across);
        self.marks.all().for_each(|[column, row]| marks.mark(column / 2, row / 2));
        let halved = |at: usize| at / self.marks.columns / 2 * across + at % self.marks.columns / 2;
        let rows = self.rows.iter().map(|at| halved(*at as usize) as u32).collect();
        let links = self.links.iter().map(|link| link.map(halved)).collect();
        Self { marks, rows, links, position_accuracy_m: self.position_accuracy_m }
    }

    fn merged(&self, codes: u16, grid: &Grid) -> Vec<Merged> {
        let (marks, [left, top]) = self.marks.cropped();
        let (pieces, labels) = marks.pieces();
        let label = |at: usize| {
            let (column, row) = (at % self.marks.columns, at / self.marks.columns);
            labels[(row - top) * marks.columns + column - left]
        };
        let mut groups = Groups::of(pieces.len());
        for [one, other] in &self.links {
            groups.unite(label(*one), label(*other));
        }
        groups.unite_blocks(pieces.iter().map(|p| [p.first[0] + left, p.first[1] + top]), grid.side);
        let mut merged: Vec<Option<Merged>> = pieces.iter().map(|_| None).collect();
        let position_accuracy_m = self.position_accuracy_m;
        for (number, piece) in (0_u32..).zip(pieces) {
            let group = groups.first(number) as usize;
            let new = || Merged { codes, count: 0, position_accuracy_m, shapes: Vec::new() };
            merged[group].get_or_insert_with(new).shapes.push(grid.rings_of(piece, [left, top]));
        }
        for at in &self.rows {
            if let Some(merged) = &mut merged[groups.first(label(*at as usize)) as usize] {
                merged.count += 1;
            }
        }
        merged.into_iter().flatten().collect()
    }
}

/// Which pieces belong together: each points to an earlier one of its group, the first to itself.
struct Groups(Vec<u32>);

impl Groups {
    fn of(count: usize) -> Self {
        Self((0_u32..).take(count).collect())
    }

    fn first(&mut self, mut piece: u32) -> u32 {
        while self.0[piece as usize] != piece {
            let next = self.0[self.0[piece as usize] as usize];
            self.0[piece as usize] = next;
            piece = next;
        }
        piece
    }

    /// Unites those whose first cells lie in the same block.
    fn unite_blocks(&mut self, firsts: impl Iterator<Item = [usize; 2]>, side: i32) {
        let block = |at: usize| at * side as usize / BLOCK;
        let across = block(CELLS.across * CELLS.side as usize / side as usize + 1) + 1;
        let mut first_of_block = vec![NONE; across * across];
        for (number, [column, row]) in (0_u32..).zip(firsts) {
            let first = &mut first_of_block[block(row) * across + block(column)];
            if *first == NONE {
                *first = number;
            }
            let first = *first;
            self.unite(first, number);
        }
    }

    fn unite(&mut self, one: u32, other: u32) {
        let (one, other) = (self.first(one), self.first(other));
        self.0[one.max(other) as usize] = one.min(other);
    }
}
