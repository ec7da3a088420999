//! What happened: one accepted version of one record, as it stands in the log.

use jiff::Timestamp;

use crate::Record;

/// By what a record is known again when its file comes a second time.
#[derive(Debug, Clone, PartialEq, Eq, Hash, PartialOrd, Ord, serde::Serialize, serde::Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Identity {
    /// The operator's own identifier within an organisation (empty where none is given).
    External {
        /// Organisation code.
        organisation: String,
        /// Identifier, trimmed.
        id: String,
    },
    /// Fingerprint of the content: lower-case hexadecimal SHA-256.
    Content(String),
    /// Our own identifier, from a file that this register (or another one) exported.
    Own(crate::RecordId),
}

/// One accepted version of a record.
#[derive(Debug, Clone, PartialEq)]
pub struct Event {
    /// Position in the log, from 1, without gaps.
    pub revision: u64,
    /// When it was accepted.
    pub recorded_at: Timestamp,
    /// Who entered it.
    pub author: String,
    /// Why.
    pub reason: String,
    /// The record as accepted.
    pub record: Record,
    /// What it is known again by.
    pub identity: Identity,
    /// Fingerprint of the draft it came from.
    pub content: [u8; 32],
}

/// What became of one record of a file.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, serde::Serialize, serde::Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Outcome {
    /// A record or a version of it was written and can be drawn.
    Accepted,
    /// The register holds just this already.
    Unchanged,
    /// It could not be read as a record; nothing was written.
    Refused,
    /// Written, listed and counted, but it has no place on the map.
    NotPlaced,
}
