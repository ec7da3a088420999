//! The collections, each with its extent.

use axum::Json;
use axum::extract::{Path, RawQuery};
use axum::response::Response;
use model::{Bounds, Collection};
use serde_json::{Value, json};

use super::{CRS84, GEOJSON, JSON, collection_named, layers, link};
use crate::asked::Asked;
use crate::params::Params;
use crate::problem::Problem;

/// `GET /ogc/collections`.
pub(crate) async fn collections(asked: Asked, RawQuery(query): RawQuery) -> Result<Json<Value>, Problem> {
    Params::known(query.as_deref(), &["f"])?;
    let own = Collection::ALL.into_iter().map(|collection| describe(&asked, collection));
    let layers = asked.layers.iter().map(|(_, layer)| layers::describe(&asked, layer));
    let described: Vec<_> = own.chain(layers).collect();
    let here = format!("{}/ogc/collections", asked.base);
    Ok(Json(json!({"links": [link("self", JSON, "Collections", here)], "collections": described})))
}

/// `GET /ogc/collections/{collection}`.
pub(crate) async fn collection(
    asked: Asked,
    Path(id): Path<String>,
    RawQuery(query): RawQuery,
) -> Result<Json<Value>, Problem> {
    Params::known(query.as_deref(), &["f"])?;
    if let Some(layer) = asked.layer(&id)? {
        return Ok(Json(layers::describe(&asked, layer)));
    }
    Ok(Json(describe(&asked, collection_named(&id)?)))
}

/// `GET /ogc/collections/{collection}/schema`: the fields as a JSON Schema.
pub(crate) async fn schema(
    asked: Asked,
    Path(id): Path<String>,
    RawQuery(query): RawQuery,
) -> Result<Response, Problem> {
    if let Some(layer) = asked.layer(&id)? {
        return layers::schema(&asked, layer, query.as_deref());
    }
    Params::known(query.as_deref(), &["f"])?;
    let mut schema = model::schema(collection_named(&id)?);
    schema["$id"] = json!(format!("{}/ogc/collections/{id}/schema", asked.base));
    Ok(super::typed("application/schema+json", schema.to_string()))
}

fn describe(asked: &Asked, collection: Collection) -> Value {
    let here = format!("{}/ogc/collections/{collection}", asked.base);
    let label = collection.label();
    json!({
        "id": collection.id(),
        "title": label.en,
        "description": collection.description(),
        "itemType": "feature",
        "extent": {"spatial": {"bbox": [extent(asked, collection)], "crs": CRS84}},
        "crs": [CRS84],
        "links": [
            link("self", JSON, label.en, here.clone()),
            link("items", GEOJSON, label.en, format!("{here}/items")),
            link("http://www.opengis.net/def/rel/ogc/1.0/schema", "application/schema+json", "Schema",
                format!("{here}/schema")),
            link("http://www.opengis.net/def/rel/ogc/1.0/tilesets-vector", JSON, "Vector tiles",
                format!("{}/tiles/{collection}.json", asked.base)),
        ],
    })
}

fn extent(asked: &Asked, collection: Collection) -> [f64; 4] {
    let summary = asked.view.summary();
    let own = summary.collections.iter().find(|of| of.collection == collection).and_then(|of| of.extent);
    let bounds = own.unwrap_or(Bounds::WORLD);
    [bounds.west, bounds.south, bounds.east, bounds.north]
}
