//! How fast the log takes and gives back records: `cargo run --release -p store-sqlite --example append_rate [FOLDER]`.

#[path = "../tests/support/mod.rs"]
mod support;

use std::ops::ControlFlow;
use std::time::Instant;

use store_sqlite::Store;

const RECORDS: u64 = 100_000;

#[expect(clippy::print_stdout, reason = "the figures are what it is for")]
fn main() {
    let folder = std::env::args().nth(1).unwrap_or_else(|| ".".to_owned());
    let folder = tempfile::tempdir_in(folder).expect("a folder");
    let path = folder.path().join("rate.gpkg");
    let entries: Vec<_> = (0..RECORDS).map(|number| support::entry(support::area(number))).collect();
    let bytes = serde_json::to_string(&entries[0].record.properties()).expect("JSON").len();
    println!("{RECORDS} records of {bytes} bytes of properties and 36 vertices");
    let mut store = Store::open(&path).expect("opens");
    let encoded = || entries.into_iter().map(|entry| entry.encode().expect("encodes")).collect::<Vec<_>>();
    let encoded = timed("encoded", encoded);
    timed("appended in one transaction", || store.append_encoded(encoded.into_iter()).expect("appends"));
    drop(store);
    let store = timed("opened", || Store::open(&path).expect("opens"));
    let mut vertices = 0;
    let each = &mut |event: store_sqlite::StoredEvent| {
        vertices += event.geometry.as_ref().map_or(0, model::vertex_count);
        ControlFlow::Continue(())
    };
    timed("replayed", || store.replay(0, each).expect("replays"));
    let found = timed("verified", || store.verify(&mut |_, _| {}).expect("verifies"));
    let megabytes = std::fs::metadata(&path).expect("metadata").len() / 1_000_000;
    println!("{vertices} vertices, {megabytes} MB, sound: {}", found.is_sound());
}

/// Runs `work` and prints its time, with processor time beside it: on a busy machine only that says something.
#[expect(clippy::print_stdout, reason = "the figures are what it is for")]
fn timed<T>(what: &str, work: impl FnOnce() -> T) -> T {
    let (started, cpu) = (Instant::now(), processor_s());
    let result = work();
    let (seconds, cpu_s) = (started.elapsed().as_secs_f64(), processor_s() - cpu);
    let rate = RECORDS as f64 / seconds;
    println!(
        "{what}: {seconds:.2} s, {rate:.0} a second; processor {cpu_s:.2} s, {:.0} a second",
        RECORDS as f64 / cpu_s
    );
    result
}

/// Processor time of this process so far, user and system; 0 where there is no `/proc`.
fn processor_s() -> f64 {
    const TICKS_PER_S: f64 = 100.0;
    let stat = std::fs::read_to_string("/proc/self/stat").unwrap_or_default();
    let ticks = stat.rsplit(')').next().unwrap_or("").split_whitespace().skip(11).take(2);
    ticks.filter_map(|ticks| ticks.parse::<f64>().ok()).sum::<f64>() / TICKS_PER_S
}
