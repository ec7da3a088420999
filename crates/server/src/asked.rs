//! One view for each request: what the handler answers from is what the headers name.

use std::sync::Arc;

use access::{Caller, Right};
use axum::extract::{FromRequestParts, Request, State};
use axum::http::request::Parts;
use axum::http::{HeaderMap, HeaderName, HeaderValue, header};
use axum::middleware::Next;
use axum::response::{IntoResponse, Response};
use jiff::Timestamp;
use reference::{Layer, Layers};
use spatial_index::{Row, View};

use crate::asks::only_asks;
use crate::caller::Asking;
use crate::params::Params;
use crate::peer::Peer;
use crate::problem::Problem;
use crate::units::Units;
use crate::{App, caller, noted};

const REVISION: HeaderName = HeaderName::from_static("minemap-revision");
const KNOWN_AT: HeaderName = HeaderName::from_static("minemap-known-at");
const RECORDED_AT: HeaderName = HeaderName::from_static("minemap-recorded-at");

/// What a handler answers from.
#[derive(Clone)]
pub(crate) struct Asked {
    pub view: Arc<View>,
    pub caller: Caller,
    pub layers: Arc<Layers>,
    units: Arc<Units>,
    /// When it is answered (RFC 3339); always of the same length.
    pub as_of: String,
    /// Address the client used, without a trailing slash, such as `http://localhost:8080`.
    pub base: String,
}

/// Finds out who asks and what that one sees, and names its revision in the answer.
pub(crate) async fn one_view(State(app): State<App>, mut request: Request, next: Next) -> Response {
    let noted = request.extensions().get::<Asking>().map(|asking| noted::reading(&app, asking, &request));
    if let Some(Err(problem)) = noted {
        return problem.into_response();
    }
    let (caller, view) = match seen(&app, &request) {
        Ok(seen) => seen,
        Err(problem) => return problem.into_response(),
    };
    let asked = Asked {
        view: Arc::clone(&view),
        caller: caller.clone(),
        layers: app.layers.layers(),
        units: Arc::clone(&app.units),
        as_of: format!("{:.3}", Timestamp::now()),
        base: base_of(&request),
    };
    let known_at = Params::one(request.uri().query(), "known-at").ok().flatten();
    let is_read = only_asks(request.method(), request.uri().path());
    request.extensions_mut().insert(asked);
    let mut response = next.run(request).await;
    // What a request has written is newer than the view it came in with.
    let view = if is_read { view } else { app.views.newest(&app.register, view.scope()) };
    name(response.headers_mut(), &view, &caller, known_at);
    response
}

fn seen(app: &App, request: &Request) -> Result<(Caller, Arc<View>), Problem> {
    // A request without a caller came past `caller::recognise`: it is nobody's.
    let caller = request.extensions().get::<Caller>().cloned().unwrap_or_else(Caller::public);
    if Params::one(request.uri().query(), "known-at")?.is_some() {
        caller::allowed(&caller, Right::ReadPast)?;
    }
    let newest = app.views.newest(&app.register, &caller.scope());
    let view = app.views.seen(&newest, request.uri().query())?;
    Ok((caller, view))
}

/// Says what the answer is of, and that it is nobody else's.
fn name(headers: &mut HeaderMap, view: &View, caller: &Caller, known_at: Option<String>) {
    if let Some(text) = known_at.and_then(|text| HeaderValue::from_str(&text).ok()) {
        headers.insert(KNOWN_AT, text);
    }
    headers.insert(REVISION, view.revision().into());
    if let Some(at) = view.recorded_at().and_then(|at| HeaderValue::from_str(&at.to_string()).ok()) {
        headers.insert(RECORDED_AT, at);
    }
    headers.append(header::VARY, HeaderValue::from_static("cookie, authorization"));
    if caller.account().is_some() {
        let kept = headers.contains_key(header::ETAG);
        let rule = if kept { "private, no-cache" } else { "no-store" };
        headers.insert(header::CACHE_CONTROL, HeaderValue::from_static(rule));
    }
}

impl<S: Sync> FromRequestParts<S> for Asked {
    type Rejection = Problem;

    async fn from_request_parts(parts: &mut Parts, _state: &S) -> Result<Self, Problem> {
        parts.extensions.get::<Asked>().cloned().ok_or_else(|| Problem::internal("request without a view"))
    }
}

impl Asked {
    /// The codes of the units that a record touches, as a JSON list; `None` where no layer has any.
    pub fn admin(&self, row: &Row) -> Option<Arc<str>> {
        self.units.of(&self.layers, &self.view, row)
    }

    /// The reference layer of that name.
    pub fn layer(&self, name: &str) -> Result<Option<&Arc<Layer>>, Problem> {
        self.layers.get(name).map_err(|why| Problem::internal(&why))
    }

    /// The members of an answer that say that it is about the past.
    pub fn known_at(&self) -> Option<serde_json::Value> {
        let (revision, at) = (self.view.revision(), self.view.recorded_at());
        let recorded_at = at.map(|at| at.to_string());
        self.view.is_past().then(|| serde_json::json!({"revision": revision, "recorded_at": recorded_at}))
    }
}

fn base_of(request: &Request) -> String {
    let host = request.headers().get(header::HOST).and_then(|host| host.to_str().ok());
    let plain = |host: &&str| host.chars().all(|c| c.is_ascii_alphanumeric() || ".:-[]".contains(c));
    let is_encrypted = request.extensions().get::<Peer>().is_some_and(|peer| peer.is_encrypted);
    let scheme = if is_encrypted { "https" } else { "http" };
    format!("{scheme}://{}", host.filter(plain).unwrap_or("localhost"))
}
