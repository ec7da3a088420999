//! How long questions to 100,000 records take.
#![allow(missing_docs, clippy::unwrap_used)]

#[path = "../tests/common/mod.rs"]
mod common;

use std::hint::black_box;

use common::*;
use criterion::{Criterion, criterion_group, criterion_main};
use geo_types::Coord;
use jiff::Timestamp;
use rand::{Rng, SeedableRng};
use rand_chacha::ChaCha8Rng;
use spatial_index::Row;

fn somewhere(random: &mut ChaCha8Rng) -> Coord<f64> {
    Coord { x: random.random_range(22.0..40.5), y: random.random_range(44.0..52.5) }
}

fn question_times(criterion: &mut Criterion) {
    let mut random = ChaCha8Rng::seed_from_u64(1);
    let make = |number: u128| {
        let (corners, metres) = (random.random_range(8..=64), random.random_range(50.0..2_000.0));
        let centre = somewhere(&mut random);
        area(number, star(&mut random, centre, metres / 111_000.0, corners).into(), 10.0)
    };
    let rows: Vec<_> = (0..100_000).map(make).collect();
    let (whole, snapshot) = (snapshot_of(rows.clone()), freeze(rows.clone()));
    let mut random = ChaCha8Rng::seed_from_u64(2);
    criterion
        .bench_function("at, 100,000 rows", |b| b.iter(|| snapshot.at(black_box(somewhere(&mut random)))));
    criterion.bench_function("near, 5 km, 100,000 rows", |b| {
        b.iter(|| snapshot.near(black_box(somewhere(&mut random)), 5_000.0, 50));
    });
    criterion.bench_function("near, 50 km, 100,000 rows", |b| {
        b.iter(|| snapshot.near(black_box(somewhere(&mut random)), 50_000.0, 50));
    });
    criterion.bench_function("with, one row into 100,000", |b| {
        b.iter(|| whole.with(2, Timestamp::UNIX_EPOCH, entries(vec![made_at(2, &rows[5])])));
    });
    criterion.bench_function("freeze, 100,000 rows", |b| b.iter(|| freeze(rows.clone())));
    criterion.bench_function("Row::new, 1,000 rows", |b| {
        b.iter(|| rows[..1_000].iter().map(|row| again(row)).collect::<Vec<_>>());
    });
}

fn again(row: &Row) -> Row {
    let (geometry, properties) = (row.geometry(), row.properties());
    Row::new(row.id, row.collection(), geometry.as_ref(), &properties, made(1)).unwrap()
}

criterion_group! {
    name = benches;
    config = Criterion::default().sample_size(20);
    targets = question_times
}
criterion_main!(benches);
