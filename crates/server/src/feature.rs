//! A record as a GeoJSON feature: the stored properties are passed on as they are, nothing is rebuilt.

use std::fmt::Write;

use serde_json::Value;
use spatial_index::Row;

/// Appends one feature; `beside` are members beside `properties`, such as `distance_m`.
pub(crate) fn write_feature(out: &mut String, row: &Row, beside: &[(&str, Value)]) {
    let _ = write!(out, r#"{{"type":"Feature","id":"{}","geometry":"#, row.id);
    match &row.geometry {
        Some(geometry) => exchange::write_geometry(geometry, out),
        None => out.push_str("null"),
    }
    out.push_str(r#","properties":"#);
    write_properties(out, row);
    for (name, value) in beside {
        let _ = write!(out, r#","{name}":{value}"#);
    }
    out.push('}');
}

/// The stored properties with what the log adds to them.
fn write_properties(out: &mut String, row: &Row) {
    let stored = row.properties.trim_end().strip_suffix('}').unwrap_or("{");
    out.push_str(stored);
    let comma = if stored.trim_end().ends_with('{') { "" } else { "," };
    let by = Value::from(&*row.recorded_by);
    let _ = write!(
        out,
        r#"{comma}"collection":"{}","revision":{},"recorded_at":"{}","recorded_by":{by}}}"#,
        row.collection, row.revision, row.recorded_at
    );
}
