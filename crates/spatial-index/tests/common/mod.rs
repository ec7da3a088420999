//! What the tests and benchmarks share: rows and seeded shapes.
#![allow(dead_code, clippy::unwrap_used)]

use std::f64::consts::TAU;
use std::sync::Arc;

use access::Scope;
use geo_types::{Coord, Geometry, LineString, Polygon};
use jiff::Timestamp;
use model::{Collection, RecordId};
use rand::Rng;
use rand_chacha::ChaCha8Rng;
use spatial_index::{Arrival, Made, Row, Snapshot, View};

/// The event of a revision, as many seconds into the era.
pub fn made(revision: u64) -> Made {
    let recorded_at = Timestamp::from_second(revision as i64).unwrap();
    Made::alone(revision, recorded_at, "test", "test")
}

pub fn entries(rows: Vec<Arc<Row>>) -> Vec<Arrival> {
    rows.into_iter().map(Arrival::from).collect()
}

pub fn row(
    number: u128,
    collection: Collection,
    geometry: Option<Geometry<f64>>,
    properties: &str,
) -> Arc<Row> {
    let id = RecordId::from_u128(number);
    Arc::new(Row::new(id, collection, geometry.as_ref(), properties, made(1)).unwrap())
}

/// An open hazardous area with a position error.
pub fn area(number: u128, geometry: Geometry<f64>, position_accuracy_m: f64) -> Arc<Row> {
    let properties = format!(
        r#"{{"name":"A \"{number}\"","position_accuracy_m":{position_accuracy_m},"classification":"suspected",
           "status":"open","review":"unverified","findings":[]}}"#
    );
    row(number, Collection::HazardousAreas, Some(geometry), &properties)
}

/// The same row, made by another revision.
pub fn made_at(revision: u64, row: &Row) -> Arc<Row> {
    let (geometry, properties) = (row.geometry(), row.properties());
    Arc::new(Row::new(row.id, row.collection(), geometry.as_ref(), &properties, made(revision)).unwrap())
}

pub fn snapshot_of(rows: Vec<Arc<Row>>) -> Snapshot {
    Snapshot::freeze(("test", ""), 1, Some(Timestamp::UNIX_EPOCH), entries(rows))
}

pub fn freeze(rows: Vec<Arc<Row>>) -> View {
    snapshot_of(rows).open(&Scope::whole())
}

pub fn star(random: &mut ChaCha8Rng, centre: Coord<f64>, radius: f64, corners: usize) -> Polygon<f64> {
    let narrow = centre.y.to_radians().cos();
    let corner = |i: usize| {
        let (angle, radius) = (i as f64 / corners as f64 * TAU, radius * random.random_range(0.4..1.0));
        Coord { x: centre.x + radius * angle.cos() / narrow, y: centre.y + radius * angle.sin() }
    };
    Polygon::new((0..corners).map(corner).collect::<LineString<f64>>(), vec![])
}

/// How often a ring winds around a place, by angles.
pub fn winding(ring: &LineString<f64>, place: Coord<f64>) -> i32 {
    let turn = |pair: &[Coord<f64>]| {
        let (a, b) = (pair[0] - place, pair[1] - place);
        (a.x * b.y - a.y * b.x).atan2(a.x * b.x + a.y * b.y)
    };
    (ring.0.windows(2).map(turn).sum::<f64>() / TAU).round() as i32
}
