//! A new version of a known record: may it take effect at once?
//!
//! Adding or enlarging a hazard does; whatever would take hazard off the map does not
//! (`docs/ARCHITECTURE.md`, invariant "adding is immediate").

use crate::{Collection, Effect, Record, Tags};

/// What is to be done with a record that is known already.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Decision {
    /// Nothing changed.
    Unchanged,
    /// Takes effect at once, as the next version.
    Accepted,
    /// Would take hazard off the map, so that it waits for a second person; all the ways in which it would,
    /// never empty.
    NeedsApproval(Vec<Effect>),
}

/// Holds `next` against `current`. `covers` answers whether the shape drawn for `next` covers that of `current`.
///
/// Whether a record is withdrawn and which findings were accepted counts as its content: a caller whose new
/// version says nothing of them carries them over.
pub fn decide(current: &Record, next: &Record, covers: impl FnOnce() -> bool) -> Decision {
    if same_content(current, next) {
        return Decision::Unchanged;
    }
    let effects = effects(current, next, covers);
    if effects.is_empty() { Decision::Accepted } else { Decision::NeedsApproval(effects) }
}

/// Equal but for what the register computes, or found, itself.
fn same_content(current: &Record, next: &Record) -> bool {
    current.fields == next.fields
        && current.attributes == next.attributes
        && current.geometry == next.geometry
        && current.withdrawn == next.withdrawn
        && current.accepted == next.accepted
        && current.review == next.review
}

/// Every way in which the next version would take hazard off the map. What is withdrawn is on it no more.
fn effects(current: &Record, next: &Record, covers: impl FnOnce() -> bool) -> Vec<Effect> {
    if current.withdrawn {
        return releases(current, next).into_iter().collect();
    }
    let (now, then) = (tags(current), tags(next));
    // The place of other records takes no hazard away.
    let is_hazard = Tags::default().is_open_hazard(current.collection);
    let moved = is_hazard && current.geometry.is_some() && current.geometry != next.geometry;
    let more_certain = is_hazard && next.position_accuracy_m() < current.position_accuracy_m();
    let found = [
        (now.is_open_hazard(current.collection) && !then.is_open_hazard(next.collection), Effect::Closes),
        (moved && next.geometry.is_some() && !covers(), Effect::Shrinks),
        (
            now.classification == Some("confirmed") && then.classification != Some("confirmed"),
            Effect::LowersClass,
        ),
        (more_certain, Effect::PositionMoreCertain),
        (moved && next.geometry.is_none(), Effect::LosesPlace),
        (next.withdrawn, Effect::Withdraws),
        (openness(next) > openness(current), Effect::Discloses),
    ];
    let found = found.into_iter().filter(|(is_so, _)| *is_so).map(|(_, effect)| effect);
    found.chain(releases(current, next)).collect()
}

/// A release counts once it is approved. A changed one is unverified until it is approved anew.
fn releases(current: &Record, next: &Record) -> Option<Effect> {
    let approves = current.review != "approved" && next.review == "approved";
    (current.collection == Collection::LandReleases && approves).then_some(Effect::Releases)
}

/// How many may see it; what is not known is shared with the fewest.
fn openness(record: &Record) -> u8 {
    match record.fields.get("sharing").and_then(|code| code.as_str()) {
        Some("public") => 2,
        Some("partners") => 1,
        Some(_) | None => 0,
    }
}

fn tags(record: &Record) -> Tags {
    Tags::of(record.collection, &record.fields)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{Collection, Geometry, Measures, Properties};
    use serde_json::json;

    fn of(collection: Collection, fields: serde_json::Value) -> Record {
        Record {
            id: crate::RecordId::nil(),
            collection,
            geometry: Some(Geometry::Point(geo_types::Point::new(36.0, 49.0))),
            fields: fields.as_object().cloned().expect("an object"),
            attributes: Properties::new(),
            as_entered: None,
            measures: Measures::default(),
            review: "unverified",
            withdrawn: false,
            accepted: Vec::new(),
            findings: Vec::new(),
        }
    }

    fn area(classification: &str, status: &str) -> Record {
        of(Collection::HazardousAreas, json!({"classification": classification, "status": status}))
    }

    fn needs(effects: &[Effect]) -> Decision {
        Decision::NeedsApproval(effects.to_vec())
    }

    #[test]
    fn the_same_content_is_unchanged() {
        let (area, same) = (area("suspected", "open"), area("suspected", "open"));
        assert_eq!(decide(&area, &same, || true), Decision::Unchanged);
    }

    #[test]
    fn suspected_becomes_confirmed_at_once_but_not_the_other_way() {
        let (suspected, confirmed) = (area("suspected", "open"), area("confirmed", "open"));
        assert_eq!(decide(&suspected, &confirmed, || true), Decision::Accepted);
        assert_eq!(decide(&confirmed, &suspected, || true), needs(&[Effect::LowersClass]));
    }

    #[test]
    fn closing_shrinking_and_losing_the_place_need_a_second_person() {
        let open = area("suspected", "open");
        assert_eq!(decide(&open, &area("suspected", "closed"), || true), needs(&[Effect::Closes]));
        let mut moved = area("suspected", "open");
        moved.geometry = Some(Geometry::Point(geo_types::Point::new(36.1, 49.0)));
        assert_eq!(decide(&open, &moved, || false), needs(&[Effect::Shrinks]));
        assert_eq!(decide(&open, &moved, || true), Decision::Accepted);
        moved.geometry = None;
        assert_eq!(decide(&open, &moved, || true), needs(&[Effect::LosesPlace]));
    }

    #[test]
    fn a_second_person_is_told_every_effect_and_not_only_the_first() {
        let mut current = area("confirmed", "open");
        current.fields.insert("position_accuracy_m".to_owned(), json!(50.0));
        let mut next = area("suspected", "closed");
        next.geometry = Some(Geometry::Point(geo_types::Point::new(36.1, 49.0)));
        let all = [Effect::Closes, Effect::Shrinks, Effect::LowersClass, Effect::PositionMoreCertain];
        assert_eq!(decide(&current, &next, || false), needs(&all));
    }

    #[test]
    fn every_kind_of_hazard_is_closed_by_a_second_person_only() {
        let pairs = [
            (Collection::MinefieldRecords, json!({"status": "open"}), json!({"status": "closed"})),
            (Collection::HazardReports, json!({"triage": "new"}), json!({"triage": "rejected"})),
            (Collection::HazardReports, json!({"triage": "verified"}), json!({"triage": "converted"})),
            (Collection::ExplosiveItems, json!({}), json!({"disposed_on": "2026-01-01"})),
        ];
        for (collection, now, then) in pairs {
            assert_eq!(
                decide(&of(collection, now), &of(collection, then), || true),
                needs(&[Effect::Closes])
            );
        }
    }

    #[test]
    fn withdrawing_needs_a_second_person_and_taking_it_back_does_not() {
        let area = area("suspected", "open");
        let withdrawn = Record { withdrawn: true, ..area.clone() };
        assert_eq!(decide(&area, &withdrawn, || true), needs(&[Effect::Withdraws]));
        assert_eq!(decide(&withdrawn, &area, || true), Decision::Accepted);
        assert_eq!(decide(&withdrawn, &withdrawn, || true), Decision::Unchanged);
    }

    #[test]
    fn sharing_with_more_people_needs_a_second_person_and_with_fewer_does_not() {
        let shared = |code: &str| of(Collection::Surveys, json!({"sharing": code}));
        let (few, some, all) = (shared("restricted"), shared("partners"), shared("public"));
        for (from, to) in [(&few, &some), (&some, &all), (&few, &all)] {
            assert_eq!(decide(from, to, || true), needs(&[Effect::Discloses]));
            assert_eq!(decide(to, from, || true), Decision::Accepted);
        }
    }

    #[test]
    fn a_release_takes_effect_by_a_second_person_only() {
        let entered = of(Collection::LandReleases, json!({"outcome": "cancelled"}));
        let approved = Record { review: "approved", ..entered.clone() };
        assert_eq!(decide(&entered, &approved, || true), needs(&[Effect::Releases]));
        assert_eq!(decide(&approved, &approved, || true), Decision::Unchanged);
    }
}
