//! Shapes come back as they went in, whatever they are written in.

#![allow(clippy::unwrap_used)]

use geo_types::{Rect, line_string, polygon};
use proptest::prelude::*;

use super::*;

fn bits(geometry: &Geometry) -> Vec<[u64; 2]> {
    model::coordinates(geometry).map(|c| [c.x.to_bits(), c.y.to_bits()]).collect()
}

fn pair() -> impl Strategy<Value = (f64, f64)> {
    let decimal = |most: i64| (-most * 10_000_000..=most * 10_000_000).prop_map(|n| n as f64 / 1e7);
    prop_oneof![(decimal(180), decimal(90)), (-180.0..=180.0_f64, -90.0..=90.0_f64)]
}

fn path() -> impl Strategy<Value = LineString<f64>> {
    prop::collection::vec(pair(), 0..12)
        .prop_map(|all| all.into_iter().map(|(x, y)| Coord { x, y }).collect())
}

fn polygon() -> impl Strategy<Value = Polygon<f64>> {
    (path(), prop::collection::vec(path(), 0..3)).prop_map(|(outer, inner)| Polygon::new(outer, inner))
}

fn geometry() -> impl Strategy<Value = Geometry> {
    let simple = prop_oneof![
        pair().prop_map(|(x, y)| Point::new(x, y).into()),
        path().prop_map(Geometry::from),
        polygon().prop_map(Geometry::from),
        prop::collection::vec(pair(), 0..5)
            .prop_map(|all| MultiPoint(all.into_iter().map(|(x, y)| Point::new(x, y)).collect()).into()),
        prop::collection::vec(path(), 0..4).prop_map(|all| MultiLineString(all).into()),
        prop::collection::vec(polygon(), 0..4).prop_map(|all| MultiPolygon(all).into()),
    ];
    simple.prop_recursive(2, 8, 3, |inner| {
        prop::collection::vec(inner, 0..3)
            .prop_map(|parts| Geometry::GeometryCollection(GeometryCollection(parts)))
    })
}

proptest! {
    #[test]
    fn every_geometry_comes_back_bit_for_bit_and_is_drawn_as_before(geometry in geometry(), broken: bool) {
        let shape = Shape::of(&geometry, broken);
        prop_assert_eq!(shape.entered(), geometry.clone());
        prop_assert_eq!(bits(&shape.entered()), bits(&geometry));
        let drawn = is_placeable(&geometry).then(|| Drawn::of(&geometry, broken));
        prop_assert_eq!(shape.drawn(), drawn);
    }

    #[test]
    fn a_place_is_in_the_shape_where_it_is_in_what_is_drawn(
        ring in prop::collection::vec((-4..5_i32, -4..5_i32), 3..9),
        hole in prop::collection::vec((-2..3_i32, -2..3_i32), 0..5),
        places in prop::collection::vec((-9..10_i32, -9..10_i32), 20),
    ) {
        let line = |all: &[(i32, i32)]| all.iter().map(|(x, y)| Coord { x: f64::from(*x), y: f64::from(*y) }).collect();
        let polygon = Polygon::new(line(&ring), vec![line(&hole)]);
        for shape in [Shape::of(&polygon.clone().into(), true), Shape::of(&polygon.exterior().clone().into(), false)] {
            let drawn = shape.drawn().unwrap();
            for (x, y) in &places {
                let place = Coord { x: f64::from(*x) / 2.0, y: f64::from(*y) / 2.0 };
                prop_assert_eq!(shape.touches_place(place), drawn.touches_place(place), "{:?} {:?}", place, drawn);
            }
        }
    }
}

#[test]
fn seven_decimals_take_half_the_room_and_more_decimals_lose_none() {
    let fixed: Geometry = Rect::new((36.1234567, 49.7654321), (36.2, 49.8)).to_polygon().into();
    let finer: Geometry = Rect::new((36.12345678, 49.7654321), (36.2, 49.8)).to_polygon().into();
    let (fixed, finer) = (Shape::of(&fixed, false), Shape::of(&finer, false));
    assert!(fixed.is_fixed() && !finer.is_fixed());
    assert!(fixed.words.len() < finer.words.len());
    assert_eq!(finer.bounds().unwrap().west, 36.12345678);
}

#[test]
fn a_zero_with_a_sign_keeps_it() {
    let point: Geometry = Point::new(-0.0, 49.0).into();
    assert_eq!(bits(&Shape::of(&point, false).entered()), bits(&point));
}

#[test]
fn what_is_entered_alike_is_known_alike_also_where_one_is_drawn_otherwise() {
    let bow: Geometry =
        polygon![(x: 0.0, y: 0.0), (x: 1.0, y: 1.0), (x: 1.0, y: 0.0), (x: 0.0, y: 1.0)].into();
    assert!(Shape::of(&bow, true).is_entered_like(&Shape::of(&bow, false)));
    let line: Geometry = line_string![(x: 0.0, y: 0.0), (x: 1.0, y: 1.0)].into();
    assert!(!Shape::of(&line, false).is_entered_like(&Shape::of(&bow, false)));
}
