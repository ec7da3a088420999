//! A new version of a known record: may it take effect at once?
//!
//! Adding or enlarging a hazard does; whatever would take hazard off the map does not
//! (`docs/ARCHITECTURE.md`, invariant "adding is immediate").

use crate::{Record, Tags};

/// What is to be done with a record that is known already.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Decision {
    /// Nothing changed.
    Unchanged,
    /// Takes effect at once, as the next version.
    Accepted,
    /// Would take hazard off the map, so it must not replace the present version.
    NeedsApproval(&'static str),
}

/// Holds `next` against `current`. `covers` answers whether the shape drawn for `next` covers that of `current`.
pub fn decide(current: &Record, next: &Record, covers: impl FnOnce() -> bool) -> Decision {
    if same_content(current, next) {
        return Decision::Unchanged;
    }
    if let Some(reason) = lowers(current, next) {
        return Decision::NeedsApproval(reason);
    }
    let moved = current.geometry.is_some() && current.geometry != next.geometry;
    if moved && !covers() {
        return Decision::NeedsApproval("the new outline does not cover the present one");
    }
    Decision::Accepted
}

/// Equal but for what the register computes, or found, itself.
fn same_content(current: &Record, next: &Record) -> bool {
    current.fields == next.fields
        && current.attributes == next.attributes
        && current.geometry == next.geometry
}

fn lowers(current: &Record, next: &Record) -> Option<&'static str> {
    let (now, then) = (tags(current), tags(next));
    let hazard = now.is_open_hazard(current.collection);
    if hazard && !then.is_open_hazard(next.collection) {
        return Some("it would no longer count as an open hazard");
    }
    if now.classification == Some("confirmed") && then.classification != Some("confirmed") {
        return Some("confirmed would become suspected");
    }
    if next.position_accuracy_m() < current.position_accuracy_m() {
        return Some("the position would become more certain, so that the hazard reaches less far");
    }
    (current.geometry.is_some() && next.geometry.is_none()).then_some("it would lose its place on the map")
}

fn tags(record: &Record) -> Tags {
    Tags::of(record.collection, &record.fields)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{Collection, Geometry, Measures, Properties};
    use serde_json::json;

    fn area(classification: &str, status: &str) -> Record {
        Record {
            id: crate::RecordId::nil(),
            collection: Collection::HazardousAreas,
            geometry: Some(Geometry::Point(geo_types::Point::new(36.0, 49.0))),
            fields: Properties::from_iter([
                ("classification".to_owned(), json!(classification)),
                ("status".to_owned(), json!(status)),
            ]),
            attributes: Properties::new(),
            as_entered: None,
            measures: Measures::default(),
            review: "unverified",
            findings: Vec::new(),
        }
    }

    fn needs_approval(decision: Decision) -> bool {
        matches!(decision, Decision::NeedsApproval(_))
    }

    #[test]
    fn the_same_content_is_unchanged() {
        assert_eq!(
            decide(&area("suspected", "open"), &area("suspected", "open"), || true),
            Decision::Unchanged
        );
    }

    #[test]
    fn suspected_becomes_confirmed_at_once_but_not_the_other_way() {
        let (suspected, confirmed) = (area("suspected", "open"), area("confirmed", "open"));
        assert_eq!(decide(&suspected, &confirmed, || true), Decision::Accepted);
        assert!(needs_approval(decide(&confirmed, &suspected, || true)));
    }

    #[test]
    fn closing_shrinking_and_losing_the_place_need_a_second_person() {
        let open = area("suspected", "open");
        assert!(needs_approval(decide(&open, &area("suspected", "closed"), || true)));
        let mut moved = area("suspected", "open");
        moved.geometry = Some(Geometry::Point(geo_types::Point::new(36.1, 49.0)));
        assert!(needs_approval(decide(&open, &moved, || false)));
        assert_eq!(decide(&open, &moved, || true), Decision::Accepted);
        moved.geometry = None;
        assert!(needs_approval(decide(&open, &moved, || true)));
    }
}
