//! A record as a GeoJSON feature: the stored properties are passed on as they are, nothing is rebuilt.

use std::fmt::Write;

use std::sync::Arc;

use model::{Finding, Properties};
use serde_json::{Value, json};
use spatial_index::{Row, View};

/// Appends one feature; `admin` is the list of its units where there are any layers of them, `beside` are members beside `properties`, such as `distance_m`.
pub(crate) fn write_feature(out: &mut String, row: &Row, admin: Option<&str>, beside: &[(&str, Value)]) {
    let _ = write!(out, r#"{{"type":"Feature","id":"{}","geometry":"#, row.id);
    match row.geometry() {
        Some(geometry) => exchange::write_geometry(&geometry, out),
        None => out.push_str("null"),
    }
    out.push_str(r#","properties":"#);
    write_properties(out, row, admin);
    for (name, value) in beside {
        let _ = write!(out, r#","{name}":{value}"#);
    }
    out.push('}');
}

/// A record as the text of a feature.
pub(crate) fn feature_text(row: &Row) -> String {
    let mut text = String::new();
    write_feature(&mut text, row, None, &[]);
    text
}

/// A record with what only its neighbours can tell: open findings of both, and how much of an area is left.
pub(crate) fn full_feature(view: &View, row: &Arc<Row>) -> Value {
    let mut feature: Value = serde_json::from_str(&feature_text(row)).unwrap_or_default();
    let Some(properties) = feature["properties"].as_object_mut() else { return feature };
    if row.form().is_some() {
        return feature;
    }
    properties.extend(personal(view, row));
    if let Some(remaining) = view.remaining(row) {
        properties.insert("remaining_area_m2".to_owned(), json!(remaining.remaining_m2));
    }
    let open = view.open_findings(row);
    let described = |finding: &Finding| {
        let mut value = json!(finding);
        value["remedy"] = json!(model::remedy(&finding.rule));
        value
    };
    match open.is_empty() {
        true => drop(properties.shift_remove("findings")),
        false => drop(properties.insert("findings".to_owned(), open.iter().map(described).collect())),
    }
    feature
}

/// The personal data of a record, where the caller sees it.
pub(crate) fn personal(view: &View, row: &Row) -> Properties {
    view.personal(row).and_then(|text| serde_json::from_str(text).ok()).unwrap_or_default()
}

/// The stored properties with what the log adds to them.
fn write_properties(out: &mut String, row: &Row, admin: Option<&str>) {
    let stored = row.properties();
    let stored = stored.trim_end().strip_suffix('}').unwrap_or("{");
    out.push_str(stored);
    let comma = if stored.trim_end().ends_with('{') { "" } else { "," };
    let admin = admin.map(|codes| format!(r#""admin":{codes},"#)).unwrap_or_default();
    // A public form is nobody's.
    let by = if row.form().is_some() {
        String::new()
    } else {
        format!(r#","recorded_by":{}"#, Value::from(&**row.recorded_by()))
    };
    let _ = write!(
        out,
        r#"{comma}{admin}"collection":"{}","revision":{},"recorded_at":"{}"{by}}}"#,
        row.collection(),
        row.revision,
        row.recorded_at()
    );
}
