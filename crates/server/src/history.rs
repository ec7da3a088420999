//! `/records/{collection}/{id}/history`: every version of a record, who made it, when, why, and what differs.

use access::Right;
use axum::Json;
use axum::extract::{Path, RawQuery};
use model::{Action, Collection, Properties, difference};
use serde_json::{Value, json};
use spatial_index::{LogEntry, Row, View};

use crate::asked::Asked;
use crate::caller;
use crate::feature::feature_text;
use crate::params::Params;
use crate::problem::Problem;
use crate::records::record_named;

/// `GET /records/{collection}/{id}/history`, oldest first.
pub(crate) async fn history(
    asked: Asked,
    Path((collection, id)): Path<(String, String)>,
    RawQuery(query): RawQuery,
) -> Result<Json<Value>, Problem> {
    Params::known(query.as_deref(), &["known-at"])?;
    caller::allowed(&asked.caller, Right::ReadHistory)?;
    let (named, id) = record_named(&collection, &id)?;
    let entries = asked.view.history(id);
    if entries.first().is_none_or(|entry| entry.row.collection() != named || entry.row.form().is_some()) {
        return Err(Problem::not_found(format!("no record {id} in {collection}")));
    }
    let versions: Vec<_> = entries.iter().map(|entry| version(&asked.view, entry)).collect();
    Ok(Json(json!({"collection": collection, "id": id, "versions": versions})))
}

fn version(view: &View, entry: &LogEntry) -> Value {
    let mut version = event(view, entry);
    if let Some(members) = version.as_object_mut() {
        members.extend(differing(view.before(entry).map(|row| &**row), &entry.row));
    }
    version
}

/// An event as history and changes tell it. The public sees what is shown now: what was taken out of publication is not
/// to be had from the past.
pub(crate) fn event(view: &View, entry: &LogEntry) -> Value {
    let row = &entry.row;
    let is_shown = row.form().is_none() || view.by_id(row.id).is_some_and(|now| now.revision == row.revision);
    if row.form().is_some() || row.has_left() {
        return json!({
            "revision": row.revision,
            "recorded_at": row.recorded_at().to_string(),
            "action": action(view, entry),
            "feature": (is_shown && !row.has_left()).then(|| feature(row)),
        });
    }
    json!({
        "revision": row.revision,
        "recorded_at": row.recorded_at().to_string(),
        "author": **row.recorded_by(),
        "reason": **row.reason(),
        "action": action(view, entry),
        "proposal": proposal(entry),
        "feature": feature(row),
    })
}

/// What the event did, in one word.
pub(crate) fn action(view: &View, entry: &LogEntry) -> &'static str {
    match entry.action() {
        // It went where the caller does not see it, or what was shown of it is shown no more.
        Action::Version if entry.row.has_left() => "removed",
        Action::Version if entry.is_first() || view.before(entry).is_none() => "created",
        Action::Version => "changed",
        Action::Proposal { .. } => "proposed",
        Action::Approval { .. } if entry.row.is_withdrawn() => "withdrawn",
        Action::Approval { .. } => "approved",
        Action::Rejection { .. } => "rejected",
        Action::Acceptance => "finding_accepted",
    }
}

fn proposal(entry: &LogEntry) -> Option<u64> {
    match entry.action() {
        Action::Proposal { .. } => Some(entry.row.revision),
        Action::Approval { proposal } | Action::Rejection { proposal } => Some(*proposal),
        Action::Version | Action::Acceptance => None,
    }
}

fn feature(row: &Row) -> Value {
    serde_json::from_str(&feature_text(row)).unwrap_or_default()
}

/// What differs between two versions: values by field, whether the shape moved, areas before and after.
pub(crate) fn differing(before: Option<&Row>, after: &Row) -> Properties {
    let (from, to) = (before.map(stored).unwrap_or_default(), stored(after));
    let collection: Collection = after.collection();
    let differences = if before.is_some() { difference(collection, &from, &to) } else { Vec::new() };
    let moved = before.is_some_and(|before| before.geometry() != after.geometry());
    let none = Value::Null;
    let area = |of: &Properties| of.get("area_m2").unwrap_or(&none).clone();
    let members = [
        ("differences", json!(differences)),
        ("geometry_changed", json!(moved)),
        ("area_m2_from", area(&from)),
        ("area_m2_to", area(&to)),
    ];
    members.into_iter().map(|(name, value)| (name.to_owned(), value)).collect()
}

fn stored(row: &Row) -> Properties {
    serde_json::from_str(&row.properties()).unwrap_or_default()
}
