//! Vector tiles of reference layers, and their TileJSON.

use model::{Bounds, Properties};
use reference::{Kind, Layer};
use serde_json::{Map, Value, json};
use tiles::{Plain, TileId};

use crate::asked::Asked;
use crate::problem::Problem;
use crate::tile::ZOOM_ADVERTISED;

/// The bytes of a tile; none where no feature is near it.
pub(crate) fn vector_tile(layer: &Layer, tile: TileId) -> Result<Vec<u8>, String> {
    let near = layer.near(&tiles::searched(tile));
    let properties: Vec<Properties> = near
        .iter()
        .map(|feature| serde_json::from_str(&feature.properties))
        .collect::<Result<_, _>>()
        .map_err(|error| error.to_string())?;
    let plain = near.iter().zip(&properties).filter_map(|(feature, properties)| {
        let geometry = feature.geometry.as_ref()?;
        Some(Plain { number: feature.number, geometry, properties })
    });
    tiles::plain_tile(&layer.about().id, &plain.collect::<Vec<_>>(), tile).map_err(|error| error.to_string())
}

/// TileJSON 3.0.0 of a layer.
pub(crate) fn tile_json(asked: &Asked, layer: &Layer, query: Option<&str>) -> Result<Value, Problem> {
    crate::ogc::layer_params(query, &["known-at"])?;
    let about = layer.about();
    let id = &about.id;
    let extent = layer.extent().unwrap_or(Bounds::WORLD);
    let own = about.fields.iter().map(|field| (field.name.clone(), json!(tile_type(field.kind))));
    let mut fields: Map<String, Value> = own.collect();
    // Of merged features only their number is known.
    fields.entry("count").or_insert(json!("Number"));
    Ok(json!({
        "tilejson": "3.0.0",
        "name": about.title,
        "attribution": "minemap",
        "description": format!("Reference layer, read from {}", about.source),
        "tiles": [format!("{}/tiles/{id}/{{z}}/{{x}}/{{y}}.mvt", asked.base)],
        "minzoom": 0,
        "maxzoom": ZOOM_ADVERTISED,
        "bounds": [extent.west, extent.south, extent.east, extent.north],
        "vector_layers": [{"id": id, "fields": fields, "minzoom": 0, "maxzoom": ZOOM_ADVERTISED}],
    }))
}

fn tile_type(kind: Kind) -> &'static str {
    match kind {
        Kind::Number => "Number",
        Kind::Truth => "Boolean",
        Kind::Text | Kind::Structure | Kind::Mixed => "String",
    }
}
