//! Whether two geometries share a point, fast where one is detailed and the other small.
//!
//! Two shapes share a point exactly where their edges meet, or where a part of one lies within an area of the
//! other; then any one corner of that part decides. Only edges near both boxes are compared, so that a hazard of
//! ten corners costs one pass over a district of ten thousand.

use std::borrow::Cow;

use geo::{BoundingRect, Intersects};
use geo_types::{Coord, Line, LineString, Point, Polygon, Rect};
use model::Geometry;
use rstar::primitives::{GeomWithData, Rectangle};
use rstar::{AABB, RTree};

/// More pairs of near edges than this are found by a tree.
const PAIRS_SCANNED_MAX: usize = 100_000;

/// Whether two geometries share a point; boundaries count. Areas are what their rings wind around an odd number
/// of times.
pub fn touches(one: &Geometry, other: &Geometry) -> bool {
    let (Some(a), Some(b)) = (one.bounding_rect(), other.bounding_rect()) else { return false };
    let Some(common) = common(&a, &b) else { return false };
    let (one, other) = (Parts::of(one), Parts::of(other));
    one.lies_in(&other, &b)
        || other.lies_in(&one, &a)
        || edges_meet(&one.edges(&common), &other.edges(&common))
}

fn common(a: &Rect<f64>, b: &Rect<f64>) -> Option<Rect<f64>> {
    let least = (a.min().x.max(b.min().x), a.min().y.max(b.min().y));
    let most = (a.max().x.min(b.max().x), a.max().y.min(b.max().y));
    (least.0 <= most.0 && least.1 <= most.1).then(|| Rect::new(least, most))
}

/// What a geometry falls apart into.
#[derive(Default)]
struct Parts<'a> {
    areas: Vec<Cow<'a, Polygon<f64>>>,
    lines: Vec<Cow<'a, LineString<f64>>>,
    points: Vec<Point<f64>>,
}

impl<'a> Parts<'a> {
    fn of(geometry: &'a Geometry) -> Self {
        let mut parts = Self::default();
        parts.take(geometry);
        parts
    }

    fn take(&mut self, geometry: &'a Geometry) {
        match geometry {
            Geometry::Point(point) => self.points.push(*point),
            Geometry::MultiPoint(points) => self.points.extend(&points.0),
            Geometry::Line(line) => self.lines.push(Cow::Owned((*line).into())),
            Geometry::LineString(line) => self.lines.push(Cow::Borrowed(line)),
            Geometry::MultiLineString(lines) => self.lines.extend(lines.iter().map(Cow::Borrowed)),
            Geometry::Polygon(polygon) => self.areas.push(Cow::Borrowed(polygon)),
            Geometry::MultiPolygon(polygons) => self.areas.extend(polygons.iter().map(Cow::Borrowed)),
            Geometry::GeometryCollection(all) => all.iter().for_each(|part| self.take(part)),
            Geometry::Rect(rect) => self.areas.push(Cow::Owned(rect.to_polygon())),
            Geometry::Triangle(triangle) => self.areas.push(Cow::Owned(triangle.to_polygon())),
        }
    }

    /// Whether a corner of one of the parts lies in an area of the other, or a single place on its lines.
    fn lies_in(&self, other: &Parts, other_box: &Rect<f64>) -> bool {
        let in_an_area = |c: &Coord<f64>| other.areas.iter().any(|area| area.intersects(c));
        let rings = self.areas.iter().filter_map(|area| area.exterior().0.first());
        let lines = self.lines.iter().filter_map(|line| line.0.first());
        let is_near = |c: &&Coord<f64>| other_box.intersects(*c);
        rings.chain(lines).filter(is_near).any(in_an_area)
            || self
                .points
                .iter()
                .map(|point| &point.0)
                .filter(is_near)
                .any(|c| in_an_area(c) || other.has_place(c))
    }

    fn has_place(&self, place: &Coord<f64>) -> bool {
        self.lines.iter().any(|line| line.intersects(place))
            || self.points.iter().any(|point| point.0 == *place)
    }

    /// Edges of areas and lines whose boxes touch a box.
    fn edges(&self, near: &Rect<f64>) -> Vec<Line<f64>> {
        let rings =
            self.areas.iter().flat_map(|area| std::iter::once(area.exterior()).chain(area.interiors()));
        let paths = rings.chain(self.lines.iter().map(AsRef::as_ref));
        paths.flat_map(|path| path.lines()).filter(|edge| box_of(edge).intersects(near)).collect()
    }
}

fn box_of(edge: &Line<f64>) -> Rect<f64> {
    Rect::new(edge.start, edge.end)
}

fn edges_meet(one: &[Line<f64>], other: &[Line<f64>]) -> bool {
    if one.len().saturating_mul(other.len()) <= PAIRS_SCANNED_MAX {
        return one.iter().any(|a| other.iter().any(|b| a.intersects(b)));
    }
    let (few, many) = if one.len() <= other.len() { (one, other) } else { (other, one) };
    let boxed = |edge: &Line<f64>| {
        let bounds = box_of(edge);
        GeomWithData::new(Rectangle::from_corners(bounds.min().into(), bounds.max().into()), *edge)
    };
    let tree: RTree<GeomWithData<Rectangle<[f64; 2]>, Line<f64>>> =
        RTree::bulk_load(many.iter().map(boxed).collect());
    few.iter().any(|edge| {
        let bounds = box_of(edge);
        let area = AABB::from_corners(bounds.min().into(), bounds.max().into());
        tree.locate_in_envelope_intersecting(area).any(|found| found.data.intersects(edge))
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use geo_types::{MultiPoint, polygon};
    use proptest::prelude::*;

    fn star(x: f64, y: f64, radii: &[f64]) -> Polygon<f64> {
        let corner = |(number, radius): (usize, &f64)| {
            let angle = number as f64 / radii.len() as f64 * std::f64::consts::TAU;
            Coord { x: x + radius * angle.cos(), y: y + radius * angle.sin() }
        };
        Polygon::new(radii.iter().enumerate().map(corner).collect(), Vec::new())
    }

    proptest! {
        #[test]
        fn touching_is_what_geo_says_of_areas_lines_and_places(
            a in prop::collection::vec(0.5_f64..4.0, 3..40), b in prop::collection::vec(0.1_f64..2.0, 3..12),
            x in -6.0_f64..6.0, y in -6.0_f64..6.0,
        ) {
            let (a, b) = (star(0.0, 0.0, &a), star(x, y, &b));
            let line = b.exterior().clone();
            let places = MultiPoint::from(line.0.iter().copied().take(3).map(Point).collect::<Vec<_>>());
            let unit: Geometry = a.clone().into();
            prop_assert_eq!(touches(&unit, &b.clone().into()), a.intersects(&b));
            prop_assert_eq!(touches(&b.clone().into(), &unit), a.intersects(&b));
            prop_assert_eq!(touches(&unit, &line.clone().into()), a.intersects(&line));
            prop_assert_eq!(touches(&unit, &places.clone().into()), a.intersects(&places));
            prop_assert!(touches(&line.into(), &places.into()));
        }
    }

    #[test]
    fn what_lies_in_a_hole_does_not_touch_and_what_fills_it_does() {
        let ring = polygon!(exterior: [(x: 0.0, y: 0.0), (x: 9.0, y: 0.0), (x: 9.0, y: 9.0), (x: 0.0, y: 9.0)],
            interiors: [[(x: 3.0, y: 3.0), (x: 6.0, y: 3.0), (x: 6.0, y: 6.0), (x: 3.0, y: 6.0)]]);
        let within = Rect::new((4.0, 4.0), (5.0, 5.0)).into();
        assert!(!touches(&ring.clone().into(), &within));
        assert!(touches(&ring.into(), &Rect::new((3.0, 3.0), (6.0, 6.0)).into()));
    }

    #[test]
    fn the_tree_and_the_scan_agree() {
        let (a, b) = (star(0.0, 0.0, &vec![3.0; 2_000]), star(0.0, 0.0, &vec![3.000_001; 2_000]));
        assert!(touches(&a.exterior().clone().into(), &star(5.9, 0.0, &vec![3.0; 2_000]).into()));
        assert!(!touches(&a.exterior().clone().into(), &b.exterior().clone().into()));
    }
}
