//! Spatial questions: what is at a place, what is near it, what is in a box.

use std::sync::Arc;

use geo_types::{Coord, Rect};
use model::Collection;

use crate::boxes::Boxes;
use crate::distance::{self, Nearest};
use crate::{Drawn, Layer, Row, View};

/// A hazard at or near a place.
#[derive(Debug, Clone)]
pub struct Hit {
    /// The record.
    pub row: Arc<Row>,
    /// Lower bound of its distance in metres: geodesic distance to its shape less its position accuracy,
    /// rounded down to millimetres; 0 where it may reach the place.
    pub distance_m: f64,
    /// Azimuth in degrees from the place toward the nearest point of its shape; `None` inside.
    pub bearing_deg: Option<f64>,
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
        for collection in Layer::Hazards.collections() {
            let rows = self.touching_any_box(collection, Boxes::near(place, radius_m).iter());
            let open = rows.into_iter().filter(|row| Layer::Hazards.holds(row));
            hits.extend(open.filter_map(|row| hit(row, place, radius_m)));
        }
        hits.sort_by(|one, other| {
            one.distance_m.total_cmp(&other.distance_m).then(one.row.id.cmp(&other.row.id))
        });
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
        let meets = |drawn: &Drawn| rects.iter().any(|rect| drawn.touches_box(rect));
        let mut rows = self.touching_any_box(collection, boxes.iter());
        rows.retain(|row| row.drawn.as_ref().is_some_and(meets));
        rows.extend(self.not_placed(collection));
        rows.sort_unstable_by_key(|row| row.id);
        rows
    }
}

fn hit(row: &Arc<Row>, place: Coord<f64>, radius_m: f64) -> Option<Hit> {
    let within_m = radius_m + row.position_accuracy_m;
    let Nearest { distance_m, place: toward } = distance::nearest(row.drawn.as_ref()?, place, within_m)?;
    let bearing_deg = (distance_m > 0.0).then(|| geodesy::bearing_deg(place, toward));
    let at_least_m = (distance_m - row.position_accuracy_m).max(0.0);
    Some(Hit { row: Arc::clone(row), distance_m: (at_least_m * 1_000.0).floor() / 1_000.0, bearing_deg })
}
