//! What everybody may see of a record, made when the record is written.

use access::{Form, Publication, Rule};
use geo_types::GeometryCollection;
use model::{Geometry, Properties, Tags};
use serde_json::{Value, json};

use crate::row::Published;
use crate::shape::Shape;
use crate::{Drawn, Row, covering_cells};

/// The public form of a version by the programme's policy; `None` where nothing of it is shown.
///
/// Its shape covers the record's and its position error, and is the same for the same input. It has an identifier of
/// its own, no author, no reason, and of the fields only those that the policy names.
///
/// # Errors
/// The stored record cannot be read.
pub fn public_form(row: &Row, policy: &Publication) -> Result<Option<Row>, String> {
    let rule = policy.rule(row.collection(), row.level()).filter(|_| !row.is_withdrawn());
    let Some(rule) = rule else { return Ok(None) };
    let Shown { shape, position_accuracy_m, said } = shown(row, rule.form, policy);
    let properties = properties(row, rule, said)?;
    let name = properties.get("name").and_then(Value::as_str).map(str::to_owned);
    Ok(Some(row.published(Published {
        id: policy.public_id(row.id),
        form: rule.form,
        tags: Tags::of(row.collection(), &properties),
        position_accuracy_m,
        shape,
        name,
        properties: Value::Object(properties).to_string(),
    })))
}

/// The shape that is shown, and what is said of it.
struct Shown {
    shape: Option<Shape>,
    position_accuracy_m: f64,
    said: Value,
}

fn shown(row: &Row, form: Form, policy: &Publication) -> Shown {
    let cell_m = policy.cell_m();
    let placed = row.placed();
    if form == Form::Cells {
        let cells = placed.and_then(Shape::drawn).map(|drawn| {
            let cells = covering_cells(&drawn, row.position_accuracy_m, f64::from(cell_m));
            Shape::of(&cells, false)
        });
        let cell_m = cells.is_some().then_some(cell_m);
        return Shown {
            shape: cells,
            position_accuracy_m: 0.0,
            said: json!({"public_form": "cells", "cell_m": cell_m}),
        };
    }
    let position_accuracy_m = if placed.is_some() { row.position_accuracy_m } else { 0.0 };
    let accuracy = (position_accuracy_m > 0.0).then_some(position_accuracy_m);
    Shown {
        shape: placed.map(as_drawn),
        position_accuracy_m,
        said: json!({"public_form": "exact", "position_accuracy_m": accuracy}),
    }
}

/// What draws the record: a broken outline is shown by what covers it, for the finding that says so is not.
fn as_drawn(shape: &Shape) -> Shape {
    if shape.is_drawn_as_entered() {
        return shape.clone();
    }
    shape
        .drawn()
        .as_ref()
        .and_then(outline)
        .map_or_else(|| shape.clone(), |outline| Shape::of(&outline, false))
}

/// What draws the record where it has areas: a broken outline is shown by what covers it, for the finding that says so
/// is not.
fn outline(drawn: &Drawn) -> Option<Geometry> {
    if drawn.polygons.0.is_empty() {
        return None;
    }
    let areas = Geometry::MultiPolygon(drawn.polygons.clone());
    if drawn.lines.0.is_empty() && drawn.points.0.is_empty() {
        return Some(areas);
    }
    let parts = vec![areas, drawn.lines.clone().into(), drawn.points.clone().into()];
    Some(Geometry::GeometryCollection(GeometryCollection(parts)))
}

fn properties(row: &Row, rule: &Rule, said: Value) -> Result<Properties, String> {
    let stored: Properties = serde_json::from_str(&row.properties())
        .map_err(|error| format!("stored record {}: {error}", row.id))?;
    let mut shown = Properties::new();
    for (name, code) in row.tags().iter() {
        if stored.contains_key(name) {
            shown.insert(name.to_owned(), code.into());
        }
    }
    for name in &rule.fields {
        if let Some(value) = stored.get(name) {
            shown.insert(name.clone(), value.clone());
        }
    }
    // Without it an item that is disposed of would be drawn as one that lies there.
    if let Some(date) = stored.get("disposed_on") {
        shown.insert("disposed_on".to_owned(), date.clone());
    }
    let said = said.as_object().cloned().unwrap_or_default();
    shown.extend(said.into_iter().filter(|(_, value)| !value.is_null()));
    if row.is_synthetic() {
        shown.insert("attributes".to_owned(), json!({"synthetic": true}));
    }
    Ok(shown)
}
