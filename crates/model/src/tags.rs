//! The few codes of a record that decide how it is drawn and whether it counts as a hazard.

use std::borrow::Cow;

use crate::codes::{
    CLASSIFICATION, RELEASE_OUTCOME, REPORT_KIND, REVIEW, STATUS, SURVEY_RESULT, TASK_STATE, TRIAGE,
};
use crate::{CodeList, Collection, Properties};

/// Codes that a map layer is drawn and grouped by. Fields of other collections are `None`.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, Default)]
pub struct Tags {
    /// `suspected` or `confirmed`.
    pub classification: Option<&'static str>,
    /// Status of a hazardous area or a minefield record.
    pub status: Option<&'static str>,
    /// Kind of a hazard report.
    pub kind: Option<&'static str>,
    /// Triage of a hazard report.
    pub triage: Option<&'static str>,
    /// Outcome of a land release.
    pub outcome: Option<&'static str>,
    /// Result of a survey.
    pub result: Option<&'static str>,
    /// `present` or `disposed` of an explosive item; where a task stands.
    pub state: Option<&'static str>,
    /// How far a second person has looked at it.
    pub review: Option<&'static str>,
}

impl Tags {
    /// Reads the codes out of a record's properties.
    pub fn of(collection: Collection, properties: &Properties) -> Self {
        Self::read(collection, |name| properties.get(name)?.as_str().map(Cow::from))
    }

    /// Reads the codes; `value` answers the text of a property.
    pub fn read<'v>(collection: Collection, value: impl Fn(&str) -> Option<Cow<'v, str>>) -> Self {
        let code = |name: &str, list: &'static CodeList| list.read(&value(name)?);
        let own = Self { review: code("review", &REVIEW), ..Self::default() };
        match collection {
            Collection::HazardousAreas => Self {
                classification: code("classification", &CLASSIFICATION),
                status: code("status", &STATUS),
                ..own
            },
            Collection::MinefieldRecords => Self { status: code("status", &STATUS), ..own },
            Collection::HazardReports => {
                Self { kind: code("kind", &REPORT_KIND), triage: code("triage", &TRIAGE), ..own }
            }
            Collection::ExplosiveItems => {
                let is_disposed = value("disposed_on").is_some_and(|date| !date.trim().is_empty());
                Self { state: Some(if is_disposed { "disposed" } else { "present" }), ..own }
            }
            Collection::LandReleases => Self { outcome: code("outcome", &RELEASE_OUTCOME), ..own },
            Collection::Surveys => Self { result: code("result", &SURVEY_RESULT), ..own },
            Collection::Tasks => Self { state: code("state", &TASK_STATE), ..own },
            Collection::Accidents
            | Collection::Organisations
            | Collection::Contributions
            | Collection::Capacity => own,
        }
    }

    /// The codes that are set, by field name.
    pub fn iter(&self) -> impl Iterator<Item = (&'static str, &'static str)> {
        [
            ("classification", self.classification),
            ("status", self.status),
            ("kind", self.kind),
            ("triage", self.triage),
            ("outcome", self.outcome),
            ("result", self.result),
            ("state", self.state),
            ("review", self.review),
        ]
        .into_iter()
        .filter_map(|(name, code)| Some((name, code?)))
    }

    /// Whether a record with these codes is a hazard that is still there.
    ///
    /// Whatever is not known to be closed, disposed of, rejected, a duplicate or made into another record counts.
    pub fn is_open_hazard(&self, collection: Collection) -> bool {
        match collection {
            Collection::HazardousAreas | Collection::MinefieldRecords => self.status != Some("closed"),
            Collection::HazardReports => {
                !matches!(self.triage, Some("duplicate") | Some("rejected") | Some("converted"))
            }
            Collection::ExplosiveItems => self.state != Some("disposed"),
            Collection::Accidents
            | Collection::Tasks
            | Collection::LandReleases
            | Collection::Surveys
            | Collection::Organisations
            | Collection::Contributions
            | Collection::Capacity => false,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_area_without_a_readable_status_counts_as_an_open_hazard() {
        let tags = Tags::of(Collection::HazardousAreas, &Properties::new());
        assert!(tags.is_open_hazard(Collection::HazardousAreas));
    }

    #[test]
    fn released_land_is_never_a_hazard_and_never_hides_one() {
        assert!(!Tags::default().is_open_hazard(Collection::LandReleases));
    }
}
