//! The Military Grid Reference System (NGA.STND.0037, section 4): a square named by letters and digits.
//!
//! An own reader: geoconvert 1.0.2, a port of GeographicLib, panics on the equator and takes the wrong band on a
//! band's edge; `tests/coordinates.rs` holds this one against GeographicLib itself.

use std::fmt::Write;

use geo_types::Coord;

use crate::grid::{Grid, GridError};

/// Side of a lettered square, in metres.
const SQUARE_M: f64 = 100_000.0;
/// Most digits of easting and of northing: 1 m.
pub const MGRS_DIGITS_MAX: usize = 5;
const BANDS: &[u8] = b"CDEFGHJKLMNPQRSTUVWX";
/// Columns of three zones in turn, from 100 km on.
const COLUMNS: [&[u8]; 3] = [b"ABCDEFGH", b"JKLMNPQR", b"STUVWXYZ"];
const ROWS: &[u8] = b"ABCDEFGHJKLMNPQRSTUV";
const ROWS_COUNT: i32 = 20;

/// The lettered squares around a pole, on one side of the meridians 0 and 180.
struct Polar {
    band: u8,
    is_north: bool,
    columns: &'static [u8],
    /// Easting of the first column, in squares.
    first_column: i32,
    rows: &'static [u8],
    /// Northing of the first row, in squares.
    first_row: i32,
}

const SOUTH_ROWS: &[u8] = b"ABCDEFGHJKLMNPQRSTUVWXYZ";
const NORTH_ROWS: &[u8] = b"ABCDEFGHJKLMNP";
const POLAR: [Polar; 4] = [
    Polar {
        band: b'A',
        is_north: false,
        columns: b"JKLPQRSTUXYZ",
        first_column: 8,
        rows: SOUTH_ROWS,
        first_row: 8,
    },
    Polar {
        band: b'B',
        is_north: false,
        columns: b"ABCFGHJKLPQR",
        first_column: 20,
        rows: SOUTH_ROWS,
        first_row: 8,
    },
    Polar {
        band: b'Y',
        is_north: true,
        columns: b"RSTUXYZ",
        first_column: 13,
        rows: NORTH_ROWS,
        first_row: 13,
    },
    Polar {
        band: b'Z',
        is_north: true,
        columns: b"ABCFGHJ",
        first_column: 20,
        rows: NORTH_ROWS,
        first_row: 13,
    },
];

/// A square that MGRS names.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct MgrsSquare {
    /// Its south-western corner.
    pub corner: Grid,
    /// Its side, in metres: 100,000 down to 1.
    pub side_m: f64,
    /// Its centre, longitude and latitude in degrees.
    pub centre: Coord<f64>,
}

impl MgrsSquare {
    /// Half its diagonal: no place of the square is farther from its centre (but for the scale of the projection,
    /// below 1 in 1,000).
    pub fn half_diagonal_m(&self) -> f64 {
        self.side_m * std::f64::consts::FRAC_1_SQRT_2
    }
}

/// Why text names no square.
#[derive(Debug, Clone, PartialEq, thiserror::Error)]
pub enum MgrsError {
    /// Not of the form.
    #[error(
        "not a zone, a band, two letters and an even number of digits up to ten, such as 36UXA1234567890"
    )]
    Form,
    /// A zone beyond 60, or none.
    #[error("zone {zone} is not one of 1 to 60")]
    Zone {
        /// What was given.
        zone: u32,
    },
    /// A letter that the place before it does not have.
    #[error("letter {letter} is no {what} there; there are {allowed}")]
    Letter {
        /// The letter.
        letter: char,
        /// `band`, `column` or `row`.
        what: &'static str,
        /// The letters that are possible.
        allowed: String,
    },
    /// Letters that exist, but not together.
    #[error("square {square} does not lie in band {band}")]
    NotInBand {
        /// Column and row.
        square: String,
        /// The band.
        band: char,
    },
    /// Metres without a place.
    #[error(transparent)]
    Grid(#[from] GridError),
}

/// The square of a place, with `digits` digits for each of easting and northing (0: 100 km, 5: 1 m); more than
/// [`MGRS_DIGITS_MAX`] are taken as that many. `None` where `place` is no longitude and latitude.
///
/// Digits are cut, not rounded, as the standard says.
pub fn to_mgrs(place: Coord<f64>, digits: usize) -> Option<String> {
    if !place.x.is_finite() || !(-90.0..=90.0).contains(&place.y) {
        return None;
    }
    let grid = Grid::of(place);
    let (column, row) =
        ((grid.easting_m / SQUARE_M).floor() as i32, (grid.northing_m / SQUARE_M).floor() as i32);
    let mut text = if grid.zone == 0 {
        polar_letters(&grid, column, row)?
    } else {
        letters(&grid, place.y, column, row)?
    };
    let digits = digits.min(MGRS_DIGITS_MAX);
    if digits > 0 {
        let cut =
            |value: f64| (value.rem_euclid(SQUARE_M) / 10f64.powi((MGRS_DIGITS_MAX - digits) as i32)).floor();
        let _ = write!(text, "{:0digits$}{:0digits$}", cut(grid.easting_m), cut(grid.northing_m));
    }
    Some(text)
}

fn letters(grid: &Grid, lat: f64, column: i32, row: i32) -> Option<String> {
    let columns = COLUMNS[usize::from(grid.zone - 1) % 3];
    let column = columns.get(usize::try_from(column - 1).ok()?)?;
    let row = ROWS[(row + row_shift(grid.zone)).rem_euclid(ROWS_COUNT) as usize];
    Some(format!("{:02}{}{}{}", grid.zone, char::from(band_of(lat)), char::from(*column), char::from(row)))
}

fn polar_letters(grid: &Grid, column: i32, row: i32) -> Option<String> {
    let part =
        POLAR.iter().rev().find(|part| part.is_north == grid.is_north && column >= part.first_column)?;
    let column = part.columns.get(usize::try_from(column - part.first_column).ok()?)?;
    let row = part.rows.get(usize::try_from(row - part.first_row).ok()?)?;
    Some([part.band, *column, *row].map(char::from).iter().collect())
}

/// Letter of the latitude band, for latitudes of UTM; X is 12° high.
pub(crate) fn band_of(lat: f64) -> u8 {
    BANDS[(((lat + 80.0) / 8.0).floor().max(0.0) as usize).min(BANDS.len() - 1)]
}

/// Southern and northern edge of a band, in degrees.
pub(crate) fn band_edges(band: u8) -> Option<(f64, f64)> {
    let index = BANDS.iter().position(|letter| *letter == band)?;
    let south = index as f64 * 8.0 - 80.0;
    Some((south, if band == b'X' { 84.0 } else { south + 8.0 }))
}

/// Rows of even zones begin five letters on.
fn row_shift(zone: u8) -> i32 {
    if zone.is_multiple_of(2) { 5 } else { 0 }
}

/// Reads a square: `36UXA1234567890`, blanks anywhere outside the digits of one number, small letters too; around
/// the poles without a zone (`ZAH…`).
///
/// # Errors
/// Says which part cannot be, and what could stand there.
pub fn from_mgrs(text: &str) -> Result<MgrsSquare, MgrsError> {
    let parts = Parts::of(text)?;
    let (corner, side_m) = match parts.zone {
        Some(zone) => (parts.utm_square(zone)?, parts.side_m()),
        None => (parts.polar_square()?, parts.side_m()),
    };
    let (east_m, north_m) = parts.offset_m();
    let corner =
        Grid { easting_m: corner.easting_m + east_m, northing_m: corner.northing_m + north_m, ..corner };
    let half_m = side_m / 2.0;
    let centre =
        Grid { easting_m: corner.easting_m + half_m, northing_m: corner.northing_m + half_m, ..corner };
    Ok(MgrsSquare { corner, side_m, centre: centre.place()? })
}

struct Parts {
    zone: Option<u8>,
    band: u8,
    column: u8,
    row: u8,
    easting: String,
    northing: String,
}

impl Parts {
    fn of(text: &str) -> Result<Self, MgrsError> {
        let text = text.trim().to_ascii_uppercase();
        let letters_at = text.find(|c: char| !c.is_ascii_digit()).ok_or(MgrsError::Form)?;
        let (zone, rest) = text.split_at(letters_at);
        let digits_at = rest.find(|c: char| c.is_ascii_digit()).unwrap_or(rest.len());
        let (letters, digits) = rest.split_at(digits_at);
        let letters: Vec<u8> = letters.bytes().filter(|byte| *byte != b' ').collect();
        let [band, column, row] = letters[..] else { return Err(MgrsError::Form) };
        if !letters.iter().all(u8::is_ascii_uppercase) || zone.len() > 2 {
            return Err(MgrsError::Form);
        }
        let (easting, northing) = halves(digits)?;
        let zone = if zone.is_empty() { None } else { Some(zone_number(zone)?) };
        Ok(Self { zone, band, column, row, easting, northing })
    }

    fn side_m(&self) -> f64 {
        10f64.powi((MGRS_DIGITS_MAX - self.easting.len()) as i32)
    }

    fn offset_m(&self) -> (f64, f64) {
        let metres = |digits: &str| digits.parse::<f64>().unwrap_or(0.0) * self.side_m();
        (metres(&self.easting), metres(&self.northing))
    }

    fn polar_square(&self) -> Result<Grid, MgrsError> {
        let part = POLAR.iter().find(|part| part.band == self.band);
        let part = part.ok_or_else(|| wrong(self.band, "band without a zone", b"ABYZ"))?;
        let column = index(part.columns, self.column, "column")? + part.first_column;
        let row = index(part.rows, self.row, "row")? + part.first_row;
        Ok(Grid {
            zone: 0,
            is_north: part.is_north,
            easting_m: f64::from(column) * SQUARE_M,
            northing_m: f64::from(row) * SQUARE_M,
        })
    }

    fn utm_square(&self, zone: u8) -> Result<Grid, MgrsError> {
        let (south, north) = band_edges(self.band).ok_or_else(|| wrong(self.band, "band", BANDS))?;
        let column = index(COLUMNS[usize::from(zone - 1) % 3], self.column, "column")? + 1;
        let row = (index(ROWS, self.row, "row")? - row_shift(zone)).rem_euclid(ROWS_COUNT);
        // Rows repeat after 2,000 km and a band is 900 to 1,350 km high, so at most one of them lies in it.
        let is_north = south >= 0.0;
        let square = |turn: i32| Grid {
            zone,
            is_north,
            easting_m: f64::from(column) * SQUARE_M,
            northing_m: f64::from(row + turn * ROWS_COUNT) * SQUARE_M,
        };
        (0..5).map(square).find(|square| touches(square, south, north)).ok_or_else(|| MgrsError::NotInBand {
            square: [self.column, self.row].map(char::from).iter().collect(),
            band: char::from(self.band),
        })
    }
}

/// Whether a lettered square reaches into a band. The outermost bands may be left by a square: GeographicLib reads
/// rows from 1,000 km in the south to 9,500 km in the north, for the overlap of UTM and UPS.
fn touches(square: &Grid, south: f64, north: f64) -> bool {
    const OVERLAP_DEG: f64 = 1.0;
    const ROWS_M: std::ops::RangeInclusive<f64> = 1_000_000.0..=9_400_000.0;
    if south.abs() >= 72.0 && !ROWS_M.contains(&square.northing_m) {
        return false;
    }
    let south = if south == -80.0 { south - OVERLAP_DEG } else { south };
    let north = if north == 84.0 { north + OVERLAP_DEG } else { north };
    if let Some(is_in) = is_plainly_in(square, south, north) {
        return is_in;
    }
    // The middle meridian lies between two columns, so the extreme latitudes of a square are at its corners.
    let corners = [(0.0, 0.0), (1.0, 0.0), (0.0, 1.0), (1.0, 1.0)].map(|(east, up)| {
        let (easting_m, northing_m) = (square.easting_m + east * SQUARE_M, square.northing_m + up * SQUARE_M);
        Grid { easting_m, northing_m, ..*square }.place().map(|place| place.y)
    });
    let lats = || corners.iter().flatten();
    lats().any(|lat| *lat > south) && lats().any(|lat| *lat < north)
}

/// Whether a square lies in a band, by the length of a degree alone; nothing where it lies near the band's edge.
fn is_plainly_in(square: &Grid, south: f64, north: f64) -> Option<bool> {
    // A degree of latitude is 110.6 to 111.7 km, and the latitude on one northing bends by at most 1° in a zone.
    const DEGREE_M: f64 = 111_100.0;
    const UNSURE_DEG: f64 = 2.5;
    let origin_m = if square.is_north { 0.0 } else { 1e7 };
    let lat = (square.northing_m + SQUARE_M / 2.0 - origin_m) / DEGREE_M;
    if (south + UNSURE_DEG..=north - UNSURE_DEG).contains(&lat) {
        return Some(true);
    }
    let is_far = lat < south - UNSURE_DEG || lat > north + UNSURE_DEG;
    is_far.then_some(false)
}

fn zone_number(text: &str) -> Result<u8, MgrsError> {
    let zone: u8 = text.parse().map_err(|_| MgrsError::Form)?;
    if (1..=60).contains(&zone) { Ok(zone) } else { Err(MgrsError::Zone { zone: zone.into() }) }
}

/// Digits of easting and northing: one even run, or two equal ones.
fn halves(digits: &str) -> Result<(String, String), MgrsError> {
    let runs: Vec<&str> = digits.split(' ').filter(|run| !run.is_empty()).collect();
    let (easting, northing) = match runs[..] {
        [] => ("", ""),
        [run] if run.len() % 2 == 0 && run.is_ascii() => run.split_at(run.len() / 2),
        [easting, northing] if easting.len() == northing.len() => (easting, northing),
        _ => return Err(MgrsError::Form),
    };
    let is_number =
        |text: &str| text.len() <= MGRS_DIGITS_MAX && text.bytes().all(|byte| byte.is_ascii_digit());
    if !is_number(easting) || !is_number(northing) {
        return Err(MgrsError::Form);
    }
    Ok((easting.to_owned(), northing.to_owned()))
}

fn index(letters: &'static [u8], letter: u8, what: &'static str) -> Result<i32, MgrsError> {
    let index = letters.iter().position(|known| *known == letter);
    index.map(|index| index as i32).ok_or_else(|| wrong(letter, what, letters))
}

fn wrong(letter: u8, what: &'static str, allowed: &[u8]) -> MgrsError {
    let allowed = allowed.iter().copied().map(char::from).collect();
    MgrsError::Letter { letter: char::from(letter), what, allowed }
}
