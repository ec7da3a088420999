//! Every refusal and failure as `application/problem+json` (RFC 9457), in one table.

use std::any::Any;

use axum::http::{StatusCode, header};
use axum::response::{IntoResponse, Response};
use serde_json::{Value, json};

/// What went wrong, for the caller to read.
#[derive(Debug)]
pub(crate) struct Problem {
    status: StatusCode,
    kind: &'static str,
    title: &'static str,
    detail: String,
    more: Vec<(&'static str, Value)>,
}

impl Problem {
    fn new(status: StatusCode, kind: &'static str, title: &'static str, detail: impl Into<String>) -> Self {
        Self { status, kind, title, detail: detail.into(), more: Vec::new() }
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
        (self.status, [(header::CONTENT_TYPE, "application/problem+json")], body.to_string()).into_response()
    }
}

/// A panic is a failure like any other: never an empty answer.
pub(crate) fn panicked(cause: Box<dyn Any + Send + 'static>) -> Response {
    let text = cause.downcast_ref::<String>().map(String::as_str);
    let text = text.or_else(|| cause.downcast_ref::<&str>().copied()).unwrap_or("panic");
    Problem::internal(text).into_response()
}
