//! Whatever is packed, and whenever: a register that has grown by many large commits answers as one made at once.
#![allow(missing_docs, clippy::unwrap_used)]

mod common;

use std::sync::Arc;

use access::Scope;
use common::*;
use geo_types::{Coord, Rect};
use jiff::Timestamp;
use model::{Bounds, Collection, RecordId};
use rand::{Rng, SeedableRng};
use rand_chacha::ChaCha8Rng;
use spatial_index::{Layer, Made, Row, Snapshot, View};

/// More than a delta takes, so that each commit makes a level.
const ROWS_OF_A_COMMIT: usize = 600;
const RECORDS: u128 = 4_000;

fn version(random: &mut ChaCha8Rng, revision: u64) -> Arc<Row> {
    let id = RecordId::from_u128(random.random_range(1..RECORDS));
    let corner = Coord { x: random.random_range(36.0..37.0), y: random.random_range(49.0..50.0) };
    let square = Rect::new(corner, Coord { x: corner.x + 0.01, y: corner.y + 0.01 }).to_polygon().into();
    let withdrawn = random.random_bool(0.1);
    let text = format!(r#"{{"classification":"suspected","status":"open","withdrawn":{withdrawn}}}"#);
    let made = Made::alone(revision, Timestamp::from_second(revision as i64).unwrap(), "test", "test");
    Arc::new(Row::new(id, Collection::HazardousAreas, Some(&square), &text, made).unwrap())
}

/// Records by revision.
type Versions = Vec<(RecordId, u64)>;

/// Everything that is asked of a view, and the versions it is answered with.
fn told(view: &View) -> ([Versions; 3], String) {
    let box_of = Bounds { west: 36.2, south: 49.2, east: 36.5, north: 49.6 };
    let items = view.items(Collection::HazardousAreas).map(|row| (row.id, row.revision)).collect();
    let touching = view.touching(Layer::Hazards, &box_of);
    let touching = touching.iter().map(|placed| (placed.id(), placed.row().revision)).collect();
    let near = view.near(Coord { x: 36.5, y: 49.5 }, 5_000.0, 10_000).hits;
    let near = near.iter().map(|hit| (hit.row.id, hit.row.revision)).collect();
    ([items, touching, near], format!("{:?}", view.summary()))
}

#[test]
fn a_register_of_many_levels_answers_as_one_frozen_at_once_while_levels_are_packed_beside_it() {
    for seed in 0..3 {
        let mut random = ChaCha8Rng::seed_from_u64(seed);
        let (mut grown, mut all) = (Snapshot::empty("test", ""), Vec::new());
        let (mut revision, mut packings, mut waiting) = (0, 0, None);
        for commit in 0..40 {
            let rows: Vec<_> =
                (0..ROWS_OF_A_COMMIT).map(|n| version(&mut random, revision + 1 + n as u64)).collect();
            revision += ROWS_OF_A_COMMIT as u64;
            all.extend(rows.iter().cloned());
            grown = grown.with(revision, Timestamp::from_second(revision as i64).unwrap(), entries(rows));
            // What was packed of an earlier state is put in place in a later one.
            if let Some(mut packing) = std::mem::replace(&mut waiting, grown.wanted_packing()) {
                packing.run();
                if let Some(packed) = grown.packed(&packing) {
                    (grown, packings) = (packed, packings + 1);
                }
            }
            if commit % 8 == 7 {
                let at = Some(Timestamp::from_second(revision as i64).unwrap());
                let frozen = Snapshot::freeze(("test", ""), revision, at, entries(all.clone()));
                let (grown, frozen) = (grown.open(&Scope::whole()), frozen.open(&Scope::whole()));
                assert_eq!(told(&grown), told(&frozen), "seed {seed}, commit {commit}");
                let half = revision / 2;
                let past = |view: &View| told(&view.known_at(half).unwrap());
                assert_eq!(past(&grown), past(&frozen), "seed {seed}, commit {commit}, at {half}");
            }
        }
        assert!(packings > 2, "levels were packed {packings} times");
    }
}
