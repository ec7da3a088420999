//! Every refusal and failure as `application/problem+json` (RFC 9457), in one table.

use std::any::Any;
use std::time::Duration;

use axum::http::{HeaderName, HeaderValue, StatusCode, header};
use axum::response::{IntoResponse, Response};
use model::Finding;
use serde_json::{Value, json};

use crate::limits::{Limits, Rate};

/// What went wrong, for the caller to read.
#[derive(Debug)]
pub(crate) struct Problem {
    status: StatusCode,
    kind: &'static str,
    title: &'static str,
    detail: String,
    more: Vec<(&'static str, Value)>,
    headers: Vec<(HeaderName, HeaderValue)>,
}

/// Which problem an answer is, for what stands between it and the caller.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Named {
    pub kind: &'static str,
}

impl Problem {
    fn new(status: StatusCode, kind: &'static str, title: &'static str, detail: impl Into<String>) -> Self {
        let (more, headers) = (Vec::new(), Vec::new());
        Self { status, kind, title, detail: detail.into(), more, headers }
    }

    /// A parameter whose value cannot be used; `allowed` says what can.
    pub fn bad_parameter(name: &str, value: &str, allowed: impl Into<String>) -> Self {
        let allowed = allowed.into();
        let detail = format!("parameter {name}: {value:?} cannot be used; allowed: {allowed}");
        let mut problem =
            Self::new(StatusCode::BAD_REQUEST, "invalid-parameter", "Invalid parameter value", detail);
        problem.more = vec![("parameter", json!(name)), ("value", json!(value)), ("allowed", json!(allowed))];
        problem
    }

    /// A parameter that this resource does not know.
    pub fn unknown_parameter(name: &str, value: &str, allowed: &[&str]) -> Self {
        let known = if allowed.is_empty() { "none".to_owned() } else { allowed.join(", ") };
        let detail = format!("parameter {name} is not known here; known: {known}");
        let mut problem =
            Self::new(StatusCode::BAD_REQUEST, "unknown-parameter", "Unknown parameter", detail);
        problem.more = vec![("parameter", json!(name)), ("value", json!(value)), ("allowed", json!(known))];
        problem
    }

    /// A parameter that is needed and missing.
    pub fn missing_parameter(name: &str, allowed: &str) -> Self {
        let detail = format!("parameter {name} is needed: {allowed}");
        let mut problem =
            Self::new(StatusCode::BAD_REQUEST, "missing-parameter", "Missing parameter", detail);
        problem.more = vec![("parameter", json!(name)), ("allowed", json!(allowed))];
        problem
    }

    /// A problem of any kind.
    pub fn of(
        status: StatusCode,
        kind: &'static str,
        title: &'static str,
        detail: impl Into<String>,
    ) -> Self {
        Self::new(status, kind, title, detail)
    }

    /// The same with a further member.
    pub fn with(mut self, name: &'static str, value: Value) -> Self {
        self.more.push((name, value));
        self
    }

    /// The same with a remark on what it is about.
    pub fn about(mut self, what: &str) -> Self {
        self.detail = format!("{}; {what}", self.detail);
        self
    }

    /// The same with a header of the answer.
    pub fn with_header(mut self, name: HeaderName, value: HeaderValue) -> Self {
        self.headers.push((name, value));
        self
    }

    /// A header whose value cannot be used.
    pub fn bad_header(name: &str, value: &str, allowed: &str) -> Self {
        let detail = format!("header {name}: {value:?} cannot be used; allowed: {allowed}");
        Self::new(StatusCode::BAD_REQUEST, "invalid-header", "Invalid header value", detail)
            .with("header", json!(name))
            .with("value", json!(value))
            .with("allowed", json!(allowed))
    }

    /// A body that cannot be read.
    pub fn bad_body(why: &str) -> Self {
        Self::new(StatusCode::BAD_REQUEST, "invalid-body", "The body cannot be read", why)
    }

    /// A body beyond the limit of that name.
    pub fn too_large((name, bytes_max): (&str, u64)) -> Self {
        let detail = format!("at most {bytes_max} bytes ({name}) are read");
        Self::new(StatusCode::PAYLOAD_TOO_LARGE, "body-too-large", "Body too large", detail)
            .with("limit", json!(name))
    }

    /// A body nested deeper than any reader follows.
    pub fn too_deep(nesting_max: usize) -> Self {
        let detail = format!("brackets are nested more than {nesting_max} deep (limits.nesting)");
        Self::bad_body(&detail).with("limit", json!("limits.nesting"))
    }

    /// A body that keeps us waiting.
    pub fn too_slow(limits: &Limits) -> Self {
        let (seconds, bytes) = (limits.stall_seconds, limits.bytes_per_second_min);
        let detail = format!(
            "the body did not come in time: it may pause for {seconds} s (limits.stall_seconds), and each {bytes} bytes \
             (limits.bytes_per_second_min) win a second"
        );
        Self::new(StatusCode::REQUEST_TIMEOUT, "body-too-slow", "Body too slow", detail)
            .with("limit", json!("limits.stall_seconds"))
    }

    /// A caller who asks for more than its rate.
    pub fn too_often(name: &'static str, rate: Rate, wait: Duration) -> Self {
        let detail = format!(
            "more requests of this kind than {} in a second after {} at once ({name})",
            rate.per_second, rate.burst
        );
        Self::new(StatusCode::TOO_MANY_REQUESTS, "too-many-requests", "Too many requests", detail)
            .with("limit", json!(name))
            .retry_after(wait.as_secs() + 1)
    }

    /// A question whose answer takes longer than anybody should wait. It has no answer: not an empty one either.
    pub fn took_too_long(seconds: u64) -> Self {
        let detail = format!(
            "working out the answer took more than {seconds} s (limits.request_seconds); there is no answer. \
             Ask for less at once, or later"
        );
        Self::new(StatusCode::SERVICE_UNAVAILABLE, "took-too-long", "Took too long", detail)
            .with("limit", json!("limits.request_seconds"))
            .retry_after(seconds)
    }

    /// Something of which enough is under way already.
    pub fn busy(name: &'static str, most: usize) -> Self {
        let detail = format!("{most} are under way already ({name})");
        Self::new(StatusCode::SERVICE_UNAVAILABLE, "busy", "Busy", detail)
            .with("limit", json!(name))
            .retry_after(5)
    }

    /// The same, saying when to come back.
    pub fn retry_after(self, seconds: u64) -> Self {
        self.with_header(header::RETRY_AFTER, seconds.into())
    }

    /// A change that does not say which version it is of.
    pub fn precondition_required() -> Self {
        let detail = "If-Match is needed: \"<revision>\" of the version you have seen";
        Self::new(StatusCode::PRECONDITION_REQUIRED, "if-match-needed", "If-Match is needed", detail)
    }

    /// Somebody who may not do it.
    pub fn forbidden(kind: &'static str, detail: impl Into<String>) -> Self {
        Self::new(StatusCode::FORBIDDEN, kind, "Not allowed", detail)
    }

    /// The register cannot write. Nothing was written.
    pub fn unavailable(detail: &str) -> Self {
        tracing::error!(detail, "the register did not write");
        let shown = "the register cannot write now; nothing was written";
        Self::new(StatusCode::SERVICE_UNAVAILABLE, "cannot-write", "Cannot write", shown)
    }

    /// A record that cannot be accepted: everything found about it, and what of it must be put right.
    pub fn record_refused(findings: &[Finding], refuses: impl Fn(&Finding) -> bool) -> Self {
        let number = findings.iter().filter(|finding| refuses(finding)).count();
        let detail =
            format!("{number} of {} findings must be put right; nothing was written", findings.len());
        let described = |finding: &Finding| {
            let mut value = json!(finding);
            value["refuses"] = json!(refuses(finding));
            value["remedy"] = json!(model::remedy(&finding.rule));
            value
        };
        let findings: Vec<_> = findings.iter().map(described).collect();
        Self::new(StatusCode::UNPROCESSABLE_ENTITY, "record-refused", "The record cannot be accepted", detail)
            .with("findings", json!(findings))
    }

    /// Nothing stands at this address.
    pub fn not_found(detail: impl Into<String>) -> Self {
        Self::new(StatusCode::NOT_FOUND, "not-found", "Not found", detail)
    }

    /// The machine failed. The detail goes to the log, not to the caller.
    pub fn internal(detail: &str) -> Self {
        tracing::error!(detail, "request failed");
        let shown = "the server failed; its log says more. This is not an answer about the ground.";
        Self::new(StatusCode::INTERNAL_SERVER_ERROR, "internal-error", "Internal error", shown)
    }
}

impl IntoResponse for Problem {
    fn into_response(self) -> Response {
        let mut body = json!({
            "type": format!("urn:minemap:problem:{}", self.kind),
            "title": self.title,
            "status": self.status.as_u16(),
            "detail": self.detail,
        });
        for (name, value) in self.more {
            body[name] = value;
        }
        let content = [(header::CONTENT_TYPE, "application/problem+json")];
        let mut response = (self.status, content, body.to_string()).into_response();
        response.headers_mut().extend(self.headers);
        response.extensions_mut().insert(Named { kind: self.kind });
        response
    }
}

/// A panic is a failure like any other: never an empty answer.
pub(crate) fn panicked(cause: Box<dyn Any + Send + 'static>) -> Response {
    let text = cause.downcast_ref::<String>().map(String::as_str);
    let text = text.or_else(|| cause.downcast_ref::<&str>().copied()).unwrap_or("panic");
    Problem::internal(text).into_response()
}
