//! Invented outlines: stars around a centre, so that they never cross themselves unless they are meant to.

use std::f64::consts::TAU;

use geo_types::{Coord, Geometry, LineString, MultiPolygon, Polygon};
use rand::Rng;
use rand_chacha::ChaCha8Rng;

use crate::geography::{gauss, moved};

/// Sizes of hazardous areas: median 2 ha, log-normal, 100 m² to 5 km².
pub const HAZARD_AREA_M2: Size = Size { median_m2: 20_000.0, sigma: 1.6, least_m2: 100.0, most_m2: 5e6 };
/// Surveys cover more ground than the hazards they look for.
pub const SURVEY_AREA_M2: Size = Size { median_m2: 400_000.0, sigma: 1.0, least_m2: 10_000.0, most_m2: 2e7 };

/// Share of outlines that cross themselves, as outlines in real files do.
const BROKEN: f64 = 0.01;
const SEVERAL_PARTS: f64 = 0.08;
const WITH_HOLE: f64 = 0.06;
const VERTICES: (f64, f64) = (5.0, 200.0);

/// A log-normal distribution of areas, cut at both ends.
pub struct Size {
    median_m2: f64,
    sigma: f64,
    least_m2: f64,
    most_m2: f64,
}

impl Size {
    fn draw(&self, random: &mut ChaCha8Rng) -> f64 {
        (self.median_m2 * (self.sigma * gauss(random)).exp()).clamp(self.least_m2, self.most_m2)
    }
}

/// An outline around `centre`, stretched along `direction` (radians, counter-clockwise from east).
pub fn outline(random: &mut ChaCha8Rng, centre: Coord<f64>, direction: f64, size: &Size) -> Geometry<f64> {
    let area_m2 = size.draw(random);
    if random.random_bool(SEVERAL_PARTS) {
        return several_parts(random, centre, direction, area_m2).into();
    }
    let mut polygon = star(random, centre, direction, area_m2);
    if random.random_bool(BROKEN) {
        polygon = crossing_itself(polygon);
    }
    polygon.into()
}

fn several_parts(
    random: &mut ChaCha8Rng,
    centre: Coord<f64>,
    direction: f64,
    area_m2: f64,
) -> MultiPolygon<f64> {
    let count = random.random_range(2..=4_u8);
    let each_m2 = area_m2 / f64::from(count);
    // Stars reach at most about 5 radii from their centre; 12 apart they cannot meet.
    let apart_m = 12.0 * (each_m2 / std::f64::consts::PI).sqrt();
    let parts = (0..count).map(|part| {
        let along_m = apart_m * f64::from(part);
        let metres = Coord { x: along_m * direction.cos(), y: along_m * direction.sin() };
        star(random, moved(centre, metres), direction, each_m2)
    });
    MultiPolygon(parts.collect())
}

fn star(random: &mut ChaCha8Rng, centre: Coord<f64>, direction: f64, area_m2: f64) -> Polygon<f64> {
    let vertices = (VERTICES.0.ln() + random.random::<f64>().powi(2) * (VERTICES.1 / VERTICES.0).ln()).exp();
    let stretch = 1.0 + 2.0 * random.random::<f64>().powi(2);
    let waves: [f64; 3] = std::array::from_fn(|_| 0.25 * gauss(random).clamp(-1.2, 1.2));
    let radii: Vec<f64> = radii(random, vertices as usize, &waves);
    let mean_square = radii.iter().map(|r| r * r).sum::<f64>() / radii.len() as f64;
    let scale_m = (area_m2 / (std::f64::consts::PI * mean_square)).sqrt();
    let hole = (vertices > 8.0 && random.random_bool(WITH_HOLE)).then_some(0.4);
    let ring = |factor: f64| ring(centre, direction, stretch, &radii, scale_m * factor);
    Polygon::new(ring(1.0), hole.map(ring).into_iter().collect())
}

fn radii(random: &mut ChaCha8Rng, count: usize, waves: &[f64; 3]) -> Vec<f64> {
    let wave =
        |turn: f64| waves.iter().zip(2..).map(move |(amplitude, n)| amplitude * (turn * f64::from(n)).sin());
    let radius = |i: usize, rough: f64| {
        let turn = TAU * i as f64 / count as f64;
        (1.0 + wave(turn).sum::<f64>() + rough).max(0.35)
    };
    (0..count).map(|i| radius(i, 0.08 * gauss(random))).collect()
}

fn ring(centre: Coord<f64>, direction: f64, stretch: f64, radii: &[f64], scale_m: f64) -> LineString<f64> {
    let (sin, cos) = direction.sin_cos();
    let point = |(i, radius): (usize, &f64)| {
        let turn = TAU * i as f64 / radii.len() as f64;
        let along = radius * turn.cos() * scale_m * stretch.sqrt();
        let across = radius * turn.sin() * scale_m / stretch.sqrt();
        rounded(moved(centre, Coord { x: along * cos - across * sin, y: along * sin + across * cos }))
    };
    LineString(radii.iter().enumerate().map(point).collect())
}

/// Seven decimals: a centimetre, and the same on every machine.
pub fn rounded(place: Coord<f64>) -> Coord<f64> {
    Coord { x: (place.x * 1e7).round() / 1e7, y: (place.y * 1e7).round() / 1e7 }
}

/// Swaps two vertices, the commonest slip when an outline is typed in.
fn crossing_itself(polygon: Polygon<f64>) -> Polygon<f64> {
    let (mut exterior, interiors) = polygon.into_inner();
    exterior.0.swap(1, 3);
    Polygon::new(exterior, interiors)
}
