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
