//! Records → a whole file, or none.

use std::path::Path;

use model::{Collection, Geometry, Properties};
use uuid::Uuid;

use crate::{Format, WriteError, csv_table, geojson, geopackage, ndjson};

/// A record as it is handed out.
#[derive(Debug, Clone, Copy)]
pub struct Export<'a> {
    /// Identifier.
    pub id: Uuid,
    /// WGS 84 degrees, longitude first.
    pub geometry: Option<&'a Geometry>,
    /// The stored properties ([`model::Record::properties`]).
    pub properties: &'a Properties,
}

/// Writes records of one collection to a file, and says how many.
///
/// The file appears complete, in one step, in place of any file of that name.
///
/// # Errors
/// Where it could not be written; then nothing was.
pub fn write<'a>(
    path: &Path,
    format: Format,
    collection: Collection,
    records: &mut dyn Iterator<Item = Export<'a>>,
) -> Result<u64, WriteError> {
    match format {
        Format::GeoJson => geojson::write(path, collection, records),
        Format::NdJson => ndjson::write(path, collection, records),
        Format::Csv => csv_table::write(path, collection, records),
        Format::GeoPackage => geopackage::write(path, collection, records),
        Format::Shapefile => Err(WriteError::ReadOnly { format }),
    }
}

/// Names beside the collection's fields that a table of any collection has a column for.
const BESIDE: [&str; 4] = ["attributes", "as_entered", "area_m2", "length_m"];

/// The columns of a table of a collection, between `id` and the geometry.
pub(crate) fn columns(collection: Collection) -> Vec<&'static str> {
    let computed = collection.computed().map(|field| field.name).filter(|name| !BESIDE.contains(name));
    collection.fields().map(|field| field.name).chain(BESIDE).chain(computed).collect()
}

/// Refuses a record with a property that no column takes: nothing is left out silently.
pub(crate) fn check_columns(
    record: &Export,
    collection: Collection,
    columns: &[&'static str],
) -> Result<(), WriteError> {
    let stray = record.properties.keys().find(|name| !columns.contains(&name.as_str()));
    match stray {
        None => Ok(()),
        Some(name) => Err(WriteError::NoColumn { id: record.id, name: name.clone(), collection }),
    }
}
