//! How fast the register takes records and starts again:
//! `cargo run --release -p register --example submit_rate [FOLDER] [RECORDS]`.

use std::time::Instant;

use model::Context;
use rayon::prelude::*;
use register::{Register, Submission};
use store_sqlite::Store;

#[expect(clippy::print_stdout, reason = "the figures are what it is for")]
fn main() {
    let mut arguments = std::env::args().skip(1);
    let folder = tempfile::tempdir_in(arguments.next().unwrap_or_else(|| ".".to_owned())).expect("a folder");
    let records: u64 = arguments.next().map_or(100_000, |number| number.parse().expect("a number"));
    let path = folder.path().join("rate.gpkg");
    let context = Context { today: jiff::civil::date(2026, 11, 22), programme_area: None };
    let prepare = |index| register::prepare(demo::feature(index, 1).into_draft(index + 1), &context);
    let batch: Vec<_> = timed("prepared", records, || {
        (0..records).into_par_iter().map(prepare).collect::<Result<_, _>>().expect("prepares")
    });
    let register = Register::open(Store::open(&path).expect("opens"), None, &mut |_, _| {}).expect("replays");
    let submission = Submission { author: "rate".to_owned(), reason: "rate".to_owned(), dry_run: false };
    let again = batch.clone();
    timed("submitted", records, || register.handle().submit(batch, submission.clone()).expect("is written"));
    timed("submitted again, unchanged", records, || {
        register.handle().submit(again, submission).expect("is decided")
    });
    timed("closed", records, || register.close().expect("closes"));
    let store = Store::open(&path).expect("opens");
    let register = timed("loaded", records, || Register::open(store, None, &mut |_, _| {}).expect("replays"));
    println!("revision {}", register.handle().revision());
}

/// Runs `work` and prints its time, with processor time beside it: on a busy machine only that says something.
#[expect(clippy::print_stdout, reason = "the figures are what it is for")]
fn timed<T>(what: &str, records: u64, work: impl FnOnce() -> T) -> T {
    let (started, cpu) = (Instant::now(), processor_s());
    let result = work();
    let (seconds, cpu_s) = (started.elapsed().as_secs_f64(), processor_s() - cpu);
    println!(
        "{what}: {seconds:.2} s, {:.0} records a second; processor {cpu_s:.2} s",
        records as f64 / seconds
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
