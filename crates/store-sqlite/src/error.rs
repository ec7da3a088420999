//! Why a store refuses or fails.

use std::path::PathBuf;

use rusqlite::ErrorCode;

/// A refusal (the file is not fit) or a failure (the machine broke).
#[derive(Debug, thiserror::Error)]
pub enum StoreError {
    /// Another process has the register open for writing.
    #[error("{} is in use: another process holds {}", path.display(), lock.display())]
    Locked {
        /// The register.
        path: PathBuf,
        /// The file whose lock is held.
        lock: PathBuf,
    },
    /// The file is something else.
    #[error("{} is not a register of minemap: {why}", path.display())]
    NotARegister {
        /// The file.
        path: PathBuf,
        /// What was found.
        why: String,
    },
    /// The file was written by a newer version of this program.
    #[error("{} has format {found}; this version reads up to {known}", path.display())]
    NewerFormat {
        /// The file.
        path: PathBuf,
        /// Its format.
        found: i64,
        /// The newest format this version reads.
        known: i64,
    },
    /// The file was written by a version of this program that was never released.
    #[error("{} has format {found}; this version reads format {known}: export it with the version that wrote it, and import that", path.display())]
    OlderFormat {
        /// The file.
        path: PathBuf,
        /// Its format.
        found: i64,
        /// The format this version reads.
        known: i64,
    },
    /// The file does not fit together.
    #[error("the register is damaged: {what}")]
    Damaged {
        /// What does not fit.
        what: String,
    },
    /// An event cannot be read.
    #[error("event {revision} cannot be read: {why}")]
    Unreadable {
        /// Its revision.
        revision: u64,
        /// What is wrong with it.
        why: String,
    },
    /// A record cannot be written in the log's form.
    #[error("record {id} cannot be written: {why}")]
    Unwritable {
        /// Its identifier.
        id: model::RecordId,
        /// What is wrong with it.
        why: String,
    },
    /// The store was opened for reading only.
    #[error("the register is open for reading only")]
    ReadOnly,
    /// An earlier write failed, so that what the disk holds is not known until the file is opened again.
    #[error("an earlier write failed; nothing is written until the register is opened again")]
    Stopped,
    /// The file system failed.
    #[error("{}: {source}", path.display())]
    File {
        /// The file.
        path: PathBuf,
        /// What happened.
        source: std::io::Error,
    },
    /// No random numbers from the operating system.
    #[error("no random numbers from the operating system: {0}")]
    Random(getrandom::Error),
    /// SQLite failed.
    #[error("database: {0}")]
    Database(#[from] rusqlite::Error),
}

impl StoreError {
    /// Whether the machine broke, so that nothing more may be written before the file is opened and checked again.
    ///
    /// A write or fsync that failed is never tried again: the kernel may have dropped the pages and report success
    /// the second time (lwn.net/Articles/752063, "PostgreSQL's fsync() surprise").
    pub fn is_failure(&self) -> bool {
        match self {
            Self::File { .. } | Self::Random(_) | Self::Damaged { .. } | Self::Stopped => true,
            Self::Database(error) => !is_harmless(error),
            Self::Locked { .. }
            | Self::NotARegister { .. }
            | Self::NewerFormat { .. }
            | Self::OlderFormat { .. }
            | Self::Unreadable { .. }
            | Self::Unwritable { .. }
            | Self::ReadOnly => false,
        }
    }
}

/// Errors after which SQLite has rolled back and the file is as before.
fn is_harmless(error: &rusqlite::Error) -> bool {
    matches!(
        error.sqlite_error_code(),
        Some(
            ErrorCode::DatabaseBusy
                | ErrorCode::DatabaseLocked
                | ErrorCode::TooBig
                | ErrorCode::ConstraintViolation
        )
    )
}
