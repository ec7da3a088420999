//! `GET /findings`: everything that should be looked at, how much of it there is, and what to do about it.

use access::Right;
use axum::Json;
use axum::extract::RawQuery;
use model::{Collection, Severity};
use serde_json::{Value, json};
use spatial_index::{Found, Wanted};

use crate::asked::Asked;
use crate::caller;
use crate::ogc::collection_named;
use crate::params::Params;
use crate::problem::Problem;

/// Findings in one answer where the request does not say, and at most.
const LISTED: usize = 100;
const LISTED_MAX: usize = 10_000;

/// `GET /findings[?collection][&rule][&severity][&state][&limit][&after]`.
pub(crate) async fn findings(asked: Asked, RawQuery(query): RawQuery) -> Result<Json<Value>, Problem> {
    let params =
        Params::known(query.as_deref(), &["collection", "rule", "severity", "state", "limit", "after"])?;
    caller::allowed(&asked.caller, Right::ReadFindings)?;
    let (wanted, limit) = (wanted(&params)?, params.limit(LISTED, LISTED_MAX)?);
    let after = params.whole("after")?.unwrap_or(0);
    let skip = usize::try_from(after).unwrap_or(usize::MAX);
    let listing = tokio::task::spawn_blocking(move || {
        let listed = asked.view.list_findings(&wanted, skip, limit);
        (asked, listed)
    });
    let (asked, listed) = listing.await.map_err(|error| Problem::internal(&error.to_string()))?;
    let counts: Vec<_> = listed
        .counts
        .iter()
        .map(|(brief, count)| json!({"rule": brief.rule, "severity": brief.severity, "findings": count}))
        .collect();
    let next = listed.next.map(|after| next_page(&asked, query.as_deref(), limit, after));
    Ok(Json(json!({
        "revision": asked.view.revision(),
        "as_of": asked.as_of,
        "counts": counts,
        "numberMatched": listed.matched,
        "findings": listed.page.iter().map(described).collect::<Vec<_>>(),
        "next": next,
    })))
}

fn wanted(params: &Params) -> Result<Wanted, Problem> {
    let collection: Option<Collection> = params.text("collection").map(collection_named).transpose()?;
    let severity = match params.text("severity") {
        None => None,
        Some("low") => Some(Severity::Low),
        Some("medium") => Some(Severity::Medium),
        Some("high") => Some(Severity::High),
        Some(other) => return Err(Problem::bad_parameter("severity", other, "low, medium, high")),
    };
    let accepted = match params.text("state") {
        None | Some("open") => Some(false),
        Some("accepted") => Some(true),
        Some("all") => None,
        Some(other) => return Err(Problem::bad_parameter("state", other, "open, accepted, all")),
    };
    Ok(Wanted { collection, rule: params.text("rule").map(str::to_owned), severity, accepted })
}

fn next_page(asked: &Asked, query: Option<&str>, limit: usize, after: usize) -> String {
    let kept = query.unwrap_or("").split('&');
    let kept = kept.filter(|p| !p.is_empty() && !p.starts_with("after=") && !p.starts_with("limit="));
    let own = [format!("limit={limit}"), format!("after={after}")];
    format!("{}/findings?{}", asked.base, kept.map(str::to_owned).chain(own).collect::<Vec<_>>().join("&"))
}

fn described(found: &Found) -> Value {
    let Found { row, finding, accepted } = found;
    let accepted = accepted.as_ref().map(|a| json!({"by": a.by, "on": a.on, "reason": a.reason}));
    json!({
        "collection": row.collection().id(),
        "id": row.id,
        "name": row.name(),
        "revision": row.revision,
        "rule": finding.rule,
        "severity": finding.severity,
        "field": finding.field,
        "message": finding.message,
        "position": finding.position,
        "remedy": model::remedy(&finding.rule),
        "accepted": accepted,
    })
}
