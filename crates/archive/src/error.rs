//! Why there is no archive.

use std::path::PathBuf;

/// Why there is no archive.
#[derive(Debug, thiserror::Error)]
pub enum ArchiveError {
    /// A file cannot be read or written.
    #[error("{path}: {source}")]
    File {
        /// Which one.
        path: PathBuf,
        /// What the system says.
        source: std::io::Error,
    },
    /// Another run is writing the same archive.
    #[error("{path}: another run is writing it")]
    Busy {
        /// The unfinished file.
        path: PathBuf,
    },
    /// No such range of zooms.
    #[error(
        "zooms {least} to {most}: the least may not exceed the greatest, and that not {}",
        tiles::ZOOM_MAX
    )]
    Zooms {
        /// Least zoom.
        least: u8,
        /// Greatest zoom.
        most: u8,
    },
    /// Nothing is wanted.
    #[error("an archive needs at least one layer")]
    NoLayer,
    /// Two layers would have the same name in a tile.
    #[error("{collection} is in two of the layers")]
    Twice {
        /// The collection.
        collection: &'static str,
    },
    /// A tile cannot be made.
    #[error(transparent)]
    Tile(#[from] tiles::TileError),
    /// More tiles, or larger ones, than the format can name.
    #[error("{what} is more than the format can hold")]
    TooLarge {
        /// What there is too much of.
        what: &'static str,
    },
    /// The database of an MBTiles file.
    #[error("{path}: {source}")]
    Database {
        /// The file.
        path: PathBuf,
        /// What SQLite says.
        source: rusqlite::Error,
    },
}
