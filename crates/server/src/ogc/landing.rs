//! The landing page and the conformance classes: only what passes is claimed.

use axum::Json;
use axum::extract::RawQuery;
use serde_json::{Value, json};

use super::{JSON, link};
use crate::asked::Asked;
use crate::params::Params;
use crate::problem::Problem;

const CLASSES: [&str; 2] = [
    "http://www.opengis.net/spec/ogcapi-features-1/1.0/conf/core",
    "http://www.opengis.net/spec/ogcapi-features-1/1.0/conf/geojson",
];

/// `GET /ogc`.
pub(crate) async fn landing(asked: Asked, RawQuery(query): RawQuery) -> Result<Json<Value>, Problem> {
    Params::known(query.as_deref(), &["f"])?;
    let base = format!("{}/ogc", asked.base);
    let openapi = "application/vnd.oai.openapi+json;version=3.0";
    Ok(Json(json!({
        "title": "minemap",
        "description": format!("A register of mine contamination. {}", model::NO_RECORD_IS_NOT_SAFETY),
        "links": [
            link("self", JSON, "This document", base.clone()),
            link("service-desc", openapi, "The API, as OpenAPI 3.0", format!("{base}/api")),
            link("conformance", JSON, "Conformance classes", format!("{base}/conformance")),
            link("data", JSON, "Collections", format!("{base}/collections")),
            link("alternate", "text/html", "The map", format!("{}/", asked.base)),
        ],
    })))
}

/// `GET /ogc/conformance`.
pub(crate) async fn conformance(RawQuery(query): RawQuery) -> Result<Json<Value>, Problem> {
    Params::known(query.as_deref(), &["f"])?;
    Ok(Json(json!({"conformsTo": CLASSES})))
}
