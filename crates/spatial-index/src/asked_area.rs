//! An area that somebody asks about, made ready to be held against many shapes.

use geo::{Intersects, Kernel, Orientation, Validation};
use geo_types::{Coord, Line, LineString, MultiPolygon};
use model::Bounds;
use rstar::primitives::{GeomWithData, Rectangle};
use rstar::{AABB, RTree};

use crate::Drawn;
use crate::meeting::Meeting;
use crate::shape::Shape;
use crate::way::{Way, WayError};

/// Most vertices of an area that is asked about.
pub const AREA_VERTICES_MAX: usize = 10_000;

/// Why an area cannot be asked about.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum AreaError {
    /// It has no place.
    Empty,
    /// A coordinate that is not on Earth.
    NotOnEarth,
    /// More vertices than [`AREA_VERTICES_MAX`].
    TooManyVertices,
    /// Its outline is longer than [`crate::WAY_M_MAX`].
    TooLong,
    /// Its outline crosses itself, or the like: what is inside is not certain. Says what is wrong.
    NotValid(String),
}

/// An area that is asked about; edges are straight in longitude and latitude (RFC 7946, 3.1.1).
#[derive(Debug, Clone)]
pub struct AskedArea {
    polygons: MultiPolygon<f64>,
    edges: Vec<Line<f64>>,
    edge_boxes: RTree<Numbered>,
    outline: Way,
    piece_boxes: RTree<Numbered>,
}

type Numbered = GeomWithData<Rectangle<[f64; 2]>, u32>;

impl AskedArea {
    /// The area of valid polygons.
    ///
    /// # Errors
    /// [`AreaError`].
    pub fn of(polygons: MultiPolygon<f64>) -> Result<Self, AreaError> {
        let rings = || polygons.iter().flat_map(|p| std::iter::once(p.exterior()).chain(p.interiors()));
        let places = || rings().flat_map(LineString::coords);
        match places().count() {
            0 => return Err(AreaError::Empty),
            vertices if vertices > AREA_VERTICES_MAX => return Err(AreaError::TooManyVertices),
            _ => {}
        }
        if !places().all(|c| c.x.abs() <= 180.0 && c.y.abs() <= 90.0) {
            return Err(AreaError::NotOnEarth);
        }
        polygons.check_validation().map_err(|wrong| AreaError::NotValid(wrong.to_string()))?;
        let outline = Way::of_edges(&rings().cloned().collect::<Vec<_>>()).map_err(|error| match error {
            WayError::TooManyVertices => AreaError::TooManyVertices,
            WayError::TooLong => AreaError::TooLong,
            WayError::Empty => AreaError::Empty,
            WayError::NotOnEarth => AreaError::NotOnEarth,
        })?;
        let edges: Vec<Line<f64>> = rings().flat_map(LineString::lines).collect();
        let edge_boxes = tree(edges.iter().map(|edge| (edge.start, edge.end)));
        let piece_boxes = tree(outline.pieces().iter().map(|piece| (piece.a, piece.b)));
        Ok(Self { polygons, edges, edge_boxes, outline, piece_boxes })
    }

    /// The polygons.
    pub fn polygons(&self) -> &MultiPolygon<f64> {
        &self.polygons
    }

    /// How large it is, in square metres.
    pub fn area_m2(&self) -> f64 {
        geodesy::straight_area_m2(&self.polygons)
    }

    /// The box around each of its polygons.
    pub(crate) fn boxes(&self) -> impl Iterator<Item = Bounds> + '_ {
        use geo::BoundingRect;
        let rects = self.polygons.iter().filter_map(BoundingRect::bounding_rect);
        rects.map(|r| Bounds { west: r.min().x, south: r.min().y, east: r.max().x, north: r.max().y })
    }

    /// Whether the shape, which lies in `bounds`, and the area share a place; both with their boundaries.
    pub(crate) fn touches(&self, shape: &Shape, drawn: &Drawn, bounds: &Bounds) -> bool {
        let is_at_edge = found(&self.edge_boxes, bounds).next().is_some();
        if is_at_edge && lines(drawn).any(|line| line.lines().any(|edge| self.crosses(&edge))) {
            return true;
        }
        let of_shape = lines(drawn).filter_map(|line| line.0.first().copied());
        let mut of_shape = of_shape.chain(drawn.points.iter().map(|point| point.0));
        let of_area = || self.polygons.iter().filter_map(|polygon| polygon.exterior().0.first());
        of_shape.any(|corner| self.holds(corner))
            || of_area().any(|corner| bounds.holds(*corner) && shape.touches_place(*corner))
    }

    fn crosses(&self, edge: &Line<f64>) -> bool {
        let bounds = bounds_of(edge.start, edge.end);
        found(&self.edge_boxes, &bounds).any(|number| self.edges[number].intersects(edge))
    }

    /// Whether a place lies in the area or on its boundary: by the edges east of it.
    fn holds(&self, place: Coord<f64>) -> bool {
        let eastward = Bounds { west: place.x, south: place.y, east: f64::MAX, north: place.y };
        let mut is_inside = false;
        for number in found(&self.edge_boxes, &eastward) {
            let Line { start: a, end: b } = self.edges[number];
            let (low, high) = if a.y <= b.y { (a, b) } else { (b, a) };
            let side = geo::kernels::RobustKernel::orient2d(low, high, place);
            if side == Orientation::Collinear && bounds_of(a, b).holds(place) {
                return true;
            }
            // West of an edge that goes up is on its left.
            is_inside ^= low.y <= place.y && place.y < high.y && side == Orientation::CounterClockwise;
        }
        is_inside
    }

    /// Whether a shape that does not touch the area comes within `reach_m` of it.
    pub(crate) fn comes_within(&self, shape: &Shape, bounds: &Bounds, reach_m: f64) -> bool {
        let mut meeting = Meeting::default();
        for turn in [0.0, 360.0, -360.0] {
            let turned = Bounds { west: bounds.west + turn, east: bounds.east + turn, ..*bounds };
            for number in found(&self.piece_boxes, &turned) {
                meeting.look(&self.outline.pieces()[number], shape, bounds, reach_m);
            }
        }
        meeting.approach().is_some_and(|approach| approach.at_least_m <= reach_m)
    }

    /// Whether it ends at the 180th meridian: what lies beyond touches it there under the other name.
    pub(crate) fn ends_at_180(&self) -> bool {
        self.boxes().any(|bounds| bounds.west <= -180.0 || bounds.east >= 180.0)
    }
}

fn lines(drawn: &Drawn) -> impl Iterator<Item = &LineString<f64>> {
    let rings = drawn.polygons.iter().flat_map(|p| std::iter::once(p.exterior()).chain(p.interiors()));
    rings.chain(&drawn.lines)
}

fn bounds_of(a: Coord<f64>, b: Coord<f64>) -> Bounds {
    Bounds { west: a.x.min(b.x), south: a.y.min(b.y), east: a.x.max(b.x), north: a.y.max(b.y) }
}

fn tree(edges: impl Iterator<Item = (Coord<f64>, Coord<f64>)>) -> RTree<Numbered> {
    let boxed = |((a, b), number): ((Coord<f64>, Coord<f64>), u32)| {
        let bounds = bounds_of(a, b);
        let corners = ([bounds.west, bounds.south], [bounds.east, bounds.north]);
        GeomWithData::new(Rectangle::from_corners(corners.0, corners.1), number)
    };
    RTree::bulk_load(edges.zip(0_u32..).map(boxed).collect())
}

fn found(tree: &RTree<Numbered>, bounds: &Bounds) -> impl Iterator<Item = usize> {
    let area = AABB::from_corners([bounds.west, bounds.south], [bounds.east, bounds.north]);
    tree.locate_in_envelope_intersecting(area).map(|found| found.data as usize)
}
