//! The records of one sharing level and one organisation: an index of their own, that nothing else is found in.

use std::sync::{Arc, OnceLock};

use access::Level;
use jiff::Timestamp;
use model::{Bounds, Collection, RecordId};

use crate::delta::Delta;
use crate::levels::{Levels, Packing};
use crate::log_entry::Timeline;
use crate::past::Past;
use crate::placed::Placed;
use crate::proposal::Proposals;
use crate::{LogEntry, Row, Summary};

/// Where a record stands: who it is shared with and whose it is.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Home {
    /// Who it is shared with.
    pub level: Level,
    /// Code of the organisation that answers for it.
    pub owner: Option<Box<str>>,
}

impl Home {
    /// The same, shared with no more than another.
    pub(crate) fn no_more_open_than(self, other: &Home) -> Self {
        Self { level: self.level.max(other.level), ..self }
    }
}

/// Records, the versions they have had here, and what happened to them here.
///
/// Most rows are packed in levels; the last few are in a delta that each commit copies. Whoever holds a copy sees it unchanged
/// whatever is packed meanwhile.
#[derive(Default)]
pub(crate) struct Compartment {
    levels: Levels,
    delta: Delta,
    past: Past,
    pub timeline: Timeline,
    pub proposals: Proposals,
    summary: OnceLock<Summary>,
}

/// The same records, with nothing worked out yet.
impl Clone for Compartment {
    fn clone(&self) -> Self {
        Self {
            levels: self.levels.clone(),
            delta: self.delta.clone(),
            past: self.past.clone(),
            timeline: self.timeline.clone(),
            proposals: self.proposals.clone(),
            summary: OnceLock::new(),
        }
    }
}

/// Rows that a commit copies; when there are more they are packed.
const DELTA_ROWS_MAX: usize = 512;

impl Compartment {
    /// Takes in an event.
    pub fn take(&mut self, entry: LogEntry) {
        self.proposals.take(&entry);
        if entry.action().takes_effect() {
            if let Some(before) = self.newest_version(entry.row.id).cloned().filter(|row| !row.is_withdrawn())
            {
                self.past.push(before, entry.row.revision);
            }
            self.levels.replace(entry.row.id);
            self.delta.insert(Arc::clone(&entry.row));
        }
        self.timeline.push(entry);
    }

    /// Makes ready for reading what has been taken in.
    pub fn settle(&mut self) {
        if self.delta.len() > DELTA_ROWS_MAX {
            self.levels.push(self.delta.drain());
        } else {
            self.delta.settle();
        }
        self.past.settle();
        self.summary = OnceLock::new();
    }

    /// What should be packed together, aside from the writer.
    pub fn wanted_packing(&self) -> Option<Packing> {
        self.levels.wanted()
    }

    /// Puts what was packed in its place; whether that still fits.
    pub fn install(&mut self, packing: &Packing) -> bool {
        self.levels.install(packing, self.delta.ids())
    }

    /// The last revision that something happened at; 0 where nothing has.
    pub fn revision(&self) -> u64 {
        self.timeline.last().map_or(0, |entry| entry.row.revision)
    }

    /// When the last event up to a revision was recorded.
    pub fn recorded_at(&self, revision: u64) -> Option<Timestamp> {
        self.timeline.until(revision).map(|entry| entry.row.recorded_at())
    }

    /// The newest version of a record that stands or stood here.
    pub fn newest_version(&self, id: RecordId) -> Option<&Arc<Row>> {
        self.delta.get(id).or_else(|| self.levels.get(id))
    }

    /// Runs of rows of a collection at the newest revision, each in order of identifiers, after `after`.
    pub fn runs(
        &self,
        collection: Collection,
        after: Option<RecordId>,
    ) -> Vec<Box<dyn Iterator<Item = &Arc<Row>> + '_>> {
        let is_after = move |row: &&Arc<Row>| after.is_none_or(|after| row.id > after);
        let mut runs = self.levels.runs(collection, after);
        runs.push(Box::new(self.delta.rows(collection).into_iter().filter(is_after)));
        runs
    }

    /// Numbers at the newest revision.
    pub fn summary(&self) -> &Summary {
        self.summary.get_or_init(|| {
            let mut tallies = self.levels.tallies();
            for row in Collection::ALL.into_iter().flat_map(|collection| self.delta.rows(collection)) {
                tallies[row.collection().index()].add(row);
            }
            Summary::of_tallies(tallies)
        })
    }

    /// Rows of a collection that were present at a revision.
    pub fn rows(&self, collection: Collection, revision: u64) -> impl Iterator<Item = &Arc<Row>> {
        let is_past = self.is_past(revision);
        let newest = self.runs(collection, None).into_iter().flatten();
        let newest = newest.filter(move |row| !is_past || row.revision <= revision);
        newest.chain(self.replaced(collection, revision))
    }

    /// Of them those that have no place on the map.
    pub fn not_placed(&self, collection: Collection, revision: u64) -> impl Iterator<Item = &Arc<Row>> {
        let newest = self.levels.not_placed(collection).chain(self.delta.rows(collection));
        let newest = newest.filter(move |row| row.revision <= revision);
        newest.chain(self.replaced(collection, revision)).filter(|row| !row.is_placed())
    }

    /// Calls `take` with each of them with a box that touches `bounds`; one with two boxes may come twice.
    pub fn touching<'c>(
        &'c self,
        collection: Collection,
        bounds: &Bounds,
        revision: u64,
        mut take: impl FnMut(Placed<'c>),
    ) {
        let is_past = self.is_past(revision);
        let mut take_present = |placed: Placed<'c>| {
            if !is_past || placed.row().revision <= revision {
                take(placed);
            }
        };
        self.levels.touching(collection, bounds, &mut take_present);
        self.delta.touching(collection, bounds, &mut take_present);
        if is_past {
            self.past.touching(collection, bounds, revision, take);
        }
    }

    /// Versions that were present at a revision and have been replaced since.
    fn replaced(&self, collection: Collection, revision: u64) -> impl Iterator<Item = &Arc<Row>> {
        let past = self.is_past(revision).then(|| self.past.rows(collection, revision));
        past.into_iter().flatten()
    }

    /// Whether something has happened since a revision.
    pub fn is_past(&self, revision: u64) -> bool {
        revision < self.revision()
    }
}
