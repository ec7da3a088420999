//! How long questions to the register of a store take, in process: `cargo run --release -p register --example questions -- STORE`.
//!
//! Places are those of hazards, moved by up to 300 m; ways are 50 km long, of 56 edges, and begin at hazards. Each question is asked once
//! before it is timed. Prints p50 and p99 in microseconds and how many hazards there were in the answers.
#![allow(clippy::print_stdout, clippy::unwrap_used, reason = "a measurement that cannot go on has failed")]

use std::path::PathBuf;
use std::time::Instant;

use access::Scope;
use geo_types::{Coord, LineString};
use model::{Bounds, Collection};
use spatial_index::{Layer, View, Way};
use store_sqlite::Store;

const PLACES: usize = 1_000;
const WAYS: usize = 40;
const EDGES: usize = 56;
const WAY_M: f64 = 50_000.0;

fn main() {
    let store: PathBuf = std::env::args().nth(1).expect("the path of a store").into();
    let begun = Instant::now();
    let store = Store::open_read_only(&store).unwrap();
    let view = register::snapshot_of(&store, &mut |_, _| {}).unwrap().open(&Scope::whole());
    println!(
        "loaded in {:.1} s: {} hazardous areas",
        begun.elapsed().as_secs_f64(),
        view.count(Collection::HazardousAreas)
    );
    let places = places(&view);
    ask("at", &places, |place| view.at(*place).len());
    ask("near, 500 m", &places, |place| view.near(*place, 500.0, 10_000).hits.len());
    ask("near, 5 km", &places[..200], |place| view.near(*place, 5_000.0, 10_000).hits.len());
    let ways: Vec<_> = places.iter().take(WAYS).enumerate().map(|(turn, place)| way(*place, turn)).collect();
    ask("along 50 km, 50 m", &ways, |way| view.along(way, 50.0, 10_000).unwrap().hits.len());
}

/// Asks everything once, and once more with a clock.
fn ask<Q>(name: &str, questions: &[Q], answer: impl Fn(&Q) -> usize) {
    let hits: usize = questions.iter().map(&answer).sum();
    let timed = |question: &Q| {
        let begun = Instant::now();
        std::hint::black_box(answer(question));
        begun.elapsed().as_secs_f64() * 1e6
    };
    let mut times: Vec<f64> = questions.iter().map(timed).collect();
    times.sort_unstable_by(f64::total_cmp);
    let share = |share: f64| times[((times.len() - 1) as f64 * share) as usize];
    let mean = hits as f64 / questions.len() as f64;
    println!("{name}: p50 {:.1} µs, p99 {:.1} µs, {mean:.1} hazards on average", share(0.5), share(0.99));
}

/// Evenly from all open hazards, each moved by its own number.
fn places(view: &View) -> Vec<Coord<f64>> {
    let mut all: Vec<Coord<f64>> = Vec::new();
    view.each_touching(Layer::Hazards, &Bounds::WORLD, |placed| {
        let own = placed.bounds();
        all.push(Coord { x: (own.west + own.east) / 2.0, y: (own.south + own.north) / 2.0 });
    });
    let step = (all.len() / PLACES).max(1);
    let moved = |(number, place): (usize, &Coord<f64>)| {
        let (turn, reach_m) = (number as f64 * 137.5, (number * 7_919 % 300) as f64);
        geodesy::destination(*place, turn % 360.0, reach_m)
    };
    all.iter().step_by(step).take(PLACES).enumerate().map(moved).collect()
}

/// Winds about one bearing.
fn way(start: Coord<f64>, number: usize) -> Way {
    let mut corners = vec![start];
    for edge in 0..EDGES {
        let bearing_deg = (number * 47 + (edge * 31) % 60) as f64 % 360.0;
        corners.push(geodesy::destination(corners[edge], bearing_deg, WAY_M / EDGES as f64));
    }
    Way::along(&[LineString(corners)]).unwrap()
}
