//! `/session`: who asks, signing in, signing out.

use access::Right;
use accounts::{AccountsError, Credential, Mode, SignIn, SignedIn};
use axum::Json;
use axum::body::Bytes;
use axum::extract::{RawQuery, State};
use axum::http::{HeaderMap, StatusCode};
use axum::response::{IntoResponse, Response};
use jiff::Timestamp;
use serde::Deserialize;
use serde_json::{Value, json};

use super::{cookie, problem, with_accounts};
use crate::App;
use crate::caller::Asking;
use crate::params::Params;
use crate::problem::Problem;
use crate::records::json_body;

/// `GET /session`: who the request is, and what he may do.
pub(crate) async fn session(
    State(app): State<App>,
    asking: Asking,
    RawQuery(query): RawQuery,
) -> Result<Response, Problem> {
    Params::known(query.as_deref(), &[])?;
    let mut response = Json(described(&app, &asking)?).into_response();
    if asking.has_ended {
        cookie::forget(response.headers_mut());
    }
    Ok(response)
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Given {
    account: String,
    password: String,
    #[serde(default)]
    code: Option<String>,
}

/// `POST /session`: signs in.
pub(crate) async fn sign_in(
    State(app): State<App>,
    asking: Asking,
    headers: HeaderMap,
    body: Bytes,
) -> Result<Response, Problem> {
    let Given { account, password, code } = json_body(&body)?;
    let device = cookie::device(&headers).map(str::to_owned);
    let (address, agent) = (asking.address, asking.agent.clone());
    let signed_in = with_accounts(&app, move |accounts| {
        let (code, device) = (code.as_deref().filter(|code| !code.is_empty()), device.as_deref());
        let with = SignIn { account: &account, password: &password, code, device, address, agent: &agent };
        accounts.sign_in(&with, Timestamp::now())
    });
    let signed_in = signed_in.await?;
    end_own(&app, &asking).await?;
    welcome(&app, &asking, signed_in, StatusCode::OK).await
}

/// `DELETE /session`: signs out.
pub(crate) async fn sign_out(State(app): State<App>, asking: Asking) -> Result<Response, Problem> {
    end_own(&app, &asking).await?;
    let mut response = StatusCode::NO_CONTENT.into_response();
    cookie::forget(response.headers_mut());
    Ok(response)
}

/// Ends the session that the request came with, if it did.
async fn end_own(app: &App, asking: &Asking) -> Result<(), Problem> {
    let (Some(session), asking) = (asking.session.clone(), asking.clone()) else { return Ok(()) };
    let ended = with_accounts(app, move |accounts| {
        match accounts.end_session(&session.account, &session.id, &asking.by(), Timestamp::now()) {
            // It ended in between.
            Err(AccountsError::NotThere(_)) => Ok(()),
            done => done,
        }
    });
    ended.await
}

/// The answer to somebody who has just signed in: as `GET /session`, with the cookies.
pub(crate) async fn welcome(
    app: &App,
    asking: &Asking,
    signed_in: SignedIn,
    status: StatusCode,
) -> Result<Response, Problem> {
    let SignedIn { cookie, device, .. } = signed_in;
    let shown = cookie.clone();
    let recognised = with_accounts(app, move |accounts| {
        let ended = |_| AccountsError::NotThere("session");
        accounts.caller(Credential::Session(&shown), Timestamp::now()).map_err(ended)
    });
    let asking = Asking::new(recognised.await?, asking.address, &asking.agent);
    let mut response = (status, Json(described(app, &asking)?)).into_response();
    cookie::keep(response.headers_mut(), &cookie, &device);
    Ok(response)
}

fn described(app: &App, asking: &Asking) -> Result<Value, Problem> {
    let mode = app.accounts.as_ref().map(|accounts| accounts.mode()).transpose().map_err(problem)?;
    let mode = match mode {
        Some(Mode::Accounts) => "accounts",
        Some(Mode::Workstation) | None => "workstation",
    };
    let account = asking.account.as_ref().map(|account| {
        json!({
            "id": account.id, "name": account.name, "grants": account.grants,
            "second_factor": account.second_factor, "second_factor_needed": account.second_factor_needed(),
            "password_change_needed": account.password_change_needed,
        })
    });
    let rights: Vec<_> =
        Right::ALL.into_iter().filter(|right| asking.caller.may_somewhere(*right)).map(Right::code).collect();
    Ok(json!({
        "mode": mode,
        "account": account,
        "rights": rights,
        "organisations": organisations(asking),
        "second_factor_of_session": asking.session.as_ref().is_some_and(|session| session.second_factor),
        "issuers": app.issuers.described(),
    }))
}

/// The organisations whose records the caller may write; `None` is all.
fn organisations(asking: &Asking) -> Option<Vec<String>> {
    if !asking.caller.may_somewhere(Right::Write) {
        return Some(Vec::new());
    }
    let writing = asking.caller.grants().iter().filter(|grant| grant.role.allows(Right::Write));
    let mut codes = writing.map(|grant| grant.organisation.clone()).collect::<Option<Vec<_>>>()?;
    codes.sort_unstable();
    codes.dedup();
    Some(codes)
}
