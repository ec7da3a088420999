//! What checking promises.

use super::*;
use crate::Origin;
use proptest::prelude::*;

const TODAY: Context = Context { today: jiff::civil::date(2026, 11, 22), programme_area: None };

fn draft(collection: Collection, fields: Value) -> Draft {
    let mut draft = Draft::new(collection, Origin { file: "t.geojson".to_owned(), number: 1 });
    draft.geometry = Some(geo_types::Point::new(36.5, 49.1).into());
    draft.fields = fields.as_object().cloned().expect("an object");
    draft
}

fn checked(draft: Draft) -> Record {
    check(draft, RecordId::nil(), &TODAY).expect("within the limits")
}

fn rules(record: &Record) -> Vec<(&str, Option<&str>)> {
    record.findings.iter().map(|f| (f.rule.as_str(), f.field.as_deref())).collect()
}

#[test]
fn a_hazard_without_any_value_enters_with_the_most_cautious_ones_and_findings() {
    let record = checked(draft(Collection::HazardousAreas, json!({})));
    assert_eq!(record.fields["classification"], "suspected");
    assert_eq!(record.fields["status"], "open");
    assert_eq!(record.fields["contamination"], json!(["unknown"]));
    assert_eq!(record.fields["reported_on"], "2026-11-22");
    assert_eq!(record.fields["sharing"], "restricted");
    assert!(rules(&record).contains(&("field.missing", Some("classification"))));
    assert!(rules(&record).contains(&("evidence.missing", Some("evidence"))));
}

#[test]
fn an_unreadable_code_becomes_the_cautious_one_and_stays_readable_under_attributes() {
    let record = checked(draft(Collection::HazardousAreas, json!({"status": "Finished long ago"})));
    assert_eq!(record.fields["status"], "open");
    assert_eq!(record.attributes["status"], "Finished long ago");
    assert!(rules(&record).contains(&("field.unreadable", Some("status"))));
}

#[test]
fn values_of_every_kind_are_read_from_text_as_tables_carry_them() {
    let fields = json!({
        "reported_on": "1943/07/22", "status_changed_on": "19951108", "position_accuracy_m": "5.5",
        "contamination": "uxo; axo; uxo", "evidence": "[{\"kind\":\"direct\"}]", "name": 23196,
    });
    let record = checked(draft(Collection::HazardousAreas, fields));
    assert_eq!(record.fields["reported_on"], "1943-07-22");
    assert_eq!(record.fields["status_changed_on"], "1995-11-08");
    assert_eq!(record.fields["position_accuracy_m"], 5.5);
    assert_eq!(record.fields["contamination"], json!(["uxo", "axo"]));
    assert_eq!(record.fields["evidence"], json!([{"kind": "direct"}]));
    assert_eq!(record.fields["name"], "23196");
}

#[test]
fn a_date_in_the_future_is_a_finding_and_kept() {
    let record = checked(draft(Collection::HazardousAreas, json!({"reported_on": "2202-01-01"})));
    assert_eq!(record.fields["reported_on"], "2202-01-01");
    assert!(rules(&record).contains(&("field.future_date", Some("reported_on"))));
}

#[test]
fn a_latitude_of_1108_is_kept_as_entered_and_not_placed() {
    let mut off_earth = draft(Collection::HazardReports, json!({}));
    off_earth.geometry = Some(geo_types::Point::new(30.5, 1108.0).into());
    let record = checked(off_earth);
    assert_eq!(record.geometry, None);
    assert_eq!(record.as_entered, Some(json!({"crs": "EPSG:4326", "geometry": "30.5 1108"})));
    assert!(rules(&record).contains(&("geometry.out_of_range", None)));
}

#[test]
fn a_confirmed_area_with_only_indirect_evidence_is_a_finding() {
    let fields = json!({"classification": "confirmed", "evidence": [{"kind": "indirect"}]});
    let record = checked(draft(Collection::HazardousAreas, fields));
    assert!(rules(&record).contains(&("evidence.missing", Some("evidence"))));
}

#[test]
fn computed_values_in_a_file_are_not_believed() {
    let record = checked(draft(Collection::HazardousAreas, json!({"review": "approved", "area_m2": 1})));
    assert_eq!(record.review, "unverified");
    assert!(!record.fields.contains_key("area_m2") && !record.attributes.contains_key("area_m2"));
}

#[test]
fn too_many_vertices_are_refused_and_the_limit_is_named() {
    let mut huge = draft(Collection::HazardousAreas, json!({}));
    huge.geometry = Some(geo_types::LineString::from(vec![(36.0, 49.0); VERTICES_MAX + 1]).into());
    let refusal = check(huge, RecordId::nil(), &TODAY).expect_err("too large");
    assert!(refusal.message.contains("VERTICES_MAX"), "{}", refusal.message);
}

fn any_json() -> impl Strategy<Value = Value> {
    let leaf = prop_oneof![
        Just(Value::Null),
        any::<bool>().prop_map(Value::from),
        any::<f64>().prop_map(Value::from),
        "\\PC{0,20}".prop_map(Value::from),
    ];
    leaf.prop_recursive(3, 16, 4, |inner| {
        prop_oneof![
            prop::collection::vec(inner.clone(), 0..4).prop_map(Value::from),
            prop::collection::btree_map("[a-z]{1,6}", inner, 0..4).prop_map(|map| json!(map)),
        ]
    })
}

proptest! {
    #[test]
    fn no_value_of_a_draft_is_ever_dropped_or_panics(
        status in any_json(), date in any_json(), evidence in any_json(), place in any_json(), odd in any_json(),
    ) {
        let fields = json!({"status": status, "reported_on": date, "evidence": evidence, "benchmark": place});
        let mut given = draft(Collection::HazardousAreas, fields.clone());
        given.attributes.insert("odd".to_owned(), odd.clone());
        let record = checked(given);
        prop_assert_eq!(&record.attributes["odd"], &odd);
        prop_assert!(record.fields.contains_key("status") && record.fields.contains_key("reported_on"));
        let kept = serde_json::to_string(&record.properties()).expect("serialises");
        let mut leaves = Vec::new();
        texts_in(&fields, &mut leaves);
        for text in leaves {
            let there = [text.trim(), text.as_str()].map(|text| json!(text).to_string());
            let inner = there.map(|text| text[1..text.len() - 1].to_owned());
            prop_assert!(inner.iter().any(|text| kept.contains(text)), "{} not in {}", text, kept);
        }
    }
}

/// Every text that stands in a value, however deep; a readable date or code may be written anew.
fn texts_in(value: &Value, found: &mut Vec<String>) {
    match value {
        Value::String(text) if date_like(text) => {}
        Value::String(text) => found.push(text.clone()),
        Value::Array(values) => values.iter().for_each(|value| texts_in(value, found)),
        Value::Object(values) => values.values().for_each(|value| texts_in(value, found)),
        Value::Null | Value::Bool(_) | Value::Number(_) => {}
    }
}

fn date_like(text: &str) -> bool {
    text.chars().any(|c| c.is_ascii_digit())
}

const UKRAINE: Context = Context {
    today: jiff::civil::date(2026, 11, 22),
    programme_area: Some(Bounds { west: 22.0, south: 44.0, east: 40.3, north: 52.4 }),
};

fn drawn(collection: Collection, geometry: impl Into<Geometry>) -> Record {
    let mut draft = draft(collection, json!({}));
    draft.geometry = Some(geometry.into());
    check(draft, RecordId::nil(), &UKRAINE).expect("within the limits")
}

fn has(record: &Record, rule: &str) -> bool {
    record.findings.iter().any(|finding| finding.rule == rule)
}

#[test]
fn every_bad_shape_is_kept_with_the_finding_that_names_it() {
    use geo_types::{Point, line_string, polygon};
    let two = polygon![(x: 36.0, y: 49.0), (x: 36.01, y: 49.0)];
    let bow_tie =
        polygon![(x: 36.0, y: 49.0), (x: 36.01, y: 49.01), (x: 36.01, y: 49.0), (x: 36.0, y: 49.01)];
    let flat = polygon![(x: 36.0, y: 49.0), (x: 36.01, y: 49.01), (x: 36.02, y: 49.02)];
    let shapes: [(Geometry, &str); 9] = [
        (two.into(), "geometry.too_few_points"),
        (bow_tie.into(), "geometry.invalid_ring"),
        (flat.into(), "geometry.collinear"),
        (Point::new(0.0, 0.0).into(), "geometry.position_zero"),
        (Point::new(49.9, 36.2).into(), "geometry.axes_swapped"),
        (Point::new(2.3, 48.8).into(), "geometry.outside_programme"),
        (line_string![(x: 36.0, y: 49.0), (x: 36.01, y: 49.0)].into(), "geometry.kind"),
        (Point::new(f64::NAN, 49.0).into(), "geometry.out_of_range"),
        (Point::new(36.0, 1e308).into(), "geometry.out_of_range"),
    ];
    for (shape, rule) in shapes {
        let placed = is_placeable(&shape);
        let record = drawn(Collection::HazardousAreas, shape.clone());
        assert!(has(&record, rule), "{rule}: {:?}", rules(&record));
        assert!(if placed { record.geometry == Some(shape) } else { record.as_entered.is_some() }, "{rule}");
    }
}

#[test]
fn a_number_that_no_measurement_gives_is_kept_beside_the_record_with_a_finding() {
    let odd = [
        ("position_accuracy_m", json!("NaN")),
        ("declared_area_m2", json!(1e308)),
        ("position_accuracy_m", json!(-5)),
    ];
    for (field, raw) in odd {
        let record = checked(draft(Collection::HazardousAreas, json!({field: raw})));
        assert!(rules(&record).contains(&("field.unreadable", Some(field))));
        assert_eq!(record.attributes[field], raw);
    }
    let turned = checked(draft(Collection::HazardReports, json!({"bearing_deg": 361})));
    assert!(rules(&turned).contains(&("field.unreadable", Some("bearing_deg"))));
}

#[test]
fn an_unreadable_member_is_named_by_its_place_and_an_unknown_one_is_kept_where_it_stands() {
    let evidence = json!([{"kind": "direct"}, {"kind": "rumour", "what": "mine seen", "type": "crater"}]);
    let record = checked(draft(Collection::HazardousAreas, json!({"evidence": evidence})));
    let kept = json!([{"kind": "direct"}, {"type": "crater", "what": "mine seen"}]);
    assert_eq!(record.fields["evidence"], kept);
    assert_eq!(record.attributes["evidence[1].kind"], "rumour");
    assert!(rules(&record).contains(&("field.unreadable", Some("evidence[1].kind"))));
    assert!(rules(&record).contains(&("field.unknown_member", Some("evidence[1].what"))));
}

#[test]
fn an_attribute_of_the_same_name_does_not_lose_the_value_that_could_not_be_read() {
    let mut twice = draft(Collection::HazardousAreas, json!({"status": "Finished"}));
    twice.attributes.insert("status".to_owned(), json!("erledigt"));
    let record = checked(twice);
    assert_eq!(record.attributes["status"], "erledigt");
    assert_eq!(record.attributes["status (2)"], "Finished");
}

#[test]
fn a_place_is_read_from_an_object_or_from_a_list_longitude_first() {
    let read = |place: Value| checked(draft(Collection::HazardousAreas, json!({"benchmark": place})));
    assert_eq!(read(json!([36.5, 49.1])).fields["benchmark"], json!({"lon": 36.5, "lat": 49.1}));
    let told = json!({"lon": "36.5", "lat": 49.1, "description": "water tower", "number": 7});
    let kept = json!({"lon": 36.5, "lat": 49.1, "description": "water tower", "number": "7"});
    assert_eq!(read(told).fields["benchmark"], kept);
    for odd in [json!([36.5, 149.1]), json!({"lon": 36.5}), json!("by the tower"), json!([1, 2, 3])] {
        let record = read(odd.clone());
        assert_eq!(record.attributes["benchmark"], odd);
        assert!(rules(&record).contains(&("field.unreadable", Some("benchmark"))));
    }
}

#[test]
fn counts_and_truths_are_read_as_tables_write_them() {
    let mines = json!([{"model": "PMN", "quantity": "12", "anti_handling": "ні"}, {"model": "PMN", "quantity": 12.0}]);
    let record = checked(draft(Collection::MinefieldRecords, json!({"mines": mines})));
    let kept =
        json!([{"model": "PMN", "quantity": 12, "anti_handling": false}, {"model": "PMN", "quantity": 12}]);
    assert_eq!(record.fields["mines"], kept);
    assert!(rules(&record).contains(&("device.repeated", Some("mines"))));
    let half = checked(draft(Collection::ExplosiveItems, json!({"quantity": 1.5})));
    assert!(rules(&half).contains(&("field.unreadable", Some("quantity"))));
}

#[test]
fn a_release_without_areas_is_a_finding_that_a_form_does_not_get_past() {
    let record =
        checked(draft(Collection::LandReleases, json!({"outcome": "cleared", "hazardous_areas": []})));
    let missing = record.findings.iter().find(|f| f.field.as_deref() == Some("hazardous_areas"));
    let missing = missing.expect("a finding");
    assert!(missing.rule == "field.missing" && crate::refuses(record.collection, missing));
    assert!(has(&record, "release.method_missing"));
}

#[test]
fn a_plan_may_lie_in_the_future_and_an_event_may_not() {
    let task =
        checked(draft(Collection::Tasks, json!({"planned_end": "2030-01-01", "reported_on": "2026-01-01"})));
    assert!(!has(&task, "field.future_date"));
    let laid = checked(draft(Collection::MinefieldRecords, json!({"laid_on": "2030-01-01"})));
    assert!(has(&laid, "field.future_date"));
}

#[test]
fn what_has_no_place_by_its_nature_does_not_lack_one() {
    for collection in Collection::ALL {
        let mut placeless = draft(collection, json!({}));
        placeless.geometry = None;
        let lacks = has(&checked(placeless), "geometry.missing");
        assert_eq!(lacks, collection.is_spatial() && collection != Collection::Tasks, "{collection}");
    }
}

proptest! {
    #[test]
    fn no_declared_time_and_no_clock_changes_status_class_or_place(
        laid_year in 1940_i16..2026, hours in 0.0..1e6_f64, later_years in 0_i16..200,
    ) {
        let fields = json!({
            "reported_on": "2024-01-01", "status": "open", "laid_on": format!("{laid_year}-06-01"),
            "mines": [{"model": "POM-3", "self_destruct_h": hours, "self_deactivate_h": hours}],
        });
        let timeless = json!({
            "reported_on": "2024-01-01", "status": "open", "laid_on": format!("{laid_year}-06-01"),
            "mines": [{"model": "POM-3"}],
        });
        let later = Context { today: jiff::civil::date(2026 + later_years, 11, 22), ..TODAY };
        let at = |fields: &Value, context: &Context| {
            check(draft(Collection::MinefieldRecords, fields.clone()), RecordId::nil(), context)
        };
        let now = at(&fields, &TODAY).expect("within the limits");
        prop_assert_eq!(&now, &at(&fields, &later).expect("within the limits"));
        prop_assert_eq!(now.properties(), at(&fields, &later).expect("within the limits").properties());
        let without = at(&timeless, &later).expect("within the limits");
        let tags = |record: &Record| crate::Tags::of(record.collection, &record.properties());
        prop_assert_eq!(tags(&now), tags(&without));
        prop_assert!(tags(&now).is_open_hazard(now.collection));
        prop_assert_eq!((&now.geometry, &now.measures), (&without.geometry, &without.measures));
        prop_assert!(now.properties().contains_key("self_deactivates_on"));
    }
}
