//! Builders for the tests of the store.
#![allow(dead_code, reason = "each test file uses some of it")]

use std::path::{Path, PathBuf};

use geo_types::{Coord, LineString, Point, Polygon};
use jiff::Timestamp;
use model::{Collection, Finding, Geometry, Identity, Measures, Properties, Record, RecordId, Severity};
use serde_json::json;
use store_sqlite::{Entry, Store, StoredEvent, Verification};

/// A folder that goes with the test, and a register in it.
pub fn file() -> (tempfile::TempDir, PathBuf) {
    let folder = tempfile::tempdir().expect("a folder");
    let path = folder.path().join("register.gpkg");
    (folder, path)
}

/// A polygon of `vertices` corners, somewhere that depends on `number`.
pub fn polygon(number: u64, vertices: u32) -> Geometry {
    let west = 30.0 + (number % 997) as f64 * 0.007;
    let south = 47.0 + (number % 613) as f64 * 0.005;
    let corner = |k: u32| {
        let angle = f64::from(k) / f64::from(vertices) * std::f64::consts::TAU;
        Coord { x: west + 0.002 * angle.cos(), y: south + 0.001 * angle.sin() }
    };
    Polygon::new(LineString((0..vertices).map(corner).collect()), vec![]).into()
}

/// A hazardous area as imports make them: about 1.2 kB of properties.
pub fn area(number: u64) -> Record {
    let fields = json!({
        "external_id": format!("UA-{number:07}"), "name": format!("Поле {number}"),
        "description": "Field south of the village; wire and stakes seen along the tree line by the farmer. ".repeat(7),
        "organisation": "HALO", "reported_on": "2024-03-31", "position_accuracy_m": 5.5, "sharing": "restricted",
        "classification": "suspected", "status": "open", "contamination": ["ap_mine", "uxo"],
        "evidence": [{"kind": "direct", "what": "mine seen"}], "land_use": "agricultural", "declared_area_m2": 41000.0,
    });
    let attributes =
        json!({"Kaliber": "152 mm", "Meldung": "Landwirt; Traktor beschädigt", "synthetic": true});
    Record {
        id: RecordId::from_u128(0x0190_0000_0000_7000_8000_0000_0000_0000 + u128::from(number)),
        collection: Collection::HazardousAreas,
        geometry: Some(polygon(number, 36)),
        fields: fields.as_object().cloned().expect("an object"),
        attributes: attributes.as_object().cloned().expect("an object"),
        as_entered: Some(json!({"crs": "EPSG:28992"})),
        measures: Measures { area_m2: Some(40_123.456 + number as f64), length_m: Some(801.0) },
        review: "unverified",
        withdrawn: false,
        accepted: Vec::new(),
        findings: vec![Finding::new("field.missing", Severity::Low, "not given").in_field("marking")],
    }
}

/// A report of one place.
pub fn report(number: u64) -> Record {
    let fields = json!({"kind": "item_seen", "triage": "new", "photos": ["a.jpg"], "bearing_deg": 0.1 + 0.2});
    Record {
        collection: Collection::HazardReports,
        geometry: Some(Point::new(-0.0, 49.0 + number as f64 * 1e-7).into()),
        fields: fields.as_object().cloned().expect("an object"),
        attributes: Properties::new(),
        as_entered: None,
        measures: Measures::default(),
        findings: vec![],
        ..area(number + 1_000_000)
    }
}

/// A survey without a place.
pub fn unplaced(number: u64) -> Record {
    Record {
        collection: Collection::Surveys,
        geometry: None,
        fields: Properties::new(),
        ..report(number + 1_000_000)
    }
}

pub fn entry(record: Record) -> Entry {
    let identity = Identity::External { organisation: "HALO".to_owned(), id: record.id.to_string() };
    let recorded_at: Timestamp = "2026-11-22T10:11:12.123456789Z".parse().expect("a time");
    let (author, reason) = ("o.petrenko".to_owned(), "import of fields.geojson".to_owned());
    Entry {
        author,
        reason,
        recorded_at,
        action: model::Action::Version,
        request: None,
        record,
        identity,
        content: [7; 32],
    }
}

/// Areas, reports, records without place, and second versions: `count` entries.
pub fn entries(count: u64) -> Vec<Entry> {
    let one = |number: u64| match number % 5 {
        0 | 1 => area(number),
        2 => report(number),
        3 => unplaced(number),
        _ => Record { review: "verified", ..area(number - 4) },
    };
    (0..count).map(one).map(entry).collect()
}

/// A closed register with `count` entries in batches of 10.
pub fn filled(path: &Path, count: u64) {
    let mut store = Store::open(path).expect("opens");
    for batch in entries(count).chunks(10) {
        store.append(batch.iter().cloned()).expect("appends");
    }
    store.close().expect("closes");
}

pub fn replayed(store: &Store) -> Vec<StoredEvent> {
    let mut events = Vec::new();
    let each = &mut |event| {
        events.push(event);
        std::ops::ControlFlow::Continue(())
    };
    store.replay(0, each).expect("replays");
    events
}

pub fn verified(store: &Store) -> Verification {
    store.verify(&mut |_, _| {}).expect("verifies")
}
