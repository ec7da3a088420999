//! Whether a place lies in a shape, asked of its pieces without making polygons of them.

use geo::{Kernel, Orientation, kernels::RobustKernel};
use geo_types::Coord;

use crate::shape::{Path, Piece, Shape};

/// Where a place lies of a ring.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Side {
    Inside,
    Boundary,
    Outside,
}

impl Shape {
    /// Whether the place lies in or on the drawn shape; exact for the doubles given (robust predicates, Shewchuk 1997).
    pub fn touches_place(&self, place: Coord<f64>) -> bool {
        let (mut touches, mut in_polygon) = (false, false);
        self.pieces(&mut |piece| match piece {
            Piece::Exterior(ring) => {
                touches |= in_polygon;
                in_polygon = side(ring, place) != Side::Outside;
            }
            Piece::Interior(ring) => in_polygon = in_polygon && side(ring, place) != Side::Inside,
            Piece::Line(path) => touches |= is_on(path, place),
            Piece::Point(path) => touches |= path.coords().any(|c| c == place),
        });
        touches || in_polygon
    }
}

/// By the edges that a ray eastward crosses.
fn side(ring: Path<'_>, place: Coord<f64>) -> Side {
    let mut is_inside = false;
    let mut coords = ring.coords();
    let Some(mut a) = coords.next() else { return Side::Outside };
    if a == place {
        return Side::Boundary;
    }
    for b in coords {
        if b == place || is_level_with(a, b, place) {
            return Side::Boundary;
        }
        if (a.y > place.y) != (b.y > place.y) {
            let (low, high) = if a.y < b.y { (a, b) } else { (b, a) };
            match RobustKernel::orient2d(low, high, place) {
                Orientation::Collinear => return Side::Boundary,
                Orientation::CounterClockwise => is_inside = !is_inside,
                Orientation::Clockwise => {}
            }
        }
        a = b;
    }
    if is_inside { Side::Inside } else { Side::Outside }
}

/// Whether the place lies on an edge that runs due east or west.
fn is_level_with(a: Coord<f64>, b: Coord<f64>, place: Coord<f64>) -> bool {
    a.y == place.y && b.y == place.y && (a.x < place.x) != (b.x < place.x)
}

fn is_on(path: Path<'_>, place: Coord<f64>) -> bool {
    let mut coords = path.coords();
    let Some(mut a) = coords.next() else { return false };
    if a == place {
        return true;
    }
    for b in coords {
        let is_beside = place.x >= a.x.min(b.x)
            && place.x <= a.x.max(b.x)
            && place.y >= a.y.min(b.y)
            && place.y <= a.y.max(b.y);
        if is_beside && RobustKernel::orient2d(a, b, place) == Orientation::Collinear {
            return true;
        }
        a = b;
    }
    false
}
