//! `GET /tiles/style.json`: a MapLibre style made from the one file that says how records are drawn.

use std::sync::LazyLock;

use axum::Json;
use axum::extract::RawQuery;
use model::Collection;
use serde::Deserialize;
use serde_json::{Map, Value, json};

use crate::asked::Asked;
use crate::params::Params;
use crate::problem::Problem;
use crate::tile::ZOOM_ADVERTISED;

#[derive(Deserialize)]
struct Symbology {
    classes: Vec<Class>,
}

#[derive(Deserialize)]
struct Class {
    id: String,
    layer: String,
    when: Map<String, Value>,
    fill: Option<String>,
    fill_opacity: Option<f64>,
    outline: String,
    outline_width_px: f64,
    dash: Option<Vec<f64>>,
    order: i32,
}

static SYMBOLOGY: LazyLock<Result<Symbology, String>> = LazyLock::new(|| {
    serde_json::from_str(include_str!("../../../data/symbology.json")).map_err(|error| error.to_string())
});

/// A style that QGIS and MapLibre read; its sources are this server's tiles.
pub(crate) async fn style(asked: Asked, RawQuery(query): RawQuery) -> Result<Json<Value>, Problem> {
    Params::known(query.as_deref(), &[])?;
    let symbology = SYMBOLOGY.as_ref().map_err(|error| Problem::internal(error))?;
    let mut classes: Vec<&Class> = symbology.classes.iter().collect();
    classes.sort_by_key(|class| class.order);
    let sources: Map<_, _> = Collection::ALL
        .into_iter()
        .filter(|c| c.is_spatial())
        .map(|c| (c.id().to_owned(), source(&asked, c)))
        .collect();
    let layers: Vec<Value> =
        classes.into_iter().flat_map(|class| class_layers(class, &symbology.classes)).collect();
    Ok(Json(json!({"version": 8, "name": "minemap", "sources": sources, "layers": layers})))
}

fn source(asked: &Asked, collection: Collection) -> Value {
    let tiles = format!("{}/tiles/{collection}/{{z}}/{{x}}/{{y}}.mvt", asked.base);
    json!({"type": "vector", "tiles": [tiles], "minzoom": 0, "maxzoom": ZOOM_ADVERTISED})
}

fn class_layers(class: &Class, all: &[Class]) -> Vec<Value> {
    let filter = filter(class, all);
    let shown = |part: &str, kind: &str, geometry: &str, paint: Value| {
        json!({
            "id": format!("{}-{part}", class.id), "type": kind, "source": class.layer,
            "source-layer": class.layer, "filter": ["all", ["==", ["geometry-type"], geometry], filter],
            "paint": paint,
        })
    };
    let fill = class.fill.as_deref().unwrap_or(&class.outline);
    let opacity = class.fill_opacity.unwrap_or(0.0);
    let mut line = json!({"line-color": class.outline, "line-width": class.outline_width_px});
    if let Some(dash) = &class.dash {
        // MapLibre counts dashes in line widths, the symbology in pixels.
        line["line-dasharray"] = json!(dash.iter().map(|px| px / class.outline_width_px).collect::<Vec<_>>());
    }
    let circle = json!({
        "circle-color": fill, "circle-radius": 5, "circle-stroke-color": class.outline,
        "circle-stroke-width": class.outline_width_px,
    });
    vec![
        shown("fill", "fill", "Polygon", json!({"fill-color": fill, "fill-opacity": opacity})),
        shown("outline", "line", "Polygon", line),
        shown("point", "circle", "Point", circle),
    ]
}

/// A record is drawn by the first class of its layer whose conditions hold, so each class excludes those before it.
fn filter(class: &Class, all: &[Class]) -> Value {
    let before =
        all.iter().take_while(|other| other.id != class.id).filter(|other| other.layer == class.layer);
    let excluded = before.map(|other| json!(["!", conditions(other)]));
    let mut parts = vec![json!("all"), conditions(class)];
    parts.extend(excluded);
    Value::Array(parts)
}

fn conditions(class: &Class) -> Value {
    let each = class.when.iter().map(|(name, value)| match value {
        Value::Array(values) => json!(["in", ["get", name], ["literal", values]]),
        one => json!(["==", ["get", name], one]),
    });
    Value::Array(std::iter::once(json!("all")).chain(each).collect())
}
