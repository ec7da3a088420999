//! Cold tiles of the demo country: how long they take and how large they are, z5 to z14.
//!
//! `MINEMAP_BENCH_ROWS=1000000 cargo bench -p tiles --bench cold`; 20,000 records unless told. The table is printed
//! before criterion measures the whole list and the heaviest tile.
#![allow(missing_docs, clippy::unwrap_used, clippy::print_stdout)]

use std::hint::black_box;
use std::io::Write;
use std::sync::Arc;
use std::time::Duration;

use access::Scope;
use criterion::{Criterion, criterion_group, criterion_main};
use flate2::Compression;
use flate2::write::GzEncoder;
use model::{Bounds, Context};
use rand::{Rng, SeedableRng};
use rand_chacha::ChaCha8Rng;
use rayon::prelude::*;
use spatial_index::{Arrival, Batch, Dictionary, Layer, Made, Row, Snapshot, View};
use tiles::{TileId, vector_tile};

const ROWS: u64 = 20_000;
const SEED: u64 = 1;
/// How many tiles of each zoom from 5 on are asked for: as many as there are in the country, up to 61.
const TILES: [usize; 10] = [6, 20, 48, 61, 61, 61, 61, 61, 61, 60];

/// The demo country, as an import would have made it.
fn country(count: u64) -> (View, Vec<Bounds>) {
    let context = Context { today: jiff::civil::date(2026, 11, 22), programme_area: None };
    let by: Arc<str> = "bench".into();
    let batch = Batch::new(jiff::Timestamp::UNIX_EPOCH, Arc::clone(&by), by, &Dictionary::vocabulary());
    let row = |number: u64| {
        let draft = demo::feature(number, SEED).into_draft(number);
        let record = model::check(draft, uuid::Uuid::from_u64_pair(number, !number), &context).unwrap();
        let properties = serde_json::to_string(&record.properties()).unwrap();
        let made = Made { revision: number + 1, batch: Arc::clone(&batch) };
        Arc::new(Row::new(record.id, record.collection, record.geometry.as_ref(), &properties, made).unwrap())
    };
    let rows: Vec<_> = (0..count).into_par_iter().map(row).collect();
    let places = rows.iter().filter_map(|row| row.bounds()).collect();
    let entries = rows.into_iter().map(Arrival::from);
    let snapshot = Snapshot::freeze(("bench", ""), count, Some(jiff::Timestamp::UNIX_EPOCH), entries);
    (snapshot.open(&Scope::whole()), places)
}

/// The list: half of the tiles where records are, in proportion to them, half anywhere in the country.
fn list(places: &[Bounds]) -> Vec<TileId> {
    let mut random = ChaCha8Rng::seed_from_u64(7);
    let mut tiles = Vec::new();
    for (z, count) in (5..).zip(TILES) {
        let first = tiles.len();
        for attempt in 0..10_000 {
            if tiles.len() == first + count {
                break;
            }
            let near = places[random.random_range(0..places.len())];
            let anywhere = (random.random_range(29.5..39.0), random.random_range(46.0..51.5));
            let (lon, lat) = if attempt % 2 == 0 { (near.west, near.south) } else { anywhere };
            let tile = tile_at(z, lon, lat);
            if !tiles[first..].contains(&tile) {
                tiles.push(tile);
            }
        }
    }
    tiles
}

fn tile_at(z: u8, lon: f64, lat: f64) -> TileId {
    let across = f64::from(1_u32 << z);
    let down = (1.0 - lat.to_radians().tan().asinh() / std::f64::consts::PI) / 2.0;
    TileId::new(z, ((lon + 180.0) / 360.0 * across) as u32, (down * across) as u32).unwrap()
}

struct Measured {
    tile: TileId,
    /// How many records the index finds, and how long that takes alone.
    found: usize,
    finding: Duration,
    took: Duration,
    bytes: usize,
    gzip: usize,
}

/// Time that this thread has had a processor: what others do on the machine counts less.
fn now() -> Duration {
    let time = rustix::time::clock_gettime(rustix::time::ClockId::ThreadCPUTime);
    Duration::new(time.tv_sec as u64, time.tv_nsec as u32)
}

fn measure(view: &View, tile: TileId) -> Measured {
    let (first, found) = (now(), view.touching(Layer::Hazards, &tile.bounds()).len());
    let second = now();
    let bytes = vector_tile(view, Layer::Hazards, tile).unwrap();
    let (finding, took) = (second - first, now() - second);
    let mut encoder = GzEncoder::new(Vec::new(), Compression::fast());
    encoder.write_all(&bytes).unwrap();
    Measured { tile, found, finding, took, bytes: bytes.len(), gzip: encoder.finish().unwrap().len() }
}

fn print_table(measured: &[Measured]) {
    println!(
        "| zoom | tiles | p50 ms | p99 ms | mean ms | of it index | most records | largest kB | gzip kB |"
    );
    println!("|---|---|---|---|---|---|---|---|---|");
    for z in 5..15 {
        print_line(&format!("z{z}"), measured.iter().filter(|one| one.tile.z == z).collect());
    }
    print_line("all", measured.iter().collect());
    let total: Duration = measured.iter().map(|one| one.took).sum();
    println!("{:.0} tiles a second on one core, not compressed", measured.len() as f64 / total.as_secs_f64());
}

fn print_line(label: &str, measured: Vec<&Measured>) {
    let mut times: Vec<f64> = measured.iter().map(|one| one.took.as_secs_f64() * 1e3).collect();
    times.sort_by(f64::total_cmp);
    let mean = times.iter().sum::<f64>() / times.len() as f64;
    let (p50, p99) = (times[times.len() / 2], times[times.len() * 99 / 100]);
    let largest =
        |size: fn(&Measured) -> usize| measured.iter().map(|one| size(one)).max().unwrap_or(0) / 1_000;
    let (bytes, gzip) = (largest(|one| one.bytes), largest(|one| one.gzip));
    let found = largest(|one| one.found * 1_000);
    let index = measured.iter().map(|one| one.finding.as_secs_f64() * 1e3).sum::<f64>() / times.len() as f64;
    println!(
        "| {label} | {} | {p50:.2} | {p99:.2} | {mean:.2} | {index:.2} | {found} | {bytes} | {gzip} |",
        times.len()
    );
}

fn cold_tiles(criterion: &mut Criterion) {
    let rows = std::env::var("MINEMAP_BENCH_ROWS").ok().and_then(|text| text.parse().ok()).unwrap_or(ROWS);
    let (view, places) = country(rows);
    let tiles = list(&places);
    let measured: Vec<_> = tiles.iter().map(|tile| measure(&view, *tile)).collect();
    print_table(&measured);
    let heaviest = measured.iter().max_by_key(|one| one.took).unwrap().tile;
    criterion.bench_function(&format!("{} tiles of {rows} records", tiles.len()), |bencher| {
        let each = || tiles.iter().map(|tile| vector_tile(&view, Layer::Hazards, *tile).unwrap().len());
        bencher.iter(|| black_box(each().sum::<usize>()));
    });
    criterion.bench_function(&format!("{heaviest:?} of {rows} records"), |bencher| {
        bencher.iter(|| black_box(vector_tile(&view, Layer::Hazards, heaviest)));
    });
}

criterion_group! {
    name = benches;
    config = Criterion::default().sample_size(10);
    targets = cold_tiles
}
criterion_main!(benches);
