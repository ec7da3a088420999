//! From a draft to what can be decided on: checked, measured, recognisable. Pure; any process may do it.

use geo_types::{Coord, GeometryCollection, LineString};
use model::{Collection, Context, Draft, Finding, Geometry, Identity, Origin, Record, RecordId, Severity};
use serde::{Deserialize, Serialize};
use serde_json::Value;

use crate::identity::{content_of, identity_of, own_id};
use crate::wire::Wire;

/// Nobody sees an item further away, in metres.
const SIGHTED_M_MAX: f64 = 20_000.0;

/// A checked record on its way to the register.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(try_from = "Wire", into = "Wire")]
pub struct Prepared {
    /// The record, with its measures and findings. Its identifier is nil until the register gives it one, except
    /// where the file carried one of ours.
    pub record: Record,
    /// What it is known again by.
    pub identity: Identity,
    /// Fingerprint of the draft as read.
    pub content: [u8; 32],
    /// Where it stands in its file.
    pub origin: Origin,
}

/// Checks and measures a draft.
///
/// # Errors
/// The refusal of a draft beyond [`model::limits`]; it is the caller's to count.
pub fn prepare(mut draft: Draft, context: &Context) -> Result<Prepared, Finding> {
    if draft.geometry.is_none() && draft.as_entered.is_none() {
        draft.geometry = sighted(&draft);
    }
    draft.geometry = draft.geometry.map(storable);
    let (content, own, origin) = (content_of(&draft), own_id(&draft.fields), draft.origin.clone());
    let mut record = model::check(draft, own.unwrap_or(RecordId::nil()), context)?;
    if let Some(geometry) = &record.geometry {
        (record.measures.area_m2, record.measures.length_m) = geodesy::measures(geometry);
    }
    record.findings.extend(declared_area_finding(&record));
    let identity = identity_of(own, &record.fields, &content);
    Ok(Prepared { record, identity, content, origin })
}

/// Where an observer points: nobody has to walk up to what was seen to report its place.
fn sighted(draft: &Draft) -> Option<Geometry> {
    if draft.collection != Collection::HazardReports {
        return None;
    }
    let number = |value: &Value| {
        value.as_f64().or_else(|| value.as_str()?.trim().parse().ok()).filter(|n| n.is_finite())
    };
    let position = draft.fields.get("observer_position")?;
    let (lon, lat) = match position {
        Value::Array(pair) => (number(pair.first()?)?, number(pair.get(1)?)?),
        other => (number(other.get("lon")?)?, number(other.get("lat")?)?),
    };
    let bearing_deg = number(draft.fields.get("bearing_deg")?)?;
    let distance_m = number(draft.fields.get("distance_m")?)?;
    let in_range = lon.abs() <= 180.0
        && lat.abs() <= 90.0
        && (0.0..=360.0).contains(&bearing_deg)
        && (0.0..=SIGHTED_M_MAX).contains(&distance_m);
    let observer = Coord { x: lon, y: lat };
    in_range.then(|| Geometry::Point(geodesy::destination(observer, bearing_deg, distance_m).into()))
}

/// The same shape in the seven forms of WKB, so that the log gives back what went in.
fn storable(geometry: Geometry) -> Geometry {
    match geometry {
        Geometry::Line(line) => LineString(vec![line.start, line.end]).into(),
        Geometry::Rect(rect) => rect.to_polygon().into(),
        Geometry::Triangle(triangle) => triangle.to_polygon().into(),
        Geometry::GeometryCollection(parts) => {
            Geometry::GeometryCollection(GeometryCollection(parts.0.into_iter().map(storable).collect()))
        }
        Geometry::Point(_)
        | Geometry::LineString(_)
        | Geometry::Polygon(_)
        | Geometry::MultiPoint(_)
        | Geometry::MultiLineString(_)
        | Geometry::MultiPolygon(_) => geometry,
    }
}

/// GICHD Minimum Data Requirements: declared and computed area are held against each other.
fn declared_area_finding(record: &Record) -> Option<Finding> {
    let declared_m2 = record.fields.get("declared_area_m2").and_then(Value::as_f64)?;
    let computed_m2 = record.measures.area_m2?;
    let apart_m2 = (declared_m2 - computed_m2).abs();
    if apart_m2 <= declared_m2 * model::limits::DECLARED_AREA_SHARE_MAX {
        return None;
    }
    let message = format!("declared {declared_m2:.0} m², computed {computed_m2:.0} m²: more than 5 % apart");
    Some(Finding::new("area.declared_differs", Severity::Medium, message).in_field("declared_area_m2"))
}
