//! Every tile that the public can ask for, from the whole world to zoom 14: nothing in them is above public.

use std::collections::{BTreeMap, HashSet};

use mvt_reader::Reader;
use serde_json::Value;

use crate::harness::{Programme, Server};
use crate::people::Person;

/// Records of the demo country; a third of them is shared with fewer than everybody.
const RECORDS: u64 = 300;
const ZOOM_MAX: u8 = 14;

/// Properties that a public tile may have.
const SHOWN: [&str; 12] = [
    "id",
    "count",
    "level",
    "classification",
    "status",
    "kind",
    "triage",
    "outcome",
    "result",
    "review",
    "state",
    "synthetic",
];

/// Every tile with something in it, followed down; answers their number.
fn crawl(server: &Server, layer: &str, look: &mut dyn FnMut(&str, &BTreeMap<String, String>)) -> usize {
    let mut waiting = vec![(0_u8, 0_u32, 0_u32)];
    let mut tiles = 0;
    while let Some((z, x, y)) = waiting.pop() {
        let answer = server.get(&format!("/tiles/{layer}/{z}/{x}/{y}.mvt"));
        if answer.status == 204 {
            continue;
        }
        assert_eq!(answer.status, 200);
        tiles += 1;
        let reader = Reader::new(answer.body).unwrap();
        for (index, name) in reader.get_layer_names().unwrap().iter().enumerate() {
            for feature in reader.get_features(index).unwrap() {
                let properties = feature.properties.unwrap_or_default().into_iter();
                let properties = properties.map(|(name, value)| (name, format!("{value:?}"))).collect();
                look(name, &properties);
            }
        }
        if z < ZOOM_MAX {
            let below = |dx: u32, dy: u32| (z + 1, x * 2 + dx, y * 2 + dy);
            waiting.extend([below(0, 0), below(1, 0), below(0, 1), below(1, 1)]);
        }
    }
    tiles
}

fn ids(server: &Server, collections: &[&str]) -> HashSet<String> {
    let all = collections.iter().flat_map(|collection| server.all_items(collection, 1_000));
    all.map(|feature| feature["id"].as_str().unwrap().to_owned()).collect()
}

#[test]
fn no_tile_that_the_public_can_ask_for_has_anything_above_public() {
    let programme = Programme::with_demo(RECORDS);
    let exact: HashSet<String> = ids(&programme.serve(), &crate::harness::SPATIAL);
    Person::make(&programme, "head", "administrator", None);
    let server = programme.serve();
    let public = ids(&server, &crate::harness::SPATIAL);
    assert!(public.is_disjoint(&exact) && !public.is_empty());
    let (mut tiles, mut features) = (0, 0);
    for layer in ["hazards", "land-releases", "surveys", "accidents", "tasks"] {
        tiles += crawl(&server, layer, &mut |name, properties| {
            features += 1;
            for property in properties.keys() {
                let is_shown = SHOWN.contains(&property.as_str()) || property == "position_accuracy_m";
                assert!(is_shown, "{layer} {name}: {property}");
            }
            if let Some(id) = properties.get("id") {
                assert!(public.iter().any(|known| id.contains(known.as_str())), "{id}");
            }
        });
    }
    eprintln!("{tiles} tiles with something in them, {features} features");
    let items: Vec<Value> = server.all_items("hazardous-areas", 1_000);
    let said = |feature: &Value, name: &str| !feature["properties"][name].is_null();
    for name in ["name", "description", "evidence", "recorded_by", "external_id", "organisation", "sharing"] {
        assert!(!items.iter().any(|feature| said(feature, name)), "{name}");
    }
    assert!(items.iter().any(|feature| feature["properties"]["public_form"] == "cells"));
    server.stop();
}
