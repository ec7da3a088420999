//! Where the synthetic programme works: the country's outline, its settlements, and invented belts.

use std::sync::LazyLock;

use geo_types::Coord;
use rand::Rng;
use rand_chacha::ChaCha8Rng;
use serde::Deserialize;

/// Metres in a degree of latitude: near enough to place invented shapes.
const METRES_PER_DEGREE: f64 = 111_195.0;

/// A place people know.
#[derive(Debug, Deserialize)]
pub struct Settlement {
    pub name: String,
    pub lon: f64,
    pub lat: f64,
}

#[derive(Debug, Deserialize)]
struct Country {
    outline: Vec<[f64; 2]>,
    settlements: Vec<Settlement>,
}

static COUNTRY: LazyLock<Country> = LazyLock::new(|| {
    let text = include_str!("../../../data/demo/ukraine.json");
    serde_json::from_str(text).expect("data/demo/ukraine.json is built with the program and tested")
});

/// Invented centre lines of contamination, with the share of records on each.
const BELTS: [(f64, &[(f64, f64)]); 4] = [
    (0.50, &[(38.4, 49.8), (38.0, 48.7), (37.4, 47.8), (35.6, 47.5), (34.2, 47.0), (32.4, 46.6)]),
    (0.20, &[(36.5, 50.2), (37.3, 49.4), (36.9, 48.9)]),
    (0.18, &[(31.6, 46.9), (32.6, 47.0), (33.5, 47.3)]),
    (0.12, &[(30.3, 50.7), (31.4, 51.2), (33.4, 51.2)]),
];

/// How far records scatter across a belt (one standard deviation), in metres.
const BELT_WIDTH_M: f64 = 7_000.0;

/// A place in the country, on or near a belt, and the direction of that belt in radians.
pub fn place(random: &mut ChaCha8Rng) -> (Coord<f64>, f64) {
    loop {
        let (on_belt, direction) = along_a_belt(random);
        let across = Coord { x: gauss(random) * BELT_WIDTH_M, y: gauss(random) * BELT_WIDTH_M };
        let place = moved(on_belt, across);
        if is_inside(place, &COUNTRY.outline) {
            return (place, direction);
        }
    }
}

fn along_a_belt(random: &mut ChaCha8Rng) -> (Coord<f64>, f64) {
    let mut share = random.random::<f64>();
    let mut belt = BELTS[0].1;
    for (weight, line) in BELTS {
        belt = line;
        share -= weight;
        if share <= 0.0 {
            break;
        }
    }
    let leg = random.random_range(0..belt.len() - 1);
    let ((x0, y0), (x1, y1)) = (belt[leg], belt[leg + 1]);
    let t = random.random::<f64>();
    let direction = (y1 - y0).atan2((x1 - x0) * y0.to_radians().cos());
    (Coord { x: x0 + t * (x1 - x0), y: y0 + t * (y1 - y0) }, direction)
}

/// The settlement nearest to a place.
pub fn settlement_near(place: Coord<f64>) -> &'static Settlement {
    let squared = |s: &Settlement| (s.lon - place.x).powi(2) * 0.43 + (s.lat - place.y).powi(2);
    let nearest = COUNTRY.settlements.iter().min_by(|a, b| squared(a).total_cmp(&squared(b)));
    nearest.expect("the list of settlements is not empty")
}

/// A position moved by metres east and north.
pub fn moved(from: Coord<f64>, metres: Coord<f64>) -> Coord<f64> {
    let lat = from.y + metres.y / METRES_PER_DEGREE;
    Coord { x: from.x + metres.x / (METRES_PER_DEGREE * from.y.to_radians().cos()), y: lat }
}

/// A normal deviate (Box and Muller 1958).
pub fn gauss(random: &mut ChaCha8Rng) -> f64 {
    let u: f64 = random.random_range(f64::MIN_POSITIVE..1.0);
    (-2.0 * u.ln()).sqrt() * (std::f64::consts::TAU * random.random::<f64>()).cos()
}

fn is_inside(place: Coord<f64>, ring: &[[f64; 2]]) -> bool {
    let edges = ring.iter().zip(ring.iter().cycle().skip(1));
    let crossed = edges.filter(|(a, b)| {
        (a[1] > place.y) != (b[1] > place.y)
            && place.x < (b[0] - a[0]) * (place.y - a[1]) / (b[1] - a[1]) + a[0]
    });
    crossed.count() % 2 == 1
}
