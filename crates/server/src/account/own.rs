//! `/account/…`: one's own password, second factor and sessions.

use accounts::SecondFactorBegun;
use axum::Json;
use axum::body::Bytes;
use axum::extract::{Path, State};
use axum::http::StatusCode;
use jiff::Timestamp;
use serde::Deserialize;
use serde_json::{Value, json};

use super::{InSession, with_accounts};
use crate::App;
use crate::problem::Problem;
use crate::records::json_body;

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Passwords {
    current: String,
    new: String,
}

/// `POST /account/password`: a new password; other sessions end.
pub(crate) async fn change_password(
    State(app): State<App>,
    InSession { asking, session }: InSession,
    body: Bytes,
) -> Result<StatusCode, Problem> {
    let Passwords { current, new } = json_body(&body)?;
    let changed = with_accounts(&app, move |accounts| {
        accounts.change_password(&session, (&current, &new), &asking.by(), Timestamp::now())
    });
    changed.await.map(|()| StatusCode::NO_CONTENT)
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Password {
    password: String,
}

/// `POST /account/second-factor`: begins to set one up.
pub(crate) async fn begin_second_factor(
    State(app): State<App>,
    InSession { session, .. }: InSession,
    body: Bytes,
) -> Result<Json<Value>, Problem> {
    let Password { password } = json_body(&body)?;
    let begun = with_accounts(&app, move |accounts| {
        accounts.begin_second_factor(&session, &password, Timestamp::now())
    });
    let SecondFactorBegun { secret, uri } = begun.await?;
    Ok(Json(json!({"secret": secret, "uri": uri})))
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Code {
    code: String,
}

/// `PUT /account/second-factor`: shows that the app has it.
pub(crate) async fn confirm_second_factor(
    State(app): State<App>,
    InSession { asking, session }: InSession,
    body: Bytes,
) -> Result<Json<Value>, Problem> {
    let Code { code } = json_body(&body)?;
    let codes = with_accounts(&app, move |accounts| {
        accounts.confirm_second_factor(&session, &code, &asking.by(), Timestamp::now())
    });
    Ok(Json(json!({"recovery_codes": codes.await?})))
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Proof {
    password: String,
    code: String,
}

/// `DELETE /account/second-factor`: takes it off.
pub(crate) async fn remove_second_factor(
    State(app): State<App>,
    InSession { asking, session }: InSession,
    body: Bytes,
) -> Result<StatusCode, Problem> {
    let Proof { password, code } = json_body(&body)?;
    let removed = with_accounts(&app, move |accounts| {
        accounts.remove_second_factor(&session, (&password, &code), &asking.by(), Timestamp::now())
    });
    removed.await.map(|()| StatusCode::NO_CONTENT)
}

/// `GET /account/sessions`.
pub(crate) async fn sessions(
    State(app): State<App>,
    InSession { session: own, .. }: InSession,
) -> Result<Json<Value>, Problem> {
    let id = own.account.clone();
    let listed = with_accounts(&app, move |accounts| {
        let account = accounts.account(&id)?;
        let sessions = accounts.sessions(&account, Timestamp::now())?;
        Ok((account, sessions))
    });
    let (account, sessions) = listed.await?;
    let described = sessions.iter().map(|session| {
        json!({
            "id": session.id, "began_at": session.began_at, "last_seen_at": session.last_seen_at,
            "ends_at": session.ends_at(&account), "address": session.address, "agent": session.agent,
            "current": session.id == own.id,
        })
    });
    Ok(Json(json!({"sessions": described.collect::<Vec<_>>()})))
}

/// `DELETE /account/sessions/{id}`.
pub(crate) async fn end_session(
    State(app): State<App>,
    Path(id): Path<String>,
    InSession { asking, session }: InSession,
) -> Result<StatusCode, Problem> {
    let ended = with_accounts(&app, move |accounts| {
        accounts.end_session(&session.account, &id, &asking.by(), Timestamp::now())
    });
    ended.await.map(|()| StatusCode::NO_CONTENT)
}
