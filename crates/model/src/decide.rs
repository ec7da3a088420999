//! A new version of a known record: may it take effect at once?
//!
//! Adding or enlarging a hazard does; whatever would take hazard off the map does not
//! (`docs/ARCHITECTURE.md`, invariant "adding is immediate").

use crate::{Collection, Record, Tags};

/// What is to be done with a record that is known already.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Decision {
    /// Nothing changed.
    Unchanged,
    /// Takes effect at once, as the next version.
    Accepted,
    /// Would take hazard off the map, so that it waits for a second person; never empty.
    NeedsApproval(Vec<Effect>),
}

/// How a change takes hazard off the map.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Effect {
    /// It no longer counts as an open hazard.
    Closes,
    /// The new outline does not cover the present one.
    Shrinks,
    /// Confirmed becomes suspected.
    LowersClass,
    /// The hazard reaches less far, because its position becomes more certain.
    PositionMoreCertain,
    /// It loses its place on the map.
    LosesPlace,
    /// The record is withdrawn as wrong.
    Withdraws,
    /// Land is released.
    Releases,
}

impl Effect {
    /// Every effect.
    pub const ALL: [Effect; 7] = [
        Self::Closes,
        Self::Shrinks,
        Self::LowersClass,
        Self::PositionMoreCertain,
        Self::LosesPlace,
        Self::Withdraws,
        Self::Releases,
    ];

    /// Its name in the log and in answers.
    pub fn code(self) -> &'static str {
        match self {
            Self::Closes => "closes",
            Self::Shrinks => "shrinks",
            Self::LowersClass => "lowers_class",
            Self::PositionMoreCertain => "position_more_certain",
            Self::LosesPlace => "loses_place",
            Self::Withdraws => "withdraws",
            Self::Releases => "releases",
        }
    }
}

/// Holds `next` against `current`. `covers` answers whether the shape drawn for `next` covers that of `current`.
pub fn decide(current: &Record, next: &Record, covers: impl FnOnce() -> bool) -> Decision {
    if same_content(current, next) {
        return Decision::Unchanged;
    }
    if current.withdrawn {
        return Decision::Accepted; // nothing of it is drawn that could be lost
    }
    let mut effects = lowers(current, next);
    let moved = current.geometry.is_some() && next.geometry.is_some() && current.geometry != next.geometry;
    if moved && !covers() {
        effects.push(Effect::Shrinks);
    }
    if effects.is_empty() { Decision::Accepted } else { Decision::NeedsApproval(effects) }
}

/// Whether an area may be closed without a reason: nothing of it remains, within 1 m² or 0.1 % of it.
pub fn may_close(area_m2: f64, remaining_m2: f64) -> bool {
    remaining_m2 <= (area_m2 * 0.001).max(1.0)
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

fn lowers(current: &Record, next: &Record) -> Vec<Effect> {
    let (now, then) = (tags(current), tags(next));
    let was_open = now.is_open_hazard(current.collection) && !current.withdrawn;
    let approves = current.review != "approved" && next.review == "approved";
    let found = [
        (was_open && !then.is_open_hazard(next.collection), Effect::Closes),
        (
            now.classification == Some("confirmed") && then.classification != Some("confirmed"),
            Effect::LowersClass,
        ),
        (next.position_accuracy_m() < current.position_accuracy_m(), Effect::PositionMoreCertain),
        (current.geometry.is_some() && next.geometry.is_none(), Effect::LosesPlace),
        (!current.withdrawn && next.withdrawn, Effect::Withdraws),
        (current.collection == Collection::LandReleases && approves, Effect::Releases),
    ];
    found.into_iter().filter(|(holds, _)| *holds).map(|(_, effect)| effect).collect()
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
            withdrawn: false,
            accepted: Vec::new(),
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
