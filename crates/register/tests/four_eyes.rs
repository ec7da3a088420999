//! What takes hazard off the map needs a second person; what adds hazard needs nobody.

mod support;

use access::Scope;
use model::{Collection, Request};
use proptest::prelude::*;
use register::{Command, Done, Handle, Happened, Order, Refusal, RegisterError};
use serde_json::json;
use support::*;

fn order(author: &str, command: Command) -> Order {
    let (author, reason) = (author.to_owned(), "seen on the ground".to_owned());
    Order { command, author, reason, request: None, dry_run: false }
}

fn done(handle: &Handle, author: &str, command: Command) -> Done {
    handle.carry_out(order(author, command)).expect("is carried out")
}

fn refused(handle: &Handle, order: Order) -> Refusal {
    match handle.carry_out(order) {
        Err(RegisterError::Refused(refusal)) => *refusal,
        other => panic!("not refused: {other:?}"),
    }
}

fn area(fields: serde_json::Value) -> Box<register::Prepared> {
    Box::new(prepared(square(0, 0, 10), fields))
}

fn changed(of: &Done, side: i32, fields: serde_json::Value) -> Command {
    let mut next = prepared(square(0, 0, side), fields);
    next.record.id = of.id;
    Command::Change { next: Box::new(next), seen: of.revision, keeps_personal: false }
}

fn geometry(handle: &Handle, of: &Done) -> Option<model::Geometry> {
    handle.open(&Scope::whole()).by_id(of.id).and_then(|row| row.geometry())
}

#[test]
fn shrinking_takes_effect_when_a_second_person_approves_and_not_before() {
    let (_folder, path) = file();
    let handle = open(&path).handle();
    let made = done(&handle, "olena", Command::Create(area(json!({}))));
    assert_eq!((made.outcome, made.revision), (Happened::Created, 1));
    let asked = done(&handle, "olena", changed(&made, 5, json!({})));
    assert_eq!(
        (asked.outcome, asked.proposal, asked.effects.as_slice()),
        (Happened::Proposed, Some(2), &["shrinks".to_owned()][..])
    );
    assert_eq!(geometry(&handle, &made), Some(square(0, 0, 10)));
    let approve = Command::Approve { proposal: 2 };
    assert_eq!(
        refused(&handle, order("olena", approve.clone())),
        Refusal::AuthorIsApprover { author: "olena".to_owned() }
    );
    assert_eq!(geometry(&handle, &made), Some(square(0, 0, 10)));
    let disguised = refused(&handle, order(" Olena ", approve.clone()));
    assert_eq!(disguised, Refusal::AuthorIsApprover { author: "olena".to_owned() });
    let approved = done(&handle, "taras", approve.clone());
    assert_eq!((approved.outcome, approved.revision), (Happened::Approved, 3));
    assert_eq!(geometry(&handle, &made), Some(square(0, 0, 5)));
    assert_eq!(property(&handle, made.id, "review"), "approved");
    assert_eq!(refused(&handle, order("ivan", approve)), Refusal::Decided { proposal: 2, decided: 3 });
}

#[test]
fn a_rejected_proposal_changes_nothing_and_needs_a_reason() {
    let (_folder, path) = file();
    let handle = open(&path).handle();
    let made = done(&handle, "olena", Command::Create(area(json!({}))));
    done(&handle, "olena", Command::Withdraw { id: made.id, seen: 1 });
    let reject = order("taras", Command::Reject { proposal: 2 });
    assert_eq!(refused(&handle, Order { reason: " ".to_owned(), ..reject.clone() }), Refusal::NoReason);
    assert_eq!(handle.carry_out(reject).expect("is carried out").outcome, Happened::Rejected);
    assert_eq!(geometry(&handle, &made), Some(square(0, 0, 10)));
}

#[test]
fn a_withdrawn_record_leaves_the_map_and_stays_in_the_history() {
    let (_folder, path) = file();
    let register = open(&path);
    let handle = register.handle();
    let made = done(&handle, "olena", Command::Create(area(json!({}))));
    done(&handle, "olena", Command::Withdraw { id: made.id, seen: 1 });
    done(&handle, "taras", Command::Approve { proposal: 2 });
    let check = |handle: &Handle| {
        let snapshot = handle.open(&Scope::whole());
        assert!(snapshot.by_id(made.id).is_none());
        assert!(snapshot.items(Collection::HazardousAreas).next().is_none());
        let revisions: Vec<_> = snapshot.history(made.id).iter().map(|e| e.row.revision).collect();
        assert_eq!(revisions, [1, 2, 3]);
        let then = snapshot.known_at(2).expect("has been");
        assert_eq!(then.items(Collection::HazardousAreas).count(), 1);
    };
    check(&handle);
    assert_eq!(
        refused(&handle, order("olena", Command::Withdraw { id: made.id, seen: 3 })),
        Refusal::NoRecord(made.id)
    );
    register.close().expect("closes");
    let store = store_sqlite::Store::open_read_only(&path).expect("opens");
    assert_eq!(store.verify(&mut |_, _| {}).expect("compares").problems, []);
    drop(store);
    check(&open(&path).handle());
}

#[test]
fn a_proposal_does_not_outlive_a_change_of_its_record() {
    let (_folder, path) = file();
    let handle = open(&path).handle();
    let made = done(&handle, "olena", Command::Create(area(json!({}))));
    done(&handle, "olena", changed(&made, 5, json!({})));
    let larger = done(&handle, "ivan", changed(&made, 20, json!({})));
    assert_eq!(larger.outcome, Happened::Changed);
    let stale = Refusal::Stale { proposal: 2, based_on: 1, current: 3 };
    assert_eq!(refused(&handle, order("taras", Command::Approve { proposal: 2 })), stale);
    assert_eq!(geometry(&handle, &made), Some(square(0, 0, 20)));
}

#[test]
fn what_a_change_adds_is_there_at_once_although_the_rest_waits() {
    let (_folder, path) = file();
    let handle = open(&path).handle();
    let made = done(&handle, "olena", Command::Create(area(json!({"classification": "suspected"}))));
    let mut moved = prepared(square(5, 5, 10), json!({"classification": "confirmed"}));
    moved.record.id = made.id;
    let asked =
        done(&handle, "olena", Command::Change { next: Box::new(moved), seen: 1, keeps_personal: false });
    assert_eq!((asked.outcome, asked.revision, asked.proposal), (Happened::Proposed, 2, Some(3)));
    let snapshot = handle.open(&Scope::whole());
    let row = snapshot.by_id(made.id).expect("the record");
    let drawn = row.drawn().expect("is drawn");
    let corners = [square(0, 0, 10), square(5, 5, 10)];
    assert!(corners.iter().flat_map(model::coordinates).all(|place| drawn.touches_place(place)));
    assert_eq!(row.tags().classification, Some("confirmed"));
    done(&handle, "taras", Command::Approve { proposal: 3 });
    assert_eq!(geometry(&handle, &made), Some(square(5, 5, 10)));
}

#[test]
fn a_file_that_was_proposed_before_still_adds_what_is_not_drawn_by_now() {
    let (_folder, path) = file();
    let handle = open(&path).handle();
    let named = || json!({"external_id": "A-1"});
    let first = submit(&handle, &[prepared(square(0, 0, 10), named())]);
    let moved = [prepared(square(5, 5, 10), named())];
    submit(&handle, &moved);
    // The moved outline is rejected; later two persons agree on a small one.
    let pending = |handle: &Handle| {
        let snapshot = handle.open(&Scope::whole());
        snapshot.proposals().into_iter().find(|p| snapshot.is_pending(p)).map(|p| p.number())
    };
    done(&handle, "taras", Command::Reject { proposal: pending(&handle).expect("waits") });
    let id = ids(&first)[0];
    let mut small = prepared(square(0, 0, 2), named());
    small.record.id = id;
    done(
        &handle,
        "olena",
        Command::Change { next: Box::new(small), seen: seen(&handle, id), keeps_personal: false },
    );
    done(&handle, "taras", Command::Approve { proposal: pending(&handle).expect("waits") });
    submit(&handle, &moved);
    let snapshot = handle.open(&Scope::whole());
    let drawn = snapshot.by_id(id).and_then(|row| row.drawn().clone()).expect("is drawn");
    assert!(model::coordinates(&square(5, 5, 10)).all(|place| drawn.touches_place(place)));
    let again = submit(&handle, &moved);
    assert!(has(&again[0], "record.proposed_before"), "and then it is known");
}

#[test]
fn somebody_who_saw_an_older_version_changes_nothing() {
    let (_folder, path) = file();
    let handle = open(&path).handle();
    let made = done(&handle, "olena", Command::Create(area(json!({}))));
    done(&handle, "olena", changed(&made, 20, json!({})));
    assert_eq!(
        refused(&handle, order("ivan", changed(&made, 30, json!({})))),
        Refusal::Moved { seen: 1, current: 2 }
    );
}

#[test]
fn the_same_request_has_one_effect_also_after_a_restart() {
    let (_folder, path) = file();
    let register = open(&path);
    let request =
        |fingerprint: &str| Some(Request { key: "k-1".to_owned(), fingerprint: fingerprint.to_owned() });
    let create = |fingerprint: &str| Order {
        request: request(fingerprint),
        ..order("olena", Command::Create(area(json!({}))))
    };
    let first = register.handle().carry_out(create("aa")).expect("is carried out");
    let again = register.handle().carry_out(create("aa")).expect("is answered");
    assert_eq!(
        (again.id, again.revision, again.outcome, again.replayed),
        (first.id, 1, Happened::Created, true)
    );
    register.close().expect("closes");
    let handle = open(&path).handle();
    assert_eq!(handle.carry_out(create("aa")).expect("is answered").id, first.id);
    assert_eq!(refused(&handle, create("bb")), Refusal::KeyReused { key: "k-1".to_owned() });
    assert_eq!(handle.revision(), 1);
}

#[test]
fn a_release_counts_for_nothing_until_a_second_person_approves_it() {
    let (_folder, path) = file();
    let handle = open(&path).handle();
    let hazard = done(&handle, "olena", Command::Create(area(json!({"external_id": "A-1"}))));
    let fields = json!({"outcome": "cleared", "hazardous_areas": [hazard.id.to_string()], "completed_on": "2026-10-01", "depth_cm": 20});
    let release = draft(Collection::LandReleases, Some(square(0, 0, 5)), fields);
    let release = register::prepare(release, &TODAY).expect("within the limits");
    let made = done(&handle, "olena", Command::Create(Box::new(release)));
    assert_eq!(
        (made.outcome, made.proposal, made.effects.as_slice()),
        (Happened::Created, Some(3), &["releases".to_owned()][..])
    );
    let share = |handle: &Handle| {
        let snapshot = handle.open(&Scope::whole());
        let row = snapshot.by_id(hazard.id).expect("the hazard");
        let remaining = snapshot.remaining(row).expect("an area");
        remaining.remaining_m2 / remaining.area_m2
    };
    assert_eq!(share(&handle), 1.0);
    done(&handle, "taras", Command::Approve { proposal: 3 });
    assert!((share(&handle) - 0.75).abs() < 1e-3, "{}", share(&handle));
    assert_eq!(geometry(&handle, &hazard), Some(square(0, 0, 10)), "the hazard itself stays as it is");
    assert_eq!(property(&handle, made.id, "approved_by"), "taras");
}

#[test]
fn an_area_closes_only_when_nothing_remains_or_somebody_says_why() {
    let (_folder, path) = file();
    let handle = open(&path).handle();
    let made = done(&handle, "olena", Command::Create(area(json!({}))));
    done(&handle, "olena", changed(&made, 10, json!({"status": "closed"})));
    let without = Order { reason: String::new(), ..order("taras", Command::Approve { proposal: 2 }) };
    assert!(
        matches!(refused(&handle, without.clone()), Refusal::RemainingArea { remaining_m2 } if remaining_m2 > 800_000.0)
    );
    assert_eq!(property(&handle, made.id, "status"), "open");
    done(&handle, "taras", Command::Approve { proposal: 2 });
    assert_eq!(property(&handle, made.id, "status"), "closed");
}

#[test]
fn a_finding_is_accepted_with_a_reason_and_stays_in_the_record() {
    let (_folder, path) = file();
    let handle = open(&path).handle();
    let made = done(&handle, "olena", Command::Create(area(json!({}))));
    let accept = |rule: &str| Command::AcceptFinding {
        id: made.id,
        rule: rule.to_owned(),
        field: Some("evidence".to_owned()),
    };
    let unknown = refused(&handle, order("taras", accept("no.such_rule")));
    assert_eq!(unknown, Refusal::NoFinding { rule: "no.such_rule".to_owned() });
    done(&handle, "taras", accept("evidence.missing"));
    let snapshot = handle.open(&Scope::whole());
    let row = snapshot.by_id(made.id).expect("the record");
    assert!(snapshot.open_findings(row).iter().all(|finding| finding.rule != "evidence.missing"));
    assert_eq!(property(&handle, made.id, "accepted_findings")[0]["by"], "taras");
}

/// What a person may do to one of a few areas, without approving anything.
fn step() -> impl Strategy<Value = (usize, i32, i32, bool, bool, u8)> {
    (0..4_usize, 0..6, 1..8, any::<bool>(), any::<bool>(), 0..8_u8)
}

/// Middles of cells that open hazards cover, with the class and the reach of what covers them.
fn hazard(handle: &Handle) -> Vec<(i32, i32, bool, u64)> {
    let snapshot = handle.open(&Scope::whole());
    let mut found = Vec::new();
    for (x, y) in (-1..16).flat_map(|x| (-1..16).map(move |y| (x, y))) {
        let middle = |k: i32| (f64::from(k) + 0.5) / 1e3;
        let place = geo_types::Coord { x: 36.0 + middle(x), y: 49.0 + middle(y) };
        let rows = snapshot.items(Collection::HazardousAreas);
        let here: Vec<_> = rows
            .filter(|row| row.tags().is_open_hazard(row.collection()))
            .filter(|row| row.drawn().as_ref().is_some_and(|drawn| drawn.touches_place(place)))
            .collect();
        let confirmed = here.iter().any(|row| row.tags().classification == Some("confirmed"));
        let reach = here.iter().map(|row| row.position_accuracy_m as u64).max();
        found.extend(reach.map(|reach| (x, y, confirmed, reach)));
    }
    found
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 40, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn no_sequence_of_accepted_changes_without_an_approval_makes_the_drawn_hazard_smaller(
        steps in prop::collection::vec(step(), 1..25)
    ) {
        let (_folder, path) = file();
        let register = open(&path);
        let handle = register.handle();
        let mut made: Vec<Done> = Vec::new();
        for (which, west, side, confirmed, closed, kind) in steps {
            let before = hazard(&handle);
            let fields = json!({
                "classification": if confirmed { "confirmed" } else { "suspected" },
                "status": if closed { "closed" } else { "open" }, "position_accuracy_m": side,
            });
            let mut next = prepared(square(west, west, side), fields);
            let command = match (made.get(which), kind) {
                (Some(one), 0) => Command::Withdraw { id: one.id, seen: seen(&handle, one.id) },
                (Some(_), 1) => Command::Reject { proposal: handle.revision() },
                (Some(one), _) => {
                    next.record.id = one.id;
                    Command::Change { next: Box::new(next), seen: seen(&handle, one.id), keeps_personal: false }
                }
                (None, _) => Command::Create(Box::new(next)),
            };
            if let Ok(done) = handle.carry_out(order("olena", command)) && done.outcome == Happened::Created {
                made.push(done);
            }
            let after = hazard(&handle);
            for (x, y, was_confirmed, reach) in before {
                let now = after.iter().find(|cell| (cell.0, cell.1) == (x, y));
                prop_assert!(now.is_some_and(|now| now.2 >= was_confirmed && now.3 >= reach), "{x} {y}");
            }
        }
        // Folding the log again gives the same, and so does its beginning.
        let last = everything(&handle);
        register.close().expect("closes");
        let again = open(&path).handle();
        prop_assert_eq!(&everything(&again), &last);
    }
}

fn seen(handle: &Handle, id: model::RecordId) -> u64 {
    handle.open(&Scope::whole()).by_id(id).map_or(0, |row| row.revision)
}
