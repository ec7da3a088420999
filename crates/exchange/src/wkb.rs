//! Well-known binary of a shape, as GeoPackages carry it.
//!
//! Read by own code: counts are held against the bytes that are there before anything is kept for them.

use geo_types::{Coord, Geometry, GeometryCollection, LineString, MultiLineString, MultiPoint, MultiPolygon};
use geo_types::{Point, Polygon};
use model::limits::NESTING_MAX;

use crate::source::{Shape, Vertices, polygon};

/// Reads a shape; `None` for an empty point.
///
/// # Errors
/// Says what the bytes are instead.
pub(crate) fn read(bytes: &[u8]) -> Result<Option<Shape>, String> {
    let mut vertices = Vertices::default();
    let mut reader = Reader { rest: bytes, is_little: true, vertices: &mut vertices };
    let geometry = reader.shape(0)?;
    if let Geometry::Point(point) = &geometry
        && point.x().is_nan()
        && point.y().is_nan()
    {
        return Ok(None);
    }
    let shape = vertices.shape(geometry);
    let off = model::coordinates(&shape.geometry).find(|c| !c.x.is_finite() || !c.y.is_finite());
    match off {
        Some(place) => Err(format!("{} {} is no coordinate", place.x, place.y)),
        None => Ok(Some(shape)),
    }
}

struct Reader<'b, 'v> {
    rest: &'b [u8],
    is_little: bool,
    vertices: &'v mut Vertices,
}

/// What each vertex has beside x and y.
#[derive(Clone, Copy)]
struct Beside {
    z: bool,
    m: bool,
}

impl Beside {
    fn vertex_bytes(self) -> usize {
        16 + 8 * (usize::from(self.z) + usize::from(self.m))
    }
}

impl Reader<'_, '_> {
    fn shape(&mut self, depth: usize) -> Result<Geometry<f64>, String> {
        if depth > NESTING_MAX {
            return Err(format!("collections nested deeper than {NESTING_MAX} (NESTING_MAX)"));
        }
        self.is_little = match self.take::<1>()? {
            [0] => false,
            [1] => true,
            [other] => return Err(format!("byte order {other}; 0 or 1 was expected")),
        };
        let (kind, beside) = self.kind()?;
        Ok(match kind {
            1 => Point(self.coord(beside)?).into(),
            2 => LineString(self.coords(beside)?).into(),
            3 => self.polygon(beside)?.into(),
            4 => MultiPoint(self.parts(depth, "Point", |part| Point::try_from(part).ok())?).into(),
            5 => MultiLineString(self.parts(depth, "LineString", |part| LineString::try_from(part).ok())?)
                .into(),
            6 => MultiPolygon(self.parts(depth, "Polygon", |part| Polygon::try_from(part).ok())?).into(),
            7 => Geometry::GeometryCollection(GeometryCollection(self.parts(depth, "shape", Some)?)),
            other => return Err(format!("{} is no shape that can be read", name(other))),
        })
    }

    /// Kind of shape, in ISO's numbers (1003) and in PostGIS's flags (0x80000003).
    fn kind(&mut self) -> Result<(u32, Beside), String> {
        let word = self.count()?;
        if word & 0x2000_0000 != 0 {
            self.take::<4>()?;
        }
        let (iso, kind) = ((word & 0x0fff_ffff) / 1000, (word & 0x0fff_ffff) % 1000);
        let z = word & 0x8000_0000 != 0 || iso == 1 || iso == 3;
        let m = word & 0x4000_0000 != 0 || iso == 2 || iso == 3;
        if iso > 3 { Err(format!("{word} is no kind of shape")) } else { Ok((kind, Beside { z, m })) }
    }

    fn polygon(&mut self, beside: Beside) -> Result<Polygon<f64>, String> {
        let count = self.count_of(4)?;
        let mut rings = Vec::with_capacity(count);
        for _ in 0..count {
            let points = self.coords(beside)?;
            rings.push(self.vertices.ring(points));
        }
        Ok(polygon(rings))
    }

    fn coords(&mut self, beside: Beside) -> Result<Vec<Coord<f64>>, String> {
        let count = self.count_of(beside.vertex_bytes())?;
        (0..count).map(|_| self.coord(beside)).collect()
    }

    fn coord(&mut self, beside: Beside) -> Result<Coord<f64>, String> {
        let (x, y) = (self.number()?, self.number()?);
        let z = if beside.z { Some(self.number()?) } else { None };
        let m = if beside.m { Some(self.number()?) } else { None };
        Ok(self.vertices.vertex(x, y, z, m))
    }

    fn parts<T>(
        &mut self,
        depth: usize,
        expected: &str,
        as_part: impl Fn(Geometry<f64>) -> Option<T>,
    ) -> Result<Vec<T>, String> {
        let count = self.count_of(5)?;
        let mut parts = Vec::new();
        for number in 1..=count {
            let part = as_part(self.shape(depth + 1)?);
            parts.push(part.ok_or_else(|| format!("part {number} is no {expected}"))?);
        }
        Ok(parts)
    }

    /// A count of things that need at least `bytes` each.
    fn count_of(&mut self, bytes: usize) -> Result<usize, String> {
        let count = self.count()? as usize;
        let most = self.rest.len() / bytes;
        if count > most {
            Err(format!("{count} parts announced, at most {most} are there"))
        } else {
            Ok(count)
        }
    }

    fn count(&mut self) -> Result<u32, String> {
        let bytes = self.take::<4>()?;
        Ok(if self.is_little { u32::from_le_bytes(bytes) } else { u32::from_be_bytes(bytes) })
    }

    fn number(&mut self) -> Result<f64, String> {
        let bytes = self.take::<8>()?;
        Ok(if self.is_little { f64::from_le_bytes(bytes) } else { f64::from_be_bytes(bytes) })
    }

    fn take<const N: usize>(&mut self) -> Result<[u8; N], String> {
        let (bytes, rest) = self.rest.split_first_chunk::<N>().ok_or("the shape is cut off")?;
        self.rest = rest;
        Ok(*bytes)
    }
}

fn name(kind: u32) -> String {
    const NAMES: [&str; 10] = [
        "CircularString",
        "CompoundCurve",
        "CurvePolygon",
        "MultiCurve",
        "MultiSurface",
        "Curve",
        "Surface",
        "PolyhedralSurface",
        "TIN",
        "Triangle",
    ];
    let known = kind.checked_sub(8).and_then(|index| NAMES.get(index as usize));
    known.map_or_else(|| format!("kind {kind}"), |name| (*name).to_owned())
}

/// Writes a shape, little-endian.
pub(crate) fn write(geometry: &Geometry<f64>, out: &mut Vec<u8>) {
    match geometry {
        Geometry::Point(point) => {
            head(out, 1);
            coord(out, point.0);
        }
        Geometry::Line(line) => write(&LineString::from(*line).into(), out),
        Geometry::LineString(line) => {
            head(out, 2);
            coords(out, line);
        }
        Geometry::Polygon(polygon) => write_polygon(polygon, out),
        Geometry::Rect(rect) => write_polygon(&rect.to_polygon(), out),
        Geometry::Triangle(triangle) => write_polygon(&triangle.to_polygon(), out),
        Geometry::MultiPoint(points) => many(out, 4, &points.0, |point| (*point).into()),
        Geometry::MultiLineString(lines) => many(out, 5, &lines.0, |line| line.clone().into()),
        Geometry::MultiPolygon(polygons) => many(out, 6, &polygons.0, |polygon| polygon.clone().into()),
        Geometry::GeometryCollection(parts) => many(out, 7, &parts.0, Geometry::clone),
    }
}

fn many<T>(out: &mut Vec<u8>, kind: u32, parts: &[T], as_geometry: impl Fn(&T) -> Geometry<f64>) {
    head(out, kind);
    count(out, parts.len());
    parts.iter().for_each(|part| write(&as_geometry(part), out));
}

fn write_polygon(polygon: &Polygon<f64>, out: &mut Vec<u8>) {
    head(out, 3);
    if polygon.exterior().0.is_empty() {
        return count(out, 0);
    }
    count(out, 1 + polygon.interiors().len());
    coords(out, polygon.exterior());
    polygon.interiors().iter().for_each(|ring| coords(out, ring));
}

fn head(out: &mut Vec<u8>, kind: u32) {
    out.push(1);
    out.extend_from_slice(&kind.to_le_bytes());
}

fn coords(out: &mut Vec<u8>, line: &LineString<f64>) {
    count(out, line.0.len());
    line.0.iter().for_each(|place| coord(out, *place));
}

fn coord(out: &mut Vec<u8>, place: Coord<f64>) {
    out.extend_from_slice(&place.x.to_le_bytes());
    out.extend_from_slice(&place.y.to_le_bytes());
}

fn count(out: &mut Vec<u8>, count: usize) {
    // VERTICES_MAX is far below what 32 bits hold.
    out.extend_from_slice(&u32::try_from(count).unwrap_or(u32::MAX).to_le_bytes());
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn a_count_larger_than_the_bytes_is_refused_before_memory_is_taken() {
        let mut bytes = vec![1, 2, 0, 0, 0];
        bytes.extend_from_slice(&u32::MAX.to_le_bytes());
        assert!(read(&bytes).expect_err("refused").contains("announced"));
    }

    #[test]
    fn collections_within_collections_are_bounded_and_curves_refused_by_name() {
        let deep: Vec<u8> = [1, 7, 0, 0, 0, 1, 0, 0, 0].repeat(10_000);
        assert!(read(&deep).expect_err("refused").contains("NESTING_MAX"));
        assert!(read(&[1, 8, 0, 0, 0, 0, 0, 0, 0]).expect_err("refused").contains("CircularString"));
    }

    #[test]
    fn both_ways_of_writing_a_height_are_read() {
        let point = |kind: u32| {
            let mut bytes = vec![1];
            bytes.extend_from_slice(&kind.to_le_bytes());
            [1.0f64, 2.0, 3.0].iter().for_each(|v| bytes.extend_from_slice(&v.to_le_bytes()));
            read(&bytes).expect("reads").expect("a point")
        };
        assert_eq!(point(1001).z, [3.0]);
        assert_eq!(point(0x8000_0001).z, [3.0]);
        assert_eq!(point(2001).m, [3.0]);
    }

    proptest! {
        #[test]
        fn random_bytes_never_panic(bytes in prop::collection::vec(any::<u8>(), 0..200)) {
            let _ = read(&bytes);
        }

        #[test]
        fn cut_off_shapes_never_panic(length in 0usize..200, kind in 1u8..8) {
            let mut bytes = vec![1, kind, 0, 0, 0, 1, 0, 0, 0];
            bytes.resize(length, 1);
            let _ = read(&bytes);
        }
    }
}
