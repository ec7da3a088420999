//! The records of one sharing level and one organisation: an index of their own, that nothing else is found in.

use std::sync::{Arc, OnceLock};

use access::Level;
use jiff::Timestamp;
use model::{Bounds, Collection, RecordId};

use crate::base::{Base, Delta};
use crate::log_entry::Timeline;
use crate::past::Past;
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
#[derive(Default)]
pub(crate) struct Compartment {
    base: Arc<Base>,
    delta: Delta,
    past: Past,
    pub timeline: Timeline,
    pub proposals: Proposals,
    worked_out: WorkedOut,
}

/// What is worked out when somebody first asks.
#[derive(Default)]
struct WorkedOut {
    items: [OnceLock<Vec<Arc<Row>>>; Collection::COUNT],
    summary: OnceLock<Summary>,
}

/// The same records, with nothing worked out yet.
impl Clone for Compartment {
    fn clone(&self) -> Self {
        Self {
            base: Arc::clone(&self.base),
            delta: self.delta.clone(),
            past: self.past.clone(),
            timeline: self.timeline.clone(),
            proposals: self.proposals.clone(),
            worked_out: WorkedOut::default(),
        }
    }
}

/// The base is packed anew when the changes since pass this number, and this share of it.
const DELTA_ROWS_MAX: usize = 2_000;
const DELTA_SHARE_MAX: usize = 16;

impl Compartment {
    /// Takes in an event.
    pub fn take(&mut self, entry: LogEntry) {
        self.proposals.take(&entry);
        if entry.action().takes_effect() {
            if let Some(before) = self.newest_version(entry.row.id).cloned().filter(|row| !row.withdrawn) {
                self.past.push(before, entry.row.revision);
            }
            self.delta.insert(Arc::clone(&entry.row));
        }
        self.timeline.push(entry);
    }

    /// Packs for reading what has come together; `all` whatever there is.
    pub fn settle(&mut self, all: bool) {
        if all || self.delta.len() > DELTA_ROWS_MAX.max(self.base.len() / DELTA_SHARE_MAX) {
            self.pack();
        }
        self.past.settle();
        self.worked_out = WorkedOut::default();
    }

    fn pack(&mut self) {
        let kept = Collection::ALL.into_iter().flat_map(|collection| self.base.rows(collection));
        let kept = kept.chain(self.base.withdrawn()).filter(|row| !self.delta.replaces(row.id));
        let all = kept.chain(self.delta.all()).cloned().collect();
        (self.base, self.delta) = (Arc::new(Base::pack(all)), Delta::default());
    }

    /// The last revision that something happened at; 0 where nothing has.
    pub fn revision(&self) -> u64 {
        self.timeline.last().map_or(0, |entry| entry.row.revision)
    }

    /// When the last event up to a revision was recorded.
    pub fn recorded_at(&self, revision: u64) -> Option<Timestamp> {
        self.timeline.until(revision).map(|entry| entry.row.recorded_at)
    }

    /// The newest version of a record that stands or stood here.
    pub fn newest_version(&self, id: RecordId) -> Option<&Arc<Row>> {
        self.delta.get(id).or_else(|| self.base.get(id))
    }

    /// Every row of a collection at the newest revision, in order of identifiers.
    pub fn items(&self, collection: Collection) -> &[Arc<Row>] {
        if self.delta.len() == 0 {
            return self.base.rows(collection);
        }
        self.worked_out.items[collection.index()].get_or_init(|| {
            let mut rows: Vec<_> = self.rows(collection, u64::MAX).cloned().collect();
            // Sorted runs: the sort merges them in one pass.
            rows.sort_by_key(|row| row.id);
            rows
        })
    }

    /// Numbers at the newest revision.
    pub fn summary(&self) -> &Summary {
        self.worked_out.summary.get_or_init(|| {
            Summary::of(Collection::ALL.into_iter().flat_map(|collection| self.rows(collection, u64::MAX)))
        })
    }

    /// Rows of a collection that were present at a revision.
    pub fn rows(&self, collection: Collection, revision: u64) -> impl Iterator<Item = &Arc<Row>> {
        let packed = self.base.rows(collection).iter().filter(|row| !self.delta.replaces(row.id));
        let newest = packed.chain(self.delta.rows(collection)).filter(move |row| row.revision <= revision);
        newest.chain(self.replaced(collection, revision))
    }

    /// Of them those that have no place on the map.
    pub fn not_placed(&self, collection: Collection, revision: u64) -> impl Iterator<Item = &Arc<Row>> {
        let packed = self.base.not_placed(collection).iter().filter(|row| !self.delta.replaces(row.id));
        let newest = packed.chain(self.delta.rows(collection)).filter(move |row| row.revision <= revision);
        newest.chain(self.replaced(collection, revision)).filter(|row| row.drawn.is_none())
    }

    /// Of them those with a box that touches `bounds`; one with two boxes may come twice.
    pub fn touching(&self, collection: Collection, bounds: &Bounds, revision: u64) -> Vec<&Arc<Row>> {
        let packed = self.base.touching(collection, bounds).filter(|row| !self.delta.replaces(row.id));
        let touches = |row: &&Arc<Row>| row.boxes.iter().any(|own| own.touches(bounds));
        let newest = packed.chain(self.delta.rows(collection).filter(touches));
        let mut rows: Vec<_> = newest.filter(|row| row.revision <= revision).collect();
        if self.is_past(revision) {
            rows.extend(self.past.touching(collection, *bounds, revision));
        }
        rows
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
