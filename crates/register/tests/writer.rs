//! Promises of the one writer: gapless, consistent, durable, and nothing half.

mod support;

use std::collections::HashSet;
use std::io::{BufRead, BufReader};
use std::process::{Command, Stdio};
use std::sync::Mutex;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::Duration;

use access::Scope;
use model::{Collection, RecordId};
use register::RegisterError;
use serde_json::json;
use store_sqlite::Store;
use support::*;

/// A batch of `size` areas that nothing else in the test is equal to.
fn batch(thread: i32, round: i32, size: i32) -> Vec<register::Prepared> {
    let one = |k: i32| {
        prepared(square(thread * 20, round % 50, 5), json!({"external_id": format!("{thread}/{round}/{k}")}))
    };
    (0..size).map(one).collect()
}

#[test]
fn eight_writers_at_once_leave_a_gapless_log_with_everything_acknowledged() {
    const ROUNDS: i32 = 25;
    let (_folder, path) = file();
    let register = open(&path);
    let acknowledged: Mutex<Vec<RecordId>> = Mutex::default();
    std::thread::scope(|scope| {
        for thread in 0..8 {
            let (handle, acknowledged) = (register.handle(), &acknowledged);
            scope.spawn(move || {
                for round in 0..ROUNDS {
                    let ids = ids(&submit(&handle, &batch(thread, round, 3)));
                    acknowledged.lock().expect("no panic").extend(ids);
                }
            });
        }
    });
    register.close().expect("closes");
    let acknowledged = acknowledged.into_inner().expect("no panic");
    assert_eq!(acknowledged.len() as i32, 8 * ROUNDS * 3);
    let store = Store::open(&path).expect("opens");
    let found = store.verify(&mut |_, _| {}).expect("verifies");
    assert_eq!((found.problems, found.events), (vec![], acknowledged.len() as u64));
    drop(store);
    let handle = open(&path).handle();
    let snapshot = handle.open(&Scope::whole());
    assert!(acknowledged.iter().all(|id| snapshot.by_id(*id).is_some()));
}

#[test]
fn readers_see_whole_submissions_and_revisions_that_only_grow() {
    const SIZE: usize = 40;
    let (_folder, path) = file();
    let register = open(&path);
    let done = AtomicBool::new(false);
    std::thread::scope(|scope| {
        for _ in 0..2 {
            let (handle, done) = (register.handle(), &done);
            scope.spawn(move || {
                let (mut last, mut seen) = (0, HashSet::new());
                while !done.load(Ordering::Relaxed) {
                    let snapshot = handle.open(&Scope::whole());
                    let rows: Vec<_> = snapshot.items(Collection::HazardousAreas).collect();
                    assert_eq!(rows.len() as u64, snapshot.revision(), "each record has one version here");
                    assert_eq!(rows.len() % SIZE, 0, "a part of a submission");
                    assert!(rows.iter().all(|row| row.revision <= snapshot.revision()));
                    assert!(snapshot.revision() >= last);
                    last = snapshot.revision();
                    seen.insert(last);
                }
            });
        }
        for round in 0..40 {
            submit(&register.handle(), &batch(0, round, SIZE as i32));
            assert_eq!(register.handle().open(&Scope::whole()).revision(), register.handle().revision());
        }
        done.store(true, Ordering::Relaxed);
    });
}

#[test]
fn folding_the_log_again_gives_the_same_register() {
    let (_folder, path) = file();
    let register = open(&path);
    let handle = register.handle();
    for number in 0..60 {
        let index = number % 25;
        let side = 3 + (number * 7) % 11;
        let status = if number % 2 == 0 { "open" } else { "closed" };
        let fields = json!({"external_id": format!("{index}"), "status": status});
        submit(&handle, &[prepared(square(index * 15, 0, side), fields)]);
    }
    submit(&handle, &[prepared(None, json!({"name": "without a place"}))]);
    let before = everything(&handle);
    register.close().expect("closes");
    for _ in 0..2 {
        let again = open(&path);
        assert_eq!(everything(&again.handle()), before);
        again.close().expect("closes");
    }
}

#[test]
fn a_closed_register_can_be_read_and_says_that_it_is_closed() {
    let (_folder, path) = file();
    let register = open(&path);
    let handle = register.handle();
    submit(&handle, &batch(0, 0, 2));
    register.close().expect("closes");
    assert!(matches!(handle.submit(batch(0, 1, 1), submission()), Err(RegisterError::Closed)));
    assert_eq!(count(&handle), 2);
}

#[test]
fn a_refused_write_leaves_everything_as_it_was() {
    let (_folder, path) = file();
    let register = open(&path);
    let handle = register.handle();
    submit(&handle, &batch(0, 0, 2));
    let before = everything(&handle);
    // Somebody has altered a table under the running register: the feature cannot be written, nor can its event.
    let other = rusqlite::Connection::open(&path).expect("opens");
    other.execute_batch("ALTER TABLE hazardous_areas RENAME TO elsewhere").expect("alters");
    let refused = handle.submit(batch(0, 1, 2), submission());
    assert!(matches!(refused, Err(RegisterError::Store(_))), "{refused:?}");
    assert_eq!(everything(&handle), before);
    assert!(matches!(handle.submit(batch(0, 2, 1), submission()), Err(RegisterError::Broken)));
    assert_eq!(count(&handle), 2, "reading goes on");
    drop((other, register.close()));
    let register = open(&path);
    assert_eq!(everything(&register.handle()), before);
    submit(&register.handle(), &batch(0, 3, 1));
}

#[test]
fn a_file_that_another_program_is_writing_to_is_written_later() {
    let (_folder, path) = file();
    let register = open(&path);
    let handle = register.handle();
    let other = rusqlite::Connection::open(&path).expect("opens");
    other.execute_batch("BEGIN IMMEDIATE").expect("begins");
    assert!(matches!(handle.submit(batch(0, 0, 2), submission()), Err(RegisterError::Store(_))));
    assert_eq!((handle.revision(), count(&handle)), (0, 0));
    other.execute_batch("ROLLBACK").expect("ends");
    assert_eq!(outcomes(&submit(&handle, &batch(0, 0, 2))).len(), 2);
    assert_eq!((handle.revision(), count(&handle)), (2, 2));
}

/// The part of the child: submits until it is killed. Without the variable it is an empty test.
#[test]
#[expect(clippy::print_stdout, reason = "the parent reads it")]
fn child() {
    let Some(path) = std::env::var_os("REGISTER_UNDER_FIRE") else { return };
    let round: i32 = std::env::var("ROUND").ok().and_then(|round| round.parse().ok()).expect("a round");
    let register = open(path.as_ref());
    std::thread::scope(|scope| {
        for thread in 0..3 {
            let handle = register.handle();
            scope.spawn(move || {
                for number in 0.. {
                    let ids = ids(&submit(&handle, &batch(thread, round * 100_000 + number, 4)));
                    println!("acknowledged {thread} {number} {}", ids[0]);
                }
            });
        }
    });
}

/// Kills a child in the middle of submitting; answers what it had acknowledged.
fn killed_child(path: &std::path::Path, round: u64) -> Vec<(String, RecordId)> {
    let itself = std::env::current_exe().expect("this test");
    let arguments = ["--exact", "child", "--nocapture", "--test-threads", "1"];
    let mut command = Command::new(itself);
    command.args(arguments).env("REGISTER_UNDER_FIRE", path).env("ROUND", round.to_string());
    let mut child = command.stdout(Stdio::piped()).spawn().expect("starts");
    std::thread::sleep(Duration::from_millis(20 + round * 13 % 70));
    child.kill().expect("kills");
    let lines = BufReader::new(child.stdout.take().expect("piped")).lines().map_while(Result::ok);
    let acknowledged = lines.filter_map(|line| {
        let mut words = line.split("acknowledged ").nth(1)?.split(' ');
        let (thread, number): (i32, i32) = (words.next()?.parse().ok()?, words.next()?.parse().ok()?);
        Some((format!("{thread}/{}", round as i32 * 100_000 + number), words.next()?.parse().ok()?))
    });
    let acknowledged = acknowledged.collect();
    child.wait().expect("ends");
    acknowledged
}

#[test]
fn a_killed_register_has_every_acknowledged_submission_whole_and_none_in_part() {
    const ROUNDS: u64 = 50;
    let (_folder, path) = file();
    let mut acknowledged = Vec::new();
    for round in 0..ROUNDS {
        acknowledged.extend(killed_child(&path, round));
        let register = open(&path);
        let snapshot = register.handle().open(&Scope::whole());
        assert!(acknowledged.iter().all(|(_, id)| snapshot.by_id(*id).is_some()), "round {round}");
        let mut records_of = std::collections::HashMap::new();
        for row in snapshot.items(Collection::HazardousAreas) {
            let stored: serde_json::Value = serde_json::from_str(&row.properties()).expect("JSON");
            let submission = stored["external_id"]
                .as_str()
                .and_then(|id| id.rsplit_once('/'))
                .expect("our form")
                .0
                .to_owned();
            *records_of.entry(submission).or_insert(0) += 1;
        }
        assert!(records_of.values().all(|records| *records == 4), "a submission in part");
        assert!(acknowledged.iter().all(|(submission, _)| records_of.contains_key(submission)));
        register.close().expect("closes");
    }
    let found = Store::open(&path).expect("opens").verify(&mut |_, _| {}).expect("verifies");
    assert_eq!(found.problems, []);
    eprintln!("{ROUNDS} kills, {} submissions acknowledged, 0 lost, 0 in part", acknowledged.len());
    assert!(!acknowledged.is_empty(), "the child never came to write");
}
