//! Tiles of features that are no hazards: simplified modestly, the smallest merged where there are very many.
//!
//! Nothing is left out: what is too small to be seen is drawn as a point, a short line or a small square, and
//! what is merged is counted. The guarantee of hazards (`docs/TILES.md`) is not given here.

use std::collections::BTreeMap;

use fast_mvt::{
    MvtCoord, MvtFeatureBuilder, MvtGeomType, MvtLayerBuilder, MvtResult, MvtTileBuilder, MvtValueRef,
};
use geo::BoundingRect;
use geo_types::{Coord, LineString, Point, Polygon, Rect};
use model::{Bounds, Geometry, Properties};
use serde_json::Value;

use crate::frame::Frame;
use crate::{TileError, TileId, clip, simplify};

/// A feature as it is to be drawn.
#[derive(Debug, Clone, Copy)]
pub struct Plain<'a> {
    /// Its number: the feature's identifier in the tile.
    pub number: u64,
    /// WGS 84 degrees; placeable ([`model::is_placeable`]).
    pub geometry: &'a Geometry,
    /// Its own attributes, under their own names.
    pub properties: &'a Properties,
}

/// A tile with more bytes is drawn more coarsely, as long as there is a coarser way. Before compression.
const BYTES_MAX: usize = 1 << 20;
/// The ways to draw: features up to so many units wide and high are merged where they share a cell of that size,
/// and corners are left out within so many units.
const WAYS: [(f64, f64); 5] = [(0.0, 2.0), (32.0, 4.0), (64.0, 8.0), (128.0, 16.0), (512.0, 32.0)];
/// Half the width of the square or line that stands for what is too small to be seen, in units.
const SMALL: i32 = 4;
/// Longest text of an attribute in a tile, in characters; longer ones end with an ellipsis.
const TEXT_CHARS_MAX: usize = 256;
/// Coordinates of points are kept this near, so that every reader can add them up.
const UNITS_MAX: f64 = (1 << 28) as f64;

/// The box in degrees whose features belong into a tile: the tile and its margin.
pub fn searched(tile: TileId) -> Bounds {
    Frame::of(tile).searched()
}

/// The vector tile (version 2.1, not compressed) of features in one layer `name`; empty where none is in it.
///
/// Attributes are the features' own (lists and objects as JSON text), the MVT identifier their number. A merged
/// shape has the attribute `count` and no identifier. A geometry of several kinds makes one feature of each kind.
///
/// # Errors
/// [`TileError`], where the tile cannot be encoded.
pub fn plain_tile(name: &str, features: &[Plain], tile: TileId) -> Result<Vec<u8>, TileError> {
    let frame = Frame::of(tile);
    let mut bytes = Vec::new();
    for (cell, tolerance) in WAYS {
        let drawn = drawn(&frame, features, cell, tolerance);
        bytes = encoded(name, &drawn).map_err(|error| TileError::Encode {
            z: tile.z,
            x: tile.x,
            y: tile.y,
            reason: error.to_string(),
        })?;
        if bytes.len() <= BYTES_MAX {
            break;
        }
    }
    Ok(bytes)
}

/// What stands in the tile: one feature, or the number of several.
struct Shown<'a> {
    feature: Option<Plain<'a>>,
    count: u64,
    form: Form,
}

type Cell = [i32; 2];

enum Form {
    Points(Vec<Cell>),
    Lines(Vec<Vec<Cell>>),
    Areas(Vec<Vec<Vec<Cell>>>),
}

fn drawn<'a>(frame: &Frame, features: &[Plain<'a>], cell: f64, tolerance: f64) -> Vec<Shown<'a>> {
    let mut shown = Vec::new();
    let mut merged: BTreeMap<[i64; 2], Vec<(Plain, Cell)>> = BTreeMap::new();
    for feature in features {
        let Some(place) = small(frame, feature.geometry, cell) else {
            let forms = Drawing::of(frame, feature.geometry, tolerance).forms();
            shown.extend(forms.map(|form| Shown { feature: Some(*feature), count: 1, form }));
            continue;
        };
        let (x, y) = (place.x + frame.left, place.y + frame.top);
        let key = [(x / cell).floor() as i64, (y / cell).floor() as i64];
        merged.entry(key).or_default().push((*feature, on_grid(place)));
    }
    for group in merged.into_values() {
        match group.as_slice() {
            [(only, _)] => {
                let forms = Drawing::of(frame, only.geometry, tolerance).forms();
                shown.extend(forms.map(|form| Shown { feature: Some(*only), count: 1, form }));
            }
            [(_, place), ..] => {
                let form = Form::Points(vec![*place]);
                shown.push(Shown { feature: None, count: group.len() as u64, form });
            }
            [] => {}
        }
    }
    shown
}

/// The middle of a geometry that is no wider or higher than a cell.
fn small(frame: &Frame, geometry: &Geometry, cell: f64) -> Option<Coord<f64>> {
    let bounds = geometry.bounding_rect()?;
    let (a, b) = (frame.project(bounds.min()), frame.project(bounds.max()));
    let is_small = cell > 0.0 && b.x - a.x <= cell && a.y - b.y <= cell;
    is_small.then(|| (a + b) / 2.0)
}

fn on_grid(place: Coord<f64>) -> Cell {
    let unit = |value: f64| value.round().clamp(-UNITS_MAX, UNITS_MAX) as i32;
    [unit(place.x), unit(place.y)]
}

/// A geometry in the tile's plane, cut at the tile and its margin.
struct Drawing<'f> {
    frame: &'f Frame,
    area: Rect<f64>,
    tolerance: f64,
    points: Vec<Cell>,
    lines: Vec<Vec<Cell>>,
    areas: Vec<Vec<Vec<Cell>>>,
}

impl<'f> Drawing<'f> {
    fn of(frame: &'f Frame, geometry: &Geometry, tolerance: f64) -> Self {
        let (points, lines, areas) = (Vec::new(), Vec::new(), Vec::new());
        let mut drawing = Self { frame, area: frame.clip_box(), tolerance, points, lines, areas };
        drawing.take(geometry);
        drawing
    }

    fn forms(self) -> impl Iterator<Item = Form> {
        let points = (!self.points.is_empty()).then_some(Form::Points(self.points));
        let lines = (!self.lines.is_empty()).then_some(Form::Lines(self.lines));
        let areas = (!self.areas.is_empty()).then_some(Form::Areas(self.areas));
        [areas, lines, points].into_iter().flatten()
    }

    fn take(&mut self, geometry: &Geometry) {
        match geometry {
            Geometry::Point(point) => self.take_point(*point),
            Geometry::MultiPoint(points) => points.iter().for_each(|point| self.take_point(*point)),
            Geometry::Line(line) => self.take_line(&(*line).into()),
            Geometry::LineString(line) => self.take_line(line),
            Geometry::MultiLineString(lines) => lines.iter().for_each(|line| self.take_line(line)),
            Geometry::Polygon(polygon) => self.take_area(polygon),
            Geometry::MultiPolygon(polygons) => polygons.iter().for_each(|area| self.take_area(area)),
            Geometry::GeometryCollection(parts) => parts.iter().for_each(|part| self.take(part)),
            Geometry::Rect(rect) => self.take_area(&rect.to_polygon()),
            Geometry::Triangle(triangle) => self.take_area(&triangle.to_polygon()),
        }
    }

    /// Points are drawn beyond the tile as well, so that no symbol is cut.
    fn take_point(&mut self, point: Point<f64>) {
        if self.frame.searched().holds(point.0) {
            self.points.push(on_grid(self.frame.project(point.0)));
        }
    }

    fn take_line(&mut self, line: &LineString<f64>) {
        for piece in clip::line(&line.0, &self.area) {
            let path = self.frame.project_path(&piece);
            let mut cells: Vec<Cell> =
                simplify::path(&path, self.tolerance).into_iter().map(on_grid).collect();
            cells.dedup();
            if let [only] = cells[..] {
                cells = vec![[only[0] - SMALL, only[1]], [only[0] + SMALL, only[1]]];
            }
            if !cells.is_empty() {
                self.lines.push(cells);
            }
        }
    }

    fn take_area(&mut self, polygon: &Polygon<f64>) {
        let cut = clip::ring(&polygon.exterior().0, &self.area);
        let Some(first) = cut.first().copied() else { return };
        let exterior = self.ring(&cut).unwrap_or_else(|| square(on_grid(self.frame.project(first))));
        let holes = polygon.interiors().iter().map(|hole| clip::ring(&hole.0, &self.area));
        // A hole too small to be seen is filled.
        let holes = holes.filter_map(|hole| self.ring(&hole));
        let rings = std::iter::once(exterior).chain(holes).collect();
        self.areas.push(rings);
    }

    /// A cut ring on the grid; `None` where nothing is left of its area.
    fn ring(&self, cut: &[Coord<f64>]) -> Option<Vec<Cell>> {
        let mut closed = cut.to_vec();
        closed.extend(cut.first().copied());
        let mut projected = self.frame.project_path(&closed);
        projected.pop();
        let mut cells: Vec<Cell> =
            simplify::ring(&projected, self.tolerance).into_iter().map(on_grid).collect();
        cells.dedup();
        if cells.len() > 1 && cells.first() == cells.last() {
            cells.pop();
        }
        (cells.len() >= 3 && doubled_area(&cells) != 0).then_some(cells)
    }
}

fn square([x, y]: Cell) -> Vec<Cell> {
    vec![[x - SMALL, y - SMALL], [x + SMALL, y - SMALL], [x + SMALL, y + SMALL], [x - SMALL, y + SMALL]]
}

fn doubled_area(ring: &[Cell]) -> i64 {
    let next = ring.iter().cycle().skip(1);
    let cross =
        |(a, b): (&Cell, &Cell)| i64::from(a[0]) * i64::from(b[1]) - i64::from(a[1]) * i64::from(b[0]);
    ring.iter().zip(next).map(cross).sum()
}

fn encoded(name: &str, shown: &[Shown]) -> MvtResult<Vec<u8>> {
    if shown.is_empty() {
        return Ok(Vec::new());
    }
    let mut layer = MvtTileBuilder::new().layer(name)?;
    for one in shown {
        layer = feature(layer, one)?;
    }
    Ok(layer.end().encode())
}

fn feature(layer: MvtLayerBuilder, shown: &Shown) -> MvtResult<MvtLayerBuilder> {
    let coords = |cells: &[Cell]| cells.iter().map(|c| MvtCoord { x: c[0], y: c[1] }).collect::<Vec<_>>();
    let mut builder = layer.feature_of(match shown.form {
        Form::Points(_) => MvtGeomType::Point,
        Form::Lines(_) => MvtGeomType::LineString,
        Form::Areas(_) => MvtGeomType::Polygon,
    });
    match &shown.form {
        Form::Points(cells) => {
            builder.points(coords(cells))?;
        }
        Form::Lines(lines) => lines.iter().try_for_each(|line| builder.line(coords(line)).map(drop))?,
        Form::Areas(areas) => {
            for (number, ring) in areas.iter().flat_map(|rings| rings.iter().enumerate()) {
                builder.ring(coords(ring), number == 0)?;
            }
        }
    }
    match shown.feature {
        Some(feature) => attributes(&mut builder, &feature)?,
        None => {
            builder.tag_ref("count", MvtValueRef::UInt(shown.count))?;
        }
    }
    Ok(builder.end())
}

fn attributes(builder: &mut MvtFeatureBuilder, feature: &Plain) -> MvtResult<()> {
    builder.id(Some(feature.number));
    for (name, value) in feature.properties {
        match value {
            Value::Null => {}
            Value::Bool(truth) => {
                builder.tag_ref(name, MvtValueRef::Bool(*truth))?;
            }
            Value::Number(number) => {
                builder.tag_ref(name, numeric(number))?;
            }
            Value::String(text) => {
                builder.tag_ref(name, MvtValueRef::String(&shortened(text)))?;
            }
            Value::Array(_) | Value::Object(_) => {
                builder.tag_ref(name, MvtValueRef::String(&shortened(&value.to_string())))?;
            }
        }
    }
    Ok(())
}

fn numeric(number: &serde_json::Number) -> MvtValueRef<'static> {
    match (number.as_u64(), number.as_i64()) {
        (Some(whole), _) => MvtValueRef::UInt(whole),
        (None, Some(whole)) => MvtValueRef::SInt(whole),
        (None, None) => MvtValueRef::Double(number.as_f64().unwrap_or(f64::NAN)),
    }
}

fn shortened(text: &str) -> std::borrow::Cow<'_, str> {
    match text.char_indices().nth(TEXT_CHARS_MAX) {
        None => text.into(),
        Some((end, _)) => format!("{}…", &text[..end]).into(),
    }
}

#[cfg(test)]
#[path = "plain_tests.rs"]
mod tests;
