//! A shape in the file's reference system → a shape in WGS 84, keeping what was entered.

use geodesy::{Crs, to_wgs84};
use model::{Draft, Finding, Severity};
use serde_json::{Map, Value, json};

use crate::source::{Place, Shape};
use crate::wkt;

/// Puts a place into a draft. A hazard is never refused for its shape: what cannot be placed is kept as entered.
pub(crate) fn place(place: Place, crs: &Crs, draft: &mut Draft) {
    match place {
        Place::None => {}
        Place::Unreadable { reason, raw } => {
            let message = format!("{reason}; kept as entered, not placed");
            draft.findings.push(Finding::new("geometry.unreadable", Severity::High, message));
            draft.as_entered = Some(json!({"crs": crs.name(), "geometry": raw}));
        }
        Place::Shape(shape) => locate(*shape, crs, draft),
    }
}

fn locate(shape: Shape, crs: &Crs, draft: &mut Draft) {
    if shape.closed_a_ring {
        let message = "an outline does not end where it starts; closed by a straight line";
        draft.findings.push(Finding::new("geometry.ring_not_closed", Severity::High, message));
    }
    if crs.is_wgs84() && shape.z.is_empty() && shape.m.is_empty() {
        draft.geometry = Some(shape.geometry);
        return;
    }
    let mut entered = entered(&shape, crs);
    let mut geometry = shape.geometry;
    let converted = to_wgs84(crs).map_err(|error| error.to_string());
    match converted.and_then(|way| way.convert(&mut geometry).map_err(|error| error.to_string())) {
        Ok(operation) => {
            if !crs.is_wgs84() {
                entered.insert("operation".to_owned(), json!(&*operation.name));
                entered.insert("accuracy_m".to_owned(), json!(operation.accuracy_m));
            }
            draft.geometry = Some(geometry);
        }
        Err(reason) => {
            let message = format!("{reason}; kept as entered, not placed");
            draft.findings.push(Finding::new("geometry.not_converted", Severity::High, message));
        }
    }
    draft.as_entered = Some(Value::Object(entered));
}

fn entered(shape: &Shape, crs: &Crs) -> Map<String, Value> {
    let mut entered = Map::new();
    entered.insert("crs".to_owned(), json!(crs.name()));
    entered.insert("geometry".to_owned(), json!(wkt::write(&shape.geometry)));
    for (name, values) in [("z", &shape.z), ("m", &shape.m)] {
        if !values.is_empty() {
            entered.insert(name.to_owned(), json!(values));
        }
    }
    entered
}
