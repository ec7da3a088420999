//! `/account/tokens`: one's own tokens for programs.

use accounts::{NewToken, Token, TokenAccess, TokenLevels};
use axum::Json;
use axum::body::Bytes;
use axum::extract::{Path, State};
use axum::http::StatusCode;
use jiff::Timestamp;
use jiff::civil::Date;
use serde::Deserialize;
use serde_json::{Value, json};

use super::{InSession, with_accounts};
use crate::App;
use crate::problem::Problem;
use crate::records::json_body;

/// `GET /account/tokens`.
pub(crate) async fn tokens(
    State(app): State<App>,
    InSession { session, .. }: InSession,
) -> Result<Json<Value>, Problem> {
    let tokens = with_accounts(&app, move |accounts| accounts.tokens(&session.account)).await?;
    Ok(Json(json!({"tokens": tokens.iter().map(described).collect::<Vec<_>>()})))
}

fn described(token: &Token) -> Value {
    json!({
        "id": token.id, "name": token.name, "access": token.access.code(), "levels": token.levels.code(),
        "created_at": token.created_at, "expires_at": token.expires_at, "last_used_at": token.last_used_at,
    })
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Wanted {
    name: String,
    access: String,
    levels: String,
    expires_on: Date,
}

/// `POST /account/tokens`: the text is answered once.
pub(crate) async fn make(
    State(app): State<App>,
    InSession { asking, session }: InSession,
    body: Bytes,
) -> Result<(StatusCode, Json<Value>), Problem> {
    let Wanted { name, access, levels, expires_on } = json_body(&body)?;
    if asking.account.as_ref().is_some_and(|account| account.password_change_needed) {
        return Err(Problem::forbidden("not-allowed", "change the password first"));
    }
    let access = TokenAccess::from_code(&access)
        .ok_or_else(|| Problem::bad_parameter("access", &access, "read, write"))?;
    let levels = TokenLevels::from_code(&levels)
        .ok_or_else(|| Problem::bad_parameter("levels", &levels, "public, partners, all"))?;
    let made = with_accounts(&app, move |accounts| {
        let new = NewToken { name: &name, access, levels, expires_on, second_factor: session.second_factor };
        accounts.make_token(&session.account, &new, &asking.by(), Timestamp::now())
    });
    let (token, text) = made.await?;
    let mut body = described(&token);
    body["token"] = json!(text);
    Ok((StatusCode::CREATED, Json(body)))
}

/// `DELETE /account/tokens/{id}`.
pub(crate) async fn end(
    State(app): State<App>,
    Path(id): Path<String>,
    InSession { asking, session }: InSession,
) -> Result<StatusCode, Problem> {
    let ended = with_accounts(&app, move |accounts| {
        accounts.end_token(&session.account, &id, &asking.by(), Timestamp::now())
    });
    ended.await.map(|()| StatusCode::NO_CONTENT)
}
