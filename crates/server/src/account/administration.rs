//! `/accounts`: an administrator makes, changes and disables accounts.

use access::{Grant, Right};
use accounts::{Account, Change, New};
use axum::Json;
use axum::body::Bytes;
use axum::extract::{Path, State};
use axum::http::StatusCode;
use jiff::Timestamp;
use serde::Deserialize;
use serde_json::{Value, json};

use super::{InSession, with_accounts};
use crate::App;
use crate::caller::{Asking, allowed};
use crate::problem::Problem;
use crate::records::json_body;

/// Somebody who may manage accounts: in a session, never by a token that lies in some script.
fn administrator(InSession { asking, .. }: InSession) -> Result<Asking, Problem> {
    allowed(&asking.caller, Right::ManageAccounts)?;
    Ok(asking)
}

/// `GET /accounts`.
pub(crate) async fn list(State(app): State<App>, session: InSession) -> Result<Json<Value>, Problem> {
    administrator(session)?;
    let all = with_accounts(&app, |accounts| accounts.list()).await?;
    Ok(Json(json!({"accounts": all.iter().map(described).collect::<Vec<_>>()})))
}

fn described(account: &Account) -> Value {
    json!({
        "id": account.id, "name": account.name, "grants": account.grants, "disabled": account.disabled,
        "second_factor": account.second_factor, "last_sign_in_at": account.last_sign_in_at,
        "created_at": account.created_at, "issuer": account.issuer,
    })
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Wanted {
    id: String,
    name: String,
    #[serde(default)]
    grants: Vec<Grant>,
}

/// `POST /accounts`: the first password is answered once.
pub(crate) async fn make(
    State(app): State<App>,
    session: InSession,
    body: Bytes,
) -> Result<(StatusCode, Json<Value>), Problem> {
    let asking = administrator(session)?;
    let Wanted { id, name, grants } = json_body(&body)?;
    let made = with_accounts(&app, move |accounts| {
        let new = New { id: &id, name: &name, grants: &grants, password: None };
        accounts.make(&new, &asking.by(), Timestamp::now())
    });
    let (account, first) = made.await?;
    let first = first.map(|first| first.0);
    Ok((StatusCode::CREATED, Json(json!({"account": described(&account), "first_password": first}))))
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Part {
    #[serde(default)]
    name: Option<String>,
    #[serde(default)]
    grants: Option<Vec<Grant>>,
    #[serde(default)]
    disabled: Option<bool>,
}

/// `PATCH /accounts/{id}`.
pub(crate) async fn change(
    State(app): State<App>,
    Path(id): Path<String>,
    session: InSession,
    body: Bytes,
) -> Result<Json<Value>, Problem> {
    let asking = administrator(session)?;
    let Part { name, grants, disabled } = json_body(&body)?;
    let changed = with_accounts(&app, move |accounts| {
        accounts.change(&id, &Change { name, grants, disabled }, &asking.by(), Timestamp::now())
    });
    Ok(Json(described(&changed.await?)))
}

/// `POST /accounts/{id}/password`: a new first password, answered once.
pub(crate) async fn reset_password(
    State(app): State<App>,
    Path(id): Path<String>,
    session: InSession,
) -> Result<Json<Value>, Problem> {
    let asking = administrator(session)?;
    let first =
        with_accounts(&app, move |accounts| accounts.reset_password(&id, &asking.by(), Timestamp::now()));
    Ok(Json(json!({"first_password": first.await?.0})))
}

/// `POST /accounts/{id}/second-factor/reset`.
pub(crate) async fn reset_second_factor(
    State(app): State<App>,
    Path(id): Path<String>,
    session: InSession,
) -> Result<StatusCode, Problem> {
    let asking = administrator(session)?;
    let reset = with_accounts(&app, move |accounts| {
        accounts.reset_second_factor(&id, &asking.by(), Timestamp::now())
    });
    reset.await.map(|()| StatusCode::NO_CONTENT)
}
