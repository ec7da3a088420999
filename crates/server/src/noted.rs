//! What of reading is noted in the audit trail. What cannot be noted is not answered.

use std::sync::Arc;
use std::time::Duration;

use accounts::Action;
use axum::extract::Request;
use axum::http::Method;

use crate::App;
use crate::asks::only_asks;
use crate::caller::Asking;
use crate::problem::Problem;

/// A map asks for many tiles: that somebody looks at a layer is noted once in this time. The same holds for refusals of
/// whoever has not signed in.
const TILES_NOTED_EVERY: Duration = Duration::from_secs(60);
const LOOKED_AT_MAX: u64 = 10_000;

/// What has been noted lately, and need not be noted again.
#[derive(Clone)]
pub(crate) struct Looked(Arc<moka::sync::Cache<String, ()>>);

impl Looked {
    pub fn new() -> Self {
        let cache = moka::sync::Cache::builder().max_capacity(LOOKED_AT_MAX).time_to_live(TILES_NOTED_EVERY);
        Self(Arc::new(cache.build()))
    }

    pub fn is_new(&self, who: &str, what: &str) -> bool {
        self.0.entry(format!("{who} {what}")).or_insert(()).is_fresh()
    }
}

/// Notes that somebody who sees restricted records reads.
///
/// # Errors
/// The trail cannot take it.
pub(crate) fn reading(app: &App, asking: &Asking, request: &Request) -> Result<(), Problem> {
    let (path, method) = (request.uri().path(), request.method());
    let is_read = *method != Method::OPTIONS && only_asks(method, path) && holds_records(path);
    if !is_read || asking.account.is_none() || !asking.caller.scope().opens_restricted() {
        return Ok(());
    }
    let Some(rest) = path.strip_prefix("/tiles/") else {
        return asking.note(app, Action::ReadRestricted, path, request.uri().query().unwrap_or(""));
    };
    let layer = rest.split('/').next().unwrap_or(rest);
    if !app.looked.is_new(asking.caller.name(), layer) {
        return Ok(());
    }
    asking.note(app, Action::ReadRestricted, &format!("/tiles/{layer}"), "tiles, from now on for a minute")
}

fn holds_records(path: &str) -> bool {
    const OF_RECORDS: [&str; 6] = ["/query/", "/records/", "/proposals", "/findings", "/changes", "/tiles/"];
    let is_item = path.starts_with("/ogc/collections/") && path.contains("/items");
    let is_description = path.ends_with(".json");
    is_item || (OF_RECORDS.iter().any(|start| path.starts_with(start)) && !is_description)
}
