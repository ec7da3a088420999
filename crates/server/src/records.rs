//! `/records/…`: a person makes, changes and withdraws records.

use access::Right;
use axum::extract::{Path, RawQuery};
use axum::http::Method;
use axum::response::Response;
use exchange::{FeatureBody, feature_of, read_feature};
use model::{Collection, RecordId};
use register::Command;
use serde::Deserialize;
use serde_json::Value;
use spatial_index::Row;

use crate::caller;
use crate::ogc::collection_named;
use crate::params::Params;
use crate::problem::Problem;
use crate::write::{Writing, as_sent, sent};

/// `POST /records/{collection}`: a new record.
pub(crate) async fn create(
    Path(collection): Path<String>,
    RawQuery(query): RawQuery,
    mut writing: Writing,
) -> Result<Response, Problem> {
    let named = collection_named(&collection)?;
    writing.dry_run = dry_run(query.as_deref())?;
    caller::allowed(&writing.caller, Right::Write)?;
    let FeatureBody { mut draft, members } = read(&writing.body, named)?;
    draft.fields.shift_remove("id");
    if let (None, Some(own)) = (draft.fields.get("organisation"), only_organisation(&writing)) {
        draft.fields.insert("organisation".to_owned(), own.into());
    }
    let sent = sent(&writing.app, draft, &members, &[])?;
    writing.may_with(Right::Write, &sent.prepared.record)?;
    writing.carry_out(Command::Create(Box::new(sent.prepared)), &sent.reason).await
}

/// `PUT` and `PATCH /records/{collection}/{id}`: the record anew, or part of it.
pub(crate) async fn change(
    method: Method,
    Path((collection, id)): Path<(String, String)>,
    RawQuery(query): RawQuery,
    mut writing: Writing,
) -> Result<Response, Problem> {
    let (named, id) = record_named(&collection, &id)?;
    writing.dry_run = dry_run(query.as_deref())?;
    let seen = writing.seen()?;
    let row = writing.present(Right::Write, named, id)?;
    let keeps_personal = !writing.caller.may(Right::ReadPersonal, row.owner(), None);
    let body = if method == Method::PATCH { patched(&writing, row)? } else { read(&writing.body, named)? };
    if keeps_personal {
        refuse_personal(&writing, named, &body)?;
    }
    let known: Vec<_> = writing.view.findings(row).into_iter().map(|found| found.finding).collect();
    let mut sent = sent(&writing.app, body.draft, &body.members, &known)?;
    sent.prepared.record.id = id;
    writing.may_with(Right::Write, &sent.prepared.record)?;
    let next = Box::new(sent.prepared);
    writing.carry_out(Command::Change { next, seen, keeps_personal }, &sent.reason).await
}

/// `DELETE /records/{collection}/{id}?reason=…`: proposes to withdraw the record.
pub(crate) async fn withdraw(
    Path((collection, id)): Path<(String, String)>,
    RawQuery(query): RawQuery,
    mut writing: Writing,
) -> Result<Response, Problem> {
    let (named, id) = record_named(&collection, &id)?;
    let params = Params::known(query.as_deref(), &["reason", "dry-run"])?;
    let reason = params.text("reason").unwrap_or("").to_owned();
    writing.dry_run = params.truth("dry-run")?;
    let seen = writing.seen()?;
    writing.present(Right::Write, named, id)?;
    writing.carry_out(Command::Withdraw { id, seen }, &reason).await
}

/// Which finding, and why it stays.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Acceptance {
    rule: String,
    #[serde(default)]
    field: Option<String>,
    reason: String,
}

/// `POST /records/{collection}/{id}/findings/acceptance`: a finding stays as it is, and somebody says why.
pub(crate) async fn accept_finding(
    Path((collection, id)): Path<(String, String)>,
    RawQuery(query): RawQuery,
    writing: Writing,
) -> Result<Response, Problem> {
    let (named, id) = record_named(&collection, &id)?;
    Params::known(query.as_deref(), &[])?;
    let Acceptance { rule, field, reason } = json_body(&writing.body)?;
    writing.present(Right::Verify, named, id)?;
    writing.carry_out(Command::AcceptFinding { id, rule, field }, &reason).await
}

/// Why a record is as its source says.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Verification {
    reason: String,
}

/// `POST /records/{collection}/{id}/verification`: somebody else has held the record against its source.
pub(crate) async fn verify(
    Path((collection, id)): Path<(String, String)>,
    RawQuery(query): RawQuery,
    writing: Writing,
) -> Result<Response, Problem> {
    let (named, id) = record_named(&collection, &id)?;
    Params::known(query.as_deref(), &[])?;
    let Verification { reason } = json_body(&writing.body)?;
    let seen = writing.seen()?;
    writing.present(Right::Verify, named, id)?;
    writing.carry_out(Command::Verify { id, seen }, &reason).await
}

/// The organisation of whoever writes for just one.
fn only_organisation(writing: &Writing) -> Option<String> {
    let mut own: Vec<_> = writing.caller.grants().iter().map(|grant| grant.organisation.clone()).collect();
    own.dedup();
    match own.as_slice() {
        [Some(only)] => Some(only.clone()),
        [..] => None,
    }
}

/// Whoever does not see personal data does not change it either, and hears so.
fn refuse_personal(writing: &Writing, collection: Collection, body: &FeatureBody) -> Result<(), Problem> {
    let mut personal = collection.fields().filter(|field| field.is_personal);
    match personal.find(|field| body.draft.fields.contains_key(field.name)) {
        Some(field) => Err(caller::refused(&writing.caller, Right::ReadPersonal)
            .about(&format!("field {} is personal data", field.name))),
        None => Ok(()),
    }
}

/// A body of a few members.
pub(crate) fn json_body<'b, T: Deserialize<'b>>(body: &'b [u8]) -> Result<T, Problem> {
    let text = if body.is_empty() { b"{}" } else { body };
    serde_json::from_slice(text).map_err(|error| Problem::bad_body(&error.to_string()))
}

fn read(body: &[u8], collection: Collection) -> Result<FeatureBody, Problem> {
    read_feature(body, collection).map_err(|why| Problem::bad_body(&why))
}

/// JSON merge patch (RFC 7396) of the present feature.
fn patched(writing: &Writing, row: &Row) -> Result<FeatureBody, Problem> {
    let patch: Value = json_body(&writing.body)?;
    let Value::Object(_) = &patch else { return Err(Problem::bad_body("an object was expected")) };
    let mut feature = as_sent(&writing.view, row)?;
    merge(&mut feature, patch);
    let Value::Object(members) = feature else { return Err(Problem::bad_body("a feature was expected")) };
    feature_of(members, row.collection()).map_err(|why| Problem::bad_body(&why))
}

fn merge(target: &mut Value, patch: Value) {
    let Value::Object(patch) = patch else { return *target = patch };
    if !target.is_object() {
        *target = Value::Object(serde_json::Map::new());
    }
    let Value::Object(members) = target else { return };
    for (name, value) in patch {
        match value {
            Value::Null => drop(members.shift_remove(&name)),
            // A geometry is one value: parts of two shapes make none.
            value if name == "geometry" => drop(members.insert(name, value)),
            value => merge(members.entry(name).or_insert(Value::Null), value),
        }
    }
}

pub(crate) fn record_named(collection: &str, id: &str) -> Result<(Collection, RecordId), Problem> {
    let named = collection_named(collection)?;
    let missing = || Problem::not_found(format!("no record {id:?} in {collection}"));
    Ok((named, id.parse().map_err(|_| missing())?))
}

fn dry_run(query: Option<&str>) -> Result<bool, Problem> {
    Params::known(query, &["dry-run"])?.truth("dry-run")
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    #[test]
    fn a_patch_removes_nulls_merges_objects_and_replaces_a_geometry_whole() {
        let mut feature = json!({"properties": {"a": 1, "b": {"c": 2}}, "geometry": {"type": "Point", "coordinates": [1, 2]}});
        merge(
            &mut feature,
            json!({"properties": {"a": null, "b": {"d": 3}}, "geometry": {"type": "Polygon"}}),
        );
        assert_eq!(feature, json!({"properties": {"b": {"c": 2, "d": 3}}, "geometry": {"type": "Polygon"}}));
    }
}
