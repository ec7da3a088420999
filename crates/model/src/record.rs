//! A checked record, and its one stored form: the properties of a GeoJSON feature.

use serde_json::{Value, json};

use crate::ccw::{DERIVED, derived};
use crate::{AcceptedFinding, Collection, Finding, Geometry, Properties};

/// Identifier of a record: a UUID version 7.
pub type RecordId = uuid::Uuid;

/// Measures on the WGS 84 ellipsoid.
#[derive(Debug, Clone, Copy, PartialEq, Default)]
pub struct Measures {
    /// Geodesic area in square metres, where the record has an area.
    pub area_m2: Option<f64>,
    /// Geodesic length in metres: the perimeter of areas, the length of lines.
    pub length_m: Option<f64>,
}

/// A record whose values are of their fields' kinds. Its geometry is as entered.
#[derive(Debug, Clone, PartialEq)]
pub struct Record {
    /// Identifier.
    pub id: RecordId,
    /// Collection.
    pub collection: Collection,
    /// Geometry as entered; `None` is *not placed*.
    pub geometry: Option<Geometry>,
    /// Values by field name, in the collection's order; no nulls.
    pub fields: Properties,
    /// What no field takes, under the file's own names.
    pub attributes: Properties,
    /// Reference system and coordinates before conversion.
    pub as_entered: Option<Value>,
    /// Computed measures.
    pub measures: Measures,
    /// `unverified`, `verified` or `approved`.
    pub review: &'static str,
    /// Whether it was withdrawn as wrong: it stays in the history and nowhere else.
    pub withdrawn: bool,
    /// Findings that somebody has accepted, with the reason.
    pub accepted: Vec<AcceptedFinding>,
    /// Findings of the record by itself; what it shares with its neighbours is found when asked.
    pub findings: Vec<Finding>,
}

/// Names in the stored properties that are neither fields of a collection nor what a file gives beside them.
const COMPUTED: [&str; 6] = ["area_m2", "length_m", "review", "withdrawn", "accepted_findings", "findings"];
/// Names that an answer adds to the stored properties.
const ADDED: [&str; 7] =
    ["id", "collection", "revision", "recorded_at", "recorded_by", "remaining_area_m2", "admin"];

impl Record {
    /// Whether `name` is computed or assigned by the register, so that no file may set it.
    pub fn is_computed(name: &str) -> bool {
        COMPUTED.contains(&name) || DERIVED.contains(&name) || ADDED.contains(&name)
    }

    /// The stored properties: fields, then `attributes`, `as_entered`, measures, [`derived`] values, `review`,
    /// `withdrawn` where it is true, `accepted_findings` and `findings` where there are any.
    pub fn properties(&self) -> Properties {
        let mut properties = self.fields.clone();
        let mut set = |name: &str, value: Value| properties.insert(name.to_owned(), value);
        if !self.attributes.is_empty() {
            set("attributes", Value::Object(self.attributes.clone()));
        }
        if let Some(as_entered) = &self.as_entered {
            set("as_entered", as_entered.clone());
        }
        if let Some(area_m2) = self.measures.area_m2 {
            set("area_m2", json!(area_m2));
        }
        if let Some(length_m) = self.measures.length_m {
            set("length_m", json!(length_m));
        }
        for (name, value) in self.derived() {
            set(&name, value);
        }
        set("review", json!(self.review));
        if self.withdrawn {
            set("withdrawn", json!(true));
        }
        if !self.accepted.is_empty() {
            set("accepted_findings", json!(self.accepted));
        }
        if !self.findings.is_empty() {
            set("findings", json!(self.findings));
        }
        properties
    }

    /// Reads a record back from its stored properties; the inverse of [`Record::properties`].
    ///
    /// # Errors
    /// Says which stored property is not of its kind.
    pub fn from_properties(
        id: RecordId,
        collection: Collection,
        geometry: Option<Geometry>,
        mut properties: Properties,
    ) -> Result<Self, String> {
        let mut take = |name: &str| properties.shift_remove(name);
        let attributes = match take("attributes") {
            None => Properties::new(),
            Some(Value::Object(attributes)) => attributes,
            Some(other) => return Err(format!("stored attributes are not an object: {other}")),
        };
        let as_entered = take("as_entered");
        let measures = Measures {
            area_m2: take("area_m2").and_then(|v| v.as_f64()),
            length_m: take("length_m").and_then(|v| v.as_f64()),
        };
        DERIVED.into_iter().for_each(|name| drop(take(name)));
        let review =
            take("review").as_ref().and_then(Value::as_str).and_then(|r| crate::codes::REVIEW.read(r));
        let review = review.ok_or("stored record without a review state")?;
        let withdrawn = take("withdrawn").is_some_and(|withdrawn| withdrawn == true);
        let accepted = list(take("accepted_findings"))?;
        let findings = list(take("findings"))?;
        Ok(Self {
            id,
            collection,
            geometry,
            fields: properties,
            attributes,
            as_entered,
            measures,
            review,
            withdrawn,
            accepted,
            findings,
        })
    }

    /// What follows from the record's own values ([`derived`]).
    pub fn derived(&self) -> Properties {
        derived(self.collection, &self.fields, self.geometry.as_ref())
    }

    /// Position accuracy in metres; 0 where none is recorded.
    pub fn position_accuracy_m(&self) -> f64 {
        self.fields.get("position_accuracy_m").and_then(Value::as_f64).unwrap_or(0.0)
    }
}

/// A stored list; an absent one is empty.
fn list<T: serde::de::DeserializeOwned>(stored: Option<Value>) -> Result<Vec<T>, String> {
    let list = stored.map(serde_json::from_value).transpose().map_err(|error| error.to_string())?;
    Ok(list.unwrap_or_default())
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::Severity;

    fn record(collection: Collection) -> Record {
        Record {
            id: uuid::Uuid::from_u128(7),
            collection,
            geometry: Some(geo_types::Point::new(36.5, 49.1).into()),
            fields: Properties::from_iter([("status".to_owned(), json!("open"))]),
            attributes: Properties::from_iter([("Kaliber".to_owned(), json!("250 lbs (Brits)"))]),
            as_entered: Some(json!({"crs": "EPSG:28992"})),
            measures: Measures { area_m2: Some(0.1 + 0.2), length_m: None },
            review: "unverified",
            withdrawn: true,
            accepted: vec![AcceptedFinding {
                rule: "evidence.missing".to_owned(),
                field: Some("evidence".to_owned()),
                by: "olena".to_owned(),
                on: jiff::civil::date(2026, 11, 22),
                reason: "the archive burnt".to_owned(),
            }],
            findings: vec![Finding::new("field.missing", Severity::Low, "no date").in_field("reported_on")],
        }
    }

    #[test]
    fn a_record_comes_back_from_its_stored_properties_unchanged() {
        for record in Collection::ALL.map(record) {
            let text = serde_json::to_string(&record.properties()).expect("serialises");
            let stored: Properties = serde_json::from_str(&text).expect("reads");
            let back = Record::from_properties(record.id, record.collection, record.geometry.clone(), stored);
            assert_eq!(back, Ok(record));
        }
    }

    #[test]
    fn what_the_stored_form_adds_to_the_fields_is_computed_and_listed_as_such() {
        for record in Collection::ALL.map(record) {
            let properties = record.properties();
            let entered = ["attributes", "as_entered"];
            for name in properties.keys().filter(|name| !record.fields.contains_key(*name)) {
                let is_listed = record.collection.computed().any(|field| field.name == name);
                let is_spatial = record.collection.is_spatial();
                assert!(entered.contains(&name.as_str()) || Record::is_computed(name), "{name}");
                assert!(entered.contains(&name.as_str()) || is_listed || !is_spatial, "{name}");
            }
        }
    }

    #[test]
    fn a_record_that_is_neither_withdrawn_nor_has_accepted_findings_does_not_say_so() {
        let plain = Record { withdrawn: false, accepted: vec![], ..record(Collection::Surveys) };
        let properties = plain.properties();
        assert!(!properties.contains_key("withdrawn") && !properties.contains_key("accepted_findings"));
    }
}
