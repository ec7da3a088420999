//! Boxes that never miss: rounded outward, split at the 180th meridian, whole circles around the poles.

use geo_types::Coord;
use model::Bounds;

/// The one or two boxes of a shape that reaches over the 180th meridian by its position accuracy.
#[derive(Debug, Clone, Copy, PartialEq, Default)]
pub(crate) struct Boxes {
    own: Option<Bounds>,
    beyond: Option<Bounds>,
}

/// Half the Earth's circumference and more: nothing is further away.
const FARTHEST_M: f64 = 20_100_000.0;

impl Boxes {
    /// The box around all places within `reach_m` of a place. Both sides of the 180th meridian are one
    /// place.
    pub fn near(place: Coord<f64>, reach_m: f64) -> Self {
        let point = Bounds { west: place.x, south: place.y, east: place.x, north: place.y };
        let mut boxes = Self::grown(point, reach_m);
        if let (Some(own), None) = (boxes.own, boxes.beyond) {
            if own.east >= 180.0 {
                boxes.beyond = Some(Bounds { west: -180.0, east: -180.0, ..own });
            } else if own.west <= -180.0 {
                boxes.beyond = Some(Bounds { west: 180.0, east: 180.0, ..own });
            }
        }
        boxes
    }

    /// The box from `west` eastward to `east`, which may cross the 180th meridian (west > east).
    pub fn between(west: f64, south: f64, east: f64, north: f64) -> Self {
        if west <= east {
            return Self { own: Some(Bounds { west, south, east, north }), beyond: None };
        }
        Self {
            own: Some(Bounds { west, south, east: 180.0, north }),
            beyond: Some(Bounds { west: -180.0, south, east, north }),
        }
    }

    /// A box, grown by `reach_m`.
    pub fn of(bounds: Bounds, reach_m: f64) -> Self {
        Self::grown(bounds, reach_m)
    }

    fn grown(bounds: Bounds, reach_m: f64) -> Self {
        if reach_m <= 0.0 {
            return Self { own: Some(bounds), beyond: None };
        }
        if reach_m >= FARTHEST_M {
            return Self { own: Some(Bounds::WORLD), beyond: None };
        }
        // A metre is the most degrees of longitude at the latitude nearest a pole, so the box is sized there.
        let nearest_pole = if bounds.south.abs() > bounds.north.abs() { bounds.south } else { bounds.north };
        let (dlon, dlat) = geodesy::degrees_around(Coord { x: bounds.west, y: nearest_pole }, reach_m);
        let (south, north) = (bounds.south - dlat, bounds.north + dlat);
        let holds_a_pole = south <= -90.0 || north >= 90.0;
        let (south, north) = (south.max(-90.0), north.min(90.0));
        let (west, east) = (bounds.west - dlon, bounds.east + dlon);
        if holds_a_pole || east - west >= 360.0 || (west < -180.0 && east > 180.0) {
            return Self { own: Some(Bounds { west: -180.0, south, east: 180.0, north }), beyond: None };
        }
        let own = Bounds { west: west.max(-180.0), south, east: east.min(180.0), north };
        let beyond = if west < -180.0 {
            Some(Bounds { west: west + 360.0, east: 180.0, ..own })
        } else {
            (east > 180.0).then(|| Bounds { west: -180.0, east: east - 360.0, ..own })
        };
        Self { own: Some(own), beyond }
    }

    /// The box on the shape's own side.
    pub fn own(&self) -> Option<Bounds> {
        self.own
    }

    /// Every box, and whether it is the one beyond the 180th meridian.
    pub fn sides(&self) -> impl Iterator<Item = (Bounds, bool)> + use<> {
        let sides = [(self.own, false), (self.beyond, true)];
        sides.into_iter().filter_map(|(bounds, is_beyond)| Some((bounds?, is_beyond)))
    }

    /// Every box.
    pub fn iter(&self) -> impl Iterator<Item = Bounds> + use<> {
        [self.own, self.beyond].into_iter().flatten()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn holds(boxes: &Boxes, lon: f64, lat: f64) -> bool {
        boxes.iter().any(|b| b.west <= lon && lon <= b.east && b.south <= lat && lat <= b.north)
    }

    #[test]
    fn a_box_near_the_180th_meridian_has_a_part_on_the_other_side() {
        let boxes = Boxes::near(Coord { x: 179.999, y: 10.0 }, 1_000.0);
        assert!(holds(&boxes, 179.999, 10.0) && holds(&boxes, -179.995, 10.0));
        assert!(!holds(&boxes, 0.0, 10.0));
    }

    #[test]
    fn a_box_around_a_pole_holds_every_longitude() {
        let boxes = Boxes::near(Coord { x: 30.0, y: 89.999 }, 1_000.0);
        assert!(holds(&boxes, -150.0, 89.999) && holds(&boxes, 100.0, 90.0));
    }

    #[test]
    fn both_names_of_the_180th_meridian_are_one_place() {
        assert!(holds(&Boxes::near(Coord { x: 180.0, y: 0.0 }, 0.0), -180.0, 0.0));
        assert!(holds(&Boxes::near(Coord { x: -180.0, y: 0.0 }, 0.0), 180.0, 0.0));
    }
}
