//! The area of polygons whose edges are straight in longitude and latitude (RFC 7946, section 3.1.1), on the ellipsoid.
//!
//! [`crate::measures`] takes edges for geodesics, as surveyors do; along 100 km the two lie 230 m apart at 50° north. Ground
//! that is cut along drawn edges is measured along them, so that parts add up to the whole.

use geo_types::{Coord, LineString, MultiPolygon};

use crate::measure::EQUATOR_RADIUS_M;

/// First eccentricity of WGS 84, squared.
const E2: f64 = 0.006_694_379_990_141_317;
/// An edge is summed in steps of at most this many degrees.
const STEP_DEG_MAX: f64 = 1.0;
/// Places and weights of Gauss and Legendre's rule of three points, from 0 to 1.
const RULE: [(f64, f64); 3] =
    [(0.112_701_665_379_258_31, 5.0 / 18.0), (0.5, 8.0 / 18.0), (0.887_298_334_620_741_7, 5.0 / 18.0)];

/// Area in square metres of valid polygons whose edges are straight in longitude and latitude.
///
/// Within a millionth of a millionth of the area, or a square millimetre for areas of a few square kilometres.
pub fn straight_area_m2(polygons: &MultiPolygon<f64>) -> f64 {
    let of = |polygon: &geo_types::Polygon<f64>| {
        let holes: f64 = polygon.interiors().iter().map(ring_m2).sum();
        (ring_m2(polygon.exterior()) - holes).max(0.0)
    };
    polygons.iter().map(of).sum()
}

/// Area that a ring encloses, whichever way it runs.
fn ring_m2(ring: &LineString<f64>) -> f64 {
    let Some(first) = ring.0.first() else { return 0.0 };
    // Measured from a parallel through the ring: what lies between it and the equator would only cost digits.
    let base = below_m2(first.y);
    ring.0.windows(2).map(|pair| beneath_m2(pair[0], pair[1], base)).sum::<f64>().abs()
}

/// Ground between an edge and a parallel, counted eastward.
fn beneath_m2(a: Coord<f64>, b: Coord<f64>, base: f64) -> f64 {
    let steps = ((b.x - a.x).abs().max((b.y - a.y).abs()) / STEP_DEG_MAX).ceil().clamp(1.0, 1_000.0);
    let at = |step: f64, share: f64| a.y + (b.y - a.y) * ((step + share) / steps);
    let step = |step: u32| {
        RULE.iter()
            .map(|(share, weight)| weight * (below_m2(at(f64::from(step), *share)) - base))
            .sum::<f64>()
    };
    (b.x - a.x).to_radians() / steps * (0..steps as u32).map(step).sum::<f64>()
}

/// Ground between the equator and a parallel, in square metres for each radian of longitude (Snyder, Map Projections:
/// A Working Manual, 1987, equation 3-12).
fn below_m2(latitude: f64) -> f64 {
    let (sin, e) = (latitude.to_radians().sin(), E2.sqrt());
    let q = sin / (1.0 - E2 * sin * sin) + (e * sin).atanh() / e;
    EQUATOR_RADIUS_M * EQUATOR_RADIUS_M * (1.0 - E2) / 2.0 * q
}

#[cfg(test)]
mod tests {
    use super::*;
    use geo_types::{Geometry, Polygon};
    use proptest::prelude::*;

    /// The same ring with so many more corners that edge and geodesic are one.
    fn densified(ring: &LineString<f64>) -> LineString<f64> {
        let between = |pair: &[Coord<f64>]| {
            let (a, b) = (pair[0], pair[1]);
            (0..2_000).map(move |i| a + (b - a) * (f64::from(i) / 2_000.0)).collect::<Vec<_>>()
        };
        let mut all: Vec<_> = ring.0.windows(2).flat_map(between).collect();
        all.push(all[0]);
        LineString(all)
    }

    proptest! {
        #![proptest_config(ProptestConfig::with_cases(60))]
        #[test]
        fn the_area_is_that_of_the_geodesic_polygon_with_many_more_corners(
            x in -170.0..160.0, y in -80.0..70.0, size in 0.0001..5.0, third in 0.0..1.0,
        ) {
            let (x, y, size): (f64, f64, f64) = (x, y, size);
            let ring: LineString<f64> =
                vec![(x, y), (x + size, y + size * third), (x + size * third, y + size), (x, y)].into();
            let ours = straight_area_m2(&MultiPolygon(vec![Polygon::new(ring.clone(), vec![])]));
            let theirs: Geometry<f64> = Polygon::new(densified(&ring), vec![]).into();
            let theirs = crate::measures(&theirs).0.expect("an area");
            prop_assert!((ours - theirs).abs() <= theirs * 1e-7 + 0.01, "{ours} instead of {theirs}");
        }
    }

    #[test]
    fn the_whole_earth_is_as_large_as_it_is() {
        let ring: LineString<f64> =
            vec![(-180.0, -90.0), (180.0, -90.0), (180.0, 90.0), (-180.0, 90.0), (-180.0, -90.0)].into();
        let area = straight_area_m2(&MultiPolygon(vec![Polygon::new(ring, vec![])]));
        // 4π times the square of the authalic radius, 6,371,007.181 m.
        assert!((area / 510_065_621_724_088.0 - 1.0).abs() < 1e-9, "{area}");
    }
}
