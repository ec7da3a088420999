//! Questions that come with a shape: what lies along a way, what lies in an area.

use axum::body::Bytes;
use axum::extract::RawQuery;
use axum::response::Response;
use serde_json::{Map, Value, json};
use spatial_index::{Inside, OnWay, Part};

use crate::asked::Asked;
use crate::params::Params;
use crate::problem::Problem;
use crate::query::{Beside, HITS, HITS_MAX, features};
use crate::sent_shape::{self, too_much};

/// Furthest from a way that hazards are asked for, in metres.
const BUFFER_M_MAX: f64 = 10_000.0;

/// `POST /query/route?buffer_m[&limit]`: the open hazards along a way, in order of `chainage_m`.
pub(crate) async fn route(asked: Asked, RawQuery(query): RawQuery, body: Bytes) -> Result<Response, Problem> {
    let params = Params::known(query.as_deref(), &["buffer_m", "limit", "known-at"])?;
    let buffer_m = params.needed_number("buffer_m", 0.0, BUFFER_M_MAX)?;
    let limit = params.limit(HITS, HITS_MAX)?;
    at_work(move || {
        let way = sent_shape::way(&body)?;
        let found = asked.view.along(&way, buffer_m, limit);
        let found =
            found.map_err(|limit| too_much(limit, "ask about a shorter way, or a smaller buffer_m"))?;
        let members = [("length_m", json!(to_mm(way.length_m()))), ("buffer_m", json!(buffer_m))];
        let hits = found.hits.iter().map(|hit| (&hit.row, beside(hit)));
        Ok(features(&asked, hits, found.more, &members))
    })
    .await
}

fn beside(hit: &OnWay) -> Beside {
    vec![
        ("distance_m", json!(hit.distance_m)),
        ("chainage_m", json!(to_mm(hit.chainage_m))),
        ("chainage_from_m", json!(to_mm(hit.chainage_from_m))),
        ("chainage_to_m", json!(to_mm(hit.chainage_to_m))),
    ]
}

/// `POST /query/area[?limit]`: what lies in an area, and how much ground of it.
pub(crate) async fn area(asked: Asked, RawQuery(query): RawQuery, body: Bytes) -> Result<Response, Problem> {
    let params = Params::known(query.as_deref(), &["limit", "known-at"])?;
    let limit = params.limit(HITS, HITS_MAX)?;
    at_work(move || {
        let area = sent_shape::area(&body)?;
        let found = asked.view.inside(&area, limit);
        let found = found.map_err(|limit| too_much(limit, "ask about a smaller area"))?;
        let beside = |by_position_error: bool| vec![("by_position_error", json!(by_position_error))];
        let hits = found.listed.iter().map(|hit| (&hit.row, beside(hit.by_position_error)));
        Ok(features(&asked, hits, found.more, &statistics(&found)))
    })
    .await
}

fn statistics(found: &Inside) -> [(&'static str, Value); 5] {
    let with_codes = |whole: &Part, parts: &[Part]| {
        let mut value = part(whole);
        value.insert("by_code".to_owned(), parts.iter().map(|one| Value::Object(part(one))).collect());
        value
    };
    let mut hazards = with_codes(&found.hazards, &found.hazards_by_code);
    hazards.insert("by_position_error".to_owned(), json!(found.by_position_error));
    let not_surveyed_m2 = (found.area_m2 - found.surveyed.area_m2).max(0.0);
    [
        ("area_m2", json!(to_mm(found.area_m2))),
        ("hazards", Value::Object(hazards)),
        ("released", Value::Object(with_codes(&found.released, &found.releases_by_code))),
        ("surveyed", Value::Object(with_codes(&found.surveyed, &found.surveys_by_code))),
        ("not_surveyed_m2", json!(to_mm(not_surveyed_m2))),
    ]
}

fn part(part: &Part) -> Map<String, Value> {
    let mut value = Map::new();
    if let Some(collection) = part.collection {
        value.insert("collection".to_owned(), json!(collection.id()));
    }
    value.extend(part.tags.iter().map(|(name, code)| (name.to_owned(), json!(code))));
    value.insert("records".to_owned(), json!(part.records));
    value.insert("without_area".to_owned(), json!(part.without_area));
    value.insert("area_m2".to_owned(), json!(to_mm(part.area_m2)));
    value
}

/// Millimetres, and thousandths of a square metre, are as far as figures are given.
fn to_mm(value: f64) -> f64 {
    (value * 1_000.0).round() / 1_000.0
}

/// Does work that may take a while where it holds nobody up.
async fn at_work<T: Send + 'static>(
    work: impl FnOnce() -> Result<T, Problem> + Send + 'static,
) -> Result<T, Problem> {
    tokio::task::spawn_blocking(work).await.map_err(|error| Problem::internal(&error.to_string()))?
}
