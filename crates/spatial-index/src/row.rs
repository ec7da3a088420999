//! One record of the snapshot: what the map and the questions need, ready to be read.

use std::borrow::Cow;
use std::sync::Arc;

use access::{Form, Level};
use jiff::Timestamp;
use model::{Bounds, Collection, Geometry, RecordId, Severity, Tags, is_placeable};
use serde::Deserialize;

use crate::Drawn;
use crate::boxes::Boxes;
use crate::compartment::Home;
use crate::personal;

/// The event that made a version.
#[derive(Debug, Clone)]
pub struct Made {
    /// Its revision.
    pub revision: u64,
    /// When it was recorded.
    pub recorded_at: Timestamp,
    /// Who recorded it.
    pub recorded_by: Arc<str>,
    /// Why.
    pub reason: Arc<str>,
}

/// A record at one revision.
#[derive(Debug, Clone)]
pub struct Row {
    /// Identifier.
    pub id: RecordId,
    /// Collection.
    pub collection: Collection,
    /// The codes it is drawn by.
    pub tags: Tags,
    /// Who it is shared with.
    pub level: Level,
    /// Code of the organisation that answers for it.
    pub owner: Option<Box<str>>,
    /// Name, where one is recorded.
    pub name: Option<Box<str>>,
    /// Position accuracy in metres; 0 where none is recorded.
    pub position_accuracy_m: f64,
    /// Revision that made this version.
    pub revision: u64,
    /// When that revision was recorded.
    pub recorded_at: Timestamp,
    /// Who recorded it.
    pub recorded_by: Arc<str>,
    /// Why.
    pub reason: Arc<str>,
    /// Whether it is withdrawn: it stays in the history and nowhere else.
    pub withdrawn: bool,
    /// Whether it stands in this compartment no more: nothing is told of it.
    pub has_left: bool,
    /// How its shape is shown, where it is a public form: made by the programme's policy, not entered by anybody.
    pub form: Option<Form>,
    /// The stored properties without personal data: the text of one JSON object, served as it is.
    pub properties: Box<str>,
    /// Personal data: the text of one JSON object.
    pub(crate) personal: Option<Box<str>>,
    /// The geometry as entered; `None` is *not placed*.
    pub geometry: Option<Geometry>,
    /// The shape it is drawn and asked by; `None` is *not placed*.
    pub drawn: Option<Drawn>,
    /// The box around `drawn`, grown outward by the position accuracy. Where that reaches over the 180th
    /// meridian the box ends there; questions know the part beyond.
    pub bounds: Option<Bounds>,
    /// Whether it belongs to a synthetic demonstration and to no real place.
    pub synthetic: bool,
    /// Findings of the record by itself, in short.
    pub findings: Box<[Brief]>,
    /// Whether some of its findings were accepted.
    pub(crate) has_accepted: bool,
    pub(crate) boxes: Boxes,
}

/// A finding in short.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Brief {
    /// Its rule.
    pub rule: &'static str,
    /// How much it matters.
    pub severity: Severity,
}

impl Row {
    /// Makes a row of a record's stored form ([`model::Record::properties`] as JSON text).
    ///
    /// # Errors
    /// Says why `properties` is not a stored record.
    pub fn new(
        id: RecordId,
        collection: Collection,
        geometry: Option<Geometry>,
        properties: Box<str>,
        made: Made,
    ) -> Result<Self, String> {
        if !properties.trim_start().starts_with('{') {
            return Err(format!("stored record {id}: not a JSON object"));
        }
        let (properties, personal) = personal::apart(collection, properties);
        let stored: Stored =
            serde_json::from_str(&properties).map_err(|e| format!("stored record {id}: {e}"))?;
        let tags = stored.tags(collection);
        let name = stored.name.as_deref().map(Box::from);
        let (level, owner) =
            (Level::of(stored.sharing.as_deref()), stored.organisation.as_deref().map(Box::from));
        let position_accuracy_m = stored.position_accuracy_m.unwrap_or(0.0).max(0.0);
        let synthetic = stored.attributes.as_ref().is_some_and(Attributes::are_synthetic);
        let withdrawn = stored.withdrawn;
        let findings = stored.findings.iter().map(Rule::brief).collect();
        let has_accepted = !stored.accepted_findings.is_empty();
        let has_broken_outline = stored.findings.iter().any(Rule::is_about_an_outline);
        drop(stored);
        let placed = geometry.as_ref().filter(|geometry| is_placeable(geometry));
        let drawn = placed.map(|geometry| draw(geometry, has_broken_outline));
        let boxes = drawn.as_ref().map(|drawn| Boxes::around(drawn, position_accuracy_m)).unwrap_or_default();
        let bounds = boxes.own();
        let Made { revision, recorded_at, recorded_by, reason } = made;
        Ok(Self {
            id,
            collection,
            tags,
            level,
            owner,
            name,
            position_accuracy_m,
            revision,
            recorded_at,
            recorded_by,
            reason,
            withdrawn,
            has_left: false,
            form: None,
            properties,
            personal,
            geometry,
            drawn,
            bounds,
            synthetic,
            findings,
            has_accepted,
            boxes,
        })
    }
}

impl Row {
    /// Where it stands.
    pub fn home(&self) -> Home {
        Home { level: self.level, owner: self.owner.clone() }
    }

    /// The stored properties with personal data: for the register itself, not for answers.
    pub fn whole_properties(&self) -> std::borrow::Cow<'_, str> {
        personal::together(&self.properties, self.personal.as_deref())
    }

    /// Whether two public forms show the same.
    pub(crate) fn shows_the_same(&self, other: &Self) -> bool {
        self.properties == other.properties && self.geometry == other.geometry
    }

    /// The same under another number.
    pub(crate) fn numbered(&self, revision: u64) -> Self {
        Self { revision, ..self.clone() }
    }

    /// The same, recorded at another time.
    pub(crate) fn at(self, recorded_at: Timestamp) -> Self {
        Self { recorded_at, ..self }
    }

    /// What is left of it where it stands no more.
    pub(crate) fn left(&self) -> Self {
        let Self { id, collection, revision, recorded_at, form, level, .. } = *self;
        let nobody: Arc<str> = "".into();
        Self {
            id,
            collection,
            revision,
            recorded_at,
            form,
            level,
            owner: self.owner.clone(),
            tags: Tags::default(),
            name: None,
            position_accuracy_m: 0.0,
            recorded_by: Arc::clone(&nobody),
            reason: nobody,
            withdrawn: true,
            has_left: true,
            properties: "{}".into(),
            personal: None,
            geometry: None,
            drawn: None,
            bounds: None,
            synthetic: false,
            findings: Box::default(),
            has_accepted: false,
            boxes: Boxes::default(),
        }
    }
}

/// Only outlines with a finding are repaired: `model::check` has tested all others.
fn draw(geometry: &Geometry, has_broken_outline: bool) -> Drawn {
    let is_plain = match geometry {
        Geometry::Point(_)
        | Geometry::MultiPoint(_)
        | Geometry::LineString(_)
        | Geometry::MultiLineString(_)
        | Geometry::Polygon(_)
        | Geometry::MultiPolygon(_) => true,
        Geometry::Line(_) | Geometry::GeometryCollection(_) | Geometry::Rect(_) | Geometry::Triangle(_) => {
            false
        }
    };
    if is_plain && !has_broken_outline { Drawn::known_valid(geometry) } else { Drawn::covering(geometry) }
}

/// The few stored properties a row reads itself; all others are skipped unread.
#[derive(Deserialize)]
struct Stored<'a> {
    #[serde(borrow, default)]
    classification: Option<Cow<'a, str>>,
    #[serde(borrow, default)]
    status: Option<Cow<'a, str>>,
    #[serde(borrow, default)]
    kind: Option<Cow<'a, str>>,
    #[serde(borrow, default)]
    triage: Option<Cow<'a, str>>,
    #[serde(borrow, default)]
    outcome: Option<Cow<'a, str>>,
    #[serde(borrow, default)]
    result: Option<Cow<'a, str>>,
    #[serde(borrow, default)]
    state: Option<Cow<'a, str>>,
    #[serde(borrow, default)]
    disposed_on: Option<Cow<'a, str>>,
    #[serde(borrow, default)]
    review: Option<Cow<'a, str>>,
    #[serde(borrow, default)]
    name: Option<Cow<'a, str>>,
    #[serde(borrow, default)]
    sharing: Option<Cow<'a, str>>,
    #[serde(borrow, default)]
    organisation: Option<Cow<'a, str>>,
    #[serde(default)]
    position_accuracy_m: Option<f64>,
    #[serde(default)]
    withdrawn: bool,
    #[serde(default)]
    attributes: Option<Attributes>,
    #[serde(borrow, default)]
    findings: Vec<Rule<'a>>,
    #[serde(default)]
    accepted_findings: Vec<serde::de::IgnoredAny>,
}

impl Stored<'_> {
    /// As [`Tags::of`], without the map of all properties.
    fn tags(&self, collection: Collection) -> Tags {
        Tags::read(collection, |name| match name {
            "classification" => self.classification.clone(),
            "status" => self.status.clone(),
            "kind" => self.kind.clone(),
            "triage" => self.triage.clone(),
            "outcome" => self.outcome.clone(),
            "result" => self.result.clone(),
            "state" => self.state.clone(),
            "disposed_on" => self.disposed_on.clone(),
            "review" => self.review.clone(),
            _ => None,
        })
    }
}

#[derive(Deserialize)]
struct Attributes {
    #[serde(default)]
    synthetic: serde_json::Value,
}

impl Attributes {
    /// Tables without truth values carry them as text.
    fn are_synthetic(&self) -> bool {
        self.synthetic.as_bool() == Some(true) || self.synthetic.as_str() == Some("true")
    }
}

#[derive(Deserialize)]
struct Rule<'a> {
    #[serde(borrow)]
    rule: Cow<'a, str>,
    severity: Severity,
}

impl Rule<'_> {
    fn brief(&self) -> Brief {
        Brief { rule: crate::findings::interned(&self.rule), severity: self.severity }
    }

    fn is_about_an_outline(&self) -> bool {
        let rule = self.rule.as_ref();
        matches!(rule, "geometry.invalid_ring" | "geometry.too_few_points" | "geometry.collinear")
    }
}

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests {
    use super::*;
    use model::{Properties, Tags};

    fn row(collection: Collection, properties: &str) -> Result<Row, String> {
        let point = geo_types::Point::new(36.0, 49.0).into();
        let (recorded_at, by) = (Timestamp::UNIX_EPOCH, Arc::from("test"));
        let made = Made { revision: 1, recorded_at, recorded_by: Arc::clone(&by), reason: by };
        Row::new(RecordId::nil(), collection, Some(point), properties.into(), made)
    }

    #[test]
    fn a_row_reads_the_same_codes_as_the_model() {
        let text = r#"{"classification":"confirmed","status":"worked_on","review":"approved","kind":"item_seen",
            "triage":"converted","outcome":"cleared","result":"partly","state":"planned","disposed_on":"2026-01-01"}"#;
        for collection in Collection::ALL {
            let properties: Properties = serde_json::from_str(text).unwrap();
            assert_eq!(row(collection, text).unwrap().tags, Tags::of(collection, &properties));
        }
    }

    #[test]
    fn name_accuracy_and_the_synthetic_mark_are_read() {
        let text =
            r#"{"name":"Поле \"1\"","position_accuracy_m":5.5,"attributes":{"synthetic":true,"x":[1]}}"#;
        let row = row(Collection::HazardousAreas, text).unwrap();
        assert_eq!(row.name.as_deref(), Some("Поле \"1\""));
        assert!(row.position_accuracy_m == 5.5 && row.synthetic);
        let bounds = row.bounds.unwrap();
        assert!(bounds.west < 36.0 - 7e-5 && bounds.north > 49.0 + 4.9e-5);
    }

    #[test]
    fn what_is_not_a_stored_record_is_an_error_that_says_why() {
        assert!(row(Collection::Surveys, "[]").unwrap_err().contains("stored record"));
    }
}
