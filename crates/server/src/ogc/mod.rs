//! OGC API Features, Part 1: Core (OGC 17-069r4), with GeoJSON; map tiles of OGC API Tiles.

mod api;
mod collections;
mod items;
mod landing;
mod layers;
mod map_tiles;

pub(crate) use landing::landing;
pub(crate) use layers::{no_past, params as layer_params};

use axum::Router;
use axum::http::header;
use axum::response::{IntoResponse, Response};
use axum::routing::get;
use serde_json::{Value, json};

use crate::App;
use crate::problem::Problem;

/// The one media type of resources that are not features.
const JSON: &str = "application/json";
/// Media type of features.
const GEOJSON: &str = "application/geo+json";
/// Longitude and latitude on WGS 84, the only reference system so far.
const CRS84: &str = "http://www.opengis.net/def/crs/OGC/1.3/CRS84";

pub(crate) fn routes() -> Router<App> {
    Router::new()
        .route("/", get(landing))
        .route("/conformance", get(landing::conformance))
        .route("/api", get(api::api))
        .route("/collections", get(collections::collections))
        .route("/collections/{collection}", get(collections::collection))
        .route("/collections/{collection}/schema", get(collections::schema))
        .route("/collections/{collection}/items", get(items::items))
        .route("/collections/{collection}/items/{id}", get(items::item))
        .route("/map/tiles/{set}/{z}/{row}/{column}", get(map_tiles::of_hazards))
        .route("/collections/{collection}/map/tiles/{set}/{z}/{row}/{column}", get(map_tiles::of_collection))
}

fn link(rel: &str, kind: &str, title: &str, href: String) -> Value {
    json!({"rel": rel, "type": kind, "title": title, "href": href})
}

pub(crate) fn collection_named(id: &str) -> Result<model::Collection, Problem> {
    let known = model::Collection::ALL.map(model::Collection::id).join(", ");
    let found = model::Collection::ALL.into_iter().find(|collection| collection.id() == id);
    found.ok_or_else(|| Problem::not_found(format!("no collection {id:?}; there are {known}")))
}

fn typed(kind: &'static str, body: String) -> Response {
    ([(header::CONTENT_TYPE, kind)], body).into_response()
}
