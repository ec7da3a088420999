//! `kill -9` at any moment: all of a file or nothing, and never less than was reported.

use crate::harness::{Programme, Run, Server, minemap};
use std::process::Stdio;
use std::time::{Duration, Instant};

const RECORDS: u64 = 3_000;
const ROUNDS: u32 = 12;

#[test]
fn an_import_killed_at_any_moment_leaves_all_of_the_file_or_nothing() {
    let whole = duration_of_an_import();
    let mut outcomes = [0; 2];
    for round in 0..ROUNDS {
        let programme = Programme::new();
        let file = programme.demo_file(RECORDS);
        let mut command = programme.import_command(&[file.to_str().unwrap()]);
        let mut child = command.stdout(Stdio::null()).stderr(Stdio::null()).spawn().unwrap();
        std::thread::sleep(whole * (round + 1) / ROUNDS);
        child.kill().unwrap();
        let reported = child.wait().unwrap().code().is_some();
        let held = held(&programme);
        assert!(held == 0 || held == RECORDS, "{held} of {RECORDS}");
        assert!(!reported || held == RECORDS, "reported {RECORDS}, held {held}");
        outcomes[usize::from(held == RECORDS)] += 1;
    }
    assert!(outcomes[0] > 0, "no round was killed before the end: {outcomes:?}");
}

fn duration_of_an_import() -> Duration {
    let programme = Programme::new();
    let file = programme.demo_file(RECORDS);
    let started = Instant::now();
    assert!(programme.import(&[file.to_str().unwrap()]).code <= 1);
    started.elapsed()
}

/// Records in the store, which must open and verify. A store that was never made holds none.
fn held(programme: &Programme) -> u64 {
    if !programme.store().exists() {
        return 0;
    }
    let server = programme.serve();
    let summary = server.json("/query/summary");
    server.stop();
    let verified = programme.verify();
    assert_eq!(verified.code, 0, "{}", verified.all());
    summary["collections"].as_array().unwrap().iter().map(|c| c["records"].as_u64().unwrap()).sum()
}

#[test]
fn a_server_killed_while_it_stores_an_import_holds_what_was_reported() {
    for round in 1..=4 {
        let programme = Programme::new();
        let file = programme.demo_file(RECORDS);
        let server = Server::start(&programme.store(), &[]);
        let mut command = programme.import_command(&[file.to_str().unwrap()]);
        let mut child = command.stdout(Stdio::null()).stderr(Stdio::null()).spawn().unwrap();
        std::thread::sleep(Duration::from_millis(60 * round));
        server.kill();
        let code = child.wait().unwrap().code().unwrap();
        let held = held(&programme);
        assert!(held == 0 || held == RECORDS, "{held} of {RECORDS}");
        assert!(code > 1 || held == RECORDS, "the import said {code}, the store holds {held}");
    }
}

#[test]
fn a_second_server_on_a_store_is_refused_by_name_while_reading_it_goes_on() {
    let programme = Programme::with_demo(10);
    let server = programme.serve();
    let mut second = minemap();
    let run = Run::of(second.args(["serve", "--listen", "127.0.0.1:0", "--store"]).arg(programme.store()));
    assert_eq!(run.code, 3, "{}", run.all());
    assert!(run.stderr.contains("minemap.gpkg"), "{}", run.all());
    assert_eq!(programme.verify().code, 0);
    programme.export("surveys", "surveys.geojson");
    server.stop();
}
