//! Requests that write: read, checked, handed to the register, answered.

use std::sync::Arc;

use access::{Caller, Right};
use axum::body::Bytes;
use axum::extract::{FromRequest, Request};
use axum::http::{HeaderMap, HeaderName, HeaderValue, StatusCode, header};
use axum::response::{IntoResponse, Response};
use model::{Bounds, Collection, Context, Draft, Finding, Properties, Record, RecordId};
use register::{Command, Done, Happened, Order, Prepared, Refusal, RegisterError};
use serde_json::{Value, json};
use sha2::{Digest, Sha256};
use spatial_index::{Row, View};

use crate::App;
use crate::asked::Asked;
use crate::caller;
use crate::feature::{feature_text, full_feature, personal};
use crate::problem::Problem;

const KEY: HeaderName = HeaderName::from_static("idempotency-key");
const REPLAYED: HeaderName = HeaderName::from_static("minemap-replayed");
/// Longest idempotency key, in characters.
const KEY_MAX: usize = 128;
/// Longest reason, in bytes.
const REASON_BYTES_MAX: usize = 4_096;

/// A request that writes, as far as all of them are alike.
pub(crate) struct Writing {
    pub app: App,
    pub headers: HeaderMap,
    pub caller: Caller,
    /// What the caller sees.
    pub view: Arc<View>,
    /// What the request is, for its fingerprint: method and address.
    pub what: String,
    pub body: Bytes,
    pub dry_run: bool,
}

impl FromRequest<App> for Writing {
    type Rejection = Problem;

    async fn from_request(request: Request, app: &App) -> Result<Self, Problem> {
        let (what, headers) = (format!("{} {}", request.method(), request.uri()), request.headers().clone());
        let asked = request.extensions().get::<Asked>().cloned();
        let Asked { caller, view, .. } = asked.ok_or_else(|| Problem::internal("request without a view"))?;
        let body =
            Bytes::from_request(request, app).await.map_err(|error| Problem::bad_body(&error.to_string()))?;
        Ok(Self { app: app.clone(), headers, caller, view, what, body, dry_run: false })
    }
}

impl Writing {
    /// The revision that `If-Match` names.
    pub fn seen(&self) -> Result<u64, Problem> {
        let given = self.headers.get(header::IF_MATCH).ok_or_else(Problem::precondition_required)?;
        let text = given.to_str().unwrap_or("").trim();
        let bare = text.trim_start_matches("W/").trim_matches('"');
        bare.parse()
            .map_err(|_| Problem::bad_header("If-Match", text, "\"<revision>\" of the version you have seen"))
    }

    /// The present record, where the caller sees it as it is and has a right on it.
    pub fn present(&self, right: Right, collection: Collection, id: RecordId) -> Result<&Arc<Row>, Problem> {
        caller::allowed(&self.caller, right)?;
        let row = self.view.get(collection, id).filter(|row| row.form().is_none());
        let row = row.ok_or_else(|| Problem::not_found(format!("no record {id} in {collection}")))?;
        self.may(right, row)?;
        Ok(row)
    }

    /// Refuses a caller that has no right on the records of a row's organisation, where the row is.
    pub fn may(&self, right: Right, row: &Row) -> Result<(), Problem> {
        self.may_at(right, row.owner(), row.bounds())
    }

    /// The same for a record that is sent.
    pub fn may_with(&self, right: Right, record: &Record) -> Result<(), Problem> {
        let owner = record.fields.get("organisation").and_then(Value::as_str);
        self.may_at(right, owner, record.geometry.as_ref().and_then(model::bounds))
    }

    fn may_at(&self, right: Right, owner: Option<&str>, bounds: Option<Bounds>) -> Result<(), Problem> {
        if self.caller.may(right, owner, bounds) {
            return Ok(());
        }
        let whose = owner.map_or("no organisation".to_owned(), |owner| format!("organisation {owner:?}"));
        Err(caller::refused(&self.caller, right).about(&format!("the record is of {whose}")))
    }

    fn request(&self) -> Result<Option<model::Request>, Problem> {
        let Some(key) = self.headers.get(KEY) else { return Ok(None) };
        let text = key.to_str().unwrap_or("");
        let is_good = (1..=KEY_MAX).contains(&text.len()) && text.bytes().all(|byte| byte.is_ascii_graphic());
        if !is_good {
            let allowed = format!("1 to {KEY_MAX} visible ASCII characters");
            return Err(Problem::bad_header("Idempotency-Key", text, &allowed));
        }
        let mut hash = Sha256::new();
        hash.update(&self.what);
        hash.update([0]);
        hash.update(self.headers.get(header::IF_MATCH).map_or(&b""[..], HeaderValue::as_bytes));
        hash.update([0]);
        hash.update(&self.body);
        let fingerprint = hash.finalize().iter().map(|byte| format!("{byte:02x}")).collect();
        Ok(Some(model::Request { key: text.to_owned(), fingerprint }))
    }

    /// Has the command carried out and answers.
    pub async fn carry_out(self, command: Command, reason: &str) -> Result<Response, Problem> {
        if reason.len() > REASON_BYTES_MAX {
            let allowed = format!("at most {REASON_BYTES_MAX} bytes (REASON_BYTES_MAX)");
            return Err(Problem::bad_parameter("reason", &format!("{} bytes", reason.len()), allowed));
        }
        let (request, dry_run) = (self.request()?, self.dry_run);
        // Whoever has a right to write has an account.
        let author = self.caller.account().ok_or_else(|| caller::refused(&self.caller, Right::Write))?;
        let (author, reason) = (author.to_owned(), reason.trim().to_owned());
        let order = Order { command, author, reason, request, dry_run };
        let (app, scope) = (self.app, self.view.scope().clone());
        let answer = tokio::task::spawn_blocking(move || {
            let carried = app.register.carry_out(order);
            (carried, app.views.newest(&app.register, &scope))
        });
        let (carried, view) = answer.await.map_err(|error| Problem::internal(&error.to_string()))?;
        match carried {
            Ok(done) => Ok(answered(&done, &view)),
            Err(RegisterError::Refused(refusal)) => Err(refused(*refusal, &view)),
            Err(error) => Err(Problem::unavailable(&error.to_string())),
        }
    }
}

fn answered(done: &Done, view: &View) -> Response {
    let feature = view.by_id(done.id).map(|row| full_feature(view, row));
    let revision = match done.outcome {
        Happened::Checked => json!(null),
        _ => json!(done.revision),
    };
    let body = json!({
        "outcome": done.outcome,
        "collection": done.collection,
        "id": (done.outcome != Happened::Checked || feature.is_some()).then_some(done.id),
        "revision": revision,
        "proposal": done.proposal,
        "effects": done.effects,
        "findings": done.findings,
        "feature": feature,
    });
    let status = match done.outcome {
        Happened::Created => StatusCode::CREATED,
        Happened::Proposed => StatusCode::ACCEPTED,
        _ => StatusCode::OK,
    };
    let mut response = (status, axum::Json(body)).into_response();
    let headers = response.headers_mut();
    let mut set = |name: HeaderName, value: String| {
        if let Ok(value) = HeaderValue::from_str(&value) {
            headers.insert(name, value);
        }
    };
    if done.outcome != Happened::Checked {
        set(header::ETAG, format!("\"{}\"", done.revision));
        set(header::LOCATION, format!("/ogc/collections/{}/items/{}", done.collection, done.id));
    }
    if done.replayed {
        set(REPLAYED, "true".to_owned());
    }
    response
}

/// Why the register does not do it, as a problem.
fn refused(refusal: Refusal, view: &View) -> Problem {
    use StatusCode as S;
    let detail = refusal.to_string();
    match refusal {
        Refusal::NoRecord(_) | Refusal::NoProposal(_) => Problem::not_found(detail),
        Refusal::NoFinding { .. } => Problem::of(S::NOT_FOUND, "no-finding", "No such finding", detail),
        Refusal::NoReason => {
            Problem::of(S::UNPROCESSABLE_ENTITY, "reason-needed", "A reason is needed", detail)
        }
        Refusal::AuthorIsApprover { .. } => Problem::forbidden("author-is-approver", detail),
        Refusal::AuthorIsVerifier { .. } => Problem::forbidden("author-is-verifier", detail),
        Refusal::Moved { current, .. } => {
            let event = view.event(current);
            let feature = event.map(|entry| full_feature(view, &entry.row));
            Problem::of(S::PRECONDITION_FAILED, "version-moved", "The record was changed", detail)
                .with("current_revision", json!(current))
                .with("current", json!(feature))
        }
        Refusal::Findings(findings) => Problem::record_refused(&findings, |_| true),
        Refusal::Decided { decided, .. } => {
            Problem::of(S::CONFLICT, "proposal-decided", "Decided before", detail)
                .with("decision_revision", json!(decided))
        }
        Refusal::Stale { current, .. } => {
            Problem::of(S::CONFLICT, "proposal-stale", "The record was changed", detail)
                .with("current_revision", json!(current))
        }
        Refusal::RemainingArea { remaining_m2 } => {
            Problem::of(S::UNPROCESSABLE_ENTITY, "remaining-area", "Land is left", detail)
                .with("remaining_m2", json!(remaining_m2))
        }
        Refusal::NotToRelease(_) => Problem::of(S::CONFLICT, "not-to-release", "Nothing to release", detail),
        Refusal::KeyReused { .. } => {
            Problem::of(S::UNPROCESSABLE_ENTITY, "idempotency-key-reused", "Key used before", detail)
        }
    }
}

/// What `read` makes of a body: the prepared record, and why.
pub(crate) struct Sent {
    pub prepared: Prepared,
    pub reason: String,
}

/// Checks a record that somebody sends; what must be put right refuses it, with everything else that was found.
///
/// `known` is what had been found about the record before: whoever changes one thing need not put right all.
pub(crate) fn sent(
    app: &App,
    draft: Draft,
    members: &Properties,
    known: &[Finding],
) -> Result<Sent, Problem> {
    if let Some(unknown) = members.keys().find(|name| *name != "reason") {
        return Err(Problem::bad_body(&format!(
            "member {unknown:?} is not known; beside GeoJSON there is \"reason\""
        )));
    }
    let collection = draft.collection;
    check_vertices(app, &draft)?;
    let context = Context { today: jiff::Zoned::now().date(), programme_area: app.programme_area };
    let prepared = register::prepare(draft, &context)
        .map_err(|finding| Problem::record_refused(&[finding], |_| true))?;
    let was_known =
        |finding: &Finding| known.iter().any(|k| k.rule == finding.rule && k.field == finding.field);
    let refuses = |finding: &Finding| model::refuses(collection, finding) && !was_known(finding);
    if prepared.record.findings.iter().any(refuses) {
        return Err(Problem::record_refused(&prepared.record.findings, refuses));
    }
    let reason = match members.get("reason") {
        None | Some(Value::Null) => String::new(),
        Some(Value::String(text)) => text.clone(),
        Some(other) => return Err(Problem::bad_body(&format!("reason is {other}; a text was expected"))),
    };
    Ok(Sent { prepared, reason })
}

/// The operator's bound on vertices, which may be tighter than that of the readers.
fn check_vertices(app: &App, draft: &Draft) -> Result<(), Problem> {
    let most = app.limits.vertices;
    match draft.geometry.as_ref().map_or(0, model::vertex_count) {
        vertices if vertices > most => {
            let message =
                format!("{vertices} vertices; at most {most} (limits.vertices) are taken in one record");
            let finding = Finding::new("limit.vertices", model::Severity::High, message);
            Err(Problem::record_refused(&[finding], |_| true))
        }
        _ => Ok(()),
    }
}

/// The present record as somebody would send it, for a part of it to be changed.
pub(crate) fn as_sent(view: &View, row: &Row) -> Result<Value, Problem> {
    let mut feature: Value =
        serde_json::from_str(&feature_text(row)).map_err(|error| Problem::internal(&error.to_string()))?;
    if let Some(properties) = feature["properties"].as_object_mut() {
        properties.extend(personal(view, row));
    }
    Ok(feature)
}
