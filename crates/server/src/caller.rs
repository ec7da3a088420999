//! Who asks, decided in one place before the question is asked.

use access::{Caller, Right};
use axum::http::{HeaderMap, Method};
use axum::http::StatusCode;
use serde_json::json;

use crate::App;
use crate::problem::Problem;

/// Who a request is from.
///
/// # Errors
/// What it shows of itself is not good: it is never taken for somebody else, nor for the public.
pub(crate) fn of(_app: &App, _method: &Method, _headers: &HeaderMap) -> Result<Caller, Problem> {
    Ok(Caller::workstation())
}

/// Refuses whoever has a right for no record at all.
pub(crate) fn allowed(caller: &Caller, right: Right) -> Result<(), Problem> {
    if caller.may_somewhere(right) { Ok(()) } else { Err(refused(caller, right)) }
}

/// Why a caller may not do it: signing in may help, or not.
pub(crate) fn refused(caller: &Caller, right: Right) -> Problem {
    let code = right.code();
    let roles: Vec<_> =
        access::Role::ALL.into_iter().filter(|role| role.allows(right)).map(access::Role::code).collect();
    let detail = format!("this needs the right {code}; roles that have it: {}", roles.join(", "));
    let problem = match caller.account() {
        None => Problem::of(StatusCode::UNAUTHORIZED, "sign-in-needed", "Sign in first", detail),
        Some(_) => Problem::forbidden("not-allowed", detail),
    };
    problem.with("right", json!(code)).with("roles", json!(roles))
}
