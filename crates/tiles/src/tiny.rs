//! Rows too small to have an outline: boxes and places; those in the same cells of a grid fixed to the world
//! are one feature.

use geo_types::Coord;
use spatial_index::overlay::Cell;

use crate::codes::CodeBook;
use crate::draw::{self, LEGIBLE, Level};
use crate::feature::{Feature, Form};
use crate::frame::{EXTENT, Frame};
use crate::known::Known;

/// Cells keep this distance from the boxes they hold.
const CELL_MARGIN: f64 = 0.02;
/// Coordinates that every reader can add up: a point that reaches into the tile only by its position error may
/// be as far away.
const UNITS_MAX: f64 = (1 << 28) as f64;

/// A row that is tiny in this tile.
pub(crate) struct Tiny<'a> {
    pub row: Known<'a>,
    /// Number of its codes.
    pub codes: u16,
    /// The box around it: least x and y, greatest x and y.
    pub span: [f64; 4],
}

/// A row in its cells: of a place the one it lies in, otherwise those that hold its box (first and last column,
/// exclusive; first and last row, exclusive). Cells are counted from the corner of the map, not of the tile.
struct Placed<'t, 'a> {
    tiny: &'t Tiny<'a>,
    is_of_points: bool,
    cells: [i64; 4],
}

/// The features of tiny rows: one for each, or for those of the same codes in the same cells.
pub(crate) fn features<'a>(frame: &Frame, book: &CodeBook, tiny: &[Tiny<'a>]) -> Vec<Feature<'a>> {
    let mut placed: Vec<_> = tiny.iter().filter_map(|tiny| Placed::of(frame, tiny)).collect();
    let key = |p: &Placed| (p.tiny.codes, p.is_of_points, p.cells);
    placed.sort_unstable_by_key(|p| (key(p), p.tiny.row.id()));
    placed
        .chunk_by(|one, other| key(one) == key(other))
        .filter_map(|rows| feature(frame, book, rows))
        .collect()
}

fn feature<'a>(frame: &Frame, book: &CodeBook, rows: &[Placed<'_, 'a>]) -> Option<Feature<'a>> {
    let first = rows.first()?;
    let codes = book.get(first.tiny.codes);
    let several = |form| {
        let errors = rows.iter().map(|placed| placed.tiny.row.position_accuracy_m());
        Feature::several(rows.len() as u64, codes, errors.fold(0.0, f64::max), form)
    };
    let alone = |level, form| Feature::alone(first.tiny.row, codes, level, form);
    Some(match (first.is_of_points, rows.len()) {
        (true, 1) => alone(Level::Exact, Form::Points(on_grid(&places(frame, first.tiny.row)))),
        (true, _) => several(Form::Points(on_grid(&places(frame, first.tiny.row)[..1]))),
        (false, 1) => alone(Level::Generalised, Form::Areas(vec![vec![draw::box_around(&first.tiny.span)]])),
        (false, _) => several(Form::Areas(vec![vec![corners(frame, first.cells)]])),
    })
}

impl<'t, 'a> Placed<'t, 'a> {
    fn of(frame: &Frame, tiny: &'t Tiny<'a>) -> Option<Self> {
        if tiny.row.is_of_points() {
            let place = places(frame, tiny.row).first().copied()?;
            let [column, row] =
                [place.x + frame.left, place.y + frame.top].map(|u| (u / LEGIBLE).floor() as i64);
            return Some(Self { tiny, is_of_points: true, cells: [column, row, 0, 0] });
        }
        let touches = frame.touches_clip_units(&tiny.span);
        touches.then(|| Self { tiny, is_of_points: false, cells: cells_around(frame, &tiny.span) })
    }
}

/// The cells that hold a box.
fn cells_around(frame: &Frame, [left, top, right, bottom]: &[f64; 4]) -> [i64; 4] {
    let first = |units: f64| ((units - CELL_MARGIN) / LEGIBLE).floor() as i64;
    let last = |units: f64| ((units + CELL_MARGIN) / LEGIBLE).ceil() as i64;
    [first(left + frame.left), first(top + frame.top), last(right + frame.left), last(bottom + frame.top)]
}

fn corners(frame: &Frame, [left, top, right, bottom]: [i64; 4]) -> Vec<Cell> {
    let x = |column: i64| (column as f64 * LEGIBLE - frame.left) as i32;
    let y = |row: i64| (row as f64 * LEGIBLE - frame.top) as i32;
    vec![[x(left), y(top)], [x(right), y(top)], [x(right), y(bottom)], [x(left), y(bottom)]]
}

fn places(frame: &Frame, row: Known) -> Vec<Coord<f64>> {
    let drawn = row.drawn();
    drawn.points.iter().map(|point| frame.project(point.0)).collect()
}

/// Places on the tile's grid.
pub(crate) fn on_grid(places: &[Coord<f64>]) -> Vec<Cell> {
    let unit = |value: f64| value.round().clamp(-UNITS_MAX, UNITS_MAX + EXTENT) as i32;
    places.iter().map(|place| [unit(place.x), unit(place.y)]).collect()
}
