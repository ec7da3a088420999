//! `GET /ogc/api`: the API as an OpenAPI 3.0 document. Collection paths are literal: clients look for them so.

use axum::extract::RawQuery;
use axum::response::Response;
use model::Collection;
use serde_json::{Map, Value, json};

use super::items::{PAGE, PAGE_MAX};
use super::{layers, typed};
use crate::asked::Asked;
use crate::params::Params;
use crate::problem::Problem;

/// The document; its media type is the one that clients of OGC API ask for.
pub(crate) async fn api(asked: Asked, RawQuery(query): RawQuery) -> Result<Response, Problem> {
    Params::known(query.as_deref(), &["f"])?;
    let document = json!({
        "openapi": "3.0.3",
        "info": {
            "title": "minemap",
            "version": env!("CARGO_PKG_VERSION"),
            "description": model::NO_RECORD_IS_NOT_SAFETY,
            "license": {"name": "Apache-2.0 OR MIT"},
        },
        "servers": [{"url": format!("{}/ogc", asked.base)}],
        // Reading needs none of them: whoever shows nothing sees what everybody sees.
        "security": [{}, {"token": []}, {"tokenAsPassword": []}],
        "paths": paths(&layers::named(&asked)),
        "components": {
            "parameters": parameters(),
            "responses": responses(),
            "securitySchemes": {
                "token": {"type": "http", "scheme": "bearer"},
                "tokenAsPassword": {"type": "http", "scheme": "basic"},
            },
        },
    });
    Ok(typed("application/vnd.oai.openapi+json;version=3.0", document.to_string()))
}

fn paths(layers: &[(String, String)]) -> Map<String, Value> {
    let mut paths = Map::new();
    let mut add = |path: String, operation: Value| paths.insert(path, json!({"get": operation}));
    add("/".to_owned(), operation("getLandingPage", "Landing page", &[]));
    add("/conformance".to_owned(), operation("getConformance", "Conformance classes", &[]));
    add("/api".to_owned(), operation("getApi", "This document", &[]));
    add("/collections".to_owned(), operation("getCollections", "Collections", &[]));
    let own = Collection::ALL.map(|collection| (collection.id(), collection.label().en));
    let layers = layers.iter().map(|(id, title)| (id.as_str(), title.as_str()));
    for (id, title) in own.into_iter().chain(layers) {
        let names = ["limit", "bbox", "datetime", "after", "not-placed", "known-at"];
        add(format!("/collections/{id}"), operation(&format!("{id}.describe"), title, &[]));
        add(format!("/collections/{id}/items"), operation(&format!("{id}.getItems"), title, &names));
        add(format!("/collections/{id}/schema"), operation(&format!("{id}.getSchema"), title, &[]));
        add(
            format!("/collections/{id}/items/{{featureId}}"),
            operation(&format!("{id}.getItem"), title, &["featureId", "known-at"]),
        );
    }
    paths
}

fn operation(id: &str, summary: &str, parameters: &[&str]) -> Value {
    let parameters: Vec<_> =
        parameters.iter().map(|name| json!({"$ref": format!("#/components/parameters/{name}")})).collect();
    json!({
        "operationId": id,
        "summary": summary,
        "parameters": parameters,
        "responses": answers(),
    })
}

/// Whatever the handler, a request may lack a right, come too often, or find the server busy.
fn answers() -> Value {
    let problem = json!({"$ref": "#/components/responses/Problem"});
    let problems =
        ["400", "401", "403", "404", "405", "406", "408", "410", "413", "421", "429", "500", "503"];
    let mut answers: Map<_, _> =
        problems.into_iter().map(|status| (status.to_owned(), problem.clone())).collect();
    answers.insert("200".to_owned(), json!({"$ref": "#/components/responses/Ok"}));
    Value::Object(answers)
}

fn parameters() -> Value {
    json!({
        "limit": {
            "name": "limit", "in": "query", "required": false, "style": "form", "explode": false,
            "description": "How many records a page holds at most.",
            "schema": {"type": "integer", "minimum": 1, "maximum": PAGE_MAX, "default": PAGE},
        },
        "bbox": {
            "name": "bbox", "in": "query", "required": false, "style": "form", "explode": false,
            "description": "West, south, east, north in degrees (WGS 84). Records without a place match any box.",
            "schema": {"type": "array", "minItems": 4, "maxItems": 6, "items": {"type": "number"}},
        },
        "datetime": {
            "name": "datetime", "in": "query", "required": false, "style": "form", "explode": false,
            "description": "A moment or an interval (RFC 3339), held against the date of reporting.",
            "schema": {"type": "string"},
        },
        "after": {
            "name": "after", "in": "query", "required": false, "style": "form", "explode": false,
            "description": "The page begins after this record or feature; set by the link `next`.",
            "schema": {"type": "string"},
        },
        "not-placed": {
            "name": "not-placed", "in": "query", "required": false, "style": "form", "explode": false,
            "description": "Only records without a place on the map (true), or only those with one (false).",
            "schema": {"type": "boolean"},
        },
        "known-at": {
            "name": "known-at", "in": "query", "required": false, "style": "form", "explode": false,
            "description": "The register as it was known then: a revision, a time (RFC 3339) or a date.",
            "schema": {"type": "string"},
        },
        "featureId": {
            "name": "featureId", "in": "path", "required": true,
            "description": "Identifier of the record (a UUID), or number of a reference layer's feature.",
            "schema": {"type": "string"},
        },
    })
}

fn responses() -> Value {
    json!({
        "Ok": {"description": "The resource.", "content": {
            "application/json": {"schema": {"type": "object"}},
            "application/geo+json": {"schema": {"type": "object"}},
            "application/schema+json": {"schema": {"type": "object"}},
            "application/vnd.oai.openapi+json;version=3.0": {"schema": {"type": "object"}},
        }},
        "Problem": {"description": "What went wrong (RFC 9457).", "content": {
            "application/problem+json": {"schema": {"type": "object"}},
        }},
    })
}
