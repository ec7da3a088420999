//! What lies in an area: how many records, and how much ground, of which nothing is counted twice.

use std::collections::BTreeMap;
use std::sync::Arc;

use geo_types::MultiPolygon;
use model::{Bounds, Collection, Tags};
use rayon::prelude::*;

use crate::asked_area::AskedArea;
use crate::route::{REACHED_MAX, TooMuch};
use crate::united::united_m2;
use crate::{Layer, Placed, Row, View};

/// What lies in an area.
#[derive(Debug, Clone)]
pub struct Inside {
    /// Size of the area, in square metres.
    pub area_m2: f64,
    /// Open hazards with their shape in the area, all together.
    pub hazards: Part,
    /// The same by collection, classification and status; records add up, ground that overlaps is in each.
    pub hazards_by_code: Vec<Part>,
    /// Open hazards that reach the area by their position error only.
    pub by_position_error: u64,
    /// Releases of land that somebody has approved, all together.
    pub released: Part,
    /// Releases by outcome and review, those that wait for approval too.
    pub releases_by_code: Vec<Part>,
    /// Surveys, all together.
    pub surveyed: Part,
    /// Surveys by result.
    pub surveys_by_code: Vec<Part>,
    /// The hazards, in order of collections and identifiers: with their shape in the area or by their position error.
    pub listed: Vec<Reaching>,
    /// How many more hazards there are, beyond the limit.
    pub more: u64,
}

/// Records that carry the same codes, and the ground that they cover in the area.
#[derive(Debug, Clone, PartialEq)]
pub struct Part {
    /// Their collection, where they are of one.
    pub collection: Option<Collection>,
    /// The codes that they share.
    pub tags: Tags,
    /// How many touch the area.
    pub records: u64,
    /// How many of them are lines or places, and cover no ground.
    pub without_area: u64,
    /// Ground in the area that lies in at least one of them, in square metres on the ellipsoid.
    pub area_m2: f64,
}

/// A hazard that reaches an area.
#[derive(Debug, Clone)]
pub struct Reaching {
    /// The record.
    pub row: Arc<Row>,
    /// Whether it does so by its position error only.
    pub by_position_error: bool,
}

type Key = (Collection, Tags);

/// A record that reaches an area, and the ground that it covers.
struct Found<'v> {
    row: &'v Arc<Row>,
    polygons: MultiPolygon<f64>,
    by_position_error: bool,
}

impl View {
    /// What lies in an area; at most `limit` hazards are listed.
    ///
    /// # Errors
    /// [`TooMuch`], where so much lies there that there would be no answer in any useful time.
    pub fn inside(&self, area: &AskedArea, limit: usize) -> Result<Inside, TooMuch> {
        let mut reaching = Vec::new();
        for collection in Layer::Hazards.collections() {
            reaching.extend(self.reaching(area, collection)?);
        }
        let (releases, surveys) =
            (self.reaching(area, Collection::LandReleases)?, self.reaching(area, Collection::Surveys)?);
        let (of_hazards, releases, surveys) = (by_shape(&reaching), by_shape(&releases), by_shape(&surveys));
        let is_approved = |found: &&&Found<'_>| found.row.tags().review == Some("approved");
        let released: Vec<_> = releases.iter().filter(is_approved).copied().collect();
        let (hazards, hazards_by_code) = whole_and_parts(area, &of_hazards)?;
        let (surveyed, surveys_by_code) = whole_and_parts(area, &surveys)?;
        let listed = |found: &Found<'_>| Reaching {
            row: Arc::clone(found.row),
            by_position_error: found.by_position_error,
        };
        Ok(Inside {
            area_m2: area.area_m2(),
            hazards,
            hazards_by_code,
            by_position_error: (reaching.len() - of_hazards.len()) as u64,
            released: part(area, None, &released)?,
            releases_by_code: parts(area, &releases)?,
            surveyed,
            surveys_by_code,
            listed: reaching.iter().take(limit).map(listed).collect(),
            more: reaching.len().saturating_sub(limit) as u64,
        })
    }

    /// The records of a collection that reach an area; of hazards those that are open. In order of identifiers.
    fn reaching(&self, area: &AskedArea, collection: Collection) -> Result<Vec<Found<'_>>, TooMuch> {
        let own: Vec<Bounds> = area.boxes().collect();
        let boxes = own.iter().copied().chain(own.iter().filter_map(beyond_180));
        let near = self.touching_any_box(collection, boxes);
        if near.len() > REACHED_MAX {
            return Err(TooMuch { limit: "REACHED_MAX", most: REACHED_MAX as u64 });
        }
        let of_hazards = Layer::Hazards.collections().any(|of_hazards| of_hazards == collection);
        let is_asked = |placed: &Placed<'_>| !of_hazards || Layer::Hazards.holds(placed.marks());
        Ok(near.into_par_iter().filter(is_asked).filter_map(|placed| found(area, placed.row())).collect())
    }
}

/// The edge of a box that ends at the 180th meridian, under the meridian's other name.
fn beyond_180(bounds: &Bounds) -> Option<Bounds> {
    if bounds.east >= 180.0 {
        return Some(Bounds { west: -180.0, east: -180.0, ..*bounds });
    }
    (bounds.west <= -180.0).then_some(Bounds { west: 180.0, east: 180.0, ..*bounds })
}

fn found<'v>(area: &AskedArea, row: &'v Arc<Row>) -> Option<Found<'v>> {
    let (shape, bounds, drawn) = (row.placed()?, row.bounds()?, row.drawn()?);
    let reach_m = row.position_accuracy_m;
    let touches = area.touches(shape, &drawn, &bounds);
    // A shape across the 180th meridian may touch the area there under the meridian's other name.
    let may = reach_m > 0.0 || area.ends_at_180();
    let reaches = touches || (may && area.comes_within(shape, &bounds, reach_m));
    let by_position_error = !touches && reach_m > 0.0;
    reaches.then_some(Found { row, polygons: drawn.polygons, by_position_error })
}

/// Those of which the shape itself reaches the area.
fn by_shape<'f, 'v>(found: &'f [Found<'v>]) -> Vec<&'f Found<'v>> {
    found.iter().filter(|found| !found.by_position_error).collect()
}

/// Records all together, and by the codes that they are counted by; what is all the same is worked out once.
fn whole_and_parts(area: &AskedArea, all: &[&Found<'_>]) -> Result<(Part, Vec<Part>), TooMuch> {
    let parts = parts(area, all)?;
    let whole = match parts.as_slice() {
        [only] => Part { collection: None, tags: Tags::default(), ..*only },
        [..] => part(area, None, all)?,
    };
    Ok((whole, parts))
}

/// Records by the codes that they are counted by.
fn parts(area: &AskedArea, all: &[&Found<'_>]) -> Result<Vec<Part>, TooMuch> {
    let mut groups: BTreeMap<Key, Vec<&Found<'_>>> = BTreeMap::new();
    for found in all {
        groups.entry((found.row.collection(), counted_by(found.row))).or_default().push(found);
    }
    groups.into_par_iter().map(|(key, group)| part(area, Some(key), &group)).collect()
}

/// Hazards by class and status, releases by outcome and review, surveys by result.
fn counted_by(row: &Row) -> Tags {
    let Tags { classification, status, triage, outcome, result, review, .. } = *row.tags();
    let none = Tags::default();
    match row.collection() {
        Collection::HazardousAreas | Collection::MinefieldRecords => Tags { classification, status, ..none },
        Collection::HazardReports => Tags { triage, ..none },
        Collection::LandReleases => Tags { outcome, review, ..none },
        Collection::Surveys => Tags { result, ..none },
        Collection::ExplosiveItems
        | Collection::Accidents
        | Collection::Tasks
        | Collection::Organisations
        | Collection::Contributions
        | Collection::Capacity => none,
    }
}

fn part(area: &AskedArea, key: Option<Key>, all: &[&Found<'_>]) -> Result<Part, TooMuch> {
    let polygons = || all.iter().map(|found| &found.polygons);
    let without_area = polygons().filter(|polygons| polygons.0.is_empty()).count() as u64;
    let area_m2 = united_m2(area.polygons(), polygons())?;
    let (collection, tags) =
        key.map_or((None, Tags::default()), |(collection, tags)| (Some(collection), tags));
    Ok(Part { collection, tags, records: all.len() as u64, without_area, area_m2 })
}
