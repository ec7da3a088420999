//! What the audit trail is told of every request: what was refused for want of a right, and what was written.

use accounts::{Action, By, Entry};
use axum::extract::Request;
use axum::http::{Method, StatusCode, header};
use axum::response::Response;
use jiff::Timestamp;

use crate::App;
use crate::asks::only_asks;
use crate::caller::{NOT_ALLOWED, SIGN_IN_NEEDED, TOKEN_REFUSED};
use crate::problem::Named;

/// What a request is, kept until it is answered.
pub(crate) struct Asked {
    method: Method,
    path: String,
    is_dry_run: bool,
}

impl Asked {
    pub fn of(request: &Request) -> Self {
        let is_dry_run = request.uri().query().is_some_and(|query| query.contains("dry-run=true"));
        Self { method: request.method().clone(), path: request.uri().path().to_owned(), is_dry_run }
    }

    /// What it does to records, where it does something.
    fn action(&self) -> Option<Action> {
        let parts: Vec<_> = self.path.split('/').skip(1).collect();
        match parts[..] {
            _ if self.is_dry_run || only_asks(&self.method, &self.path) => None,
            ["proposals", _, "approval"] => Some(Action::Approval),
            ["proposals", _, "rejection"] => Some(Action::Rejection),
            ["records" | "proposals", ..] => Some(Action::Write),
            _ => None,
        }
    }
}

/// Notes what came of a request. It has been carried out or refused by now: where the trail has no room, that is said
/// to the operator. The register's own log has what was written in any case.
pub(crate) fn note(app: &App, asked: &Asked, by: &By<'_>, response: &Response) {
    let Some((accounts, entry)) = app.accounts.as_ref().zip(entry(asked, response)) else { return };
    // Whoever has not signed in could fill the trail by being refused: once a minute is told of each address and reason.
    if by.account.is_none() && !app.looked.is_new(by.address, &entry.detail) {
        return;
    }
    if accounts.note_later(entry.by(by), Timestamp::now()).is_err() {
        tracing::error!(path = asked.path, "the audit trail cannot be written");
    }
}

fn entry(asked: &Asked, response: &Response) -> Option<Entry> {
    if let Some(Named { kind: kind @ (SIGN_IN_NEEDED | NOT_ALLOWED | TOKEN_REFUSED) }) =
        response.extensions().get()
    {
        return Some(Entry::refused(Action::Refused, &format!("{} {}", asked.method, asked.path), kind));
    }
    let action = asked.action().filter(|_| response.status().is_success())?;
    let made = response.headers().get(header::LOCATION).filter(|_| response.status() == StatusCode::CREATED);
    let object = made.and_then(|at| at.to_str().ok()).unwrap_or(&asked.path);
    Some(Entry::done(action, object, asked.method.as_str()))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_written_and_decided_is_told_apart_from_what_is_tried() {
        let action = |method: Method, uri: &str| {
            let request = Request::builder().method(method).uri(uri).body(axum::body::Body::empty());
            Asked::of(&request.expect("a request")).action()
        };
        assert_eq!(action(Method::POST, "/proposals/7/approval"), Some(Action::Approval));
        assert_eq!(action(Method::POST, "/proposals/7/rejection"), Some(Action::Rejection));
        assert_eq!(action(Method::DELETE, "/records/surveys/1?reason=x"), Some(Action::Write));
        assert_eq!(action(Method::POST, "/records/surveys?dry-run=true"), None);
        assert_eq!(action(Method::GET, "/records/surveys/1/history"), None);
        assert_eq!(action(Method::POST, "/query/traverse"), None);
    }
}
