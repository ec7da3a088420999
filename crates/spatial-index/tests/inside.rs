//! What lies in an area is what a full scan finds, and ground is counted once.
#![allow(clippy::unwrap_used)]

mod common;

use std::sync::Arc;

use common::*;
use geo::{Distance, Geodesic, Intersects};
use geo_types::{Coord, Geometry, LineString, MultiPolygon, Point, Polygon, Rect, polygon};
use model::Collection;
use proptest::prelude::*;
use rand::{Rng, SeedableRng};
use rand_chacha::ChaCha8Rng;
use spatial_index::{AREA_VERTICES_MAX, AreaError, AskedArea, Row};

const CENTRE: Coord<f64> = Coord { x: 36.0, y: 49.0 };

fn hazards(random: &mut ChaCha8Rng, count: u128) -> Vec<Arc<Row>> {
    let make = |number| {
        let off = |random: &mut ChaCha8Rng| random.random_range(-0.05..0.05);
        let centre = CENTRE + Coord { x: off(random), y: off(random) };
        let accuracy_m = [0.0, 0.0, 300.0][random.random_range(0..3)];
        let geometry: Geometry<f64> = match random.random_range(0..6) {
            0 => Point(centre).into(),
            1 => LineString::from(vec![centre, CENTRE + Coord { x: off(random), y: off(random) }]).into(),
            _ => {
                let (radius, corners) = (random.random_range(0.0005..0.08), random.random_range(3..30));
                star(random, centre, radius, corners).into()
            }
        };
        area(number, geometry, accuracy_m)
    };
    (1..=count).map(make).collect()
}

/// A star, now and then with a star-shaped hole.
fn asked(random: &mut ChaCha8Rng) -> Polygon<f64> {
    let (radius, corners) = (random.random_range(0.01..0.05), random.random_range(3..60));
    let outer = star(random, CENTRE, radius, corners);
    let hole = star(random, CENTRE, radius * 0.2, 5);
    let is_inside = geo::Contains::contains(&outer, &hole);
    let holes = if is_inside && random.random_bool(0.5) { vec![hole.exterior().clone()] } else { vec![] };
    Polygon::new(outer.exterior().clone(), holes)
}

/// The least distance between places every few metres of two outlines.
fn apart_m(one: &Geometry<f64>, polygon: &Polygon<f64>) -> f64 {
    let sampled = |line: &LineString<f64>| {
        let edge = |pair: &[Coord<f64>]| {
            let (a, b) = (pair[0], pair[1]);
            (0..=300).map(move |i| a + (b - a) * (f64::from(i) / 300.0)).collect::<Vec<_>>()
        };
        line.0.windows(2).flat_map(edge).collect::<Vec<_>>()
    };
    let own: Vec<Coord<f64>> = match one {
        Geometry::Point(point) => vec![point.0],
        Geometry::LineString(line) => sampled(line),
        Geometry::Polygon(polygon) => sampled(polygon.exterior()),
        other => panic!("{other:?}"),
    };
    let rings = std::iter::once(polygon.exterior()).chain(polygon.interiors());
    let theirs: Vec<Coord<f64>> = rings.flat_map(sampled).collect();
    let near = |a: &Coord<f64>| {
        let metres = theirs
            .iter()
            .filter(|b| (b.y - a.y).abs() < 0.004)
            .map(|b| Geodesic.distance(Point(*a), Point(*b)));
        metres.fold(f64::INFINITY, f64::min)
    };
    own.iter().map(near).fold(f64::INFINITY, f64::min)
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 60, ..ProptestConfig::default() })]
    #[test]
    fn hazards_in_an_area_are_those_that_a_full_scan_finds(seed: u64) {
        let mut random = ChaCha8Rng::seed_from_u64(seed);
        let rows = hazards(&mut random, 40);
        let polygon = asked(&mut random);
        let area = AskedArea::of(MultiPolygon(vec![polygon.clone()])).unwrap();
        let inside = freeze(rows.clone()).inside(&area, usize::MAX).unwrap();
        let touches = |row: &&Arc<Row>| row.geometry().as_ref().unwrap().intersects(&polygon);
        let expected: Vec<_> = rows.iter().filter(touches).map(|row| row.id).collect();
        let found: Vec<_> = inside.listed.iter().filter(|hit| !hit.by_position_error).map(|hit| hit.row.id).collect();
        prop_assert_eq!(&found, &expected);
        prop_assert_eq!(inside.hazards.records, expected.len() as u64);
        prop_assert_eq!(inside.by_position_error as usize + expected.len(), inside.listed.len());
    }

}

proptest! {
    #![proptest_config(ProptestConfig { cases: 12, ..ProptestConfig::default() })]
    #[test]
    fn ground_is_counted_once_and_never_more_than_the_area(seed: u64) {
        let mut random = ChaCha8Rng::seed_from_u64(seed);
        let rows = hazards(&mut random, 150);
        let whole = AskedArea::of(MultiPolygon(vec![asked(&mut random)])).unwrap();
        let view = freeze(rows);
        let inside = view.inside(&whole, 5).unwrap();
        let parts: f64 = inside.hazards_by_code.iter().map(|part| part.area_m2).sum();
        prop_assert!(inside.hazards.area_m2 <= parts + 1.0);
        prop_assert!(inside.hazards.area_m2 <= inside.area_m2 + 1.0);
        // The same ground asked for in two halves.
        let half = |west: f64, east: f64| {
            use geo::BooleanOps;
            let half = Rect::new((west, 40.0), (east, 60.0)).to_polygon();
            let polygons = whole.polygons().intersection(&MultiPolygon(vec![half]));
            let area = AskedArea::of(polygons).unwrap();
            view.inside(&area, 0).unwrap()
        };
        let (west, east) = (half(30.0, 36.0), half(36.0, 42.0));
        let sum = west.hazards.area_m2 + east.hazards.area_m2;
        // The halves' corners are rounded by whoever cut them.
        let allowed_m2 = 5.0 + inside.hazards.area_m2 * 1e-6;
        prop_assert!((sum - inside.hazards.area_m2).abs() < allowed_m2, "{} {}", sum, inside.hazards.area_m2);
    }
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 6, ..ProptestConfig::default() })]
    #[test]
    fn a_hazard_reaches_an_area_by_its_position_error_where_it_lies_that_near(seed: u64) {
        let mut random = ChaCha8Rng::seed_from_u64(seed);
        let rows = hazards(&mut random, 12);
        let polygon = asked(&mut random);
        let area = AskedArea::of(MultiPolygon(vec![polygon.clone()])).unwrap();
        let inside = freeze(rows.clone()).inside(&area, usize::MAX).unwrap();
        for row in rows.iter().filter(|row| !row.geometry().as_ref().unwrap().intersects(&polygon)) {
            let apart_m = apart_m(row.geometry().as_ref().unwrap(), &polygon);
            let is_found = inside.listed.iter().any(|hit| hit.row.id == row.id);
            // Samples lie up to thirty metres apart.
            prop_assert!(!is_found || apart_m < row.position_accuracy_m + 60.0, "{} {}", row.id, apart_m);
            prop_assert!(is_found || apart_m > row.position_accuracy_m, "{} {}", row.id, apart_m);
        }
    }
}

fn square(west: f64, south: f64, side: f64) -> Polygon<f64> {
    Rect::new((west, south), (west + side, south + side)).to_polygon()
}

#[test]
fn an_area_wholly_inside_a_hazard_is_covered_by_it() {
    let rows = vec![area(1, square(36.0, 49.0, 1.0).into(), 0.0)];
    let asked = AskedArea::of(MultiPolygon(vec![square(36.4, 49.4, 0.01)])).unwrap();
    let inside = freeze(rows).inside(&asked, 10).unwrap();
    assert_eq!((inside.hazards.records, inside.listed.len()), (1, 1));
    assert!((inside.hazards.area_m2 - inside.area_m2).abs() < 0.5, "{inside:?}");
}

#[test]
fn only_approved_releases_count_as_released_and_the_others_are_told() {
    let release = |number, x, review: &str| {
        let text = format!(r#"{{"outcome":"cleared","review":"{review}"}}"#);
        row(number, Collection::LandReleases, Some(square(x, 49.0, 0.01).into()), &text)
    };
    let rows = vec![release(1, 36.0, "approved"), release(2, 36.005, "unverified")];
    let asked = AskedArea::of(MultiPolygon(vec![square(36.0, 49.0, 0.1)])).unwrap();
    let inside = freeze(rows).inside(&asked, 10).unwrap();
    assert_eq!((inside.released.records, inside.releases_by_code.len(), inside.hazards.records), (1, 2, 0));
    let own = geodesy::straight_area_m2(&MultiPolygon(vec![square(36.0, 49.0, 0.01)]));
    assert!((inside.released.area_m2 - own).abs() < 0.5);
}

#[test]
fn areas_beyond_the_limits_or_with_an_uncertain_inside_are_refused() {
    let of = |polygon: Polygon<f64>| AskedArea::of(MultiPolygon(vec![polygon])).map(|_| ()).unwrap_err();
    assert_eq!(AskedArea::of(MultiPolygon(vec![])).map(|_| ()), Err(AreaError::Empty));
    assert_eq!(of(square(179.5, 49.0, 1.0)), AreaError::NotOnEarth);
    let bow_tie = polygon![(x: 36.0, y: 49.0), (x: 36.1, y: 49.1), (x: 36.1, y: 49.0), (x: 36.0, y: 49.1)];
    assert!(matches!(of(bow_tie), AreaError::NotValid(_)));
    let mut random = ChaCha8Rng::seed_from_u64(1);
    assert_eq!(of(star(&mut random, CENTRE, 0.1, AREA_VERTICES_MAX)), AreaError::TooManyVertices);
    let most = star(&mut random, CENTRE, 0.001, AREA_VERTICES_MAX - 1);
    assert!(AskedArea::of(MultiPolygon(vec![most])).is_ok());
}

#[test]
fn what_touches_the_area_across_the_180th_meridian_is_in_it() {
    let rows = vec![area(1, square(-180.0, 10.0, 0.01).into(), 0.0)];
    let asked = AskedArea::of(MultiPolygon(vec![square(179.0, 9.5, 1.0)])).unwrap();
    let inside = freeze(rows).inside(&asked, 10).unwrap();
    assert_eq!((inside.hazards.records, inside.by_position_error), (1, 0));
    assert!(inside.hazards.area_m2 < 0.5);
}
