//! A row's true shape in a tile's plane, cut at the clip box.

use geo::BoundingRect;
use geo_types::{Coord, LineString, Polygon, Rect};
use spatial_index::Drawn;

use crate::clip;
use crate::draw::LEGIBLE;
use crate::frame::Frame;

/// What of a row touches the clip box.
#[derive(Default)]
pub(crate) struct Truth {
    pub parts: Vec<Part>,
}

/// A piece that is drawn one way.
pub(crate) struct Part {
    /// Rings of one polygon (holes run the other way round), or one line there and back.
    pub rings: Vec<Vec<Coord<f64>>>,
    pub kind: Kind,
}

#[derive(Clone, Copy, PartialEq, Eq)]
pub(crate) enum Kind {
    /// Wide enough to be seen as it is.
    Area,
    /// An area to be widened.
    ThinArea,
    /// Drawn as a box.
    Tiny,
    /// A line, or a point beside areas or lines: only a band.
    Line,
}

impl Truth {
    pub fn of(frame: &Frame, drawn: &Drawn) -> Self {
        let area = frame.clip_box();
        let mut truth = Self::default();
        drawn.polygons.iter().for_each(|polygon| truth.add_polygon(frame, &area, polygon));
        for line in &drawn.lines {
            clip::line(&line.0, &area).iter().for_each(|piece| truth.add_line(frame.project_path(piece)));
        }
        let inside = |c: &Coord<f64>| geo::Intersects::intersects(&area, c);
        let places = drawn.points.iter().map(|point| point.0).filter(inside);
        places.for_each(|place| truth.add_line(vec![frame.project(place)]));
        truth
    }

    /// The box around it: least x and y, greatest x and y.
    pub fn span(&self) -> [f64; 4] {
        let none = [f64::MAX, f64::MAX, f64::MIN, f64::MIN];
        let corners = self.parts.iter().flat_map(|part| &part.rings).flatten();
        corners.fold(none, |b, c| [b[0].min(c.x), b[1].min(c.y), b[2].max(c.x), b[3].max(c.y)])
    }

    fn add_polygon(&mut self, frame: &Frame, area: &Rect<f64>, polygon: &Polygon<f64>) {
        let exterior = directed(frame, area, polygon.exterior(), true);
        if exterior.is_empty() {
            return;
        }
        let holes = polygon.interiors().iter().map(|hole| directed(frame, area, hole, false));
        let rings = std::iter::once(exterior).chain(holes).filter(|ring| !ring.is_empty()).collect();
        self.parts.push(Part { rings, kind: kind(frame, polygon) });
    }

    fn add_line(&mut self, path: Vec<Coord<f64>>) {
        let back = path.iter().rev().skip(1).copied();
        let there_and_back = path.iter().copied().chain(back).collect();
        self.parts.push(Part { rings: vec![there_and_back], kind: Kind::Line });
    }
}

/// A ring in the tile's plane, cut, running counter-clockwise in degrees if `forward`.
fn directed(frame: &Frame, area: &Rect<f64>, ring: &LineString<f64>, forward: bool) -> Vec<Coord<f64>> {
    let mut cut = clip::ring(&ring.0, area);
    if (signed_area(&ring.0) >= 0.0) != forward {
        cut.reverse();
    }
    // Closed for its last edge to be cut into pieces as well.
    cut.extend(cut.first().copied());
    let mut projected = frame.project_path(&cut);
    projected.pop();
    projected
}

/// Twice the area in square degrees, positive where the ring runs counter-clockwise.
fn signed_area(ring: &[Coord<f64>]) -> f64 {
    let Some(origin) = ring.first().copied() else { return 0.0 };
    let cross = |pair: &[Coord<f64>]| {
        let (a, b) = (pair[0] - origin, pair[1] - origin);
        a.x * b.y - a.y * b.x
    };
    ring.windows(2).map(cross).sum()
}

/// How a polygon is drawn; decided by all of it, so that neighbouring tiles decide alike.
fn kind(frame: &Frame, polygon: &Polygon<f64>) -> Kind {
    let Some(bounds) = polygon.bounding_rect() else { return Kind::Line };
    let (east, north) = frame.units_per_deg(bounds.center().y);
    let (width, height) = (bounds.width() * east, bounds.height() * north);
    if width < LEGIBLE && height < LEGIBLE {
        return Kind::Tiny;
    }
    if mean_width(polygon, east, north) < LEGIBLE { Kind::ThinArea } else { Kind::Area }
}

/// Width, in units, of the rectangle with the polygon's area and perimeter (its holes included).
fn mean_width(polygon: &Polygon<f64>, east: f64, north: f64) -> f64 {
    let rings = || std::iter::once(polygon.exterior()).chain(polygon.interiors());
    let length = |pair: &[Coord<f64>]| {
        let (x, y) = ((pair[1].x - pair[0].x) * east, (pair[1].y - pair[0].y) * north);
        (x * x + y * y).sqrt()
    };
    let half_around: f64 = rings().flat_map(|ring| ring.0.windows(2)).map(length).sum::<f64>() / 2.0;
    let holes: f64 = polygon.interiors().iter().map(|hole| signed_area(&hole.0).abs()).sum();
    let area = (signed_area(&polygon.exterior().0).abs() - holes).max(0.0) / 2.0 * east * north;
    let squareness = half_around * half_around - 4.0 * area;
    (half_around - squareness.max(0.0).sqrt()) / 2.0
}
