//! The shape a record is drawn and asked by: always valid, never smaller than what was entered.

use geo::{BoundingRect, Intersects, Validation};
use geo_types::{Coord, LineString, MultiLineString, MultiPoint, MultiPolygon, Point, Polygon, Rect};
use model::{Bounds, Geometry};

use crate::covering::{self, Outline};

/// Polygons, lines and points that together cover a geometry as entered.
#[derive(Debug, Clone, PartialEq)]
pub struct Drawn {
    /// Areas; valid, their parts do not overlap.
    pub polygons: MultiPolygon<f64>,
    /// Lines, and outlines whose points lie on one line.
    pub lines: MultiLineString<f64>,
    /// Single places, and outlines of one point.
    pub points: MultiPoint<f64>,
}

impl Default for Drawn {
    fn default() -> Self {
        Self {
            polygons: MultiPolygon(Vec::new()),
            lines: MultiLineString(Vec::new()),
            points: MultiPoint(Vec::new()),
        }
    }
}

/// Polygons with more vertices than this are not held against the rules of validity (the test grows faster
/// than their size) but drawn by the repair, which covers them either way.
const VALIDATED_VERTICES_MAX: usize = 20_000;

impl Drawn {
    /// The shape that draws `geometry`. Valid polygons are taken as they are; a broken outline is filled
    /// wherever it winds around a place, united with its inner rings, and has no holes.
    ///
    /// Coordinates must be finite ([`model::is_placeable`]); what is not finite is left out.
    pub fn covering(geometry: &Geometry) -> Self {
        let mut parts = Parts::default();
        parts.take(geometry, &is_valid);
        parts.drawn()
    }

    /// The same where it is known already whether some outline breaks the rules of polygons: nothing is tested.
    pub(crate) fn of(geometry: &Geometry, has_broken_outline: bool) -> Self {
        if has_broken_outline {
            return Self::covering(geometry);
        }
        let mut parts = Parts::default();
        parts.take(geometry, &|_| true);
        let polygons = MultiPolygon(std::mem::take(&mut parts.valid));
        parts.drawn_with(polygons)
    }

    /// The parts of a geometry as they stand.
    pub(crate) fn direct(geometry: &Geometry) -> Self {
        let mut drawn = Self::default();
        drawn.add(geometry);
        drawn
    }

    fn add(&mut self, geometry: &Geometry) {
        match geometry {
            Geometry::Point(point) => self.points.0.push(*point),
            Geometry::MultiPoint(points) => self.points.0.extend(&points.0),
            Geometry::Line(line) => self.lines.0.push(line.into()),
            Geometry::LineString(line) => self.lines.0.push(line.clone()),
            Geometry::MultiLineString(lines) => self.lines.0.extend(lines.0.iter().cloned()),
            Geometry::Polygon(polygon) => self.polygons.0.push(polygon.clone()),
            Geometry::MultiPolygon(polygons) => self.polygons.0.extend(polygons.0.iter().cloned()),
            Geometry::GeometryCollection(parts) => parts.iter().for_each(|part| self.add(part)),
            Geometry::Rect(rect) => self.polygons.0.push(rect.to_polygon()),
            Geometry::Triangle(triangle) => self.polygons.0.push(triangle.to_polygon()),
        }
    }

    /// The box around it.
    pub fn bounds(&self) -> Option<Bounds> {
        let rects = [self.polygons.bounding_rect(), self.lines.bounding_rect(), self.points.bounding_rect()];
        let boxes = rects.into_iter().flatten().map(|rect| Bounds {
            west: rect.min().x,
            south: rect.min().y,
            east: rect.max().x,
            north: rect.max().y,
        });
        boxes.reduce(Bounds::union)
    }

    /// Areas, lines and points, each as one geometry.
    pub(crate) fn parts(&self) -> [Geometry; 3] {
        [self.polygons.clone().into(), self.lines.clone().into(), self.points.clone().into()]
    }

    /// Whether the place lies in or on the shape.
    pub fn touches_place(&self, place: Coord<f64>) -> bool {
        self.polygons.intersects(&place) || self.lines.intersects(&place) || self.points.intersects(&place)
    }

    /// Whether the shape and the box share a point; both with their boundaries.
    pub fn touches_box(&self, rect: &Rect<f64>) -> bool {
        let inside = |c: &Coord<f64>| rect.intersects(c);
        self.points.iter().any(|point| inside(&point.0))
            || self.lines.iter().any(|line| line.coords().any(inside) || rect.intersects(line))
            || self.polygons.iter().any(|polygon| polygon_touches_box(polygon, rect))
    }
}

fn polygon_touches_box(polygon: &Polygon<f64>, rect: &Rect<f64>) -> bool {
    polygon.exterior().coords().any(|c| rect.intersects(c))
        || polygon.intersects(&rect.min())
        || rect.to_lines().iter().any(|side| polygon.exterior().intersects(side))
        || polygon.interiors().iter().any(|ring| rect.to_lines().iter().any(|side| ring.intersects(side)))
}

fn is_valid(polygon: &Polygon<f64>) -> bool {
    let vertices =
        polygon.exterior().0.len() + polygon.interiors().iter().map(|ring| ring.0.len()).sum::<usize>();
    vertices <= VALIDATED_VERTICES_MAX && polygon.is_valid()
}

/// What a geometry falls apart into.
#[derive(Default)]
struct Parts {
    valid: Vec<Polygon<f64>>,
    broken: Vec<Outline>,
    lines: Vec<LineString<f64>>,
    points: Vec<Point<f64>>,
}

impl Parts {
    fn take(&mut self, geometry: &Geometry, is_valid: &dyn Fn(&Polygon<f64>) -> bool) {
        match geometry {
            Geometry::Point(point) => self.points.push(*point),
            Geometry::MultiPoint(points) => self.points.extend(&points.0),
            Geometry::Line(line) => self.take_path(vec![line.start, line.end]),
            Geometry::LineString(line) => self.take_path(line.0.clone()),
            Geometry::MultiLineString(lines) => lines.iter().for_each(|line| self.take_path(line.0.clone())),
            Geometry::Polygon(polygon) => self.take_polygon(polygon, is_valid),
            Geometry::MultiPolygon(polygons) => polygons.iter().for_each(|p| self.take_polygon(p, is_valid)),
            Geometry::GeometryCollection(parts) => parts.iter().for_each(|part| self.take(part, is_valid)),
            Geometry::Rect(rect) => self.take_polygon(&rect.to_polygon(), is_valid),
            Geometry::Triangle(triangle) => self.take_polygon(&triangle.to_polygon(), is_valid),
        }
    }

    fn take_polygon(&mut self, polygon: &Polygon<f64>, is_valid: &dyn Fn(&Polygon<f64>) -> bool) {
        if is_valid(polygon) && covering::encloses_ground(&polygon.exterior().0) {
            return self.valid.push(polygon.clone());
        }
        for ring in std::iter::once(polygon.exterior()).chain(polygon.interiors()) {
            match covering::outline(&ring.0) {
                Some(outline) => self.broken.push(outline),
                None => self.take_path(ring.0.clone()),
            }
        }
    }

    /// Takes a path as a line, or as a point where all its places are one.
    fn take_path(&mut self, mut path: Vec<Coord<f64>>) {
        path.retain(|c| c.x.is_finite() && c.y.is_finite());
        path.dedup();
        match path.as_slice() {
            [] => {}
            [only] => self.points.push(Point(*only)),
            [..] => self.lines.push(LineString(path)),
        }
    }

    fn drawn(mut self) -> Drawn {
        let (valid, broken) = (std::mem::take(&mut self.valid), std::mem::take(&mut self.broken));
        self.drawn_with(covering::united(valid, broken))
    }

    fn drawn_with(self, polygons: MultiPolygon<f64>) -> Drawn {
        Drawn { polygons, lines: MultiLineString(self.lines), points: MultiPoint(self.points) }
    }
}
