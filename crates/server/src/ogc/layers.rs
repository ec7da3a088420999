//! Reference layers as OGC collections, beside those of the register.
//!
//! Features keep the order and the numbers of the file they came from, and a page ends with a number, so paging
//! neither skips nor repeats while the layer stays. A layer has no past: `known-at` is refused.

use axum::http::{HeaderName, header};
use axum::response::{IntoResponse, Response};
use model::Bounds;
use reference::{Feature, Kind, Layer};
use serde_json::{Map, Value, json};

use super::items::{Interval, PAGE, PAGE_MAX, only_json, page_links};
use super::{CRS84, GEOJSON, JSON, link, typed};
use crate::asked::Asked;
use crate::params::Params;
use crate::problem::Problem;

const KNOWN: [&str; 7] = ["f", "bbox", "datetime", "limit", "after", "not-placed", NO_PAST];
const NO_PAST: &str = "known-at";
/// Media type of a JSON Schema.
const SCHEMA: &str = "application/schema+json";

/// The parameters of a request to a layer; one that asks for the past is refused.
pub(crate) fn params(query: Option<&str>, names: &[&str]) -> Result<Params, Problem> {
    let params = Params::known(query, names)?;
    no_past(&params)?;
    Ok(params)
}

/// Refuses a request for the past.
pub(crate) fn no_past(params: &Params) -> Result<(), Problem> {
    match params.text(NO_PAST) {
        None => Ok(()),
        Some(text) => {
            let allowed = "nothing: a reference layer has no past, it is as its file was when it was added";
            Err(Problem::bad_parameter(NO_PAST, text, allowed))
        }
    }
}

/// A layer as a collection.
pub(super) fn describe(asked: &Asked, layer: &Layer) -> Value {
    let about = layer.about();
    let (id, title) = (&about.id, about.title.as_str());
    let here = format!("{}/ogc/collections/{id}", asked.base);
    let extent = layer.extent().unwrap_or(Bounds::WORLD);
    json!({
        "id": id,
        "title": title,
        "description": format!("Reference layer, read from {} on {}. Not a record of the register.",
            about.source, about.added_at),
        "itemType": "feature",
        "extent": {"spatial": {"bbox": [[extent.west, extent.south, extent.east, extent.north]], "crs": CRS84}},
        "crs": [CRS84],
        "reference_layer": {"admin_code": about.admin_code, "added_at": about.added_at.to_string(),
            "source": about.source, "features": about.counts},
        "links": [
            link("self", JSON, title, here.clone()),
            link("items", GEOJSON, title, format!("{here}/items")),
            link("http://www.opengis.net/def/rel/ogc/1.0/schema", SCHEMA, "Schema", format!("{here}/schema")),
            link("http://www.opengis.net/def/rel/ogc/1.0/tilesets-vector", JSON, "Vector tiles",
                format!("{}/tiles/{id}.json", asked.base)),
        ],
    })
}

/// `GET /ogc/collections/{layer}/items`.
pub(super) fn items(asked: &Asked, layer: &Layer, query: Option<&str>) -> Result<Response, Problem> {
    let params = params(query, &KNOWN)?;
    only_json(&params)?;
    let limit = params.limit(PAGE, PAGE_MAX)?;
    let matching = matching(layer, &params)?;
    let from = match params.text("after") {
        None => 0,
        Some(text) => {
            let refused = |_| Problem::bad_parameter("after", text, "the value in a link `next`");
            let after = text.parse::<u64>().map_err(refused)?;
            matching.partition_point(|feature| feature.number <= after)
        }
    };
    let page: Vec<_> = matching[from..].iter().take(limit).copied().collect();
    let next =
        (from + page.len() < matching.len()).then(|| page.last().map(|feature| feature.number)).flatten();
    let about = layer.about();
    let links = page_links(asked, (&about.id, &about.title), query, limit, next);
    Ok(answer(asked, layer, &page, matching.len(), links))
}

fn matching<'l>(layer: &'l Layer, params: &Params) -> Result<Vec<&'l Feature>, Problem> {
    let mut features = match params.bbox()? {
        Some(bbox) => layer.in_bbox(bbox),
        None => layer.features().iter().collect(),
    };
    match params.text("not-placed") {
        None => {}
        Some("true") => features.retain(|feature| feature.geometry.is_none()),
        Some("false") => features.retain(|feature| feature.geometry.is_some()),
        Some(other) => return Err(Problem::bad_parameter("not-placed", other, "true, false")),
    }
    // No field of a layer is known to be a date, so every feature matches any time (OGC 17-069r4, 7.15.4).
    params.text("datetime").map(Interval::read).transpose()?;
    Ok(features)
}

fn answer(asked: &Asked, layer: &Layer, page: &[&Feature], matched: usize, links: Vec<Value>) -> Response {
    let mut body = String::from(r#"{"type":"FeatureCollection","features":["#);
    for (index, feature) in page.iter().enumerate() {
        if index > 0 {
            body.push(',');
        }
        feature.write(&mut body);
    }
    let about = layer.about();
    let rest = json!({
        "numberMatched": matched, "numberReturned": page.len(), "timeStamp": asked.as_of,
        "not_placed": about.counts.without_geometry + about.counts.geometry_unreadable,
        "links": links,
    });
    body.push_str("],");
    body.push_str(rest.to_string().trim_start_matches('{'));
    typed(GEOJSON, body)
}

/// `GET /ogc/collections/{layer}/items/{number}`.
pub(super) fn item(
    asked: &Asked,
    layer: &Layer,
    number: &str,
    query: Option<&str>,
) -> Result<Response, Problem> {
    only_json(&params(query, &["f", NO_PAST])?)?;
    let about = layer.about();
    let found = number.parse().ok().and_then(|number| layer.feature(number));
    let feature =
        found.ok_or_else(|| Problem::not_found(format!("no feature {number:?} in {}", about.id)))?;
    let here = format!("{}/ogc/collections/{}", asked.base, about.id);
    let links = json!([
        link("self", GEOJSON, "This feature", format!("{here}/items/{}", feature.number)),
        link("collection", JSON, &about.title, here),
    ]);
    let mut body = String::new();
    feature.write(&mut body);
    body.pop();
    body.push_str(&format!(r#","links":{links}}}"#));
    let crs = (HeaderName::from_static("content-crs"), format!("<{CRS84}>"));
    Ok(([(header::CONTENT_TYPE, GEOJSON.to_owned()), crs], body).into_response())
}

/// `GET /ogc/collections/{layer}/schema`: the layer's own fields as a JSON Schema (2020-12).
pub(super) fn schema(asked: &Asked, layer: &Layer, query: Option<&str>) -> Result<Response, Problem> {
    params(query, &["f", NO_PAST])?;
    let about = layer.about();
    let mut properties: Map<String, Value> =
        about.fields.iter().map(|field| (field.name.clone(), described(field.kind))).collect();
    if !properties.contains_key("geometry") {
        let geometry = json!({"format": "geometry-any", "x-ogc-role": "primary-geometry"});
        properties.insert("geometry".to_owned(), geometry);
    }
    let body = json!({
        "$schema": "https://json-schema.org/draft/2020-12/schema",
        "$id": format!("{}/ogc/collections/{}/schema", asked.base, about.id),
        "type": "object",
        "title": about.title,
        "properties": properties,
    });
    Ok(typed(SCHEMA, body.to_string()))
}

fn described(kind: Kind) -> Value {
    match kind {
        Kind::Text => json!({"type": "string"}),
        Kind::Number => json!({"type": "number"}),
        Kind::Truth => json!({"type": "boolean"}),
        Kind::Structure => json!({"type": ["object", "array"]}),
        Kind::Mixed => json!({}),
    }
}

/// Names of a layer's operations in the API document: identifier, title.
pub(super) fn named(asked: &Asked) -> Vec<(String, String)> {
    asked.layers.iter().map(|(id, layer)| (id.to_owned(), layer.about().title.clone())).collect()
}
