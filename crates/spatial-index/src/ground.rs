//! How much ground polygons share or cover, in square metres on the ellipsoid.

use geo::orient::{Direction, Orient};
use geo::{BoundingRect, Intersects};
use geo_types::{Coord, LineString, MultiPolygon, Rect};
use model::Geometry;

use crate::overlay::{self, CELL_MAX, Cell, Combination, OverlayError, Shapes};

/// Ground that lies in both, in square metres. Both must be valid ([`crate::Drawn::polygons`]).
///
/// # Errors
/// [`OverlayError`], where the shapes are beyond the limits of an overlay.
pub fn common_area_m2(one: &MultiPolygon<f64>, other: &MultiPolygon<f64>) -> Result<f64, OverlayError> {
    let boxes = one.bounding_rect().zip(other.bounding_rect());
    let Some((a, b)) = boxes.filter(|(a, b)| a.intersects(b)) else { return Ok(0.0) };
    if !one.intersects(other) {
        return Ok(0.0);
    }
    let grid = Grid::over(&union_box(&a, &b));
    overlay::combine(grid.rings(one), grid.rings(other), Combination::Intersection)
        .map(|shapes| grid.area_m2(shapes))
}

/// Ground that lies in any of them, in square metres: what overlaps is counted once.
///
/// # Errors
/// [`OverlayError`], where the shapes are beyond the limits of an overlay.
pub fn united_area_m2<'a>(
    polygons: impl Iterator<Item = &'a MultiPolygon<f64>> + Clone,
) -> Result<f64, OverlayError> {
    let boxes = polygons.clone().filter_map(BoundingRect::bounding_rect);
    let Some(all) = boxes.reduce(|a, b| union_box(&a, &b)) else { return Ok(0.0) };
    let grid = Grid::over(&all);
    let rings = polygons.flat_map(|polygon| grid.rings(polygon)).collect();
    overlay::combine(rings, Vec::new(), Combination::Union).map(|shapes| grid.area_m2(shapes))
}

pub(crate) fn union_box(a: &Rect<f64>, b: &Rect<f64>) -> Rect<f64> {
    let least = (a.min().x.min(b.min().x), a.min().y.min(b.min().y));
    Rect::new(least, (a.max().x.max(b.max().x), a.max().y.max(b.max().y)))
}

/// The finest integer grid that the engine takes, laid over a box of degrees.
pub(crate) struct Grid {
    origin: Coord<f64>,
    cell_deg: f64,
}

impl Grid {
    pub fn over(area: &Rect<f64>) -> Self {
        const CELL_DEG_MIN: f64 = 1e-12;
        let half_deg = (area.width().max(area.height()) / 2.0).max(CELL_DEG_MIN * f64::from(CELL_MAX));
        // One cell to spare at the rim.
        Self { origin: area.center(), cell_deg: half_deg / f64::from(CELL_MAX - 1) }
    }

    /// Polygons as rings on the grid, outer ones one way round and holes the other.
    pub fn rings(&self, polygons: &MultiPolygon<f64>) -> Vec<Vec<Cell>> {
        let oriented = polygons.orient(Direction::Default);
        let rings = oriented
            .0
            .iter()
            .flat_map(|polygon| std::iter::once(polygon.exterior()).chain(polygon.interiors()));
        rings.map(|ring| self.cells(ring)).collect()
    }

    fn cells(&self, ring: &LineString<f64>) -> Vec<Cell> {
        let cell = |c: &Coord<f64>| {
            let [x, y] =
                [c.x - self.origin.x, c.y - self.origin.y].map(|deg| (deg / self.cell_deg).round() as i32);
            [x, y]
        };
        let mut cells: Vec<_> = ring.0.iter().map(cell).collect();
        cells.pop(); // rings are not closed by repetition here
        cells
    }

    fn area_m2(&self, shapes: Shapes) -> f64 {
        let polygons: Geometry = self.polygons(shapes).into();
        geodesy::measures(&polygons).0.unwrap_or(0.0)
    }

    /// Shapes on the grid as polygons in degrees.
    pub fn polygons(&self, shapes: Shapes) -> MultiPolygon<f64> {
        let place = |[x, y]: Cell| Coord {
            x: self.origin.x + f64::from(x) * self.cell_deg,
            y: self.origin.y + f64::from(y) * self.cell_deg,
        };
        overlay::polygons(shapes, place)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn square(west: f64, south: f64, side: f64) -> MultiPolygon<f64> {
        Rect::new((west, south), (west + side, south + side)).to_polygon().into()
    }

    fn area(polygon: &MultiPolygon<f64>) -> f64 {
        geodesy::measures(&polygon.clone().into()).0.expect("an area")
    }

    #[test]
    fn what_overlaps_is_counted_once() {
        let (a, b) = (square(36.0, 49.0, 0.02), square(36.01, 49.01, 0.02));
        let common = common_area_m2(&a, &b).expect("combines");
        let united = united_area_m2([&a, &b].into_iter()).expect("combines");
        let corner = area(&square(36.01, 49.01, 0.01));
        assert!((common - corner).abs() < 1.0, "{common} {corner}");
        assert!((united + common - area(&a) - area(&b)).abs() < 1.0);
    }

    #[test]
    fn what_is_apart_shares_nothing_and_the_same_twice_is_itself() {
        let (a, away) = (square(36.0, 49.0, 0.02), square(37.0, 49.0, 0.02));
        assert_eq!(common_area_m2(&a, &away), Ok(0.0));
        let twice = united_area_m2([&a, &a].into_iter()).expect("combines");
        assert!((twice - area(&a)).abs() < 0.1);
    }
}
