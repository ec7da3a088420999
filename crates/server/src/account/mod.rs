//! Accounts over HTTP: signing in, one's own account, administration, the audit trail.

pub(crate) mod cookie;

mod administration;
mod audit;
mod issuers;
mod own;
mod provider;
mod session;
mod setup;
mod tokens;

use accounts::{Accounts, AccountsError, Session};
use axum::Router;
use axum::extract::{DefaultBodyLimit, FromRequestParts};
use axum::http::request::Parts;
use axum::http::{HeaderValue, StatusCode, header};
use axum::middleware;
use axum::response::Response;
use axum::routing::{delete, get, patch, post};

pub(crate) use issuers::Issuers;
pub use provider::{GroupGrant, Issuer};

use crate::App;
use crate::caller::{Asking, sign_in_needed};
use crate::problem::Problem;

/// Largest body, in bytes: an account with its grants.
const BODY_BYTES_MAX: usize = 64 * 1024;

/// Every route about accounts. What they answer is for nobody's cache.
pub(crate) fn routes() -> Router<App> {
    Router::new()
        .route("/session", get(session::session).post(session::sign_in).delete(session::sign_out))
        .route("/session/oidc/{issuer}", get(issuers::leave))
        .route("/session/oidc/{issuer}/return", get(issuers::come_back))
        .route("/account/setup", post(setup::set_up))
        .route("/account/password", post(own::change_password))
        .route(
            "/account/second-factor",
            post(own::begin_second_factor).put(own::confirm_second_factor).delete(own::remove_second_factor),
        )
        .route("/account/sessions", get(own::sessions))
        .route("/account/sessions/{id}", delete(own::end_session))
        .route("/account/tokens", get(tokens::tokens).post(tokens::make))
        .route("/account/tokens/{id}", delete(tokens::end))
        .route("/accounts", get(administration::list).post(administration::make))
        .route("/accounts/{id}", patch(administration::change))
        .route("/accounts/{id}/password", post(administration::reset_password))
        .route("/accounts/{id}/second-factor/reset", post(administration::reset_second_factor))
        .route("/audit", get(audit::audit))
        .layer(DefaultBodyLimit::max(BODY_BYTES_MAX))
        .layer(middleware::map_response(not_stored))
}

async fn not_stored(mut response: Response) -> Response {
    response.headers_mut().insert(header::CACHE_CONTROL, HeaderValue::from_static("no-store"));
    response
}

/// Somebody who has signed in himself, not by a token.
pub(crate) struct InSession {
    pub asking: Asking,
    pub session: Session,
}

impl<S: Sync> FromRequestParts<S> for InSession {
    type Rejection = Problem;

    async fn from_request_parts(parts: &mut Parts, state: &S) -> Result<Self, Problem> {
        let asking = Asking::from_request_parts(parts, state).await?;
        match (asking.session.clone(), asking.caller.account()) {
            (Some(session), _) => Ok(Self { asking, session }),
            (None, Some(_)) => Err(Problem::forbidden("not-allowed", "a token may not do this: sign in")),
            (None, None) => Err(sign_in_needed("sign in first")),
        }
    }
}

/// Works on the accounts where waiting for the disk or for a hash keeps nobody up.
pub(crate) async fn with_accounts<T: Send + 'static>(
    app: &App,
    work: impl FnOnce(&Accounts) -> Result<T, AccountsError> + Send + 'static,
) -> Result<T, Problem> {
    let missing = || Problem::not_found("this register is served without accounts");
    let accounts = app.accounts.clone().ok_or_else(missing)?;
    let done = tokio::task::spawn_blocking(move || work(&accounts)).await;
    done.map_err(|error| Problem::internal(&error.to_string()))?.map_err(problem)
}

/// Why something about accounts was refused or failed, as a problem.
pub(crate) fn problem(error: AccountsError) -> Problem {
    use AccountsError as E;
    use StatusCode as S;
    let detail = error.to_string();
    match error {
        E::BadValue(_) => Problem::of(S::UNPROCESSABLE_ENTITY, "invalid-value", "Invalid value", detail),
        E::BadPassword(_) => {
            Problem::of(S::UNPROCESSABLE_ENTITY, "password-refused", "Password not accepted", detail)
        }
        E::NoAccount(_) | E::NotThere(_) => Problem::not_found(detail),
        E::AccountExists(_) => Problem::of(S::CONFLICT, "account-exists", "Account exists", detail),
        E::LastAdministrator(_) => {
            Problem::of(S::CONFLICT, "last-administrator", "The last administrator", detail)
        }
        E::SignInFailed => Problem::of(S::UNAUTHORIZED, "sign-in-failed", "Not signed in", detail),
        E::SecondFactorNeeded => {
            Problem::of(S::UNAUTHORIZED, "second-factor-needed", "Second factor needed", detail)
        }
        E::SecondFactorFailed => {
            Problem::of(S::UNAUTHORIZED, "second-factor-failed", "Second factor not right", detail)
        }
        E::SecondFactorState(_) => Problem::of(S::CONFLICT, "second-factor-state", "Second factor", detail),
        E::TooManyTries { retry_after_s } => {
            Problem::of(S::TOO_MANY_REQUESTS, "too-many-tries", "Too many tries", detail)
                .with_header(header::RETRY_AFTER, retry_after_s.into())
        }
        E::Busy => Problem::of(S::SERVICE_UNAVAILABLE, "busy", "Busy", detail)
            .with_header(header::RETRY_AFTER, HeaderValue::from_static("2")),
        E::SetupRefused => Problem::forbidden("setup-refused", detail),
        E::SetupDone => Problem::of(S::CONFLICT, "setup-done", "There is an administrator", detail),
        E::AuditStopped => {
            tracing::error!("the audit trail cannot be written: what it should note is refused");
            let shown = "what is asked for must be noted, and the audit trail cannot be written now";
            Problem::of(S::SERVICE_UNAVAILABLE, "audit-stopped", "Audit trail stopped", shown)
        }
        E::NotOurs { .. }
        | E::NewerFormat { .. }
        | E::ReadableByOthers { .. }
        | E::Damaged(_)
        | E::File { .. }
        | E::Random(_)
        | E::Hash(_)
        | E::Database(_) => Problem::internal(&detail),
    }
}
