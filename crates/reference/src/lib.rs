//! Reference layers: what an operator lays under the register to read it by. Administrative units, settlements,
//! roads, farmland; any schema, read-only.
//!
//! A layer is read from a file by the readers that records come in by, kept as one file beside the store
//! ([`Shelf`]), and asked by box and by shape ([`Layer`]). Nothing here is a record: layers have no history.

mod about;
mod error;
mod gather;
mod layer;
mod layer_file;
mod name;
mod shelf;
mod touch;

pub use about::{About, Counts, Field, Kind};
pub use error::LayerError;
pub use gather::{Found, Gathered, Source, gather};
pub use layer::{Feature, Layer};
pub use name::Name;
pub use shelf::{Layers, Listed, Shelf, add, folder_of, list, remove};
pub use touch::touches;

/// Most features of a layer.
pub const FEATURES_MAX: usize = 2_000_000;
/// Most vertices of a layer, all features together.
pub const VERTICES_MAX: usize = 50_000_000;
/// Most layers beside a store.
pub const LAYERS_MAX: usize = 64;
/// Longest title of a layer, in characters.
pub const TITLE_CHARS_MAX: usize = 200;
