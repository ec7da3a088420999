//! Where on the ground: reference systems through PROJ, and distances, bearings and areas on the ellipsoid.
//!
//! Everything inside the register is WGS 84 in degrees, longitude first. [`Crs`] names the system that a file or
//! a person used, [`to_wgs84`] carries coordinates out of it, and the measuring functions answer in metres,
//! square metres and degrees.

mod crs;
mod grid;
mod known;
mod locate;
mod magnetic;
mod measure;
mod mgrs;
mod segment;
mod straight;
mod transform;
mod traverse;

pub use crs::{Crs, CrsError};
pub use grid::{Grid, GridError};
pub use locate::{LOCATE_CHARS_MAX, LocateError, NOTATIONS, Reading, locate};
pub use magnetic::{MagneticError, declination_deg};
pub use measure::{bearing_deg, degrees_around, destination, distance_m, measures};
pub use mgrs::{MGRS_DIGITS_MAX, MgrsError, MgrsSquare, from_mgrs, to_mgrs};
pub use segment::distance_to_segment_m;
pub use straight::straight_area_m2;
pub use transform::{Conversion, ConvertError, Operation, from_wgs84, to_wgs84};
pub use traverse::{LEG_M_MAX, LEGS_MAX, Leg, North, Traverse, TraverseError, traverse};

/// Environment variables that send PROJ to another PROJ's database.
///
/// Where one is set to a foreign database, even the built-in one is not used and every conversion fails; a
/// program should start itself again without them.
pub const PROJ_VARIABLES: [&str; 2] = ["PROJ_DATA", "PROJ_LIB"];
