//! Questions about the ground. Every answer says as of when, and how many records have no place on the map.

use std::fmt::Write;
use std::sync::Arc;

use axum::Json;
use axum::extract::RawQuery;
use axum::http::header;
use axum::response::{IntoResponse, Response};
use geo_types::Coord;
use model::NO_RECORD_IS_NOT_SAFETY;
use serde_json::{Value, json};
use spatial_index::{Hit, Row, Summary};

use crate::asked::Asked;
use crate::feature::write_feature;
use crate::params::Params;
use crate::problem::Problem;

/// Largest radius of a question, in metres.
const RADIUS_M_MAX: f64 = 100_000.0;
/// Hazards given in one answer where the question does not say.
pub(crate) const HITS: usize = 100;
/// Most hazards given in one answer; more are counted in `more`.
pub(crate) const HITS_MAX: usize = 10_000;

/// `GET /query/at?lon&lat`: the open hazards that contain a place, its position error included.
pub(crate) async fn at(asked: Asked, RawQuery(query): RawQuery) -> Result<Response, Problem> {
    let params = Params::known(query.as_deref(), &["lon", "lat", "known-at"])?;
    let place = place(&params)?;
    let hits = asked.view.at(place);
    Ok(answer(&asked, &hits, 0))
}

/// `GET /query/near?lon&lat&radius_m[&limit]`: the open hazards within a distance, nearest first.
pub(crate) async fn near(asked: Asked, RawQuery(query): RawQuery) -> Result<Response, Problem> {
    let params = Params::known(query.as_deref(), &["lon", "lat", "radius_m", "limit", "known-at"])?;
    let place = place(&params)?;
    let radius_m = params.needed_number("radius_m", 0.0, RADIUS_M_MAX)?;
    let near = asked.view.near(place, radius_m, params.limit(HITS, HITS_MAX)?);
    Ok(answer(&asked, &near.hits, near.more))
}

fn place(params: &Params) -> Result<Coord<f64>, Problem> {
    Ok(Coord { x: params.needed_number("lon", -180.0, 180.0)?, y: params.needed_number("lat", -90.0, 90.0)? })
}

fn answer(asked: &Asked, hits: &[Hit], more: u64) -> Response {
    let beside =
        |hit: &Hit| vec![("distance_m", json!(hit.distance_m)), ("bearing_deg", json!(hit.bearing_deg()))];
    features(asked, hits.iter().map(|hit| (&hit.row, beside(hit))), more, &[])
}

/// What is said of a feature, or of an answer, beside its properties.
pub(crate) type Beside = Vec<(&'static str, Value)>;

/// A feature collection with our members beside; `more` records were found but not listed.
pub(crate) fn features<'a>(
    asked: &Asked,
    found: impl ExactSizeIterator<Item = (&'a Arc<Row>, Beside)>,
    more: u64,
    members: &[(&'static str, Value)],
) -> Response {
    let mut body = String::from(r#"{"type":"FeatureCollection","features":["#);
    let returned = found.len();
    for (index, (row, beside)) in found.enumerate() {
        if index > 0 {
            body.push(',');
        }
        write_feature(&mut body, row, asked.admin(row).as_deref(), &beside);
    }
    body.push(']');
    for (name, value) in members {
        let _ = write!(body, r#","{name}":{value}"#);
    }
    let _ = write!(
        body,
        r#","numberReturned":{returned},"more":{more},"revision":{},"as_of":"{}","not_placed":{},"known_at":{},"sentence":{}}}"#,
        asked.view.revision(),
        asked.as_of,
        asked.view.summary().not_placed,
        json!(asked.known_at()),
        json!(NO_RECORD_IS_NOT_SAFETY),
    );
    ([(header::CONTENT_TYPE, "application/geo+json")], body).into_response()
}

/// `GET /query/summary`: how much the register holds, and how fresh it is.
pub(crate) async fn summary(asked: Asked, RawQuery(query): RawQuery) -> Result<Json<Value>, Problem> {
    Params::known(query.as_deref(), &["known-at"])?;
    let summary = asked.view.summary();
    Ok(Json(json!({
        "program": "minemap",
        "version": env!("CARGO_PKG_VERSION"),
        "revision": asked.view.revision(),
        "recorded_at": asked.view.recorded_at().map(|at| at.to_string()),
        "as_of": asked.as_of,
        "known_at": asked.known_at(),
        "first_recorded_at": asked.view.first_recorded_at().map(|at| at.to_string()),
        "proposals_pending": pending(&asked),
        "synthetic": summary.synthetic_records > 0,
        "synthetic_records": summary.synthetic_records,
        "not_placed": summary.not_placed,
        "extent": summary.extent.map(|b| [b.west, b.south, b.east, b.north]),
        "collections": collections(&summary),
        "sentence": NO_RECORD_IS_NOT_SAFETY,
    })))
}

fn pending(asked: &Asked) -> usize {
    asked.view.proposals().into_iter().filter(|proposal| asked.view.is_pending(proposal)).count()
}

fn collections(summary: &Summary) -> Vec<Value> {
    let counted = summary.collections.iter().map(|of| {
        let counts = of.counts.iter().map(|counted| {
            let mut count: serde_json::Map<_, _> =
                counted.tags.iter().map(|(name, code)| (name.to_owned(), json!(code))).collect();
            count.insert("records".to_owned(), json!(counted.records));
            Value::Object(count)
        });
        json!({
            "id": of.collection.id(),
            "records": of.records,
            "not_placed": of.not_placed,
            "counts": counts.collect::<Vec<_>>(),
        })
    });
    counted.collect()
}
