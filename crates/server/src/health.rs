//! For operators: is the program alive, and does it answer from its register?

use axum::Json;
use serde_json::{Value, json};

use crate::asked::Asked;

/// `GET /health/live`: the process answers.
pub(crate) async fn live() -> Json<Value> {
    Json(json!({"status": "live"}))
}

/// `GET /health/ready`: a snapshot is loaded.
pub(crate) async fn ready(asked: Asked) -> Json<Value> {
    Json(json!({"status": "ready", "revision": asked.view.revision()}))
}
