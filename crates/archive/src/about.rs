//! What an archive says about itself.

use model::{Bounds, NO_RECORD_IS_NOT_SAFETY};
use serde_json::{Map, Value, json};
use spatial_index::{Layer, View};

use crate::Wanted;

/// What an archive says about itself.
#[derive(Debug, Clone)]
pub struct About {
    /// Least zoom.
    pub zoom_min: u8,
    /// Greatest zoom.
    pub zoom_max: u8,
    /// The box around all records.
    pub bounds: Bounds,
    /// Its members, in order: those of TileJSON, and `minemap` with what it is of.
    pub members: Map<String, Value>,
}

impl About {
    pub(crate) fn of(view: &View, wanted: &Wanted) -> Self {
        let summary = view.summary();
        let bounds = summary.extent.unwrap_or(Bounds::WORLD);
        let layers: Vec<_> = wanted.layers.iter().map(|layer| layer.id()).collect();
        let members = json!({
            "name": format!("minemap {}", layers.join(", ")),
            "description": NO_RECORD_IS_NOT_SAFETY,
            "attribution": "minemap",
            "type": "overlay",
            "version": env!("CARGO_PKG_VERSION"),
            "vector_layers": wanted.layers.iter().flat_map(|layer| vector_layers(*layer, wanted)).collect::<Vec<_>>(),
            "minemap": {
                "epoch": view.epoch(),
                "revision": view.revision(),
                "recorded_at": view.recorded_at().map(|at| at.to_string()),
                "scope": if view.scope().is_public() { "public" } else { "whole" },
                "layers": layers,
                "synthetic": summary.synthetic_records > 0,
                "synthetic_records": summary.synthetic_records,
                "not_placed": summary.not_placed,
            },
        });
        let members = members.as_object().cloned().unwrap_or_default();
        Self { zoom_min: wanted.zoom_min, zoom_max: wanted.zoom_max, bounds, members }
    }

    /// What must be the same for tiles that were made before to be taken.
    pub(crate) fn identity(&self) -> String {
        let is_of = &self.members["minemap"];
        json!([env!("CARGO_PKG_VERSION"), self.zoom_min, self.zoom_max, is_of]).to_string()
    }

    /// The middle of the box.
    pub(crate) fn center(&self) -> (f64, f64) {
        let Bounds { west, south, east, north } = self.bounds;
        (f64::midpoint(west, east), f64::midpoint(south, north))
    }
}

fn vector_layers(layer: Layer, wanted: &Wanted) -> Vec<Value> {
    let texts = [
        "id",
        "name",
        "level",
        "classification",
        "status",
        "kind",
        "triage",
        "outcome",
        "result",
        "state",
        "review",
    ];
    let mut fields: Map<String, Value> =
        texts.iter().map(|name| ((*name).to_owned(), json!("String"))).collect();
    for name in ["count", "position_accuracy_m"] {
        fields.insert(name.to_owned(), json!("Number"));
    }
    fields.insert("synthetic".to_owned(), json!("Boolean"));
    let of = |collection: model::Collection| json!({"id": collection.id(), "fields": fields, "minzoom": wanted.zoom_min, "maxzoom": wanted.zoom_max});
    layer.collections().map(of).collect()
}
