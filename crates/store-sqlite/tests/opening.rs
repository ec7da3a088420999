//! Promises of opening: what is not a whole register of ours is refused with a reason, and left as it is.

mod support;

use std::path::Path;

use rusqlite::Connection;
use store_sqlite::{Store, StoreError};
use support::*;

fn refusal(path: &Path) -> String {
    let before = std::fs::read(path).expect("reads");
    let error = Store::open(path).expect_err("must be refused");
    assert_eq!(std::fs::read(path).expect("reads"), before, "the file was changed");
    error.to_string()
}

#[test]
fn an_empty_file_a_random_file_and_a_directory_are_named_as_such() {
    let (folder, path) = file();
    std::fs::write(&path, b"").expect("writes");
    assert!(refusal(&path).contains("it is empty"));
    std::fs::write(&path, [0x5a; 5_000]).expect("writes");
    assert!(refusal(&path).contains("not an SQLite file"));
    assert!(matches!(Store::open(folder.path()), Err(StoreError::File { .. })));
}

#[test]
fn other_databases_and_other_geopackages_are_named_as_such() {
    let (_folder, path) = file();
    let other = Connection::open(&path).expect("opens");
    other.execute_batch("CREATE TABLE t (a)").expect("creates");
    other.close().expect("closes");
    assert!(refusal(&path).contains("not a GeoPackage"));
    let other = Connection::open(&path).expect("opens");
    other.execute_batch("PRAGMA application_id = 1196444487; PRAGMA user_version = 10300").expect("sets");
    other.close().expect("closes");
    assert!(refusal(&path).contains("without our log"));
}

#[test]
fn a_newer_format_is_refused_by_its_number() {
    let (_folder, path) = file();
    filled(&path, 5);
    let other = Connection::open(&path).expect("opens");
    other.execute_batch("UPDATE event_head SET format = 99").expect("sets");
    other.close().expect("closes");
    let error = Store::open(&path).expect_err("must be refused");
    assert!(matches!(error, StoreError::NewerFormat { found: 99, known: 2, .. }), "{error}");
}

#[test]
fn an_older_format_is_refused_by_its_number_and_says_what_to_do() {
    let (_folder, path) = file();
    filled(&path, 5);
    let other = Connection::open(&path).expect("opens");
    other.execute_batch("UPDATE event_head SET format = 1").expect("sets");
    other.close().expect("closes");
    let error = Store::open(&path).expect_err("must be refused");
    assert!(matches!(error, StoreError::OlderFormat { found: 1, known: 2, .. }), "{error}");
    assert!(error.to_string().contains("export it"), "{error}");
}

#[test]
fn a_second_writer_is_refused_by_the_lock_also_through_another_name() {
    let (folder, path) = file();
    let first = Store::open(&path).expect("opens");
    let error = Store::open(&path).expect_err("must be refused");
    assert!(
        matches!(&error, StoreError::Locked { path: named, .. } if named.ends_with("register.gpkg")),
        "{error}"
    );
    #[cfg(unix)]
    {
        let link = folder.path().join("link.gpkg");
        std::os::unix::fs::symlink(&path, &link).expect("links");
        assert!(matches!(Store::open(&link), Err(StoreError::Locked { .. })));
    }
    drop(first);
    Store::open(&path).expect("opens when the first is gone");
}

#[cfg(unix)]
#[test]
fn only_the_owner_reads_the_files() {
    use std::os::unix::fs::PermissionsExt;
    let (folder, path) = file();
    let mut store = Store::open(&path).expect("opens");
    store.append(entries(3).into_iter()).expect("appends");
    let files: Vec<_> = std::fs::read_dir(folder.path()).expect("lists").flatten().collect();
    assert!(files.len() >= 3, "{files:?}");
    for file in files {
        assert_eq!(
            file.metadata().expect("metadata").permissions().mode() & 0o777,
            0o600,
            "{:?}",
            file.path()
        );
    }
}

#[test]
fn half_made_leftovers_of_a_crash_while_creating_are_no_obstacle() {
    let (_folder, path) = file();
    std::fs::write(path.with_extension("gpkg.new"), b"half").expect("writes");
    assert_eq!(Store::open(&path).expect("opens").head().revision, 0);
}

#[test]
fn a_log_whose_end_was_cut_off_does_not_open() {
    let (_folder, path) = file();
    filled(&path, 20);
    let other = Connection::open(&path).expect("opens");
    other.execute_batch("DELETE FROM event WHERE seq = 20").expect("deletes");
    other.close().expect("closes");
    assert!(matches!(Store::open(&path), Err(StoreError::Damaged { .. })));
}

#[test]
fn a_log_that_another_program_attached_a_trigger_to_does_not_open() {
    let (_folder, path) = file();
    filled(&path, 5);
    let other = Connection::open(&path).expect("opens");
    other
        .execute_batch("CREATE TRIGGER t AFTER INSERT ON event BEGIN DELETE FROM event; END")
        .expect("creates");
    other.close().expect("closes");
    assert!(matches!(Store::open(&path), Err(StoreError::Damaged { .. })));
}

#[test]
fn feature_tables_that_another_program_altered_are_built_anew_from_the_log() {
    let (_folder, path) = file();
    filled(&path, 50);
    let other = Connection::open(&path).expect("opens");
    let altered = "DELETE FROM hazardous_areas WHERE fid < 5;
         CREATE VIRTUAL TABLE rtree_hazardous_areas_geom USING rtree(id, minx, maxx, miny, maxy);
         CREATE TRIGGER rtree_insert AFTER INSERT ON hazardous_areas BEGIN SELECT ST_MinX(NEW.geom); END;
         ALTER TABLE surveys ADD COLUMN mine TEXT; DROP TABLE hazard_reports;";
    other.execute_batch(altered).expect("alters");
    other.close().expect("closes");
    let mut store = Store::open(&path).expect("opens");
    assert_eq!(verified(&store).problems, []);
    store.append(entries(5).into_iter()).expect("appends");
    assert_eq!(verified(&store).problems, []);
}
