//! What lies in an area: how many records, and how much ground, of which nothing is counted twice.

use std::collections::BTreeMap;
use std::sync::Arc;

use model::{Bounds, Collection, Tags};
use rayon::prelude::*;

use crate::asked_area::AskedArea;
use crate::route::{REACHED_MAX, TooMuch};
use crate::united::united_m2;
use crate::{Layer, Row, View};

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

impl View {
    /// What lies in an area; at most `limit` hazards are listed.
    ///
    /// # Errors
    /// [`TooMuch`], where so much lies there that there would be no answer in any useful time.
    pub fn inside(&self, area: &AskedArea, limit: usize) -> Result<Inside, TooMuch> {
        let reaching = self.reaching(area)?;
        let own = |reaching: &Reaching| (!reaching.by_position_error).then(|| Arc::clone(&reaching.row));
        let of_hazards: Vec<_> = reaching.iter().filter_map(own).collect();
        let releases = self.touching_area(area, Collection::LandReleases)?;
        let surveys = self.touching_area(area, Collection::Surveys)?;
        let is_approved = |row: &&Arc<Row>| row.tags.review == Some("approved");
        let released: Vec<_> = releases.iter().filter(is_approved).cloned().collect();
        let (hazards, hazards_by_code) = whole_and_parts(area, &of_hazards)?;
        let (surveyed, surveys_by_code) = whole_and_parts(area, &surveys)?;
        let more = reaching.len().saturating_sub(limit) as u64;
        Ok(Inside {
            area_m2: area.area_m2(),
            hazards,
            hazards_by_code,
            by_position_error: (reaching.len() - of_hazards.len()) as u64,
            released: part(area, None, &released)?,
            releases_by_code: parts(area, &releases)?,
            surveyed,
            surveys_by_code,
            listed: reaching.into_iter().take(limit).collect(),
            more,
        })
    }

    fn reaching(&self, area: &AskedArea) -> Result<Vec<Reaching>, TooMuch> {
        let mut all = Vec::new();
        for collection in Layer::Hazards.collections() {
            let rows = self.rows_near(area, collection)?;
            let open: Vec<_> = rows.into_iter().filter(|row| Layer::Hazards.holds(row)).collect();
            all.par_extend(open.into_par_iter().filter_map(|row| reaching(area, row)));
        }
        Ok(all)
    }

    fn touching_area(&self, area: &AskedArea, collection: Collection) -> Result<Vec<Arc<Row>>, TooMuch> {
        let rows = self.rows_near(area, collection)?;
        let touching = rows.into_par_iter().filter_map(|row| reaching(area, row));
        Ok(touching.filter(|reaching| !reaching.by_position_error).map(|reaching| reaching.row).collect())
    }

    fn rows_near(&self, area: &AskedArea, collection: Collection) -> Result<Vec<&Arc<Row>>, TooMuch> {
        let own: Vec<Bounds> = area.boxes().collect();
        let boxes = own.iter().copied().chain(own.iter().filter_map(beyond_180));
        let rows = self.touching_any_box(collection, boxes);
        match rows.len() {
            many if many > REACHED_MAX => Err(TooMuch { limit: "REACHED_MAX", most: REACHED_MAX as u64 }),
            _ => Ok(rows),
        }
    }
}

/// The edge of a box that ends at the 180th meridian, under the meridian's other name.
fn beyond_180(bounds: &Bounds) -> Option<Bounds> {
    if bounds.east >= 180.0 {
        return Some(Bounds { west: -180.0, east: -180.0, ..*bounds });
    }
    (bounds.west <= -180.0).then_some(Bounds { west: 180.0, east: 180.0, ..*bounds })
}

fn reaching(area: &AskedArea, row: &Arc<Row>) -> Option<Reaching> {
    let (drawn, bounds) = row.drawn.as_ref().zip(row.bounds.as_ref())?;
    let row = || Arc::clone(row);
    if area.touches(drawn, bounds) {
        return Some(Reaching { row: row(), by_position_error: false });
    }
    let (row, reach_m) = (row(), row().position_accuracy_m);
    // A shape across the 180th meridian may touch the area there under the meridian's other name.
    let may = reach_m > 0.0 || area.ends_at_180();
    let reaches = may && area.comes_within(drawn, bounds, reach_m);
    reaches.then_some(Reaching { row, by_position_error: reach_m > 0.0 })
}

/// Records all together, and by the codes that they are counted by; what is all the same is worked out once.
fn whole_and_parts(area: &AskedArea, rows: &[Arc<Row>]) -> Result<(Part, Vec<Part>), TooMuch> {
    let parts = parts(area, rows)?;
    let whole = match parts.as_slice() {
        [only] => Part { collection: None, tags: Tags::default(), ..*only },
        [..] => part(area, None, rows)?,
    };
    Ok((whole, parts))
}

/// Records by the codes that they are counted by.
fn parts(area: &AskedArea, rows: &[Arc<Row>]) -> Result<Vec<Part>, TooMuch> {
    let mut groups: BTreeMap<Key, Vec<Arc<Row>>> = BTreeMap::new();
    for row in rows {
        groups.entry((row.collection, counted_by(row))).or_default().push(Arc::clone(row));
    }
    groups.into_par_iter().map(|(key, rows)| part(area, Some(key), &rows)).collect()
}

/// Hazards by class and status, releases by outcome and review, surveys by result.
fn counted_by(row: &Row) -> Tags {
    let Tags { classification, status, triage, outcome, result, review, .. } = row.tags;
    let none = Tags::default();
    match row.collection {
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

fn part(area: &AskedArea, key: Option<Key>, rows: &[Arc<Row>]) -> Result<Part, TooMuch> {
    let polygons = || rows.iter().filter_map(|row| row.drawn.as_ref()).map(|drawn| &drawn.polygons);
    let without_area = polygons().filter(|polygons| polygons.0.is_empty()).count() as u64;
    let area_m2 = united_m2(area.polygons(), polygons())?;
    let (collection, tags) =
        key.map_or((None, Tags::default()), |(collection, tags)| (Some(collection), tags));
    Ok(Part { collection, tags, records: rows.len() as u64, without_area, area_m2 })
}
