//! One GeoJSON feature as a person or a program sends it, read strictly: what it says wrongly it is told.

use geodesy::Crs;
use model::limits::NESTING_MAX;
use model::{Collection, Draft, Finding, Origin, Properties, Record, Severity};
use serde_json::Value;

use crate::source::Place;
use crate::{json_geometry, json_scan, locate};

/// A feature that somebody sends, and the members beside its properties.
#[derive(Debug)]
pub struct FeatureBody {
    /// The record, not yet checked. A value under no field's name is a finding `field.unknown`.
    pub draft: Draft,
    /// Members of the feature that GeoJSON does not know, such as `reason`.
    pub members: Properties,
}

/// Reads the text of a GeoJSON feature.
///
/// # Errors
/// Says why it is not one, and where.
pub fn read_feature(text: &[u8], collection: Collection) -> Result<FeatureBody, String> {
    let depth = json_scan::depth(text);
    if depth > NESTING_MAX {
        return Err(format!("nested {depth} deep; at most {NESTING_MAX} (NESTING_MAX) are read"));
    }
    let feature: Value = serde_json::from_slice(text).map_err(|error| format!("not JSON: {error}"))?;
    let Value::Object(members) = feature else { return Err("a GeoJSON Feature was expected".to_owned()) };
    feature_of(members, collection)
}

/// The same for a feature that is read already.
///
/// # Errors
/// Says why it is not one.
pub fn feature_of(mut members: Properties, collection: Collection) -> Result<FeatureBody, String> {
    let kind = members.shift_remove("type");
    if kind.as_ref().and_then(Value::as_str) != Some("Feature") {
        let given = kind.map_or_else(|| "missing".to_owned(), |kind| kind.to_string());
        return Err(format!("its type is {given}; \"Feature\" was expected"));
    }
    let mut draft = Draft::new(collection, Origin { file: "request".to_owned(), number: 1 });
    match members.shift_remove("properties") {
        None | Some(Value::Null) => {}
        Some(Value::Object(properties)) => take(properties, &mut draft),
        Some(other) => return Err(format!("its properties are {other}; an object was expected")),
    }
    let geometry = members.shift_remove("geometry").filter(|geometry| !geometry.is_null());
    let place = geometry.map_or(Place::None, |geometry| json_geometry::place(&geometry.to_string()));
    let entered = draft.as_entered.take();
    locate::place(place, &Crs::wgs84(), &mut draft);
    draft.as_entered = entered.or(draft.as_entered);
    members.retain(|name, _| !["id", "bbox", "links"].contains(&name.as_str()));
    Ok(FeatureBody { draft, members })
}

fn take(properties: Properties, draft: &mut Draft) {
    for (name, value) in properties {
        match (name.as_str(), value) {
            ("attributes", Value::Object(attributes)) => draft.attributes.extend(attributes),
            ("as_entered", Value::Null) => {}
            ("as_entered", entered) => draft.as_entered = Some(entered),
            (known, _) if Record::is_computed(known) => {}
            (known, value) if draft.collection.field(known).is_some() => {
                draft.fields.insert(name, value);
            }
            (_, value) => {
                let known: Vec<_> = draft.collection.fields().map(|field| field.name).collect();
                let message =
                    format!("{} has no field {name}; it has {}", draft.collection, known.join(", "));
                draft.findings.push(Finding::new("field.unknown", Severity::Medium, message).in_field(&name));
                draft.attributes.insert(name, value);
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read(text: &str) -> Result<FeatureBody, String> {
        read_feature(text.as_bytes(), Collection::HazardousAreas)
    }

    #[test]
    fn fields_attributes_and_members_beside_are_told_apart() {
        let body = read(
            r#"{"type":"Feature","geometry":{"type":"Point","coordinates":[36,49]},"reason":"seen",
            "properties":{"name":"A","review":"approved","colour":"red","attributes":{"x":1},"as_entered":{"text":"49 N 36 E"}}}"#,
        )
        .expect("reads");
        assert_eq!(body.draft.fields["name"], "A");
        assert_eq!(body.draft.attributes.keys().collect::<Vec<_>>(), ["colour", "x"]);
        assert_eq!(body.draft.as_entered, Some(serde_json::json!({"text": "49 N 36 E"})));
        assert_eq!(body.draft.findings[0].field.as_deref(), Some("colour"));
        assert_eq!(body.members["reason"], "seen");
        assert!(!body.draft.fields.contains_key("review") && body.draft.geometry.is_some());
    }

    #[test]
    fn what_is_no_feature_is_refused_and_says_why() {
        let deep = "[".repeat(100);
        for text in [
            "",
            "null",
            "[]",
            "{}",
            r#"{"type":"Point"}"#,
            r#"{"type":"Feature","properties":[1]}"#,
            &deep,
            "{\"type\":NaN}",
        ] {
            assert!(read(text).is_err(), "{text}");
        }
    }
}
