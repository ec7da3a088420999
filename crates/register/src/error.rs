//! Why the register cannot do what it was asked.

use std::sync::Arc;

use store_sqlite::StoreError;

/// Why the register cannot do what it was asked. Nothing of the submission was written.
#[derive(Debug, Clone, thiserror::Error)]
pub enum RegisterError {
    /// The store refused or failed.
    #[error("{0}")]
    Store(Arc<StoreError>),
    /// A write failed before; the register can be read, and written only after it was opened again.
    #[error("an earlier write failed; the register can only be read until it is opened again")]
    Broken,
    /// The register was closed.
    #[error("the register is closed")]
    Closed,
    /// A record cannot be drawn or stored.
    #[error("a record cannot be kept: {0}")]
    Record(String),
    /// The command is not carried out.
    #[error("{0}")]
    Refused(Box<crate::Refusal>),
    /// Our own fault: deciding broke off. Nothing was written.
    #[error("deciding broke off unexpectedly; nothing was written")]
    BrokeOff,
}

impl From<crate::Refusal> for RegisterError {
    fn from(refusal: crate::Refusal) -> Self {
        Self::Refused(Box::new(refusal))
    }
}

impl From<StoreError> for RegisterError {
    fn from(error: StoreError) -> Self {
        Self::Store(Arc::new(error))
    }
}
