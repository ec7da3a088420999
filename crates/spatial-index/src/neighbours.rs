//! What a record shares with its neighbours: overlaps, duplicates, land released of it.

use std::sync::Arc;

use geo_types::MultiPolygon;
use model::{Collection, Finding, RecordId, Severity};
use serde::Deserialize;

use crate::ground::{common_area_m2, united_area_m2};
use crate::overlay::OverlayError;
use crate::{Placed, Row, View};

/// Overlaps up to this area are drawing inaccuracy, in square metres.
const OVERLAP_M2_MAX: f64 = 1.0;
/// Neighbours named in one finding; the rest are counted.
const NAMED_MAX: usize = 5;

/// How much of a hazardous area is left.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Remaining {
    /// The area as drawn, in square metres.
    pub area_m2: f64,
    /// Of it, land that approved releases of this area have not released; released land counts once.
    pub remaining_m2: f64,
}

impl View {
    /// How much of a hazardous area approved releases have left; `None` for what is no hazardous area or has no
    /// outline. On any doubt nothing is taken off.
    pub fn remaining(&self, row: &Arc<Row>) -> Option<Remaining> {
        let shape = polygons(row)?;
        if row.collection() != Collection::HazardousAreas {
            return None;
        }
        let area_m2 = geodesy::measures(&shape.clone().into()).0?;
        let approved = |other: &Placed<'_>| other.tags().review == Some("approved");
        let releases = self.beside(row, Collection::LandReleases).into_iter().filter(approved);
        let releases = releases.filter(|release| names(release.row()).is(row));
        let shapes: Vec<MultiPolygon<f64>> = releases.map(|release| release.drawn().polygons).collect();
        let released_m2 = released_m2(&shape, &shapes).unwrap_or(0.0);
        Some(Remaining { area_m2, remaining_m2: (area_m2 - released_m2).max(0.0) })
    }

    /// Rows of a collection whose boxes touch those of a row, without the row itself.
    fn beside(&self, row: &Row, collection: Collection) -> Vec<Placed<'_>> {
        let mut rows = self.exact_touching_any_box(collection, row.boxes().iter());
        rows.retain(|other| other.id() != row.id);
        rows
    }

    /// The records whose shared findings may change when this row comes or goes.
    pub(crate) fn concerned(&self, row: &Row) -> Vec<RecordId> {
        let collections = sharing(row.collection());
        let rows = collections.iter().flat_map(|collection| self.beside(row, *collection));
        rows.map(|other| other.id()).chain([row.id]).collect()
    }

    /// What a row shares with its neighbours that should be looked at.
    pub(crate) fn shared_findings(&self, row: &Arc<Row>) -> Vec<Finding> {
        let mut findings = Vec::new();
        match row.collection() {
            Collection::HazardousAreas | Collection::MinefieldRecords => {
                findings.extend(self.overlap(row));
                findings.extend(self.released_by_others(row));
            }
            Collection::LandReleases => {
                findings.extend(self.outside_areas(row));
                findings.extend(self.over_other_hazards(row));
            }
            _ => {}
        }
        findings.extend(self.duplicate(row));
        findings
    }

    /// Two open hazards of a kind on the same ground (GICHD Minimum Data Requirements: overlap with another record).
    fn overlap(&self, row: &Arc<Row>) -> Option<Finding> {
        let own = polygons(row).filter(|_| row.tags().is_open_hazard(row.collection()))?;
        let beside = self.beside(row, row.collection()).into_iter();
        let open = beside.filter(|other| {
            other.tags().is_open_hazard(other.collection()) && !is_entered_like(row, other.row())
        });
        let shared: Vec<_> = open.filter(|other| overlaps(&own, &other.drawn().polygons)).collect();
        let message = format!("overlaps {}", named(&shared)?);
        Some(at(row, Finding::new("geometry.overlap", Severity::High, message)))
    }

    /// The same shape twice in a collection.
    fn duplicate(&self, row: &Arc<Row>) -> Option<Finding> {
        let same = |other: &Placed<'_>| is_entered_like(row, other.row());
        let same: Vec<_> = self.beside(row, row.collection()).into_iter().filter(same).collect();
        let message = format!("has just the geometry of {}", named(&same)?);
        let is_point = matches!(row.geometry()?, model::Geometry::Point(_) | model::Geometry::MultiPoint(_));
        let (rule, severity) = if is_point {
            ("geometry.duplicate_point", Severity::Medium)
        } else {
            ("geometry.duplicate", Severity::High)
        };
        Some(at(row, Finding::new(rule, severity, message)))
    }

    /// Land released outside the areas it is released of (domain rule "release stays inside").
    fn outside_areas(&self, row: &Arc<Row>) -> Option<Finding> {
        let own = polygons(row)?;
        let names = names(row);
        let areas = self.beside(row, Collection::HazardousAreas).into_iter().filter(|a| names.is(a.row()));
        let shapes: Vec<_> = areas.map(|area| area.drawn().polygons).collect();
        let area_m2 = geodesy::measures(&own.clone().into()).0?;
        let outside_m2 = area_m2 - released_m2(&own, &shapes).unwrap_or(0.0);
        if outside_m2 <= OVERLAP_M2_MAX.max(area_m2 * 0.001) {
            return None;
        }
        let message =
            format!("{outside_m2:.0} m² of {area_m2:.0} m² lie outside the hazardous areas that it names");
        Some(at(
            row,
            Finding::new("release.outside_areas", Severity::Medium, message).in_field("hazardous_areas"),
        ))
    }

    /// Released land that another hazard lies on: the hazard stays (domain rule "cleared does not erase suspected").
    fn over_other_hazards(&self, row: &Arc<Row>) -> Option<Finding> {
        let own = polygons(row)?;
        let names = names(row);
        let others: Vec<_> = self
            .beside(row, Collection::HazardousAreas)
            .into_iter()
            .filter(|area| area.tags().is_open_hazard(area.collection()) && !names.is(area.row()))
            .filter(|area| overlaps(&own, &area.drawn().polygons))
            .collect();
        let message = format!("lies on other hazards, which stay: {}", named(&others)?);
        Some(at(row, Finding::new("release.other_hazard", Severity::High, message)))
    }

    /// The same, seen from the hazard.
    fn released_by_others(&self, row: &Arc<Row>) -> Option<Finding> {
        let own = polygons(row).filter(|_| row.tags().is_open_hazard(row.collection()))?;
        if row.collection() != Collection::HazardousAreas {
            return None;
        }
        let releases: Vec<_> = self
            .beside(row, Collection::LandReleases)
            .into_iter()
            .filter(|release| !names(release.row()).is(row))
            .filter(|release| overlaps(&own, &release.drawn().polygons))
            .collect();
        let message =
            format!("land of it was released under other names: {}; it stays a hazard", named(&releases)?);
        Some(at(row, Finding::new("release.other_hazard", Severity::High, message)))
    }
}

/// Collections whose rows share findings with rows of this one.
fn sharing(collection: Collection) -> &'static [Collection] {
    use Collection::{HazardousAreas, LandReleases, MinefieldRecords};
    match collection {
        HazardousAreas => &[HazardousAreas, LandReleases],
        LandReleases => &[LandReleases, HazardousAreas],
        MinefieldRecords => &[MinefieldRecords],
        Collection::HazardReports => &[Collection::HazardReports],
        Collection::ExplosiveItems => &[Collection::ExplosiveItems],
        Collection::Accidents => &[Collection::Accidents],
        Collection::Tasks => &[Collection::Tasks],
        Collection::Surveys => &[Collection::Surveys],
        Collection::Organisations | Collection::Contributions | Collection::Capacity => &[],
    }
}

fn polygons(row: &Row) -> Option<MultiPolygon<f64>> {
    row.drawn().map(|drawn| drawn.polygons).filter(|polygons| !polygons.0.is_empty())
}

fn is_entered_like(one: &Row, other: &Row) -> bool {
    one.shape().zip(other.shape()).is_some_and(|(one, other)| one.is_entered_like(other))
}

/// On doubt they do.
fn overlaps(one: &MultiPolygon<f64>, other: &MultiPolygon<f64>) -> bool {
    !other.0.is_empty() && common_area_m2(one, other).map_or(true, |common_m2| common_m2 > OVERLAP_M2_MAX)
}

/// Ground of `shape` that the others cover: each place counts once.
fn released_m2(shape: &MultiPolygon<f64>, others: &[MultiPolygon<f64>]) -> Result<f64, OverlayError> {
    match others {
        [] => Ok(0.0),
        [only] => common_area_m2(shape, only),
        // Of several: what shape and others have in common is what they have together less what unites them.
        [..] => {
            let all = united_area_m2(others.iter())?;
            let with = united_area_m2(others.iter().chain([shape]))?;
            let own = united_area_m2([shape].into_iter())?;
            Ok((all + own - with).max(0.0))
        }
    }
}

fn at(row: &Row, finding: Finding) -> Finding {
    let first = row.geometry().and_then(|geometry| model::coordinates(&geometry).next());
    match first {
        Some(place) => finding.at(place),
        None => finding,
    }
}

/// The rows by name or identifier; `None` where there are none.
fn named(rows: &[Placed<'_>]) -> Option<String> {
    let name = |row: &Placed<'_>| match row.name() {
        Some(name) => format!("{name} ({})", row.id()),
        None => row.id().to_string(),
    };
    let shown: Vec<_> = rows.iter().take(NAMED_MAX).map(name).collect();
    let more = rows.len().saturating_sub(NAMED_MAX);
    let more = if more > 0 { format!(" and {more} more") } else { String::new() };
    (!shown.is_empty()).then(|| shown.join(", ") + &more)
}

/// The areas that a release names: our identifiers or the operator's.
struct Names(Vec<String>);

impl Names {
    fn is(&self, area: &Row) -> bool {
        #[derive(Deserialize)]
        struct Stored {
            #[serde(default)]
            external_id: Option<String>,
        }
        if self.0.iter().any(|name| name.parse() == Ok(area.id)) {
            return true;
        }
        let stored: Option<Stored> = serde_json::from_str(&area.properties()).ok();
        let external = stored.and_then(|stored| stored.external_id);
        external.is_some_and(|external| self.0.contains(&external))
    }
}

fn names(release: &Row) -> Names {
    #[derive(Deserialize)]
    struct Stored {
        #[serde(default)]
        hazardous_areas: Vec<String>,
    }
    let stored: Option<Stored> = serde_json::from_str(&release.properties()).ok();
    Names(stored.map(|stored| stored.hazardous_areas).unwrap_or_default())
}
