//! What lies along a way is what a full scan with dense sampling finds.
#![allow(clippy::unwrap_used)]

mod common;

use std::sync::Arc;

use common::*;
use geo::{Distance, Geodesic};
use geo_types::{Coord, Geometry, LineString, Point, polygon};
use proptest::prelude::*;
use rand::{Rng, SeedableRng};
use rand_chacha::ChaCha8Rng;
use spatial_index::{Row, TooMuch, WAY_M_MAX, WAY_VERTICES_MAX, Way, WayError};

/// Metres between samples of the way and of edges.
const STEP_M: f64 = 4.0;

fn metres(a: Coord<f64>, b: Coord<f64>) -> f64 {
    Geodesic.distance(Point(a), Point(b))
}

/// Places every few metres, with how far along they are.
fn samples(line: &LineString<f64>) -> Vec<(f64, Coord<f64>)> {
    let (mut all, mut along_m) = (vec![(0.0, line.0[0])], 0.0);
    for pair in line.0.windows(2) {
        let count = (metres(pair[0], pair[1]) / STEP_M).ceil().max(1.0);
        let mut last = pair[0];
        for number in 1..=count as u32 {
            let next = pair[0] + (pair[1] - pair[0]) * (f64::from(number) / count);
            along_m += metres(last, next);
            all.push((along_m, next));
            last = next;
        }
    }
    all
}

/// The least distance between samples of a way and of a shape, and the way's samples within reach, by brute force.
fn by_sampling(row: &Row, way: &[(f64, Coord<f64>)], reach_m: f64) -> (f64, Vec<f64>) {
    let geometry = row.geometry().unwrap();
    let (outline, ring) = match &geometry {
        Geometry::Point(point) => (vec![(0.0, point.0)], None),
        Geometry::LineString(line) => (samples(line), None),
        Geometry::Polygon(polygon) => (samples(polygon.exterior()), Some(polygon.exterior())),
        other => panic!("{other:?}"),
    };
    let (mut least_m, mut within) = (f64::INFINITY, Vec::new());
    for (along_m, place) in way {
        let is_inside = ring.is_some_and(|ring| winding(ring, *place) != 0);
        // Degrees are never further than this: what is plainly away is not measured.
        let is_away = |c: &Coord<f64>| (c.y - place.y).abs() * 110_000.0 > reach_m + 100.0;
        let measured = outline.iter().filter(|(_, c)| !is_away(c)).map(|(_, c)| metres(*place, *c));
        let own = if is_inside { 0.0 } else { measured.fold(f64::INFINITY, f64::min) };
        least_m = least_m.min(own);
        if own <= reach_m {
            within.push(*along_m);
        }
    }
    (least_m, within)
}

fn hazards(random: &mut ChaCha8Rng, way: &LineString<f64>, count: u128) -> Vec<Arc<Row>> {
    let make = |number| {
        let at = way.0[random.random_range(0..way.0.len())];
        let narrow = at.y.to_radians().cos();
        let off = |random: &mut ChaCha8Rng| random.random_range(-0.008..0.008);
        let x = at.x + off(random) / narrow;
        let centre = Coord {
            x: if x > 180.0 {
                x - 360.0
            } else if x < -180.0 {
                x + 360.0
            } else {
                x
            },
            y: at.y + off(random),
        };
        let accuracy_m = [0.0, 0.0, 30.0, 400.0][random.random_range(0..4)];
        let reaches_over = centre.x.abs() > 179.99;
        let geometry: Geometry<f64> = match random.random_range(0..5) {
            0 => Point(centre).into(),
            _ if reaches_over => Point(centre).into(),
            1 => LineString::from(vec![centre, centre + Coord { x: off(random), y: off(random) }]).into(),
            _ => {
                let (radius, corners) = (random.random_range(0.0003..0.004), random.random_range(3..12));
                star(random, centre, radius, corners).into()
            }
        };
        area(number, geometry, accuracy_m)
    };
    (1..=count).map(make).collect()
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 24, ..ProptestConfig::default() })]
    #[test]
    fn hazards_along_a_way_are_those_that_a_full_scan_with_dense_sampling_finds(
        seed: u64, reach_m in prop_oneof![Just(0.0), 1.0..600.0], town in 0_usize..4,
    ) {
        let mut random = ChaCha8Rng::seed_from_u64(seed);
        let (x, y): (f64, f64) = [(36.2, 49.9), (179.995, 52.0), (-70.0, -54.0), (20.0, 84.0)][town];
        let mut way = vec![Coord { x, y }];
        for _ in 0..random.random_range(1..5) {
            let last = way[way.len() - 1];
            let (dx, dy) = (random.random_range(-0.02..0.02) / y.to_radians().cos(), random.random_range(-0.015..0.015));
            way.push(Coord { x: f64::min(last.x + dx, 180.0), y: last.y + dy });
        }
        let way = LineString(way);
        let rows = hazards(&mut random, &way, 12);
        let view = freeze(rows.clone());
        let asked = Way::along(std::slice::from_ref(&way)).unwrap();
        let found = view.along(&asked, reach_m, usize::MAX).unwrap();
        let sampled = samples(&way);
        prop_assert!((asked.length_m() - sampled.last().unwrap().0).abs() < 0.01, "{}", asked.length_m());
        prop_assert!(found.hits.windows(2).all(|pair| pair[0].chainage_m <= pair[1].chainage_m));
        for row in &rows {
            let reach_m = reach_m + row.position_accuracy_m;
            let (least_m, within) = by_sampling(row, &sampled, reach_m);
            let at_least_m = (least_m - row.position_accuracy_m).max(0.0);
            let Some(hit) = found.hits.iter().find(|hit| hit.row.id == row.id) else {
                prop_assert!(least_m > reach_m, "{} at {at_least_m} is missing", row.id);
                continue;
            };
            // The nearest places lie at most half a step each from samples.
            prop_assert!(hit.distance_m <= at_least_m && at_least_m - hit.distance_m <= 1.5 * STEP_M, "{hit:?} {at_least_m}");
            prop_assert!(hit.chainage_from_m <= hit.chainage_m && hit.chainage_m <= hit.chainage_to_m);
            let Some((from, to)) = within.first().zip(within.last()) else { continue };
            prop_assert!(hit.chainage_from_m <= from + 0.01 && hit.chainage_to_m >= to - 0.01, "{hit:?} {from} {to}");
            // Along a step the way may come within reach and leave again; at its ends it may be aslant.
            prop_assert!(from - hit.chainage_from_m < 250.0 && hit.chainage_to_m - to < 250.0, "{hit:?} {from} {to}");
        }
    }
}

fn along(rows: Vec<Arc<Row>>, way: &[(f64, f64)], reach_m: f64) -> Vec<(u128, f64, f64)> {
    let way = Way::along(&[way.to_vec().into()]).unwrap();
    let found = freeze(rows).along(&way, reach_m, usize::MAX).unwrap();
    found.hits.iter().map(|hit| (hit.row.id.as_u128(), hit.distance_m, hit.chainage_m)).collect()
}

#[test]
fn points_beside_a_way_north_are_met_in_order_at_the_metres_that_the_meridian_has() {
    let rows = [(3, 49.03), (1, 49.01), (2, 49.02)];
    let rows = rows.map(|(number, y)| area(number, Point::new(36.0005, y).into(), 0.0)).to_vec();
    let found = along(rows, &[(36.0, 49.0), (36.0, 49.05)], 50.0);
    assert_eq!(found.iter().map(|hit| hit.0).collect::<Vec<_>>(), [1, 2, 3]);
    for ((_, distance_m, chainage_m), y) in found.iter().zip([49.01, 49.02, 49.03]) {
        let (place, foot) = (Coord { x: 36.0005, y }, Coord { x: 36.0, y });
        // The foot lies a millimetre north of the place's parallel.
        assert!((metres(place, foot) - distance_m).abs() < 0.002, "{distance_m}");
        assert!((metres(Coord { x: 36.0, y: 49.0 }, foot) - chainage_m).abs() < 0.01, "{chainage_m}");
    }
}

#[test]
fn a_way_that_starts_in_a_hazard_meets_it_at_once_and_leaves_it_at_its_boundary() {
    let field = polygon![(x: 36.0, y: 49.0), (x: 36.01, y: 49.0), (x: 36.01, y: 49.01), (x: 36.0, y: 49.01)];
    let way = Way::along(&[vec![(36.005, 49.005), (36.005, 49.03)].into()]).unwrap();
    let found = freeze(vec![area(1, field.into(), 0.0)]).along(&way, 0.0, 10).unwrap();
    let hit = &found.hits[0];
    let leaves_m = metres(Coord { x: 36.005, y: 49.005 }, Coord { x: 36.005, y: 49.01 });
    assert_eq!((hit.distance_m, hit.chainage_m, hit.chainage_from_m), (0.0, 0.0, 0.0));
    assert!((hit.chainage_to_m - leaves_m).abs() < 0.001, "{hit:?}");
}

#[test]
fn a_way_wholly_inside_a_hazard_is_within_it_from_end_to_end() {
    let field = polygon![(x: 36.0, y: 49.0), (x: 37.0, y: 49.0), (x: 37.0, y: 50.0), (x: 36.0, y: 50.0)];
    let way = Way::along(&[vec![(36.4, 49.4), (36.6, 49.6)].into()]).unwrap();
    let found = freeze(vec![area(1, field.into(), 0.0)]).along(&way, 10.0, 10).unwrap();
    let hit = &found.hits[0];
    assert_eq!((hit.distance_m, hit.chainage_from_m), (0.0, 0.0));
    assert!((hit.chainage_to_m - way.length_m()).abs() < 1e-6);
}

#[test]
fn hazards_with_kilometres_of_position_error_and_ways_at_a_pole_are_not_missed() {
    let far = area(1, Point::new(36.5, 49.0).into(), 40_000.0);
    assert_eq!(along(vec![far], &[(36.0, 49.0), (36.0, 49.01)], 10.0)[0].1, 0.0);
    let polar = area(2, Point::new(-150.0, 89.9995).into(), 0.0);
    assert_eq!(along(vec![polar], &[(30.0, 89.999), (30.0, 90.0)], 100.0).len(), 1);
}

#[test]
fn what_lies_across_the_180th_meridian_is_met() {
    let beyond = area(1, Point::new(-179.9995, 10.005).into(), 0.0);
    let found = along(vec![beyond], &[(180.0, 10.0), (180.0, 10.01)], 60.0);
    assert_eq!(found.len(), 1);
    assert!((found[0].1 - 54.8).abs() < 0.1, "{found:?}");
}

#[test]
fn the_second_line_of_a_way_is_counted_on_from_the_end_of_the_first() {
    let rows = vec![area(1, Point::new(37.0, 49.0).into(), 0.0)];
    let lines = [vec![(36.0, 49.0), (36.0, 49.01)].into(), vec![(37.0, 49.0), (37.0, 49.01)].into()];
    let found = freeze(rows).along(&Way::along(&lines).unwrap(), 5.0, 10).unwrap();
    let first_m = metres(Coord { x: 36.0, y: 49.0 }, Coord { x: 36.0, y: 49.01 });
    assert!((found.hits[0].chainage_m - first_m).abs() < 0.001);
}

#[test]
fn what_the_limit_leaves_out_is_counted_and_the_first_ones_are_given() {
    let rows = (1..=10).map(|n| area(n, Point::new(36.0, 49.0 + n as f64 * 0.001).into(), 0.0)).collect();
    let way = Way::along(&[vec![(36.0, 49.02), (36.0, 49.0)].into()]).unwrap();
    let found = freeze(rows).along(&way, 5.0, 3).unwrap();
    assert_eq!(found.hits.iter().map(|hit| hit.row.id.as_u128()).collect::<Vec<_>>(), [10, 9, 8]);
    assert_eq!(found.more, 7);
}

#[test]
fn ways_beyond_the_limits_are_refused_by_name() {
    let of = |places: Vec<(f64, f64)>| Way::along(&[places.into()]).map(|_| ()).unwrap_err();
    assert_eq!(of(vec![]), WayError::Empty);
    assert_eq!(of(vec![(0.0, 0.0), (f64::NAN, 1.0)]), WayError::NotOnEarth);
    assert_eq!(of(vec![(0.0, 0.0), (0.0, 91.0)]), WayError::NotOnEarth);
    assert_eq!(
        of((0..=WAY_VERTICES_MAX).map(|n| (n as f64 * 1e-6, 0.0)).collect()),
        WayError::TooManyVertices
    );
    let degrees = WAY_M_MAX / 111_000.0;
    assert_eq!(of(vec![(-90.0, 0.0), (degrees - 90.0, 0.0), (-90.0, 0.0)]), WayError::TooLong);
}

#[test]
fn a_way_through_more_than_can_be_worked_out_is_refused_and_not_cut() {
    let limit = TooMuch { limit: "CORNERS_LOOKED_AT_MAX", most: spatial_index::CORNERS_LOOKED_AT_MAX };
    let mut random = ChaCha8Rng::seed_from_u64(5);
    let huge = star(&mut random, Coord { x: 36.0, y: 49.0 }, 1.0, 400_000);
    let way = Way::along(&[vec![
        (35.5, 49.0),
        (36.5, 49.0),
        (35.5, 49.1),
        (36.5, 49.2),
        (35.5, 49.0),
        (36.5, 49.1),
    ]
    .into()]);
    let view = freeze(vec![area(1, huge.into(), 0.0)]);
    match view.along(&way.unwrap(), 10.0, 10) {
        Ok(found) => assert_eq!((found.hits.len(), found.more), (1, 0)),
        Err(error) => assert_eq!(error, limit),
    }
}
