//! One snapshot for each request: what the handler answers from is what the headers name.

use std::sync::Arc;

use access::{Caller, Scope};
use axum::extract::{FromRequestParts, Request, State};
use axum::http::request::Parts;
use axum::http::{HeaderName, HeaderValue, Method, header};
use axum::middleware::Next;
use axum::response::{IntoResponse, Response};
use jiff::Timestamp;
use reference::{Layer, Layers};
use spatial_index::{Row, Snapshot};

use crate::App;
use crate::params::Params;
use crate::problem::Problem;
use crate::units::Units;

const REVISION: HeaderName = HeaderName::from_static("minemap-revision");
const KNOWN_AT: HeaderName = HeaderName::from_static("minemap-known-at");
const RECORDED_AT: HeaderName = HeaderName::from_static("minemap-recorded-at");

/// What a handler answers from.
#[derive(Clone)]
pub(crate) struct Asked {
    pub snapshot: Arc<Snapshot>,
    pub scope: Scope,
    pub layers: Arc<Layers>,
    units: Arc<Units>,
    pub as_of: Timestamp,
    /// Address the client used, without a trailing slash, such as `http://localhost:8080`.
    pub base: String,
}

/// Takes the snapshot and the scope of a request, and names the snapshot in the answer.
pub(crate) async fn one_snapshot(State(app): State<App>, mut request: Request, next: Next) -> Response {
    let snapshot = match app.views.seen(&app.register.snapshot(), request.uri().query()) {
        Ok(snapshot) => snapshot,
        Err(problem) => return problem.into_response(),
    };
    let asked = Asked {
        snapshot: snapshot.clone(),
        scope: caller_of(&request).scope(),
        layers: app.layers.layers(),
        units: Arc::clone(&app.units),
        as_of: Timestamp::now(),
        base: base_of(&request),
    };
    let known_at = Params::one(request.uri().query(), "known-at").ok().flatten();
    let is_read = matches!(*request.method(), Method::GET | Method::HEAD);
    request.extensions_mut().insert(asked);
    let mut response = next.run(request).await;
    let headers = response.headers_mut();
    if let Some(text) = known_at.and_then(|text| HeaderValue::from_str(&text).ok()) {
        headers.insert(KNOWN_AT, text);
    }
    // What a request has written is newer than the snapshot it came in with.
    let snapshot = if is_read { snapshot } else { app.register.snapshot() };
    headers.insert(REVISION, snapshot.revision().into());
    if let Some(at) = snapshot.recorded_at().and_then(|at| HeaderValue::from_str(&at.to_string()).ok()) {
        headers.insert(RECORDED_AT, at);
    }
    response
}

impl<S: Sync> FromRequestParts<S> for Asked {
    type Rejection = Problem;

    async fn from_request_parts(parts: &mut Parts, _state: &S) -> Result<Self, Problem> {
        parts
            .extensions
            .get::<Asked>()
            .cloned()
            .ok_or_else(|| Problem::internal("request without a snapshot"))
    }
}

impl Asked {
    /// The codes of the units that a record touches, as a JSON list; `None` where no layer has any.
    pub fn admin(&self, row: &Row) -> Option<Arc<str>> {
        self.units.of(&self.layers, row)
    }

    /// The reference layer of that name.
    pub fn layer(&self, name: &str) -> Result<Option<&Arc<Layer>>, Problem> {
        self.layers.get(name).map_err(|why| Problem::internal(&why))
    }

    /// The members of an answer that say that it is about the past.
    pub fn known_at(&self) -> Option<serde_json::Value> {
        let (revision, at) = (self.snapshot.revision(), self.snapshot.recorded_at());
        let recorded_at = at.map(|at| at.to_string());
        self.snapshot.is_past().then(|| serde_json::json!({"revision": revision, "recorded_at": recorded_at}))
    }
}

/// Who asks, as `caller::recognise` found; nobody where it did not look.
fn caller_of(request: &Request) -> Caller {
    request.extensions().get::<Caller>().cloned().unwrap_or_else(Caller::public)
}

fn base_of(request: &Request) -> String {
    let host = request.headers().get(header::HOST).and_then(|host| host.to_str().ok());
    let plain = |host: &&str| host.chars().all(|c| c.is_ascii_alphanumeric() || ".:-[]".contains(c));
    format!("http://{}", host.filter(plain).unwrap_or("localhost"))
}
