//! Spatial questions: what is at a place, what is near it, what is in a box.

use std::sync::Arc;

use geo_types::{Coord, Rect};
use model::Collection;

use crate::boxes::Boxes;
use crate::distance::{self, Nearest};
use crate::{Layer, Placed, Row, View};

/// A hazard at or near a place.
#[derive(Debug, Clone)]
pub struct Hit {
    /// The record.
    pub row: Arc<Row>,
    /// Lower bound of its distance in metres: geodesic distance to its shape less its position accuracy,
    /// rounded down to millimetres; 0 where it may reach the place.
    pub distance_m: f64,
    from: Coord<f64>,
    toward: Coord<f64>,
}

impl Hit {
    /// Azimuth in degrees from the place toward the nearest point of its shape; `None` inside.
    pub fn bearing_deg(&self) -> Option<f64> {
        (self.from != self.toward).then(|| geodesy::bearing_deg(self.from, self.toward))
    }
}

/// The hazards within a distance.
#[derive(Debug, Clone)]
pub struct Near {
    /// Nearest first.
    pub hits: Vec<Hit>,
    /// How many more there are within the distance, beyond the limit.
    pub more: u64,
}

impl View {
    /// The open hazards that hold the place, boundary included, or may: their position error reaches it.
    pub fn at(&self, place: Coord<f64>) -> Vec<Hit> {
        self.within(place, 0.0)
    }

    /// The open hazards within `radius_m` (lower bound of the distance), nearest first, at most `limit`.
    pub fn near(&self, place: Coord<f64>, radius_m: f64, limit: usize) -> Near {
        let mut hits = self.within(place, radius_m);
        let more = hits.len().saturating_sub(limit) as u64;
        hits.truncate(limit);
        Near { hits, more }
    }

    fn within(&self, place: Coord<f64>, radius_m: f64) -> Vec<Hit> {
        let mut hits = Vec::new();
        let boxes = Boxes::near(place, radius_m);
        for collection in Layer::Hazards.collections() {
            for bounds in boxes.iter() {
                self.each_in_box(collection, &bounds, |placed| {
                    if Layer::Hazards.holds(placed.marks()) {
                        hits.extend(hit(&placed, place, radius_m));
                    }
                });
            }
        }
        hits.sort_unstable_by(|one, other| {
            one.distance_m.total_cmp(&other.distance_m).then(one.row.id.cmp(&other.row.id))
        });
        // A row with two boxes may have come twice.
        hits.dedup_by_key(|hit| hit.row.id);
        hits
    }

    /// Rows of a collection for an OGC API Features `bbox` (west, south, east, north; west > east crosses the
    /// 180th meridian): the drawn shape meets the box, or there is no geometry (OGC 17-069r4, requirement
    /// `/req/core/fc-bbox-response` and its abstract test). In order of identifiers.
    pub fn items_in_bbox(&self, collection: Collection, bbox: [f64; 4]) -> Vec<&Arc<Row>> {
        let [west, south, east, north] = bbox;
        let boxes = Boxes::between(west, south, east, north);
        let rects: Vec<Rect<f64>> =
            boxes.iter().map(|b| Rect::new((b.west, b.south), (b.east, b.north))).collect();
        let meets = |placed: &Placed<'_>| {
            let drawn = placed.drawn();
            rects.iter().any(|rect| drawn.touches_box(rect))
        };
        let placed = self.touching_any_box(collection, boxes.iter()).into_iter().filter(meets);
        let mut rows: Vec<_> = placed.map(|placed| placed.row()).chain(self.not_placed(collection)).collect();
        rows.sort_unstable_by_key(|row| row.id);
        rows
    }
}

/// Distances are rounded down, and by this much more for what they may be off.
const OFF_M_MAX: f64 = 1e-5;

fn hit(placed: &Placed<'_>, place: Coord<f64>, radius_m: f64) -> Option<Hit> {
    let row = placed.row();
    let within_m = radius_m + row.position_accuracy_m;
    let Nearest { distance_m, place: toward } = distance::nearest(row.placed()?, place, within_m)?;
    let at_least_m = (distance_m - OFF_M_MAX - row.position_accuracy_m).max(0.0);
    let distance_m = (at_least_m * 1_000.0).floor() / 1_000.0;
    Some(Hit { row: Arc::clone(row), distance_m, from: place, toward })
}
