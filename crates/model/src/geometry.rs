//! What can be said of a geometry without measuring it on the ground.

use geo::algorithm::CoordsIter;
use geo::kernels::RobustKernel;
use geo::{HasDimensions, Intersects, Kernel, Orientation, Validation};
use geo_types::{Coord, Line};

use crate::limits::POINT_SPACING_M_MAX;
use crate::{Finding, Geometry, Severity};

/// A box in degrees: west ≤ east, south ≤ north. It never crosses the 180th meridian.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Bounds {
    /// Least longitude.
    pub west: f64,
    /// Least latitude.
    pub south: f64,
    /// Greatest longitude.
    pub east: f64,
    /// Greatest latitude.
    pub north: f64,
}

impl Bounds {
    /// The whole Earth.
    pub const WORLD: Bounds = Bounds { west: -180.0, south: -90.0, east: 180.0, north: 90.0 };

    /// The box around a geometry; `None` where it has no coordinate.
    pub fn of(geometry: &Geometry) -> Option<Self> {
        use geo::BoundingRect;
        let rect = geometry.bounding_rect()?;
        Some(Self { west: rect.min().x, south: rect.min().y, east: rect.max().x, north: rect.max().y })
    }

    /// The smallest box around both.
    pub fn union(self, other: Self) -> Self {
        Self {
            west: self.west.min(other.west),
            south: self.south.min(other.south),
            east: self.east.max(other.east),
            north: self.north.max(other.north),
        }
    }

    /// Whether a place lies in it; its edge counts.
    pub fn holds(&self, place: Coord<f64>) -> bool {
        (self.west..=self.east).contains(&place.x) && (self.south..=self.north).contains(&place.y)
    }

    /// Whether the two share a point; touching counts.
    pub fn touches(&self, other: &Self) -> bool {
        self.west <= other.east
            && other.west <= self.east
            && self.south <= other.north
            && other.south <= self.north
    }
}

/// Every coordinate of a geometry.
pub fn coordinates(geometry: &Geometry) -> impl Iterator<Item = Coord<f64>> + '_ {
    geometry.coords_iter()
}

/// How many vertices a geometry has.
pub fn vertex_count(geometry: &Geometry) -> usize {
    geometry.coords_count()
}

/// The box around a geometry that can be shown on Earth.
pub fn bounds(geometry: &Geometry) -> Option<Bounds> {
    let point = |c: Coord<f64>| Bounds { west: c.x, south: c.y, east: c.x, north: c.y };
    let all = || coordinates(geometry).map(point).reduce(Bounds::union);
    is_placeable(geometry).then(all).flatten()
}

/// Whether a geometry can be shown on Earth: it has a coordinate, and all are finite and in range.
pub fn is_placeable(geometry: &Geometry) -> bool {
    let in_range = |c: Coord<f64>| c.x.abs() <= 180.0 && c.y.abs() <= 90.0;
    vertex_count(geometry) > 0 && coordinates(geometry).all(in_range)
}

/// Everything wrong with the shape of a placeable geometry (GICHD Minimum Data Requirements, quality checks).
pub fn geometry_findings(geometry: &Geometry) -> Vec<Finding> {
    let mut findings = Vec::new();
    findings.extend(at_null_island(geometry));
    for ring in outlines(geometry) {
        findings.extend(ring_findings(ring));
    }
    findings.extend(invalid(geometry));
    findings
}

fn at_null_island(geometry: &Geometry) -> Option<Finding> {
    let zero = coordinates(geometry).find(|c| c.x == 0.0 && c.y == 0.0)?;
    let message = "a coordinate is longitude 0, latitude 0: usually a missing value";
    Some(Finding::new("geometry.position_zero", Severity::High, message).at(zero))
}

fn invalid(geometry: &Geometry) -> Option<Finding> {
    if matches!(geometry, Geometry::Point(_) | Geometry::MultiPoint(_)) || geometry.is_empty() {
        return None;
    }
    if is_simple(geometry) {
        return None;
    }
    let problem = geometry.check_validation().err()?;
    let message = format!("{problem}; kept as entered, drawn by a shape that covers it");
    let finding = Finding::new("geometry.invalid_ring", Severity::High, message);
    Some(match coordinates(geometry).next() {
        Some(first) => finding.at(first),
        None => finding,
    })
}

/// Whether the geometry is one outline that plainly never meets itself: most are, and the full test compares
/// every side with every other. `false` says nothing.
fn is_simple(geometry: &Geometry) -> bool {
    const SIDES_MAX: usize = 500;
    let Geometry::Polygon(polygon) = geometry else { return false };
    let sides: Vec<_> = polygon.exterior().lines().collect();
    let is_small = polygon.interiors().is_empty() && (3..=SIDES_MAX).contains(&sides.len());
    is_small && sides.iter().enumerate().all(|(i, side)| meets_only_its_neighbours(i, side, &sides))
}

fn meets_only_its_neighbours(i: usize, side: &Line<f64>, sides: &[Line<f64>]) -> bool {
    let next = &sides[(i + 1) % sides.len()];
    let turns = RobustKernel::orient2d(side.start, side.end, next.end) != Orientation::Collinear;
    let last = if i == 0 { sides.len() - 1 } else { sides.len() };
    turns
        && sides[..last].iter().skip(i + 2).all(|other| !boxes_touch(side, other) || !side.intersects(other))
}

fn boxes_touch(a: &Line<f64>, b: &Line<f64>) -> bool {
    a.start.x.min(a.end.x) <= b.start.x.max(b.end.x)
        && b.start.x.min(b.end.x) <= a.start.x.max(a.end.x)
        && a.start.y.min(a.end.y) <= b.start.y.max(b.end.y)
        && b.start.y.min(b.end.y) <= a.start.y.max(a.end.y)
}

fn outlines(geometry: &Geometry) -> Vec<&geo_types::LineString<f64>> {
    match geometry {
        Geometry::Polygon(polygon) => rings(polygon),
        Geometry::MultiPolygon(polygons) => polygons.iter().flat_map(rings).collect(),
        Geometry::LineString(line) => vec![line],
        Geometry::MultiLineString(lines) => lines.iter().collect(),
        Geometry::GeometryCollection(parts) => parts.iter().flat_map(outlines).collect(),
        Geometry::Point(_)
        | Geometry::MultiPoint(_)
        | Geometry::Line(_)
        | Geometry::Rect(_)
        | Geometry::Triangle(_) => Vec::new(),
    }
}

fn rings(polygon: &geo_types::Polygon<f64>) -> Vec<&geo_types::LineString<f64>> {
    std::iter::once(polygon.exterior()).chain(polygon.interiors()).collect()
}

fn ring_findings(ring: &geo_types::LineString<f64>) -> Vec<Finding> {
    let mut findings = Vec::new();
    let distinct = distinct_up_to_three(ring);
    if ring.is_closed() && ring.0.len() > 1 && distinct < 3 {
        let message = format!("an outline of {distinct} different points; an area needs at least 3");
        findings.push(Finding::new("geometry.too_few_points", Severity::Medium, message).at(ring.0[0]));
    }
    if ring.is_closed() && distinct >= 3 && is_on_one_line(ring) {
        let message = "all points of the outline lie on one line; an area has a width";
        findings.push(Finding::new("geometry.collinear", Severity::Medium, message).at(ring.0[0]));
    }
    if let Some(twice) = ring.0.windows(2).find(|pair| pair[0] == pair[1] && ring.0.len() > 2) {
        let message = "the same point stands twice in a row";
        findings.push(Finding::new("geometry.duplicate_point", Severity::High, message).at(twice[0]));
    }
    if let Some(far) = ring.0.windows(2).find(|pair| apart_m(pair[0], pair[1]) > POINT_SPACING_M_MAX) {
        let message = format!("two points in a row are {:.1} km apart", apart_m(far[0], far[1]) / 1000.0);
        findings.push(Finding::new("geometry.points_far_apart", Severity::Low, message).at(far[0]));
    }
    findings
}

/// Whether an outline is nowhere wider than 0.000001 degree, the tolerance at which GICHD's geocheck takes
/// points for the same.
fn is_on_one_line(ring: &geo_types::LineString<f64>) -> bool {
    const WIDTH_DEG_MAX: f64 = 0.000_001;
    let from = ring.0[0];
    let reach = |c: &Coord<f64>| (c.x - from.x).hypot(c.y - from.y);
    let Some(far) = ring.0.iter().max_by(|a, b| reach(a).total_cmp(&reach(b))) else { return false };
    let (along_x, along_y, length) = (far.x - from.x, far.y - from.y, reach(far));
    let aside = |c: &Coord<f64>| ((c.x - from.x) * along_y - (c.y - from.y) * along_x).abs();
    ring.0.iter().all(|c| aside(c) <= WIDTH_DEG_MAX * length)
}

fn distinct_up_to_three(ring: &geo_types::LineString<f64>) -> usize {
    let mut seen: Vec<Coord<f64>> = Vec::with_capacity(3);
    for point in &ring.0 {
        if !seen.contains(point) {
            seen.push(*point);
        }
        if seen.len() == 3 {
            break;
        }
    }
    seen.len()
}

/// Distance on a sphere in metres, or 0 for points that are plainly near: enough to notice points kilometres
/// apart.
fn apart_m(a: Coord<f64>, b: Coord<f64>) -> f64 {
    const METRES_PER_DEGREE: f64 = 111_195.0;
    // Two hundredths of a degree either way is under 3.2 km: far from any limit, and nearly always the case.
    if (b.x - a.x).abs() < 0.02 && (b.y - a.y).abs() < 0.02 {
        return 0.0;
    }
    let east = (b.x - a.x) * ((a.y + b.y) / 2.0).to_radians().cos();
    let north = b.y - a.y;
    east.hypot(north) * METRES_PER_DEGREE
}

#[cfg(test)]
mod tests {
    use super::*;
    use geo_types::polygon;

    fn rules(geometry: &Geometry) -> Vec<String> {
        geometry_findings(geometry).into_iter().map(|finding| finding.rule).collect()
    }

    #[test]
    fn a_plain_polygon_has_no_findings() {
        let field = polygon![(x: 36.0, y: 49.0), (x: 36.01, y: 49.0), (x: 36.01, y: 49.01)];
        assert_eq!(rules(&field.into()), Vec::<String>::new());
    }

    proptest::proptest! {
        #[test]
        fn an_outline_taken_for_simple_is_valid(points in proptest::collection::vec((0..9_i8, 0..9_i8), 3..9)) {
            let ring: Vec<(f64, f64)> = points.into_iter().map(|(x, y)| (f64::from(x), f64::from(y))).collect();
            let polygon = geo_types::Polygon::new(ring.into(), Vec::new());
            let valid = polygon.is_valid();
            proptest::prop_assert!(valid || !is_simple(&polygon.into()));
        }
    }

    #[test]
    fn a_bow_tie_is_an_invalid_ring() {
        let bow_tie =
            polygon![(x: 36.0, y: 49.0), (x: 36.01, y: 49.01), (x: 36.01, y: 49.0), (x: 36.0, y: 49.01)];
        assert_eq!(rules(&bow_tie.into()), ["geometry.invalid_ring"]);
    }

    #[test]
    fn two_points_a_repeated_point_and_a_far_point_are_each_found() {
        let two = polygon![(x: 36.0, y: 49.0), (x: 36.01, y: 49.0)];
        assert!(rules(&two.into()).contains(&"geometry.too_few_points".to_owned()));
        let twice =
            polygon![(x: 36.0, y: 49.0), (x: 36.0, y: 49.0), (x: 36.01, y: 49.0), (x: 36.01, y: 49.01)];
        assert!(rules(&twice.into()).contains(&"geometry.duplicate_point".to_owned()));
        let far = polygon![(x: 36.0, y: 49.0), (x: 36.2, y: 49.0), (x: 36.1, y: 49.01)];
        assert_eq!(rules(&far.into()), ["geometry.points_far_apart"]);
    }

    #[test]
    fn an_outline_whose_points_lie_on_one_line_is_found_and_a_narrow_strip_is_not() {
        let line = polygon![(x: 36.1, y: 49.1), (x: 36.12, y: 49.12), (x: 36.11, y: 49.11)];
        assert!(rules(&line.into()).contains(&"geometry.collinear".to_owned()));
        let strip = polygon![(x: 36.0, y: 49.0), (x: 36.01, y: 49.0), (x: 36.01, y: 49.000_01), (x: 36.0, y: 49.000_01)];
        assert_eq!(rules(&strip.into()), Vec::<String>::new());
    }

    #[test]
    fn latitudes_off_the_earth_and_empty_shapes_cannot_be_placed() {
        assert!(!is_placeable(&geo_types::Point::new(30.0, 1108.0).into()));
        assert!(!is_placeable(&geo_types::Point::new(f64::NAN, 50.0).into()));
        assert!(!is_placeable(&Geometry::MultiPolygon(geo_types::MultiPolygon(vec![]))));
    }
}
