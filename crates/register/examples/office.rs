//! What the past, the findings and a record cost in a register of the synthetic country:
//! `cargo run --release -p register --example office [FOLDER] [RECORDS]`.
//!
//! A tenth of the records is changed after the import, so that the past has something to find.

use std::sync::Arc;
use std::time::Instant;

use access::Scope;
use geo_types::Coord;
use model::{Collection, Context};
use rand::{Rng, SeedableRng};
use rand_chacha::ChaCha8Rng;
use rayon::prelude::*;
use register::{Command, Handle, Order, Prepared, Register, Submission};
use spatial_index::{View, Wanted};
use store_sqlite::Store;

const CONTEXT: Context = Context { today: jiff::civil::date(2026, 11, 22), programme_area: None };
const QUESTIONS: usize = 2_000;

#[expect(clippy::print_stdout, reason = "the figures are what it is for")]
fn main() {
    let mut arguments = std::env::args().skip(1);
    let folder = tempfile::tempdir_in(arguments.next().unwrap_or_else(|| ".".to_owned())).expect("a folder");
    let records: u64 = arguments.next().map_or(100_000, |number| number.parse().expect("a number"));
    let path = folder.path().join("office.gpkg");
    fill(&path, records);
    let before = resident_mb();
    let register = Register::open(Store::open(&path).expect("opens"), None, &mut |_, _| {}).expect("replays");
    let kb = (resident_mb() - before) * 1024.0 / records as f64;
    println!("memory: {kb:.2} kB a record, a tenth of them with an older version");
    let handle = register.handle();
    past(&handle, records);
    findings(&handle);
    register.close().expect("closes");
}

/// The synthetic country, and a tenth of its areas described anew.
fn fill(path: &std::path::Path, records: u64) {
    let register = Register::open(Store::open(path).expect("opens"), None, &mut |_, _| {}).expect("replays");
    let prepare = |index, changed: bool| -> Prepared {
        let mut draft = demo::feature(index, 1).into_draft(index + 1);
        if changed {
            draft.fields.insert("description".to_owned(), "Described anew.".into());
        }
        register::prepare(draft, &CONTEXT).expect("prepares")
    };
    let submission = Submission { author: "office".to_owned(), reason: "office".to_owned(), dry_run: false };
    let first = (0..records).into_par_iter().map(|index| prepare(index, false)).collect();
    register.handle().submit(first, submission.clone()).expect("is written");
    let again =
        (0..records).into_par_iter().filter(|index| index % 10 == 0).map(|index| prepare(index, true));
    register.handle().submit(again.collect(), submission).expect("is written");
    register.close().expect("closes");
}

/// The same questions to the present and to the register before the last tenth was changed, turn by turn.
#[expect(clippy::print_stdout, reason = "the figures are what it is for")]
fn past(handle: &Handle, records: u64) {
    let newest = handle.open(&Scope::whole());
    let (then, made_ms) = timed(|| newest.known_at(records).expect("has been"));
    println!("known-at: the view is made in {made_ms:.2} ms");
    let mut random = ChaCha8Rng::seed_from_u64(7);
    let places: Vec<_> = (0..QUESTIONS)
        .map(|_| Coord { x: random.random_range(30.0..40.0), y: random.random_range(46.0..51.0) })
        .collect();
    for (radius_m, questions) in [(500.0, QUESTIONS), (5_000.0, QUESTIONS / 4), (50_000.0, QUESTIONS / 50)] {
        let places = &places[..questions];
        let ask = |snapshot: &View| {
            places.iter().map(|place| snapshot.near(*place, radius_m, 100).hits.len()).sum::<usize>()
        };
        let (mut now_ms, mut then_ms) = (f64::MAX, f64::MAX);
        for _ in 0..5 {
            now_ms = now_ms.min(timed(|| ask(&newest)).1);
            then_ms = then_ms.min(timed(|| ask(&then)).1);
        }
        println!(
            "near {radius_m} m: present {:.4} ms, known-at {:.4} ms, ratio {:.2}",
            now_ms / questions as f64,
            then_ms / questions as f64,
            then_ms / now_ms
        );
    }
    let (items, items_ms) = timed(|| then.items(Collection::HazardousAreas).count());
    println!("known-at: {items} items listed for the first time in {items_ms:.1} ms, from then on at once");
}

#[expect(clippy::print_stdout, reason = "the figures are what it is for")]
fn findings(handle: &Handle) {
    let mut view = Arc::new(handle.open(&Scope::whole()));
    let list = |view: &View| view.list_findings(&Wanted::default(), 0, 100).matched;
    let (found, first_ms) = timed(|| list(&view));
    let (_, again_ms) = timed(|| list(&view));
    println!("findings: {found} in all; first list {first_ms:.0} ms, next {again_ms:.1} ms");
    let ids: Vec<_> = view.items(Collection::HazardousAreas).map(|row| row.id).collect();
    let mut times_ms: Vec<f64> = Vec::new();
    for number in 0..200 {
        let order = change(&view, ids[number * 97 % ids.len()], number);
        let changed = || {
            handle.carry_out(order).expect("is carried out");
            handle.reopen(&view)
        };
        let (next, ms) = timed(changed);
        times_ms.push(ms);
        view = next;
    }
    times_ms.sort_by(f64::total_cmp);
    println!(
        "one change, its neighbours' findings included: median {:.2} ms, p99 {:.2} ms",
        times_ms[100], times_ms[197]
    );
    let fresh = handle.open(&Scope::whole());
    assert_eq!(list(&view), list(&fresh), "kept up to date is the same as worked out anew");
}

fn change(view: &View, id: model::RecordId, number: usize) -> Order {
    let row = view.by_id(id).expect("the record");
    let origin = model::Origin { file: "office".to_owned(), number: 1 };
    let mut draft = model::Draft::new(row.collection(), origin);
    draft.fields = serde_json::from_str(&row.properties()).expect("JSON");
    draft.fields.insert("description".to_owned(), format!("Change {number}").into());
    draft.geometry.clone_from(&row.geometry());
    let mut next = register::prepare(draft, &CONTEXT).expect("prepares");
    next.record.id = id;
    let command = Command::Change { next: Box::new(next), seen: row.revision, keeps_personal: false };
    let (author, reason) = ("office".to_owned(), "measured".to_owned());
    Order { command, author, reason, request: None, dry_run: false }
}

fn timed<T>(work: impl FnOnce() -> T) -> (T, f64) {
    let started = Instant::now();
    let result = work();
    (result, started.elapsed().as_secs_f64() * 1e3)
}

/// Resident memory of this process in MB; 0 where there is no `/proc`.
fn resident_mb() -> f64 {
    let statm = std::fs::read_to_string("/proc/self/statm").unwrap_or_default();
    statm.split_whitespace().nth(1).and_then(|pages| pages.parse::<f64>().ok()).unwrap_or(0.0) * 4_096.0 / 1e6
}
