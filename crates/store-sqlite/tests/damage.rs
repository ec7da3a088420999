//! Promises of verifying: every bit that changes an event is noticed.

mod support;

use std::path::Path;

use rand_chacha::ChaCha8Rng;
use rand_chacha::rand_core::{RngCore, SeedableRng};
use rusqlite::types::Value;
use rusqlite::{Connection, params_from_iter};
use store_sqlite::{Store, StoredEvent};
use support::*;

const SEED: [u8; 32] = *b"one bit in a register of hazards";

fn random() -> ChaCha8Rng {
    ChaCha8Rng::from_seed(SEED)
}

fn below(random: &mut ChaCha8Rng, end: usize) -> usize {
    (random.next_u64() % end as u64) as usize
}

/// Whether opening or verifying says that something is wrong.
fn is_noticed(path: &Path) -> bool {
    Store::open_read_only(path)
        .map_or(true, |store| store.verify(&mut |_, _| {}).map_or(true, |found| !found.is_sound()))
}

const COLUMNS: [&str; 12] = [
    "seq",
    "recorded_at",
    "author",
    "reason",
    "collection",
    "record_id",
    "identity",
    "content",
    "properties",
    "geometry",
    "salt",
    "hash",
];

/// The value with one of its bits turned.
fn turned(value: Value, random: &mut ChaCha8Rng) -> Value {
    let flip = |mut bytes: Vec<u8>, random: &mut ChaCha8Rng| {
        let at = below(random, bytes.len());
        bytes[at] ^= 1 << below(random, 8);
        bytes
    };
    match value {
        Value::Integer(number) => Value::Integer(number ^ (1 << below(random, 62))),
        // Bytes that are no UTF-8 any more stay text for SQLite, but cannot be bound as one here: turn a low bit.
        Value::Text(text) => {
            let ascii: Vec<_> =
                text.bytes().enumerate().filter(|(_, b)| b.is_ascii()).map(|(i, _)| i).collect();
            let (at, mut bytes) = (ascii[below(random, ascii.len())], text.into_bytes());
            bytes[at] ^= 1 << below(random, 7);
            Value::Text(String::from_utf8(bytes).expect("still ASCII there"))
        }
        Value::Blob(bytes) => Value::Blob(flip(bytes, random)),
        Value::Null | Value::Real(_) => Value::Blob(vec![1]),
    }
}

#[test]
fn every_single_bit_flip_in_any_column_of_any_event_is_found() {
    const FLIPS: usize = 600;
    let (_folder, path) = file();
    filled(&path, 40);
    let file = Connection::open(&path).expect("opens");
    let (mut random, mut found) = (random(), 0);
    for _ in 0..FLIPS {
        let (seq, column) = (below(&mut random, 40) as i64 + 1, COLUMNS[below(&mut random, COLUMNS.len())]);
        let read = format!("SELECT {column} FROM event WHERE seq = ?1");
        let value: Value = file.query_row(&read, [seq], |row| row.get(0)).expect("reads");
        let other = turned(value.clone(), &mut random);
        let write = format!("UPDATE event SET {column} = ?1 WHERE seq = ?2");
        // Two events cannot have one number: that flip SQLite itself refuses.
        if file.execute(&write, params_from_iter([other.clone(), Value::Integer(seq)])).is_err() {
            found += 1;
            continue;
        }
        assert!(is_noticed(&path), "{column} of event {seq}: {value:?} became {other:?} unnoticed");
        found += 1;
        let now = if let ("seq", Value::Integer(moved)) = (column, &other) { *moved } else { seq };
        file.execute(&write, params_from_iter([value, Value::Integer(now)])).expect("turns it back");
    }
    assert_eq!(found, FLIPS);
    assert!(!is_noticed(&path), "everything was turned back");
}

#[test]
fn removed_inserted_and_exchanged_events_are_found() {
    let edits = [
        "DELETE FROM event WHERE seq = 7",
        "DELETE FROM event WHERE seq = 40",
        "DELETE FROM event WHERE seq = 1",
        "DELETE FROM event WHERE seq > 30; UPDATE event_head SET seq = 30, hash = (SELECT hash FROM event WHERE seq = 30)",
        "INSERT INTO event SELECT 41, recorded_at, author, reason, collection, record_id, action, identity, content, properties,
             geometry, salt, hash FROM event WHERE seq = 40",
        "UPDATE event SET seq = -seq WHERE seq IN (10, 11); UPDATE event SET seq = 21 + seq WHERE seq < 0",
        "UPDATE event SET seq = 100 WHERE seq = 40",
        "UPDATE event SET geometry = NULL WHERE seq = 6",
        "UPDATE event SET action = '{\"kind\":\"rejection\",\"proposal\":1}' WHERE seq = 6",
        "UPDATE event SET properties = replace(properties, 'suspected', 'confirmed') WHERE seq = 6",
        "UPDATE event SET author = author || substr(reason, 1, 1), reason = substr(reason, 2) WHERE seq = 6",
        "UPDATE event_head SET epoch = upper(epoch) || 'x'",
        "DELETE FROM event_head",
        "UPDATE hazardous_areas SET status = 'closed' WHERE fid = 1",
        "UPDATE hazardous_areas SET geom = NULL WHERE fid = 1",
        "DELETE FROM hazard_reports WHERE fid = 1",
        "INSERT INTO surveys (id, revision, recorded_at, recorded_by, review) VALUES ('x', 1, 't', 'a', 'approved')",
    ];
    for edit in edits {
        let (_folder, path) = file();
        filled(&path, 40);
        assert!(!is_noticed(&path));
        let other = Connection::open(&path).expect("opens");
        other.execute_batch(edit).expect("edits");
        other.close().expect("closes");
        assert!(is_noticed(&path), "{edit}");
    }
}

/// What a reader gets, where it gets anything at all.
fn readable(path: &Path) -> Option<Vec<StoredEvent>> {
    let store = Store::open_read_only(path).ok()?;
    let mut events = Vec::new();
    let each = &mut |event| {
        events.push(event);
        std::ops::ControlFlow::Continue(())
    };
    store.replay(0, each).ok()?;
    Some(events)
}

#[test]
fn every_bit_flip_in_the_file_that_changes_what_a_reader_gets_is_found() {
    const FLIPS: usize = 500;
    let (folder, path) = file();
    filled(&path, 200);
    let whole = std::fs::read(&path).expect("reads");
    let before = readable(&path).expect("readable");
    let damaged = folder.path().join("damaged.gpkg");
    let (mut random, mut changing, mut noticed) = (random(), 0, 0);
    for _ in 0..FLIPS {
        let mut bytes = whole.clone();
        let (at, bit) = (below(&mut random, bytes.len()), below(&mut random, 8));
        bytes[at] ^= 1 << bit;
        std::fs::write(&damaged, &bytes).expect("writes");
        let changes = readable(&damaged).as_ref() != Some(&before);
        let is_noticed = is_noticed(&damaged);
        assert!(is_noticed || !changes, "bit {bit} of byte {at} changed the events unnoticed");
        changing += usize::from(changes);
        noticed += usize::from(is_noticed);
    }
    eprintln!("{FLIPS} flips: {changing} changed what a reader gets, all found; {noticed} found in all");
    assert!(changing > FLIPS / 10, "the test hits the log: {changing}");
}
