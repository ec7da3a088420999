//! How often one caller may ask: a bucket of tokens for each caller and kind of request.
//!
//! Who asks one question after the other is slowed to the rate and never refused; who asks many at once is refused.

use std::net::IpAddr;
use std::sync::{Arc, Mutex, PoisonError};
use std::time::{Duration, Instant};

use axum::extract::Request;
use axum::http::Method;
use moka::sync::Cache;

use crate::asks::only_asks;
use crate::limits::{Limits, Rate};
use crate::peer::{Peer, household};
use crate::problem::Problem;

/// Callers that are remembered; the one not seen for longest is forgotten first.
const CALLERS_MAX: u64 = 65_536;
/// How long a caller is remembered.
const REMEMBERED: Duration = Duration::from_secs(600);
/// Longest wait for a token; who would have to wait longer is refused.
const WAIT_MAX: Duration = Duration::from_secs(1);

/// What a request costs us.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
enum Costly {
    Query,
    Locate,
    Tiles,
    Pages,
    Writes,
}

/// Who asks, as far as rates go.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
enum Caller {
    From(IpAddr),
}

/// Every caller's bucket.
pub(crate) struct Rates(Cache<(Costly, Caller), Arc<Mutex<Bucket>>>);

impl Rates {
    pub fn new() -> Self {
        Self(Cache::builder().max_capacity(CALLERS_MAX).time_to_idle(REMEMBERED).build())
    }

    /// How long this request has to wait for its turn.
    ///
    /// # Errors
    /// The caller has asked for too much at once.
    pub fn turn(&self, request: &Request, limits: &Limits) -> Result<Duration, Problem> {
        let Some((costly, caller)) = costly(request.method(), request.uri().path()).zip(caller(request))
        else {
            return Ok(Duration::ZERO);
        };
        let (name, rate) = costly.rate(limits);
        let bucket = self.0.get_with((costly, caller), || Arc::new(Mutex::new(Bucket::full(rate))));
        let taken = bucket.lock().unwrap_or_else(PoisonError::into_inner).take(rate, Instant::now());
        taken.map_err(|wait| Problem::too_often(name, rate, wait))
    }
}

/// The one who asks. The operator's own machine is not held to rates.
fn caller(request: &Request) -> Option<Caller> {
    let peer = request.extensions().get::<Peer>()?;
    (!peer.client.is_loopback()).then(|| Caller::From(household(peer.client)))
}

/// What kind of costly request it is, if it is one.
fn costly(method: &Method, path: &str) -> Option<Costly> {
    let parts: Vec<&str> = path.split('/').skip(1).collect();
    match parts[..] {
        ["query", "locate" | "traverse"] => Some(Costly::Locate),
        _ if !only_asks(method, path) => Some(Costly::Writes),
        ["query", ..] => Some(Costly::Query),
        ["tiles", _, _, ..] | ["ogc", "map", "tiles", ..] | ["ogc", "collections", _, "map", ..] => {
            Some(Costly::Tiles)
        }
        ["ogc", "collections", _, "items", ..] => Some(Costly::Pages),
        ["changes" | "findings" | "proposals" | "records", ..] => Some(Costly::Pages),
        _ => None,
    }
}

impl Costly {
    /// The limit's name, and the limit.
    fn rate(self, limits: &Limits) -> (&'static str, Rate) {
        match self {
            Self::Query => ("limits.query", limits.query),
            Self::Locate => ("limits.locate", limits.locate),
            Self::Tiles => ("limits.tiles", limits.tiles),
            Self::Pages => ("limits.pages", limits.pages),
            Self::Writes => ("limits.writes", limits.writes),
        }
    }
}

/// Tokens of one caller; fewer than none while some wait for the next ones.
#[derive(Debug)]
struct Bucket {
    tokens: f64,
    filled: Instant,
}

impl Bucket {
    fn full(rate: Rate) -> Self {
        Self { tokens: f64::from(rate.burst), filled: Instant::now() }
    }

    /// Takes a token and says how long to wait for it; the error says when to come back.
    fn take(&mut self, rate: Rate, now: Instant) -> Result<Duration, Duration> {
        let per_second = f64::from(rate.per_second);
        let new = now.saturating_duration_since(self.filled).as_secs_f64() * per_second;
        self.tokens = (self.tokens + new).min(f64::from(rate.burst));
        self.filled = now;
        let wait = Duration::from_secs_f64((1.0 - self.tokens).max(0.0) / per_second);
        // One request is always let wait, however slow the rate: who asks in turn is never refused.
        if wait > WAIT_MAX && self.tokens < 0.0 {
            return Err(wait);
        }
        self.tokens -= 1.0;
        Ok(wait)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const RATE: Rate = Rate { per_second: 10, burst: 5 };

    #[test]
    fn a_burst_goes_through_the_next_ones_wait_and_the_rest_is_refused() {
        let (mut bucket, now) = (Bucket::full(RATE), Instant::now());
        let answers: Vec<_> = (0..30).map(|_| bucket.take(RATE, now)).collect();
        assert_eq!(answers.iter().filter(|a| **a == Ok(Duration::ZERO)).count(), 5);
        assert_eq!(answers.iter().filter(|a| a.is_ok()).count(), 15, "ten more come within a second");
        assert!(answers[15].is_err_and(|wait| wait > WAIT_MAX));
        assert!(bucket.take(RATE, now + Duration::from_secs(2)).is_ok(), "who comes back later is let in");
    }

    #[test]
    fn who_asks_one_after_the_other_is_never_refused() {
        let slow = Rate { per_second: 1, burst: 1 };
        let (mut bucket, mut now) = (Bucket::full(slow), Instant::now());
        for _ in 0..20 {
            now += bucket.take(slow, now).expect("slowed, not refused");
        }
    }

    #[test]
    fn what_costs_little_has_no_rate() {
        let of = |path| costly(&Method::GET, path);
        assert_eq!(of("/query/at"), Some(Costly::Query));
        for path in [
            "/tiles/hazards/1/2/3.mvt",
            "/tiles/hazards/1/2/3.png",
            "/ogc/map/tiles/WebMercatorQuad/1/0/1",
            "/ogc/collections/surveys/map/tiles/WebMercatorQuad/1/0/1",
        ] {
            assert_eq!(of(path), Some(Costly::Tiles), "{path}");
        }
        assert_eq!(of("/ogc/collections/surveys/items"), Some(Costly::Pages));
        for path in ["/", "/assets/index.js", "/ogc", "/health/live", "/tiles/style.json"] {
            assert_eq!(of(path), None, "{path}");
        }
        assert_eq!(costly(&Method::POST, "/records/surveys"), Some(Costly::Writes));
        assert_eq!(costly(&Method::POST, "/query/route"), Some(Costly::Query));
    }
}
