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

/// What an event does.
#[derive(Debug, Clone, PartialEq, Eq, Default, serde::Serialize, serde::Deserialize)]
#[serde(tag = "kind", rename_all = "snake_case")]
pub enum Action {
    /// The event's version of the record takes effect.
    #[default]
    Version,
    /// The event's version waits for a second person, because it takes hazard off the map.
    Proposal {
        /// Revision of the version it would replace.
        based_on: u64,
        /// How it takes hazard off the map: codes of [`crate::Effect`].
        effects: Vec<String>,
    },
    /// A second person approved: the proposed version, which the event repeats, takes effect.
    Approval {
        /// Revision of the proposal.
        proposal: u64,
    },
    /// A proposal ends without effect; the event repeats the version that was proposed.
    Rejection {
        /// Revision of the proposal.
        proposal: u64,
    },
    /// Somebody accepted a finding of the record: the event's version says so and takes effect.
    Acceptance,
}

impl Action {
    /// Whether the event's version of the record is the present one from then on.
    pub fn takes_effect(&self) -> bool {
        match self {
            Self::Version | Self::Approval { .. } | Self::Acceptance => true,
            Self::Proposal { .. } | Self::Rejection { .. } => false,
        }
    }
}

/// The request that made an event, so that the same request has no second effect.
#[derive(Debug, Clone, PartialEq, Eq, Hash, serde::Serialize, serde::Deserialize)]
pub struct Request {
    /// The key that its sender chose.
    pub key: String,
    /// Fingerprint of what was asked: lower-case hexadecimal SHA-256.
    pub fingerprint: String,
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
    /// What it does.
    pub action: Action,
    /// The request that made it, where it can come again.
    pub request: Option<Request>,
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
