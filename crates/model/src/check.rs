//! Draft → record and **all** its findings.
//!
//! A hazard that lacks a value is never refused for it: the most cautious value is assumed, with a finding,
//! and what could not be read stays under `attributes`.

use jiff::civil::Date;
use serde_json::{Value, json};

use crate::limits::{PROPERTIES_MAX, TEXT_BYTES_MAX, VERTICES_MAX};
use crate::{
    Collection, Draft, Field, Finding, Geometry, Kind, Measures, Properties, Record, RecordId, Severity,
};
use crate::{geometry_findings, is_placeable, vertex_count};

/// What the rules need to know beside the draft.
#[derive(Debug, Clone, Copy)]
pub struct Context {
    /// Today, in the programme's time zone.
    pub today: Date,
}

/// Checks a draft.
///
/// The record's measures are left empty: they are computed on the ellipsoid by `geodesy`.
///
/// # Errors
/// A refusal that names the limit, where the draft is larger than [`crate::limits`] allow.
pub fn check(draft: Draft, id: RecordId, context: &Context) -> Result<Record, Finding> {
    within_limits(&draft)?;
    let Draft { collection, geometry, fields: mut raw, mut attributes, as_entered, mut findings, .. } = draft;
    let (geometry, as_entered) = place(geometry, as_entered, &mut findings);
    let mut fields = Properties::new();
    for field in collection.fields() {
        let given = raw.shift_remove(field.name).filter(|value| !is_blank(value));
        let read = given.and_then(|value| read_field(field, value, &mut attributes, &mut findings));
        if let Some(value) = read.or_else(|| assume(field, context, &mut findings)) {
            fields.insert(field.name.to_owned(), value);
        }
    }
    attributes.extend(raw.into_iter().filter(|(name, value)| !Record::is_computed(name) && !value.is_null()));
    findings.extend(rule_findings(collection, &fields, context));
    let measures = Measures::default();
    Ok(Record {
        id,
        collection,
        geometry,
        fields,
        attributes,
        as_entered,
        measures,
        review: "unverified",
        withdrawn: false,
        accepted: Vec::new(),
        findings,
    })
}

fn within_limits(draft: &Draft) -> Result<(), Finding> {
    let vertices = draft.geometry.as_ref().map_or(0, vertex_count);
    if vertices > VERTICES_MAX {
        let message =
            format!("{vertices} vertices; at most {VERTICES_MAX} (VERTICES_MAX) are read in one record");
        return Err(Finding::new("limit.vertices", Severity::High, message));
    }
    let values = draft.fields.len() + draft.attributes.len();
    if values > PROPERTIES_MAX {
        let message =
            format!("{values} values; at most {PROPERTIES_MAX} (PROPERTIES_MAX) are read in one record");
        return Err(Finding::new("limit.properties", Severity::High, message));
    }
    for (name, value) in draft.fields.iter().chain(&draft.attributes) {
        let bytes = value.as_str().map_or(0, str::len);
        if bytes > TEXT_BYTES_MAX {
            let message = format!("text of {bytes} bytes; at most {TEXT_BYTES_MAX} (TEXT_BYTES_MAX)");
            return Err(Finding::new("limit.text", Severity::High, message).in_field(name));
        }
    }
    Ok(())
}

/// Sets aside a geometry that no map can show: the record stays, as *not placed*.
fn place(
    geometry: Option<Geometry>,
    as_entered: Option<Value>,
    findings: &mut Vec<Finding>,
) -> (Option<Geometry>, Option<Value>) {
    match geometry {
        Some(geometry) if is_placeable(&geometry) => {
            findings.extend(geometry_findings(&geometry));
            (Some(geometry), as_entered)
        }
        Some(geometry) if vertex_count(&geometry) > 0 => {
            let message = "a coordinate is outside longitude ±180, latitude ±90; kept as entered, not placed";
            findings.push(Finding::new("geometry.out_of_range", Severity::High, message));
            let entered =
                as_entered.or_else(|| Some(json!({"crs": "EPSG:4326", "geometry": in_words(&geometry)})));
            (None, entered)
        }
        Some(_) | None => {
            if !findings.iter().any(|finding| finding.rule.starts_with("geometry.")) {
                let message = "no geometry: kept, listed and counted as not placed";
                findings.push(Finding::new("geometry.missing", Severity::Medium, message));
            }
            (None, as_entered)
        }
    }
}

/// Coordinates as text: JSON has no number for what may stand here.
fn in_words(geometry: &Geometry) -> String {
    const SHOWN_MAX: usize = 1_000;
    let shown: Vec<_> =
        crate::coordinates(geometry).take(SHOWN_MAX).map(|c| format!("{} {}", c.x, c.y)).collect();
    let more = vertex_count(geometry).saturating_sub(SHOWN_MAX);
    if more > 0 { format!("{}, … {more} more", shown.join(", ")) } else { shown.join(", ") }
}

fn is_blank(value: &Value) -> bool {
    match value {
        Value::Null => true,
        Value::String(text) => text.trim().is_empty(),
        Value::Array(values) => values.is_empty(),
        Value::Object(values) => values.is_empty(),
        Value::Bool(_) | Value::Number(_) => false,
    }
}

/// The value in the field's kind; otherwise a finding, and the raw value is kept under `attributes`.
fn read_field(
    field: &Field,
    raw: Value,
    attributes: &mut Properties,
    findings: &mut Vec<Finding>,
) -> Option<Value> {
    match read(field.kind, &raw) {
        Ok(value) => Some(value),
        Err(expected) => {
            let message = format!("{raw} is not {expected}; kept under attributes");
            findings.push(Finding::new("field.unreadable", Severity::Medium, message).in_field(field.name));
            attributes.entry(field.name).or_insert(raw);
            None
        }
    }
}

/// Reads a raw value as the kind; the error says what was expected.
fn read(kind: Kind, raw: &Value) -> Result<Value, String> {
    match kind {
        Kind::Text => text_of(raw).map(Value::String).ok_or_else(|| "a text".to_owned()),
        Kind::Code(list) => text_of(raw)
            .and_then(|text| list.read(&text))
            .map(|code| json!(code))
            .ok_or_else(|| format!("one of {}", list.allowed())),
        Kind::Codes(list) => items_of(raw)
            .map(|items| items.iter().map(|item| list.read(item)).collect::<Option<Vec<_>>>())
            .and_then(|codes| codes.map(|codes| json!(in_order_once(codes))))
            .ok_or_else(|| format!("a list of {}", list.allowed())),
        Kind::Date => text_of(raw)
            .and_then(|text| date_of(&text))
            .map(|date| json!(date.to_string()))
            .ok_or_else(|| "a date such as 2026-03-31".to_owned()),
        Kind::Number => number_of(raw)
            .filter(|number| *number >= 0.0)
            .map(|number| json!(number))
            .ok_or_else(|| "a number, 0 or more".to_owned()),
        Kind::Texts => items_of(raw).map(|items| json!(items)).ok_or_else(|| "a list of texts".to_owned()),
        Kind::Structures => nested(raw)
            .filter(|value| value.as_array().is_some_and(|list| list.iter().all(Value::is_object)))
            .ok_or_else(|| "a list of structures".to_owned()),
        Kind::Structure => nested(raw).filter(Value::is_object).ok_or_else(|| "a structure".to_owned()),
    }
}

fn text_of(raw: &Value) -> Option<String> {
    match raw {
        Value::String(text) => Some(text.trim().to_owned()),
        Value::Number(number) => Some(number.to_string()),
        Value::Bool(truth) => Some(truth.to_string()),
        Value::Null | Value::Array(_) | Value::Object(_) => None,
    }
}

fn number_of(raw: &Value) -> Option<f64> {
    let number = match raw {
        Value::Number(number) => number.as_f64(),
        Value::String(text) => text.trim().parse().ok(),
        Value::Null | Value::Bool(_) | Value::Array(_) | Value::Object(_) => None,
    };
    number.filter(|number| number.is_finite())
}

/// Texts of a JSON list, of a JSON list written as text, or of a text separated by `;`.
fn items_of(raw: &Value) -> Option<Vec<String>> {
    match nested(raw)? {
        Value::Array(items) => items.iter().map(text_of).collect(),
        other => Some(text_of(&other)?.split(';').map(|item| item.trim().to_owned()).collect()),
    }
}

/// Tables without lists (CSV, GeoPackage) carry them as JSON text.
fn nested(raw: &Value) -> Option<Value> {
    match raw {
        Value::String(text) if text.trim_start().starts_with(['[', '{']) => serde_json::from_str(text).ok(),
        other => Some(other.clone()),
    }
}

fn in_order_once(codes: Vec<&'static str>) -> Vec<&'static str> {
    let mut once = Vec::with_capacity(codes.len());
    for code in codes {
        if !once.contains(&code) {
            once.push(code);
        }
    }
    once
}

/// `2026-03-31`, `2026/03/31`, `20260331`, or any of these followed by a time of day.
fn date_of(text: &str) -> Option<Date> {
    let day = text.split(['T', ' ']).next()?.replace('/', "-");
    let is_compact = day.len() == 8 && day.bytes().all(|b| b.is_ascii_digit());
    let day = if is_compact { format!("{}-{}-{}", &day[..4], &day[4..6], &day[6..]) } else { day };
    day.parse().ok()
}

fn assume(field: &Field, context: &Context, findings: &mut Vec<Finding>) -> Option<Value> {
    let assumed = field.cautious.map(|value| match (field.kind, value) {
        (Kind::Date, _) => json!(context.today.to_string()),
        (Kind::Codes(_), code) => json!([code]),
        (_, code) => json!(code),
    });
    if field.required {
        let message = match &assumed {
            Some(value) => format!("not given; {value} is assumed"),
            None => "not given".to_owned(),
        };
        let severity = if assumed.is_some() { Severity::Low } else { Severity::Medium };
        findings.push(Finding::new("field.missing", severity, message).in_field(field.name));
    }
    assumed
}

/// The rules of single records that need no neighbour.
fn rule_findings(collection: Collection, fields: &Properties, context: &Context) -> Vec<Finding> {
    let mut findings = future_dates(collection, fields, context);
    match collection {
        Collection::HazardousAreas => findings.extend(evidence_finding(fields)),
        Collection::LandReleases => findings.extend(method_finding(fields)),
        _ => {}
    }
    findings
}

fn future_dates(collection: Collection, fields: &Properties, context: &Context) -> Vec<Finding> {
    let dates = collection.fields().filter(|field| field.kind == Kind::Date);
    dates
        .filter_map(|field| {
            let date: Date = fields.get(field.name)?.as_str()?.parse().ok()?;
            let message = format!("{date} lies in the future");
            (date > context.today)
                .then(|| Finding::new("field.future_date", Severity::Medium, message).in_field(field.name))
        })
        .collect()
}

/// Suspected rests on evidence, confirmed on direct evidence (IMAS 08.10).
fn evidence_finding(fields: &Properties) -> Option<Finding> {
    let evidence = fields.get("evidence").and_then(Value::as_array);
    let direct = |entry: &Value| entry.get("kind").and_then(Value::as_str) == Some("direct");
    let message = match (fields.get("classification").and_then(Value::as_str), evidence) {
        (_, None) => "no evidence is recorded",
        (Some("confirmed"), Some(evidence)) if !evidence.iter().any(direct) => {
            "confirmed, but no direct evidence is recorded"
        }
        _ => return None,
    };
    Some(Finding::new("evidence.missing", Severity::Medium, message).in_field("evidence"))
}

/// An outcome names its method (IMAS 07.11).
fn method_finding(fields: &Properties) -> Option<Finding> {
    let (field, message) = match fields.get("outcome")?.as_str()? {
        "cancelled" if !fields.contains_key("survey") => {
            ("survey", "cancelled without a non-technical survey")
        }
        "reduced" if !fields.contains_key("survey") => ("survey", "reduced without a technical survey"),
        "cleared" if !fields.contains_key("depth_cm") => ("depth_cm", "cleared without a searched depth"),
        _ => return None,
    };
    Some(Finding::new("release.method_missing", Severity::Medium, message).in_field(field))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::Origin;
    use proptest::prelude::*;

    const TODAY: Context = Context { today: jiff::civil::date(2026, 11, 22) };

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
        fn no_value_of_a_draft_is_ever_dropped_or_panics(status in any_json(), date in any_json(), odd in any_json()) {
            let mut given = draft(Collection::HazardousAreas, json!({"status": status, "reported_on": date}));
            given.attributes.insert("odd".to_owned(), odd.clone());
            let record = checked(given);
            prop_assert_eq!(&record.attributes["odd"], &odd);
            let kept = |name: &str, raw: &Value| is_blank(raw)
                || record.attributes.get(name) == Some(raw)
                || read(record.collection.field(name).expect("a field").kind, raw).is_ok();
            prop_assert!(kept("status", &status) && kept("reported_on", &date));
            prop_assert!(record.fields.contains_key("status") && record.fields.contains_key("reported_on"));
        }
    }
}
