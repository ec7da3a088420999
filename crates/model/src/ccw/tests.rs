//! What the completeness of minefield records promises.

use super::*;
use serde_json::Value;

fn fields(value: Value) -> Properties {
    value.as_object().cloned().expect("an object")
}

fn complete() -> Properties {
    let point = |lon: f64| json!({"position": {"lon": lon, "lat": 49.0}, "description": "water tower"});
    fields(json!({
        "status": "open", "laid_on": "2024-05-01", "laying_method": ["by_hand"], "pattern": "rows",
        "reference_points": [point(36.0), point(36.1)],
        "perimeter": [{"type": "start", "position": {"lon": 36.0, "lat": 49.0}}],
        "mines": [{"model": "TM-62M", "category": "av_mine", "quantity": 120, "fuze": "MVCh-62", "anti_handling": false}],
        "mine_positions": [{"laid_as": "row", "position": {"lon": 36.0, "lat": 49.0}}],
        "held_by": "Brigade staff",
    }))
}

#[test]
fn a_record_that_holds_every_item_of_the_treaty_is_complete() {
    let values = derived(Collection::MinefieldRecords, &complete(), None);
    assert_eq!(values["complete"], true);
    assert_eq!(values["missing"], json!([]));
    assert_eq!(findings(&complete(), None), []);
}

#[test]
fn each_item_that_is_taken_away_is_named_by_a_finding_of_its_own() {
    let without = [
        ("reference_points", "reference_points"),
        ("perimeter", "perimeter"),
        ("laid_on", "laid_on"),
        ("laying_method", "laying_method"),
        ("mine_positions", "mine_positions"),
        ("held_by", "held_by"),
    ];
    for (field, item) in without {
        let mut record = complete();
        record.shift_remove(field);
        assert_eq!(missing(&record, None), [item]);
        let found = findings(&record, None);
        assert_eq!(found.len(), 1);
        assert_eq!((found[0].rule.as_str(), found[0].field.as_deref()), ("ccw.missing", Some(field)));
    }
    for (member, item) in
        [("quantity", "mine_quantities"), ("fuze", "fuzes"), ("anti_handling", "anti_handling")]
    {
        let mut record = complete();
        let mine = record["mines"][0].as_object_mut().expect("a mine");
        mine.shift_remove(member);
        assert_eq!(missing(&record, None), [item]);
    }
}

#[test]
fn one_reference_point_as_the_treaty_of_1980_asked_is_not_enough() {
    let mut record = complete();
    record["reference_points"].as_array_mut().expect("a list").truncate(1);
    assert_eq!(missing(&record, None), ["reference_points"]);
}

#[test]
fn an_area_is_a_perimeter_and_a_point_is_not() {
    let mut record = complete();
    record.shift_remove("perimeter");
    let area: Geometry = geo_types::Rect::new((36.0, 49.0), (36.1, 49.1)).to_polygon().into();
    assert!(missing(&record, Some(&area)).is_empty());
    let point: Geometry = geo_types::Point::new(36.0, 49.0).into();
    assert_eq!(missing(&record, Some(&point)), ["perimeter"]);
}

#[test]
fn mines_from_a_distance_need_a_life_time_and_no_single_positions() {
    let mut record = complete();
    record.shift_remove("mine_positions");
    record.insert("laying_method".to_owned(), json!(["rocket"]));
    assert_eq!(missing(&record, None), ["life_times"]);
    record["mines"][0]["self_destruct_h"] = json!(100);
    assert!(missing(&record, None).is_empty());
}

#[test]
fn a_booby_trap_without_its_mechanism_is_incomplete() {
    let mut record = complete();
    record.insert("booby_traps".to_owned(), json!([{"position": {"lon": 36.0, "lat": 49.0}}]));
    assert_eq!(missing(&record, None), ["booby_traps"]);
}

#[test]
fn the_declared_dates_reach_from_the_shortest_to_the_longest_time() {
    let mut record = complete();
    record.insert("mines".to_owned(), json!([{"self_deactivate_h": 4}, {"self_deactivate_h": 336}]));
    let dates = self_deactivates_on(&record);
    assert_eq!(dates, Some(json!({"earliest": "2024-05-01", "latest": "2024-05-16"})));
}

#[test]
fn there_is_no_latest_date_where_a_mine_declares_no_time() {
    let mut record = complete();
    record.insert("mines".to_owned(), json!([{"self_deactivate_h": 48}, {"model": "PMN"}]));
    assert_eq!(self_deactivates_on(&record), Some(json!({"earliest": "2024-05-03"})));
}

#[test]
fn a_time_beyond_the_calendar_is_no_date_and_no_panic() {
    for hours in [1e15, 1e8] {
        let mut record = complete();
        record.insert("mines".to_owned(), json!([{"self_deactivate_h": hours}]));
        assert_eq!(self_deactivates_on(&record), None);
    }
}

#[test]
fn other_collections_derive_nothing() {
    for collection in Collection::ALL.into_iter().filter(|c| *c != Collection::MinefieldRecords) {
        assert!(derived(collection, &complete(), None).is_empty());
    }
}
