//! What goes in comes out: export after import, in every format, and into a second store.

use crate::harness::{COLLECTIONS, Programme, Run, minemap};
use serde_json::Value;
use std::collections::BTreeMap;

/// Records of an export by identifier, without what the register assigned.
fn records(path: &std::path::Path) -> BTreeMap<String, Value> {
    let text = std::fs::read_to_string(path).unwrap();
    let collection: Value = serde_json::from_str(&text).unwrap();
    let features = collection["features"].as_array().unwrap().iter();
    features.map(|f| (f["id"].as_str().unwrap().to_owned(), f.clone())).collect()
}

#[test]
fn every_record_of_the_demo_country_comes_out_as_it_went_in() {
    let programme = Programme::with_demo(400);
    let mut out: BTreeMap<String, Value> = BTreeMap::new();
    for collection in COLLECTIONS {
        for record in records(&programme.export(collection, &format!("{collection}.geojson"))).into_values() {
            out.insert(record["properties"]["external_id"].as_str().unwrap().to_owned(), record);
        }
    }
    let file = std::fs::read_to_string(programme.demo_file(400)).unwrap();
    let went_in: Vec<Value> = file.lines().map(|line| serde_json::from_str(line).unwrap()).collect();
    assert_eq!(went_in.len(), out.len());
    for record in went_in {
        let came_out = &out[record["properties"]["external_id"].as_str().unwrap()];
        assert_eq!(came_out["geometry"], record["geometry"]);
        for (name, value) in record["properties"].as_object().unwrap() {
            let kept =
                came_out["properties"].get(name).or_else(|| came_out["properties"]["attributes"].get(name));
            assert!(name == "collection" || kept == Some(value), "{name}: {value} became {kept:?}");
        }
    }
}

#[test]
fn an_export_in_any_format_is_the_same_register_in_another_store() {
    let programme = Programme::with_demo(300);
    for format in ["geojson", "ndjson", "csv", "gpkg"] {
        let other = Programme::new();
        for collection in COLLECTIONS {
            let file = programme.export(collection, &format!("{collection}.{format}"));
            if records(&programme.export(collection, "here.geojson")).is_empty() {
                continue; // a file without anything in it is refused
            }
            let run = other.import(&["--collection", collection, file.to_str().unwrap()]);
            assert!(run.code <= 1, "{format}: {}", run.all());
        }
        for collection in COLLECTIONS {
            let here = records(&programme.export(collection, "here.geojson"));
            let there = records(&other.export(collection, "there.geojson"));
            assert_eq!(
                here.keys().collect::<Vec<_>>(),
                there.keys().collect::<Vec<_>>(),
                "{format} {collection}"
            );
            for (id, record) in &here {
                assert_eq!(record, &there[id], "{format} {collection}");
            }
        }
    }
}

#[test]
fn an_export_read_back_into_its_own_store_is_unchanged() {
    let programme = Programme::with_demo(200);
    for collection in COLLECTIONS {
        let file = programme.export(collection, &format!("{collection}.geojson"));
        let (run, report) = programme.reported(&["--collection", collection, file.to_str().unwrap()]);
        assert_eq!(report["read"], report["unchanged"], "{collection}: {}", run.all());
    }
}

#[test]
fn a_dry_run_says_what_would_happen_and_writes_nothing() {
    let programme = Programme::new();
    let file = programme.demo_file(50);
    let (run, report) = programme.reported(&["--dry-run", file.to_str().unwrap()]);
    assert_eq!(report["read"], 50, "{}", run.all());
    let (_, report) = programme.reported(&[file.to_str().unwrap()]);
    assert_eq!(report["unchanged"], 0);
}

#[test]
fn the_same_seed_writes_the_same_file() {
    let (one, two) = (Programme::new(), Programme::new());
    let read = |p: &Programme| std::fs::read(p.demo_file(500)).unwrap();
    assert_eq!(read(&one), read(&two));
}

#[test]
fn help_names_the_commands_and_wrong_usage_exits_with_2() {
    let help = Run::of(minemap().arg("--help"));
    assert_eq!(help.code, 0);
    for command in ["serve", "import", "export", "verify", "demo"] {
        assert!(help.stdout.contains(command), "{}", help.stdout);
    }
    assert_eq!(Run::of(minemap().arg("clear")).code, 2);
    assert_eq!(Run::of(minemap().args(["export", "--collection", "roads", "--output", "x.csv"])).code, 2);
}
