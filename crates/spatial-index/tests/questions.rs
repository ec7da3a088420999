//! Questions find what a full scan finds; distances are what dense sampling with geographiclib finds.
#![allow(clippy::unwrap_used)]

mod common;

use std::sync::Arc;

use access::Scope;
use common::*;
use geo::{Distance, Geodesic, Intersects};
use geo_types::{Coord, Geometry, Point, Polygon, Rect, polygon};
use jiff::Timestamp;
use model::{Bounds, Collection};
use proptest::prelude::*;
use rand::{Rng, SeedableRng};
use rand_chacha::ChaCha8Rng;
use spatial_index::{Layer, Row};

/// Stars around places that include the 180th meridian and a pole; some with a position error.
fn rows(seed: u64, count: u128) -> Vec<Arc<Row>> {
    let mut random = ChaCha8Rng::seed_from_u64(seed);
    let towns = [(36.2, 49.9), (-179.5, 66.0), (179.6, -16.0), (12.0, 89.3)];
    let make = |number: u128| {
        let (x, y) = towns[random.random_range(0..towns.len())];
        let (dx, dy) = (random.random_range(-0.3..0.3), random.random_range(-0.3..0.3));
        let accuracy_m = [0.0, 0.0, 25.0, 5_000.0][random.random_range(0..4)];
        let centre = Coord { x: x + dx, y: y + dy };
        let geometry: Geometry<f64> = if random.random_bool(0.2) {
            Point(centre).into()
        } else {
            let (radius, corners) = (random.random_range(0.001..0.05), random.random_range(3..20));
            star(&mut random, centre, radius, corners).into()
        };
        area(number, geometry, accuracy_m)
    };
    (1..=count).map(make).collect()
}

/// Distance in metres by brute force: 0 inside, else to places every few metres along every edge.
fn by_sampling(row: &Row, place: Coord<f64>) -> f64 {
    let metres = |c: Coord<f64>| Geodesic.distance(Point(place), Point(c));
    match row.geometry().as_ref().unwrap() {
        Geometry::Point(point) => metres(point.0),
        Geometry::Polygon(polygon) => {
            if winding(polygon.exterior(), place) != 0 {
                return 0.0;
            }
            let edge = |pair: &[Coord<f64>]| {
                let at = |i: u32| metres(pair[0] + (pair[1] - pair[0]) * (f64::from(i) / 400.0));
                (0..=400).map(at).fold(f64::INFINITY, f64::min)
            };
            polygon.exterior().0.windows(2).map(edge).fold(f64::INFINITY, f64::min)
        }
        other => panic!("{other:?}"),
    }
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 40, ..ProptestConfig::default() })]
    #[test]
    fn near_and_at_find_what_a_full_scan_with_dense_sampling_finds(seed: u64, radius_m in 0.0..20_000.0) {
        let rows = rows(seed, 60);
        let snapshot = freeze(rows.clone());
        let mut random = ChaCha8Rng::seed_from_u64(seed ^ 1);
        let bounds = rows[random.random_range(0..rows.len())].bounds().unwrap();
        let place = Coord {
            x: ((bounds.west + bounds.east) / 2.0 + random.random_range(-0.2..0.2)).clamp(-180.0, 180.0),
            y: ((bounds.south + bounds.north) / 2.0 + random.random_range(-0.1..0.1)).clamp(-90.0, 90.0),
        };
        let near = snapshot.near(place, radius_m, usize::MAX);
        prop_assert_eq!(near.more, 0);
        prop_assert!(near.hits.windows(2).all(|pair| pair[0].distance_m <= pair[1].distance_m));
        for row in &rows {
            // Samples lie at most this far from the nearest place.
            let sampled_m = (by_sampling(row, place) - row.position_accuracy_m).max(0.0);
            match near.hits.iter().find(|hit| hit.row.id == row.id) {
                Some(hit) => {
                    prop_assert!(hit.distance_m <= sampled_m, "{} of {}", hit.distance_m, sampled_m);
                    prop_assert!(sampled_m - hit.distance_m < 20.0, "{} of {}", hit.distance_m, sampled_m);
                }
                None => prop_assert!(sampled_m > radius_m, "{} at {} is missing", row.id, sampled_m),
            }
        }
        for hit in snapshot.at(place) {
            prop_assert_eq!(hit.distance_m, 0.0);
        }
    }

    #[test]
    fn a_box_finds_what_a_full_scan_finds(seed: u64, west in -180.0..180.0, wide in 0.0..30.0, south in -90.0..90.0, high in 0.0..40.0) {
        let rows = rows(seed, 120);
        let snapshot = freeze(rows.clone());
        let east = if west + wide > 180.0 { west + wide - 360.0 } else { west + wide };
        let north = f64::min(south + high, 90.0);
        let sides = if west <= east { vec![(west, east)] } else { vec![(west, 180.0), (-180.0, east)] };
        let meets = |row: &&Arc<Row>| sides.iter().any(|(west, east)| {
            let area = Rect::new((*west, south), (*east, north)).to_polygon();
            row.geometry().as_ref().unwrap().intersects(&area)
        });
        let expected: Vec<_> = rows.iter().filter(meets).map(|row| row.id).collect();
        let found = snapshot.items_in_bbox(Collection::HazardousAreas, [west, south, east, north]);
        prop_assert_eq!(found.iter().map(|row| row.id).collect::<Vec<_>>(), expected);
    }

    #[test]
    fn a_snapshot_grown_in_steps_answers_as_one_frozen_at_once(seed: u64, steps in 1_usize..12) {
        let mut random = ChaCha8Rng::seed_from_u64(seed);
        let mut latest: Vec<Arc<Row>> = rows(seed, 80);
        let mut grown = snapshot_of(latest.clone());
        for step in 0..steps {
            let next = step as u64 + 2;
            let changed = rows(seed + step as u64 + 1, 100).into_iter().filter(|_| random.random_bool(0.2));
            let changed: Vec<_> = changed.map(|row| made_at(next, &row)).collect();
            latest.extend(changed.iter().cloned());
            grown = grown.with(next, Timestamp::UNIX_EPOCH, entries(changed));
        }
        let (grown, frozen) = (grown.open(&Scope::whole()), freeze(latest));
        let areas = Collection::HazardousAreas;
        let names = |view: &spatial_index::View| view.items(areas).map(|row| (row.id, row.bounds())).collect::<Vec<_>>();
        prop_assert_eq!(names(&grown), names(&frozen));
        prop_assert_eq!(grown.summary(), frozen.summary());
        let west = Bounds { west: -180.0, south: -90.0, east: 36.2, north: 90.0 };
        let touching = |s: &spatial_index::View| s.touching(Layer::Hazards, &west).into_iter().map(|r| r.id()).collect::<Vec<_>>();
        prop_assert_eq!(touching(&grown), touching(&frozen));
        for row in frozen.items(areas) {
            prop_assert_eq!(grown.get(areas, row.id).map(|r| r.bounds()), Some(row.bounds()));
            prop_assert!(grown.get(Collection::Surveys, row.id).is_none());
        }
    }
}

fn field() -> Polygon<f64> {
    polygon![(x: 36.0, y: 49.0), (x: 36.01, y: 49.0), (x: 36.01, y: 49.01), (x: 36.0, y: 49.01)]
}

#[test]
fn the_boundary_belongs_to_the_hazard() {
    let snapshot = freeze(vec![area(1, field().into(), 0.0)]);
    let at = |x, y| snapshot.at(Coord { x, y });
    assert_eq!(at(36.005, 49.0).len(), 1, "on an edge");
    assert_eq!(at(36.01, 49.01).len(), 1, "on a corner");
    assert_eq!(at(36.005, 49.005)[0].bearing_deg(), None);
    assert!(at(36.0101, 49.005).is_empty());
}

#[test]
fn a_position_error_that_reaches_the_place_counts_as_being_there() {
    let snapshot = freeze(vec![area(1, field().into(), 50.0)]);
    let beside = Coord { x: 36.0105, y: 49.005 };
    let hits = snapshot.at(beside);
    assert_eq!((hits.len(), hits[0].distance_m), (1, 0.0));
    let west = hits[0].bearing_deg().unwrap();
    assert!((west - 270.0).abs() < 1.0, "{west}");
}

#[test]
fn what_the_limit_leaves_out_is_counted() {
    let rows = (1..=10).map(|n| area(n, Point::new(36.0, 49.0 + n as f64 * 0.001).into(), 0.0)).collect();
    let near = freeze(rows).near(Coord { x: 36.0, y: 49.0 }, 700.0, 4);
    assert_eq!((near.hits.len(), near.more), (4, 2));
    assert_eq!(near.hits[0].row.id.as_u128(), 1);
}

#[test]
fn closed_areas_and_released_land_are_no_hazards() {
    let closed = r#"{"classification":"confirmed","status":"closed","review":"approved"}"#;
    let released = r#"{"outcome":"cleared","review":"approved"}"#;
    let rows = vec![
        row(1, Collection::HazardousAreas, Some(field().into()), closed),
        row(2, Collection::LandReleases, Some(field().into()), released),
    ];
    assert!(freeze(rows).at(Coord { x: 36.005, y: 49.005 }).is_empty());
}

#[test]
fn a_hazard_across_the_180th_meridian_is_near_on_both_sides() {
    let east = polygon![(x: 179.99, y: 0.0), (x: 180.0, y: 0.0), (x: 180.0, y: 0.01)];
    let snapshot = freeze(vec![area(1, east.into(), 0.0)]);
    let near = snapshot.near(Coord { x: -179.999, y: 0.0 }, 200.0, 10);
    assert_eq!(near.hits.len(), 1);
    assert!((near.hits[0].distance_m - 111.319).abs() < 0.01, "{}", near.hits[0].distance_m);
    assert_eq!(snapshot.at(Coord { x: -180.0, y: 0.005 }).len(), 1);
    let wide = freeze(vec![area(1, Point::new(179.9995, 0.0).into(), 100.0)]);
    assert_eq!(wide.at(Coord { x: -179.9999, y: 0.0 }).len(), 1);
}

#[test]
fn a_record_that_is_not_placed_is_counted_listed_and_matches_any_box() {
    let nowhere = row(7, Collection::HazardousAreas, None, r#"{"status":"open","review":"unverified"}"#);
    let snapshot = freeze(vec![nowhere, area(1, field().into(), 0.0)]);
    let far = [100.0, 0.0, 101.0, 1.0];
    let found = snapshot.items_in_bbox(Collection::HazardousAreas, far);
    assert_eq!(found.iter().map(|row| row.id.as_u128()).collect::<Vec<_>>(), [7]);
    let summary = snapshot.summary();
    assert_eq!((summary.not_placed, summary.collections[0].records), (1, 2));
    assert_eq!(summary.collections[0].counts.iter().map(|c| c.records).sum::<u64>(), 2);
    assert_eq!(snapshot.items(Collection::HazardousAreas).count(), 2);
}
