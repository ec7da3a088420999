//! What is known of a layer beside its features.

use jiff::Timestamp;
use model::Properties;
use serde::{Deserialize, Serialize};
use serde_json::Value;

/// What a layer is and where it came from.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct About {
    /// Identifier in addresses.
    pub id: String,
    /// Title for people.
    pub title: String,
    /// Name of the file it was read from.
    pub source: String,
    /// When it was added.
    pub added_at: Timestamp,
    /// The field with the unit's code, where records are told the units they touch.
    pub admin_code: Option<String>,
    /// The layer's own fields, in the order in which they were first seen.
    pub fields: Vec<Field>,
    /// What became of every feature of the file.
    pub counts: Counts,
}

/// What became of the features of a file. `read` is the sum of the others.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Counts {
    /// Features of the file.
    pub read: u64,
    /// Kept, with a place.
    pub placed: u64,
    /// Kept; the file gives them no geometry.
    pub without_geometry: u64,
    /// Kept without a place: their geometry cannot be read, or lies nowhere on Earth.
    pub geometry_unreadable: u64,
    /// Not kept: no feature at all.
    pub unreadable: u64,
}

/// A field of a layer, of which some feature has a value.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Field {
    /// The file's name for it.
    pub name: String,
    /// What its values are.
    pub kind: Kind,
}

/// What the values of a field are.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Kind {
    /// Text.
    Text,
    /// Numbers.
    Number,
    /// True or false.
    Truth,
    /// Lists or objects.
    Structure,
    /// Different kinds in different features.
    Mixed,
}

impl Kind {
    fn of(value: &Value) -> Option<Self> {
        match value {
            Value::Null => None,
            Value::Bool(_) => Some(Self::Truth),
            Value::Number(_) => Some(Self::Number),
            Value::String(_) => Some(Self::Text),
            Value::Array(_) | Value::Object(_) => Some(Self::Structure),
        }
    }

    /// Name of the kind in the vocabulary's words, and in TileJSON's and JSON Schema's.
    pub fn name(self) -> &'static str {
        match self {
            Self::Text => "text",
            Self::Number => "number",
            Self::Truth => "truth",
            Self::Structure => "structure",
            Self::Mixed => "mixed",
        }
    }
}

/// Adds what a feature's values tell about the fields.
pub(crate) fn learn(fields: &mut Vec<Field>, properties: &Properties) {
    for (name, value) in properties {
        let Some(kind) = Kind::of(value) else { continue };
        match fields.iter_mut().find(|field| field.name == *name) {
            None => fields.push(Field { name: name.clone(), kind }),
            Some(field) if field.kind != kind => field.kind = Kind::Mixed,
            Some(_) => {}
        }
    }
}
