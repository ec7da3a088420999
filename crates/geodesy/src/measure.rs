//! Distances, directions, lengths and areas on the WGS 84 ellipsoid (Karney's geodesics).

use geo::{Bearing, Destination, Distance, Geodesic, GeodesicArea};
use geo_types::{Coord, Geometry, LineString, Point, Polygon};

/// Semi-major axis of WGS 84 in metres.
pub(crate) const EQUATOR_RADIUS_M: f64 = 6_378_137.0;
/// Smallest radius of curvature of a meridian, at the equator, in metres: a(1 - e²).
const MERIDIAN_RADIUS_M_MIN: f64 = 6_335_439.327;
/// Bounds are widened by this share against rounding.
const OUTWARD: f64 = 1.0 + 1e-9;

/// Area in m² and length in m: an area has both (its length is the perimeter of all rings), a line has a length,
/// points have neither. Overlapping parts count each.
pub fn measures(geometry: &Geometry<f64>) -> (Option<f64>, Option<f64>) {
    let mut sum = Sum::default();
    sum.add(geometry);
    (sum.area_m2, sum.length_m)
}

#[derive(Default)]
struct Sum {
    area_m2: Option<f64>,
    length_m: Option<f64>,
}

impl Sum {
    fn add(&mut self, geometry: &Geometry<f64>) {
        match geometry {
            Geometry::Point(_) | Geometry::MultiPoint(_) => {}
            Geometry::Line(line) => self.add_line(&LineString::from(vec![line.start, line.end])),
            Geometry::LineString(line) => self.add_line(line),
            Geometry::MultiLineString(lines) => lines.iter().for_each(|line| self.add_line(line)),
            Geometry::Polygon(polygon) => self.add_polygon(polygon),
            Geometry::MultiPolygon(polygons) => polygons.iter().for_each(|polygon| self.add_polygon(polygon)),
            Geometry::Rect(rect) => self.add_polygon(&rect.to_polygon()),
            Geometry::Triangle(triangle) => self.add_polygon(&triangle.to_polygon()),
            Geometry::GeometryCollection(parts) => parts.iter().for_each(|part| self.add(part)),
        }
    }

    fn add_line(&mut self, line: &LineString<f64>) {
        let steps = line.0.windows(2).map(|pair| distance_m(pair[0], pair[1]));
        *self.length_m.get_or_insert(0.0) += steps.sum::<f64>();
    }

    fn add_polygon(&mut self, polygon: &Polygon<f64>) {
        let (perimeter_m, mut area_m2) = ring(polygon.exterior());
        *self.length_m.get_or_insert(0.0) += perimeter_m;
        for (perimeter_m, hole_m2) in polygon.interiors().iter().map(ring) {
            area_m2 -= hole_m2;
            *self.length_m.get_or_insert(0.0) += perimeter_m;
        }
        // Holes that lie outside their shell must not take land from other parts.
        *self.area_m2.get_or_insert(0.0) += area_m2.max(0.0);
    }
}

/// Perimeter and area of one ring, whatever its winding.
fn ring(ring: &LineString<f64>) -> (f64, f64) {
    // The unsigned form of a clockwise ring is the Earth without it: take the signed form, per ring.
    let (perimeter_m, area_m2) = Polygon::new(ring.clone(), Vec::new()).geodesic_perimeter_area_signed();
    (perimeter_m, area_m2.abs())
}

/// Geodesic distance in metres.
pub fn distance_m(a: Coord<f64>, b: Coord<f64>) -> f64 {
    Geodesic.distance(Point(a), Point(b))
}

/// Direction in which the way from `a` to `b` starts: degrees clockwise from north, from 0 up to 360.
pub fn bearing_deg(a: Coord<f64>, b: Coord<f64>) -> f64 {
    let degrees = Geodesic.bearing(Point(a), Point(b)).rem_euclid(360.0);
    if degrees >= 360.0 { 0.0 } else { degrees }
}

/// The place `distance_m` metres from `from` in the direction `bearing_deg` (degrees clockwise from north).
pub fn destination(from: Coord<f64>, bearing_deg: f64, distance_m: f64) -> Coord<f64> {
    Geodesic.destination(Point(from), bearing_deg, distance_m).0
}

/// Half width and half height in degrees of a box that certainly contains the circle of `radius_m` around
/// `place`; 180 wide where the circle reaches a pole.
pub fn degrees_around(place: Coord<f64>, radius_m: f64) -> (f64, f64) {
    let dlat = (radius_m / MERIDIAN_RADIUS_M_MIN).to_degrees() * OUTWARD;
    let farthest = place.y.abs() + dlat;
    if farthest >= 90.0 {
        return (180.0, dlat.min(180.0));
    }
    // A way of that length nowhere leaves these latitudes, and a degree of longitude is shortest at the last.
    let dlon = (radius_m / (EQUATOR_RADIUS_M * farthest.to_radians().cos())).to_degrees() * OUTWARD;
    (dlon.min(180.0), dlat)
}

#[cfg(test)]
mod tests {
    use super::*;
    use geo_types::polygon;
    use proptest::prelude::*;

    const KYIV: Coord<f64> = Coord { x: 30.5, y: 50.4 };

    #[test]
    fn a_square_has_the_same_area_in_both_windings() {
        let square =
            polygon![(x: 36.0, y: 49.0), (x: 36.01, y: 49.0), (x: 36.01, y: 49.01), (x: 36.0, y: 49.01)];
        let clockwise =
            polygon![(x: 36.0, y: 49.0), (x: 36.0, y: 49.01), (x: 36.01, y: 49.01), (x: 36.01, y: 49.0)];
        let (one, other) = (measures(&square.into()), measures(&clockwise.into()));
        assert!((one.0.expect("area") - other.0.expect("area")).abs() < 1e-6);
        // A degree of latitude is 111.2 km, of longitude 73.2 km there: 1.112 km by 0.732 km.
        assert!((one.0.expect("area") - 813_661.0).abs() < 3_000.0, "{one:?}");
        assert!((one.1.expect("perimeter") - 3_687.0).abs() < 10.0, "{one:?}");
    }

    #[test]
    fn points_have_no_measures_and_lines_a_length_only() {
        assert_eq!(measures(&Point(KYIV).into()), (None, None));
        let line = LineString::from(vec![(0.0, 0.0), (1.0, 0.0)]);
        let (area, length) = measures(&line.into());
        assert_eq!(area, None);
        assert!((length.expect("length") - 111_319.490_793).abs() < 1e-3);
    }

    #[test]
    fn a_hole_takes_its_area_away() {
        let field = polygon![
            exterior: [(x: 0.0, y: 0.0), (x: 2.0, y: 0.0), (x: 2.0, y: 2.0), (x: 0.0, y: 2.0)],
            interiors: [[(x: 0.5, y: 0.5), (x: 1.5, y: 0.5), (x: 1.5, y: 1.5), (x: 0.5, y: 1.5)]],
        ];
        let (whole, _) = measures(&Polygon::new(field.exterior().clone(), vec![]).into());
        let (hole, _) = measures(&Polygon::new(field.interiors()[0].clone(), vec![]).into());
        let (left, _) = measures(&field.into());
        assert!((whole.expect("a") - hole.expect("a") - left.expect("a")).abs() < 1e-3);
    }

    proptest! {
        #[test]
        fn going_and_measuring_back_agree(lon in -179.0..179.0, lat in -85.0..85.0, to in 0.0..360.0, m in 1.0..1e6) {
            let from = Coord { x: lon, y: lat };
            let there = destination(from, to, m);
            prop_assert!((distance_m(from, there) - m).abs() < 1e-6);
            let turned = (bearing_deg(from, there) - to).abs();
            prop_assert!(turned.min(360.0 - turned) < 1e-6);
        }

        #[test]
        fn the_box_contains_the_circle(lon in -180.0..180.0, lat in -90.0..90.0, to in 0.0..360.0, m in 0.0..5e5) {
            let place = Coord { x: lon, y: lat };
            let (dlon, dlat) = degrees_around(place, m);
            let edge = destination(place, to, m);
            let apart = (edge.x - lon).abs() % 360.0;
            prop_assert!(apart.min(360.0 - apart) <= dlon && (edge.y - lat).abs() <= dlat);
        }
    }
}
