//! Numbers about the register as a whole.

use std::collections::BTreeMap;
use std::sync::Arc;

use model::{Bounds, Collection, Tags};

use crate::Row;

/// Numbers about every collection.
#[derive(Debug, Clone, PartialEq)]
pub struct Summary {
    /// One entry for each of [`Collection::ALL`], in that order.
    pub collections: Vec<CollectionSummary>,
    /// Records without a place on the map, of all collections.
    pub not_placed: u64,
    /// Records that belong to a synthetic demonstration, of all collections.
    pub synthetic_records: u64,
    /// The box around everything that is placed.
    pub extent: Option<Bounds>,
}

/// Numbers about one collection.
#[derive(Debug, Clone, PartialEq)]
pub struct CollectionSummary {
    /// The collection.
    pub collection: Collection,
    /// All records, placed or not.
    pub records: u64,
    /// Records without a place on the map.
    pub not_placed: u64,
    /// Records by the codes that matter: hazardous areas by classification and status, reports by triage,
    /// releases by outcome and review, surveys by result, items and tasks by state. They add up to `records`.
    pub counts: Vec<Count>,
    /// The box around everything that is placed.
    pub extent: Option<Bounds>,
}

/// How many records carry the same codes.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Count {
    /// Only the codes that are counted by are set.
    pub tags: Tags,
    /// Number of records.
    pub records: u64,
}

impl Summary {
    pub(crate) fn of<'a>(rows: impl Iterator<Item = &'a Arc<Row>>) -> Self {
        let mut tallies = [const { Tally::new() }; Collection::COUNT];
        rows.for_each(|row| tallies[row.collection().index()].add(row));
        Self::of_tallies(tallies)
    }

    /// Several as one.
    pub(crate) fn together<'a>(summaries: impl Iterator<Item = &'a Summary>) -> Self {
        let mut tallies = [const { Tally::new() }; Collection::COUNT];
        let mut synthetic_records = 0;
        for summary in summaries {
            synthetic_records += summary.synthetic_records;
            summary.collections.iter().for_each(|one| tallies[one.collection.index()].add_counted(one));
        }
        Self { synthetic_records, ..Self::of_tallies(tallies) }
    }

    pub(crate) fn of_tallies(tallies: [Tally; Collection::COUNT]) -> Self {
        let synthetic_records = tallies.iter().map(|tally| tally.synthetic).sum();
        let summarise = |(collection, tally): (Collection, Tally)| tally.summary(collection);
        let collections: Vec<_> = Collection::ALL.into_iter().zip(tallies).map(summarise).collect();
        Self {
            not_placed: collections.iter().map(|c| c.not_placed).sum(),
            extent: collections.iter().filter_map(|c| c.extent).reduce(Bounds::union),
            synthetic_records,
            collections,
        }
    }
}

/// Numbers about rows of one collection, as they are added up.
#[derive(Clone, Default)]
pub(crate) struct Tally {
    records: u64,
    not_placed: u64,
    counts: BTreeMap<Tags, u64>,
    extent: Option<Bounds>,
    synthetic: u64,
}

impl Tally {
    const fn new() -> Self {
        Self { records: 0, not_placed: 0, counts: BTreeMap::new(), extent: None, synthetic: 0 }
    }

    pub fn add(&mut self, row: &Row) {
        self.records += 1;
        self.not_placed += u64::from(is_missing(row));
        *self.counts.entry(counted_by(row)).or_default() += 1;
        self.synthetic += u64::from(row.is_synthetic());
        self.extent = self.extent.into_iter().chain(row.bounds()).reduce(Bounds::union);
    }

    /// Takes rows out again; not possible, and false, where the extent may become smaller by that.
    pub fn remove(&mut self, rows: &[&Arc<Row>]) -> bool {
        for row in rows {
            let reaches_edge = |(own, all): (Bounds, Bounds)| {
                own.west <= all.west
                    || own.east >= all.east
                    || own.south <= all.south
                    || own.north >= all.north
            };
            if row.bounds().zip(self.extent).is_some_and(reaches_edge) {
                return false;
            }
            self.records -= 1;
            self.not_placed -= u64::from(is_missing(row));
            self.synthetic -= u64::from(row.is_synthetic());
            let key = counted_by(row);
            let left = self.counts.get(&key).map_or(0, |count| count - 1);
            let _ = if left == 0 { self.counts.remove(&key) } else { self.counts.insert(key, left) };
        }
        true
    }

    /// Both as one.
    pub fn with(mut self, other: Self) -> Self {
        self.records += other.records;
        self.not_placed += other.not_placed;
        self.synthetic += other.synthetic;
        other.counts.into_iter().for_each(|(tags, count)| *self.counts.entry(tags).or_default() += count);
        self.extent = self.extent.into_iter().chain(other.extent).reduce(Bounds::union);
        self
    }

    fn add_counted(&mut self, of: &CollectionSummary) {
        self.records += of.records;
        self.not_placed += of.not_placed;
        of.counts.iter().for_each(|count| *self.counts.entry(count.tags).or_default() += count.records);
        self.extent = self.extent.into_iter().chain(of.extent).reduce(Bounds::union);
    }

    fn summary(self, collection: Collection) -> CollectionSummary {
        let counts = self.counts.into_iter().map(|(tags, records)| Count { tags, records }).collect();
        let Self { records, not_placed, extent, .. } = self;
        CollectionSummary { collection, records, not_placed, counts, extent }
    }
}

fn is_missing(row: &Row) -> bool {
    !row.is_placed() && row.collection().needs_place()
}

fn counted_by(row: &Row) -> Tags {
    let Tags { classification, status, triage, outcome, result, state, review, .. } = *row.tags();
    let none = Tags::default();
    match row.collection() {
        Collection::HazardousAreas | Collection::MinefieldRecords => Tags { classification, status, ..none },
        Collection::HazardReports => Tags { triage, ..none },
        Collection::ExplosiveItems | Collection::Tasks => Tags { state, ..none },
        Collection::LandReleases => Tags { outcome, review, ..none },
        Collection::Surveys => Tags { result, ..none },
        Collection::Accidents
        | Collection::Organisations
        | Collection::Contributions
        | Collection::Capacity => none,
    }
}
