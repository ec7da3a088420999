//! Geometries as bytes: WKB in the log, GeoPackage binary in the feature tables. Coordinates keep every bit.

use geo_traits::to_geo::ToGeoGeometry;
use model::{Bounds, Geometry};
use wkb::Endianness;
use wkb::reader::Wkb;
use wkb::writer::{WriteOptions, geometry_wkb_size, write_geometry};

/// Length of the header that [`write_gpkg`] puts before the WKB, in bytes, where the geometry has a coordinate.
const HEADER_BYTES: usize = 40;

/// Geometry as little-endian WKB, appended to `bytes`.
pub fn write_wkb(geometry: &Geometry, bytes: &mut Vec<u8>) -> Result<(), String> {
    bytes.reserve(geometry_wkb_size(geometry));
    let options = WriteOptions { endianness: Endianness::LittleEndian };
    write_geometry(bytes, geometry, &options).map_err(|error| error.to_string())
}

/// Geometry out of WKB. The reader bounds counts and nesting by the bytes given.
pub fn read_wkb(bytes: &[u8]) -> Result<Geometry, String> {
    let wkb = Wkb::try_new(bytes).map_err(|error| error.to_string())?;
    wkb.try_to_geometry().ok_or_else(|| "an empty point".to_owned())
}

/// GeoPackage binary (OGC 12-128r17, clause 2.1.3): header with envelope, then the WKB given.
pub fn write_gpkg(bounds: Option<Bounds>, wkb: &[u8], bytes: &mut Vec<u8>) {
    const SRS_ID: i32 = 4326;
    const LITTLE_ENDIAN: u8 = 0b0000_0001;
    const ENVELOPE_XY: u8 = 0b0000_0010;
    const EMPTY: u8 = 0b0001_0000;
    bytes.reserve(HEADER_BYTES + wkb.len());
    let flags = LITTLE_ENDIAN | if bounds.is_some() { ENVELOPE_XY } else { EMPTY };
    bytes.extend([b'G', b'P', 0, flags]);
    bytes.extend(SRS_ID.to_le_bytes());
    if let Some(Bounds { west, south, east, north }) = bounds {
        bytes.extend([west, east, south, north].into_iter().flat_map(f64::to_le_bytes));
    }
    bytes.extend(wkb);
}

#[cfg(test)]
mod tests {
    use super::*;
    use geo_types::{Coord, LineString, MultiPolygon, Point, Polygon};
    use proptest::prelude::*;

    fn there_and_back(geometry: &Geometry) -> Geometry {
        let mut bytes = Vec::new();
        write_wkb(geometry, &mut bytes).expect("writes");
        read_wkb(&bytes).expect("reads")
    }

    fn bits(geometry: &Geometry) -> Vec<[u64; 2]> {
        model::coordinates(geometry).map(|c| [c.x.to_bits(), c.y.to_bits()]).collect()
    }

    proptest! {
        #[test]
        fn a_polygon_comes_back_bit_for_bit(ring in prop::collection::vec((-180.0..=180.0, -90.0..=90.0), 3..40)) {
            let exterior = LineString(ring.into_iter().map(|(x, y)| Coord { x, y }).collect());
            let polygon = Polygon::new(exterior.clone(), vec![exterior]);
            let shapes = [polygon.clone().into(), Geometry::MultiPolygon(MultiPolygon(vec![polygon]))];
            for shape in shapes {
                let back = there_and_back(&shape);
                prop_assert_eq!(&back, &shape);
                prop_assert_eq!(bits(&back), bits(&shape));
            }
        }

        #[test]
        fn random_bytes_never_bring_the_reader_down(bytes in prop::collection::vec(any::<u8>(), 0..200)) {
            let _ = read_wkb(&bytes);
        }
    }

    #[test]
    fn minus_zero_keeps_its_sign() {
        let point: Geometry = Point::new(-0.0, 49.0).into();
        assert_eq!(bits(&there_and_back(&point)), bits(&point));
    }
}
