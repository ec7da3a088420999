//! Why a file cannot be read or written at all.

use std::io;
use std::path::PathBuf;

use crate::{Format, MappingError};

/// A file that cannot be read as a whole; nothing of it should be kept.
#[derive(Debug, thiserror::Error)]
pub enum ReadError {
    /// The machine could not read it.
    #[error("{file}: {source}")]
    Io {
        /// The file.
        file: PathBuf,
        /// What the machine says.
        source: io::Error,
    },
    /// It has no content.
    #[error("{file}: the file is empty (0 bytes)")]
    Empty {
        /// The file.
        file: PathBuf,
    },
    /// It is larger than an import reads.
    #[error("{file}: {bytes} bytes; at most {max} (FILE_BYTES_MAX) are read", max = model::limits::FILE_BYTES_MAX)]
    TooLarge {
        /// The file.
        file: PathBuf,
        /// Its size.
        bytes: u64,
    },
    /// Its kind cannot be told, or is not one that is read.
    #[error("{given:?} is no format that can be read; allowed: {allowed}", allowed = Format::allowed())]
    Format {
        /// What was found or given.
        given: String,
    },
    /// It is not what its name or `--format` says.
    #[error("{file}: not readable as {format}: {reason}")]
    NotThisFormat {
        /// The file.
        file: PathBuf,
        /// The format that was expected.
        format: Format,
        /// What was found, and where.
        reason: String,
    },
    /// A format whose files are no layers.
    #[error("{file}: {format} files are not read as layers; allowed: {allowed}")]
    NotALayer {
        /// The file.
        file: PathBuf,
        /// Its format.
        format: Format,
        /// The formats that are.
        allowed: String,
    },
    /// Projected coordinates without a reference system.
    #[error("{file}: this file does not say its reference system, and {found}; pass --crs EPSG:N")]
    NoCrs {
        /// The file.
        file: PathBuf,
        /// Why it cannot be longitude and latitude.
        found: String,
    },
    /// A reference system that cannot be used.
    #[error("reference system: {0}")]
    Crs(#[from] geodesy::CrsError),
    /// Neither the caller, the mapping nor the file says what the records are.
    #[error("{file}: {found}; pass --collection with one of {allowed}", allowed = collections())]
    Collection {
        /// The file.
        file: PathBuf,
        /// What the file says instead.
        found: String,
    },
    /// The mapping does not fit the register.
    #[error("mapping: {0}")]
    Mapping(#[from] MappingError),
}

/// Why no file was written. The file of that name, if any, is as it was.
#[derive(Debug, thiserror::Error)]
pub enum WriteError {
    /// The machine could not write it.
    #[error("{file}: {source}")]
    Io {
        /// The file.
        file: PathBuf,
        /// What the machine says.
        source: io::Error,
    },
    /// The database engine could not write it.
    #[error("{file}: {reason}")]
    Database {
        /// The file.
        file: PathBuf,
        /// What SQLite says.
        reason: String,
    },
    /// A format that is only read.
    #[error("{format} files are read, not written; allowed: geojson, ndjson, csv, gpkg")]
    ReadOnly {
        /// The format.
        format: Format,
    },
    /// A property that the table has no column for.
    #[error("record {id}: the property {name:?} has no column in {collection}")]
    NoColumn {
        /// The record.
        id: uuid::Uuid,
        /// The property.
        name: String,
        /// The collection.
        collection: model::Collection,
    },
}

fn collections() -> String {
    model::Collection::allowed()
}
