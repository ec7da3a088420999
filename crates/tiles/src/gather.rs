//! Rows into features: each row once, alone or in the count of a merged shape.

use std::collections::BTreeMap;

use geo::BoundingRect;
use geo_types::{Coord, Rect};
use model::{Collection, Tags};
use spatial_index::overlay::{Cell, Shapes};
use spatial_index::{Drawn, Placed, Row};

use crate::draw::{self, LEGIBLE, Level};
use crate::frame::{EXTENT, Frame};

/// What the tile shows: one row, or several that are too small or too near to be told apart.
pub(crate) struct Feature<'a> {
    /// The row, or the first of the merged ones.
    pub row: &'a Row,
    /// How many rows it stands for.
    pub count: u64,
    /// Greatest position error of them, in metres.
    pub position_accuracy_m: f64,
    pub level: Level,
    pub form: Form,
}

/// A feature's geometry on the tile's grid.
pub(crate) enum Form {
    Areas(Shapes),
    Points(Vec<Cell>),
}

/// Rows with the same key are one shape: never of different codes, and nothing real with anything synthetic.
type Key = (Collection, Tags, bool, [i64; 4]);

/// Groups by key, in order, so that the same register makes the same bytes.
type Groups<'a> = BTreeMap<Key, Vec<&'a Row>>;

/// Shapes up to this size lie in at most two cells each way, margin included.
const TINY: f64 = LEGIBLE - 0.1;
/// Cells keep this distance from the shapes they hold.
const CELL_MARGIN: f64 = 0.02;
/// Coordinates that every reader can add up: a point that reaches into the tile only by its position error may
/// be as far away.
const UNITS_MAX: f64 = (1 << 28) as f64;

/// The features of a tile, of all rows whose boxes touch it: in order of collections; the confirmed last, so
/// that they are drawn on top.
pub(crate) fn features<'a>(frame: &Frame, rows: &[Placed<'a>]) -> Vec<Feature<'a>> {
    let mut gathered = Gathered::default();
    for row in rows {
        gathered.take(frame, row);
    }
    let mut features = gathered.features(frame);
    features.sort_by_key(|f| (f.row.collection(), f.row.tags().classification == Some("confirmed"), f.row.id));
    features
}

#[derive(Default)]
struct Gathered<'a> {
    features: Vec<Feature<'a>>,
    tiny: Groups<'a>,
    points: Groups<'a>,
}

impl<'a> Gathered<'a> {
    fn take(&mut self, frame: &Frame, placed: &Placed<'a>) {
        // A row that reaches over the 180th meridian by its position error only is drawn on its own side.
        let is_here = placed.bounds().touches(&frame.searched());
        let row: &'a Row = placed.row();
        let Some(drawn) = row.drawn().filter(|_| is_here) else { return };
        let drawn = &drawn;
        if drawn.polygons.0.is_empty() && drawn.lines.0.is_empty() {
            self.take_points(frame, row, drawn);
        } else if let Some(bounds) = rect_of(drawn) {
            self.take_area(frame, row, drawn, &bounds);
        }
    }

    fn take_points(&mut self, frame: &Frame, row: &'a Row, drawn: &Drawn) {
        let places: Vec<_> = drawn.points.iter().map(|point| frame.project(point.0)).collect();
        let mut cells: Vec<_> = places.iter().map(|place| cell_of(frame, *place)).collect();
        cells.dedup();
        match cells.as_slice() {
            [] => {}
            [cell] => self.points.entry(key(row, [cell[0], cell[1], 0, 0])).or_default().push(row),
            [..] => self.features.push(alone(row, Level::Exact, Form::Points(on_grid(&places)))),
        }
    }

    fn take_area(&mut self, frame: &Frame, row: &'a Row, drawn: &Drawn, bounds: &Rect<f64>) {
        let area = frame.clip_box();
        let is_inside = geo::Contains::contains(&area, bounds);
        if !is_inside && !drawn.touches_box(&area) {
            return;
        }
        let (a, b) = (frame.project(bounds.min()), frame.project(bounds.max()));
        if b.x - a.x <= TINY && a.y - b.y <= TINY {
            let cells = cells_around(frame, Coord { x: a.x, y: b.y }, Coord { x: b.x, y: a.y });
            return self.tiny.entry(key(row, cells)).or_default().push(row);
        }
        let (shapes, level) = draw::shape(frame, drawn, bounds);
        self.features.push(alone(row, level, Form::Areas(shapes)));
    }

    fn features(mut self, frame: &Frame) -> Vec<Feature<'a>> {
        let tiny = self.tiny.into_iter().map(|((.., cells), rows)| match rows.as_slice() {
            [row] => alone(row, Level::Generalised, Form::Areas(tiny_shape(frame, row))),
            _ => merged(&rows, Form::Areas(vec![vec![corners(frame, cells)]])),
        });
        let points = self.points.into_values().map(|rows| {
            let form = Form::Points(places_of_first(frame, &rows));
            if let [row] = rows.as_slice() { alone(row, Level::Exact, form) } else { merged(&rows, form) }
        });
        self.features.extend(tiny.chain(points));
        self.features
    }
}

fn key(row: &Row, cells: [i64; 4]) -> Key {
    (row.collection(), *row.tags(), row.is_synthetic(), cells)
}

fn alone<'a>(row: &'a Row, level: Level, form: Form) -> Feature<'a> {
    // Cells are no outline, however exactly they are drawn.
    let level = if row.form() == Some(access::Form::Cells) { Level::Generalised } else { level };
    Feature { row, count: 1, position_accuracy_m: row.position_accuracy_m, level, form }
}

fn merged<'a>(rows: &[&'a Row], form: Form) -> Feature<'a> {
    let position_accuracy_m = rows.iter().map(|row| row.position_accuracy_m).fold(0.0, f64::max);
    Feature { row: rows[0], count: rows.len() as u64, position_accuracy_m, level: Level::Merged, form }
}

fn rect_of(drawn: &Drawn) -> Option<Rect<f64>> {
    let rects = [drawn.polygons.bounding_rect(), drawn.lines.bounding_rect(), drawn.points.bounding_rect()];
    let both = |a: Rect<f64>, b: Rect<f64>| {
        let least = (a.min().x.min(b.min().x), a.min().y.min(b.min().y));
        Rect::new(least, (a.max().x.max(b.max().x), a.max().y.max(b.max().y)))
    };
    rects.into_iter().flatten().reduce(both)
}

/// The cell that a place lies in. Cells are counted from the corner of the map, not of the tile: neighbouring
/// tiles see the same ones.
fn cell_of(frame: &Frame, place: Coord<f64>) -> [i64; 2] {
    let number = |units: f64| (units / LEGIBLE).floor() as i64;
    [number(place.x + frame.left), number(place.y + frame.top)]
}

/// The cells that hold a box: first and last column (exclusive), first and last row (exclusive).
fn cells_around(frame: &Frame, least: Coord<f64>, most: Coord<f64>) -> [i64; 4] {
    let first = |units: f64| ((units - CELL_MARGIN) / LEGIBLE).floor() as i64;
    let last = |units: f64| ((units + CELL_MARGIN) / LEGIBLE).ceil() as i64;
    let (left, top) = (frame.left, frame.top);
    [first(least.x + left), first(least.y + top), last(most.x + left), last(most.y + top)]
}

fn corners(frame: &Frame, [left, top, right, bottom]: [i64; 4]) -> Vec<Cell> {
    let x = |column: i64| (column as f64 * LEGIBLE - frame.left) as i32;
    let y = |row: i64| (row as f64 * LEGIBLE - frame.top) as i32;
    vec![[x(left), y(top)], [x(right), y(top)], [x(right), y(bottom)], [x(left), y(bottom)]]
}

fn tiny_shape(frame: &Frame, row: &Row) -> Shapes {
    let bounds = row.drawn().as_ref().and_then(rect_of);
    bounds.map(|bounds| vec![vec![draw::outer_box(frame, &bounds)]]).unwrap_or_default()
}

/// Where merged points are shown: where the first of them is, at most a cell from the others.
fn places_of_first(frame: &Frame, rows: &[&Row]) -> Vec<Cell> {
    let first = rows.first().and_then(|row| row.drawn()).map(|drawn| drawn.points.0).unwrap_or_default();
    let places = first.iter().map(|point| frame.project(point.0));
    on_grid(&places.take(1).collect::<Vec<_>>())
}

fn on_grid(places: &[Coord<f64>]) -> Vec<Cell> {
    let unit = |value: f64| value.round().clamp(-UNITS_MAX, UNITS_MAX + EXTENT) as i32;
    places.iter().map(|place| [unit(place.x), unit(place.y)]).collect()
}
