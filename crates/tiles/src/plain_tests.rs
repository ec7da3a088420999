//! What a tile of plain features holds, read back by an independent decoder.

#![allow(clippy::unwrap_used)]

use geo_types::{Geometry, Point, Polygon, Rect};
use model::Properties;
use mvt_reader::Reader;
use serde_json::json;

use super::*;

fn read(features: &[Plain], tile: TileId) -> Vec<mvt_reader::feature::Feature<f32>> {
    let bytes = plain_tile("roads", features, tile).unwrap();
    if bytes.is_empty() {
        return Vec::new();
    }
    let reader = Reader::new(bytes).unwrap();
    assert_eq!(reader.get_layer_names().unwrap(), ["roads"]);
    reader.get_features(0).unwrap()
}

fn properties(value: serde_json::Value) -> Properties {
    serde_json::from_value(value).unwrap()
}

const KHARKIV: TileId = TileId { z: 10, x: 615, y: 347 };

#[test]
fn a_feature_too_small_to_be_seen_is_drawn_all_the_same() {
    let own = properties(json!({"name": "Поле", "n": -3, "yes": true, "list": [1]}));
    let line: Geometry = geo_types::LineString::from(vec![(36.23, 49.99), (36.230_000_1, 49.99)]).into();
    let area: Geometry = Rect::new((36.23, 49.99), (36.230_000_1, 49.990_000_1)).to_polygon().into();
    for geometry in [&line, &area, &Point::new(36.23, 49.99).into()] {
        let plain = Plain { number: 7, geometry, properties: &own };
        for z in [0, 5, 10, 22] {
            let tiles = f64::from(1_u32 << z);
            let y = (1.0 - 49.99_f64.to_radians().tan().asinh() / std::f64::consts::PI) / 2.0 * tiles;
            let tile = TileId::new(z, ((36.23 + 180.0) / 360.0 * tiles) as u32, y as u32).unwrap();
            let found = read(&[plain], tile);
            assert_eq!(found.len(), 1, "{geometry:?} at {z}");
            assert_eq!(found[0].id, Some(7));
            assert_eq!(found[0].properties.as_ref().unwrap().len(), 4);
        }
    }
}

#[test]
fn very_many_features_are_merged_and_every_one_is_counted() {
    let name = |n: i32| format!("settlement {n}, with a name of some length, so that all of them weigh much");
    let own: Vec<_> = (0..30_000).map(|n| properties(json!({"name": name(n)}))).collect();
    let places: Vec<Geometry> = (0..30_000)
        .map(|n| Point::new(36.0 + f64::from(n % 200) * 0.003, 49.8 + f64::from(n / 200) * 0.002).into())
        .collect();
    let plain: Vec<_> = places
        .iter()
        .zip(&own)
        .zip(1..)
        .map(|((geometry, properties), number)| Plain { number, geometry, properties })
        .collect();
    let tile = TileId::new(6, 38, 21).unwrap();
    let bytes = plain_tile("roads", &plain, tile).unwrap();
    assert!(bytes.len() <= BYTES_MAX, "{}", bytes.len());
    let found = read(&plain, tile);
    let count = |feature: &mvt_reader::feature::Feature<f32>| match feature
        .properties
        .as_ref()
        .and_then(|all| all.get("count"))
    {
        Some(mvt_reader::feature::Value::UInt(count)) => *count,
        _ => 1,
    };
    assert_eq!(found.iter().map(count).sum::<u64>(), 30_000);
    assert!(found.len() < 20_000);
}

#[test]
fn what_lies_elsewhere_is_not_in_the_tile() {
    let none = Properties::new();
    let far: Geometry = Rect::new((10.0, 10.0), (11.0, 11.0)).to_polygon().into();
    assert!(read(&[Plain { number: 1, geometry: &far, properties: &none }], KHARKIV).is_empty());
}

#[test]
fn an_area_around_the_tile_fills_it() {
    let none = Properties::new();
    let all = Polygon::from(Rect::new((20.0, 40.0), (50.0, 60.0))).into();
    let found = read(&[Plain { number: 1, geometry: &all, properties: &none }], KHARKIV);
    let bounds = found[0].geometry.bounding_rect().unwrap();
    assert!(bounds.min().x <= 0.0 && bounds.max().x >= 4096.0 && bounds.min().y <= 0.0, "{bounds:?}");
}
