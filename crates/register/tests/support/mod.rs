//! Builders for the tests of the register.
#![allow(dead_code, reason = "each test file uses some of it")]

use std::path::{Path, PathBuf};

use access::Scope;
use geo_types::{Coord, Rect};
use model::{Collection, Context, Draft, Geometry, Origin, Outcome, RecordId};
use register::{Decided, Handle, Prepared, Register, Submission, prepare};
use serde_json::{Value, json};
use store_sqlite::Store;

pub const TODAY: Context = Context { today: jiff::civil::date(2026, 11, 22), programme_area: None };

/// A folder that goes with the test, and a register in it.
pub fn file() -> (tempfile::TempDir, PathBuf) {
    let folder = tempfile::tempdir().expect("a folder");
    let path = folder.path().join("register.gpkg");
    (folder, path)
}

pub fn open(path: &Path) -> Register {
    Register::open(Store::open(path).expect("opens"), None, &mut |_, _| {}).expect("replays")
}

/// A square, its south-western corner and side in thousandths of a degree east of 36°, north of 49°.
pub fn square(west: i32, south: i32, side: i32) -> Geometry {
    let corner = |x: i32, y: i32| Coord { x: 36.0 + f64::from(x) / 1e3, y: 49.0 + f64::from(y) / 1e3 };
    Rect::new(corner(west, south), corner(west + side, south + side)).to_polygon().into()
}

pub fn draft(collection: Collection, geometry: Option<Geometry>, fields: Value) -> Draft {
    let mut draft = Draft::new(collection, Origin { file: "fields.geojson".to_owned(), number: 1 });
    draft.geometry = geometry;
    draft.fields = fields.as_object().cloned().expect("an object");
    draft
}

pub fn prepared(geometry: impl Into<Option<Geometry>>, fields: Value) -> Prepared {
    prepare(draft(Collection::HazardousAreas, geometry.into(), fields), &TODAY).expect("within the limits")
}

pub fn submission() -> Submission {
    Submission { author: "o.petrenko".to_owned(), reason: "fields.geojson".to_owned(), dry_run: false }
}

pub fn submit(handle: &Handle, batch: &[Prepared]) -> Vec<Decided> {
    let decided = handle.submit(batch.to_vec(), submission()).expect("is written");
    assert_eq!(decided.len(), batch.len(), "an answer for each record");
    decided
}

pub fn outcomes(decided: &[Decided]) -> Vec<Outcome> {
    decided.iter().map(|one| one.outcome).collect()
}

pub fn ids(decided: &[Decided]) -> Vec<RecordId> {
    decided.iter().map(|one| one.id.expect("an identifier")).collect()
}

/// Whether a record was found to break the rule.
pub fn has(decided: &Decided, rule: &str) -> bool {
    decided.findings.iter().any(|finding| finding.rule == rule)
}

/// How many hazardous areas there are.
pub fn count(handle: &Handle) -> usize {
    handle.open(&Scope::whole()).items(Collection::HazardousAreas).count()
}

/// One stored property of a record's present version.
pub fn property(handle: &Handle, id: RecordId, name: &str) -> Value {
    let snapshot = handle.open(&Scope::whole());
    let row = snapshot.by_id(id).expect("the record");
    serde_json::from_str::<Value>(&row.properties()).expect("JSON")[name].clone()
}

/// Everything a snapshot says, comparable.
pub fn everything(handle: &Handle) -> Value {
    let snapshot = handle.open(&Scope::whole());
    let rows = Collection::ALL.into_iter().flat_map(|collection| snapshot.items(collection));
    let rows: Vec<_> = rows
        .map(|row| {
            let geometry = format!("{:?}", row.geometry());
            json!([
                row.id,
                row.collection().id(),
                row.revision,
                row.recorded_at().to_string(),
                **row.recorded_by(),
                row.properties(),
                geometry
            ])
        })
        .collect();
    json!([snapshot.epoch(), snapshot.revision(), snapshot.recorded_at().map(|time| time.to_string()), rows])
}
