//! Coordinates as people write them → places on WGS 84, with how they were read and how far off they may be.
//!
//! Text that can be read in more than one way is answered in every way that is possible. Nothing is guessed: a
//! point read in the wrong system of Ukraine lies 110 to 125 m off.

mod degrees;
mod grids;
mod metres;
mod named;
mod systems;
mod text;

use geo_types::Coord;

use crate::grid::GridError;
use crate::measure::EQUATOR_RADIUS_M;
use crate::{Crs, CrsError};
use degrees::Angle;
use metres::Pair;
use named::Said;

/// Longest text that is read, in characters.
pub const LOCATE_CHARS_MAX: usize = 200;
/// What can be read, with examples; part of the errors.
pub const NOTATIONS: &str = "decimal degrees (50.4501 N 30.5234 E, 50,4501 30,5234), degrees and minutes (50°27.5' N \
30°31.2' E), degrees, minutes and seconds (50 27 30 30 31 12), MGRS (36UUA 23456 89012), UTM (36U 323456 5589012, \
36 north …), UPS (UPS north 2000000 2100000), metres with a zone number (6412345 5423456), and pairs in a system that is \
named (UCS-2000 zone 6, UCS-2000 Kharkiv, SK-42 zone 6, SK-63 X5) or given as EPSG:N";

pub(crate) const WGS84: &str = "EPSG:4326";

/// One way to read a text.
#[derive(Debug, Clone, PartialEq)]
pub struct Reading {
    /// Longitude and latitude on WGS 84, in degrees.
    pub place: Coord<f64>,
    /// How far, in metres, the place meant may be from `place`: half of the last digit in both axes (for MGRS half
    /// the diagonal of the square), and the stated accuracy of the operation. `None` where PROJ states none.
    pub accuracy_m: Option<f64>,
    /// How the text was read, for people.
    pub read_as: String,
    /// The system that the coordinates were taken to be in.
    pub crs: String,
    /// PROJ's operation to WGS 84; `None` where none was needed.
    pub operation: Option<String>,
    /// What the reader should know: another order, a place outside the system's area, a band that does not fit.
    pub notes: Vec<String>,
}

/// Why a text is no place.
#[derive(Debug, Clone, PartialEq, thiserror::Error)]
pub enum LocateError {
    /// Longer than [`LOCATE_CHARS_MAX`].
    #[error("the text has {chars} characters; a coordinate has at most {LOCATE_CHARS_MAX}")]
    TooLong {
        /// Its length.
        chars: usize,
    },
    /// No notation fits.
    #[error("{text:?} is no coordinate that can be read. Readable: {NOTATIONS}")]
    Unreadable {
        /// The text.
        text: String,
    },
    /// A notation fits, but there is no such place.
    #[error("{text:?} is no place: {why}. Readable: {NOTATIONS}")]
    NoPlace {
        /// The text.
        text: String,
        /// What is wrong.
        why: String,
    },
    /// The system is named twice.
    #[error("the text names a reference system, and {crs:?} is given beside it; leave one out")]
    TwoSystems {
        /// The one beside the text.
        crs: String,
    },
    /// The system cannot be used.
    #[error(transparent)]
    Crs(#[from] CrsError),
}

/// Why one notation that fits gives no place.
enum Why {
    Text(String),
    System(LocateError),
}

impl From<GridError> for Why {
    fn from(error: GridError) -> Self {
        Why::Text(error.to_string())
    }
}

/// What is known of the system.
enum System {
    /// Nothing: degrees are WGS 84.
    Open,
    /// Asked for by code or well-known text: easting before northing, longitude before latitude.
    Asked(Crs),
    /// Named by people: the zone and the order of the numbers may be open.
    Named(named::Named),
}

/// Reads coordinates in any notation ([`NOTATIONS`]), likeliest reading first; never an empty list.
///
/// `crs` is the system that the text is in: `EPSG:N`, well-known text, or a name such as `SK-42 zone 6`. With a
/// code a pair without letters is easting and northing, or longitude and latitude. Without a system, degrees are WGS 84
/// and a pair without letters is answered in both orders, where both are possible.
///
/// # Errors
/// Says what cannot be, and which notations are read.
pub fn locate(text: &str, crs: Option<&str>) -> Result<Vec<Reading>, LocateError> {
    let chars = text.chars().count();
    if chars > LOCATE_CHARS_MAX {
        return Err(LocateError::TooLong { chars });
    }
    let (system, rest) = system(text, crs)?;
    let mut refused = None;
    for way in text::commas(&rest) {
        match read(&way, &system) {
            Some(Ok(readings)) => return Ok(readings),
            Some(Err(why)) => refused = refused.or(Some(why)),
            None => {}
        }
    }
    let text = text.to_owned();
    Err(match refused {
        Some(Why::Text(why)) => LocateError::NoPlace { text, why },
        Some(Why::System(error)) => error,
        None => LocateError::Unreadable { text },
    })
}

/// The system, and the plain text without its name.
fn system(text: &str, crs: Option<&str>) -> Result<(System, String), LocateError> {
    let (said, rest) = named::take(&text::plain(text));
    let asked = match crs.map(|crs| (crs, named::take(&text::plain(crs)))) {
        None => None,
        // Only a name and nothing beside it: well-known text holds the same words.
        Some((_, (Said::Name(named), beside))) if beside.is_empty() => Some(System::Named(named)),
        Some((crs, _)) => Some(System::Asked(Crs::parse(crs)?)),
    };
    let system = match (asked, said) {
        (Some(_), Said::Code(_) | Said::Name(_)) => {
            return Err(LocateError::TwoSystems { crs: crs.unwrap_or_default().to_owned() });
        }
        (Some(asked), Said::Nothing) => asked,
        (None, Said::Code(code)) => System::Asked(Crs::parse(&code)?),
        (None, Said::Name(named)) => System::Named(named),
        (None, Said::Nothing) => System::Open,
    };
    Ok((system, rest))
}

/// The first notation that fits; where it fits and gives no place, the next ones are tried too.
fn read(text: &str, system: &System) -> Option<Result<Vec<Reading>, Why>> {
    let grids =
        || grids::mgrs(text).or_else(|| grids::utm(text)).map(|read| read.map(|found| beside(found, system)));
    let angles = || {
        degrees::angles(text)
            .map(|found| found.map_err(Why::Text).and_then(|found| in_degrees(&found, system)))
    };
    let metres = || metres::pair(text).map(|pair| in_metres(&pair, system));
    let mut refused = None;
    for notation in [&grids as &dyn Fn() -> Option<Result<Vec<Reading>, Why>>, &angles, &metres] {
        match notation() {
            Some(Ok(found)) => return Some(Ok(found)),
            Some(Err(why)) => refused = Some(why),
            None => {}
        }
    }
    refused.map(Err)
}

/// MGRS, UTM and UPS name their own system: another one that was given is not used, and that is said.
fn beside(mut readings: Vec<Reading>, system: &System) -> Vec<Reading> {
    let unused = match system {
        System::Open => return readings,
        System::Asked(crs) if crs.is_wgs84() => return readings,
        System::Asked(crs) => crs.name().to_owned(),
        System::Named(named) => named.name(),
    };
    for reading in &mut readings {
        reading.notes.push(format!("read on WGS 84; {unused}, which was given beside it, was not used"));
    }
    readings
}

fn in_degrees(angles: &[Angle; 2], system: &System) -> Result<Vec<Reading>, Why> {
    let is_marked = angles.iter().any(|angle| angle.is_marked || angle.parts > 1);
    match system {
        System::Open => systems::angles(&Crs::wgs84(), angles, false),
        System::Asked(crs) if crs.is_degrees() => systems::angles(crs, angles, true),
        System::Asked(crs) if is_marked => {
            let name = crs.name();
            Err(Why::Text(format!(
                "these are degrees, and the coordinates of {name} are not; give its geographic system"
            )))
        }
        // Plain small numbers may be metres of that system.
        System::Asked(crs) => Err(Why::Text(format!("as degrees they are not in {}", crs.name()))),
        System::Named(named) => {
            let crs = Crs::parse(&format!("EPSG:{}", named.degrees()))
                .map_err(|error| Why::System(error.into()))?;
            systems::angles(&crs, angles, false)
        }
    }
}

fn in_metres(pair: &Pair, system: &System) -> Result<Vec<Reading>, Why> {
    match system {
        System::Open => systems::with_prefix(pair),
        System::Asked(crs) => systems::in_system(crs, pair),
        System::Named(named) => systems::in_named(*named, pair),
    }
}

/// How far apart the corners of the last digits are from their middle, in metres: half a step each way.
fn degree_step_m(lat_deg: f64, lat_step_deg: f64, lon_step_deg: f64) -> f64 {
    let north_m = (lat_step_deg / 2.0).to_radians() * EQUATOR_RADIUS_M;
    let east_m = (lon_step_deg / 2.0).to_radians() * EQUATOR_RADIUS_M * lat_deg.to_radians().cos().abs();
    north_m.hypot(east_m)
}

/// Degrees with as many decimals as say anything (0.1 mm), without trailing noughts.
fn degree_text(degrees: f64) -> String {
    let text = format!("{degrees:.9}");
    format!("{}°", text.trim_end_matches('0').trim_end_matches('.'))
}

#[cfg(test)]
mod tests;
