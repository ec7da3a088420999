//! `/changes`: what happened since a revision, as pages or as a stream that goes on.

use std::convert::Infallible;
use std::sync::Arc;

use axum::Json;
use axum::extract::{RawQuery, State};
use axum::http::{HeaderMap, HeaderName, header};
use axum::response::sse::{Event, KeepAlive, Sse};
use axum::response::{IntoResponse, Response};
use futures_util::stream::{self, Stream, StreamExt};
use serde_json::{Value, json};
use spatial_index::{LogEntry, Snapshot};

use crate::App;
use crate::asked::Asked;
use crate::caller;
use crate::history::event;
use crate::params::Params;
use crate::problem::Problem;

/// Events on a page where the request does not say, and at most.
const PAGE: usize = 100;
const PAGE_MAX: usize = 10_000;
/// Events that a stream takes from one snapshot at a time.
const STREAMED: usize = 256;
const LAST_EVENT_ID: HeaderName = HeaderName::from_static("last-event-id");

/// `GET /changes?since=REVISION[&limit]`; a stream where the request accepts `text/event-stream`.
pub(crate) async fn changes(
    State(app): State<App>,
    asked: Asked,
    headers: HeaderMap,
    RawQuery(query): RawQuery,
) -> Result<Response, Problem> {
    let params = Params::known(query.as_deref(), &["since", "limit"])?;
    let streams =
        headers.get(header::ACCEPT).is_some_and(|accept| accept.as_bytes().starts_with(b"text/event-stream"));
    let last = headers.get(LAST_EVENT_ID).and_then(|id| id.to_str().ok()?.parse::<u64>().ok());
    let since = match last.filter(|_| streams) {
        Some(last) => last,
        None => params.whole("since")?.unwrap_or(0),
    };
    let newest = asked.snapshot.revision();
    if since > newest {
        return Err(Problem::bad_parameter(
            "since",
            &since.to_string(),
            format!("a revision from 0 to {newest}"),
        ));
    }
    if streams {
        let stream = live(app, since);
        return Ok(Sse::new(stream).keep_alive(KeepAlive::default()).into_response());
    }
    let limit = params.limit(PAGE, PAGE_MAX)?;
    Ok(Json(page(&asked, since, limit)).into_response())
}

fn page(asked: &Asked, since: u64, limit: usize) -> Value {
    let events: Vec<_> = asked.snapshot.events_after(&asked.scope, since).take(limit + 1).collect();
    let shown = &events[..events.len().min(limit)];
    let last = shown.last().filter(|_| events.len() > limit).map(|entry| entry.row.revision);
    let next = last.map(|last| format!("{}/changes?since={last}&limit={limit}", asked.base));
    let revision = asked.snapshot.revision();
    json!({
        "since": since, "revision": revision, "as_of": asked.as_of.to_string(),
        "changes": shown.iter().map(|entry| change(entry)).collect::<Vec<_>>(), "next": next,
    })
}

fn change(entry: &LogEntry) -> Value {
    let mut change = event(entry);
    change["collection"] = json!(entry.row.collection.id());
    change["id"] = json!(entry.row.id);
    change
}

/// Everything after a revision, and then whatever happens.
fn live(app: App, since: u64) -> impl Stream<Item = Result<Event, Infallible>> {
    let watch = app.register.watch();
    stream::unfold((app, watch, since), |(app, mut watch, since)| async move {
        loop {
            let (events, last) = sent(&app.register.snapshot(), since);
            if !events.is_empty() {
                return Some((stream::iter(events), (app, watch, last)));
            }
            // The register is closed, or the server is told to stop: the stream ends.
            let mut stopping = app.stopping.clone();
            tokio::select! {
                newer = watch.changed() => newer.ok()?,
                _ = stopping.wait_for(|stops| *stops) => return None,
            }
        }
    })
    .flatten()
    .map(Ok)
}

fn sent(snapshot: &Arc<Snapshot>, since: u64) -> (Vec<Event>, u64) {
    let entries: Vec<_> = snapshot.events_after(&caller::scope(), since).take(STREAMED).collect();
    let last = entries.last().map_or(since, |entry| entry.row.revision);
    let told = |entry: &&LogEntry| {
        Event::default().event("change").id(entry.row.revision.to_string()).data(change(entry).to_string())
    };
    (entries.iter().map(told).collect(), last)
}
