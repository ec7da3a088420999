//! Promises about files that come again: known records are known, changed ones replace nothing they would hide.

mod support;

use access::Scope;
use model::{Collection, Identity, Outcome};
use register::Submission;
use serde_json::json;
use support::*;

use model::Outcome::{Accepted, NotPlaced, Unchanged};

#[test]
fn the_same_file_twice_is_unchanged() {
    let (_folder, path) = file();
    let register = open(&path);
    let handle = register.handle();
    let batch = [
        prepared(square(0, 0, 5), json!({"external_id": "A-1", "organisation": "HALO"})),
        prepared(square(10, 0, 5), json!({"name": "no identifier"})),
        prepared(None, json!({"name": "no place"})),
    ];
    let first = submit(&handle, &batch);
    assert_eq!(outcomes(&first), [Accepted, Accepted, NotPlaced]);
    let again = submit(&handle, &batch);
    assert_eq!((outcomes(&again), ids(&again)), (vec![Unchanged; 3], ids(&first)));
    assert_eq!((handle.revision(), count(&handle)), (3, 3));
    register.close().expect("closes");
    let reopened = open(&path);
    assert_eq!(ids(&submit(&reopened.handle(), &batch)), ids(&first));
    assert_eq!(reopened.handle().revision(), 3);
}

#[test]
fn equal_records_of_one_file_are_each_kept_once() {
    let (_folder, path) = file();
    let handle = open(&path).handle();
    let twice = [
        prepared(square(0, 0, 5), json!({"name": "twin"})),
        prepared(square(0, 0, 5), json!({"name": "twin"})),
    ];
    let first = submit(&handle, &twice);
    assert_eq!(outcomes(&first), [Accepted, Accepted]);
    assert!(!has(&first[0], "record.duplicate") && has(&first[1], "record.duplicate"));
    let again = submit(&handle, &twice);
    assert_eq!((outcomes(&again), ids(&again)), (vec![Unchanged, Unchanged], ids(&first)));
    let thrice = submit(&handle, &[twice[0].clone(), twice[0].clone(), twice[0].clone()]);
    assert_eq!(outcomes(&thrice), [Unchanged, Unchanged, Accepted]);
    assert_eq!(count(&handle), 3);
}

#[test]
fn a_shrunken_outline_is_proposed_and_changes_nothing_until_somebody_decides() {
    let (_folder, path) = file();
    let handle = open(&path).handle();
    let (large, small) = (json!({"external_id": "A-1"}), json!({"external_id": "A-1"}));
    let present = submit(&handle, &[prepared(square(0, 0, 10), large)]);
    let shrunken = [prepared(square(2, 2, 3), small)];
    let proposed = submit(&handle, &shrunken);
    assert_eq!((outcomes(&proposed), ids(&proposed)), (vec![Accepted], ids(&present)));
    let finding =
        proposed[0].findings.iter().find(|f| f.rule == "record.change_needs_approval").expect("a finding");
    assert!(finding.message.contains(&ids(&present)[0].to_string()), "{}", finding.message);
    let snapshot = handle.open(&Scope::whole());
    let row = snapshot.by_id(ids(&present)[0]).expect("the record");
    assert_eq!((row.geometry(), row.revision), (Some(square(0, 0, 10)), 1));
    let waiting: Vec<_> = snapshot.proposals().into_iter().filter(|p| snapshot.is_pending(p)).collect();
    assert_eq!(waiting.len(), 1);
    assert_eq!((waiting[0].row.geometry(), waiting[0].based_on), (Some(square(2, 2, 3)), 1));
    assert_eq!(waiting[0].effects, [model::Effect::Shrinks]);
    let third = submit(&handle, &shrunken);
    assert_eq!((outcomes(&third), ids(&third)), (vec![Unchanged], ids(&present)));
    assert!(has(&third[0], "record.proposed_before"), "what waits is not proposed twice");
}

#[test]
fn an_enlarged_outline_is_the_next_version_of_the_same_record() {
    let (_folder, path) = file();
    let register = open(&path);
    let handle = register.handle();
    let first = submit(&handle, &[prepared(square(2, 2, 3), json!({"external_id": "A-1"}))]);
    let larger = [prepared(square(0, 0, 10), json!({"external_id": "A-1", "classification": "confirmed"}))];
    let second = submit(&handle, &larger);
    assert_eq!((outcomes(&second), ids(&second)), (vec![Accepted], ids(&first)));
    assert_eq!((count(&handle), handle.revision()), (1, 2));
    assert_eq!(property(&handle, ids(&first)[0], "classification"), "confirmed");
    register.close().expect("closes");
    let found = store_sqlite::Store::open(&path).expect("opens").verify(&mut |_, _| {}).expect("verifies");
    assert_eq!((found.problems, found.events, found.features), (vec![], 2, 1));
}

#[test]
fn what_would_take_a_hazard_off_the_map_replaces_nothing() {
    let lowering = [
        (square(0, 0, 10).into(), json!({"status": "closed"})),
        (square(0, 0, 10).into(), json!({"classification": "suspected"})),
        (square(0, 0, 10).into(), json!({"classification": "confirmed", "position_accuracy_m": 1})),
        (square(5, 0, 10).into(), json!({"classification": "confirmed"})),
        (None, json!({"classification": "confirmed"})),
    ];
    for (geometry, mut fields) in lowering {
        let (_folder, path) = file();
        let handle = open(&path).handle();
        let given = json!({"external_id": "A-1", "classification": "confirmed", "position_accuracy_m": 20});
        let present = ids(&submit(&handle, &[prepared(square(0, 0, 10), given)]))[0];
        fields["external_id"] = json!("A-1");
        let change = submit(&handle, &[prepared(geometry, fields.clone())]);
        assert!(has(&change[0], "record.change_needs_approval"), "{fields}");
        assert_eq!(change[0].id, Some(present), "{fields}");
        let snapshot = handle.open(&Scope::whole());
        let row = snapshot.by_id(present).expect("the present record");
        assert_eq!(
            (row.tags().status, row.tags().classification),
            (Some("open"), Some("confirmed")),
            "{fields}"
        );
        let drawn = row.drawn().expect("is drawn");
        assert!(model::coordinates(&square(0, 0, 10)).all(|c| drawn.touches_place(c)), "{fields}");
        assert_eq!(row.position_accuracy_m, 20.0, "{fields}");
    }
}

#[test]
fn two_records_with_one_identifier_in_one_file_are_two_records() {
    let (_folder, path) = file();
    let handle = open(&path).handle();
    let one = prepared(square(0, 0, 5), json!({"external_id": "A-1"}));
    let other = prepared(square(20, 0, 5), json!({"external_id": "A-1"}));
    let first = submit(&handle, &[one.clone(), other.clone()]);
    assert!(!has(&first[0], "record.same_id") && has(&first[1], "record.same_id"));
    assert_eq!(count(&handle), 2);
    let again = submit(&handle, &[one, other.clone()]);
    assert_eq!((outcomes(&again), ids(&again)), (vec![Unchanged; 2], ids(&first)));
    // The one that changed is found among several because the other one is recognised first.
    let enlarged = prepared(square(-2, -2, 9), json!({"external_id": "A-1"}));
    let third = submit(&handle, &[enlarged, other]);
    assert_eq!((outcomes(&third), ids(&third)), (vec![Accepted, Unchanged], ids(&first)));
    assert_eq!(count(&handle), 2);
}

#[test]
fn one_identifier_in_two_organisations_or_collections_is_two_records() {
    let (_folder, path) = file();
    let handle = open(&path).handle();
    let halo = prepared(square(0, 0, 5), json!({"external_id": "1", "organisation": "HALO"}));
    let fsd = prepared(square(0, 0, 9), json!({"external_id": "1", "organisation": "FSD"}));
    let fields = json!({"external_id": "1", "organisation": "HALO"});
    let survey = draft(Collection::Surveys, Some(square(0, 0, 9)), fields);
    let survey = register::prepare(survey, &TODAY).expect("within the limits");
    let mut all = ids(&submit(&handle, &[halo]));
    all.extend(ids(&submit(&handle, &[fsd])));
    all.extend(ids(&submit(&handle, &[survey])));
    all.sort_unstable();
    all.dedup();
    assert_eq!(all.len(), 3);
}

#[test]
fn a_record_that_was_exported_is_known_again_by_our_own_identifier() {
    let (_folder, path) = file();
    let handle = open(&path).handle();
    let given = json!({"external_id": "A-1", "name": "Field 7", "evidence": [{"kind": "direct"}]});
    let id = ids(&submit(&handle, &[prepared(square(0, 0, 5), given)]))[0];
    let exported = |name: &str| {
        let snapshot = handle.open(&Scope::whole());
        let stored = &snapshot.by_id(id).expect("the record").properties();
        let mut fields: serde_json::Value = serde_json::from_str(stored).expect("JSON");
        fields["id"] = json!(id.to_string());
        fields["name"] = json!(name);
        fields
    };
    let back = submit(&handle, &[prepared(square(0, 0, 5), exported("Field 7"))]);
    assert_eq!((back[0].outcome, back[0].id), (Unchanged, Some(id)));
    let edited = prepared(square(0, 0, 5), exported("Field 7, north"));
    assert_eq!(edited.identity, Identity::Own(id));
    let changed = submit(&handle, &[edited]);
    assert_eq!((changed[0].outcome, changed[0].id), (Accepted, Some(id)));
    assert_eq!(property(&handle, id, "name"), "Field 7, north");
    let smaller = submit(&handle, &[prepared(square(0, 0, 2), exported("Field 7, north"))]);
    assert_eq!(smaller[0].id, Some(id));
    assert!(has(&smaller[0], "record.change_needs_approval"));
}

#[test]
fn our_own_identifier_never_turns_a_hazard_into_a_survey() {
    let (_folder, path) = file();
    let handle = open(&path).handle();
    let id = ids(&submit(&handle, &[prepared(square(0, 0, 5), json!({}))]))[0];
    let survey = draft(Collection::Surveys, Some(square(0, 0, 5)), json!({"id": id.to_string()}));
    let survey = submit(&handle, &[register::prepare(survey, &TODAY).expect("within the limits")]);
    assert_ne!(survey[0].id, Some(id));
    assert!(has(&survey[0], "record.same_id"));
    assert_eq!(count(&handle), 1);
}

#[test]
fn a_record_of_another_register_keeps_its_identifier_and_is_found_by_the_operators() {
    let (_folder, path) = file();
    let register = open(&path);
    let id = model::RecordId::from_u128(0x0190_0000_0000_7000_8000_0000_0000_0001);
    let fields = json!({"id": id.to_string(), "external_id": "A-1", "organisation": "HALO"});
    let taken = submit(&register.handle(), &[prepared(square(0, 0, 5), fields)]);
    assert_eq!(taken[0].id, Some(id));
    register.close().expect("closes");
    let handle = open(&path).handle();
    let operators = json!({"external_id": "A-1", "organisation": "HALO", "name": "Field 7"});
    let next = submit(&handle, &[prepared(square(-1, -1, 8), operators)]);
    assert_eq!((next[0].outcome, next[0].id), (Accepted, Some(id)));
}

#[test]
fn a_dry_run_answers_the_same_and_writes_nothing() {
    let (_folder, path) = file();
    let handle = open(&path).handle();
    let present = ids(&submit(&handle, &[prepared(square(0, 0, 5), json!({"external_id": "A-1"}))]))[0];
    let batch = vec![
        prepared(square(0, 0, 5), json!({"external_id": "A-1"})),
        prepared(square(-1, -1, 9), json!({"external_id": "A-1"})),
        prepared(square(40, 0, 5), json!({"external_id": "A-2"})),
    ];
    let before = everything(&handle);
    let dry = handle.submit(batch.clone(), Submission { dry_run: true, ..submission() }).expect("decides");
    assert_eq!(everything(&handle), before);
    assert_eq!((dry[0].id, dry[1].id, dry[2].id), (Some(present), None, None));
    let wet = submit(&handle, &batch);
    assert_eq!(outcomes(&dry), outcomes(&wet));
    assert_eq!(
        dry.iter().map(|d| &d.findings).collect::<Vec<_>>(),
        wet.iter().map(|d| &d.findings).collect::<Vec<_>>()
    );
}

#[test]
fn a_declared_area_that_is_not_the_computed_one_is_a_finding() {
    let of = |declared_m2: f64| prepared(square(0, 0, 5), json!({"declared_area_m2": declared_m2}));
    let computed_m2 = of(1.0).record.measures.area_m2.expect("an area");
    let differs =
        |declared_m2: f64| of(declared_m2).record.findings.iter().any(|f| f.rule == "area.declared_differs");
    assert!(differs(computed_m2 * 1.1) && differs(computed_m2 * 0.9) && !differs(computed_m2 * 1.04));
}

#[test]
fn a_prepared_record_passes_between_processes_bit_for_bit() {
    for index in 0..500 {
        let one = register::prepare(demo::feature(index, 1).into_draft(index + 1), &TODAY)
            .expect("within the limits");
        let text = serde_json::to_string(&one).expect("serialises");
        let back: register::Prepared = serde_json::from_str(&text).expect("reads");
        assert_eq!(back, one);
        let bits = |p: &register::Prepared| {
            let places = p.record.geometry.iter().flat_map(model::coordinates);
            places.map(|c| (c.x.to_bits(), c.y.to_bits())).collect::<Vec<_>>()
        };
        assert_eq!(bits(&back), bits(&one));
    }
}

#[test]
fn a_file_whose_identifier_is_the_same_everywhere_is_kept_whole_and_known_again() {
    const RECORDS: i32 = 20_000;
    let (_folder, path) = file();
    let handle = open(&path).handle();
    let one = |number: i32| {
        let fields = json!({"external_id": "n/a", "name": format!("{}", number % (RECORDS / 2))});
        prepared(geo_types::Geometry::Point(geo_types::Point::new(36.0, 49.0)), fields)
    };
    let batch: Vec<_> = (0..RECORDS).map(one).collect();
    let first = submit(&handle, &batch);
    let of = |rule: &str| first.iter().filter(|one| has(one, rule)).count() as i32;
    assert_eq!((of("record.same_id"), of("record.duplicate")), (RECORDS / 2 - 1, RECORDS / 2));
    assert_eq!(count(&handle) as i32, RECORDS);
    let again = submit(&handle, &batch);
    assert!(outcomes(&again).iter().all(|outcome| *outcome == Unchanged));
}

#[test]
fn what_goes_in_comes_out_counted() {
    let (_folder, path) = file();
    let handle = open(&path).handle();
    let batch: Vec<_> = (0..2_000)
        .map(|index| {
            register::prepare(demo::feature(index % 1_500, 1).into_draft(index + 1), &TODAY)
                .expect("prepares")
        })
        .collect();
    let decided = submit(&handle, &batch);
    let of = |outcome: Outcome| decided.iter().filter(|one| one.outcome == outcome).count();
    assert_eq!(of(Accepted) + of(NotPlaced) + of(Unchanged), 2_000);
    assert_eq!(handle.revision(), 2_000 - of(Unchanged) as u64);
    let again = submit(&handle, &batch);
    assert_eq!(outcomes(&again), vec![Unchanged; 2_000]);
}
