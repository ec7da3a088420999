//! Files in and out: one module per format, reader and writer together.
//!
//! [`read`] turns a file into [`Item`]s, one per record of the file and in its order: a [`model::Draft`] to be
//! checked, or an unreadable record with its number and the reason. Nothing is left out: what no field takes
//! stays under `attributes`, a shape that cannot be read stays under `as_entered`, and a file that breaks off
//! says where. [`write()`] makes a whole file or none.

mod assemble;
mod atomic;
mod csv_table;
mod dbf;
mod deliver;
mod error;
mod feature_body;
mod format;
#[cfg(feature = "fuzzing")]
pub mod fuzzing;
mod geojson;
mod geopackage;
mod json_feature;
mod json_geometry;
mod json_scan;
mod locate;
mod mapping;
mod ndjson;
mod plain;
mod read;
mod repair;
mod shapefile;
mod source;
mod text;
mod wkb;
mod wkt;
mod write;

pub use atomic::write_file as write_whole_file;
pub use error::{ReadError, WriteError};
pub use feature_body::{FeatureBody, feature_of, read_feature};
pub use format::Format;
pub use json_geometry::write as write_geometry;
pub use json_scan::depth as json_depth;
pub use mapping::{Mapping, MappingError};
pub use plain::{PlainItem, PlainOptions, read_geometry, read_plain};
pub use read::{Item, ReadOptions, Reading, read};
pub use write::{Export, write};
