//! Who asks, decided in one place before the question is asked.

use std::net::{IpAddr, Ipv4Addr};
use std::sync::Arc;

use access::{Caller, Right, Role};
use accounts::{Account, Accounts, Action, By, Credential, Entry, Mode, Recognised, Refused, Session};
use axum::extract::{FromRequestParts, Request, State};
use axum::http::request::Parts;
use axum::http::{Extensions, HeaderMap, HeaderValue, Method, StatusCode, header};
use axum::middleware::Next;
use axum::response::{IntoResponse, Response};
use base64::Engine;
use jiff::Timestamp;
use serde_json::json;

use crate::App;
use crate::account::cookie;
use crate::peer::Peer;
use crate::problem::Problem;
use crate::site::{refuse_other_hosts, refuse_other_sites};
use crate::trail::{self, Asked};

pub(crate) const SIGN_IN_NEEDED: &str = "sign-in-needed";
pub(crate) const NOT_ALLOWED: &str = "not-allowed";
pub(crate) const TOKEN_REFUSED: &str = "token-refused";

/// Who asks, and from where.
#[derive(Debug, Clone)]
pub(crate) struct Asking {
    pub caller: Caller,
    pub account: Option<Arc<Account>>,
    pub session: Option<Session>,
    pub address: IpAddr,
    /// Browser or program, as it names itself.
    pub agent: String,
    address_text: String,
    shown: Shown,
    /// Whether a session's cookie was shown that is not good any more.
    pub has_ended: bool,
}

impl Asking {
    pub fn new(recognised: Recognised, address: IpAddr, agent: &str) -> Self {
        let Recognised { caller, account, session, .. } = recognised;
        let (agent, address_text) = (agent.to_owned(), address.to_string());
        let shown = Shown::Nothing;
        Self { caller, account, session, address, agent, address_text, shown, has_ended: false }
    }

    /// Who it is by now: for answers that go on, such as streams. An account that is disabled meanwhile gets no more.
    ///
    /// # Errors
    /// What was shown is not good any more, or the store failed.
    pub async fn again(&self, app: &App) -> Result<Caller, Problem> {
        let Some(accounts) = &app.accounts else { return Ok(Caller::workstation()) };
        match recognised(accounts, &self.shown).await? {
            Ok(recognised) => Ok(recognised.caller),
            Err(Refused::SessionEnded) => Err(sign_in_needed("the session has ended: sign in again")),
            Err(Refused::Token) => Err(token_refused()),
            Err(Refused::Failed(error)) => Err(crate::account::problem(error)),
        }
    }

    /// The same for the audit trail.
    pub fn by(&self) -> By<'_> {
        By { account: self.caller.account(), name: self.caller.name(), address: &self.address_text }
    }

    /// Notes what is read or done; without that it must not be answered.
    ///
    /// # Errors
    /// The trail cannot take it.
    pub fn note(&self, app: &App, action: Action, object: &str, detail: &str) -> Result<(), Problem> {
        let Some(accounts) = &app.accounts else { return Ok(()) };
        let entry = Entry::done(action, object, detail).by(&self.by());
        accounts.note_later(entry, Timestamp::now()).map_err(crate::account::problem)
    }
}

impl<S: Sync> FromRequestParts<S> for Asking {
    type Rejection = Problem;

    async fn from_request_parts(parts: &mut Parts, _state: &S) -> Result<Self, Problem> {
        let asking = parts.extensions.get::<Self>().cloned();
        asking.ok_or_else(|| Problem::internal("request of nobody"))
    }
}

/// Whether a caller has a right for some record.
///
/// # Errors
/// 401 `sign-in-needed` for whoever has not signed in, 403 `not-allowed` for whoever has.
pub(crate) fn allowed(caller: &Caller, right: Right) -> Result<(), Problem> {
    if caller.may_somewhere(right) { Ok(()) } else { Err(refused(caller, right)) }
}

/// Why a caller may not do it: signing in may help, or not.
pub(crate) fn refused(caller: &Caller, right: Right) -> Problem {
    let roles: Vec<_> =
        Role::ALL.into_iter().filter(|role| role.allows(right)).map(|role| role.code()).collect();
    let (code, who) = (right.code(), roles.join(", "));
    let problem = match caller.account() {
        None => sign_in_needed(format!("the right {code:?} is needed: sign in; {who} have it")),
        Some(_) => {
            let detail =
                format!("the right {code:?} is needed; {who} have it, where no second factor is missing");
            Problem::forbidden(NOT_ALLOWED, detail)
        }
    };
    problem.with("right", json!(code)).with("roles", json!(roles))
}

/// Somebody who must sign in first.
pub(crate) fn sign_in_needed(detail: impl Into<String>) -> Problem {
    Problem::of(StatusCode::UNAUTHORIZED, SIGN_IN_NEEDED, "Sign in first", detail)
}

/// Puts [`Asking`] and the [`Caller`] into the request, and notes what came of it.
pub(crate) async fn recognise(State(app): State<App>, mut request: Request, next: Next) -> Response {
    let address = address_of(request.extensions());
    let asked = Asked::of(&request);
    let asking =
        match asking(&app, (request.method(), request.uri().path()), request.headers(), address).await {
            Ok(asking) => asking,
            Err(problem) => {
                let response = problem.into_response();
                trail::note(
                    &app,
                    &asked,
                    &By { account: None, name: "public", address: &address.to_string() },
                    &response,
                );
                return response;
            }
        };
    request.extensions_mut().insert(asking.caller.clone());
    request.extensions_mut().insert(asking.clone());
    let response = next.run(request).await;
    trail::note(&app, &asked, &asking.by(), &response);
    response
}

/// Refuses whoever shows a session that has ended: he believes to see what he saw before.
pub(crate) async fn refuse_ended(request: Request, next: Next) -> Response {
    if request.extensions().get::<Asking>().is_some_and(|asking| asking.has_ended) {
        let mut refused = sign_in_needed("the session has ended: sign in again").into_response();
        cookie::forget(refused.headers_mut());
        return refused;
    }
    next.run(request).await
}

async fn asking(
    app: &App,
    asked: (&Method, &str),
    headers: &HeaderMap,
    address: IpAddr,
) -> Result<Asking, Problem> {
    let agent = headers.get(header::USER_AGENT).and_then(|agent| agent.to_str().ok()).unwrap_or("");
    let Some(accounts) = app.accounts.clone() else {
        refuse_other_hosts(headers)?;
        let caller = Caller::workstation();
        let nobody = Recognised { caller, account: None, session: None, token: None };
        return Ok(Asking::new(nobody, address, agent));
    };
    if accounts.mode().map_err(crate::account::problem)? == Mode::Workstation {
        refuse_other_hosts(headers)?;
    }
    let shown = shown(headers)?;
    refuse_other_sites(asked, headers, matches!(shown, Shown::Cookie(_)))?;
    match recognised(&accounts, &shown).await? {
        Ok(recognised) => Ok(Asking { shown, ..Asking::new(recognised, address, agent) }),
        Err(Refused::SessionEnded) => {
            let nobody = accounts.caller(Credential::None, Timestamp::now());
            let nobody = nobody.map_err(|error| Problem::internal(&error.to_string()))?;
            Ok(Asking { has_ended: true, ..Asking::new(nobody, address, agent) })
        }
        Err(Refused::Token) => Err(token_refused()),
        Err(Refused::Failed(error)) => Err(crate::account::problem(error)),
    }
}

/// Who shows this. The store may be waiting for the disk: other requests go on meanwhile.
async fn recognised(accounts: &Arc<Accounts>, shown: &Shown) -> Result<Result<Recognised, Refused>, Problem> {
    let (accounts, shown, now) = (Arc::clone(accounts), shown.clone(), Timestamp::now());
    match shown {
        Shown::Nothing => Ok(accounts.caller(Credential::None, now)),
        Shown::Cookie(text) => blocking(move || accounts.caller(Credential::Session(&text), now)).await,
        Shown::Token(text) => blocking(move || accounts.caller(Credential::Token(&text), now)).await,
    }
}

async fn blocking<T: Send + 'static>(work: impl FnOnce() -> T + Send + 'static) -> Result<T, Problem> {
    tokio::task::spawn_blocking(work).await.map_err(|error| Problem::internal(&error.to_string()))
}

/// What a request shows of who sends it.
#[derive(Clone)]
enum Shown {
    Nothing,
    Cookie(String),
    Token(String),
}

impl std::fmt::Debug for Shown {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("Shown")
    }
}

fn shown(headers: &HeaderMap) -> Result<Shown, Problem> {
    if let Some(authorization) = headers.get(header::AUTHORIZATION) {
        return token_of(authorization).map(Shown::Token).ok_or_else(token_refused);
    }
    Ok(cookie::session(headers).map_or(Shown::Nothing, |text| Shown::Cookie(text.to_owned())))
}

/// The token of `Bearer TOKEN`, or of HTTP Basic with the token as the password, for programs that know no other.
fn token_of(authorization: &HeaderValue) -> Option<String> {
    let (scheme, rest) = authorization.to_str().ok()?.split_once(' ')?;
    let rest = rest.trim();
    if scheme.eq_ignore_ascii_case("bearer") {
        return Some(rest.to_owned());
    }
    if !scheme.eq_ignore_ascii_case("basic") {
        return None;
    }
    let decoded = base64::engine::general_purpose::STANDARD.decode(rest).ok()?;
    let (_user, password) = std::str::from_utf8(&decoded).ok()?.split_once(':')?;
    Some(password.to_owned())
}

fn token_refused() -> Problem {
    let detail = "the token is mistyped, ended, expired, or its account is disabled";
    Problem::of(StatusCode::UNAUTHORIZED, TOKEN_REFUSED, "Token refused", detail).with_header(
        header::WWW_AUTHENTICATE,
        HeaderValue::from_static("Bearer realm=\"minemap\", Basic realm=\"minemap\""),
    )
}

/// Where the request comes from.
fn address_of(extensions: &Extensions) -> IpAddr {
    extensions.get::<Peer>().map_or(IpAddr::V4(Ipv4Addr::UNSPECIFIED), |peer| peer.client)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_token_is_read_from_bearer_and_from_the_password_of_basic() {
        let token = |text: &str| token_of(&HeaderValue::from_str(text).expect("a header"));
        assert_eq!(token("Bearer minemap_x").as_deref(), Some("minemap_x"));
        assert_eq!(token("basic Z2lzOm1pbmVtYXBfeA==").as_deref(), Some("minemap_x"));
        assert_eq!(token("Digest x"), None);
        assert_eq!(token("Basic !"), None);
    }
}
