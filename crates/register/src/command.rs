//! What a person may ask of the register, one thing at a time, and how it answers.

use model::{Collection, Effect, Finding, RecordId, Request};
use serde::{Deserialize, Serialize};

use crate::Prepared;

/// One thing that a person asks for.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub enum Command {
    /// A new record.
    Create(Box<Prepared>),
    /// The record of that identifier anew.
    Change {
        /// The record as it shall be, with the identifier of the present one.
        next: Box<Prepared>,
        /// Revision of the version that the person has seen.
        seen: u64,
        /// Personal data stays as it is, for the person does not see it.
        keeps_personal: bool,
    },
    /// A record was held against its source, and it is as the source says.
    Verify {
        /// The record.
        id: RecordId,
        /// Revision of the version that the person has seen.
        seen: u64,
    },
    /// A record was wrong.
    Withdraw {
        /// The record.
        id: RecordId,
        /// Revision of the version that the person has seen.
        seen: u64,
    },
    /// The land of a recorded release may be released.
    Release {
        /// The record in `land-releases`.
        id: RecordId,
        /// Revision of the version that the person has seen.
        seen: u64,
    },
    /// A proposal shall take effect.
    Approve {
        /// Its number.
        proposal: u64,
    },
    /// A proposal shall end.
    Reject {
        /// Its number.
        proposal: u64,
    },
    /// A finding stays as it is.
    AcceptFinding {
        /// The record.
        id: RecordId,
        /// Rule of the finding.
        rule: String,
        /// Field that the finding speaks of.
        field: Option<String>,
    },
}

/// A command, who gives it, and why.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Order {
    /// What is asked for.
    pub command: Command,
    /// Who asks.
    pub author: String,
    /// Why; needed for all but a new record and an approval.
    pub reason: String,
    /// The key under which the same order may come again.
    pub request: Option<Request>,
    /// Decide and answer, but write nothing.
    pub dry_run: bool,
}

/// How a command was carried out.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Done {
    /// What happened.
    pub outcome: Happened,
    /// The record.
    pub id: RecordId,
    /// Its collection, by identifier.
    pub collection: String,
    /// The newest revision about the record that the command made or found.
    pub revision: u64,
    /// Number of the proposal that was made or decided.
    pub proposal: Option<u64>,
    /// How the proposal takes hazard off the map: codes of [`Effect`].
    pub effects: Vec<String>,
    /// What was found about the record.
    pub findings: Vec<Finding>,
    /// Whether this is the answer to an order that came before.
    pub replayed: bool,
}

impl Done {
    pub(crate) fn new(outcome: Happened, collection: Collection, id: RecordId) -> Self {
        let (collection, findings, effects) = (collection.id().to_owned(), Vec::new(), Vec::new());
        Self { outcome, id, collection, revision: 0, proposal: None, effects, findings, replayed: false }
    }

    pub(crate) fn with_effects(mut self, effects: &[Effect]) -> Self {
        self.effects = effects.iter().map(|effect| effect.code().to_owned()).collect();
        self
    }
}

/// What a command did.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Happened {
    /// A new record.
    Created,
    /// A new version.
    Changed,
    /// Nothing: it is so already.
    Unchanged,
    /// The change waits for a second person.
    Proposed,
    /// It was held against its source.
    Verified,
    /// A proposal took effect.
    Approved,
    /// A proposal ended.
    Rejected,
    /// A finding was accepted.
    FindingAccepted,
    /// It would be carried out; nothing was written.
    Checked,
}

/// Why a command is not carried out. Nothing was written.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, thiserror::Error)]
pub enum Refusal {
    /// There is no such record.
    #[error("there is no record {0}")]
    NoRecord(RecordId),
    /// The record was changed since the person saw it.
    #[error("the record was changed: its version is {current}, not {seen}")]
    Moved {
        /// Revision that the person has seen.
        seen: u64,
        /// Revision of the present version.
        current: u64,
    },
    /// A reason is needed.
    #[error("a reason is needed")]
    NoReason,
    /// What the record says cannot be accepted.
    #[error("the record cannot be accepted as it is: {} findings", .0.len())]
    Findings(Vec<Finding>),
    /// There is no such proposal.
    #[error("there is no proposal {0}")]
    NoProposal(u64),
    /// The proposal was decided before.
    #[error("proposal {proposal} was decided before, at revision {decided}")]
    Decided {
        /// Its number.
        proposal: u64,
        /// Revision of the decision.
        decided: u64,
    },
    /// The record was changed since it was proposed.
    #[error(
        "the record was changed since proposal {proposal}: version {based_on} is now {current}; propose it anew"
    )]
    Stale {
        /// Its number.
        proposal: u64,
        /// Revision of the version it would replace.
        based_on: u64,
        /// Revision of the present version.
        current: u64,
    },
    /// The author of a proposal may not approve it.
    #[error("{author} proposed it; another person approves it")]
    AuthorIsApprover {
        /// Who proposed it.
        author: String,
    },
    /// Whoever recorded a version does not verify it.
    #[error("{author} recorded it; another person holds it against its source")]
    AuthorIsVerifier {
        /// Who recorded the present version.
        author: String,
    },
    /// An area is to be closed of which land is left that nobody has released.
    #[error("{remaining_m2:.0} m² of the area are not released; approving it all the same needs a reason")]
    RemainingArea {
        /// Land that is left, in square metres.
        remaining_m2: f64,
    },
    /// The record is no land release that waits to be released.
    #[error("record {0} is not a land release that waits for approval")]
    NotToRelease(RecordId),
    /// The record has no such finding.
    #[error("the record has no open finding {rule}")]
    NoFinding {
        /// Rule that was named.
        rule: String,
    },
    /// The key was used for another order.
    #[error("the idempotency key {key:?} was used for another request")]
    KeyReused {
        /// The key.
        key: String,
    },
}
