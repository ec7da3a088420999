//! `/changes`: what happened since a revision, as pages or as a stream that goes on.

use std::convert::Infallible;
use std::time::Duration;

use axum::Json;
use axum::extract::{RawQuery, State};
use axum::http::{HeaderMap, HeaderName, header};
use axum::response::sse::{Event, KeepAlive, Sse};
use axum::response::{IntoResponse, Response};
use futures_util::stream::{self, Stream, StreamExt};
use serde_json::{Value, json};
use spatial_index::{LogEntry, View};

use crate::App;
use crate::asked::Asked;
use crate::caller::Asking;
use crate::history::event;
use crate::params::Params;
use crate::problem::Problem;

/// Events on a page where the request does not say, and at most.
const PAGE: usize = 100;
const PAGE_MAX: usize = 10_000;
/// Events that a stream takes from one snapshot at a time.
const STREAMED: usize = 256;
/// How often a stream looks whether its caller still may.
const RECOGNISED_EVERY: Duration = Duration::from_secs(2);
const LAST_EVENT_ID: HeaderName = HeaderName::from_static("last-event-id");

/// `GET /changes?since=REVISION[&limit]`; a stream where the request accepts `text/event-stream`.
pub(crate) async fn changes(
    State(app): State<App>,
    asked: Asked,
    asking: Asking,
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
    let newest = asked.view.revision();
    if since > newest {
        return Err(Problem::bad_parameter(
            "since",
            &since.to_string(),
            format!("a revision from 0 to {newest}"),
        ));
    }
    if streams {
        let stream = live(app, &asked, asking, since);
        return Ok(Sse::new(stream).keep_alive(KeepAlive::default()).into_response());
    }
    let limit = params.limit(PAGE, PAGE_MAX)?;
    Ok(Json(page(&asked, since, limit)).into_response())
}

fn page(asked: &Asked, since: u64, limit: usize) -> Value {
    let (shown, has_more) = whole_revisions(&asked.view, since, limit);
    let last = shown.last().filter(|_| has_more).map(|entry| entry.row.revision);
    let next = last.map(|last| format!("{}/changes?since={last}&limit={limit}", asked.base));
    let revision = asked.view.revision();
    json!({
        "since": since, "revision": revision, "as_of": asked.as_of,
        "changes": shown.iter().map(|entry| change(&asked.view, entry)).collect::<Vec<_>>(), "next": next,
    })
}

/// At least `limit` events, where there are so many, and no revision in part: the next page begins after a revision.
fn whole_revisions(view: &View, since: u64, limit: usize) -> (Vec<&LogEntry>, bool) {
    let mut events = view.events_after(since).peekable();
    let mut shown: Vec<&LogEntry> = events.by_ref().take(limit).collect();
    let last = shown.last().map(|entry| entry.row.revision);
    while let Some(entry) = events.next_if(|entry| Some(entry.row.revision) == last) {
        shown.push(entry);
    }
    (shown, events.peek().is_some())
}

fn change(view: &View, entry: &LogEntry) -> Value {
    let mut change = event(view, entry);
    change["collection"] = json!(entry.row.collection().id());
    change["id"] = json!(entry.row.id);
    change
}

/// Everything after a revision, and then whatever happens, for as long as the caller sees what it saw at first: who has
/// lost a right, or been given another, asks anew.
fn live(
    app: App,
    asked: &Asked,
    asking: Asking,
    since: u64,
) -> impl Stream<Item = Result<Event, Infallible>> + use<> {
    let (watch, scope) = (app.register.watch(), asked.view.scope().clone());
    stream::unfold((app, watch, scope, asking, since), |(app, mut watch, scope, asking, since)| async move {
        loop {
            if asking.again(&app).await.ok()?.scope() != scope {
                return None;
            }
            let (events, last) = sent(&app.views.newest(&app.register, &scope), since);
            if !events.is_empty() {
                return Some((stream::iter(events), (app, watch, scope, asking, last)));
            }
            // The register is closed, or the server is told to stop: the stream ends.
            let mut stopping = app.stopping.clone();
            tokio::select! {
                newer = watch.changed() => newer.ok()?,
                _ = stopping.wait_for(|stops| *stops) => return None,
                () = tokio::time::sleep(RECOGNISED_EVERY) => {}
            }
        }
    })
    .flatten()
    .map(Ok)
}

fn sent(view: &View, since: u64) -> (Vec<Event>, u64) {
    let (entries, _) = whole_revisions(view, since, STREAMED);
    let last = entries.last().map_or(since, |entry| entry.row.revision);
    let told = |entry: &&LogEntry| {
        let data = change(view, entry).to_string();
        Event::default().event("change").id(entry.row.revision.to_string()).data(data)
    };
    (entries.iter().map(told).collect(), last)
}
