//! The Amsterdam files: a real hazard register, with its oddities, by the lines the README gives.

use crate::harness::{Programme, Server, mapping, other_program, shared};
use serde_json::Value;

/// File, mapping, collection, records.
const SHAPEFILES: [(&str, &str, &str, usize); 4] = [
    ("Verdachte_gebieden_test.shp", "amsterdam-verdachte-gebieden.toml", "hazardous-areas", 6),
    ("Inslagen_ea_test.shp", "amsterdam-inslagen.toml", "hazard-reports", 5),
    ("Gevrijwaard_gebied_test.shp", "amsterdam-gevrijwaard-gebied.toml", "land-releases", 1),
    ("Reeds_uitgevoerde_CE_onderzoeken_test.shp", "amsterdam-ce-onderzoek.toml", "surveys", 1),
];
const CSV: [(&str, &str, &str, usize); 4] = [
    ("csv/verdachte_gebieden.csv", "amsterdam-verdachte-gebieden.toml", "hazardous-areas", 4),
    ("csv/inslagen.csv", "amsterdam-inslagen.toml", "hazard-reports", 27),
    ("csv/gevrijwaard_gebied.csv", "amsterdam-gevrijwaard-gebied.toml", "land-releases", 19),
    ("csv/reeds_uitgevoerd_ce_onderzoek.csv", "amsterdam-ce-onderzoek.toml", "surveys", 9),
];

fn import(programme: &Programme, files: &[(&str, &str, &str, usize)]) -> bool {
    for (file, by, _, records) in files {
        let Some(path) = shared(&format!("amsterdam-explosieven/{file}")) else { return false };
        let (run, report) = programme.reported(&["--mapping", &mapping(by), path.to_str().unwrap()]);
        assert!(run.code <= 1, "{file}: {}", run.all());
        assert_eq!(report["read"], *records, "{file}: {}", run.all());
        assert_eq!(report["refused"], 0, "{file}: {}", run.all());
    }
    true
}

#[test]
fn the_shapefiles_appear_in_amsterdam_with_their_dutch_attributes_readable() {
    let programme = Programme::new();
    if !import(&programme, &SHAPEFILES) {
        return;
    }
    let server = programme.serve();
    for (_, _, collection, records) in SHAPEFILES {
        let items = server.all_items(collection, 100);
        assert_eq!(items.len(), records, "{collection}");
        for position in items.iter().flat_map(positions) {
            assert!(
                (4.7..5.1).contains(&position[0]) && (52.3..52.45).contains(&position[1]),
                "{position:?}"
            );
        }
    }
    let reports = server.all_items("hazard-reports", 100);
    assert!(reports[0].to_string().contains("geïnterpreteerd"), "{}", reports[0]);
    server.stop();
}

#[test]
fn the_csv_files_import_with_a_reference_system_and_are_refused_without_one() {
    let programme = Programme::new();
    if !import(&programme, &CSV) {
        return;
    }
    let file = shared("amsterdam-explosieven/csv/inslagen.csv").unwrap();
    let run = Programme::new().import(&["--collection", "hazard-reports", file.to_str().unwrap()]);
    assert_eq!(run.code, 2, "{}", run.all());
    assert!(run.all().contains("--crs"), "{}", run.all());
    let with = ["--collection", "hazard-reports", "--crs", "EPSG:28992", file.to_str().unwrap()];
    let (run, report) = Programme::new().reported(&with);
    assert_eq!(report["read"], 27, "{}", run.all());
}

#[test]
fn the_shapefiles_need_no_option_but_the_assumed_reference_system_is_said() {
    let Some(file) = shared("amsterdam-explosieven/Verdachte_gebieden_test.shp") else { return };
    let (run, report) =
        Programme::new().reported(&["--collection", "hazardous-areas", file.to_str().unwrap()]);
    assert_eq!(report["read"], 6, "{}", run.all());
    assert!(run.all().contains("EPSG:28992"), "{}", run.all());
}

#[test]
fn a_second_import_changes_nothing() {
    let programme = Programme::new();
    if !import(&programme, &SHAPEFILES) {
        return;
    }
    for (file, by, _, records) in SHAPEFILES {
        let path = shared(&format!("amsterdam-explosieven/{file}")).unwrap();
        let (run, report) = programme.reported(&["--mapping", &mapping(by), path.to_str().unwrap()]);
        assert_eq!(report["unchanged"], records, "{file}: {}", run.all());
    }
}

#[test]
fn every_position_agrees_with_gdal_within_two_metres() {
    let programme = Programme::new();
    if !import(&programme, &SHAPEFILES) {
        return;
    }
    let server = programme.serve();
    for (file, _, collection, _) in SHAPEFILES {
        let Some(theirs) = by_gdal(file) else { return };
        let ours: Vec<_> = server.all_items(collection, 100).iter().flat_map(positions).collect();
        let theirs: Vec<_> = theirs["features"].as_array().unwrap().iter().flat_map(positions).collect();
        assert_eq!(ours.len(), theirs.len(), "{file}");
        for (a, b) in ours.iter().zip(&theirs) {
            let metres = ((a[0] - b[0]) * 68_000.0).hypot((a[1] - b[1]) * 111_200.0);
            assert!(metres < 2.0, "{file}: {a:?} and {b:?} are {metres} m apart");
        }
    }
    server.stop();
}

fn by_gdal(file: &str) -> Option<Value> {
    let path = shared(&format!("amsterdam-explosieven/{file}"))?;
    let options =
        ["-f", "GeoJSON", "-s_srs", "EPSG:28992", "-t_srs", "EPSG:4326", "-lco", "COORDINATE_PRECISION=12"];
    let mut all = options.to_vec();
    all.extend(["/vsistdout/", path.to_str().unwrap()]);
    let output = other_program("ogr2ogr", &all)?;
    Some(serde_json::from_slice(&output.stdout).unwrap())
}

/// Every position of a feature's geometry, in order.
fn positions(feature: &Value) -> Vec<[f64; 2]> {
    fn collect(value: &Value, found: &mut Vec<[f64; 2]>) {
        match value.as_array() {
            Some(list) if list.first().is_some_and(Value::is_number) => {
                found.push([list[0].as_f64().unwrap(), list[1].as_f64().unwrap()]);
            }
            Some(list) => list.iter().for_each(|inner| collect(inner, found)),
            None => {}
        }
    }
    let mut found = Vec::new();
    collect(&feature["geometry"]["coordinates"], &mut found);
    found
}

#[test]
fn an_import_while_the_server_runs_appears_on_the_map_at_once() {
    let Some(file) = shared("amsterdam-explosieven/Verdachte_gebieden_test.shp") else { return };
    let programme = Programme::with_demo(50);
    let server = Server::start(&programme.store(), &[]);
    let before = server.json("/query/summary")["revision"].as_u64().unwrap();
    let run = programme.import(&[
        "--mapping",
        &mapping("amsterdam-verdachte-gebieden.toml"),
        file.to_str().unwrap(),
    ]);
    assert!(run.code <= 1, "{}", run.all());
    assert_eq!(server.json("/query/summary")["revision"], before + 6);
    let area = &server.all_items("hazardous-areas", 1_000).into_iter().next_back().unwrap();
    let [lon, lat] = positions(area)[0];
    let found = server.json(&format!("/query/at?lon={lon}&lat={lat}"));
    assert!(!found["features"].as_array().unwrap().is_empty());
    server.stop();
    assert_eq!(programme.verify().code, 0);
}

#[test]
fn real_records_among_synthetic_ones_are_counted_so_that_the_map_does_not_call_them_invented() {
    let Some(file) = shared("amsterdam-explosieven/Verdachte_gebieden_test.shp") else { return };
    let programme = Programme::with_demo(50);
    let run = programme.import(&[
        "--mapping",
        &mapping("amsterdam-verdachte-gebieden.toml"),
        file.to_str().unwrap(),
    ]);
    assert!(run.code <= 1, "{}", run.all());
    let server = programme.serve();
    let summary = server.json("/query/summary");
    assert_eq!(
        (&summary["synthetic"], &summary["synthetic_records"]),
        (&Value::from(true), &Value::from(50))
    );
    server.stop();
}
