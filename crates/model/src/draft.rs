//! A record as it was read: values not yet checked, with the place they came from.

use crate::{Collection, Finding, Geometry, Properties};

/// Where in a file a record stands.
#[derive(Debug, Clone, PartialEq, Eq, serde::Serialize, serde::Deserialize)]
pub struct Origin {
    /// File name as the user gave it (and the layer within, after `#`).
    pub file: String,
    /// Line in text formats, feature number in the others, counted from 1.
    pub number: u64,
}

/// A record as read and located, before any rule was applied.
#[derive(Debug, Clone, PartialEq)]
pub struct Draft {
    /// Where it stands in the file.
    pub origin: Origin,
    /// The collection it is meant for.
    pub collection: Collection,
    /// Located geometry; `None` where the file has none, or none that can be placed.
    pub geometry: Option<Geometry>,
    /// Values for our fields, by field name, as read.
    pub fields: Properties,
    /// What no field takes, under the file's own names.
    pub attributes: Properties,
    /// Reference system and coordinates before conversion, where they differ from the located geometry.
    pub as_entered: Option<serde_json::Value>,
    /// What reading already found.
    pub findings: Vec<Finding>,
}

impl Draft {
    /// An empty draft of a collection.
    pub fn new(collection: Collection, origin: Origin) -> Self {
        Self {
            origin,
            collection,
            geometry: None,
            fields: Properties::new(),
            attributes: Properties::new(),
            as_entered: None,
            findings: Vec::new(),
        }
    }
}
