//! Every request held to its limits before a handler sees it: how often, how large, how deep, how slow.

use std::sync::Arc;
use std::time::Duration;

use axum::body::{Body, Bytes};
use axum::extract::{Request, State};
use axum::http::{HeaderMap, HeaderValue, header};
use axum::middleware::Next;
use axum::response::{IntoResponse, Response};
use http_body::Body as _;
use http_body_util::BodyExt;
use tokio::time::{Instant, sleep, timeout};

use crate::asks::only_asks;
use crate::imports;
use crate::limits::{Allowance, Limits};
use crate::problem::Problem;
use crate::rate::Rates;

/// What requests are held to.
#[derive(Clone)]
pub(crate) struct Held {
    limits: Arc<Limits>,
    rates: Arc<Rates>,
}

impl Held {
    pub fn to(limits: Arc<Limits>) -> Self {
        Self { limits, rates: Arc::new(Rates::new()) }
    }
}

/// Lets a request through to its handler, with its whole body in memory.
pub(crate) async fn held(State(held): State<Held>, request: Request, next: Next) -> Response {
    match held.rates.turn(&request, &held.limits) {
        Ok(Duration::ZERO) => {}
        Ok(wait) => sleep(wait).await,
        Err(problem) => return problem.into_response(),
    }
    let request = match with_body(request, &held.limits).await {
        Ok(request) => request,
        Err(problem) => return and_close(problem),
    };
    if !only_asks(request.method(), request.uri().path()) {
        // Whether a command has been carried out must not depend on somebody's patience.
        return next.run(request).await;
    }
    let seconds = held.limits.request_seconds;
    match timeout(Duration::from_secs(seconds), next.run(request)).await {
        Ok(response) => response,
        Err(_) => Problem::took_too_long(seconds).into_response(),
    }
}

/// The rest of a body that is refused is not read, so nothing can follow on its connection.
pub(crate) fn and_close(problem: Problem) -> Response {
    let mut response = problem.into_response();
    response.headers_mut().insert(header::CONNECTION, HeaderValue::from_static("close"));
    response
}

async fn with_body(request: Request, limits: &Limits) -> Result<Request, Problem> {
    // An uploaded file is too large for memory; it has its own limit.
    if request.body().is_end_stream() || request.uri().path() == imports::PATH {
        return Ok(request);
    }
    let (parts, body) = request.into_parts();
    let bytes = whole(&parts.headers, body, limits).await?;
    if exchange::json_depth(&bytes) > limits.nesting {
        return Err(Problem::too_deep(limits.nesting));
    }
    Ok(Request::from_parts(parts, Body::from(bytes)))
}

async fn whole(headers: &HeaderMap, body: Body, limits: &Limits) -> Result<Bytes, Problem> {
    let mut coming = Coming::new(headers, body, limits, ("limits.body_bytes", limits.body_bytes as u64))?;
    let mut bytes = Vec::new();
    while let Some(part) = coming.next(limits).await? {
        bytes.extend_from_slice(&part);
    }
    Ok(Bytes::from(bytes))
}

/// A body that is held to a size and comes fast enough. One that announces more is not read at all.
pub(crate) struct Coming {
    body: Body,
    limit: (&'static str, u64),
    read: u64,
    allowance: Allowance,
}

impl Coming {
    /// `limit` is the name and the value of the limit on its bytes.
    pub fn new(
        headers: &HeaderMap,
        body: Body,
        limits: &Limits,
        limit: (&'static str, u64),
    ) -> Result<Self, Problem> {
        let announced =
            headers.get(header::CONTENT_LENGTH).and_then(|value| value.to_str().ok()?.parse::<u64>().ok());
        if announced.is_some_and(|bytes| bytes > limit.1) {
            return Err(Problem::too_large(limit));
        }
        Ok(Self { body, limit, read: 0, allowance: limits.allowance() })
    }

    /// The next part; `None` at the end.
    pub async fn next(&mut self, limits: &Limits) -> Result<Option<Bytes>, Problem> {
        loop {
            let asked = Instant::now();
            let Ok(frame) = timeout(self.allowance.left(), self.body.frame()).await else {
                return Err(Problem::too_slow(limits));
            };
            let Some(frame) = frame else { return Ok(None) };
            let frame =
                frame.map_err(|_| Problem::bad_body("the connection broke before the body was whole"))?;
            let Ok(part) = frame.into_data() else { continue };
            self.read += part.len() as u64;
            if self.read > self.limit.1 {
                return Err(Problem::too_large(self.limit));
            }
            self.allowance.moved(asked.elapsed(), part.len());
            return Ok(Some(part));
        }
    }
}

#[cfg(test)]
mod tests {
    use std::sync::atomic::{AtomicUsize, Ordering};

    use axum::http::StatusCode;
    use futures_util::stream;

    use super::*;

    #[tokio::test]
    async fn a_body_without_end_is_refused_within_one_part_of_the_limit() {
        const PART: usize = 64 * 1024;
        let limits = Limits { body_bytes: 1_000_000, ..Limits::default() };
        let read = Arc::new(AtomicUsize::new(0));
        let counted = Arc::clone(&read);
        let endless = stream::repeat_with(move || {
            counted.fetch_add(PART, Ordering::Relaxed);
            Ok::<_, std::io::Error>(Bytes::from_static(&[b' '; PART]))
        });
        let refused = whole(&HeaderMap::new(), Body::from_stream(endless), &limits).await;
        assert_eq!(
            refused.map_err(|p| p.into_response().status()).err(),
            Some(StatusCode::PAYLOAD_TOO_LARGE)
        );
        assert!(read.load(Ordering::Relaxed) <= limits.body_bytes + PART);
    }

    #[tokio::test]
    async fn a_body_that_announces_too_much_is_not_read() {
        let mut headers = HeaderMap::new();
        headers.insert(header::CONTENT_LENGTH, HeaderValue::from(u64::MAX));
        let never = Body::from_stream(stream::pending::<Result<Bytes, std::io::Error>>());
        let refused = whole(&headers, never, &Limits::default()).await;
        assert_eq!(
            refused.map_err(|p| p.into_response().status()).err(),
            Some(StatusCode::PAYLOAD_TOO_LARGE)
        );
    }
}
