//! A traverse: from a reference point along bearings and distances, the way minefields are recorded in the field.

use geo_types::Coord;
use jiff::civil::Date;

use crate::{MagneticError, declination_deg, destination, distance_m};

/// Most legs of one traverse.
pub const LEGS_MAX: usize = 1_000;
/// Longest leg, in metres: what a person can pace, tape or range.
pub const LEG_M_MAX: f64 = 100_000.0;

/// What bearings are counted from.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum North {
    /// The meridian.
    True,
    /// The compass needle on a date. The declination of the reference point is used for every leg.
    Magnetic {
        /// When the bearings were taken.
        date: Date,
    },
}

/// One leg.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Leg {
    /// Degrees clockwise from north, 0 to 360.
    pub bearing_deg: f64,
    /// Metres on the ellipsoid, over 0 up to [`LEG_M_MAX`].
    pub distance_m: f64,
}

/// Where a traverse leads.
#[derive(Debug, Clone, PartialEq)]
pub struct Traverse {
    /// The reference, then the end of every leg: longitude and latitude in degrees.
    pub points: Vec<Coord<f64>>,
    /// Of a traverse that closes: how far from the reference the last leg ends, in metres. Nothing is adjusted.
    pub misclosure_m: Option<f64>,
    /// Sum of the legs, in metres.
    pub length_m: f64,
    /// What was added to every bearing: the magnetic declination, or 0.
    pub declination_deg: f64,
}

/// Why a traverse cannot be walked.
#[derive(Debug, Clone, PartialEq, thiserror::Error)]
pub enum TraverseError {
    /// None, or more than [`LEGS_MAX`].
    #[error("a traverse has 1 to {LEGS_MAX} legs, not {legs}")]
    Legs {
        /// How many were given.
        legs: usize,
    },
    /// An outline of fewer than three legs.
    #[error("a traverse that closes has at least 3 legs, not {legs}")]
    NoOutline {
        /// How many were given.
        legs: usize,
    },
    /// A number that no leg has.
    #[error("leg {number}: {what} {value} is not {allowed}")]
    Leg {
        /// Counted from 1.
        number: usize,
        /// `bearing_deg` or `distance_m`.
        what: &'static str,
        /// What was given.
        value: f64,
        /// What may be.
        allowed: String,
    },
    /// The reference is no place.
    #[error("reference {lon} {lat} is no longitude and latitude")]
    Reference {
        /// What was given.
        lon: f64,
        /// What was given.
        lat: f64,
    },
    /// No declination for the date.
    #[error(transparent)]
    Magnetic(#[from] MagneticError),
}

/// Walks the legs on WGS 84, each a geodesic. Where the traverse `closes`, the last leg is meant to lead back to
/// the reference, and the misclosure says by how much it does not.
///
/// # Errors
/// Names the leg and the number that cannot be, or the dates for which there is a declination.
pub fn traverse(
    reference: Coord<f64>,
    north: North,
    legs: &[Leg],
    closes: bool,
) -> Result<Traverse, TraverseError> {
    check(reference, legs, closes)?;
    let declination_deg = match north {
        North::True => 0.0,
        North::Magnetic { date } => declination_deg(reference, date)?,
    };
    let mut points = vec![reference];
    let mut at = reference;
    for leg in legs {
        at = destination(at, leg.bearing_deg + declination_deg, leg.distance_m);
        points.push(at);
    }
    Ok(Traverse {
        points,
        misclosure_m: closes.then(|| distance_m(at, reference)),
        length_m: legs.iter().map(|leg| leg.distance_m).sum(),
        declination_deg,
    })
}

fn check(reference: Coord<f64>, legs: &[Leg], closes: bool) -> Result<(), TraverseError> {
    let Coord { x: lon, y: lat } = reference;
    if !(lon.abs() <= 180.0 && lat.abs() <= 90.0) {
        return Err(TraverseError::Reference { lon, lat });
    }
    if legs.is_empty() || legs.len() > LEGS_MAX {
        return Err(TraverseError::Legs { legs: legs.len() });
    }
    if closes && legs.len() < 3 {
        return Err(TraverseError::NoOutline { legs: legs.len() });
    }
    legs.iter().enumerate().try_for_each(|(index, leg)| leg.check(index + 1))
}

impl Leg {
    fn check(&self, number: usize) -> Result<(), TraverseError> {
        let wrong = |what, value, allowed: String| Err(TraverseError::Leg { number, what, value, allowed });
        if !(0.0..=360.0).contains(&self.bearing_deg) {
            return wrong("bearing_deg", self.bearing_deg, "0 to 360".to_owned());
        }
        if !(self.distance_m > 0.0 && self.distance_m <= LEG_M_MAX) {
            return wrong("distance_m", self.distance_m, format!("over 0 and at most {LEG_M_MAX}"));
        }
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const KHARKIV: Coord<f64> = Coord { x: 36.25, y: 49.99 };

    fn legs(pairs: &[(f64, f64)]) -> Vec<Leg> {
        pairs
            .iter()
            .map(|(bearing_deg, distance_m)| Leg { bearing_deg: *bearing_deg, distance_m: *distance_m })
            .collect()
    }

    #[test]
    fn a_square_walked_round_closes_and_a_leg_too_long_shows_as_misclosure() {
        let square = legs(&[(0.0, 100.0), (90.0, 100.0), (180.0, 100.0), (270.0, 100.0)]);
        let walked = traverse(KHARKIV, North::True, &square, true).expect("walks");
        assert!(walked.misclosure_m.expect("closes") < 0.01, "{walked:?}");
        assert_eq!((walked.points.len(), walked.length_m), (5, 400.0));
        let mut longer = square;
        longer[2].distance_m = 107.0;
        let walked = traverse(KHARKIV, North::True, &longer, true).expect("walks");
        assert!((walked.misclosure_m.expect("closes") - 7.0).abs() < 0.01, "{walked:?}");
    }

    #[test]
    fn magnetic_bearings_are_turned_by_the_declination_of_their_date() {
        let leg = legs(&[(90.0, 1_000.0)]);
        let date = Date::constant(2026, 11, 22);
        let magnetic = traverse(KHARKIV, North::Magnetic { date }, &leg, false).expect("walks");
        assert!((magnetic.declination_deg - 9.317).abs() < 0.01);
        let bearing = crate::bearing_deg(KHARKIV, magnetic.points[1]);
        assert!((bearing - 99.317).abs() < 0.01, "{bearing}");
        assert_eq!(magnetic.misclosure_m, None);
        let late = North::Magnetic { date: Date::constant(2031, 1, 1) };
        let error = traverse(KHARKIV, late, &leg, false).expect_err("outside").to_string();
        assert!(error.contains("2029-12-31"), "{error}");
    }

    #[test]
    fn legs_that_nobody_walked_are_refused_by_number() {
        for (pairs, closes, says) in [
            (vec![], false, "1 to 1000"),
            (vec![(1.0, 1.0), (2.0, 2.0)], true, "at least 3"),
            (vec![(1.0, 1.0), (361.0, 2.0)], false, "leg 2: bearing_deg 361"),
            (vec![(f64::NAN, 1.0)], false, "leg 1: bearing_deg"),
            (vec![(1.0, 0.0)], false, "leg 1: distance_m 0"),
            (vec![(1.0, f64::INFINITY)], false, "leg 1: distance_m"),
        ] {
            let error = traverse(KHARKIV, North::True, &legs(&pairs), closes).expect_err(says).to_string();
            assert!(error.contains(says), "{error}");
        }
        let nowhere = Coord { x: 181.0, y: 0.0 };
        traverse(nowhere, North::True, &legs(&[(1.0, 1.0)]), false).expect_err("no place");
    }
}
