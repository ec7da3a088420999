//! A change that takes hazard off the map, taken apart: what adds hazard takes effect at once, all of it is
//! proposed.

use geo_types::GeometryCollection;
use model::{Action, Decision, Effect, Geometry, Identity, Record, Tags};
use serde_json::Value;
use spatial_index::Drawn;

use crate::covers::{covers, drawn};
use crate::decide::Write;
use crate::state::Known;

/// The events of such a change: first a version with whatever it adds, where it adds anything; then the proposal.
pub fn proposal(
    known: &Known,
    current: &Record,
    next: Record,
    effects: &[Effect],
    (identity, content): (Identity, [u8; 32]),
) -> Vec<Write> {
    let (interim, adds) = (interim(current, &next), adds(current, &next));
    let mut writes = Vec::new();
    if adds {
        let (identity, content) = (identity.clone(), known.content);
        writes.push(Write { record: interim, identity, content, action: Action::Version });
    }
    let based_on = if adds { 0 } else { known.row.revision };
    let effects = effects.iter().map(|effect| effect.code().to_owned()).collect();
    writes.push(Write { record: next, identity, content, action: Action::Proposal { based_on, effects } });
    writes
}

/// Whether a change adds anything to the hazard, besides what it takes away.
pub fn adds(current: &Record, next: &Record) -> bool {
    model::decide(current, &interim(current, next), || true) == Decision::Accepted
}

/// The present version with whatever the change adds to the hazard: ground, class, reach, kinds of ordnance.
fn interim(current: &Record, next: &Record) -> Record {
    let mut interim = current.clone();
    let (now, then) =
        (Tags::of(current.collection, &current.fields), Tags::of(next.collection, &next.fields));
    if !now.is_open_hazard(current.collection) && then.is_open_hazard(next.collection) {
        take(&mut interim, next, &["status", "triage", "disposed_on"]);
    }
    if then.classification == Some("confirmed") {
        take(&mut interim, next, &["classification", "evidence"]);
    }
    if next.position_accuracy_m() > current.position_accuracy_m() {
        take(&mut interim, next, &["position_accuracy_m"]);
    }
    add_codes(&mut interim, next, "contamination");
    if let Some(ground) = added_ground(current, next) {
        interim.geometry = Some(ground);
        measure(&mut interim);
    }
    if interim != *current {
        interim.review = "unverified";
    }
    interim
}

/// Both outlines, where the new one reaches beyond the present one.
fn added_ground(current: &Record, next: &Record) -> Option<Geometry> {
    let added = next.geometry.as_ref().filter(|_| current.geometry != next.geometry)?;
    let is_covered = |next: Drawn| drawn(current).is_some_and(|current| covers(&current, &next));
    if drawn(next).is_some_and(is_covered) {
        return None;
    }
    let parts = current.geometry.iter().chain([added]).cloned().collect();
    Some(Geometry::GeometryCollection(GeometryCollection(parts)))
}

fn take(interim: &mut Record, next: &Record, names: &[&str]) {
    for name in names {
        match next.fields.get(*name) {
            Some(value) => drop(interim.fields.insert((*name).to_owned(), value.clone())),
            None => drop(interim.fields.shift_remove(*name)),
        }
    }
}

fn add_codes(interim: &mut Record, next: &Record, name: &str) {
    let Some(Value::Array(added)) = next.fields.get(name) else { return };
    let Some(Value::Array(codes)) = interim.fields.get_mut(name) else { return };
    for code in added {
        if !codes.contains(code) {
            codes.push(code.clone());
        }
    }
}

/// Area and length of what is drawn: overlapping parts count once.
fn measure(record: &mut Record) {
    let shape = drawn(record).map(|drawn| Geometry::MultiPolygon(drawn.polygons));
    if let Some(shape) = shape {
        (record.measures.area_m2, record.measures.length_m) = geodesy::measures(&shape);
    }
}
