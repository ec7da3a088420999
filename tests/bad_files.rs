//! Files that are broken, hostile or not what they say: an exit code, a message, and nothing lost.

use crate::harness::{Programme, shared};
use serde_json::{Value, json};
use std::path::{Path, PathBuf};

fn files_under(folder: &Path, extensions: &[&str]) -> Vec<PathBuf> {
    let mut found: Vec<PathBuf> = Vec::new();
    for entry in std::fs::read_dir(folder).unwrap().flatten() {
        let path = entry.path();
        let extension = path.extension().and_then(|e| e.to_str()).unwrap_or("");
        if extensions.contains(&extension) {
            found.push(path);
        }
    }
    found.sort();
    found
}

#[test]
fn every_bad_geojson_file_has_an_exit_code_and_a_message_or_a_finding() {
    let Some(folder) = shared("geojsonhint/bad") else { return };
    let files = files_under(&folder, &["geojson"]);
    assert!(files.len() > 40);
    for file in files {
        let (run, report) =
            Programme::new().reported(&["--collection", "hazardous-areas", file.to_str().unwrap()]);
        assert!((0..=2).contains(&run.code), "{}: {}", file.display(), run.all());
        let said = |member: &str| {
            !matches!(&report["files"][0][member], Value::Null) && report["files"][0][member] != json!([])
        };
        let errors = said("error");
        assert!(
            errors || said("findings") || report["read"].as_u64() > Some(0),
            "{}: {}",
            file.display(),
            run.all()
        );
        assert_eq!(run.code == 2, errors, "{}: {}", file.display(), run.all());
    }
}

#[test]
fn every_good_geojson_file_is_taken_whole() {
    let Some(folder) = shared("geojsonhint/good") else { return };
    for file in files_under(&folder, &["geojson"]) {
        let (run, report) =
            Programme::new().reported(&["--collection", "hazardous-areas", file.to_str().unwrap()]);
        assert!(run.code <= 1, "{}: {}", file.display(), run.all());
        assert_eq!(report["refused"], 0, "{}: {}", file.display(), run.all());
        assert!(report["read"].as_u64() > Some(0), "{}: {}", file.display(), run.all());
    }
}

#[test]
fn files_of_other_programs_are_read_or_refused_by_name() {
    let Some(folder) = shared("fiona-testdata") else { return };
    let kinds = ["geojson", "shp", "csv", "txt", "seq", "topojson", "gml", "gpx", "zip", "xsd"];
    for file in files_under(&folder, &kinds) {
        let (run, report) =
            Programme::new().reported(&["--collection", "hazardous-areas", file.to_str().unwrap()]);
        assert!((0..=2).contains(&run.code), "{}: {}", file.display(), run.all());
        let named = run.all().contains(file.file_name().unwrap().to_str().unwrap());
        assert!(report["read"].as_u64() > Some(0) || named, "{}: {}", file.display(), run.all());
    }
}

#[test]
fn a_file_cut_off_anywhere_stores_nothing_unless_partial_is_asked_for() {
    let programme = Programme::new();
    let whole = std::fs::read(programme.demo_file(40)).unwrap();
    let geojson = format!("{{\"type\":\"FeatureCollection\",\"features\":[{}]}}", {
        let text = String::from_utf8(whole).unwrap();
        text.trim().replace('\n', ",")
    });
    let cut = programme.path("cut.geojson");
    for share in [20, 50, 80, 99] {
        std::fs::write(&cut, &geojson.as_bytes()[..geojson.len() * share / 100]).unwrap();
        let (run, report) = programme.reported(&[cut.to_str().unwrap()]);
        assert_eq!(run.code, 2, "{}", run.all());
        assert_eq!(report["accepted"], 0);
        assert!(report["read"].as_u64() > Some(0), "what was readable is reported: {}", run.all());
        let partial = Programme::new();
        let (run, partly) = partial.reported(&["--partial", cut.to_str().unwrap()]);
        assert_eq!(run.code, 1, "{}", run.all());
        let stored = partly["accepted"].as_u64().unwrap() + partly["not_placed"].as_u64().unwrap();
        assert_eq!(partly["read"], report["read"]);
        assert!(partly["refused"].as_u64() <= Some(1), "only the record that was cut: {}", run.all());
        assert!(stored + 1 >= report["read"].as_u64().unwrap(), "{}", run.all());
    }
}

#[test]
fn truncated_copies_of_real_files_are_refused_or_reported_and_never_crash() {
    let names = [
        "amsterdam-explosieven/Verdachte_gebieden_test.shp",
        "amsterdam-explosieven/csv/verdachte_gebieden.csv",
        "geozero-testdata/gpkg_test.gpkg",
        "fiona-testdata/grenada.geojson",
    ];
    for name in names {
        let Some(path) = shared(name) else { return };
        let whole = std::fs::read(&path).unwrap();
        for share in [0, 3, 30, 70, 97] {
            let programme = Programme::new();
            let copy = programme.path(path.file_name().unwrap().to_str().unwrap());
            std::fs::write(&copy, &whole[..whole.len() * share / 100]).unwrap();
            let arguments =
                ["--collection", "hazardous-areas", "--crs", "EPSG:28992", copy.to_str().unwrap()];
            let run = programme.import(&arguments);
            assert!((1..=2).contains(&run.code), "{name} cut at {share} %: {}", run.all());
        }
    }
}

#[test]
fn a_missing_file_an_empty_one_and_a_folder_are_each_refused_by_name() {
    let programme = Programme::new();
    std::fs::write(programme.path("empty.geojson"), "").unwrap();
    std::fs::create_dir(programme.path("folder.shp")).unwrap();
    for name in ["missing.geojson", "empty.geojson", "folder.shp"] {
        let path = programme.path(name);
        let run = programme.import(&["--collection", "surveys", path.to_str().unwrap()]);
        assert_eq!(run.code, 2, "{name}: {}", run.all());
        assert!(run.all().contains(name), "{}", run.all());
    }
}

#[test]
fn a_store_that_is_no_store_of_ours_is_refused_and_left_as_it_is() {
    let programme = Programme::new();
    std::fs::write(programme.store(), "not a database").unwrap();
    let run = programme.verify();
    assert_eq!(run.code, 3, "{}", run.all());
    assert_eq!(std::fs::read_to_string(programme.store()).unwrap(), "not a database");
}
