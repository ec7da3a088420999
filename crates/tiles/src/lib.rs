//! Vector and raster tiles that may only grow a hazard, never lose or shrink one (`docs/TILES.md`).
//!
//! Every row that touches a tile is in it, or in a merged shape whose `count` includes it; what is drawn
//! covers what is recorded, and is at least 2 pixels wide. No limit drops anything.

mod clip;
mod codes;
mod contour;
mod draw;
mod enclosing;
mod encode;
mod feature;
mod frame;
mod gather;
mod heights;
mod known;
mod lettering;
mod octagon;
mod offset;
mod paint;
mod picture;
mod plain;
mod quick;
mod raster;
mod sheet;
mod simplify;
mod symbols;
mod tile_id;
mod tiny;
mod truth;

use spatial_index::{Layer, View};

use crate::gather::Budget;
use crate::known::Known;

pub use picture::{TileSize, raster_tile};
pub use plain::{Plain, plain_tile, searched};
pub use tile_id::{TileId, ZOOM_MAX};

/// No tile has more bytes, before compression.
pub const BYTES_MAX: usize = 500_000;

/// Why there is no tile. An empty tile is no error, and no error is an empty tile.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum TileError {
    /// The encoder refused a feature.
    #[error("tile {z}/{x}/{y} cannot be encoded: {reason}")]
    Encode {
        /// Zoom.
        z: u8,
        /// Column.
        x: u32,
        /// Row.
        y: u32,
        /// What the encoder says.
        reason: String,
    },
}

impl TileError {
    fn not_encoded(tile: TileId, reason: String) -> Self {
        Self::Encode { z: tile.z, x: tile.x, y: tile.y, reason }
    }
}

/// The Mapbox vector tile (version 2.1, not compressed) of a layer; empty where nothing touches it. It never has
/// more than [`BYTES_MAX`] bytes.
///
/// One MVT layer for each collection with rows there, extent 4096. Properties: `id`, or `count` of merged
/// shapes; the codes that are set; `name`; `level` (`exact`: the outline lies within 2 units of the true one,
/// east-west and north-south each; `generalised`; `merged`); `position_accuracy_m` where known, of merged ones at
/// least the greatest; `synthetic` where true.
///
/// # Errors
/// [`TileError`], where the tile cannot be encoded.
pub fn vector_tile(view: &View, layer: Layer, tile: TileId) -> Result<Vec<u8>, TileError> {
    vector_tile_within(view, layer, tile, BYTES_MAX)
}

/// The same with a limit of its own: what does not fit is merged more coarsely. A limit that even one shape for each
/// combination of codes exceeds (some hundred bytes each) is exceeded: nothing is left out for it.
///
/// # Errors
/// As [`vector_tile`].
pub fn vector_tile_within(
    view: &View,
    layer: Layer,
    tile: TileId,
    bytes_max: usize,
) -> Result<Vec<u8>, TileError> {
    let frame = frame::Frame::of(tile);
    let mut budget = bytes_max;
    loop {
        let features = gather::features(
            &frame,
            |take| view.each_touching(layer, &frame.searched(), |placed| take(Known::of(placed))),
            Budget::of(budget),
        );
        let bytes = encode::tile(&features).map_err(|reason| TileError::not_encoded(tile, reason))?;
        // What features cost is reckoned before they are encoded, rather too high.
        if bytes.len() <= bytes_max || budget == 0 {
            return Ok(bytes);
        }
        budget /= 2;
    }
}
