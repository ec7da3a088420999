//! What callers see: the newest view of each scope, and views of the past.

use std::sync::Arc;

use access::Scope;
use jiff::Timestamp;
use jiff::civil::Date;
use register::Handle;
use spatial_index::View;

use crate::params::Params;
use crate::problem::Problem;

/// Views of the past that are kept: what a page of a map asks together, and the next revisions of a slider.
const PAST: u64 = 16;
/// Scopes whose newest view is kept, with what was worked out for it.
const SCOPES: u64 = 64;

/// Views by scope; those of the past by epoch and revision too.
pub(crate) struct Views {
    newest: moka::sync::Cache<Scope, Arc<View>>,
    past: moka::sync::Cache<(Scope, String, u64), Arc<View>>,
}

impl Views {
    pub fn new() -> Self {
        Self { newest: moka::sync::Cache::new(SCOPES), past: moka::sync::Cache::new(PAST) }
    }

    /// What a scope sees now.
    pub fn newest(&self, register: &Handle, scope: &Scope) -> Arc<View> {
        let Some(earlier) = self.newest.get(scope) else {
            let view = Arc::new(register.open(scope));
            self.newest.insert(scope.clone(), Arc::clone(&view));
            return view;
        };
        let view = register.reopen(&earlier);
        if !Arc::ptr_eq(&view, &earlier) {
            self.newest.insert(scope.clone(), Arc::clone(&view));
        }
        view
    }

    /// The register as it was known at the moment that `known-at` names; the newest where it is not given.
    ///
    /// # Errors
    /// It names no revision and no time, or one that has not been.
    pub fn seen(&self, newest: &Arc<View>, query: Option<&str>) -> Result<Arc<View>, Problem> {
        let Some(text) = Params::one(query, "known-at")? else { return Ok(Arc::clone(newest)) };
        let revision = revision_of(newest, &text)?;
        if revision == newest.revision() {
            return Ok(Arc::clone(newest));
        }
        let key = (newest.scope().clone(), newest.epoch().to_owned(), revision);
        let view = self.past.optionally_get_with(key, || newest.known_at(revision).map(Arc::new));
        view.ok_or_else(|| refused(newest, &text))
    }
}

fn revision_of(newest: &View, text: &str) -> Result<u64, Problem> {
    if let Ok(revision) = text.parse::<u64>() {
        return if revision <= newest.revision() { Ok(revision) } else { Err(refused(newest, text)) };
    }
    let day_end = |date: Date| date.to_zoned(jiff::tz::TimeZone::UTC).and_then(|day| day.end_of_day());
    let time: Option<Timestamp> = match text.parse::<Date>() {
        Ok(date) if text.len() == 10 => day_end(date).ok().map(|end| end.timestamp()),
        Ok(_) | Err(_) => text.parse().ok(),
    };
    time.and_then(|time| newest.revision_at(time)).ok_or_else(|| refused(newest, text))
}

fn refused(newest: &View, text: &str) -> Problem {
    let first = newest.first_recorded_at().map_or("nothing is recorded yet".to_owned(), |at| at.to_string());
    let allowed =
        format!("a revision from 0 to {}, a time (RFC 3339) or a date, from {first} on", newest.revision());
    Problem::bad_parameter("known-at", text, allowed)
}
