//! How far down the map a latitude lies: Web Mercator's northing, by interpolation within one tile.
//!
//! The formula takes a tangent and a logarithm, which is most of the time of projecting a million boxes. Between
//! nodes a cubic with the true slope at both ends (Hermite) stands in for it.

use std::f64::consts::PI;

/// Web Mercator ends here; places beyond are drawn on its edge.
pub(crate) const LATITUDE_MAX: f64 = 85.051_128_779_806_59;
/// Intervals over a tile, and over one that holds much of the Earth. The cubic is off by at most h⁴/384 of the
/// fourth derivative: less than 1/4,000 unit at zoom 0, and far less from there on (tested).
const INTERVALS: usize = 64;
const INTERVALS_OF_MANY_DEG: usize = 512;
const MANY_DEG: f64 = 20.0;

/// Northing within a range of latitudes, in the units of a tile.
#[derive(Default)]
pub(crate) struct Heights {
    south: f64,
    per_deg: f64,
    /// Coefficients of each interval, of a variable from 0 to 1.
    cubics: Vec<[f64; 4]>,
}

impl Heights {
    /// For latitudes between two, on a map `world` units high whose unit `top` is 0.
    pub fn between(south: f64, north: f64, world: f64, top: f64) -> Self {
        let (south, north) = (south.max(-LATITUDE_MAX), north.min(LATITUDE_MAX));
        let intervals = if north - south > MANY_DEG { INTERVALS_OF_MANY_DEG } else { INTERVALS };
        let step = (north - south) / intervals as f64;
        let node = |i: usize| south + step * i as f64;
        let slope = |latitude: f64| -world / (2.0 * PI) / latitude.to_radians().cos() * step.to_radians();
        let cubic = |i: usize| {
            let (y, next) = (exact(node(i), world, top), exact(node(i + 1), world, top));
            let (m, m_next) = (slope(node(i)), slope(node(i + 1)));
            [y, m, 3.0 * (next - y) - 2.0 * m - m_next, 2.0 * (y - next) + m + m_next]
        };
        Self { south, per_deg: 1.0 / step, cubics: (0..intervals).map(cubic).collect() }
    }

    /// The unit at a latitude; `None` beyond the range.
    pub fn at(&self, latitude: f64) -> Option<f64> {
        let steps = (latitude - self.south) * self.per_deg;
        if steps.is_nan() || steps < 0.0 {
            return None;
        }
        let [a, b, c, d] = *self.cubics.get(steps as usize)?;
        let t = steps.fract();
        Some(a + t * (b + t * (c + t * d)))
    }
}

/// The unit at a latitude by the formula; beyond the map's ends, its edge.
pub(crate) fn exact(latitude: f64, world: f64, top: f64) -> f64 {
    let latitude = latitude.clamp(-LATITUDE_MAX, LATITUDE_MAX).to_radians();
    (1.0 - latitude.tan().asinh() / PI) / 2.0 * world - top
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn between_the_nodes_it_is_off_by_less_than_a_thousandth_of_a_unit_at_every_zoom() {
        for z in 0..=22_u8 {
            let world = 4096.0 * f64::from(1_u32 << z);
            for share in [0.0, 0.1, 0.3, 0.49, 0.7, 0.999] {
                let row = (share * f64::from(1_u32 << z)).floor();
                let latitude =
                    |y: f64| (PI * (1.0 - 2.0 * y / f64::from(1_u32 << z))).sinh().atan().to_degrees();
                let (north, south) = (latitude(row - 0.1), latitude(row + 1.1));
                let heights = Heights::between(south, north, world, row * 4096.0);
                for i in 0..5_000 {
                    let latitude = south + (north - south) * f64::from(i) / 5_000.0;
                    let Some(y) = heights.at(latitude) else { continue };
                    let off = (y - exact(latitude, world, row * 4096.0)).abs();
                    assert!(off < 1e-3, "zoom {z}, row {row}, latitude {latitude}: {off}");
                }
            }
        }
    }
}
