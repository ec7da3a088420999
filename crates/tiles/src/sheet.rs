//! Rows that are too many to be told apart, as the cells they touch: one sheet of cells for each combination of
//! codes, whose pieces are the merged shapes.

use geo_types::Coord;
use spatial_index::overlay::Shapes;

use crate::contour::{Marks, NONE};
use crate::raster::{self, CELL};

/// Cells keep this distance from the boxes they hold, in units.
const MARGIN: f64 = 0.02;
/// Pieces that begin in the same square of so many units share a feature: small ones would each cost more for
/// their properties than for their outline.
const BLOCK: i32 = 512;

/// The sheets of a tile, by number of codes.
pub(crate) struct Sheets {
    /// Side of a cell, in units.
    cell: i32,
    sheets: Vec<Option<Sheet>>,
}

#[derive(Clone)]
struct Sheet {
    marks: Marks,
    /// Of each cell: how many rows are counted there.
    counts: Vec<u32>,
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
        Self { cell: CELL, sheets: Vec::new() }
    }

    /// Takes in a row by its box: least x and y, greatest x and y.
    pub fn take_box(&mut self, codes: u16, [left, top, right, bottom]: [f64; 4], position_accuracy_m: f64) {
        let columns = raster::index(left - MARGIN)..=raster::index(right + MARGIN);
        let rows = raster::index(top - MARGIN)..=raster::index(bottom + MARGIN);
        let (column, row) = (*columns.start(), *rows.start());
        let sheet = self.sheet(codes, position_accuracy_m);
        for row in rows {
            sheet.marks.mark_run(row, *columns.start(), *columns.end());
        }
        sheet.counts[row * raster::ACROSS + column] += 1;
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
            raster::mark(&mut sheet.marks, rings);
            let cell = raster::index(corner.y) * raster::ACROSS + raster::index(corner.x);
            match first {
                None => sheet.counts[cell] += 1,
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
        (!is_one).then_some(Self { cell: self.cell * 2, sheets })
    }

    /// The merged shapes: of the rows whose cells hang together, and of those that begin near each other.
    pub fn merged(&self) -> Vec<Merged> {
        let sheets = (0_u16..).zip(&self.sheets);
        sheets.flat_map(|(codes, sheet)| sheet.iter().flat_map(move |s| s.merged(codes, self.cell))).collect()
    }
}

impl Sheet {
    fn new() -> Self {
        let marks = raster::empty();
        let counts = vec![0; marks.columns * marks.rows];
        Self { marks, counts, links: Vec::new(), position_accuracy_m: 0.0 }
    }

    fn coarser(&self) -> Self {
        let (columns, rows) = (self.marks.columns.div_ceil(2), self.marks.rows.div_ceil(2));
        let (mut marks, mut counts) = (Marks::new(columns, rows), vec![0_u32; columns * rows]);
        let halved = |at: usize| at / self.marks.columns / 2 * columns + at % self.marks.columns / 2;
        for at in 0..self.counts.len() {
            let (column, row) = (at % self.marks.columns, at / self.marks.columns);
            if self.marks.is_marked(column, row) {
                marks.mark(column / 2, row / 2);
                counts[halved(at)] = counts[halved(at)].saturating_add(self.counts[at]);
            }
        }
        let links = self.links.iter().map(|link| link.map(halved)).collect();
        Self { marks, counts, links, position_accuracy_m: self.position_accuracy_m }
    }

    fn merged(&self, codes: u16, cell: i32) -> Vec<Merged> {
        let (pieces, labels) = self.marks.pieces();
        let mut groups = Groups::of(pieces.len());
        for [one, other] in &self.links {
            groups.unite(labels[*one], labels[*other]);
        }
        let mut first_of_block = std::collections::HashMap::new();
        for (number, piece) in (0_u32..).zip(&pieces) {
            let block = piece.first.map(|at| at as i32 * cell / BLOCK);
            groups.unite(*first_of_block.entry(block).or_insert(number), number);
        }
        let mut merged: Vec<Option<Merged>> = pieces.iter().map(|_| None).collect();
        let position_accuracy_m = self.position_accuracy_m;
        for (number, piece) in (0_u32..).zip(pieces) {
            let group = groups.first(number) as usize;
            let new = || Merged { codes, count: 0, position_accuracy_m, shapes: Vec::new() };
            merged[group].get_or_insert_with(new).shapes.push(raster::on_the_tile(piece, cell));
        }
        for (label, count) in labels.iter().zip(&self.counts).filter(|(label, _)| **label != NONE) {
            if let Some(merged) = &mut merged[groups.first(*label) as usize] {
                merged.count += u64::from(*count);
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

    fn unite(&mut self, one: u32, other: u32) {
        let (one, other) = (self.first(one), self.first(other));
        self.0[one.max(other) as usize] = one.min(other);
    }
}
