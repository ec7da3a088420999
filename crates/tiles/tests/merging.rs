//! Where there is no room to draw every row alone: all are counted, all are covered, classes stay apart, and the tile
//! keeps its limit. Limits are forced low, so that few rows are enough.
#![allow(clippy::unwrap_used)]

mod common;

use std::collections::{BTreeMap, HashMap, HashSet};
use std::sync::Arc;

use common::*;
use geo::Validation;
use geo_types::{Coord, Point};
use model::Collection;
use rand::{Rng, SeedableRng};
use rand_chacha::ChaCha8Rng;
use spatial_index::{Layer, Row, View};
use tiles::{BYTES_MAX, TileId, vector_tile_within};

const LIMITS: [usize; 4] = [1_500, 6_000, 20_000, 60_000];

/// Areas of all sizes and shapes, points and reports, some synthetic, around a town.
fn crowd(random: &mut ChaCha8Rng, count: u128) -> Vec<Arc<Row>> {
    let make = |number: u128| {
        let (x, y) = (36.2 + random.random_range(-0.5..0.5), 49.9 + random.random_range(-0.4..0.4));
        let centre = Coord { x, y };
        let radius = 10_f64.powf(random.random_range(-4.5..-1.0));
        let synthetic = number.is_multiple_of(3);
        let accuracy_m = [0, 0, 5, 300][number as usize % 4];
        let common = format!(
            r#""review":"unverified","position_accuracy_m":{accuracy_m},"attributes":{{"synthetic":{synthetic}}},
               "findings":[{{"rule":"geometry.invalid_ring","severity":"high","message":""}}]"#
        );
        if number.is_multiple_of(5) {
            let properties = format!(r#"{{"kind":"suspicion","triage":"new",{common}}}"#);
            return row(number, Collection::HazardReports, Point(centre).into(), &properties);
        }
        let class = if number % 7 < 4 { "suspected" } else { "confirmed" };
        let properties = format!(r#"{{"classification":"{class}","status":"open",{common}}}"#);
        let geometry = match number % 6 {
            0 => Point(centre).into(),
            kind => hostile(random, number as usize + kind as usize, centre, radius),
        };
        row(number, Collection::HazardousAreas, geometry, &properties)
    };
    (1..=count).map(make).collect()
}

/// What must never be mixed.
fn codes_of_row(row: &Row) -> String {
    let tags: Vec<_> = row.tags().iter().map(|(_, code)| code).collect();
    format!("{} {} {}", row.collection(), tags.join(" "), row.is_synthetic())
}

fn codes_of(feature: &Decoded) -> String {
    let names = ["classification", "status", "kind", "triage", "outcome", "result", "state", "review"];
    let set: Vec<_> = names.into_iter().filter_map(|name| feature.text(name)).collect();
    format!("{} {} {}", feature.layer, set.join(" "), feature.properties.contains_key("synthetic"))
}

/// Corners, and places on edges, in the units of a tile, in it and 64 units around it.
fn places(random: &mut ChaCha8Rng, row: &Row, tile: TileId) -> Vec<Coord<f64>> {
    let lines: Vec<Vec<Coord<f64>>> = match row.geometry().as_ref().unwrap() {
        geo_types::Geometry::Polygon(polygon) => all_rings(polygon).map(|ring| ring.0.clone()).collect(),
        geo_types::Geometry::MultiPolygon(polygons) => {
            polygons.iter().flat_map(all_rings).map(|ring| ring.0.clone()).collect()
        }
        other => vec![model::coordinates(other).collect()],
    };
    let mut places = lines.concat();
    for pair in lines.iter().flat_map(|line| line.windows(2)) {
        places.push(pair[0] + (pair[1] - pair[0]) * random.random_range(0.0..1.0));
    }
    places.into_iter().map(|place| in_tile(tile, place)).filter(|place| is_near(*place, 64.0)).collect()
}

/// The shapes that may stand for a row: its own, or merged ones of its codes.
fn standing_for<'d>(row: &Row, decoded: &'d [Decoded]) -> Vec<&'d Decoded> {
    let id = row.id.to_string();
    match decoded.iter().find(|d| d.text("id") == Some(&id)) {
        Some(own) => vec![own],
        None => {
            let codes = codes_of_row(row);
            decoded.iter().filter(|d| d.text("level") == Some("merged") && codes_of(d) == codes).collect()
        }
    }
}

fn check(random: &mut ChaCha8Rng, rows: &[Arc<Row>], view: &View, tile: TileId, limit: usize) -> bool {
    let bytes = vector_tile_within(view, Layer::Hazards, tile, limit).unwrap();
    assert!(bytes.len() <= limit, "{tile:?}: {} bytes of {limit}", bytes.len());
    let decoded = decode_bytes(bytes);
    let (mut must, mut may): (BTreeMap<String, u64>, BTreeMap<String, u64>) = Default::default();
    for row in rows {
        let touches = |buffer: f64| {
            let drawn = row.drawn().unwrap();
            drawn.touches_box(&square(tile, buffer))
        };
        *must.entry(codes_of_row(row)).or_default() += u64::from(touches(64.0));
        let reaches = row.bounds().is_some_and(|b| b.touches(&bounds(&square(tile, 257.0))));
        *may.entry(codes_of_row(row)).or_default() += u64::from(reaches);
        let places = places(random, row, tile);
        let shapes = standing_for(row, &decoded);
        for place in places {
            let near = |d: &Decoded| {
                d.points.iter().any(|p| (p.x - place.x).abs() <= 33.0 && (p.y - place.y).abs() <= 33.0)
            };
            let is_shown = shapes.iter().any(|d| d.covers(place) || near(d));
            assert!(is_shown, "{tile:?}, {limit} bytes: {place:?} of {:?} is not covered", row.geometry());
        }
    }
    let mut shown: HashMap<String, u64> = HashMap::new();
    let mut ids = HashSet::new();
    for feature in &decoded {
        *shown.entry(codes_of(feature)).or_default() += feature.count();
        assert!(feature.text("id").is_none_or(|id| ids.insert(id)), "no row is drawn twice");
        assert_eq!(feature.text("id").is_none(), feature.text("level") == Some("merged"));
        assert!(feature.polygons.is_valid(), "{tile:?}: {:?}", feature.polygons.check_validation());
        assert!(feature.rings.is_empty() || (feature.size().0 >= 32.0 && feature.size().1 >= 32.0));
    }
    for (codes, must) in must {
        let shown = shown.get(&codes).copied().unwrap_or(0);
        assert!((must..=may[&codes]).contains(&shown), "{tile:?}: {shown} of {must} {codes}");
    }
    decoded.iter().any(|feature| feature.text("level") == Some("merged") && feature.size().0 > 64.0)
}

/// The square of a tile in degrees with a buffer in units, by an own formula.
fn square(tile: TileId, buffer: f64) -> geo_types::Rect<f64> {
    let world = 4096.0 * f64::from(1_u32 << tile.z);
    let longitude = |units: f64| (f64::from(tile.x) * 4096.0 + units) / world * 360.0 - 180.0;
    let latitude = |units: f64| {
        let share = (f64::from(tile.y) * 4096.0 + units) / world;
        (2.0 * (std::f64::consts::PI * (1.0 - 2.0 * share)).exp().atan()).to_degrees() - 90.0
    };
    geo_types::Rect::new(
        (longitude(-buffer), latitude(4096.0 + buffer).max(-90.0)),
        (longitude(4096.0 + buffer), latitude(-buffer).min(90.0)),
    )
}

fn bounds(rect: &geo_types::Rect<f64>) -> model::Bounds {
    model::Bounds { west: rect.min().x, south: rect.min().y, east: rect.max().x, north: rect.max().y }
}

#[test]
fn within_any_limit_every_row_is_counted_among_its_codes_and_covered_at_every_zoom() {
    let mut random = ChaCha8Rng::seed_from_u64(1);
    let rows = crowd(&mut random, 500);
    let view = view(rows.clone());
    let mut merged = 0;
    for z in 0..=16 {
        for limit in LIMITS {
            let near = rows[random.random_range(0..rows.len())].bounds().unwrap();
            let tile = tile_at(z, Coord { x: near.west, y: near.north });
            merged += u32::from(check(&mut random, &rows, &view, tile, limit));
        }
    }
    assert!(merged > 20, "only {merged} tiles were merged");
}

#[test]
fn more_tiny_rows_than_are_looked_at_one_by_one_are_all_counted_and_covered() {
    let mut random = ChaCha8Rng::seed_from_u64(2);
    let rows = crowd(&mut random, 5_500);
    let view = view(rows.clone());
    for z in [5, 8, 9] {
        let tile = tile_at(z, Coord { x: 36.2, y: 49.9 });
        assert!(check(&mut random, &rows, &view, tile, BYTES_MAX), "zoom {z} is merged");
    }
}

#[test]
fn neighbouring_tiles_both_cover_what_lies_on_their_edge_however_each_is_merged() {
    let mut random = ChaCha8Rng::seed_from_u64(3);
    let rows = crowd(&mut random, 800);
    let view = view(rows.clone());
    let (west, east) = (TileId::new(9, 307, 173).unwrap(), TileId::new(9, 308, 173).unwrap());
    for (of_west, of_east) in [(1_500, 60_000), (60_000, 1_500), (6_000, 20_000)] {
        check(&mut random, &rows, &view, west, of_west);
        check(&mut random, &rows, &view, east, of_east);
    }
}
