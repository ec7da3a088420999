//! From file to pixel: every hazard of a file is in the log, in the answers and in the tiles.

use std::collections::HashMap;

use crate::harness::{Programme, SPATIAL, Server};
use mvt_reader::Reader;
use mvt_reader::feature::Value as Tag;
use serde_json::Value;

const RECORDS: u64 = 1_500;

/// What a tile holds of each layer: identifiers drawn, and hazards counted in merged shapes.
#[derive(Default)]
struct Drawn {
    ids: Vec<String>,
    merged: u64,
}

fn drawn(server: &Server, path: &str) -> HashMap<String, Drawn> {
    let answer = server.get(path);
    let mut layers: HashMap<String, Drawn> = HashMap::new();
    if answer.status == 204 {
        return layers;
    }
    assert_eq!(answer.status, 200, "{path}");
    let reader = Reader::new(answer.body).unwrap();
    for (index, name) in reader.get_layer_names().unwrap().into_iter().enumerate() {
        let layer = layers.entry(name).or_default();
        for feature in reader.get_features(index).unwrap() {
            let tags = feature.properties.unwrap_or_default();
            match (tags.get("id"), tags.get("count")) {
                (Some(Tag::String(id)), None) => layer.ids.push(id.clone()),
                (None, Some(count)) => layer.merged += number(count),
                other => panic!("{path}: a shape is one record or counts several: {other:?}"),
            }
        }
    }
    layers
}

fn number(tag: &Tag) -> u64 {
    match tag {
        Tag::UInt(n) => *n,
        Tag::Int(n) | Tag::SInt(n) => u64::try_from(*n).unwrap(),
        other => panic!("not a count: {other:?}"),
    }
}

fn is_open(record: &Value) -> bool {
    let properties = &record["properties"];
    properties["status"] != "closed"
        && properties["disposed_on"].is_null()
        && !["duplicate", "rejected", "converted"].iter().any(|triage| properties["triage"] == *triage)
}

#[test]
fn the_whole_world_in_one_tile_holds_every_placed_record() {
    let programme = Programme::with_demo(RECORDS);
    let server = programme.serve();
    let mut total = 0;
    for collection in SPATIAL {
        let items = server.all_items(collection, 1_000);
        let placed: Vec<_> = items.iter().filter(|item| !item["geometry"].is_null()).collect();
        let tile = &drawn(&server, &format!("/tiles/{collection}/0/0/0.mvt"))[collection];
        let mut ids = tile.ids.clone();
        ids.sort_unstable();
        ids.dedup();
        assert_eq!(ids.len() as u64 + tile.merged, placed.len() as u64, "{collection}");
        let open = placed.iter().filter(|item| is_open(item)).count() as u64;
        let hazards = drawn(&server, "/tiles/hazards/0/0/0.mvt");
        if let Some(hazards) = hazards.get(collection) {
            let mut ids = hazards.ids.clone();
            ids.sort_unstable();
            ids.dedup();
            assert_eq!(ids.len() as u64 + hazards.merged, open, "{collection} among the hazards");
        }
        total += items.len() as u64;
    }
    for collection in ["organisations", "contributions", "capacity"] {
        total += server.all_items(collection, 1_000).len() as u64;
    }
    assert_eq!(total, RECORDS);
    server.stop();
}

#[test]
fn every_hazard_is_in_the_tile_of_its_first_vertex_at_every_zoom() {
    let programme = Programme::with_demo(120);
    let server = programme.serve();
    let items = server.all_items("hazardous-areas", 1_000);
    for zoom in 0..=16 {
        let mut tiles: HashMap<(u32, u32), Vec<&str>> = HashMap::new();
        for item in items.iter().filter(|item| !item["geometry"].is_null()) {
            let place = first_position(&item["geometry"]["coordinates"]);
            tiles.entry(tile_of(place, zoom)).or_default().push(item["id"].as_str().unwrap());
        }
        for ((x, y), expected) in tiles {
            let path = format!("/tiles/hazardous-areas/{zoom}/{x}/{y}.mvt");
            let tile = drawn(&server, &path).remove("hazardous-areas").unwrap_or_default();
            let absent =
                expected.iter().filter(|id| !tile.ids.iter().any(|drawn| drawn == *id)).count() as u64;
            assert!(absent <= tile.merged, "{path}: {absent} hazards are neither drawn nor counted");
        }
    }
    server.stop();
}

fn first_position(coordinates: &Value) -> (f64, f64) {
    match coordinates[0].as_f64() {
        Some(lon) => (lon, coordinates[1].as_f64().unwrap()),
        None => first_position(&coordinates[0]),
    }
}

/// The tile that holds a place (OGC Two Dimensional Tile Matrix Set, WebMercatorQuad).
fn tile_of((lon, lat): (f64, f64), zoom: u32) -> (u32, u32) {
    let side = f64::from(1_u32 << zoom);
    let y = (1.0 - lat.to_radians().tan().asinh() / std::f64::consts::PI) / 2.0;
    (((lon + 180.0) / 360.0 * side) as u32, (y * side) as u32)
}

#[test]
fn records_without_a_place_are_listed_and_counted() {
    let programme = Programme::with_demo(RECORDS);
    let server = programme.serve();
    let summary = server.json("/query/summary");
    let mut listed = 0;
    for collection in SPATIAL {
        let page = server.json(&format!("/ogc/collections/{collection}/items?not-placed=true&limit=1000"));
        listed += page["numberMatched"].as_u64().unwrap();
    }
    assert!(listed > 0);
    assert_eq!(summary["not_placed"], listed);
    server.stop();
}

#[test]
fn a_broken_outline_is_kept_as_entered_and_found_wherever_it_reaches() {
    let programme = Programme::new();
    let bow_tie = r#"{"type":"Feature","properties":{"name":"bow tie"},"geometry":{"type":"Polygon",
        "coordinates":[[[36,49],[36.02,49.02],[36.02,49],[36,49.02],[36,49]]]}}"#;
    std::fs::write(programme.path("bow.geojson"), bow_tie).unwrap();
    let file = programme.path("bow.geojson");
    let (run, report) = programme.reported(&["--collection", "hazardous-areas", file.to_str().unwrap()]);
    assert_eq!(run.code, 1, "{}", run.all());
    assert!(report["records"][0]["findings"].to_string().contains("geometry.invalid_ring"));
    let server = programme.serve();
    let item = &server.all_items("hazardous-areas", 10)[0];
    assert_eq!(item["geometry"]["coordinates"][0].as_array().unwrap().len(), 5, "kept as entered");
    for (lon, lat) in [(36.002, 49.01), (36.018, 49.01), (36.0, 49.0), (36.02, 49.02)] {
        let found = server.json(&format!("/query/at?lon={lon}&lat={lat}"));
        assert_eq!(found["features"].as_array().unwrap().len(), 1, "{lon} {lat}");
    }
    server.stop();
}
