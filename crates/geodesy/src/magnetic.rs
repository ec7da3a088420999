//! Where a compass points: the declination of the World Magnetic Model, by the crate world_magnetic_model (the
//! coefficients of WMM2020 and WMM2025 are inside; NOAA, public domain).

use geo_types::Coord;
use jiff::civil::Date;
use world_magnetic_model::GeomagneticField;
use world_magnetic_model::time::Date as ModelDate;
use world_magnetic_model::uom::si::angle::degree;
use world_magnetic_model::uom::si::f32::{Angle, Length};
use world_magnetic_model::uom::si::length::meter;

/// Why there is no declination.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("no magnetic declination for {date} at {place}: {reason}")]
pub struct MagneticError {
    /// The date.
    pub date: Date,
    /// Longitude and latitude.
    pub place: String,
    /// What the model says; of a date, from when to when the model is valid.
    pub reason: String,
}

/// Angle in degrees from true north to magnetic north, positive to the east, at the height of the ellipsoid.
///
/// The model's own error is about 0.3° to 0.5° (one standard deviation); iron, vehicles and power lines come on top.
///
/// # Errors
/// A date outside the model's validity (2020-01-01 to 2029-12-31), which the error names, or no place.
pub fn declination_deg(place: Coord<f64>, date: Date) -> Result<f64, MagneticError> {
    let refused = |reason: String| MagneticError { date, place: format!("{} {}", place.x, place.y), reason };
    let day = u16::try_from(date.day_of_year()).map_err(|error| refused(error.to_string()))?;
    let day =
        ModelDate::from_ordinal_date(date.year().into(), day).map_err(|error| refused(error.to_string()))?;
    let (lat, lon) = (Angle::new::<degree>(place.y as f32), Angle::new::<degree>(place.x as f32));
    let field = GeomagneticField::new(Length::new::<meter>(0.0), lat, lon, day);
    let field = field.map_err(|error| refused(error.to_string()))?;
    Ok(field.declination().get::<degree>().into())
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Year, month, day, longitude, latitude, declination: pygeomag 1.1.0 (a port of NOAA's program, with the files
    /// of coefficients WMM_2020.COF and WMM_2025.COF), `GeoMag(file).calculate(lat, lon, 0, decimal_year).d`.
    const BY_PYGEOMAG: [(i16, i8, i8, f64, f64, f64); 18] = [
        (2020, 1, 1, 36.25, 49.99, 8.8202),
        (2020, 1, 1, 30.52, 50.45, 7.9412),
        (2020, 1, 1, -94.3327, 5.3075, 3.9441),
        (2022, 7, 2, 36.25, 49.99, 9.0978),
        (2022, 7, 2, 30.52, 50.45, 8.2615),
        (2022, 7, 2, -46.8161, 12.4704, -17.1620),
        (2024, 12, 31, 36.25, 49.99, 9.3760),
        (2024, 12, 31, 45.2593, -52.1365, -51.9773),
        (2025, 1, 1, 36.25, 49.99, 9.1949),
        (2025, 1, 1, 0.0, 0.0, -4.0162),
        (2025, 1, 1, -175.2595, 40.4963, 5.6493),
        (2026, 11, 22, 36.25, 49.99, 9.3171),
        (2026, 11, 22, 30.52, 50.45, 8.5460),
        (2026, 11, 22, -70.5, -33.4, -0.0967),
        (2026, 11, 22, -86.6326, -31.8803, 11.8099),
        (2029, 12, 31, 36.25, 49.99, 9.5179),
        (2029, 12, 31, 30.52, 50.45, 8.7954),
        (2029, 12, 31, 178.4321, -3.5684, 10.3940),
    ];

    #[test]
    fn declinations_are_those_of_another_program_with_the_same_coefficients() {
        for (year, month, day, x, y, expected) in BY_PYGEOMAG {
            let date = Date::new(year, month, day).expect("a date");
            let found = declination_deg(Coord { x, y }, date).expect("in the model");
            assert!((found - expected).abs() < 0.01, "{date} {x} {y}: {found} instead of {expected}");
        }
    }

    #[test]
    fn a_date_outside_the_model_is_refused_with_the_range() {
        for date in [Date::constant(2019, 12, 31), Date::constant(2030, 1, 1), Date::constant(-5, 1, 1)] {
            let error = declination_deg(Coord { x: 36.0, y: 49.0 }, date).expect_err("outside").to_string();
            assert!(error.contains("2020-01-01") && error.contains("2029-12-31"), "{error}");
        }
        declination_deg(Coord { x: f64::NAN, y: 49.0 }, Date::constant(2026, 1, 1)).expect_err("no place");
    }
}
