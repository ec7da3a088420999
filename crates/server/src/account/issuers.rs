//! `/session/oidc/…`: signing in with a provider.
//!
//! Whoever is sent away carries a random state that is bound to the provider and, by a cookie, to the browser. So a code
//! of one provider is never shown to another (mix-up), and nobody is signed in to somebody else's account by a link.

use std::collections::{BTreeMap, HashMap};
use std::sync::{Arc, Mutex, PoisonError};
use std::time::{Duration, Instant};

use accounts::{By, Entry, Told};
use axum::extract::{Path, RawQuery, State};
use axum::http::{HeaderMap, HeaderValue, StatusCode, header};
use axum::response::{IntoResponse, Response};
use jiff::Timestamp;
use openidconnect::CsrfToken;
use serde_json::{Value, json};

use super::provider::{Failed, Issuer, Provider, Said, Sent, providers};
use super::{cookie, with_accounts};
use crate::App;
use crate::caller::Asking;
use crate::params::Params;
use crate::problem::Problem;

/// How long somebody may take to sign in at the provider.
const AWAY: Duration = Duration::from_secs(600);
/// Most who are away at the same time.
const AWAY_MAX: usize = 10_000;
/// Where the page says that it did not work.
const FAILED: &str = "/#sign-in=failed";

/// The providers, and who was sent to them.
pub(crate) struct Issuers {
    providers: BTreeMap<String, Arc<Provider>>,
    away: Mutex<HashMap<String, (Instant, String, Sent)>>,
}

impl Issuers {
    pub fn new(issuers: Vec<Issuer>) -> Self {
        Self { providers: providers(issuers), away: Mutex::default() }
    }

    /// For the page: whom to sign in with.
    pub fn described(&self) -> Value {
        let all = self.providers.values().map(|p| json!({"id": p.issuer.id, "name": p.issuer.name}));
        all.collect()
    }

    fn provider(&self, id: &str) -> Result<Arc<Provider>, Problem> {
        let found = self.providers.get(id).cloned();
        found.ok_or_else(|| Problem::not_found(format!("there is no provider {id:?} here")))
    }

    fn remember(&self, state: &str, issuer: &str, sent: Sent) -> Result<(), Problem> {
        let mut away = self.away.lock().unwrap_or_else(PoisonError::into_inner);
        away.retain(|_, (at, _, _)| at.elapsed() < AWAY);
        if away.len() >= AWAY_MAX {
            let detail = "too many sign-ins are under way; try again";
            return Err(Problem::of(StatusCode::SERVICE_UNAVAILABLE, "busy", "Busy", detail));
        }
        away.insert(state.to_owned(), (Instant::now(), issuer.to_owned(), sent));
        Ok(())
    }

    /// Who was sent to that provider with that state. A state is good once.
    fn returned(&self, state: &str, issuer: &str) -> Option<Sent> {
        let mut away = self.away.lock().unwrap_or_else(PoisonError::into_inner);
        let (at, sent_to, sent) = away.remove(state)?;
        (at.elapsed() < AWAY && sent_to == issuer).then_some(sent)
    }
}

/// `GET /session/oidc/{issuer}`: to the provider.
pub(crate) async fn leave(State(app): State<App>, Path(issuer): Path<String>) -> Result<Response, Problem> {
    let (provider, state) = (app.issuers.provider(&issuer)?, CsrfToken::new_random_len(32).into_secret());
    let shown = state.clone();
    let sent = tokio::task::spawn_blocking(move || provider.send(&shown)).await;
    let (url, sent) =
        sent.map_err(|error| Problem::internal(&error.to_string()))?.map_err(|why| silent(&why))?;
    app.issuers.remember(&state, &issuer, sent)?;
    let mut response = to(&url);
    cookie::keep_state(response.headers_mut(), &state);
    Ok(response)
}

fn silent(why: &Failed) -> Problem {
    tracing::error!(%why, "the provider does not answer as one");
    let detail = "the provider that signs people in does not answer; the server's log says more";
    Problem::of(StatusCode::BAD_GATEWAY, "provider-failed", "Provider failed", detail)
}

fn to(address: &str) -> Response {
    let location = HeaderValue::from_str(address).unwrap_or(HeaderValue::from_static(FAILED));
    (StatusCode::SEE_OTHER, [(header::LOCATION, location)]).into_response()
}

/// `GET /session/oidc/{issuer}/return`: back from the provider.
pub(crate) async fn come_back(
    State(app): State<App>,
    Path(issuer): Path<String>,
    asking: Asking,
    headers: HeaderMap,
    RawQuery(query): RawQuery,
) -> Result<Response, Problem> {
    let provider = app.issuers.provider(&issuer)?;
    let (code, state) = match code_of(&provider.issuer, cookie::state(&headers), query.as_deref()) {
        Ok(found) => found,
        Err(why) => return refused(&app, &asking, &issuer, why).await,
    };
    let Some(sent) = app.issuers.returned(&state, &issuer) else {
        return refused(&app, &asking, &issuer, "nobody was sent there with that state").await;
    };
    let asked = Arc::clone(&provider);
    let told = tokio::task::spawn_blocking(move || asked.told(code, sent)).await;
    let said = match told.map_err(|error| Problem::internal(&error.to_string()))? {
        Ok(said) => said,
        Err(why) => {
            tracing::error!(%why, issuer, "what came from the provider is not good");
            return refused(&app, &asking, &issuer, "what came from the provider is not good").await;
        }
    };
    let (address, agent) = (asking.address, asking.agent.clone());
    let signed_in = with_accounts(&app, move |accounts| {
        let Said { subject, name, grants, second_factor } = &said;
        let (issuer_id, issuer, second_factor) = (&provider.issuer.id, &provider.issuer.url, *second_factor);
        let told = Told { issuer_id, issuer, subject, name, grants, second_factor, address, agent: &agent };
        accounts.sign_in_told(&told, Timestamp::now())
    });
    match signed_in.await {
        Ok(signed_in) => {
            let mut response = to("/");
            cookie::keep(response.headers_mut(), &signed_in.cookie, &signed_in.device);
            cookie::forget_state(response.headers_mut());
            Ok(response)
        }
        Err(problem) => {
            tracing::warn!(?problem, issuer, "nobody was signed in");
            refused(&app, &asking, &issuer, "the account cannot sign in").await
        }
    }
}

/// The code and the state of somebody who comes back, where they are of this browser and this provider.
fn code_of(
    issuer: &Issuer,
    sent_with: Option<&str>,
    query: Option<&str>,
) -> Result<(String, String), &'static str> {
    let one = |name: &str| Params::one(query, name).ok().flatten();
    if one("iss").is_some_and(|said| said != issuer.url) {
        return Err("another provider answered (RFC 9207)");
    }
    let state = one("state").filter(|state| Some(state.as_str()) == sent_with);
    let state = state.ok_or("the state is not that of this browser")?;
    Ok((one("code").ok_or("the provider did not sign anybody in")?, state))
}

async fn refused(app: &App, asking: &Asking, issuer: &str, why: &'static str) -> Result<Response, Problem> {
    let (asking, issuer) = (asking.clone(), issuer.to_owned());
    let noted = with_accounts(app, move |accounts| {
        let entry = Entry::refused(accounts::Action::SignInRefused, &issuer, why);
        accounts.note(&entry.by(&By { account: None, name: "public", ..asking.by() }), Timestamp::now())
    });
    noted.await?;
    let mut response = to(FAILED);
    cookie::forget_state(response.headers_mut());
    Ok(response)
}
