//! Names of tiles: zoom, column from the west, row from the north (XYZ, Web Mercator).

use model::Bounds;

/// Deepest zoom that is answered. Clients enlarge the tiles of zoom 16 beyond it.
pub const ZOOM_MAX: u8 = 22;

/// A tile that exists.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct TileId {
    /// Zoom, 0 to [`ZOOM_MAX`].
    pub z: u8,
    /// Column, from 180° W.
    pub x: u32,
    /// Row, from the north.
    pub y: u32,
}

impl TileId {
    /// The tile, or `None` where there is no such zoom, column or row.
    pub fn new(z: u8, x: u32, y: u32) -> Option<Self> {
        (z <= ZOOM_MAX && x < 1 << z && y < 1 << z).then_some(Self { z, x, y })
    }

    /// Its square in degrees. The northernmost and southernmost tiles end at ±85.0511°.
    pub fn bounds(&self) -> Bounds {
        let tiles = f64::from(1_u32 << self.z);
        let longitude = |x: f64| x / tiles * 360.0 - 180.0;
        let latitude = |y: f64| latitude_at(y / tiles);
        let (x, y) = (f64::from(self.x), f64::from(self.y));
        Bounds { west: longitude(x), south: latitude(y + 1.0), east: longitude(x + 1.0), north: latitude(y) }
    }
}

/// Latitude in degrees at a share of the way from the top of the Web Mercator square to its bottom.
pub(crate) fn latitude_at(share: f64) -> f64 {
    (std::f64::consts::PI * (1.0 - 2.0 * share)).sinh().atan().to_degrees()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_tile_off_the_map_does_not_exist() {
        assert_eq!(TileId::new(2, 4, 0), None);
        assert_eq!(TileId::new(2, 0, 4), None);
        assert_eq!(TileId::new(23, 0, 0), None);
        assert!(TileId::new(22, (1 << 22) - 1, (1 << 22) - 1).is_some());
    }

    #[test]
    fn kharkiv_lies_in_the_tile_that_the_openstreetmap_formula_names() {
        // By the formula of https://wiki.openstreetmap.org/wiki/Slippy_map_tilenames: 615.06, 347.32 at zoom 10.
        let bounds = TileId::new(10, 615, 347).expect("exists").bounds();
        assert!(bounds.west <= 36.2304 && 36.2304 <= bounds.east, "{bounds:?}");
        assert!(bounds.south <= 49.9935 && 49.9935 <= bounds.north, "{bounds:?}");
    }
}
