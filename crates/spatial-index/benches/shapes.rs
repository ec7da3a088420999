//! How long questions along a way and in an area take where hazards lie as densely as a million of them in the belts of
//! the peers' benchmark: 34 in each square kilometre.
#![allow(missing_docs, clippy::unwrap_used, clippy::print_stdout)]

#[path = "../tests/common/mod.rs"]
mod common;

use std::hint::black_box;

use common::*;
use criterion::{Criterion, criterion_group, criterion_main};
use geo_types::{Coord, LineString, MultiPolygon};
use rand::{Rng, SeedableRng};
use rand_chacha::ChaCha8Rng;
use spatial_index::{AskedArea, View, Way};

/// 54 km each way.
const WEST: f64 = 36.0;
const SOUTH: f64 = 49.0;
const WIDE: f64 = 0.75;
const HIGH: f64 = 0.49;
const ROWS: u128 = 100_000;

fn dense() -> View {
    let mut random = ChaCha8Rng::seed_from_u64(1);
    let make = |number: u128| {
        let (corners, metres) =
            (random.random_range(5..28), 40.0 * 6_f64.powf(random.random_range(0.0..1.0)));
        let centre = Coord {
            x: WEST + WIDE * random.random_range(0.0..1.0),
            y: SOUTH + HIGH * random.random_range(0.0..1.0),
        };
        let accuracy_m = [0.0, 0.0, 0.0, 10.0][random.random_range(0..4)];
        area(number, star(&mut random, centre, metres / 111_000.0, corners).into(), accuracy_m)
    };
    freeze((0..ROWS).map(make).collect())
}

/// A winding way of 56 legs and some 50 km, from the west to the east.
fn way(random: &mut ChaCha8Rng) -> LineString<f64> {
    let mut place = Coord { x: WEST + 0.02, y: SOUTH + HIGH * random.random_range(0.3..0.7) };
    let mut all = vec![place];
    for _ in 0..56 {
        let y = place.y + random.random_range(-0.006..0.006);
        place = Coord { x: place.x + 0.0115, y };
        all.push(place);
    }
    LineString(all)
}

fn shape_times(criterion: &mut Criterion) {
    let view = dense();
    let mut random = ChaCha8Rng::seed_from_u64(2);
    let ways: Vec<_> = (0..40).map(|_| way(&mut random)).collect();
    let asked = |line: &LineString<f64>| Way::along(std::slice::from_ref(line)).unwrap();
    let hits: usize =
        ways.iter().map(|line| view.along(&asked(line), 50.0, 10_000).unwrap().hits.len()).sum();
    println!("{} hits along {:.1} km at the mean", hits / ways.len(), asked(&ways[0]).length_m() / 1_000.0);
    let mut turn = 0;
    let mut next = || {
        turn = (turn + 1) % ways.len();
        &ways[turn]
    };
    criterion.bench_function("route, 50 km, 56 legs, 50 m", |b| {
        b.iter(|| view.along(&asked(black_box(next())), 50.0, 10_000));
    });
    for (name, radius_m) in [("1 km", 1_000.0), ("10 km", 10_000.0), ("40 km", 40_000.0)] {
        let circle = star(&mut random, Coord { x: 36.37, y: 49.24 }, radius_m / 111_000.0, 100);
        let area = AskedArea::of(MultiPolygon(vec![circle])).unwrap();
        let inside = view.inside(&area, 100).unwrap();
        println!("area of {name}: {} hazards", inside.hazards.records);
        criterion.bench_function(&format!("area, star of {name}"), |b| {
            b.iter(|| view.inside(black_box(&area), 100).unwrap());
        });
    }
}

criterion_group! {
    name = benches;
    config = Criterion::default().sample_size(20);
    targets = shape_times
}
criterion_main!(benches);
