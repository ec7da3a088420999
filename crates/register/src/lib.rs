//! The writer of a register: check, decide, append, fold, publish. Readers share the last published snapshot.
//!
//! [`prepare`] turns a draft into something that can be decided on, in any process. One thread owns the log and
//! the state: it takes what waits, decides ([`model::decide`]), appends once, folds the result into the next
//! [`Snapshot`] and publishes it. What would take hazard off the map becomes a proposal, which takes effect when a
//! second person approves it.

mod candidates;
mod command;
mod covers;
mod decide;
mod error;
mod execute;
mod handle;
mod identity;
mod interim;
mod packer;
mod prepare;
mod replay;
mod state;
mod wire;
mod writer;

pub use command::{Command, Done, Happened, Order, Refusal};
pub use error::RegisterError;
pub use handle::{Handle, Register};
pub use prepare::{Prepared, prepare};
pub use replay::{published_snapshot_of, snapshot_of};
pub use spatial_index::Snapshot;

use model::{Finding, Origin, Outcome, RecordId};
use serde::{Deserialize, Serialize};

/// Who submits records, and why.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Submission {
    /// Who.
    pub author: String,
    /// Why.
    pub reason: String,
    /// Decide and answer, but write nothing.
    pub dry_run: bool,
}

/// What became of one prepared record.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Decided {
    /// Where it stands in its file.
    pub origin: Origin,
    /// What became of it.
    pub outcome: Outcome,
    /// The record that now holds it; `None` for a new record of a dry run.
    pub id: Option<RecordId>,
    /// Everything found about it, by the checks and by holding it against the register.
    pub findings: Vec<Finding>,
}
