//! Who asks, decided in one place before the question is asked.

use std::net::{IpAddr, Ipv4Addr};
use std::sync::Arc;

use access::{Caller, Right, Role};
use accounts::{Account, Action, By, Credential, Entry, Mode, Recognised, Refused, Session};
use axum::extract::{FromRequestParts, Request, State};
use axum::http::request::Parts;
use axum::http::{Extensions, HeaderMap, HeaderName, HeaderValue, Method, StatusCode, header};
use axum::middleware::Next;
use axum::response::{IntoResponse, Response};
use base64::Engine;
use jiff::Timestamp;
use serde_json::json;

use crate::App;
use crate::account::cookie;
use crate::peer::Peer;
use crate::problem::{Named, Problem};

/// A page of another site cannot send this header with the cookie: browsers ask the server first, and it says no.
const OWN_PAGE: HeaderName = HeaderName::from_static("minemap-request");
const SIGN_IN_NEEDED: &str = "sign-in-needed";
const NOT_ALLOWED: &str = "not-allowed";

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
    /// Whether a session's cookie was shown that is not good any more.
    pub has_ended: bool,
}

impl Asking {
    pub fn new(recognised: Recognised, address: IpAddr, agent: &str) -> Self {
        let Recognised { caller, account, session, .. } = recognised;
        let (agent, address_text) = (agent.to_owned(), address.to_string());
        Self { caller, account, session, address, agent, address_text, has_ended: false }
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

/// Puts [`Asking`] and the [`Caller`] into the request; notes what was refused for want of a right.
pub(crate) async fn recognise(State(app): State<App>, mut request: Request, next: Next) -> Response {
    let address = address_of(request.extensions());
    let asking = match asking(&app, request.method(), request.headers(), address).await {
        Ok(asking) => asking,
        Err(problem) => return problem.into_response(),
    };
    let what = format!("{} {}", request.method(), request.uri().path());
    request.extensions_mut().insert(asking.caller.clone());
    request.extensions_mut().insert(asking.clone());
    let response = next.run(request).await;
    if let Some(Named { kind: kind @ (SIGN_IN_NEEDED | NOT_ALLOWED) }) = response.extensions().get() {
        let entry = Entry::refused(Action::Refused, &what, kind).by(&asking.by());
        // What is refused is refused, whether or not the trail has room.
        let _ = app.accounts.as_ref().map(|accounts| accounts.note_later(entry, Timestamp::now()));
    }
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

/// What a stream asks again while it goes on: whether its caller is still who it was, and may what it might.
pub(crate) async fn still(app: &App, headers: &HeaderMap) -> Option<Caller> {
    let asking = asking(app, &Method::GET, headers, IpAddr::V4(Ipv4Addr::UNSPECIFIED)).await.ok()?;
    (!asking.has_ended).then_some(asking.caller)
}

async fn asking(app: &App, method: &Method, headers: &HeaderMap, address: IpAddr) -> Result<Asking, Problem> {
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
    refuse_other_sites(method, headers, matches!(shown, Shown::Cookie(_)))?;
    let now = Timestamp::now();
    let recognised = match shown {
        Shown::Nothing => accounts.caller(Credential::None, now),
        // The store may be waiting for the disk: other requests go on meanwhile.
        Shown::Cookie(text) => {
            let accounts = Arc::clone(&accounts);
            blocking(move || accounts.caller(Credential::Session(&text), now)).await?
        }
        Shown::Token(text) => {
            let accounts = Arc::clone(&accounts);
            blocking(move || accounts.caller(Credential::Token(&text), now)).await?
        }
    };
    match recognised {
        Ok(recognised) => Ok(Asking::new(recognised, address, agent)),
        Err(Refused::SessionEnded) => {
            let nobody = accounts.caller(Credential::None, now);
            let nobody = nobody.map_err(|error| Problem::internal(&error.to_string()))?;
            Ok(Asking { has_ended: true, ..Asking::new(nobody, address, agent) })
        }
        Err(Refused::Token) => Err(token_refused()),
        Err(Refused::Failed(error)) => Err(crate::account::problem(error)),
    }
}

async fn blocking<T: Send + 'static>(work: impl FnOnce() -> T + Send + 'static) -> Result<T, Problem> {
    tokio::task::spawn_blocking(work).await.map_err(|error| Problem::internal(&error.to_string()))
}

/// What a request shows of who sends it.
enum Shown {
    Nothing,
    Cookie(String),
    Token(String),
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
    Problem::of(StatusCode::UNAUTHORIZED, "token-refused", "Token refused", detail).with_header(
        header::WWW_AUTHENTICATE,
        HeaderValue::from_static("Bearer realm=\"minemap\", Basic realm=\"minemap\""),
    )
}

/// A page of another site, opened in somebody's browser, could write here with his cookie, or with a token that the
/// browser keeps as a password: browsers say where it is from, and let no other site send our header.
fn refuse_other_sites(method: &Method, headers: &HeaderMap, has_cookie: bool) -> Result<(), Problem> {
    if matches!(*method, Method::GET | Method::HEAD | Method::OPTIONS) {
        return Ok(());
    }
    let host = headers.get(header::HOST).map(HeaderValue::as_bytes);
    let is_own = |origin: &HeaderValue| {
        let own =
            origin.to_str().ok().and_then(|origin| origin.split_once("://")).map(|(_, own)| own.as_bytes());
        own.is_some() && own == host
    };
    if headers.get(header::ORIGIN).is_some_and(|origin| !is_own(origin)) {
        let detail = "the page that asks is not this server's own; programs send no Origin header";
        return Err(Problem::forbidden("another-site", detail));
    }
    if has_cookie && !headers.contains_key(OWN_PAGE) {
        let detail =
            "a request that changes something and comes with the cookie needs the header Minemap-Request: 1";
        return Err(Problem::forbidden("another-site", detail));
    }
    Ok(())
}

/// A register without accounts answers this machine only: a name of another site that was made to point here (DNS
/// rebinding) is told by the `Host` header.
fn refuse_other_hosts(headers: &HeaderMap) -> Result<(), Problem> {
    let host = headers.get(header::HOST).and_then(|host| host.to_str().ok()).unwrap_or("");
    if is_loopback(host) {
        return Ok(());
    }
    let detail = "this register has no accounts yet: it answers under localhost, 127.0.0.1 and [::1] only";
    Err(Problem::of(StatusCode::MISDIRECTED_REQUEST, "wrong-host", "Wrong host", detail))
}

fn is_loopback(host: &str) -> bool {
    let bare = match host.rsplit_once(':') {
        Some((bare, port)) if port.bytes().all(|byte| byte.is_ascii_digit()) => bare,
        Some(_) | None => host,
    };
    let address = bare.trim_start_matches('[').trim_end_matches(']').parse::<IpAddr>();
    bare.eq_ignore_ascii_case("localhost") || address.is_ok_and(|address| address.is_loopback())
}

/// Where the request comes from.
fn address_of(extensions: &Extensions) -> IpAddr {
    extensions.get::<Peer>().map_or(IpAddr::V4(Ipv4Addr::UNSPECIFIED), |peer| peer.client)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_names_of_this_machine_are_loopback_hosts() {
        for host in ["localhost", "LOCALHOST:8080", "127.0.0.1", "127.0.0.1:80", "[::1]", "[::1]:8080"] {
            assert!(is_loopback(host), "{host}");
        }
        for host in
            ["", "example.org", "localhost.example.org", "127.0.0.1.example.org:80", "10.0.0.1", "[::2]:1"]
        {
            assert!(!is_loopback(host), "{host}");
        }
    }

    #[test]
    fn a_token_is_read_from_bearer_and_from_the_password_of_basic() {
        let token = |text: &str| token_of(&HeaderValue::from_str(text).expect("a header"));
        assert_eq!(token("Bearer minemap_x").as_deref(), Some("minemap_x"));
        assert_eq!(token("basic Z2lzOm1pbmVtYXBfeA==").as_deref(), Some("minemap_x"));
        assert_eq!(token("Digest x"), None);
        assert_eq!(token("Basic !"), None);
    }

    #[test]
    fn a_request_with_a_cookie_that_changes_something_says_that_it_is_the_page() {
        let refused = |method: Method, pairs: &[(HeaderName, &str)], has_cookie| {
            let mut headers = HeaderMap::new();
            headers.insert(header::HOST, HeaderValue::from_static("map.example.org"));
            for (name, value) in pairs {
                headers.insert(name.clone(), HeaderValue::from_str(value).expect("a value"));
            }
            refuse_other_sites(&method, &headers, has_cookie).is_err()
        };
        let page = (OWN_PAGE, "1");
        let origin = |text| (header::ORIGIN, text);
        assert!(!refused(Method::GET, &[], true) && refused(Method::POST, &[], true));
        assert!(
            !refused(Method::POST, std::slice::from_ref(&page), true) && !refused(Method::POST, &[], false)
        );
        assert!(!refused(Method::DELETE, &[page.clone(), origin("https://map.example.org")], true));
        for other in ["https://other.example.org", "null", ""] {
            assert!(refused(Method::DELETE, &[page.clone(), origin(other)], true), "{other}");
            assert!(refused(Method::POST, &[origin(other)], false), "{other}");
        }
    }
}
