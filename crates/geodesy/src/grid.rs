//! Universal Transverse Mercator and Universal Polar Stereographic on WGS 84 (NGA.STND.0037).
//!
//! The transverse Mercator is Krüger's series to the sixth order in the third flattening, as in C. F. F. Karney,
//! *Transverse Mercator with an accuracy of a few nanometers*, J. Geod. 85 (2011), equations 7 to 36. PROJ has
//! the same projections; ours need no transformer for each of 122 zones.

use std::fmt;
use std::sync::LazyLock;

use geo_types::Coord;

use crate::measure::EQUATOR_RADIUS_M;

/// Flattening of WGS 84.
const FLATTENING: f64 = 1.0 / 298.257_223_563;
const UTM_SCALE: f64 = 0.9996;
const UPS_SCALE: f64 = 0.994;
const UTM_EASTING_M: f64 = 500_000.0;
const UTM_SOUTH_NORTHING_M: f64 = 10_000_000.0;
const UPS_ORIGIN_M: f64 = 2_000_000.0;
/// Newton's steps for the latitude; three reach the last bit.
const STEPS_MAX: usize = 6;

/// A place in UTM or UPS, in metres.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Grid {
    /// UTM zone 1 to 60; 0 for UPS.
    pub zone: u8,
    /// Whether northing counts from the equator (UTM) or the north pole is the origin (UPS).
    pub is_north: bool,
    /// Easting, false easting included.
    pub easting_m: f64,
    /// Northing, false northing included.
    pub northing_m: f64,
}

/// Why metres are no place in UTM or UPS.
#[derive(Debug, Clone, PartialEq, thiserror::Error)]
#[error("{what} {value} is outside {least} to {most}, where {system} has its places")]
pub struct GridError {
    /// `zone`, `easting` or `northing`.
    pub what: &'static str,
    /// What was given.
    pub value: f64,
    /// The least that is allowed.
    pub least: f64,
    /// The most that is allowed.
    pub most: f64,
    /// `UTM` or `UPS`.
    pub system: &'static str,
}

impl Grid {
    /// The standard zone's coordinates: UPS south of 80° S and from 84° N on, the wider zones of Norway and
    /// Svalbard minded. `place` is longitude and latitude in degrees, latitude within ±90.
    pub fn of(place: Coord<f64>) -> Self {
        match zone_of(place) {
            0 => polar(place),
            zone => Self::in_zone(place, zone),
        }
    }

    /// Coordinates in a given UTM zone, 1 to 60, also outside it.
    fn in_zone(place: Coord<f64>, zone: u8) -> Self {
        let east_deg = turned(place.x - meridian_deg(zone));
        let (x, y) = mercator(place.y.to_radians(), east_deg.to_radians());
        let is_north = place.y >= 0.0;
        let origin_m = if is_north { 0.0 } else { UTM_SOUTH_NORTHING_M };
        Self { zone, is_north, easting_m: UTM_EASTING_M + x, northing_m: origin_m + y }
    }

    /// The place, as longitude and latitude in degrees.
    ///
    /// # Errors
    /// Names the number that no place of the system has.
    pub fn place(&self) -> Result<Coord<f64>, GridError> {
        self.check()?;
        if self.zone == 0 {
            return Ok(from_polar(self.is_north, self.easting_m, self.northing_m));
        }
        let origin_m = if self.is_north { 0.0 } else { UTM_SOUTH_NORTHING_M };
        let (lat, east) = from_mercator(self.easting_m - UTM_EASTING_M, self.northing_m - origin_m);
        Ok(Coord { x: turned(meridian_deg(self.zone) + east.to_degrees()), y: lat.to_degrees() })
    }

    fn check(&self) -> Result<(), GridError> {
        // Eastings as in GeographicLib: 400 km on both sides of the meridian; UPS as far as its lettered squares.
        let (system, easting, northing) = match (self.zone, self.is_north) {
            (0, true) => ("UPS", [1.2e6, 2.8e6], [1.2e6, 2.8e6]),
            (0, false) => ("UPS", [0.7e6, 3.3e6], [0.7e6, 3.3e6]),
            (_, true) => ("UTM", [0.0, 1e6], [0.0, 9.6e6]),
            (_, false) => ("UTM", [0.0, 1e6], [9e5, 1e7]),
        };
        let zone = if self.zone > 60 { f64::from(self.zone) } else { 60.0 };
        let checks = [
            ("zone", zone, [1.0, 60.0]),
            ("easting", self.easting_m, easting),
            ("northing", self.northing_m, northing),
        ];
        let wrong = checks.into_iter().find(|(_, value, [least, most])| !(*least..=*most).contains(value));
        wrong.map_or(Ok(()), |(what, value, [least, most])| {
            Err(GridError { what, value, least, most, system })
        })
    }
}

impl fmt::Display for Grid {
    /// `UTM 37 north 412345 5423456`, or `UPS north …`: the hemisphere as a word, because `S` is also a band.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let hemisphere = if self.is_north { "north" } else { "south" };
        match self.zone {
            0 => write!(f, "UPS {hemisphere}")?,
            zone => write!(f, "UTM {zone} {hemisphere}")?,
        }
        write!(f, " {:.0} {:.0}", self.easting_m, self.northing_m)
    }
}

/// Standard UTM zone of a place, 1 to 60; 0 where UPS is used.
pub(crate) fn zone_of(place: Coord<f64>) -> u8 {
    let Coord { x, y } = place;
    if !(-80.0..84.0).contains(&y) {
        return 0;
    }
    let lon = turned(x);
    let zone = (((lon + 180.0) / 6.0).floor() as u8).min(59) + 1;
    match zone {
        31 if (56.0..64.0).contains(&y) && lon >= 3.0 => 32,
        // Svalbard: 31, 33, 35 and 37 are wider, 32, 34 and 36 are not used.
        31..=37 if y >= 72.0 && (0.0..42.0).contains(&lon) => 31 + 2 * ((lon + 3.0) / 12.0).floor() as u8,
        _ => zone,
    }
}

/// Longitude from -180 up to 180.
fn turned(lon: f64) -> f64 {
    if (-180.0..180.0).contains(&lon) { lon } else { (lon + 180.0).rem_euclid(360.0) - 180.0 }
}

fn meridian_deg(zone: u8) -> f64 {
    f64::from(zone) * 6.0 - 183.0
}

/// What follows from the flattening alone.
struct Series {
    /// First eccentricity.
    e: f64,
    /// Radius of the rectifying sphere, in metres.
    radius_m: f64,
    forward: [f64; 6],
    back: [f64; 6],
}

static SERIES: LazyLock<Series> = LazyLock::new(|| {
    let n = FLATTENING / (2.0 - FLATTENING);
    let series = |terms: [&[f64]; 6]| {
        let mut power = 1.0;
        terms.map(|term| {
            power *= n;
            power * term.iter().rev().fold(0.0, |sum, factor| sum * n + factor)
        })
    };
    Series {
        e: (FLATTENING * (2.0 - FLATTENING)).sqrt(),
        radius_m: EQUATOR_RADIUS_M / (1.0 + n)
            * (1.0 + n.powi(2) / 4.0 + n.powi(4) / 64.0 + n.powi(6) / 256.0),
        forward: series([
            &[0.5, -2.0 / 3.0, 5.0 / 16.0, 41.0 / 180.0, -127.0 / 288.0, 7_891.0 / 37_800.0],
            &[13.0 / 48.0, -3.0 / 5.0, 557.0 / 1_440.0, 281.0 / 630.0, -1_983_433.0 / 1_935_360.0],
            &[61.0 / 240.0, -103.0 / 140.0, 15_061.0 / 26_880.0, 167_603.0 / 181_440.0],
            &[49_561.0 / 161_280.0, -179.0 / 168.0, 6_601_661.0 / 7_257_600.0],
            &[34_729.0 / 80_640.0, -3_418_889.0 / 1_995_840.0],
            &[212_378_941.0 / 319_334_400.0],
        ]),
        back: series([
            &[0.5, -2.0 / 3.0, 37.0 / 96.0, -1.0 / 360.0, -81.0 / 512.0, 96_199.0 / 604_800.0],
            &[1.0 / 48.0, 1.0 / 15.0, -437.0 / 1_440.0, 46.0 / 105.0, -1_118_711.0 / 3_870_720.0],
            &[17.0 / 480.0, -37.0 / 840.0, -209.0 / 4_480.0, 5_569.0 / 90_720.0],
            &[4_397.0 / 161_280.0, -11.0 / 504.0, -830_251.0 / 7_257_600.0],
            &[4_583.0 / 161_280.0, -108_847.0 / 3_991_680.0],
            &[20_648_693.0 / 638_668_800.0],
        ]),
    }
});

/// Sums of `factor · sin 2jξ · cosh 2jη` and `factor · cos 2jξ · sinh 2jη`.
fn sums(factors: &[f64; 6], xi: f64, eta: f64) -> (f64, f64) {
    let ((s, c), (sh, ch)) = ((2.0 * xi).sin_cos(), ((2.0 * eta).sinh(), (2.0 * eta).cosh()));
    let (mut sin, mut cos, mut sinh, mut cosh) = (s, c, sh, ch);
    let (mut first, mut second) = (0.0, 0.0);
    for factor in factors {
        first += factor * sin * cosh;
        second += factor * cos * sinh;
        (sin, cos) = (sin * c + cos * s, cos * c - sin * s);
        (sinh, cosh) = (sinh * ch + cosh * sh, cosh * ch + sinh * sh);
    }
    (first, second)
}

/// Tangent of the conformal latitude, from the tangent of the geographic one.
fn conformal(tau: f64) -> f64 {
    let e = SERIES.e;
    let secant = tau.hypot(1.0);
    let sigma = (e * (e * tau / secant).atanh()).sinh();
    tau * sigma.hypot(1.0) - sigma * secant
}

/// Tangent of the geographic latitude, from the tangent of the conformal one (Karney 2011, equations 19 to 21).
fn geographic(conformal_tau: f64) -> f64 {
    let e2 = SERIES.e * SERIES.e;
    let mut tau = conformal_tau / (1.0 - e2);
    for _ in 0..STEPS_MAX {
        let found = conformal(tau);
        let slope = (1.0 - e2) * found.hypot(1.0) * tau.hypot(1.0) / (1.0 + (1.0 - e2) * tau * tau);
        let step = (conformal_tau - found) / slope;
        tau += step;
        if step.abs() <= 1e-16 * tau.abs().max(1.0) {
            break;
        }
    }
    tau
}

/// Metres east of the central meridian and north of the equator; radians in.
fn mercator(lat: f64, east: f64) -> (f64, f64) {
    let tau = conformal(lat.tan());
    let (sin, cos) = east.sin_cos();
    let (xi, eta) = (tau.atan2(cos), (sin / tau.hypot(cos)).asinh());
    let (north, along) = sums(&SERIES.forward, xi, eta);
    let scale_m = UTM_SCALE * SERIES.radius_m;
    (scale_m * (eta + along), scale_m * (xi + north))
}

/// Latitude, and longitude from the central meridian, in radians.
fn from_mercator(x_m: f64, y_m: f64) -> (f64, f64) {
    let scale_m = UTM_SCALE * SERIES.radius_m;
    let (xi, eta) = (y_m / scale_m, x_m / scale_m);
    let (north, along) = sums(&SERIES.back, xi, eta);
    let (xi, eta) = (xi - north, eta - along);
    let (sin, cos) = xi.sin_cos();
    let lat = geographic(sin / eta.sinh().hypot(cos)).atan();
    (lat, eta.sinh().atan2(cos))
}

/// Metres from the pole for `t`, the tangent of half the conformal distance from it.
fn polar_scale_m() -> f64 {
    let e = SERIES.e;
    2.0 * UPS_SCALE * EQUATOR_RADIUS_M / ((1.0 + e).powf(1.0 + e) * (1.0 - e).powf(1.0 - e)).sqrt()
}

fn polar(place: Coord<f64>) -> Grid {
    let is_north = place.y >= 0.0;
    let tau = conformal(place.y.abs().to_radians().tan());
    let is_pole = place.y.abs() >= 90.0;
    let radius_m = if is_pole { 0.0 } else { polar_scale_m() / (tau.hypot(1.0) + tau) };
    let (sin, cos) = place.x.to_radians().sin_cos();
    let north = if is_north { -radius_m * cos } else { radius_m * cos };
    Grid { zone: 0, is_north, easting_m: UPS_ORIGIN_M + radius_m * sin, northing_m: UPS_ORIGIN_M + north }
}

fn from_polar(is_north: bool, easting_m: f64, northing_m: f64) -> Coord<f64> {
    let (x, y) = (easting_m - UPS_ORIGIN_M, northing_m - UPS_ORIGIN_M);
    let t = x.hypot(y) / polar_scale_m();
    let lat = if t == 0.0 { 90.0 } else { geographic((1.0 / t - t) / 2.0).atan().to_degrees() };
    let lon = x.atan2(if is_north { -y } else { y }).to_degrees();
    Coord { x: turned(lon), y: if is_north { lat } else { -lat } }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn at(lon: f64, lat: f64) -> Grid {
        Grid::of(Coord { x: lon, y: lat })
    }

    #[test]
    fn norway_and_svalbard_have_their_own_zones() {
        let zones = [(2.9, 60.0, 31), (3.0, 60.0, 32), (3.0, 55.9, 31), (8.9, 73.0, 31), (9.0, 73.0, 33)];
        for (lon, lat, zone) in zones {
            assert_eq!(at(lon, lat).zone, zone, "{lon} {lat}");
        }
        for (lon, lat, zone) in [(21.0, 80.0, 35), (33.0, 80.0, 37), (42.0, 80.0, 38), (-0.1, 80.0, 30)] {
            assert_eq!(at(lon, lat).zone, zone, "{lon} {lat}");
        }
        assert_eq!((at(0.0, 84.0).zone, at(0.0, -80.000_001).zone, at(180.0, 5.0).zone), (0, 0, 1));
    }

    #[test]
    fn metres_that_no_place_has_are_refused_by_name() {
        let far = Grid { zone: 37, is_north: true, easting_m: 5e6, northing_m: 5e6 };
        assert!(far.place().expect_err("refused").to_string().contains("easting 5000000"));
        let nan = Grid { zone: 0, is_north: true, easting_m: f64::NAN, northing_m: 2e6 };
        nan.place().expect_err("refused");
    }

    proptest! {
        #[test]
        fn there_and_back_is_the_same_place(lon in -180.0..180.0, lat in -90.0..90.0) {
            let place = Coord { x: lon, y: lat };
            let back = Grid::of(place).place().expect("a place");
            prop_assert!(crate::distance_m(place, back) < 1e-7, "{:?}", back);
        }
    }
}
