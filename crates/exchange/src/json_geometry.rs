//! The geometry of a GeoJSON feature (RFC 7946, section 3.1). The text was checked to be JSON before.

use geo_types::{Coord, Geometry, GeometryCollection, MultiLineString, MultiPoint, MultiPolygon, Point};
use geo_types::{LineString, Polygon};
use model::limits::NESTING_MAX;
use serde::Deserialize;
use serde_json::Value;
use serde_json::value::RawValue;

use crate::json_scan::skip;
use crate::source::{Place, Vertices, polygon};

#[derive(Deserialize)]
struct Members<'a> {
    #[serde(rename = "type")]
    kind: Option<Value>,
    #[serde(borrow)]
    coordinates: Option<&'a RawValue>,
    #[serde(borrow)]
    geometries: Option<Vec<&'a RawValue>>,
}

/// The types of RFC 7946.
pub(crate) const KINDS: [&str; 7] =
    ["Point", "MultiPoint", "LineString", "MultiLineString", "Polygon", "MultiPolygon", "GeometryCollection"];

/// Reads a geometry; what is not one is kept as it stands.
pub(crate) fn place(text: &str) -> Place {
    if text.trim() == "null" {
        return Place::None;
    }
    let mut vertices = Vertices::default();
    match geometry(text, 0, &mut vertices) {
        Ok(geometry) => Place::Shape(Box::new(vertices.shape(geometry))),
        Err(reason) => {
            // A number such as 1e999 is JSON, but no value can hold it: then the text is kept.
            let raw = serde_json::from_str(text).unwrap_or_else(|_| Value::String(text.to_owned()));
            Place::Unreadable { reason, raw }
        }
    }
}

fn geometry(text: &str, depth: usize, vertices: &mut Vertices) -> Result<Geometry<f64>, String> {
    if depth > NESTING_MAX {
        return Err(format!("collections nested deeper than {NESTING_MAX} (NESTING_MAX)"));
    }
    let members: Members =
        serde_json::from_str(text).map_err(|_| format!("{} is not a geometry", shown(text)))?;
    let kind = members.kind.as_ref().and_then(Value::as_str).unwrap_or_default();
    if kind == "GeometryCollection" {
        let parts = members.geometries.ok_or("a GeometryCollection without a list of geometries")?;
        let parts = parts.into_iter().map(|part| geometry(part.get(), depth + 1, vertices));
        return Ok(Geometry::GeometryCollection(GeometryCollection(parts.collect::<Result<_, _>>()?)));
    }
    if !KINDS.contains(&kind) {
        let given = members.kind.map_or_else(|| "nothing".to_owned(), |kind| kind.to_string());
        return Err(format!("the type of a geometry is {given}; allowed: {}", KINDS.join(", ")));
    }
    let text = members.coordinates.ok_or_else(|| format!("a {kind} without coordinates"))?.get();
    let mut reader = Reader { text: text.as_bytes(), at: 0, vertices };
    reader.shape(kind).map_err(|reason| format!("{kind}: {reason}"))
}

/// Walks along the text of `coordinates`.
struct Reader<'a, 'v> {
    text: &'a [u8],
    at: usize,
    vertices: &'v mut Vertices,
}

impl Reader<'_, '_> {
    fn shape(&mut self, kind: &str) -> Result<Geometry<f64>, String> {
        Ok(match kind {
            "Point" => Point(self.position()?).into(),
            "MultiPoint" => MultiPoint(self.positions()?.into_iter().map(Point).collect()).into(),
            "LineString" => LineString(self.positions()?).into(),
            "MultiLineString" => MultiLineString(self.list(|r| Ok(LineString(r.positions()?)))?).into(),
            "Polygon" => self.polygon()?.into(),
            _ => MultiPolygon(self.list(Self::polygon)?).into(),
        })
    }

    fn polygon(&mut self) -> Result<Polygon<f64>, String> {
        let rings = self.list(|reader| {
            let points = reader.positions()?;
            Ok(reader.vertices.ring(points))
        })?;
        Ok(polygon(rings))
    }

    fn positions(&mut self) -> Result<Vec<Coord<f64>>, String> {
        self.list(Self::position)
    }

    fn position(&mut self) -> Result<Coord<f64>, String> {
        let mut numbers = [None; 4];
        let mut count = 0;
        self.each(|reader| {
            let number = reader.number()?;
            if let Some(slot) = numbers.get_mut(count) {
                *slot = Some(number);
            }
            count += 1;
            Ok(())
        })?;
        match numbers {
            [Some(x), Some(y), z, m] => Ok(self.vertices.vertex(x, y, z, m)),
            _ => Err(format!("a position of {count} numbers; 2 are needed")),
        }
    }

    fn list<T>(&mut self, mut element: impl FnMut(&mut Self) -> Result<T, String>) -> Result<Vec<T>, String> {
        let mut found = Vec::new();
        self.each(|reader| {
            found.push(element(reader)?);
            Ok(())
        })?;
        Ok(found)
    }

    /// Calls `element` at each element of the list that starts here, and steps behind the list.
    fn each(&mut self, mut element: impl FnMut(&mut Self) -> Result<(), String>) -> Result<(), String> {
        self.at = skip(self.text, self.at, b"");
        if self.text.get(self.at) != Some(&b'[') {
            return Err(format!("{} where a list was expected", self.shown()));
        }
        self.at = skip(self.text, self.at + 1, b"");
        while self.text.get(self.at).is_some_and(|byte| *byte != b']') {
            element(self)?;
            self.at = skip(self.text, self.at, b",");
        }
        self.at += 1;
        Ok(())
    }

    fn number(&mut self) -> Result<f64, String> {
        let start = self.at;
        let ends = |byte: &u8| !matches!(byte, b'0'..=b'9' | b'-' | b'+' | b'.' | b'e' | b'E');
        let length = self.text[start..].iter().position(ends).unwrap_or(self.text.len() - start);
        let number =
            std::str::from_utf8(&self.text[start..start + length]).ok().and_then(|text| text.parse().ok());
        let number: f64 = number.ok_or_else(|| format!("{} where a number was expected", self.shown()))?;
        if !number.is_finite() {
            return Err(format!("{} is too large for a coordinate", self.shown()));
        }
        self.at = start + length;
        Ok(number)
    }

    fn shown(&self) -> String {
        shown(&String::from_utf8_lossy(self.text.get(self.at..).unwrap_or_default()))
    }
}

/// The start of a text, for messages.
fn shown(text: &str) -> String {
    const SHOWN_MAX: usize = 40;
    let start: String = text.chars().take(SHOWN_MAX).collect();
    if start.len() < text.len() { format!("{start}…") } else { start }
}

/// Appends a geometry as GeoJSON, with every digit of its coordinates.
pub fn write(geometry: &Geometry<f64>, out: &mut String) {
    let mut typed = |kind: &str, coordinates: &dyn Fn(&mut String)| {
        out.push_str("{\"type\":\"");
        out.push_str(kind);
        out.push_str("\",\"coordinates\":");
        coordinates(out);
        out.push('}');
    };
    match geometry {
        Geometry::Point(point) => typed("Point", &|out| position(point.0, out)),
        Geometry::MultiPoint(points) => {
            typed("MultiPoint", &|out| list(out, &points.0, |p, out| position(p.0, out)))
        }
        Geometry::Line(line) => {
            typed("LineString", &|out| list(out, &[line.start, line.end], |c, out| position(*c, out)))
        }
        Geometry::LineString(line) => typed("LineString", &|out| positions(line, out)),
        Geometry::MultiLineString(lines) => typed("MultiLineString", &|out| list(out, &lines.0, positions)),
        Geometry::Polygon(polygon) => typed("Polygon", &|out| rings(polygon, out)),
        Geometry::MultiPolygon(polygons) => typed("MultiPolygon", &|out| list(out, &polygons.0, rings)),
        Geometry::Rect(rect) => typed("Polygon", &|out| rings(&rect.to_polygon(), out)),
        Geometry::Triangle(triangle) => typed("Polygon", &|out| rings(&triangle.to_polygon(), out)),
        Geometry::GeometryCollection(parts) => {
            out.push_str("{\"type\":\"GeometryCollection\",\"geometries\":");
            list(out, &parts.0, write);
            out.push('}');
        }
    }
}

fn list<T>(out: &mut String, elements: &[T], mut one: impl FnMut(&T, &mut String)) {
    out.push('[');
    for (index, element) in elements.iter().enumerate() {
        if index > 0 {
            out.push(',');
        }
        one(element, out);
    }
    out.push(']');
}

fn rings(polygon: &Polygon<f64>, out: &mut String) {
    let rings: Vec<&LineString<f64>> =
        std::iter::once(polygon.exterior()).chain(polygon.interiors()).collect();
    list(out, &rings, |ring, out| positions(ring, out));
}

fn positions(line: &LineString<f64>, out: &mut String) {
    list(out, &line.0, |place, out| position(*place, out));
}

fn position(place: Coord<f64>, out: &mut String) {
    use std::fmt::Write;
    // Writing to a String cannot fail.
    let _ = write!(out, "[{:?},{:?}]", place.x, place.y);
}

#[cfg(test)]
mod tests {
    use super::*;

    fn reason(text: &str) -> String {
        match place(text) {
            Place::Unreadable { reason, .. } => reason,
            other => panic!("{text}: {other:?}"),
        }
    }

    #[test]
    fn what_is_no_geometry_is_said_and_kept() {
        for (text, says) in [
            (r#"{"type":"Point","coordinates":["a",1]}"#, "where a number was expected"),
            (r#"{"type":"Point","coordinates":[1]}"#, "2 are needed"),
            (r#"{"type":"Point","coordinates":[]}"#, "2 are needed"),
            (r#"{"type":"Point","coordinates":[1e999,1]}"#, "too large"),
            (r#"{"type":"Polygon","coordinates":[[1,2],[3,4]]}"#, "where a list was expected"),
            (r#"{"type":"Point","coordinates":null}"#, "without coordinates"),
            (r#"{"type":"Curve","coordinates":[]}"#, "allowed: Point"),
            (r#""POINT (1 2)""#, "is not a geometry"),
            (r#"{"coordinates":[1,2]}"#, "is nothing"),
        ] {
            assert!(reason(text).contains(says), "{text}: {}", reason(text));
        }
        assert_eq!(place("null"), Place::None);
    }

    #[test]
    fn heights_are_kept_beside_the_shape_and_open_rings_are_closed() {
        let Place::Shape(shape) = place(r#"{"type":"Polygon","coordinates":[[[0,0,5],[1,0,6],[1,1]]]}"#)
        else {
            panic!("a shape")
        };
        assert!(shape.closed_a_ring && shape.m.is_empty());
        assert_eq!((shape.z[0], shape.z[1], shape.z[3]), (5.0, 6.0, 5.0));
        assert!(shape.z[2].is_nan());
    }
}
