//! Tables of text: a shape as well-known text, or a longitude and a latitude, in each row.

use std::path::Path;

use csv::StringRecord;
use geodesy::Crs;
use model::limits::COLUMNS_MAX;
use model::{Collection, Finding, Properties, Severity};
use rayon::prelude::*;
use serde_json::Value;

use crate::assemble::Plan;
use crate::deliver::{crs_note, deliver, notes};
use crate::geojson::stated;
use crate::source::{Place, Source, Vertices};
use crate::write::{check_columns, columns};
use crate::{Export, Format, Item, ReadError, ReadOptions, Reading, WriteError, atomic, text, wkt};

/// Usual names of the columns, in lower case.
const WKT_NAMES: [&str; 6] = ["wkt", "geometry", "geom", "the_geom", "wkt_geom", "shape"];
const LONGITUDES: [&str; 6] = ["longitude", "lon", "lng", "long", "decimallongitude", "point_x_lon"];
const LATITUDES: [&str; 6] = ["latitude", "lat", "lat_dd", "y_lat", "decimallatitude", "point_y_lat"];
const EASTINGS: [&str; 4] = ["x", "easting", "point_x", "coord_x"];
const NORTHINGS: [&str; 4] = ["y", "northing", "point_y", "coord_y"];
/// What a spreadsheet would run as a formula, and our own sign against it.
const GUARDED: [char; 7] = ['=', '+', '-', '@', '\t', '\r', '\''];

/// Where the place stands in a row.
#[derive(Debug, Clone, Copy, PartialEq)]
enum Columns {
    Wkt(usize),
    /// Columns whose names say that they are degrees.
    Degrees(usize, usize),
    /// Columns that may hold metres.
    Plain(usize, usize),
    None,
}

/// Reads a table.
pub(crate) fn read(
    path: &Path,
    bytes: &[u8],
    options: &ReadOptions,
    sink: &mut dyn FnMut(Item),
) -> Result<Reading, ReadError> {
    let (text, note) = text::decode(bytes);
    let mut file_notes: Vec<Finding> = note.into_iter().collect();
    let mut reader =
        csv::ReaderBuilder::new().delimiter(delimiter(&text)).flexible(true).from_reader(text.as_bytes());
    let not_this =
        |reason: String| ReadError::NotThisFormat { file: path.to_owned(), format: Format::Csv, reason };
    let header = reader.headers().map_err(|error| not_this(error.to_string()))?.clone();
    if header.iter().all(|name| name.trim().is_empty()) {
        return Err(not_this("it has no header row".to_owned()));
    }
    if header.len() > COLUMNS_MAX {
        return Err(not_this(format!(
            "{} columns; at most {COLUMNS_MAX} (COLUMNS_MAX) are read",
            header.len()
        )));
    }
    let rows: Vec<(u64, Row)> = numbered(reader.into_records());
    let first = rows.iter().find_map(|(_, row)| row.as_ref().ok());
    let table = Table::new(&header, first, options, &mut file_notes);
    let sources: Vec<Found> = rows.into_par_iter().map(|(line, row)| table.source(line, row)).collect();
    let crs = reference_system(path, &table, &sources, options, &mut file_notes)?;
    let plan = Plan::new(path, None, None, options, crs);
    plan.has_columns(table.names.iter().map(String::as_str));
    let item = |source: Found| match source {
        Ok(source) => plan.item(source),
        Err((line, reason)) => plan.unreadable(line, reason),
    };
    deliver(path, sources.into_iter(), item, sink)?;
    Ok(Reading { notes: notes(&plan, file_notes), broken: open_quote(&text) })
}

/// A row, or why it is none.
type Row = Result<StringRecord, String>;
/// A record, or the line and why it is none.
type Found = Result<Source, (u64, String)>;

/// Rows with the line in which they begin.
fn numbered<R: std::io::Read>(rows: csv::StringRecordsIntoIter<R>) -> Vec<(u64, Row)> {
    let mut last = 1;
    let number = |row: Result<StringRecord, csv::Error>| match row {
        Ok(row) => {
            last = row.position().map_or(last + 1, csv::Position::line);
            (last, Ok(row))
        }
        Err(error) => (error.position().map_or(last + 1, csv::Position::line), Err(error.to_string())),
    };
    rows.map(number).collect()
}

/// A quoted cell that never ends: the rest of the file was read as one cell.
fn open_quote(text: &str) -> Option<Finding> {
    let quotes = text.bytes().filter(|byte| *byte == b'"').count();
    let message = "an odd number of quotation marks: the file is cut off, or a cell swallowed rows";
    (quotes % 2 == 1).then(|| Finding::new("file.broken", Severity::High, message))
}

/// The separator that stands most often in the first line, outside quotes.
fn delimiter(text: &str) -> u8 {
    let line = text.lines().next().unwrap_or_default();
    let bare: String = line.split('"').step_by(2).collect();
    let count = |sign: char| bare.matches(sign).count();
    let best = [',', ';', '\t'].into_iter().rev().max_by_key(|sign| count(*sign)).unwrap_or(',');
    best as u8
}

/// What the header says.
struct Table {
    names: Vec<String>,
    place: Columns,
    is_own: bool,
}

impl Table {
    fn new(
        header: &StringRecord,
        first: Option<&StringRecord>,
        options: &ReadOptions,
        notes: &mut Vec<Finding>,
    ) -> Self {
        let names = unique(header);
        let place = columns_of(&names, first, options);
        if place == Columns::None {
            let message = format!("no column with a place was found; the columns are: {}", names.join(", "));
            notes.push(Finding::new("file.no_geometry", Severity::High, message));
        }
        let has = |name: &str| names.iter().any(|known| known == name);
        let is_own = has("id") && has("review") && has("geometry");
        Self { names, place, is_own }
    }

    fn source(&self, line: u64, row: Row) -> Found {
        let row = row.map_err(|reason| (line, reason))?;
        let mut source = Source {
            number: line,
            id: None,
            collection: None,
            place: self.place(&row),
            properties: Properties::new(),
            findings: Vec::new(),
        };
        for (index, cell) in
            row.iter().enumerate().filter(|(index, cell)| !cell.is_empty() && !self.is_place(*index))
        {
            let name = self.names.get(index).cloned().unwrap_or_else(|| format!("column {}", index + 1));
            let cell = if self.is_own { unguarded(cell) } else { cell };
            source.properties.insert(name, Value::from(cell));
        }
        if row.len() != self.names.len() {
            let message = format!("the row has {} cells, the header {}", row.len(), self.names.len());
            source.findings.push(Finding::new("record.cells", Severity::Medium, message));
        }
        if self.is_own {
            source.id = source.properties.shift_remove("id");
        }
        Ok(source)
    }

    fn is_place(&self, index: usize) -> bool {
        match self.place {
            Columns::Wkt(at) => index == at,
            Columns::Degrees(x, y) | Columns::Plain(x, y) => index == x || index == y,
            Columns::None => false,
        }
    }

    fn place(&self, row: &StringRecord) -> Place {
        let cell = |index: usize| row.get(index).unwrap_or_default().trim();
        match self.place {
            Columns::None => Place::None,
            Columns::Wkt(at) => wkt::place(cell(at)),
            Columns::Degrees(x, y) | Columns::Plain(x, y) => pair(cell(x), cell(y)),
        }
    }

    /// Whether the names of the columns say that the numbers are degrees.
    fn is_in_degrees(&self) -> bool {
        matches!(self.place, Columns::Degrees(..)) || self.is_own
    }
}

/// Names, trimmed; empty and repeated ones are numbered, so that no cell is lost.
fn unique(header: &StringRecord) -> Vec<String> {
    let mut names: Vec<String> = Vec::with_capacity(header.len());
    for (index, name) in header.iter().enumerate() {
        let name = name.trim();
        let repeated = names.iter().any(|known| known == name);
        names.push(match (name.is_empty(), repeated) {
            (true, _) => format!("column {}", index + 1),
            (false, true) => format!("{name} (column {})", index + 1),
            (false, false) => name.to_owned(),
        });
    }
    names
}

fn columns_of(names: &[String], first: Option<&StringRecord>, options: &ReadOptions) -> Columns {
    let called = |name: &str| names.iter().position(|known| known == name);
    if let Some(mapping) = &options.mapping {
        if let Some(at) = mapping.wkt.as_deref().and_then(called) {
            return Columns::Wkt(at);
        }
        if let Some((x, y)) = mapping.xy.as_ref().and_then(|(x, y)| Some((called(x)?, called(y)?))) {
            return Columns::Plain(x, y);
        }
    }
    let one_of = |usual: &[&str]| {
        usual.iter().find_map(|usual| names.iter().position(|name| name.eq_ignore_ascii_case(usual)))
    };
    if let Some(at) = one_of(&WKT_NAMES) {
        return Columns::Wkt(at);
    }
    match (one_of(&LONGITUDES).zip(one_of(&LATITUDES)), one_of(&EASTINGS).zip(one_of(&NORTHINGS))) {
        (Some(degrees), Some(plain)) if first.is_some_and(|row| agree(row, degrees, plain)) => {
            Columns::Degrees(plain.0, plain.1)
        }
        (Some((x, y)), _) => Columns::Degrees(x, y),
        (None, Some((x, y))) => Columns::Plain(x, y),
        (None, None) => Columns::None,
    }
}

/// Whether two pairs of columns say the same place: then the one named x and y was written by a program, in full,
/// and the other one for people, with few decimals.
fn agree(row: &StringRecord, degrees: (usize, usize), plain: (usize, usize)) -> bool {
    const APART_DEG_MAX: f64 = 0.01;
    let number = |index: usize| row.get(index).and_then(|cell| cell.trim().parse::<f64>().ok());
    let near =
        |a: usize, b: usize| number(a).zip(number(b)).is_some_and(|(a, b)| (a - b).abs() < APART_DEG_MAX);
    near(degrees.0, plain.0) && near(degrees.1, plain.1)
}

/// A point out of two cells.
fn pair(x: &str, y: &str) -> Place {
    if x.is_empty() && y.is_empty() {
        return Place::None;
    }
    let number = |text: &str| {
        text.parse().or_else(|_| text.replace(',', ".").parse()).ok().filter(|n: &f64| n.is_finite())
    };
    match (number(x), number(y)) {
        (Some(x), Some(y)) => {
            let mut vertices = Vertices::default();
            let place = vertices.vertex(x, y, None, None);
            Place::Shape(Box::new(vertices.shape(geo_types::Point(place).into())))
        }
        _ => {
            let raw = format!("{x} {y}");
            Place::Unreadable {
                reason: format!("{raw:?} is no pair of coordinates"),
                raw: Value::String(raw),
            }
        }
    }
}

/// The stated system; else WGS 84 where the columns are degrees by name, or all their numbers could be.
fn reference_system(
    path: &Path,
    table: &Table,
    sources: &[Found],
    options: &ReadOptions,
    notes: &mut Vec<Finding>,
) -> Result<Crs, ReadError> {
    if let Some(crs) = stated(options) {
        return Ok(crs);
    }
    if table.is_in_degrees() || table.place == Columns::None {
        return Ok(Crs::wgs84());
    }
    let shapes = sources.par_iter().filter_map(|source| match &source.as_ref().ok()?.place {
        Place::Shape(shape) => Some(&shape.geometry),
        Place::None | Place::Unreadable { .. } => None,
    });
    let outside = |c: &geo_types::Coord<f64>| c.x.abs() > 180.0 || c.y.abs() > 90.0;
    match shapes.find_map_first(|shape| model::coordinates(shape).find(outside)) {
        Some(place) => {
            let found = format!("{} {} is no longitude and latitude", place.x, place.y);
            Err(ReadError::NoCrs { file: path.to_owned(), found })
        }
        None => {
            notes.push(crs_note("no reference system is stated; all coordinates could be degrees: assumed EPSG:4326, longitude first"));
            Ok(Crs::wgs84())
        }
    }
}

/// Writes a table: `id`, the fields of the collection, what is beside them, `geometry` as well-known text.
///
/// Text that a spreadsheet would run as a formula gets an apostrophe in front; reading takes it off again.
pub(crate) fn write<'a>(
    path: &Path,
    collection: Collection,
    records: &mut dyn Iterator<Item = Export<'a>>,
) -> Result<u64, WriteError> {
    let columns = columns(collection);
    let failed = |error: csv::Error| atomic::failed(path)(error.into());
    atomic::write_file(path, |out| {
        let mut table = csv::WriterBuilder::new().from_writer(out);
        let header = ["id", "collection"].into_iter().chain(columns.iter().copied()).chain(["geometry"]);
        table.write_record(header).map_err(failed)?;
        let mut count = 0;
        for record in records {
            check_columns(&record, collection, &columns)?;
            table.write_field(record.id.to_string()).map_err(failed)?;
            table.write_field(collection.id()).map_err(failed)?;
            for name in &columns {
                table
                    .write_field(record.properties.get(*name).map(cell).unwrap_or_default())
                    .map_err(failed)?;
            }
            table.write_field(record.geometry.map(wkt::write).unwrap_or_default()).map_err(failed)?;
            table.write_record(None::<&[u8]>).map_err(failed)?;
            count += 1;
        }
        table.flush().map_err(atomic::failed(path))?;
        Ok(count)
    })
}

/// A value as a cell: text as it is, structures as JSON.
fn cell(value: &Value) -> String {
    match value {
        Value::String(text) if text.starts_with(GUARDED) => format!("'{text}"),
        Value::String(text) => text.clone(),
        Value::Null => String::new(),
        other => other.to_string(),
    }
}

fn unguarded(cell: &str) -> &str {
    match cell.strip_prefix('\'') {
        Some(rest) if rest.starts_with(GUARDED) => rest,
        Some(_) | None => cell,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_header_of_very_many_columns_is_refused_by_name() {
        let header = "a,".repeat(COLUMNS_MAX);
        let options = ReadOptions::default();
        let refused =
            read(Path::new("a.csv"), header.as_bytes(), &options, &mut |_| {}).expect_err("refused");
        assert!(refused.to_string().contains("COLUMNS_MAX"), "{refused}");
    }

    #[test]
    fn the_separator_is_told_from_the_header() {
        assert_eq!(
            [delimiter("a,b"), delimiter("a;b,c;d"), delimiter("a\tb"), delimiter("\"a;b;c\",d")],
            [b',', b';', b'\t', b',']
        );
    }

    #[test]
    fn a_cell_that_a_spreadsheet_would_run_is_guarded_and_comes_back() {
        for text in ["=1+1", "+7", "-x", "@a", "'quoted", "''", "plain", "'", "it's"] {
            let written = cell(&Value::from(text));
            assert!(!written.starts_with(['=', '+', '-', '@']), "{written}");
            assert_eq!(unguarded(&written), text);
        }
    }

    #[test]
    fn repeated_and_empty_names_lose_no_cell() {
        assert_eq!(unique(&StringRecord::from(vec!["", "a ", "a"])), ["column 1", "a", "a (column 3)"]);
    }
}
