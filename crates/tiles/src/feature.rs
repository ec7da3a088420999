//! What stands in a tile: one row, or several that are too small or too many to be told apart.

use model::RecordId;
use spatial_index::overlay::{Cell, Shapes};

use crate::codes::{CodeBook, Codes};
use crate::draw::Level;
use crate::known::Known;
use crate::sheet::Merged;

/// One feature of a tile.
pub(crate) struct Feature<'a> {
    pub codes: Codes,
    pub who: Who<'a>,
    pub level: Level,
    /// Greatest position error of its rows, in metres.
    pub position_accuracy_m: f64,
    pub form: Form,
}

/// Whom a feature stands for.
pub(crate) enum Who<'a> {
    One(Known<'a>),
    /// So many rows.
    Several(u64),
}

/// A feature's geometry on the tile's grid.
pub(crate) enum Form {
    Areas(Shapes),
    Points(Vec<Cell>),
}

/// What a feature takes at least beside its geometry and its name: its identifier of 36 characters, and the
/// numbers of its properties.
const ALONE_BYTES: usize = 36 + 40;
const MERGED_BYTES: usize = 40;

impl<'a> Feature<'a> {
    /// No feature of one row takes fewer bytes.
    pub const COST_MIN: usize = ALONE_BYTES;

    /// A row by itself.
    pub fn alone(row: Known<'a>, codes: &Codes, level: Level, form: Form) -> Self {
        // Cells are no outline, however exactly they are drawn.
        let level = if row.is_in_cells() { Level::Generalised } else { level };
        let position_accuracy_m = row.position_accuracy_m();
        Self { codes: *codes, who: Who::One(row), level, position_accuracy_m, form }
    }

    /// Several rows in one shape.
    pub fn several(count: u64, codes: &Codes, position_accuracy_m: f64, form: Form) -> Self {
        Self { codes: *codes, who: Who::Several(count), level: Level::Merged, position_accuracy_m, form }
    }

    /// A merged shape.
    pub fn merged(merged: Merged, book: &CodeBook) -> Self {
        let Merged { codes, count, position_accuracy_m, shapes } = merged;
        Self::several(count, book.get(codes), position_accuracy_m, Form::Areas(shapes))
    }

    /// What decides which of two features is drawn first: merged ones lie under those alone.
    pub fn order(&self) -> (Option<RecordId>, Codes, Option<Cell>) {
        let id = match &self.who {
            Who::One(row) => Some(row.id()),
            Who::Several(_) => None,
        };
        let first = match &self.form {
            Form::Areas(shapes) => shapes.first().and_then(|rings| rings.first()?.first()),
            Form::Points(places) => places.first(),
        };
        (id, self.codes, first.copied())
    }

    /// How many bytes it takes in a tile, about; rather more.
    pub fn cost(&self) -> usize {
        let own = match &self.who {
            Who::One(row) => ALONE_BYTES + row.name().map_or(0, |name| name.len() + 4),
            Who::Several(_) => MERGED_BYTES,
        };
        own + self.form.bytes()
    }
}

impl Form {
    /// How many bytes its geometry takes: the commands of each ring, and of each corner the way from the last one.
    fn bytes(&self) -> usize {
        let (mut from, mut bytes) = ([0, 0], 0);
        let mut path = |cells: &[Cell]| {
            bytes += 5;
            for cell in cells {
                bytes += varint(cell[0] - from[0]) + varint(cell[1] - from[1]);
                from = *cell;
            }
        };
        match self {
            Self::Areas(shapes) => shapes.iter().flatten().for_each(|ring| path(ring)),
            Self::Points(cells) => path(cells),
        }
        bytes
    }
}

/// Bytes of a signed number in zigzag encoding.
fn varint(value: i32) -> usize {
    match value.unsigned_abs() {
        0..=63 => 1,
        64..=8_191 => 2,
        8_192..=1_048_575 => 3,
        _ => 5,
    }
}
