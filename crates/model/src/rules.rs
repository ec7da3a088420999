//! The rules of single records that need no neighbour: dates, evidence, methods, repeated devices, completeness.

use std::collections::HashSet;

use jiff::civil::Date;
use serde_json::Value;

use crate::{Collection, Context, Finding, Geometry, Kind, Properties, Severity, ccw};

/// Every rule that reads the values of a checked record.
pub(crate) fn rule_findings(
    collection: Collection,
    fields: &Properties,
    geometry: Option<&Geometry>,
    context: &Context,
) -> Vec<Finding> {
    let mut findings = future_dates(collection, fields, context);
    match collection {
        Collection::HazardousAreas => findings.extend(evidence_finding(fields)),
        Collection::LandReleases => {
            findings.extend(method_finding(fields));
            findings.extend(repeated_device(fields, "items_found"));
        }
        Collection::MinefieldRecords => {
            findings.extend(ccw::findings(fields, geometry));
            findings.extend(repeated_device(fields, "mines"));
        }
        Collection::HazardReports
        | Collection::ExplosiveItems
        | Collection::Accidents
        | Collection::Tasks
        | Collection::Surveys
        | Collection::Organisations
        | Collection::Contributions
        | Collection::Capacity => {}
    }
    findings
}

fn future_dates(collection: Collection, fields: &Properties, context: &Context) -> Vec<Finding> {
    let dates = collection.fields().filter(|field| field.kind == Kind::Date && !field.is_plan);
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
    let entries = fields.get("evidence").and_then(Value::as_array);
    let mut evidence = entries.into_iter().flatten().filter_map(Value::as_object).filter(|e| !e.is_empty());
    let is_direct = |entry: &Properties| entry.get("kind").and_then(Value::as_str) == Some("direct");
    let message = match fields.get("classification").and_then(Value::as_str) {
        Some("confirmed") if evidence.clone().any(is_direct) => return None,
        Some("confirmed") if evidence.next().is_some() => "confirmed, but no direct evidence is recorded",
        _ if evidence.next().is_some() => return None,
        _ => "no evidence is recorded",
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

/// The same model in the same quantity twice (GICHD geocheck, duplicate devices).
fn repeated_device(fields: &Properties, list: &str) -> Option<Finding> {
    let devices = fields.get(list)?.as_array()?;
    let mut seen = HashSet::new();
    let named = devices.iter().filter_map(|device| Some((device.get("model")?.as_str()?, device)));
    let mut devices = named.map(|(model, device)| (model, device.get("quantity").and_then(Value::as_u64)));
    let (model, _) = devices.find(|device| !seen.insert(*device))?;
    let message = format!("{model} is listed more than once in the same quantity");
    Some(Finding::new("device.repeated", Severity::Low, message).in_field(list))
}
