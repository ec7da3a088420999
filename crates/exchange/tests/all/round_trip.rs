//! What is written comes back equal: fields, attributes, entered coordinates and every bit of the shape.

use crate::files::{self, drafts, items};
use exchange::{Export, Format, Item, ReadOptions, write};
use geo_types::{Coord, Geometry, LineString, MultiPolygon, Point, Polygon};
use model::{Collection, Context, Draft, Origin, Properties, Record};
use proptest::prelude::*;
use serde_json::{Value, json};

const TODAY: Context = Context { today: jiff::civil::date(2026, 11, 22), programme_area: None };
const FORMATS: [Format; 4] = [Format::GeoJson, Format::NdJson, Format::Csv, Format::GeoPackage];

fn checked(draft: Draft, id: uuid::Uuid) -> Record {
    model::check(draft, id, &TODAY).expect("within limits")
}

fn any_geometry() -> impl Strategy<Value = Option<Geometry<f64>>> {
    let place = (-179.9..179.9f64, -89.9..89.9f64).prop_map(|(x, y)| Coord { x, y });
    let ring = prop::collection::vec(place.clone(), 3..8);
    let polygon = prop::collection::vec(ring, 1..3).prop_map(|mut rings| {
        let shell = LineString(rings.remove(0));
        Polygon::new(shell, rings.into_iter().map(LineString).collect())
    });
    prop_oneof![
        Just(None),
        place.clone().prop_map(|c| Some(Point(c).into())),
        prop::collection::vec(place, 2..6).prop_map(|line| Some(LineString(line).into())),
        polygon.clone().prop_map(|polygon| Some(polygon.into())),
        prop::collection::vec(polygon, 1..3).prop_map(|polygons| Some(MultiPolygon(polygons).into())),
    ]
}

fn any_attribute() -> impl Strategy<Value = Value> {
    prop_oneof![
        any::<bool>().prop_map(Value::from),
        any::<i64>().prop_map(Value::from),
        (-1e9..1e9f64).prop_map(Value::from),
        "\\PC{1,12}".prop_map(Value::from),
        "[=+@'\"\n,;-][a-z\"\n]{0,4}".prop_map(Value::from),
        Just(json!({"nested": ["a", 1.5, null]})),
    ]
}

fn any_record() -> impl Strategy<Value = Record> {
    let attributes = prop::collection::vec(("[A-Za-zа-я_ ]{1,9}", any_attribute()), 0..5);
    let text = "[=+@'-]?[a-zа-яїґ\" ,;\n]{1,10}";
    (any_geometry(), attributes, text, any::<u128>(), 0.0..1e6f64, any::<bool>()).prop_map(
        |(geometry, attributes, name, id, accuracy, is_entered)| {
            let mut draft = Draft::new(Collection::HazardousAreas, Origin { file: "t".to_owned(), number: 1 });
            draft.fields = json!({
                "name": name, "position_accuracy_m": accuracy, "contamination": ["uxo", "axo"], "status": "Over",
                "evidence": [{"kind": "direct", "note": "=x"}], "reported_on": "2026-01-02",
            }).as_object().cloned().expect("an object");
            draft.attributes = attributes.into_iter().collect::<Properties>();
            draft.as_entered = is_entered.then(|| json!({"crs": "EPSG:28992", "geometry": "POINT(1 2)"}));
            draft.geometry = geometry;
            checked(draft, uuid::Uuid::from_u128(id))
        },
    )
}

fn written_and_read(records: &[Record], format: Format) -> Vec<Record> {
    let scratch = tempfile::tempdir().expect("a folder");
    let path = scratch.path().join(format!("export.{}", format.id()));
    let properties: Vec<Properties> = records.iter().map(Record::properties).collect();
    let mut exports = records.iter().zip(&properties).map(|(record, properties)| Export {
        id: record.id,
        geometry: record.geometry.as_ref(),
        properties,
    });
    let count = write(&path, format, Collection::HazardousAreas, &mut exports).expect("writes");
    assert_eq!(count, records.len() as u64);
    // CSV names its collection in a column, the others in the file.
    let (drafts, reading) = drafts(&path, &ReadOptions::default());
    assert!(reading.broken.is_none(), "{:?}", reading.broken);
    let id = |draft: &Draft| draft.fields["id"].as_str().and_then(|id| id.parse().ok()).expect("an id");
    drafts
        .into_iter()
        .map(|draft| {
            let id = id(&draft);
            checked(draft, id)
        })
        .collect()
}

fn same(a: &Record, b: &Record) -> bool {
    a.id == b.id
        && a.geometry == b.geometry
        && a.fields == b.fields
        && a.attributes == b.attributes
        && a.as_entered == b.as_entered
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(40))]
    #[test]
    fn records_come_back_equal_from_every_format(records in prop::collection::vec(any_record(), 1..4)) {
        for format in FORMATS {
            let back = written_and_read(&records, format);
            prop_assert_eq!(back.len(), records.len());
            for (before, after) in records.iter().zip(&back) {
                prop_assert!(same(before, after), "{}: {:#?}\n{:#?}", format, before, after);
            }
        }
    }
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(120))]
    #[test]
    fn random_bytes_never_panic(bytes in prop::collection::vec(any::<u8>(), 0..300), kind in 0usize..5) {
        never_panics(&bytes, Format::ALL[kind]);
    }

    #[test]
    fn text_that_looks_like_features_never_panics(text in r#"(\{|\}|\[|\]|,|"type"|:|"Feature"|"features"|"coordinates"|1|NaN|"geometry"|null|\n){0,40}"#) {
        never_panics(text.as_bytes(), Format::GeoJson);
        never_panics(format!("{{\"type\":\"FeatureCollection\",\"features\":[{text}").as_bytes(), Format::GeoJson);
        never_panics(text.as_bytes(), Format::NdJson);
        never_panics(format!("wkt,x\n{text}").as_bytes(), Format::Csv);
    }
}

fn never_panics(bytes: &[u8], format: Format) {
    let scratch = tempfile::tempdir().expect("a folder");
    let path = scratch.path().join("hostile.shp");
    std::fs::write(&path, bytes).expect("writes");
    let options = ReadOptions { format: Some(format), ..files::as_collection(Collection::Surveys) };
    let _ = items(&path, &options);
}

#[test]
fn a_failed_write_leaves_the_old_file_and_nothing_beside_it() {
    let scratch = tempfile::tempdir().expect("a folder");
    let path = scratch.path().join("areas.csv");
    std::fs::write(&path, "old").expect("writes");
    let properties = json!({"no_such_column": 1}).as_object().cloned().expect("an object");
    for format in [Format::Csv, Format::GeoPackage, Format::Shapefile] {
        let export = Export { id: uuid::Uuid::nil(), geometry: None, properties: &properties };
        write(&path, format, Collection::Surveys, &mut std::iter::once(export)).expect_err("no such column");
    }
    assert_eq!(std::fs::read(&path).expect("reads"), b"old");
    assert_eq!(std::fs::read_dir(scratch.path()).expect("a folder").count(), 1);
}

#[test]
fn a_file_whose_records_belong_to_no_collection_is_refused_with_the_list() {
    let scratch = tempfile::tempdir().expect("a folder");
    let path = scratch.path().join("roads.geojson");
    std::fs::write(&path, r#"{"type":"Feature","geometry":null,"properties":{}}"#).expect("writes");
    let error = items(&path, &ReadOptions::default()).expect_err("refused").to_string();
    assert!(error.contains(&Collection::allowed()), "{error}");
    std::fs::write(&path, "").expect("writes");
    assert!(items(&path, &ReadOptions::default()).expect_err("refused").to_string().contains("empty"));
}

#[test]
fn records_of_several_collections_in_one_file_each_go_to_their_own() {
    let scratch = tempfile::tempdir().expect("a folder");
    let path = scratch.path().join("all.ndjson");
    let line = |collection: &str| {
        format!(
            "{{\"type\":\"Feature\",\"collection\":\"{collection}\",\"geometry\":null,\"properties\":{{}}}}\n"
        )
    };
    std::fs::write(&path, line("surveys") + &line("hazardous-areas") + &line("roads")).expect("writes");
    let (items, _) = items(&path, &ReadOptions::default()).expect("reads");
    let collections: Vec<_> = items
        .iter()
        .map(|item| match item {
            Item::Draft(draft) => Some(draft.collection),
            Item::Unreadable { .. } => None,
        })
        .collect();
    assert_eq!(collections, [Some(Collection::Surveys), Some(Collection::HazardousAreas), None]);
}

#[test]
fn foreign_identifiers_and_values_named_like_ours_are_kept() {
    let scratch = tempfile::tempdir().expect("a folder");
    let path = scratch.path().join("surveys.geojson");
    let text = r#"{"type":"Feature","id":23196.0,"geometry":null,"properties":{"id":17,"revision":"B","area_m2":5,"name":"n"}}"#;
    std::fs::write(&path, text).expect("writes");
    let (drafts, _) = drafts(&path, &ReadOptions::default());
    assert_eq!(drafts[0].fields["name"], "n");
    assert_eq!(
        drafts[0].attributes,
        json!({"feature_id": 23196.0, "id": 17, "revision": "B", "area_m2": 5})
            .as_object()
            .cloned()
            .expect("an object")
    );
}

#[test]
fn every_mapping_of_this_repository_can_be_used() {
    let folder = std::path::Path::new(concat!(env!("CARGO_MANIFEST_DIR"), "/../../data/mappings"));
    let mut names: Vec<String> = Vec::new();
    for entry in std::fs::read_dir(folder).expect("a folder").flatten() {
        let name = entry.file_name().to_string_lossy().into_owned();
        if name.ends_with(".toml") {
            files::mapping(&name);
            names.push(name);
        }
    }
    assert!(names.len() >= 5, "{names:?}");
}

#[test]
fn our_own_export_is_read_the_same_with_its_mapping() {
    let scratch = tempfile::tempdir().expect("a folder");
    let path = scratch.path().join("export.csv");
    let mut draft = Draft::new(Collection::HazardReports, Origin { file: "t".to_owned(), number: 1 });
    draft.attributes.insert("Soort".to_owned(), json!("Krater"));
    let record = checked(draft, uuid::Uuid::from_u128(5));
    let properties = record.properties();
    let export = Export { id: record.id, geometry: None, properties: &properties };
    write(&path, Format::Csv, Collection::HazardReports, &mut std::iter::once(export)).expect("writes");
    let mapping = Some(files::mapping("minemap-export.toml"));
    let with = drafts(&path, &ReadOptions { mapping, ..ReadOptions::default() }).0;
    assert_eq!(with, drafts(&path, &ReadOptions::default()).0);
    assert_eq!(
        (with[0].collection, &with[0].attributes["Soort"]),
        (Collection::HazardReports, &json!("Krater"))
    );
}

#[test]
fn an_old_crs_member_is_honoured_and_what_was_entered_is_kept() {
    let scratch = tempfile::tempdir().expect("a folder");
    let path = scratch.path().join("surveys.json");
    let text = r#"{"type":"FeatureCollection","crs":{"type":"name","properties":{"name":"urn:ogc:def:crs:EPSG::28992"}},
        "features":[{"type":"Feature","properties":{},"geometry":{"type":"Point","coordinates":[122060.2592,489504.4465]}},
        {"type":"Feature","properties":{},"geometry":{"type":"Point","coordinates":[1e12,5]}}]}"#;
    std::fs::write(&path, text).expect("writes");
    let (drafts, _) = drafts(&path, &ReadOptions::default());
    let place = model::coordinates(drafts[0].geometry.as_ref().expect("placed")).next().expect("a place");
    assert!(geodesy::distance_m(place, Coord { x: 4.903_292_818_5, y: 52.392_399_005 }) < 1.0);
    assert_eq!(drafts[0].as_entered.as_ref().expect("kept")["geometry"], "POINT(122060.2592 489504.4465)");
    assert_eq!(drafts[1].geometry, None, "kept, not placed");
    assert_eq!(drafts[1].findings[0].rule, "geometry.not_converted");
}
