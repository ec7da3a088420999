//! The readers of shapes inside files, opened to the fuzz targets (`fuzz/`) and to nobody else.

use geo_types::Geometry;

use crate::source::Place;
use crate::{wkb, wkt};

/// Reads well-known text.
pub fn read_wkt(text: &str) -> Option<Geometry<f64>> {
    match wkt::place(text) {
        Place::Shape(shape) => Some(shape.geometry),
        Place::None | Place::Unreadable { .. } => None,
    }
}

/// Writes well-known text.
pub fn write_wkt(geometry: &Geometry<f64>) -> String {
    wkt::write(geometry)
}

/// Reads well-known binary.
pub fn read_wkb(bytes: &[u8]) -> Option<Geometry<f64>> {
    wkb::read(bytes).ok().flatten().map(|shape| shape.geometry)
}

/// Writes well-known binary.
pub fn write_wkb(geometry: &Geometry<f64>) -> Vec<u8> {
    let mut bytes = Vec::new();
    wkb::write(geometry, &mut bytes);
    bytes
}
