//! An entry in the form in which it is stored: made once, on any thread, before the writer has its turn.

use model::{Bounds, Record};
use serde::ser::{Error as _, SerializeMap};
use serde::{Serialize, Serializer};

use crate::event::Did;
use crate::geometry::write_wkb;
use crate::{Entry, StoreError};

/// An entry with its stored texts and bytes.
#[derive(Debug)]
pub struct Encoded {
    pub(crate) entry: Entry,
    pub(crate) identity: String,
    pub(crate) action: String,
    pub(crate) properties: String,
    pub(crate) wkb: Option<Vec<u8>>,
    pub(crate) bounds: Option<Bounds>,
}

impl Entry {
    /// Makes the stored form. It costs more than writing it does, so that it pays to do it on several threads.
    ///
    /// # Errors
    /// Says why the record cannot be written; nothing in [`model`] makes such a record.
    pub fn encode(self) -> Result<Encoded, StoreError> {
        let id = self.record.id;
        let unwritable = |why: String| StoreError::Unwritable { id, why };
        let identity =
            serde_json::to_string(&self.identity).map_err(|error| unwritable(error.to_string()))?;
        let did = Did { action: self.action.clone(), request: self.request.clone() };
        let action = did.text().map_err(|error| unwritable(error.to_string()))?;
        let properties = properties_text(&self.record).map_err(|error| unwritable(error.to_string()))?;
        let wkb = self.record.geometry.as_ref().map(|geometry| {
            let mut bytes = Vec::new();
            write_wkb(geometry, &mut bytes).map(|()| bytes)
        });
        let (wkb, bounds) =
            (wkb.transpose().map_err(unwritable)?, self.record.geometry.as_ref().and_then(Bounds::of));
        Ok(Encoded { entry: self, identity, action, properties, wkb, bounds })
    }
}

impl Encoded {
    /// [`Record::properties`] as JSON text: what is stored, and served.
    pub fn properties(&self) -> &str {
        &self.properties
    }

    /// The entry it was made of.
    pub fn entry(&self) -> &Entry {
        &self.entry
    }
}

/// [`Record::properties`] as JSON text, without copying the record's values first: a third of the work.
///
/// A test holds it against [`Record::properties`], which says what the stored form is.
fn properties_text(record: &Record) -> serde_json::Result<String> {
    const USUAL_BYTES: usize = 2_048;
    let mut text = Vec::with_capacity(USUAL_BYTES);
    Properties(record).serialize(&mut serde_json::Serializer::new(&mut text))?;
    String::from_utf8(text).map_err(serde_json::Error::custom)
}

struct Properties<'a>(&'a Record);

impl Serialize for Properties<'_> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let record = self.0;
        let mut map = serializer.serialize_map(None)?;
        for (name, value) in &record.fields {
            map.serialize_entry(name, value)?;
        }
        if !record.attributes.is_empty() {
            map.serialize_entry("attributes", &record.attributes)?;
        }
        if let Some(as_entered) = &record.as_entered {
            map.serialize_entry("as_entered", as_entered)?;
        }
        if let Some(area_m2) = record.measures.area_m2 {
            map.serialize_entry("area_m2", &area_m2)?;
        }
        if let Some(length_m) = record.measures.length_m {
            map.serialize_entry("length_m", &length_m)?;
        }
        for (name, value) in &record.derived() {
            map.serialize_entry(name, value)?;
        }
        map.serialize_entry("review", record.review)?;
        if record.withdrawn {
            map.serialize_entry("withdrawn", &true)?;
        }
        if !record.accepted.is_empty() {
            map.serialize_entry("accepted_findings", &record.accepted)?;
        }
        if !record.findings.is_empty() {
            map.serialize_entry("findings", &record.findings)?;
        }
        map.end()
    }
}
