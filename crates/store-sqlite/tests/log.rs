//! Promises of the log: what was appended comes back, in order, bit for bit, and after reopening.

mod support;

use std::ops::ControlFlow;

use store_sqlite::Store;
use support::*;

#[test]
fn what_was_appended_is_replayed_in_order_and_bit_for_bit() {
    let (_folder, path) = file();
    let mut store = Store::open(&path).expect("opens");
    let given = entries(40);
    assert_eq!(store.append(given.iter().take(15).cloned()).expect("appends"), 1..=15);
    assert_eq!(store.append(given.iter().skip(15).cloned()).expect("appends"), 16..=40);
    for (index, (stored, entry)) in replayed(&store).into_iter().zip(given).enumerate() {
        assert_eq!(stored.revision, index as u64 + 1);
        assert_eq!(stored.properties, serde_json::to_string(&entry.record.properties()).expect("JSON"));
        let event = stored.into_event().expect("an event");
        let bits = |g: &model::Geometry| {
            model::coordinates(g).map(|c| (c.x.to_bits(), c.y.to_bits())).collect::<Vec<_>>()
        };
        assert_eq!(event.record.geometry.as_ref().map(bits), entry.record.geometry.as_ref().map(bits));
        assert_eq!(
            (event.record, event.identity, event.content),
            (entry.record, entry.identity, entry.content)
        );
        assert_eq!(
            (event.recorded_at, event.author, event.reason),
            (entry.recorded_at, entry.author, entry.reason)
        );
    }
}

#[test]
fn the_encoded_form_is_the_stored_form() {
    for entry in entries(40) {
        let wanted = serde_json::to_string(&entry.record.properties()).expect("JSON");
        let encoded = entry.clone().encode().expect("encodes");
        assert_eq!((encoded.properties(), encoded.entry()), (wanted.as_str(), &entry));
    }
}

#[test]
fn replay_goes_on_after_a_revision_and_stops_when_asked() {
    let (_folder, path) = file();
    filled(&path, 30);
    let store = Store::open(&path).expect("opens");
    let mut seen = Vec::new();
    let each = &mut |event: store_sqlite::StoredEvent| {
        seen.push(event.revision);
        if seen.len() == 3 { ControlFlow::Break(()) } else { ControlFlow::Continue(()) }
    };
    store.replay(20, each).expect("replays");
    assert_eq!(seen, [21, 22, 23]);
}

#[test]
fn reopening_gives_the_same_head_and_a_new_register_another_epoch() {
    let (folder, path) = file();
    filled(&path, 25);
    let first = Store::open(&path).expect("opens").head();
    let second = Store::open(&path).expect("opens").head();
    assert_eq!(first, second);
    assert_eq!(first.revision, 25);
    let other = Store::open(&folder.path().join("other.gpkg")).expect("opens").head();
    assert_ne!(other.epoch, first.epoch);
    assert_eq!((other.revision, other.recorded_at), (0, None));
}

#[test]
fn an_append_that_breaks_off_leaves_nothing() {
    let (_folder, path) = file();
    filled(&path, 20);
    let mut store = Store::open(&path).expect("opens");
    let before = (store.head(), replayed(&store));
    let broken = entries(30).into_iter().enumerate().map(|(index, entry)| {
        assert!(index < 15, "the source of the entries breaks off here");
        entry
    });
    let outcome = std::panic::catch_unwind(std::panic::AssertUnwindSafe(|| store.append(broken)));
    assert!(outcome.is_err());
    assert_eq!((store.head(), replayed(&store)), before);
    assert_eq!(store.append(entries(1).into_iter()).expect("the next one is written"), 21..=21);
    drop(store);
    assert!(verified(&Store::open(&path).expect("opens")).is_sound());
}

#[test]
fn an_empty_append_changes_nothing() {
    let (_folder, path) = file();
    filled(&path, 5);
    let mut store = Store::open(&path).expect("opens");
    let before = store.head();
    assert!(store.append(std::iter::empty()).expect("appends").is_empty());
    assert_eq!(store.head(), before);
}

#[test]
fn a_sound_register_has_no_problems_and_every_present_version_in_its_table() {
    let (_folder, path) = file();
    filled(&path, 100);
    let found = verified(&Store::open(&path).expect("opens"));
    assert_eq!(found.problems, []);
    assert_eq!((found.events, found.features), (100, 80));
}

#[test]
fn a_second_process_reads_while_the_first_one_writes_and_sees_one_state() {
    let (_folder, path) = file();
    filled(&path, 20);
    let mut writer = Store::open(&path).expect("opens");
    let reader = Store::open_read_only(&path).expect("opens beside the writer");
    writer.append(entries(10).into_iter()).expect("appends");
    assert_eq!((reader.head().revision, replayed(&reader).len()), (20, 20));
    assert!(verified(&reader).is_sound());
    assert_eq!(Store::open_read_only(&path).expect("opens").head(), writer.head());
    let mut reader = reader;
    assert!(matches!(reader.append(entries(1).into_iter()), Err(store_sqlite::StoreError::ReadOnly)));
}
