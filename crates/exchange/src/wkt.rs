//! Well-known text of a shape, as CSV files carry it.
//!
//! Read by own code: the nesting is bounded, Z and M are kept, and a number too large is an error.

use geo_types::{Coord, Geometry, GeometryCollection, LineString, MultiLineString, MultiPoint, MultiPolygon};
use geo_types::{Point, Polygon};
use model::limits::NESTING_MAX;
use serde_json::Value;

use crate::source::{Place, Vertices, polygon};

/// Reads a shape; what is not one is kept as it stands.
pub(crate) fn place(text: &str) -> Place {
    if text.trim().is_empty() {
        return Place::None;
    }
    let mut vertices = Vertices::default();
    let mut reader = Reader { rest: text.trim(), vertices: &mut vertices };
    match reader.whole() {
        Ok(geometry) => Place::Shape(Box::new(vertices.shape(geometry))),
        Err(reason) => Place::Unreadable { reason, raw: Value::String(text.to_owned()) },
    }
}

/// Which numbers stand behind x and y.
#[derive(Clone, Copy)]
enum Beside {
    /// As many as there are: z, then m.
    Any,
    /// One: the measure.
    M,
}

struct Reader<'t, 'v> {
    rest: &'t str,
    vertices: &'v mut Vertices,
}

impl<'t> Reader<'t, '_> {
    fn whole(&mut self) -> Result<Geometry<f64>, String> {
        if self.rest.len() > 5
            && self.rest.is_char_boundary(5)
            && self.rest[..5].eq_ignore_ascii_case("SRID=")
        {
            return Err(
                "well-known text with SRID=; give the reference system by --crs and plain text".to_owned()
            );
        }
        let geometry = self.shape(0)?;
        if self.rest.is_empty() { Ok(geometry) } else { Err(format!("{} behind the end", self.shown())) }
    }

    fn shape(&mut self, depth: usize) -> Result<Geometry<f64>, String> {
        if depth > NESTING_MAX {
            return Err(format!("collections nested deeper than {NESTING_MAX} (NESTING_MAX)"));
        }
        let kind = self.word().to_ascii_uppercase();
        let (kind, suffix) = split_suffix(&kind);
        let suffix = if suffix.is_empty() { self.dimension() } else { suffix.to_owned() };
        let beside = if suffix == "M" { Beside::M } else { Beside::Any };
        Ok(match kind {
            "POINT" => Point(self.point(beside)?).into(),
            "LINESTRING" => LineString(self.coords(beside)?).into(),
            "POLYGON" => self.polygon(beside)?.into(),
            "MULTIPOINT" => MultiPoint(self.list(|r| r.point_of_many(beside))?).into(),
            "MULTILINESTRING" => MultiLineString(self.list(|r| Ok(LineString(r.coords(beside)?)))?).into(),
            "MULTIPOLYGON" => MultiPolygon(self.list(|r| r.polygon(beside))?).into(),
            "GEOMETRYCOLLECTION" => {
                Geometry::GeometryCollection(GeometryCollection(self.list(|r| r.shape(depth + 1))?))
            }
            "" => return Err(format!("{} is not well-known text", self.shown())),
            other => {
                return Err(format!(
                    "{other} is no shape that can be read; allowed: points, lines, polygons, collections"
                ));
            }
        })
    }

    fn polygon(&mut self, beside: Beside) -> Result<Polygon<f64>, String> {
        let rings = self.list(|reader| {
            let points = reader.coords(beside)?;
            Ok(reader.vertices.ring(points))
        })?;
        Ok(polygon(rings))
    }

    fn point(&mut self, beside: Beside) -> Result<Coord<f64>, String> {
        match self.coords(beside)?[..] {
            [place] => Ok(place),
            ref places => Err(format!("a point of {} positions", places.len())),
        }
    }

    /// `(1 2)` and `1 2` are both written.
    fn point_of_many(&mut self, beside: Beside) -> Result<Point<f64>, String> {
        if self.rest.starts_with('(') { self.point(beside).map(Point) } else { self.coord(beside).map(Point) }
    }

    fn coords(&mut self, beside: Beside) -> Result<Vec<Coord<f64>>, String> {
        self.list(|reader| reader.coord(beside))
    }

    fn coord(&mut self, beside: Beside) -> Result<Coord<f64>, String> {
        let (x, y) = (self.number()?, self.number()?);
        let mut more = [None, None];
        for slot in &mut more {
            if !self.rest.starts_with([',', ')']) {
                *slot = Some(self.number()?);
            }
        }
        let [z, m] = more;
        Ok(match beside {
            Beside::M => self.vertices.vertex(x, y, None, z),
            Beside::Any => self.vertices.vertex(x, y, z, m),
        })
    }

    /// `EMPTY`, or elements in brackets.
    fn list<T>(&mut self, mut element: impl FnMut(&mut Self) -> Result<T, String>) -> Result<Vec<T>, String> {
        if !self.takes('(') {
            let word = self.word();
            return if word.eq_ignore_ascii_case("EMPTY") {
                Ok(Vec::new())
            } else {
                Err(format!("{word}{} where ( or EMPTY was expected", self.shown()))
            };
        }
        let mut found = vec![element(self)?];
        while self.takes(',') {
            found.push(element(self)?);
        }
        if self.takes(')') { Ok(found) } else { Err(format!("{} where , or ) was expected", self.shown())) }
    }

    fn number(&mut self) -> Result<f64, String> {
        let end = self.rest.find(|c: char| c.is_whitespace() || matches!(c, ',' | '(' | ')'));
        let (word, rest) = self.rest.split_at(end.unwrap_or(self.rest.len()));
        let number: f64 =
            word.parse().map_err(|_| format!("{} where a number was expected", self.shown()))?;
        if !number.is_finite() {
            return Err(format!("{word} is no coordinate"));
        }
        self.rest = rest.trim_start();
        Ok(number)
    }

    fn word(&mut self) -> &'t str {
        let end = self.rest.find(|c: char| !c.is_ascii_alphabetic()).unwrap_or(self.rest.len());
        let (word, rest) = self.rest.split_at(end);
        self.rest = rest.trim_start();
        word
    }

    fn dimension(&mut self) -> String {
        let before = self.rest;
        let word = self.word().to_ascii_uppercase();
        if ["Z", "M", "ZM"].contains(&word.as_str()) {
            return word;
        }
        self.rest = before;
        String::new()
    }

    fn takes(&mut self, sign: char) -> bool {
        match self.rest.strip_prefix(sign) {
            Some(rest) => {
                self.rest = rest.trim_start();
                true
            }
            None => false,
        }
    }

    fn shown(&self) -> String {
        if self.rest.is_empty() {
            "the end".to_owned()
        } else {
            format!("{:?}", self.rest.chars().take(30).collect::<String>())
        }
    }
}

/// `POINTZ` is written as well as `POINT Z`.
fn split_suffix(kind: &str) -> (&str, &str) {
    let suffix = ["ZM", "Z", "M"].into_iter().find(|suffix| kind.len() > 4 && kind.ends_with(suffix));
    suffix.map_or((kind, ""), |suffix| kind.split_at(kind.len() - suffix.len()))
}

/// Writes a shape with every digit of its coordinates.
pub(crate) fn write(geometry: &Geometry<f64>) -> String {
    use wkt::ToWkt;
    match geometry {
        Geometry::Rect(rect) => Geometry::Polygon(rect.to_polygon()).wkt_string(),
        Geometry::Triangle(triangle) => Geometry::Polygon(triangle.to_polygon()).wkt_string(),
        Geometry::Line(line) => Geometry::LineString(LineString::from(*line)).wkt_string(),
        other => other.wkt_string(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use geo_types::line_string;

    fn shape(text: &str) -> crate::source::Shape {
        match place(text) {
            Place::Shape(shape) => *shape,
            other => panic!("{text}: {other:?}"),
        }
    }

    #[test]
    fn every_kind_of_shape_comes_back_from_its_text() {
        let ring = |points: &[(f64, f64)]| LineString::from(points.to_vec());
        let square = Polygon::new(
            ring(&[(0.0, 0.0), (4.0, 0.0), (4.0, 4.0), (0.0, 0.0)]),
            vec![ring(&[(1.0, 0.5), (2.0, 0.5), (2.0, 1.5), (1.0, 0.5)])],
        );
        let line = line_string![(x: 0.1, y: 1.0 / 3.0), (x: -1e-7, y: 2e20)];
        let shapes: Vec<Geometry<f64>> = vec![
            Point::new(30.5, -0.1).into(),
            MultiPoint::from(vec![(1.0, 2.0), (3.0, 4.0)]).into(),
            line.clone().into(),
            MultiLineString(vec![line]).into(),
            square.clone().into(),
            MultiPolygon(vec![square.clone(), square.clone()]).into(),
            Geometry::GeometryCollection(GeometryCollection(vec![
                Point::new(1.0, 2.0).into(),
                square.into(),
            ])),
            MultiPolygon(vec![]).into(),
        ];
        for geometry in shapes {
            assert_eq!(shape(&write(&geometry)).geometry, geometry, "{}", write(&geometry));
        }
    }

    #[test]
    fn heights_and_measures_are_kept_beside_the_shape() {
        assert_eq!(shape("POINT Z (1 2 3)").z, [3.0]);
        assert_eq!(shape("pointz(1 2 3)").z, [3.0]);
        assert_eq!((shape("POINT M (1 2 3)").z, shape("POINT M (1 2 3)").m), (vec![], vec![3.0]));
        assert_eq!(
            (shape("LINESTRING(1 2 3 4,5 6 7 8)").z, shape("LINESTRING(1 2 3 4,5 6 7 8)").m),
            (vec![3.0, 7.0], vec![4.0, 8.0])
        );
        assert!(shape("POLYGON((0 0,1 0,1 1))").closed_a_ring);
    }

    #[test]
    fn what_is_no_shape_is_said_and_kept() {
        for text in [
            "POINT (1e999 2)",
            "POINT (NaN 2)",
            "POINT (1)",
            "POINT EMPTY",
            "CIRCULARSTRING (0 0, 1 1, 2 0)",
            "41.3, 2.1",
            "POLYGON ((0 0, 1 1",
            "POINT (1 2) POINT",
            "TIN (((0 0 0, 0 0 1, 0 1 0, 0 0 0)))",
            "міна",
            "SRID=4326;POINT(1 2)",
        ] {
            assert!(matches!(place(text), Place::Unreadable { .. }), "{text}");
        }
        let deep = format!("{}POINT(1 2){}", "GEOMETRYCOLLECTION(".repeat(50_000), ")".repeat(50_000));
        let Place::Unreadable { reason, .. } = place(&deep) else { panic!("too deep") };
        assert!(reason.contains("NESTING_MAX"));
    }
}
