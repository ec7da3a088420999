//! How long tiles take: one with 1,000 polygons at zoom 10, the country at zoom 5, one huge outline.
#![allow(missing_docs, clippy::unwrap_used)]

#[path = "../tests/common/mod.rs"]
mod common;

use std::hint::black_box;

use common::*;
use criterion::{Criterion, criterion_group, criterion_main};
use geo_types::Coord;
use rand::{Rng, SeedableRng};
use rand_chacha::ChaCha8Rng;
use spatial_index::{Layer, View};
use tiles::{TileId, vector_tile};

/// Star polygons of 8 to 64 corners, 50 to 2,000 m in radius.
fn stars(count: u128, mut centre: impl FnMut(&mut ChaCha8Rng) -> Coord<f64>) -> View {
    let mut random = ChaCha8Rng::seed_from_u64(1);
    let rows = (0..count).map(|number| {
        let (corners, metres) =
            (random.random_range(8..=64), 50.0 * 40_f64.powf(random.random_range(0.0..1.0)));
        let centre = centre(&mut random);
        area(number, star(&mut random, centre, metres / 111_000.0, corners).into())
    });
    view(rows.collect())
}

fn tile_times(criterion: &mut Criterion) {
    let mut time = |name: &str, view: &View, tile: TileId| {
        let bytes = vector_tile(view, Layer::Hazards, tile).unwrap().len();
        criterion.bench_function(&format!("{name}, {bytes} bytes"), |bencher| {
            bencher.iter(|| black_box(vector_tile(view, Layer::Hazards, tile)));
        });
    };
    let tile = TileId::new(10, 615, 347).unwrap();
    let bounds = tile.bounds();
    let in_tile = |random: &mut ChaCha8Rng| Coord {
        x: random.random_range(bounds.west..bounds.east),
        y: random.random_range(bounds.south..bounds.north),
    };
    time("zoom 10, 1,000 polygons", &stars(1_000, in_tile), tile);
    let country = |random: &mut ChaCha8Rng| Coord {
        x: random.random_range(22.0..40.5),
        y: random.random_range(44.0..52.5),
    };
    time(
        "zoom 5, 100,000 polygons in the country",
        &stars(100_000, country),
        TileId::new(5, 18, 10).unwrap(),
    );
    let mut random = ChaCha8Rng::seed_from_u64(1);
    let huge = star(&mut random, Coord { x: 36.38, y: 50.0 }, 0.2, 10_000);
    time("zoom 10, one outline of 10,000 corners", &view(vec![area(1, huge.into())]), tile);
}

criterion_group! {
    name = benches;
    config = Criterion::default().sample_size(10);
    targets = tile_times
}
criterion_main!(benches);
