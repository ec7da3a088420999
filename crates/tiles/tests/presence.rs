//! Every row that touches a tile is in it, alone or in a count; nothing is counted twice or mixed.
#![allow(clippy::unwrap_used)]

mod common;

use std::collections::{HashMap, HashSet};
use std::sync::Arc;

use common::*;
use geo_types::{Coord, Point, Rect};
use model::Collection;
use mvt_reader::feature::Value;
use rand::{Rng, SeedableRng};
use rand_chacha::ChaCha8Rng;
use spatial_index::{Layer, Row};
use tiles::{TileId, vector_tile};

/// Hostile areas, points and reports around a town, crowded enough to be merged at low zoom.
fn crowd(random: &mut ChaCha8Rng, count: u128) -> Vec<Arc<Row>> {
    let make = |number: u128| {
        let (x, y) = (36.2 + random.random_range(-0.5..0.5), 49.9 + random.random_range(-0.5..0.5));
        let centre = Coord { x, y };
        let radius = 10_f64.powf(random.random_range(-4.5..-1.5));
        match number % 4 {
            0 => {
                let properties = r#"{"kind":"suspicion","triage":"new","review":"unverified"}"#;
                row(number, Collection::HazardReports, Point(centre).into(), properties)
            }
            1 => area(number + 100_000, Point(centre).into()),
            _ => area(number, hostile(random, number as usize, centre, radius)),
        }
    };
    (1..=count).map(make).collect()
}

/// The square of a tile in degrees with a buffer in units, by an own formula.
fn square(tile: TileId, buffer: f64) -> Rect<f64> {
    let world = 4096.0 * f64::from(1_u32 << tile.z);
    let longitude = |units: f64| (f64::from(tile.x) * 4096.0 + units) / world * 360.0 - 180.0;
    let latitude = |units: f64| {
        let share = (f64::from(tile.y) * 4096.0 + units) / world;
        (2.0 * (std::f64::consts::PI * (1.0 - 2.0 * share)).exp().atan()).to_degrees() - 90.0
    };
    Rect::new(
        (longitude(-buffer), latitude(4096.0 + buffer).max(-90.0)),
        (longitude(4096.0 + buffer), latitude(-buffer).min(90.0)),
    )
}

fn touching(rows: &[Arc<Row>], tile: TileId, buffer: f64) -> HashSet<String> {
    let square = square(tile, buffer);
    let touches = |row: &&Arc<Row>| row.drawn().as_ref().is_some_and(|drawn| drawn.touches_box(&square));
    rows.iter().filter(touches).map(|row| row.id.to_string()).collect()
}

#[test]
fn every_row_that_touches_a_tile_is_in_it_or_in_a_count_at_every_zoom() {
    let mut random = ChaCha8Rng::seed_from_u64(1);
    let rows = crowd(&mut random, 600);
    let view = view(rows.clone());
    for z in 0..=16 {
        for _ in 0..12 {
            let near = rows[random.random_range(0..rows.len())].bounds().unwrap();
            let tile = tile_at(z, Coord { x: near.west, y: near.north });
            assert_counts(&rows, tile, &decode(&view, tile));
        }
    }
}

fn assert_counts(rows: &[Arc<Row>], tile: TileId, decoded: &[Decoded]) {
    let (must, may) = (touching(rows, tile, 64.0), touching(rows, tile, 257.0));
    let ids: Vec<_> = decoded.iter().filter_map(|d| d.text("id")).collect();
    let alone: HashSet<String> = ids.iter().map(|id| (*id).to_owned()).collect();
    assert_eq!(ids.len(), alone.len(), "{tile:?}: no row is in the tile twice");
    assert!(alone.is_subset(&may), "{tile:?}: no row from elsewhere");
    let total: u64 = decoded.iter().map(Decoded::count).sum();
    assert!(must.len() as u64 <= total && total <= may.len() as u64, "{tile:?}: {total} of {}", must.len());
    // By codes: what is not there by its identifier is in a count of its own codes.
    let mut merged: HashMap<String, u64> = HashMap::new();
    for feature in decoded.iter().filter(|d| d.text("id").is_none()) {
        assert_eq!(feature.text("level"), Some("merged"));
        *merged.entry(codes(feature)).or_default() += feature.count();
    }
    let mut missing: HashMap<String, u64> = HashMap::new();
    for row in
        rows.iter().filter(|row| must.contains(&row.id.to_string()) && !alone.contains(&row.id.to_string()))
    {
        let tags: Vec<_> = row.tags().iter().map(|(_, code)| code).collect();
        *missing.entry(format!("{} {}", row.collection(), tags.join(" "))).or_default() += 1;
        assert!(is_under_a_merged_shape(row, tile, decoded), "{tile:?}: {}", row.id);
    }
    for (codes, count) in missing {
        assert!(merged.get(&codes).is_some_and(|merged| *merged >= count), "{tile:?}: {count} of {codes}");
    }
}

fn codes(feature: &Decoded) -> String {
    let names = ["classification", "status", "kind", "triage", "outcome", "result", "review"];
    let set: Vec<_> = names.into_iter().filter_map(|name| feature.text(name)).collect();
    format!("{} {}", feature.layer, set.join(" "))
}

/// A merged shape of the same codes covers the row's corners; a merged point lies within a cell of it.
fn is_under_a_merged_shape(row: &Row, tile: TileId, decoded: &[Decoded]) -> bool {
    let places: Vec<_> =
        model::coordinates(row.geometry().as_ref().unwrap()).map(|c| in_tile(tile, c)).collect();
    let is_near = |d: &Decoded| {
        d.points.iter().any(|p| (p.x - places[0].x).abs() <= 33.0 && (p.y - places[0].y).abs() <= 33.0)
    };
    decoded
        .iter()
        .filter(|d| d.count() > 1 && d.text("classification") == row.tags().classification)
        .any(|d| if d.rings.is_empty() { is_near(d) } else { places.iter().all(|place| d.covers(*place)) })
}

#[test]
fn neighbouring_tiles_draw_merged_shapes_alike_along_their_edge() {
    let mut random = ChaCha8Rng::seed_from_u64(2);
    let view = view(crowd(&mut random, 1_200));
    let (west, east) = (TileId::new(7, 76, 43).unwrap(), TileId::new(7, 77, 43).unwrap());
    let cells = |tile: TileId, shift: f64| {
        let merged = decode(&view, tile).into_iter().filter(|d| d.count() > 1 && !d.rings.is_empty());
        let on_edge = merged.filter(|d| {
            d.rings[0].iter().any(|c| c.x + shift >= 4096.0)
                && d.rings[0].iter().any(|c| c.x + shift <= 4096.0)
        });
        let mut cells: Vec<_> = on_edge
            .map(|d| {
                let corner = d.rings[0].iter().map(|c| (c.x + shift) as i64).min().unwrap();
                (
                    corner,
                    d.rings[0].iter().map(|c| c.y as i64).min().unwrap(),
                    d.size().0 as i64,
                    codes(&d),
                    d.count(),
                )
            })
            .collect();
        cells.sort();
        cells
    };
    assert!(!cells(west, 0.0).is_empty());
    assert_eq!(cells(west, 0.0), cells(east, 4096.0));
}

#[test]
fn confirmed_and_suspected_synthetic_and_real_are_never_one_shape() {
    let c = Coord { x: 36.2, y: 49.9 };
    let codes = |class: &str, synthetic: bool| {
        format!(
            r#"{{"classification":"{class}","status":"open","review":"unverified","attributes":{{"synthetic":{synthetic}}}}}"#
        )
    };
    let mut rows = Vec::new();
    for (class, synthetic) in
        [("suspected", true), ("suspected", false), ("confirmed", true), ("confirmed", false)]
    {
        for _ in 0..5 {
            let number = rows.len() as u128 + 1;
            rows.push(row(
                number,
                Collection::HazardousAreas,
                bow_tie(c, 1e-4).into(),
                &codes(class, synthetic),
            ));
        }
    }
    let decoded = decode(&view(rows), tile_at(5, c));
    assert_eq!(decoded.len(), 4);
    assert!(decoded.iter().all(|d| d.count() == 5));
    let synthetic = decoded.iter().filter(|d| d.properties.get("synthetic") == Some(&Value::Bool(true)));
    assert_eq!(synthetic.count(), 2);
}

#[test]
fn a_layer_of_one_collection_holds_closed_areas_and_the_hazards_do_not() {
    let c = Coord { x: 36.2, y: 49.9 };
    let closed = r#"{"classification":"confirmed","status":"closed","review":"approved"}"#;
    let view = view(vec![row(1, Collection::HazardousAreas, bow_tie(c, 0.1).into(), closed)]);
    let bytes = |layer| vector_tile(&view, layer, tile_at(9, c)).unwrap();
    assert!(bytes(Layer::Hazards).is_empty());
    assert!(!bytes(Layer::Collection(Collection::HazardousAreas)).is_empty());
}

#[test]
fn a_point_near_a_tile_is_in_it_so_that_its_symbol_is_not_cut() {
    let tile = TileId::new(12, 2460, 1389).unwrap();
    let beside = tile.bounds().east + 200.0 / 4096.0 * 360.0 / 4096.0;
    let middle = (tile.bounds().south + tile.bounds().north) / 2.0;
    let view = view(vec![area(1, Point::new(beside, middle).into())]);
    assert_eq!(decode(&view, tile)[0].points[0].x, 4296.0);
}

#[test]
fn the_same_register_makes_the_same_bytes() {
    let bytes = || {
        let view = view(crowd(&mut ChaCha8Rng::seed_from_u64(4), 500));
        vector_tile(&view, Layer::Hazards, TileId::new(8, 153, 86).unwrap())
    };
    assert_eq!(bytes(), bytes());
}
