//! Vector and raster tiles by XYZ, and TileJSON. Empty is 204; a failure never looks like empty.

use std::io::Write;
use std::sync::Arc;

use axum::Json;
use axum::extract::{Path, RawQuery, State};
use axum::http::{HeaderMap, HeaderValue, StatusCode, header};
use axum::response::{IntoResponse, Response};
use flate2::Compression;
use flate2::write::GzEncoder;
use serde_json::{Map, Value, json};
use sha2::{Digest, Sha256};
use spatial_index::{Layer, View};
use tiles::{TileId, TileSize};

use crate::asked::Asked;
use crate::params::Params;
use crate::problem::Problem;
use crate::tile_cache::{Cache, Key, Source, Stored};
use crate::{App, layer_tile};

/// Deepest zoom that clients are told of; they enlarge its tiles further in.
pub(crate) const ZOOM_ADVERTISED: u8 = 16;

/// `GET /tiles/{layer}/{z}/{x}/{y}.mvt`, `….png` (256 pixels) and `…@2x.png` (512 pixels).
pub(crate) async fn tile(
    State(app): State<App>,
    asked: Asked,
    Path((layer, z, x, y)): Path<(String, String, String, String)>,
    RawQuery(query): RawQuery,
    headers: HeaderMap,
) -> Result<Response, Problem> {
    let params = Params::known(query.as_deref(), &["known-at"])?;
    let (row, form) = form_named(&y)?;
    let found = match (asked.layer(&layer)?, form) {
        (Some(layer), Form::Vector) => {
            crate::ogc::no_past(&params)?;
            Found::Reference(Arc::clone(layer))
        }
        (Some(_), Form::Raster(_)) => {
            return Err(Problem::not_found(format!("layer {layer:?} has vector tiles (.mvt) only")));
        }
        (None, form) => Found::Records(layer_named(&layer)?, form),
    };
    given(app, asked, found, tile_named(&z, &x, row)?, &headers).await
}

/// Answers a tile that is kept, or made now.
pub(crate) async fn given(
    app: App,
    asked: Asked,
    found: Found,
    tile: TileId,
    headers: &HeaderMap,
) -> Result<Response, Problem> {
    if let Some(stored) = app.tiles.get(&found.key(&asked.view, tile), found.source(&asked.view, tile)) {
        return Ok(answer(&stored, headers));
    }
    let made = tokio::task::spawn_blocking(move || stored(&app.tiles, &asked.view, &found, tile)).await;
    let stored = made.map_err(|error| Problem::internal(&error.to_string()))?;
    let stored = stored.map_err(|error| Problem::internal(&error))?;
    Ok(answer(&stored, headers))
}

/// How a tile is drawn.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub(crate) enum Form {
    /// Mapbox vector tile.
    Vector,
    /// PNG.
    Raster(TileSize),
}

/// Row and form of a file name.
fn form_named(file: &str) -> Result<(&str, Form), Problem> {
    let forms = [
        (".mvt", Form::Vector),
        ("@2x.png", Form::Raster(TileSize::Px512)),
        (".png", Form::Raster(TileSize::Px256)),
    ];
    let named = forms.into_iter().find_map(|(end, form)| Some((file.strip_suffix(end)?, form)));
    named.ok_or_else(|| {
        Problem::not_found(format!("no tile format in {file:?}; there are .mvt, .png and @2x.png"))
    })
}

/// What a tile shows.
pub(crate) enum Found {
    Records(Layer, Form),
    Reference(Arc<reference::Layer>),
}

impl Found {
    pub fn key(&self, view: &View, tile: TileId) -> Key {
        match self {
            Self::Records(layer, form) => Key::of_records(view, *layer, *form, tile),
            Self::Reference(layer) => Key::of_reference(layer, view.scope(), tile),
        }
    }

    pub fn source<'v>(&self, view: &'v View, tile: TileId) -> Source<'v> {
        match self {
            Self::Records(layer, _) => {
                Source::Records { view, layer: *layer, searched: tiles::searched(tile) }
            }
            Self::Reference(_) => Source::Fixed,
        }
    }
}

fn stored(cache: &Cache, view: &View, found: &Found, tile: TileId) -> Result<Arc<Stored>, String> {
    cache.get_or_make(found.key(view, tile), found.source(view, tile), || made(view, found, tile))
}

/// Makes a tile.
pub(crate) fn made(view: &View, found: &Found, tile: TileId) -> Result<Stored, String> {
    let bytes = match found {
        Found::Records(layer, Form::Vector) => {
            tiles::vector_tile(view, *layer, tile).map_err(|e| e.to_string())?
        }
        Found::Records(layer, Form::Raster(size)) => {
            tiles::raster_tile(view, *layer, tile, *size).map_err(|e| e.to_string())?
        }
        Found::Reference(layer) => layer_tile::vector_tile(layer, tile)?,
    };
    let is_png = matches!(found, Found::Records(_, Form::Raster(_)));
    let hash: String = Sha256::digest(&bytes)[..8].iter().map(|byte| format!("{byte:02x}")).collect();
    let is_kept_as_it_is = is_png || bytes.is_empty();
    let bytes = if is_kept_as_it_is { bytes } else { compressed(&bytes).map_err(|e| e.to_string())? };
    Ok(Stored { etag: format!("\"{hash}\""), bytes, is_png })
}

fn compressed(bytes: &[u8]) -> std::io::Result<Vec<u8>> {
    // Level 1: higher levels cost many times more for a few per cent fewer bytes.
    let mut encoder = GzEncoder::new(Vec::with_capacity(bytes.len() / 2), Compression::fast());
    encoder.write_all(bytes)?;
    encoder.finish()
}

fn answer(stored: &Stored, asked: &HeaderMap) -> Response {
    let common = [
        (header::ETAG, header_value(&stored.etag)),
        (header::CACHE_CONTROL, HeaderValue::from_static("no-cache")),
        (header::VARY, HeaderValue::from_static("accept-encoding")),
    ];
    if asked.get(header::IF_NONE_MATCH).is_some_and(|known| names_it(known, &stored.etag)) {
        return (StatusCode::NOT_MODIFIED, common).into_response();
    }
    if stored.bytes.is_empty() {
        return (StatusCode::NO_CONTENT, common).into_response();
    }
    if stored.is_png {
        let kind = (header::CONTENT_TYPE, HeaderValue::from_static("image/png"));
        return (common, [kind], stored.bytes.clone()).into_response();
    }
    let kind = (header::CONTENT_TYPE, HeaderValue::from_static("application/vnd.mapbox-vector-tile"));
    if takes_gzip(asked) {
        let coding = (header::CONTENT_ENCODING, HeaderValue::from_static("gzip"));
        return (common, [kind, coding], stored.bytes.clone()).into_response();
    }
    match plain(&stored.bytes) {
        Ok(bytes) => (common, [kind], bytes).into_response(),
        Err(error) => Problem::internal(&error.to_string()).into_response(),
    }
}

fn header_value(text: &str) -> HeaderValue {
    HeaderValue::from_str(text).unwrap_or(HeaderValue::from_static("\"\""))
}

fn names_it(known: &HeaderValue, etag: &str) -> bool {
    let known = known.to_str().unwrap_or("");
    known.split(',').any(|one| one.trim().trim_start_matches("W/") == etag)
}

fn takes_gzip(asked: &HeaderMap) -> bool {
    let codings = asked.get(header::ACCEPT_ENCODING).and_then(|value| value.to_str().ok()).unwrap_or("");
    codings.split(',').any(|one| {
        let (coding, weight) = one.split_once(';').unwrap_or((one, ""));
        matches!(coding.trim(), "gzip" | "*") && weight.trim() != "q=0"
    })
}

fn plain(gzip: &[u8]) -> std::io::Result<Vec<u8>> {
    let mut bytes = Vec::new();
    std::io::Read::read_to_end(&mut flate2::read::GzDecoder::new(gzip), &mut bytes)?;
    Ok(bytes)
}

pub(crate) fn layer_named(id: &str) -> Result<Layer, Problem> {
    Layer::from_id(id).ok_or_else(|| {
        let known = model::Collection::ALL.map(model::Collection::id).join(", ");
        Problem::not_found(format!("no layer {id:?}; there are hazards, {known}"))
    })
}

pub(crate) fn tile_named(z: &str, x: &str, row: &str) -> Result<TileId, Problem> {
    let id = z.parse().ok().zip(x.parse().ok()).zip(row.parse().ok());
    id.and_then(|((z, x), y)| TileId::new(z, x, y))
        .ok_or_else(|| Problem::not_found(format!("no tile {z}/{x}/{row} in the grid")))
}

/// `GET /tiles/{layer}.json`: TileJSON 3.0.0.
pub(crate) async fn tile_json(
    asked: Asked,
    Path(file): Path<String>,
    RawQuery(query): RawQuery,
) -> Result<Json<Value>, Problem> {
    let id = file
        .strip_suffix(".json")
        .ok_or_else(|| Problem::not_found(format!("nothing stands at /tiles/{file}")))?;
    if let Some(layer) = asked.layer(id)? {
        return layer_tile::tile_json(&asked, layer, query.as_deref()).map(Json);
    }
    Params::known(query.as_deref(), &[])?;
    let layer = layer_named(id)?;
    let extent = asked.view.summary().extent.unwrap_or(model::Bounds::WORLD);
    Ok(Json(json!({
        "tilejson": "3.0.0",
        "name": id,
        "attribution": "minemap",
        "description": model::NO_RECORD_IS_NOT_SAFETY,
        "tiles": [format!("{}/tiles/{id}/{{z}}/{{x}}/{{y}}.mvt", asked.base)],
        "minzoom": 0,
        "maxzoom": ZOOM_ADVERTISED,
        "bounds": [extent.west, extent.south, extent.east, extent.north],
        "vector_layers": layer.collections().map(|c| vector_layer(c.id())).collect::<Vec<_>>(),
    })))
}

fn vector_layer(id: &str) -> Value {
    let texts =
        ["id", "name", "level", "classification", "status", "kind", "triage", "outcome", "result", "review"];
    let mut fields: Map<String, Value> =
        texts.iter().map(|name| ((*name).to_owned(), json!("String"))).collect();
    fields.insert("count".to_owned(), json!("Number"));
    fields.insert("position_accuracy_m".to_owned(), json!("Number"));
    json!({"id": id, "fields": fields, "minzoom": 0, "maxzoom": ZOOM_ADVERTISED})
}
