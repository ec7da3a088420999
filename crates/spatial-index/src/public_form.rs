//! What everybody may see of a record, made when the record is written.

use std::sync::Arc;

use access::{Form, Publication, Rule};
use geo_types::GeometryCollection;
use model::{Geometry, Properties};
use serde_json::{Value, json};

use crate::{Drawn, Made, Row, covering_cells};

/// The public form of a version by the programme's policy; `None` where nothing of it is shown.
///
/// Its shape covers the record's and its position error, and is the same for the same input. It has an identifier of
/// its own, no author, no reason, and of the fields only those that the policy names.
///
/// # Errors
/// The stored record cannot be read.
pub fn public_form(row: &Row, policy: &Publication) -> Result<Option<Row>, String> {
    let Some(rule) = policy.rule(row.collection, row.level).filter(|_| !row.withdrawn) else {
        return Ok(None);
    };
    let (geometry, shape) = shape(row, rule, policy);
    let properties = properties(row, rule, shape)?;
    let nobody: Arc<str> = "".into();
    let made = Made {
        revision: row.revision,
        recorded_at: row.recorded_at,
        recorded_by: Arc::clone(&nobody),
        reason: nobody,
    };
    let form = Row::new(policy.public_id(row.id), row.collection, geometry, properties.into(), made)?;
    Ok(Some(Row { form: Some(rule.form), level: row.level, owner: row.owner.clone(), ..form }))
}

/// The shape that is shown, and what is said of it.
fn shape(row: &Row, rule: &Rule, policy: &Publication) -> (Option<Geometry>, Properties) {
    let said = |members: Value| members.as_object().cloned().unwrap_or_default();
    let cell_m = policy.cell_m();
    match (rule.form, &row.drawn) {
        (Form::Cells, Some(drawn)) => {
            let cells = covering_cells(drawn, row.position_accuracy_m, f64::from(cell_m));
            (Some(cells), said(json!({"public_form": "cells", "cell_m": cell_m})))
        }
        (Form::Cells, None) => (None, said(json!({"public_form": "cells"}))),
        (Form::Exact | Form::Hidden, Some(drawn)) => {
            let accuracy = (row.position_accuracy_m > 0.0).then_some(row.position_accuracy_m);
            let said = said(json!({"public_form": "exact", "position_accuracy_m": accuracy}));
            (outline(drawn).or_else(|| row.geometry.clone()), said)
        }
        (Form::Exact | Form::Hidden, None) => (None, said(json!({"public_form": "exact"}))),
    }
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

fn properties(row: &Row, rule: &Rule, shape: Properties) -> Result<String, String> {
    let stored: Properties = serde_json::from_str(&row.properties)
        .map_err(|error| format!("stored record {}: {error}", row.id))?;
    let mut shown = Properties::new();
    for (name, code) in row.tags.iter() {
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
    shown.extend(shape.into_iter().filter(|(_, value)| !value.is_null()));
    if row.synthetic {
        shown.insert("attributes".to_owned(), json!({"synthetic": true}));
    }
    Ok(Value::Object(shown).to_string())
}
