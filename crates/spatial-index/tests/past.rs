//! The register as it was known at a revision is the register that the first events make.
#![allow(missing_docs, clippy::unwrap_used)]

mod common;

use std::sync::Arc;

use access::Scope;
use common::*;
use geo_types::{Coord, Point};
use jiff::Timestamp;
use model::{Action, Bounds, Collection, RecordId};
use proptest::prelude::*;
use spatial_index::{Arrival, Layer, Row, Snapshot, View};

/// What the tests do to one of a few records.
#[derive(Debug, Clone, Copy)]
enum Step {
    Version,
    Proposal,
    Rejection,
    Withdrawal,
}

fn step() -> impl Strategy<Value = (u128, Step, i32)> {
    let kinds = prop_oneof![
        6 => Just(Step::Version),
        1 => Just(Step::Proposal),
        1 => Just(Step::Rejection),
        1 => Just(Step::Withdrawal),
    ];
    (0..8_u128, kinds, 0..20_i32)
}

fn log(steps: &[(u128, Step, i32)]) -> Vec<Arrival> {
    let entry = |(index, (number, step, east)): (usize, &(u128, Step, i32))| {
        let (revision, withdrawn) = (index as u64 + 1, matches!(step, Step::Withdrawal));
        let properties = format!(
            r#"{{"classification":"suspected","status":"open","review":"unverified","withdrawn":{withdrawn},
                "sharing":"{}"}}"#,
            ["public", "partners", "restricted"][(*east % 3) as usize]
        );
        let place = (east % 7 != 0).then(|| Point::new(36.0 + f64::from(*east) / 100.0, 49.0).into());
        let id = RecordId::from_u128(*number);
        let row =
            Row::new(id, Collection::HazardousAreas, place.as_ref(), &properties, made(revision)).unwrap();
        let action = match step {
            Step::Version | Step::Withdrawal => Action::Version,
            Step::Proposal => Action::Proposal { based_on: 0, effects: vec!["shrinks".to_owned()] },
            Step::Rejection => Action::Rejection { proposal: 1 },
        };
        Arrival::new(Arc::new(row), action)
    };
    steps.iter().enumerate().map(entry).collect()
}

fn fresh(entries: &[Arrival]) -> Snapshot {
    let last = entries.last().map(|entry| entry.row().recorded_at());
    Snapshot::freeze(("test", "public"), entries.len() as u64, last, entries.to_vec())
}

fn opened(snapshot: &Snapshot) -> View {
    snapshot.open(&Scope::whole())
}

/// Everything that readers can tell of a snapshot.
fn told(snapshot: &View) -> Vec<String> {
    let revisions =
        |rows: Vec<&Arc<Row>>| format!("{:?}", rows.iter().map(|r| (r.id, r.revision)).collect::<Vec<_>>());
    let all = Collection::HazardousAreas;
    let west = Bounds { west: 36.0, south: 48.0, east: 36.1, north: 50.0 };
    let place = Coord { x: 36.05, y: 49.0 };
    let near = snapshot.near(place, 5_000.0, 100).hits;
    let about = |id| snapshot.history(id).iter().map(|e| (e.row.revision, e.is_first())).collect::<Vec<_>>();
    vec![
        format!("{} {:?}", snapshot.revision(), snapshot.recorded_at()),
        revisions(snapshot.items(all).collect()),
        revisions(snapshot.touching(Layer::Hazards, &west).iter().map(|placed| placed.row()).collect()),
        revisions(snapshot.items_in_bbox(all, [36.0, 48.0, 36.1, 50.0])),
        format!("{:?}", near.iter().map(|hit| (hit.row.revision, hit.distance_m)).collect::<Vec<_>>()),
        format!("{:?}", snapshot.summary()),
        format!("{:?}", (0..8).map(|n| about(RecordId::from_u128(n))).collect::<Vec<_>>()),
        format!(
            "{:?}",
            snapshot.proposals().iter().map(|p| (p.number(), snapshot.is_pending(p))).collect::<Vec<_>>()
        ),
    ]
}

proptest! {
    #[test]
    fn the_past_is_what_the_first_events_make(steps in prop::collection::vec(step(), 1..40), at_once in 1..10_usize) {
        let entries = log(&steps);
        let mut grown = Snapshot::empty("test", "public");
        for (index, group) in entries.chunks(at_once).enumerate() {
            let revision = (index * at_once + group.len()) as u64;
            grown = grown.with(revision, Timestamp::from_second(revision as i64).unwrap(), group.to_vec());
        }
        let (grown, frozen) = (opened(&grown), opened(&fresh(&entries)));
        for revision in 1..=entries.len() {
            let then = told(&opened(&fresh(&entries[..revision])));
            prop_assert_eq!(&told(&grown.known_at(revision as u64).unwrap()), &then);
            prop_assert_eq!(&told(&frozen.known_at(revision as u64).unwrap()), &then);
        }
        prop_assert!(grown.known_at(entries.len() as u64 + 1).is_none());
    }
}

#[test]
fn a_time_between_two_events_shows_the_earlier_one() {
    let snapshot =
        opened(&fresh(&log(&[(1, Step::Version, 1), (2, Step::Version, 2), (3, Step::Version, 3)])));
    let at = |millis: i64| snapshot.revision_at(Timestamp::from_millisecond(millis).unwrap());
    assert_eq!([at(500), at(1_000), at(2_999), at(99_000)], [None, Some(1), Some(2), Some(3)]);
}
