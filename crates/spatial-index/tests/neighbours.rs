//! What records share with their neighbours: found, gone when the neighbour goes, and never counted twice.
#![allow(missing_docs, clippy::unwrap_used)]

mod common;

use std::sync::Arc;

use access::Scope;
use common::*;
use geo_types::{Geometry, MultiPolygon, Rect};
use jiff::Timestamp;
use model::{Collection, RecordId};
use proptest::prelude::*;
use spatial_index::{Arrival, Row, Snapshot, View, Wanted, united_area_m2};

/// A square in thousandths of a degree.
fn square(west: i32, south: i32, side: i32) -> Geometry<f64> {
    let at = |x: i32, y: i32| (36.0 + f64::from(x) / 1e3, 49.0 + f64::from(y) / 1e3);
    Rect::new(at(west, south), at(west + side, south + side)).to_polygon().into()
}

fn area_of(number: u128, shape: Geometry<f64>, status: &str) -> Arc<Row> {
    let text = format!(
        r#"{{"external_id":"A-{number}","classification":"suspected","status":"{status}","review":"unverified"}}"#
    );
    row(number, Collection::HazardousAreas, Some(shape), &text)
}

fn release(number: u128, shape: Geometry<f64>, of: &str, review: &str) -> Arc<Row> {
    let text = format!(r#"{{"outcome":"cleared","hazardous_areas":["{of}"],"review":"{review}"}}"#);
    row(number, Collection::LandReleases, Some(shape), &text)
}

fn rules(snapshot: &View, number: u128) -> Vec<String> {
    let row = snapshot.by_id(RecordId::from_u128(number)).unwrap();
    snapshot.open_findings(row).into_iter().map(|finding| finding.rule).collect()
}

fn remaining_share(snapshot: &View, number: u128) -> f64 {
    let row = snapshot.by_id(RecordId::from_u128(number)).unwrap();
    let remaining = snapshot.remaining(row).unwrap();
    remaining.remaining_m2 / remaining.area_m2
}

#[test]
fn land_released_outside_its_areas_is_a_finding_with_the_square_metres() {
    let half_out = release(2, square(5, 0, 10), "A-1", "approved");
    let snapshot = freeze(vec![area_of(1, square(0, 0, 10), "open"), half_out]);
    assert_eq!(rules(&snapshot, 2), ["release.outside_areas"]);
    let row = snapshot.by_id(RecordId::from_u128(2)).unwrap();
    assert!(snapshot.open_findings(row)[0].message.contains(" m² of "));
    let inside =
        freeze(vec![area_of(1, square(0, 0, 10), "open"), release(2, square(0, 0, 5), "A-1", "approved")]);
    assert!(rules(&inside, 2).is_empty());
}

#[test]
fn cleared_does_not_erase_suspected() {
    let snapshot = freeze(vec![
        area_of(1, square(0, 0, 10), "open"),
        area_of(2, square(20, 0, 10), "open"),
        release(3, square(0, 0, 10), "A-1", "approved"),
        release(4, square(20, 0, 10), "A-1", "approved"),
    ]);
    assert!(rules(&snapshot, 2).contains(&"release.other_hazard".to_owned()));
    assert!(rules(&snapshot, 4).contains(&"release.other_hazard".to_owned()));
    assert!(remaining_share(&snapshot, 1) < 1e-6, "released by its own release");
    assert_eq!(remaining_share(&snapshot, 2), 1.0, "not by one of another area");
}

#[test]
fn releases_that_overlap_take_their_common_ground_off_once_and_unapproved_ones_nothing() {
    let with = |reviews: [&str; 2]| {
        freeze(vec![
            area_of(1, square(0, 0, 10), "open"),
            release(2, square(0, 0, 6), "A-1", reviews[0]),
            release(3, square(0, 4, 6), &RecordId::from_u128(1).to_string(), reviews[1]),
        ])
    };
    // 6 × 6 twice, of which 6 × 2 is common, of 10 × 10.
    assert!((remaining_share(&with(["approved", "approved"]), 1) - 0.40).abs() < 1e-3);
    assert!((remaining_share(&with(["approved", "unverified"]), 1) - 0.64).abs() < 1e-3);
    assert_eq!(remaining_share(&with(["unverified", "unverified"]), 1), 1.0);
}

#[test]
fn the_same_outline_twice_is_a_duplicate_and_a_closed_area_overlaps_nothing() {
    let twice = freeze(vec![area_of(1, square(0, 0, 10), "open"), area_of(2, square(0, 0, 10), "open")]);
    assert_eq!(
        (rules(&twice, 1), rules(&twice, 2)),
        (vec!["geometry.duplicate".to_owned()], vec!["geometry.duplicate".to_owned()])
    );
    let closed = freeze(vec![area_of(1, square(0, 0, 10), "open"), area_of(2, square(5, 0, 10), "closed")]);
    assert!(rules(&closed, 1).is_empty() && rules(&closed, 2).is_empty());
}

fn change() -> impl Strategy<Value = (u128, i32, i32, i32, bool)> {
    (0..10_u128, 0..30, 0..30, 1..12, any::<bool>())
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 60, ..ProptestConfig::default() })]

    #[test]
    fn findings_kept_up_to_date_are_those_worked_out_anew(changes in prop::collection::vec(change(), 1..30)) {
        let all = |snapshot: &View| {
            let listed = snapshot.list_findings(&Wanted::default(), 0, 1_000);
            listed.page.iter().map(|f| (f.row.id, f.finding.rule.clone(), f.finding.message.clone())).collect::<Vec<_>>()
        };
        let mut whole = Snapshot::empty("test", "");
        let mut grown = Arc::new(whole.open(&Scope::whole()));
        let mut entries: Vec<Arrival> = Vec::new();
        for (step, (number, west, south, side, is_release)) in changes.into_iter().enumerate() {
            all(&grown);
            let row = if is_release {
                release(number + 100, square(west, south, side), &format!("A-{number}"), "approved")
            } else {
                area_of(number, square(west, south, side), if side % 4 == 0 { "closed" } else { "open" })
            };
            let revision = step as u64 + 1;
            entries.push(made_at(revision, &row).into());
            whole = whole.with(revision, Timestamp::UNIX_EPOCH, entries[step..].to_vec());
            grown = whole.reopen(&grown);
            let fresh = Snapshot::freeze(("test", ""), revision, None, entries.clone()).open(&Scope::whole());
            prop_assert_eq!(all(&grown), all(&fresh));
        }
    }

    #[test]
    fn ground_under_several_records_is_counted_once(squares in prop::collection::vec((0..12, 0..12, 1..6), 1..8)) {
        let shapes: Vec<MultiPolygon<f64>> = squares.iter().map(|(w, s, side)| match square(*w, *s, *side) {
            Geometry::Polygon(polygon) => polygon.into(),
            other => unreachable!("{other:?}"),
        }).collect();
        let cells = (0..18).flat_map(|x| (0..18).map(move |y| (x, y)));
        let covered = cells.filter(|(x, y)| squares.iter().any(|(w, s, side)| (*w..w + side).contains(x) && (*s..s + side).contains(y)));
        let by_cells: f64 = covered.map(|(x, y)| geodesy::measures(&square(x, y, 1)).0.unwrap()).sum();
        let united = united_area_m2(shapes.iter()).unwrap();
        // A long side is a geodesic and bulges a little beyond the sides of its cells.
        prop_assert!((united - by_cells).abs() <= by_cells * 2e-5 + 0.5, "{} {}", united, by_cells);
    }
}
