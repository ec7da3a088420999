//! The promise above all others: whatever is submitted, no open hazard ever gets smaller.

mod support;

use access::Scope;
use model::{Collection, Geometry};
use proptest::prelude::*;
use register::{Handle, Prepared};
use serde_json::{Value, json};
use support::*;

/// Cells of a grid that open hazards cover, and how far around their positions may be wrong.
///
/// Squares of whole cells make the union exact: no overlay stands between the test and what it tests.
fn hazard(handle: &Handle) -> std::collections::BTreeMap<(i32, i32), u64> {
    let snapshot = handle.open(&Scope::whole());
    let mut cells = std::collections::BTreeMap::new();
    for row in snapshot.items(Collection::HazardousAreas) {
        let Some(drawn) = row.drawn().filter(|_| row.tags().is_open_hazard(row.collection())) else {
            continue;
        };
        for cell in (-1..14).flat_map(|x| (-1..14).map(move |y| (x, y))) {
            let middle = |k: i32| (f64::from(k) + 0.5) / 1e3;
            let place = geo_types::Coord { x: 36.0 + middle(cell.0), y: 49.0 + middle(cell.1) };
            if drawn.touches_place(place) {
                let reach = cells.entry(cell).or_insert(0);
                *reach = (*reach).max(row.position_accuracy_m as u64);
            }
        }
    }
    cells
}

/// A record of one of few identifiers, so that most submissions change what is known.
fn record(own: Vec<model::RecordId>) -> impl Strategy<Value = Prepared> {
    let shape = prop_oneof![
        5 => (0..10, 0..10, 1..4).prop_map(|(x, y, side)| Some(square(x, y, side))),
        1 => Just(None),
        1 => (0..10, 0..10).prop_map(|(x, y)| Some(geo_types::Point::new(36.0 + (f64::from(x) + 0.5) / 1e3,
            49.0 + (f64::from(y) + 0.5) / 1e3).into())),
    ];
    let identifier = prop_oneof![
        4 => (0..4).prop_map(|k| json!({"external_id": format!("A-{k}")})),
        1 => Just(json!({})),
        1 => (0..own.len().max(1)).prop_map(move |k| own.get(k).map_or(json!({}), |id| json!({"id": id.to_string()}))),
    ];
    let status =
        prop_oneof![Just("open"), Just("closed"), Just("suspended"), Just("worked_on"), Just("nonsense")];
    let classification = prop_oneof![Just("suspected"), Just("confirmed")];
    let accuracy = prop_oneof![Just(Value::Null), Just(json!(0)), Just(json!(10)), Just(json!(25))];
    let collection = prop_oneof![9 => Just(Collection::HazardousAreas), 1 => Just(Collection::Surveys)];
    (collection, shape, identifier, status, classification, accuracy).prop_map(
        |(collection, shape, mut fields, status, classification, accuracy): (
            _,
            Option<Geometry>,
            Value,
            _,
            _,
            _,
        )| {
            fields["status"] = json!(status);
            fields["classification"] = json!(classification);
            fields["position_accuracy_m"] = accuracy;
            register::prepare(draft(collection, shape, fields), &TODAY).expect("within the limits")
        },
    )
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 60, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn no_sequence_of_submissions_takes_any_hazard_off_the_map(
        submissions in prop::collection::vec(prop::collection::vec(record(own_ids()), 1..5), 1..14)
    ) {
        let (_folder, path) = file();
        let register = open(&path);
        let handle = register.handle();
        let mut before = hazard(&handle);
        for batch in submissions {
            let written: Vec<_> = submit(&handle, &batch);
            let now = hazard(&handle);
            for (cell, reach) in &before {
                prop_assert!(now.get(cell).is_some_and(|present| present >= reach), "{cell:?} lost by {written:?}");
            }
            // And what came in as an open hazard is drawn from now on.
            for prepared in batch.iter().filter(|p| is_open(p)) {
                prop_assert!(is_drawn(&handle, prepared));
            }
            before = now;
        }
        let last = everything(&handle);
        register.close().expect("closes");
        let again = open(&path);
        prop_assert_eq!(everything(&again.handle()), last);
    }
}

/// Identifiers of ours that files carry.
fn own_ids() -> Vec<model::RecordId> {
    (1..4).map(|k| model::RecordId::from_u128(0x0190_0000_0000_7000_8000_0000_0000_0000 + k)).collect()
}

fn is_open(prepared: &Prepared) -> bool {
    let (record, collection) = (&prepared.record, prepared.record.collection);
    record.geometry.is_some() && model::Tags::of(collection, &record.fields).is_open_hazard(collection)
}

fn is_drawn(handle: &Handle, prepared: &Prepared) -> bool {
    let snapshot = handle.open(&Scope::whole());
    let geometry = prepared.record.geometry.as_ref().expect("placed");
    snapshot.items(prepared.record.collection).any(|row| {
        let covers =
            |drawn: &spatial_index::Drawn| model::coordinates(geometry).all(|c| drawn.touches_place(c));
        row.tags().is_open_hazard(row.collection()) && row.drawn().as_ref().is_some_and(covers)
    })
}
