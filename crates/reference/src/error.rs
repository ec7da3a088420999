//! Why a layer cannot be added, read or removed.

use std::io;
use std::path::PathBuf;

/// What stands in the way. The layers are as they were.
#[derive(Debug, thiserror::Error)]
pub enum LayerError {
    /// An identifier that cannot be one.
    #[error("{given:?} cannot name a layer; {reason}")]
    Name {
        /// The identifier.
        given: String,
        /// Why not, and what is allowed.
        reason: String,
    },
    /// A title that cannot be one.
    #[error("the title has {chars} characters; allowed: 1 to {max} (TITLE_CHARS_MAX)", max = crate::TITLE_CHARS_MAX)]
    Title {
        /// Its length.
        chars: usize,
    },
    /// There is one of that name.
    #[error("there is a layer {0} already; --replace puts the new one in its place")]
    Exists(crate::Name),
    /// There is none of that name.
    #[error("there is no layer {name}; there are: {known}")]
    Missing {
        /// The name that was asked for.
        name: crate::Name,
        /// The names there are.
        known: String,
    },
    /// A bound was reached.
    #[error("{what}: {found}; at most {most} ({limit})")]
    TooMany {
        /// What there is too much of.
        what: String,
        /// How many were found.
        found: usize,
        /// How many may be.
        most: usize,
        /// Name of the limit.
        limit: &'static str,
    },
    /// The field of the unit's codes does not exist.
    #[error("no feature has a field {given:?} for --admin-code; there are: {known}")]
    AdminCode {
        /// The field.
        given: String,
        /// The fields there are.
        known: String,
    },
    /// The file breaks off, or holds no feature.
    #[error("{file}: {reason}; nothing of it was kept")]
    Broken {
        /// The file.
        file: PathBuf,
        /// Where and why.
        reason: String,
    },
    /// The file cannot be read as a whole.
    #[error(transparent)]
    Read(#[from] exchange::ReadError),
    /// The layer's own file could not be written.
    #[error(transparent)]
    Write(#[from] exchange::WriteError),
    /// A layer's own file is not as it was written.
    #[error("{file}: the layer's file is damaged: {reason}; add the layer again, or remove it")]
    Damaged {
        /// The file.
        file: PathBuf,
        /// What is wrong with it.
        reason: String,
    },
    /// The machine failed.
    #[error("{file}: {source}")]
    Io {
        /// The file.
        file: PathBuf,
        /// What the machine says.
        source: io::Error,
    },
}

impl LayerError {
    /// Whether the machine failed, rather than what it was asked for.
    pub fn is_failure(&self) -> bool {
        matches!(self, Self::Write(_) | Self::Io { .. } | Self::Damaged { .. })
    }
}
