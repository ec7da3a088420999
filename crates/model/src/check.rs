//! Draft → record and **all** its findings.
//!
//! A hazard that lacks a value is never refused for it: the most cautious value is assumed, with a finding,
//! and what could not be read stays under `attributes`.

use jiff::civil::Date;
use serde_json::{Value, json};

use crate::limits::{PROPERTIES_MAX, TEXT_BYTES_MAX, VERTICES_MAX};
use crate::place::{is_swapped, kind_finding, programme_finding};
use crate::read::{Reading, is_blank, keep};
use crate::rules::rule_findings;
use crate::{Bounds, Collection, Draft, Field, Finding, Geometry, Kind, Measures, Properties, Record};
use crate::{RecordId, Severity, geometry_findings, is_placeable, vertex_count};

/// What the rules need to know beside the draft.
#[derive(Debug, Clone, Copy)]
pub struct Context {
    /// Today, in the programme's time zone.
    pub today: Date,
    /// Where the programme works; `None` where nobody has said.
    pub programme_area: Option<Bounds>,
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
    let (geometry, as_entered) = place(collection, geometry, as_entered, context, &mut findings);
    let mut fields = Properties::new();
    for field in collection.fields() {
        let given = raw.shift_remove(field.name).filter(|value| !is_blank(value));
        let mut reading = Reading { attributes: &mut attributes, findings: &mut findings };
        let read = given.and_then(|value| reading.field(field, value));
        if let Some(value) = read.or_else(|| assume(field, context, &mut findings)) {
            fields.insert(field.name.to_owned(), value);
        }
    }
    for (name, value) in raw.into_iter().filter(|(name, raw)| !Record::is_computed(name) && !raw.is_null()) {
        keep(&mut attributes, name, value);
    }
    findings.extend(rule_findings(collection, &fields, geometry.as_ref(), context));
    Ok(Record {
        id,
        collection,
        geometry,
        fields,
        attributes,
        as_entered,
        measures: Measures::default(),
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
    collection: Collection,
    geometry: Option<Geometry>,
    as_entered: Option<Value>,
    context: &Context,
    findings: &mut Vec<Finding>,
) -> (Option<Geometry>, Option<Value>) {
    match geometry {
        Some(geometry) if is_placeable(&geometry) => {
            findings.extend(kind_finding(collection, &geometry));
            findings.extend(context.programme_area.and_then(|area| programme_finding(&geometry, area)));
            findings.extend(geometry_findings(&geometry));
            (Some(geometry), as_entered)
        }
        Some(geometry) if vertex_count(&geometry) > 0 => {
            findings.push(out_of_range(&geometry, context));
            let entered =
                as_entered.or_else(|| Some(json!({"crs": "EPSG:4326", "geometry": in_words(&geometry)})));
            (None, entered)
        }
        Some(_) | None => {
            let is_said = findings.iter().any(|finding| finding.rule.starts_with("geometry."));
            // A task without outline lies where its areas lie.
            if !is_said && collection.needs_place() {
                let message = "no geometry: kept, listed and counted as not placed";
                findings.push(Finding::new("geometry.missing", Severity::Medium, message));
            }
            (None, as_entered)
        }
    }
}

fn out_of_range(geometry: &Geometry, context: &Context) -> Finding {
    let swapped = context.programme_area.is_some_and(|area| is_swapped(geometry, area));
    let hint =
        if swapped { "; with longitude and latitude exchanged it lies in the programme's area" } else { "" };
    let message =
        format!("a coordinate is outside longitude ±180, latitude ±90{hint}; kept as entered, not placed");
    Finding::new("geometry.out_of_range", Severity::High, message)
}

/// Coordinates as text: JSON has no number for what may stand here.
fn in_words(geometry: &Geometry) -> String {
    const SHOWN_MAX: usize = 1_000;
    let shown: Vec<_> =
        crate::coordinates(geometry).take(SHOWN_MAX).map(|c| format!("{} {}", c.x, c.y)).collect();
    let more = vertex_count(geometry).saturating_sub(SHOWN_MAX);
    if more > 0 { format!("{}, … {more} more", shown.join(", ")) } else { shown.join(", ") }
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

#[cfg(test)]
mod tests;
