//! `/account/setup`: the first administrator, made with the one-time token from the console.

use accounts::Setup;
use axum::body::Bytes;
use axum::extract::State;
use axum::http::StatusCode;
use axum::response::Response;
use jiff::Timestamp;
use serde::Deserialize;

use super::session::welcome;
use super::with_accounts;
use crate::App;
use crate::caller::Asking;
use crate::problem::Problem;
use crate::records::json_body;

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Given {
    token: String,
    account: String,
    name: String,
    password: String,
}

/// `POST /account/setup`.
pub(crate) async fn set_up(State(app): State<App>, asking: Asking, body: Bytes) -> Result<Response, Problem> {
    let Given { token, account, name, password } = json_body(&body)?;
    let (address, agent) = (asking.address, asking.agent.clone());
    let signed_in = with_accounts(&app, move |accounts| {
        let (token, account, name, password) = (&token, &account, &name, &password);
        accounts.set_up(&Setup { token, account, name, password, address, agent: &agent }, Timestamp::now())
    });
    welcome(&app, &asking, signed_in.await?, StatusCode::CREATED).await
}
