//! One record of the snapshot: what the map and the questions need, ready to be read.

use std::borrow::Cow;
use std::sync::{Arc, OnceLock};

use access::{Form, Level};
use jiff::Timestamp;
use model::{Bounds, Collection, Geometry, RecordId, Severity, Tags};
use serde::Deserialize;

use crate::Drawn;
use crate::boxes::Boxes;
use crate::compartment::Home;
use crate::marks::Marks;
use crate::personal;
use crate::shape::Shape;
use crate::text::{Dictionary, Text};

/// What the versions of one submission share: when, by whom and why they were recorded, and the words of their texts.
#[derive(Debug)]
pub struct Batch {
    recorded_at: Timestamp,
    recorded_by: Arc<str>,
    reason: Arc<str>,
    dictionary: Arc<Dictionary>,
    /// The same of public forms: nobody's.
    published: OnceLock<Arc<Batch>>,
}

impl Batch {
    /// When, by whom and why, with the dictionary that texts are kept by.
    pub fn new(
        recorded_at: Timestamp,
        recorded_by: Arc<str>,
        reason: Arc<str>,
        dictionary: &Arc<Dictionary>,
    ) -> Arc<Self> {
        let (dictionary, published) = (Arc::clone(dictionary), OnceLock::new());
        Arc::new(Self { recorded_at, recorded_by, reason, dictionary, published })
    }

    /// Whether it is of that time, author and reason.
    pub fn is_of(&self, recorded_at: Timestamp, recorded_by: &str, reason: &str) -> bool {
        self.recorded_at == recorded_at && *self.recorded_by == *recorded_by && *self.reason == *reason
    }

    fn nobodys(&self, recorded_at: Timestamp) -> Arc<Self> {
        let nobody: Arc<str> = "".into();
        Self::new(recorded_at, Arc::clone(&nobody), nobody, &self.dictionary)
    }

    fn published(&self) -> Arc<Self> {
        Arc::clone(self.published.get_or_init(|| self.nobodys(self.recorded_at)))
    }
}

/// The event that made a version.
#[derive(Debug, Clone)]
pub struct Made {
    /// Its revision.
    pub revision: u64,
    /// What it shares with others.
    pub batch: Arc<Batch>,
}

impl Made {
    /// An event by itself.
    pub fn alone(revision: u64, recorded_at: Timestamp, recorded_by: &str, reason: &str) -> Self {
        let vocabulary = Dictionary::vocabulary();
        Self { revision, batch: Batch::new(recorded_at, recorded_by.into(), reason.into(), &vocabulary) }
    }
}

/// A record at one revision.
#[derive(Debug, Clone)]
pub struct Row {
    /// Identifier.
    pub id: RecordId,
    /// Revision that made this version.
    pub revision: u64,
    /// Position accuracy in metres; 0 where none is recorded.
    pub position_accuracy_m: f64,
    marks: &'static Marks,
    batch: Arc<Batch>,
    owner: Option<Arc<str>>,
    shape: Option<Shape>,
    text: Text,
    beside: Option<Box<Beside>>,
}

/// What few rows have.
#[derive(Debug, Clone, Default)]
struct Beside {
    /// Personal data: the text of one JSON object.
    personal: Option<Box<str>>,
    /// Findings of the record by itself, in short.
    findings: Box<[Brief]>,
    has_accepted: bool,
}

/// A finding in short.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Brief {
    /// Its rule.
    pub rule: &'static str,
    /// How much it matters.
    pub severity: Severity,
}

/// The public form of a version: what is shown of it, by whom it is not known.
pub(crate) struct Published {
    pub id: RecordId,
    pub form: Form,
    pub tags: Tags,
    pub position_accuracy_m: f64,
    pub shape: Option<Shape>,
    pub name: Option<String>,
    /// The text of one JSON object.
    pub properties: String,
}

impl Row {
    /// Makes a row of a record's stored form ([`model::Record::properties`] as JSON text).
    ///
    /// # Errors
    /// Says why `properties` is not a stored record.
    pub fn new(
        id: RecordId,
        collection: Collection,
        geometry: Option<&Geometry>,
        properties: &str,
        made: Made,
    ) -> Result<Self, String> {
        if !properties.trim_start().starts_with('{') {
            return Err(format!("stored record {id}: not a JSON object"));
        }
        let (properties, personal) = personal::apart(collection, properties);
        let stored: Stored<'_> =
            serde_json::from_str(&properties).map_err(|e| format!("stored record {id}: {e}"))?;
        let has_broken_outline = stored.findings.iter().any(Rule::is_about_an_outline);
        let Made { revision, batch } = made;
        Ok(Self {
            id,
            revision,
            position_accuracy_m: stored.position_accuracy_m.unwrap_or(0.0).max(0.0),
            marks: stored.marks(collection).interned(),
            owner: stored.organisation.as_deref().map(Arc::from),
            shape: geometry.map(|geometry| Shape::of(geometry, has_broken_outline)),
            text: Text::new(&properties, stored.name.as_deref(), &batch.dictionary),
            beside: stored.beside(personal),
            batch,
        })
    }

    /// Its public form.
    pub(crate) fn published(&self, shown: Published) -> Self {
        let Published { id, form, tags, position_accuracy_m, shape, name, properties } = shown;
        let marks = Marks { form: Some(form), tags, withdrawn: false, has_left: false, ..*self.marks };
        let batch = self.batch.published();
        Self {
            id,
            revision: self.revision,
            position_accuracy_m,
            marks: marks.interned(),
            owner: self.owner.clone(),
            shape,
            text: Text::new(&properties, name.as_deref(), &batch.dictionary),
            beside: None,
            batch,
        }
    }
}

impl Row {
    /// Collection.
    pub fn collection(&self) -> Collection {
        self.marks.collection
    }

    /// The codes it is drawn by.
    pub fn tags(&self) -> &'static Tags {
        &self.marks.tags
    }

    /// All that rows are grouped by on maps.
    pub(crate) fn marks(&self) -> &'static Marks {
        self.marks
    }

    /// Who it is shared with.
    pub fn level(&self) -> Level {
        self.marks.level
    }

    /// Code of the organisation that answers for it.
    pub fn owner(&self) -> Option<&str> {
        self.owner.as_deref()
    }

    /// Name, where one is recorded.
    pub fn name(&self) -> Option<&str> {
        self.text.name()
    }

    /// When its revision was recorded.
    pub fn recorded_at(&self) -> Timestamp {
        self.batch.recorded_at
    }

    /// Who recorded it.
    pub fn recorded_by(&self) -> &Arc<str> {
        &self.batch.recorded_by
    }

    /// Why.
    pub fn reason(&self) -> &Arc<str> {
        &self.batch.reason
    }

    /// Whether it is withdrawn: it stays in the history and nowhere else.
    pub fn is_withdrawn(&self) -> bool {
        self.marks.withdrawn
    }

    /// Whether it stands in its compartment no more: nothing is told of it.
    pub fn has_left(&self) -> bool {
        self.marks.has_left
    }

    /// How its shape is shown, where it is a public form: made by the programme's policy, not entered by anybody.
    pub fn form(&self) -> Option<Form> {
        self.marks.form
    }

    /// Whether it belongs to a synthetic demonstration and to no real place.
    pub fn is_synthetic(&self) -> bool {
        self.marks.synthetic
    }

    /// The stored properties without personal data: the text of one JSON object, served as it is.
    pub fn properties(&self) -> String {
        self.text.read(&self.batch.dictionary)
    }

    /// The stored properties with personal data: for the register itself, not for answers.
    pub fn whole_properties(&self) -> String {
        personal::together(self.properties(), self.personal())
    }

    /// Personal data: the text of one JSON object.
    pub(crate) fn personal(&self) -> Option<&str> {
        self.beside.as_ref().and_then(|beside| beside.personal.as_deref())
    }

    /// Findings of the record by itself, in short.
    pub fn findings(&self) -> &[Brief] {
        self.beside.as_ref().map_or(&[], |beside| &beside.findings)
    }

    /// Whether some of its findings were accepted.
    pub(crate) fn has_accepted(&self) -> bool {
        self.beside.as_ref().is_some_and(|beside| beside.has_accepted)
    }

    /// The geometry as entered; `None` is *not placed*.
    pub fn geometry(&self) -> Option<Geometry> {
        self.shape.as_ref().map(Shape::entered)
    }

    /// Whether it has a geometry at all.
    pub fn has_geometry(&self) -> bool {
        self.shape.is_some()
    }

    /// The shape it is drawn and asked by; `None` is *not placed*.
    pub fn drawn(&self) -> Option<Drawn> {
        self.placed().and_then(Shape::drawn)
    }

    /// The geometry as it is kept, where it has a place on the map.
    pub(crate) fn placed(&self) -> Option<&Shape> {
        self.shape.as_ref().filter(|shape| shape.is_placed())
    }

    /// Whether it has a place on the map.
    pub fn is_placed(&self) -> bool {
        self.placed().is_some()
    }

    /// The geometry as it is kept.
    pub(crate) fn shape(&self) -> Option<&Shape> {
        self.shape.as_ref()
    }

    /// The boxes around what is drawn, grown outward by the position accuracy.
    pub(crate) fn boxes(&self) -> Boxes {
        let bounds = self.placed().and_then(Shape::bounds);
        bounds.map(|bounds| Boxes::of(bounds, self.position_accuracy_m)).unwrap_or_default()
    }

    /// The box around what is drawn, grown outward by the position accuracy. Where that reaches over the 180th
    /// meridian the box ends there; questions know the part beyond.
    pub fn bounds(&self) -> Option<Bounds> {
        self.boxes().own()
    }

    /// Where it stands.
    pub fn home(&self) -> Home {
        Home { level: self.level(), owner: self.owner.as_deref().map(Box::from) }
    }

    /// Whether two public forms show the same.
    pub(crate) fn shows_the_same(&self, other: &Self) -> bool {
        let is_same_text =
            Arc::ptr_eq(&self.batch.dictionary, &other.batch.dictionary) && self.text == other.text;
        self.shape == other.shape && (is_same_text || self.properties() == other.properties())
    }

    /// The same under another number.
    pub(crate) fn numbered(&self, revision: u64) -> Self {
        Self { revision, ..self.clone() }
    }

    /// The same of nobody's, recorded at another time.
    pub(crate) fn at(self, recorded_at: Timestamp) -> Self {
        Self { batch: self.batch.nobodys(recorded_at), ..self }
    }

    /// What is left of it where it stands no more.
    pub(crate) fn left(&self) -> Self {
        let Marks { collection, level, form, .. } = *self.marks;
        let marks = Marks { withdrawn: true, has_left: true, form, ..Marks::plain(collection, level) };
        let batch = self.batch.nobodys(self.batch.recorded_at);
        Self {
            id: self.id,
            revision: self.revision,
            position_accuracy_m: 0.0,
            marks: marks.interned(),
            owner: self.owner.clone(),
            shape: None,
            text: Text::new("{}", None, &batch.dictionary),
            beside: None,
            batch,
        }
    }
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
    fn marks(&self, collection: Collection) -> Marks {
        Marks {
            tags: self.tags(collection),
            withdrawn: self.withdrawn,
            synthetic: self.attributes.as_ref().is_some_and(Attributes::are_synthetic),
            ..Marks::plain(collection, Level::of(self.sharing.as_deref()))
        }
    }

    fn beside(&self, personal: Option<Box<str>>) -> Option<Box<Beside>> {
        let has_accepted = !self.accepted_findings.is_empty();
        let is_empty = personal.is_none() && self.findings.is_empty() && !has_accepted;
        let findings = || self.findings.iter().map(Rule::brief).collect();
        (!is_empty).then(|| Box::new(Beside { personal, findings: findings(), has_accepted }))
    }

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
        let point: Geometry = geo_types::Point::new(36.0, 49.0).into();
        let made = Made::alone(1, Timestamp::UNIX_EPOCH, "test", "test");
        Row::new(RecordId::nil(), collection, Some(&point), properties, made)
    }

    #[test]
    fn a_row_reads_the_same_codes_as_the_model() {
        let text = r#"{"classification":"confirmed","status":"worked_on","review":"approved","kind":"item_seen",
            "triage":"converted","outcome":"cleared","result":"partly","state":"planned","disposed_on":"2026-01-01"}"#;
        for collection in Collection::ALL {
            let properties: Properties = serde_json::from_str(text).unwrap();
            assert_eq!(*row(collection, text).unwrap().tags(), Tags::of(collection, &properties));
        }
    }

    #[test]
    fn name_accuracy_and_the_synthetic_mark_are_read() {
        let text =
            r#"{"name":"Поле \"1\"","position_accuracy_m":5.5,"attributes":{"synthetic":true,"x":[1]}}"#;
        let row = row(Collection::HazardousAreas, text).unwrap();
        assert_eq!(row.name(), Some("Поле \"1\""));
        assert!(row.position_accuracy_m == 5.5 && row.is_synthetic());
        let bounds = row.bounds().unwrap();
        assert!(bounds.west < 36.0 - 7e-5 && bounds.north > 49.0 + 4.9e-5);
    }

    #[test]
    fn what_is_not_a_stored_record_is_an_error_that_says_why() {
        assert!(row(Collection::Surveys, "[]").unwrap_err().contains("stored record"));
    }
}
