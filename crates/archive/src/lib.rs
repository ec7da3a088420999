//! The tiles of a view in one file: PMTiles (version 3) or MBTiles (1.3), the same bytes for the same view.
//!
//! Tiles are made zoom by zoom, only where there is something, and kept in a file beside the output (`OUTPUT.partial`): a
//! run that was interrupted goes on from there, if it is of the same view. The output appears when it is whole.

mod about;
mod error;
mod hilbert;
mod made;
mod mbtiles;
mod partial;
mod pmtiles;
mod walk;

use std::fs::{self, File};
use std::io::{self, Read};
use std::path::{Path, PathBuf};

use sha2::{Digest, Sha256};
use spatial_index::{Layer, View};

pub use about::About;
pub use error::ArchiveError;

use crate::made::Made;

/// Which kind of file.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Format {
    /// PMTiles, version 3: clustered, compressed with gzip.
    PmTiles,
    /// MBTiles 1.3.
    MbTiles,
}

impl Format {
    /// The format that a file's name tells.
    pub fn from_path(path: &Path) -> Option<Self> {
        match path.extension()?.to_str()?.to_ascii_lowercase().as_str() {
            "pmtiles" => Some(Self::PmTiles),
            "mbtiles" => Some(Self::MbTiles),
            _ => None,
        }
    }

    /// Ending of file names.
    pub fn extension(self) -> &'static str {
        match self {
            Self::PmTiles => "pmtiles",
            Self::MbTiles => "mbtiles",
        }
    }
}

/// What to put into an archive.
#[derive(Debug, Clone)]
pub struct Wanted {
    /// The layers of each tile, in this order; no two may hold the same collection.
    pub layers: Vec<Layer>,
    /// Least zoom.
    pub zoom_min: u8,
    /// Greatest zoom.
    pub zoom_max: u8,
}

/// What was written.
#[derive(Debug, Clone)]
pub struct Written {
    /// Tiles with something in them.
    pub tiles: u64,
    /// Different contents among them.
    pub contents: u64,
    /// Size of the file.
    pub bytes: u64,
    /// SHA-256 of the file, in hexadecimal digits.
    pub sha256: String,
}

/// Writes the tiles of a view to a file. `progress` is told the zoom, and how many of its tiles are made, of how many.
///
/// # Errors
/// [`ArchiveError`]; then there is no file of that name that was not there before.
pub fn write(
    view: &View,
    wanted: &Wanted,
    (output, format): (&Path, Format),
    progress: &mut dyn FnMut(u8, u64, u64),
) -> Result<Written, ArchiveError> {
    wanted.check()?;
    let about = About::of(view, wanted);
    let partial_path = beside(output, "partial");
    let made = walk::walk(view, wanted, &partial_path, &about.identity(), progress)?;
    let unfinished = beside(output, "unfinished");
    let contents = match format {
        Format::PmTiles => pmtiles::write(&made, &about, &unfinished),
        Format::MbTiles => mbtiles::write(&made, &about, &unfinished),
    };
    let contents = contents.and_then(|contents| finish(&unfinished, output).map(|()| contents));
    let contents = contents.inspect_err(|_| drop(fs::remove_file(&unfinished)))?;
    let Made { entries, .. } = made;
    let _ = fs::remove_file(&partial_path);
    let (sha256, bytes) = hashed(output)?;
    Ok(Written { tiles: entries.len() as u64, contents, bytes, sha256 })
}

impl Wanted {
    fn check(&self) -> Result<(), ArchiveError> {
        if self.zoom_min > self.zoom_max || self.zoom_max > tiles::ZOOM_MAX {
            return Err(ArchiveError::Zooms { least: self.zoom_min, most: self.zoom_max });
        }
        let mut held: Vec<_> = self.layers.iter().flat_map(|layer| layer.collections()).collect();
        held.sort_unstable();
        match held.windows(2).find(|pair| pair[0] == pair[1]) {
            Some(pair) => Err(ArchiveError::Twice { collection: pair[0].id() }),
            None if held.is_empty() => Err(ArchiveError::NoLayer),
            None => Ok(()),
        }
    }
}

fn beside(output: &Path, what: &str) -> PathBuf {
    let mut name = output.file_name().unwrap_or_default().to_owned();
    name.push(".");
    name.push(what);
    output.with_file_name(name)
}

/// Makes the file durable, then gives it its name; the name too survives a power cut.
fn finish(unfinished: &Path, output: &Path) -> Result<(), ArchiveError> {
    let failed = |source| ArchiveError::File { path: output.to_owned(), source };
    File::open(unfinished).and_then(|file| file.sync_all()).map_err(failed)?;
    fs::rename(unfinished, output).map_err(failed)?;
    let folder = output.parent().filter(|folder| !folder.as_os_str().is_empty()).unwrap_or(Path::new("."));
    File::open(folder).and_then(|folder| folder.sync_all()).map_err(failed)
}

fn hashed(path: &Path) -> Result<(String, u64), ArchiveError> {
    let read = || -> io::Result<(String, u64)> {
        let (mut file, mut hash, mut bytes) = (File::open(path)?, Sha256::new(), 0);
        let mut buffer = vec![0; 1 << 20];
        loop {
            let count = file.read(&mut buffer)?;
            if count == 0 {
                return Ok((hash.finalize().iter().map(|byte| format!("{byte:02x}")).collect(), bytes));
            }
            hash.update(&buffer[..count]);
            bytes += count as u64;
        }
    };
    read().map_err(|source| ArchiveError::File { path: path.to_owned(), source })
}
