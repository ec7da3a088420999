//! ESRI shapefiles: `.shp` with `.dbf`, `.prj` and `.cpg` beside it; the `.shx` is not needed.
//!
//! Read by own code: each record stands for itself, so that a broken one loses no other, and every ring is kept.

use std::path::{Path, PathBuf};

use geo::Contains;
use geo_types::{Coord, Geometry, LineString, MultiLineString, MultiPoint, MultiPolygon, Point, Polygon};
use geodesy::Crs;
use model::{Finding, Properties, Severity};
use serde_json::Value;

use crate::assemble::Plan;
use crate::deliver::{crs_note, deliver, notes};
use crate::geojson::stated;
use crate::read::bytes_of;
use crate::source::{Place, Source, Vertices};
use crate::{Format, Item, ReadError, ReadOptions, Reading, dbf};

const HEAD_BYTES: usize = 100;
const FILE_CODE: [u8; 4] = [0, 0, 0x27, 0x0a];
/// Measures below this mean "no data".
const NO_DATA: f64 = -1e38;

/// Reads a shapefile by the path of any of its files.
pub(crate) fn read(
    path: &Path,
    options: &ReadOptions,
    sink: &mut dyn FnMut(Item),
) -> Result<Reading, ReadError> {
    let not_this = |reason: String| ReadError::NotThisFormat {
        file: path.to_owned(),
        format: Format::Shapefile,
        reason,
    };
    let shp = beside(path, "shp").ok_or_else(|| not_this("there is no .shp beside it".to_owned()))?;
    let bytes = bytes_of(&shp)?;
    if bytes.len() < HEAD_BYTES || bytes[..4] != FILE_CODE {
        return Err(not_this("its first 100 bytes are not the head of a shapefile".to_owned()));
    }
    let mut file_notes = Vec::new();
    let dbf_bytes = beside(path, "dbf").map(|file| bytes_of(&file)).transpose()?;
    let cpg = beside(path, "cpg").map(|file| bytes_of(&file)).transpose()?;
    let cpg = cpg.as_deref().map(String::from_utf8_lossy);
    let table = dbf_bytes.as_deref().and_then(|bytes| table(bytes, cpg.as_deref(), &mut file_notes));
    let (records, broken) = records(&bytes);
    let rows = table.as_ref().map_or(0, |table| table.counts().0);
    file_notes.extend(different_counts(records.len(), table.as_ref()));
    let crs = reference_system(path, &bytes, options, &mut file_notes)?;
    let plan = Plan::new(&shp, None, None, options, crs);
    if let Some(table) = &table {
        plan.has_columns(table.names());
    }
    let pieces = 0..records.len().max(rows);
    let item = |index: usize| {
        let row = table.as_ref().and_then(|table| table.row(index));
        plan.item(source(index, records.get(index).copied(), row))
    };
    deliver(path, pieces, item, sink)?;
    Ok(Reading { notes: notes(&plan, file_notes), broken })
}

/// The file of the same name with another extension, in either case.
fn beside(path: &Path, extension: &str) -> Option<PathBuf> {
    [extension.to_owned(), extension.to_uppercase()]
        .into_iter()
        .map(|extension| path.with_extension(extension))
        .find(|file| file.is_file())
}

fn table<'b>(bytes: &'b [u8], cpg: Option<&str>, notes: &mut Vec<Finding>) -> Option<dbf::Table<'b>> {
    match dbf::Table::new(bytes, cpg) {
        Ok(table) => {
            notes.extend(table.note());
            Some(table)
        }
        Err(reason) => {
            notes.push(Finding::new(
                "file.dbf",
                Severity::High,
                format!("{reason}; shapes are read without values"),
            ));
            None
        }
    }
}

fn different_counts(shapes: usize, table: Option<&dbf::Table>) -> Option<Finding> {
    let Some(table) = table else {
        let message = "there is no readable .dbf: shapes without values";
        return Some(Finding::new("file.dbf", Severity::Medium, message));
    };
    let (rows, announced) = table.counts();
    let message = format!("{shapes} shapes, {rows} rows of values ({announced} announced)");
    (shapes != rows || rows != announced).then(|| Finding::new("file.counts", Severity::High, message))
}

/// The records of a `.shp`, and where it breaks off.
fn records(bytes: &[u8]) -> (Vec<&[u8]>, Option<Finding>) {
    let broken = |at: usize, reason: &str| {
        Some(Finding::new("file.broken", Severity::High, format!("byte {at}: {reason}")))
    };
    let words = u32::from_be_bytes([bytes[24], bytes[25], bytes[26], bytes[27]]) as usize;
    let (mut records, mut at) = (Vec::new(), HEAD_BYTES);
    while let Some(head) = bytes.get(at..at + 8) {
        let length = u32::from_be_bytes([head[4], head[5], head[6], head[7]]) as usize * 2;
        match bytes.get(at + 8..at + 8 + length) {
            Some(record) if length >= 4 => records.push(record),
            _ => {
                records.push(&bytes[at + 8..]);
                return (records, broken(at, "the .shp ends within a record"));
            }
        }
        at += 8 + length;
    }
    let is_short = words * 2 > bytes.len() || at != bytes.len();
    (records, if is_short { broken(bytes.len(), "the .shp ends before its announced end") } else { None })
}

fn source(index: usize, record: Option<&[u8]>, row: Option<Properties>) -> Source {
    let place = match record.map(shape) {
        None | Some(Ok(None)) => Place::None,
        Some(Ok(Some(place))) => place,
        Some(Err(reason)) => {
            Place::Unreadable { reason, raw: Value::String(hex(record.unwrap_or_default())) }
        }
    };
    Source {
        number: index as u64 + 1,
        id: None,
        collection: None,
        place,
        properties: row.unwrap_or_default(),
        findings: Vec::new(),
    }
}

fn hex(bytes: &[u8]) -> String {
    bytes.iter().map(|byte| format!("{byte:02x}")).collect()
}

/// The system of the `.prj`; without one, WGS 84 where the box of the file could be degrees.
fn reference_system(
    path: &Path,
    bytes: &[u8],
    options: &ReadOptions,
    notes: &mut Vec<Finding>,
) -> Result<Crs, ReadError> {
    if let Some(crs) = stated(options) {
        return Ok(crs);
    }
    if let Some(prj) = beside(path, "prj") {
        let crs = Crs::parse(&String::from_utf8_lossy(&bytes_of(&prj)?))?;
        notes.extend(crs.assumption().map(crs_note));
        return Ok(crs);
    }
    let edge = |at: usize| number(bytes, at).unwrap_or_default();
    let (x, y) = (edge(36).abs().max(edge(52).abs()), edge(44).abs().max(edge(60).abs()));
    if x > 180.0 || y > 90.0 {
        let found = format!("its box reaches {x} {y}, which is no longitude and latitude");
        return Err(ReadError::NoCrs { file: path.to_owned(), found });
    }
    notes.push(crs_note(
        "there is no .prj; all coordinates could be degrees: assumed EPSG:4326, longitude first",
    ));
    Ok(Crs::wgs84())
}

fn number(bytes: &[u8], at: usize) -> Option<f64> {
    Some(f64::from_le_bytes(bytes.get(at..at.checked_add(8)?)?.try_into().ok()?))
}

fn count(bytes: &[u8], at: usize) -> Result<usize, String> {
    let word = bytes.get(at..at + 4).and_then(|word| word.try_into().ok()).ok_or("the record is cut off")?;
    usize::try_from(i32::from_le_bytes(word)).map_err(|_| "a count below 0".to_owned())
}

/// The shape of a record; `None` for a null shape.
fn shape(record: &[u8]) -> Result<Option<Place>, String> {
    let kind = count(record, 0)?;
    let (base, has_z) = (kind % 10, kind / 10 == 1);
    let has_m = kind / 10 == 2 || has_z;
    let points = match kind {
        0 => return Ok(None),
        1 | 11 | 21 => Points { record, start: 4, count: 1, kept_apart: false, has_z, has_m },
        8 | 18 | 28 => Points::new(record, 40, count(record, 36)?, has_z, has_m)?,
        3 | 5 | 13 | 15 | 23 | 25 => {
            let start = count(record, 36)?.checked_mul(4).map(|bytes| 44 + bytes).ok_or("too many parts")?;
            Points::new(record, start, count(record, 40)?, has_z, has_m)?
        }
        31 => return Err("a multipatch (3D surface) cannot be read".to_owned()),
        other => return Err(format!("{other} is no kind of shape")),
    };
    let mut vertices = Vertices::default();
    let geometry: Geometry<f64> = match base {
        1 => Point(points.vertex(0, &mut vertices)?).into(),
        8 => MultiPoint(points.part(0, points.count, &mut vertices)?.into_iter().map(Point).collect()).into(),
        3 => lines(points.parts(&mut vertices, false)?),
        _ => areas(points.parts(&mut vertices, true)?),
    };
    Ok(Some(Place::Shape(Box::new(vertices.shape(geometry)))))
}

/// The points of a record; z and m stand behind all of them, or beside the single point.
struct Points<'b> {
    record: &'b [u8],
    start: usize,
    count: usize,
    kept_apart: bool,
    has_z: bool,
    has_m: bool,
}

impl<'b> Points<'b> {
    fn new(record: &'b [u8], start: usize, count: usize, has_z: bool, has_m: bool) -> Result<Self, String> {
        let most = record.len().saturating_sub(start) / 16;
        if count > most {
            return Err(format!("{count} points announced, at most {most} are there"));
        }
        Ok(Self { record, start, count, kept_apart: true, has_z, has_m })
    }

    fn vertex(&self, index: usize, vertices: &mut Vertices) -> Result<Coord<f64>, String> {
        let at = self.start + 16 * index;
        let (x, y) =
            number(self.record, at).zip(number(self.record, at + 8)).ok_or("the record is cut off")?;
        if !x.is_finite() || !y.is_finite() {
            return Err(format!("{x} {y} is no coordinate"));
        }
        let z = if self.has_z { self.beside(0, index) } else { None };
        let m = if self.has_m { self.beside(usize::from(self.has_z), index) } else { None };
        Ok(vertices.vertex(x, y, z, m.filter(|m| *m > NO_DATA)))
    }

    /// A number of the list behind the points; each list begins with its range.
    fn beside(&self, list: usize, index: usize) -> Option<f64> {
        if !self.kept_apart {
            return number(self.record, self.start + 16 + 8 * list);
        }
        let end = self.start + 16 * self.count;
        number(self.record, end + list * (16 + 8 * self.count) + 16 + 8 * index)
    }

    fn part(&self, from: usize, to: usize, vertices: &mut Vertices) -> Result<Vec<Coord<f64>>, String> {
        (from..to).map(|index| self.vertex(index, vertices)).collect()
    }

    /// Lists of points by the table of their starts.
    fn parts(&self, vertices: &mut Vertices, are_rings: bool) -> Result<Vec<LineString<f64>>, String> {
        let starts = (44..self.start).step_by(4).map(|at| count(self.record, at));
        let mut starts = starts.collect::<Result<Vec<usize>, _>>()?;
        starts.push(self.count);
        if starts[0] != 0 || !starts.is_sorted() {
            return Err("the parts of the shape do not follow each other".to_owned());
        }
        let mut parts = Vec::with_capacity(starts.len());
        for range in starts.windows(2) {
            let points = self.part(range[0], range[1], vertices)?;
            parts.push(if are_rings { vertices.ring(points) } else { LineString(points) });
        }
        Ok(parts)
    }
}

fn lines(mut parts: Vec<LineString<f64>>) -> Geometry<f64> {
    if parts.len() == 1 { parts.remove(0).into() } else { MultiLineString(parts).into() }
}

/// Clockwise rings are shells, the others holes of the shell around them. A hole without a shell is land too.
fn areas(rings: Vec<LineString<f64>>) -> Geometry<f64> {
    let (shells, holes): (Vec<_>, Vec<_>) = rings.into_iter().partition(|ring| doubled_area(ring) <= 0.0);
    let mut polygons: Vec<Polygon<f64>> =
        shells.into_iter().map(|shell| Polygon::new(shell, Vec::new())).collect();
    let mut orphans = Vec::new();
    for hole in holes {
        match shell_of(&hole, &polygons) {
            Some(index) => polygons[index].interiors_push(hole),
            None => orphans.push(Polygon::new(hole, Vec::new())),
        }
    }
    polygons.extend(orphans);
    if polygons.len() == 1 { polygons.remove(0).into() } else { MultiPolygon(polygons).into() }
}

/// The smallest shell that contains a point of the hole.
fn shell_of(hole: &LineString<f64>, shells: &[Polygon<f64>]) -> Option<usize> {
    let place = Point(*hole.0.first()?);
    let around = |shell: &Polygon<f64>| {
        let shell = Polygon::new(shell.exterior().clone(), Vec::new());
        shell.contains(&place) || hole.0.iter().any(|corner| shell.contains(&Point(*corner)))
    };
    let size = |index: &usize| doubled_area(shells[*index].exterior()).abs();
    let candidates = (0..shells.len()).filter(|index| around(&shells[*index]));
    candidates.min_by(|a, b| size(a).total_cmp(&size(b)))
}

/// Twice the signed area in the plane; negative for clockwise rings.
fn doubled_area(ring: &LineString<f64>) -> f64 {
    let Some(first) = ring.0.first() else { return 0.0 };
    // Relative to the first corner: far coordinates would cancel out.
    let from = |c: &Coord<f64>| (c.x - first.x, c.y - first.y);
    ring.0.windows(2).map(|pair| (from(&pair[0]), from(&pair[1]))).map(|(a, b)| a.0 * b.1 - b.0 * a.1).sum()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn square(west: f64, side: f64, is_clockwise: bool) -> LineString<f64> {
        let mut points =
            vec![(west, 0.0), (west, side), (west + side, side), (west + side, 0.0), (west, 0.0)];
        if !is_clockwise {
            points.reverse();
        }
        LineString::from(points)
    }

    #[test]
    fn a_hole_goes_to_the_smallest_shell_around_it() {
        let inner = LineString::from(vec![(1.0, 1.0), (2.0, 1.0), (2.0, 2.0), (1.0, 2.0), (1.0, 1.0)]);
        let Geometry::MultiPolygon(areas) =
            areas(vec![square(0.0, 100.0, true), square(0.0, 5.0, true), inner])
        else {
            panic!("two areas")
        };
        assert_eq!(areas.iter().map(|area| area.interiors().len()).collect::<Vec<_>>(), [0, 1]);
    }

    #[test]
    fn a_hole_without_a_shell_is_land_and_not_lost() {
        let Geometry::MultiPolygon(areas) = areas(vec![square(0.0, 1.0, true), square(50.0, 1.0, false)])
        else {
            panic!("two areas")
        };
        assert_eq!(areas.0.len(), 2);
        assert!(matches!(super::areas(vec![square(0.0, 1.0, false)]), Geometry::Polygon(_)));
    }

    #[test]
    fn a_record_that_announces_more_points_than_it_has_is_refused() {
        let mut record = vec![0u8; 60];
        record[0] = 5;
        record[36] = 1;
        record[40..44].copy_from_slice(&i32::MAX.to_le_bytes());
        assert!(shape(&record).expect_err("refused").contains("announced"));
        record[40..44].copy_from_slice(&(-1i32).to_le_bytes());
        assert!(shape(&record).expect_err("refused").contains("below 0"));
        assert!(shape(&[31, 0, 0, 0]).expect_err("refused").contains("multipatch"));
    }
}
