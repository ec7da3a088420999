//! The file is a GeoPackage: other people's programs open it and see every hazard.

mod support;

use std::path::Path;
use std::process::Command;

use rusqlite::Connection;
use store_sqlite::Store;
use support::*;

/// What a program says, or `None` (said plainly) where this machine does not have it.
fn said(program: &str, arguments: &[&str], path: &Path) -> Option<String> {
    let Ok(output) = Command::new(program).args(arguments).arg(path).output() else {
        eprintln!("skipped: {program} is not installed");
        return None;
    };
    let text = |bytes: &[u8]| String::from_utf8_lossy(bytes).into_owned();
    let all = text(&output.stdout) + &text(&output.stderr);
    if all.contains("No module named") {
        eprintln!("skipped: {program} {arguments:?} is not installed");
        return None;
    }
    assert!(output.status.success(), "{program} {arguments:?}: {all}");
    Some(all)
}

#[test]
fn gdal_lists_every_present_record_with_its_columns() {
    let (_folder, path) = file();
    filled(&path, 100);
    let Some(summary) = said("ogrinfo", &["-ro", "-al", "-so"], &path) else { return };
    for (table, count) in
        [("hazardous_areas", 40), ("hazard_reports", 20), ("surveys", 20), ("land_releases", 0)]
    {
        let layer = summary.split("Layer name: ").find(|layer| layer.starts_with(&format!("{table}\n")));
        let layer = layer.unwrap_or_else(|| panic!("no layer {table} in {summary}"));
        assert!(layer.contains(&format!("Feature Count: {count}")), "{layer}");
        assert!(
            layer.contains("WGS 84")
                && layer.contains("reported_on: Date")
                && layer.contains("recorded_at: DateTime")
        );
    }
    assert!(!summary.contains("Warning") && !summary.contains("ERROR"), "{summary}");
}

#[test]
fn gdal_reads_a_polygon_with_its_coordinates() {
    let (_folder, path) = file();
    filled(&path, 1);
    let Some(text) = said("ogrinfo", &["-ro", "-al", "-q"], &path) else { return };
    assert!(text.contains("POLYGON ((30.002 47"), "{text}");
    assert!(text.contains("recorded_at (DateTime) = 2026/11/22 10:11:12.123+00"), "{text}");
}

#[test]
fn the_validator_of_geopackages_finds_nothing() {
    let (_folder, path) = file();
    filled(&path, 100);
    // The interpreter that GDAL's package was installed for, not the first one in the path.
    let module = ["-m", "osgeo_utils.samples.validate_gpkg", "--extra", "--warning-as-error"];
    let Some(text) = said("/usr/bin/python3", &module, &path) else { return };
    assert!(
        !text.contains("ERROR") && !text.to_lowercase().contains("warning") && !text.contains("Req"),
        "{text}"
    );
}

#[test]
fn the_contents_say_how_far_the_features_reach_and_when_they_changed() {
    let (_folder, path) = file();
    filled(&path, 1);
    let file = Connection::open(&path).expect("opens");
    let row = "SELECT min_x, min_y, max_x, max_y, last_change FROM gpkg_contents WHERE table_name = ?1";
    let read = |table: &str| {
        file.query_row(row, [table], |r| {
            Ok((r.get::<_, Option<f64>>(0)?, r.get::<_, Option<f64>>(3)?, r.get::<_, String>(4)?))
        })
    };
    let bounds = model::Bounds::of(&polygon(0, 36)).expect("bounds");
    let changed = "2026-11-22T10:11:12.123Z".to_owned();
    assert_eq!(read("hazardous_areas"), Ok((Some(bounds.west), Some(bounds.north), changed)));
    assert!(matches!(read("surveys"), Ok((None, None, _))));
}

#[test]
fn appending_works_while_another_program_has_the_file_open() {
    let (_folder, path) = file();
    filled(&path, 10);
    let mut store = Store::open(&path).expect("opens");
    let other = Connection::open(&path).expect("opens");
    let read = other.unchecked_transaction().expect("begins");
    let count = || read.query_row("SELECT count(*) FROM hazardous_areas", [], |row| row.get::<_, i64>(0));
    assert_eq!(count(), Ok(4));
    store.append(entries(10).into_iter()).expect("appends beside the reader");
    assert_eq!(count(), Ok(4));
}
