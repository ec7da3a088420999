//! The log of a register in one GeoPackage (SQLite) file: append, replay, verify.
//!
//! The log is the truth: a table of events under one head row, numbered without gaps in commit order, each
//! hashed together with the one before it. Beside it, in the same transaction, stands one feature table per
//! collection with the present versions, so that QGIS opens the very file. Feature tables are output only.

mod append;
mod contents;
mod create;
mod encode;
mod error;
mod event;
mod feature;
mod geometry;
mod hash;
mod head;
mod lock;
mod open;
mod rebuild;
mod verify;

pub use encode::Encoded;
pub use error::StoreError;
pub use event::StoredEvent;
pub use head::Head;
pub use verify::{Problem, Verification};

use std::ops::ControlFlow;
use std::path::{Path, PathBuf};

use jiff::Timestamp;
use model::{Action, Identity, Record, Request};

/// One version of one record, accepted or proposed, and about to be written.
#[derive(Debug, Clone, PartialEq)]
pub struct Entry {
    /// Who entered it.
    pub author: String,
    /// Why.
    pub reason: String,
    /// When it was accepted.
    pub recorded_at: Timestamp,
    /// What it does.
    pub action: Action,
    /// The request that made it, where it can come again.
    pub request: Option<Request>,
    /// The record as accepted, with its identifier.
    pub record: Record,
    /// What it is known again by.
    pub identity: Identity,
    /// Fingerprint of the draft it came from.
    pub content: [u8; 32],
}

/// An open register file. One process has it open for writing; see [`Store::open`].
#[derive(Debug)]
pub struct Store {
    connection: rusqlite::Connection,
    path: PathBuf,
    head: Head,
    access: Access,
    // Released by the operating system when the file is closed, also after kill -9.
    _lock: Option<std::fs::File>,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Access {
    Write,
    ReadOnly,
    Stopped,
}

impl Store {
    /// Opens the register at `path` for writing, and creates it (readable by its owner only) where there is none.
    ///
    /// A feature table that is not as this version writes it is built anew from the log.
    ///
    /// # Errors
    /// [`StoreError::Locked`] while another process writes; a file that is no register, was written by a newer
    /// version, or whose head does not fit its log is refused and left as it is.
    pub fn open(path: &Path) -> Result<Self, StoreError> {
        open::for_writing(path)
    }

    /// Opens the register at `path` for [`Store::replay`] and [`Store::verify`], also while another process writes.
    ///
    /// # Errors
    /// As [`Store::open`], but never [`StoreError::Locked`], and nothing is created.
    pub fn open_read_only(path: &Path) -> Result<Self, StoreError> {
        open::for_reading(path)
    }

    /// The file.
    pub fn path(&self) -> &Path {
        &self.path
    }

    /// The end of the log, as of opening or the last append.
    pub fn head(&self) -> Head {
        self.head.clone()
    }

    /// Gives back what memory the pages take that were read last: after a replay they are of no more use.
    ///
    /// # Errors
    /// As SQLite says.
    pub fn release_memory(&self) -> Result<(), StoreError> {
        Ok(self.connection.execute_batch("PRAGMA shrink_memory")?)
    }

    /// Hands out every event after revision `after`, in order, until `each` breaks off.
    ///
    /// # Errors
    /// Says which event cannot be read or is missing; those before it have been handed out.
    pub fn replay(
        &self,
        after: u64,
        each: &mut dyn FnMut(StoredEvent) -> ControlFlow<()>,
    ) -> Result<(), StoreError> {
        event::replay(&self.connection, &self.head, after, each)
    }

    /// Compares everything the file holds with everything else it holds, and lists every problem found:
    /// SQLite's own check, the hash chain with its head, and the feature tables derived again from the log.
    ///
    /// `progress` is called with rows done and rows in all.
    ///
    /// # Errors
    /// Only where nothing could be compared at all; damage is a [`Problem`].
    pub fn verify(&self, progress: &mut dyn FnMut(u64, u64)) -> Result<Verification, StoreError> {
        verify::verify(&self.connection, &self.head, progress)
    }

    /// Closes the file; what is in the write-ahead log is brought into it.
    ///
    /// # Errors
    /// Where the file system refuses. Nothing acknowledged is lost by it.
    pub fn close(self) -> Result<(), StoreError> {
        self.connection.close().map_err(|(_, error)| StoreError::Database(error))
    }
}
