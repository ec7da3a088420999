//! `/proposals`: what waits for a second person, and how it is decided.

use access::Right;
use axum::extract::{Path, RawQuery};
use axum::http::header;
use axum::response::{IntoResponse, Response};
use model::RecordId;
use register::Command;
use serde::Deserialize;
use serde_json::{Value, json};
use spatial_index::{Proposal, Row};

use crate::asked::Asked;
use crate::caller;
use crate::feature::feature_text;
use crate::history::differing;
use crate::params::Params;
use crate::problem::Problem;
use crate::records::{json_body, record_named};
use crate::write::Writing;

/// Proposals in one answer where the request does not say, and at most.
const LISTED: usize = 100;
const LISTED_MAX: usize = 10_000;

/// `GET /proposals`: newest first.
pub(crate) async fn proposals(asked: Asked, RawQuery(query): RawQuery) -> Result<Response, Problem> {
    let params = Params::known(query.as_deref(), &["state", "record", "limit", "known-at"])?;
    caller::allowed(&asked.caller, Right::ReadProposals)?;
    let state = params.text("state").unwrap_or("pending");
    if !["pending", "approved", "rejected", "all"].contains(&state) {
        return Err(Problem::bad_parameter("state", state, "pending, approved, rejected, all"));
    }
    let record: Option<RecordId> = match params.text("record") {
        None => None,
        Some(text) => {
            Some(text.parse().map_err(|_| Problem::bad_parameter("record", text, "identifier of a record"))?)
        }
    };
    let limit = params.limit(LISTED, LISTED_MAX)?;
    let matching: Vec<_> = asked
        .view
        .proposals()
        .into_iter()
        .filter(|proposal| state == "all" || state_of(&asked, proposal) == state)
        .filter(|proposal| record.is_none_or(|id| proposal.row.id == id))
        .collect();
    let features: Vec<_> = matching.iter().take(limit).map(|proposal| described(&asked, proposal)).collect();
    let body = json!({
        "type": "FeatureCollection", "features": features, "numberMatched": matching.len(),
        "numberReturned": features.len(), "revision": asked.view.revision(), "as_of": asked.as_of,
        "known_at": asked.known_at(),
    });
    Ok(([(header::CONTENT_TYPE, "application/geo+json")], body.to_string()).into_response())
}

/// `GET /proposals/{number}`.
pub(crate) async fn proposal(
    asked: Asked,
    Path(number): Path<String>,
    RawQuery(query): RawQuery,
) -> Result<Response, Problem> {
    Params::known(query.as_deref(), &["known-at"])?;
    caller::allowed(&asked.caller, Right::ReadProposals)?;
    let number = number_of(&number)?;
    let proposal = asked.view.proposal(number).ok_or_else(|| missing(number))?;
    let body = described(&asked, proposal).to_string();
    Ok(([(header::CONTENT_TYPE, "application/geo+json")], body).into_response())
}

fn number_of(text: &str) -> Result<u64, Problem> {
    text.parse().map_err(|_| missing(text))
}

fn missing(number: impl std::fmt::Display) -> Problem {
    Problem::not_found(format!("no proposal {number}"))
}

fn state_of(asked: &Asked, proposal: &Proposal) -> &'static str {
    match proposal.decision_at(asked.view.revision()) {
        None => "pending",
        Some(decision) if decision.approved => "approved",
        Some(_) => "rejected",
    }
}

fn described(asked: &Asked, proposal: &Proposal) -> Value {
    let row = &proposal.row;
    let before = asked.view.event(proposal.based_on).map(|entry| &*entry.row);
    let proposed = feature(row);
    let decision = proposal.decision_at(asked.view.revision());
    let mut properties = json!({
        "proposal": proposal.number(),
        "state": state_of(asked, proposal),
        "collection": row.collection().id(),
        "record": row.id,
        "name": row.name(),
        "effects": proposal.effects.iter().map(|effect| effect.code()).collect::<Vec<_>>(),
        "author": **row.recorded_by(),
        "reason": **row.reason(),
        "proposed_at": row.recorded_at().to_string(),
        "based_on": proposal.based_on,
        "is_stale": decision.is_none() && asked.view.is_stale(proposal),
        "decided_by": decision.map(|decision| &*decision.by),
        "decided_at": decision.map(|decision| decision.at.to_string()),
        "decision_reason": decision.map(|decision| &*decision.reason),
        "decision_revision": decision.map(|decision| decision.revision),
        "current": before.map(feature),
        "proposed": proposed,
    });
    if let Some(members) = properties.as_object_mut() {
        members.extend(differing(before, row));
    }
    let geometry = proposed["geometry"].clone();
    json!({"type": "Feature", "id": proposal.number().to_string(), "geometry": geometry, "properties": properties})
}

fn feature(row: &Row) -> Value {
    serde_json::from_str(&feature_text(row)).unwrap_or_default()
}

/// Why somebody decides so.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Decision {
    #[serde(default)]
    reason: String,
}

/// `POST /proposals/{number}/approval`: it takes effect.
pub(crate) async fn approve(
    Path(number): Path<String>,
    RawQuery(query): RawQuery,
    writing: Writing,
) -> Result<Response, Problem> {
    let proposal = number_of(&number)?;
    decide(writing, query.as_deref(), proposal, Command::Approve { proposal }).await
}

/// `POST /proposals/{number}/rejection`: it ends.
pub(crate) async fn reject(
    Path(number): Path<String>,
    RawQuery(query): RawQuery,
    writing: Writing,
) -> Result<Response, Problem> {
    let proposal = number_of(&number)?;
    decide(writing, query.as_deref(), proposal, Command::Reject { proposal }).await
}

async fn decide(
    writing: Writing,
    query: Option<&str>,
    number: u64,
    command: Command,
) -> Result<Response, Problem> {
    Params::known(query, &[])?;
    caller::allowed(&writing.caller, Right::Approve)?;
    let proposal = writing.view.proposal(number).ok_or_else(|| missing(number))?;
    // Both the record as it stands and as it is proposed are the approver's business.
    writing.may(Right::Approve, &proposal.row)?;
    if let Some(present) = writing.view.version(proposal.row.id) {
        writing.may(Right::Approve, present)?;
    }
    let Decision { reason } = json_body(&writing.body)?;
    writing.carry_out(command, &reason).await
}

/// Which recorded release shall count.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Release {
    collection: String,
    id: String,
    reason: String,
}

/// `POST /proposals`: proposes that a recorded land release counts.
pub(crate) async fn propose_release(
    RawQuery(query): RawQuery,
    writing: Writing,
) -> Result<Response, Problem> {
    Params::known(query.as_deref(), &[])?;
    let Release { collection, id, reason } = json_body(&writing.body)?;
    let (named, id) = record_named(&collection, &id)?;
    let seen = writing.seen()?;
    writing.present(Right::Write, named, id)?;
    writing.carry_out(Command::Release { id, seen }, &reason).await
}
