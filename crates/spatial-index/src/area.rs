//! What lies in an area: how many records, and how much ground, of which nothing is counted twice.

use std::collections::BTreeMap;
use std::sync::Arc;

use geo::BoundingRect;
use geo_types::MultiPolygon;
use model::{Bounds, Collection, Tags};
use rayon::prelude::*;

use crate::asked_area::AskedArea;
use crate::ground::{Grid, union_box};
use crate::overlay::{self, Combination};
use crate::route::{REACHED_MAX, TooMuch};
use crate::{Layer, Placed, Row, View};

/// Most edges of records whose ground is united for one answer.
pub const UNITED_EDGES_MAX: usize = 1_000_000;

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
        let hazards = self.reaching(area)?;
        let own = |reaching: &Reaching| (!reaching.by_position_error).then(|| Arc::clone(&reaching.row));
        let of_hazards: Vec<_> = hazards.iter().filter_map(own).collect();
        let releases = self.touching_area(area, Collection::LandReleases)?;
        let surveys = self.touching_area(area, Collection::Surveys)?;
        let is_approved = |row: &&Arc<Row>| row.tags().review == Some("approved");
        let released: Vec<_> = releases.iter().filter(is_approved).cloned().collect();
        let more = hazards.len().saturating_sub(limit) as u64;
        Ok(Inside {
            area_m2: area.area_m2(),
            hazards: part(area, None, &of_hazards)?,
            hazards_by_code: parts(area, &of_hazards)?,
            by_position_error: (hazards.len() - of_hazards.len()) as u64,
            released: part(area, None, &released)?,
            releases_by_code: parts(area, &releases)?,
            surveyed: part(area, None, &surveys)?,
            surveys_by_code: parts(area, &surveys)?,
            listed: hazards.into_iter().take(limit).collect(),
            more,
        })
    }

    fn reaching(&self, area: &AskedArea) -> Result<Vec<Reaching>, TooMuch> {
        let mut all = Vec::new();
        for collection in Layer::Hazards.collections() {
            let rows = self.rows_near(area, collection)?;
            let open: Vec<_> = rows.into_iter().filter(|row| Layer::Hazards.holds(row.marks())).collect();
            all.par_extend(open.into_par_iter().filter_map(|row| reaching(area, row.row())));
        }
        Ok(all)
    }

    fn touching_area(&self, area: &AskedArea, collection: Collection) -> Result<Vec<Arc<Row>>, TooMuch> {
        let rows = self.rows_near(area, collection)?;
        let touching = rows.into_par_iter().filter_map(|row| reaching(area, row.row()));
        Ok(touching.filter(|reaching| !reaching.by_position_error).map(|reaching| reaching.row).collect())
    }

    fn rows_near(&self, area: &AskedArea, collection: Collection) -> Result<Vec<Placed<'_>>, TooMuch> {
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
    let (shape, bounds) = (row.placed()?, row.bounds()?);
    if area.touches(shape, &row.drawn()?, &bounds) {
        return Some(Reaching { row: Arc::clone(row), by_position_error: false });
    }
    let reach_m = row.position_accuracy_m;
    // A shape across the 180th meridian may touch the area there under the meridian's other name.
    let may = reach_m > 0.0 || area.ends_at_180();
    let reaches = may && area.comes_within(shape, &bounds, reach_m);
    reaches.then(|| Reaching { row: Arc::clone(row), by_position_error: reach_m > 0.0 })
}

/// Records by the codes that they are counted by.
fn parts(area: &AskedArea, rows: &[Arc<Row>]) -> Result<Vec<Part>, TooMuch> {
    let mut groups: BTreeMap<Key, Vec<Arc<Row>>> = BTreeMap::new();
    for row in rows {
        groups.entry((row.collection(), counted_by(row))).or_default().push(Arc::clone(row));
    }
    groups.into_par_iter().map(|(key, rows)| part(area, Some(key), &rows)).collect()
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

fn part(area: &AskedArea, key: Option<Key>, rows: &[Arc<Row>]) -> Result<Part, TooMuch> {
    let polygons: Vec<_> = rows.iter().filter_map(|row| row.drawn()).map(|drawn| drawn.polygons).collect();
    let without_area = polygons.iter().filter(|polygons| polygons.0.is_empty()).count() as u64;
    let area_m2 = united_in(area, polygons.iter().filter(|polygons| !polygons.0.is_empty()))?;
    let (collection, tags) =
        key.map_or((None, Tags::default()), |(collection, tags)| (Some(collection), tags));
    Ok(Part { collection, tags, records: rows.len() as u64, without_area, area_m2 })
}

/// Ground of the area that lies in any of the polygons, which must be valid, in square metres.
fn united_in<'a>(
    area: &AskedArea,
    polygons: impl Iterator<Item = &'a MultiPolygon<f64>> + Clone,
) -> Result<f64, TooMuch> {
    let own = area.polygons();
    let boxes = polygons.clone().filter_map(BoundingRect::bounding_rect);
    let Some(all) = boxes.chain(own.bounding_rect()).reduce(|a, b| union_box(&a, &b)) else { return Ok(0.0) };
    let grid = Grid::over(&all);
    let mut rings = Vec::new();
    let mut edges = 0;
    for polygon in polygons {
        let own = grid.rings(polygon);
        edges += own.iter().map(Vec::len).sum::<usize>();
        if edges > UNITED_EDGES_MAX {
            return Err(TooMuch { limit: "UNITED_EDGES_MAX", most: UNITED_EDGES_MAX as u64 });
        }
        rings.extend(own);
    }
    if rings.is_empty() {
        return Ok(0.0);
    }
    let too_much = |_| TooMuch { limit: "PAIRS_MAX", most: overlay::PAIRS_MAX as u64 };
    let shapes = overlay::combine(rings, grid.rings(own), Combination::Intersection).map_err(too_much)?;
    Ok(geodesy::straight_area_m2(&grid.polygons(shapes)))
}
