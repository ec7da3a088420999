//! A file → its records, in order.

use std::fs;
use std::path::Path;

use geodesy::Crs;
use model::{Collection, Draft, Finding, Origin};

use crate::{Format, Mapping, ReadError, csv_table, geojson, geopackage, ndjson, shapefile};

/// What the caller knows about a file. It outranks the mapping, and the mapping outranks the file.
#[derive(Debug, Clone, Default)]
pub struct ReadOptions {
    /// The format; otherwise told by the extension, then by the content.
    pub format: Option<Format>,
    /// The reference system of the coordinates.
    pub crs: Option<Crs>,
    /// What the records are.
    pub collection: Option<Collection>,
    /// How the file's names become ours.
    pub mapping: Option<Mapping>,
    /// Code of the organisation, where a record names none.
    pub organisation: Option<String>,
    /// Code of the sharing level, where a record names none.
    pub sharing: Option<String>,
    /// The feature table to read of a file that has several.
    pub layer: Option<String>,
    /// What the file is called, where its name on this machine is not the one people know. Never opened.
    pub shown_as: Option<String>,
}

/// One record of a file.
#[derive(Debug, Clone, PartialEq)]
pub enum Item {
    /// Values to be checked.
    Draft(Draft),
    /// A record that cannot be read as one.
    Unreadable {
        /// Where it stands.
        origin: Origin,
        /// What is wrong with it.
        finding: Finding,
    },
}

/// What there is to say about the file as a whole.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Reading {
    /// What was assumed: reference system, encoding, layers.
    pub notes: Vec<Finding>,
    /// Where the file was cut off or stopped making sense; every record before that was delivered.
    pub broken: Option<Finding>,
}

/// Reads a file and hands over its records in order.
///
/// Records that cannot be read are handed over as such, with their number; they never stop the others.
///
/// # Errors
/// Where the file as a whole cannot be read. Records may have been handed over before; they should not be kept.
pub fn read(path: &Path, options: &ReadOptions, sink: &mut dyn FnMut(Item)) -> Result<Reading, ReadError> {
    check_size(path)?;
    if let Some(mapping) = &options.mapping {
        mapping.check(options.collection)?;
    }
    match options.format.map_or_else(|| Format::of_file(path), Ok)? {
        Format::GeoJson => geojson::read(path, &bytes_of(path)?, options, sink),
        Format::NdJson => ndjson::read(path, &bytes_of(path)?, options, sink),
        Format::Csv => csv_table::read(path, &bytes_of(path)?, options, sink),
        Format::GeoPackage => geopackage::read(path, options, sink),
        Format::Shapefile => shapefile::read(path, options, sink),
    }
}

fn check_size(path: &Path) -> Result<(), ReadError> {
    let about = fs::metadata(path).map_err(|source| ReadError::Io { file: path.to_owned(), source })?;
    match about.len() {
        0 if about.is_file() => Err(ReadError::Empty { file: path.to_owned() }),
        bytes if bytes > model::limits::FILE_BYTES_MAX => {
            Err(ReadError::TooLarge { file: path.to_owned(), bytes })
        }
        _ => Ok(()),
    }
}

/// The content of a file.
pub(crate) fn bytes_of(path: &Path) -> Result<Vec<u8>, ReadError> {
    fs::read(path).map_err(|source| ReadError::Io { file: path.to_owned(), source })
}
