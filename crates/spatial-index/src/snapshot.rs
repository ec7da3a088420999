//! The register at one revision: never changed, shared by `Arc`; readers never wait.

use std::collections::HashSet;
use std::sync::{Arc, OnceLock};

use access::Scope;
use jiff::Timestamp;
use model::{Bounds, Collection, RecordId};

use crate::base::{Base, Delta};
use crate::findings::Shared;
use crate::log_entry::Timeline;
use crate::past::Past;
use crate::proposal::Proposals;
use crate::{Layer, LogEntry, Row, Summary};

/// Every record as known at one revision.
///
/// All questions take a [`Scope`]: it will choose the compartments that are asked. There is one so far.
pub struct Snapshot {
    epoch: Arc<str>,
    /// The revision that is shown; `newest` unless the past is.
    revision: u64,
    recorded_at: Option<Timestamp>,
    newest: u64,
    base: Arc<Base>,
    delta: Delta,
    past: Past,
    timeline: Timeline,
    pub(crate) proposals: Proposals,
    /// Rows of a collection in order, worked out when first asked for.
    items: [OnceLock<Vec<Arc<Row>>>; Collection::COUNT],
    summary: OnceLock<Summary>,
    /// What records share with their neighbours: nothing until somebody asks.
    pub(crate) shared: OnceLock<Shared>,
}

/// The base is packed anew when the changes since pass this number, and this share of it.
const DELTA_ROWS_MAX: usize = 2_000;
const DELTA_SHARE_MAX: usize = 16;
/// Most changed records whose neighbours are looked at in the commit itself.
const FOLLOWED_MAX: usize = 200;

impl Snapshot {
    /// The snapshot of an empty register.
    pub fn empty(epoch: &str) -> Self {
        Self::new(epoch.into(), 0, None, Arc::new(Base::pack(Vec::new())))
    }

    /// The snapshot of a whole log, its events in order, packed for reading.
    pub fn freeze(
        epoch: &str,
        revision: u64,
        recorded_at: Option<Timestamp>,
        entries: Vec<LogEntry>,
    ) -> Self {
        let mut snapshot = Self::empty(epoch);
        entries.into_iter().for_each(|entry| snapshot.take(entry));
        (snapshot.revision, snapshot.newest, snapshot.recorded_at) = (revision, revision, recorded_at);
        snapshot.pack();
        snapshot.past.settle();
        snapshot
    }

    /// The next snapshot, after further events.
    ///
    /// It costs what the rows changed since the last packing cost, not what the register does, except when
    /// so many have come together that all is packed anew.
    pub fn with(&self, revision: u64, recorded_at: Timestamp, entries: Vec<LogEntry>) -> Self {
        let mut next = self.copy();
        let ids: HashSet<_> = entries.iter().map(|entry| entry.row.id).collect();
        entries.into_iter().for_each(|entry| next.take(entry));
        (next.revision, next.newest, next.recorded_at) = (revision, revision, Some(recorded_at));
        // After very many changes it is worked out anew when somebody asks.
        if let Some(shared) = self.shared.get().filter(|_| ids.len() <= FOLLOWED_MAX) {
            let _ = next.shared.set(shared.after(&next, &self.concerned_by(&next, &ids)));
        }
        if next.delta.len() > DELTA_ROWS_MAX.max(next.base.len() / DELTA_SHARE_MAX) {
            next.pack();
        }
        next.past.settle();
        next
    }

    /// The register as it was known at a revision; `None` for a revision that has not been yet.
    ///
    /// Questions to it cost what they cost of the present, and what they cost of the versions replaced since.
    pub fn known_at(&self, revision: u64) -> Option<Self> {
        if revision > self.newest {
            return None;
        }
        let mut view = self.copy();
        view.revision = revision;
        view.recorded_at = self.timeline.get(revision).map(|entry| entry.row.recorded_at);
        Some(view)
    }

    /// Records whose shared findings may be others in `next`, after a change of `ids`.
    fn concerned_by(&self, next: &Self, ids: &HashSet<RecordId>) -> HashSet<RecordId> {
        let scope = Scope::operator();
        let in_one = |snapshot: &Self| {
            let rows = ids.iter().filter_map(|id| snapshot.newest_version(*id)).filter(|row| !row.withdrawn);
            rows.flat_map(|row| snapshot.concerned(&scope, row)).collect::<Vec<_>>()
        };
        in_one(self).into_iter().chain(in_one(next)).chain(ids.iter().copied()).collect()
    }

    /// The last revision that was recorded at or before a time; `None` before the first.
    pub fn revision_at(&self, time: Timestamp) -> Option<u64> {
        self.timeline.revision_at(time)
    }

    /// The same records, with nothing worked out yet.
    fn copy(&self) -> Self {
        Self {
            newest: self.newest,
            delta: self.delta.clone(),
            past: self.past.clone(),
            timeline: self.timeline.clone(),
            proposals: self.proposals.clone(),
            ..Self::new(Arc::clone(&self.epoch), self.revision, self.recorded_at, Arc::clone(&self.base))
        }
    }

    fn new(epoch: Arc<str>, revision: u64, recorded_at: Option<Timestamp>, base: Arc<Base>) -> Self {
        Self {
            epoch,
            revision,
            recorded_at,
            newest: revision,
            base,
            delta: Delta::default(),
            past: Past::default(),
            timeline: Timeline::default(),
            proposals: Proposals::default(),
            items: [const { OnceLock::new() }; Collection::COUNT],
            summary: OnceLock::new(),
            shared: OnceLock::new(),
        }
    }

    fn take(&mut self, mut entry: LogEntry) {
        let before = self.newest_version(entry.row.id).cloned();
        entry.previous = before.as_ref().map_or(0, |row| row.revision);
        self.proposals.take(&entry);
        if entry.action().takes_effect() {
            if let Some(before) = before.filter(|row| !row.withdrawn) {
                self.past.push(before, entry.row.revision);
            }
            self.delta.insert(Arc::clone(&entry.row));
        }
        self.timeline.push(entry);
    }

    fn pack(&mut self) {
        let kept = Collection::ALL.into_iter().flat_map(|collection| self.base.rows(collection));
        let kept = kept.chain(self.base.withdrawn()).filter(|row| !self.delta.replaces(row.id));
        let all = kept.chain(self.delta.all()).cloned().collect();
        (self.base, self.delta) = (Arc::new(Base::pack(all)), Delta::default());
    }

    /// The revision that all answers are of.
    pub fn revision(&self) -> u64 {
        self.revision
    }

    /// When that revision was recorded; `None` for an empty register.
    pub fn recorded_at(&self) -> Option<Timestamp> {
        self.recorded_at
    }

    /// Whether later revisions exist that the answers do not know.
    pub fn is_past(&self) -> bool {
        self.revision < self.newest
    }

    /// The log's epoch: revisions are comparable only within one.
    pub fn epoch(&self) -> &str {
        &self.epoch
    }

    /// The record of that collection and identifier.
    pub fn get(&self, scope: &Scope, collection: Collection, id: RecordId) -> Option<&Arc<Row>> {
        self.by_id(scope, id).filter(|row| row.collection == collection)
    }

    /// The record of that identifier, of whatever collection; not one that is withdrawn.
    pub fn by_id(&self, scope: &Scope, id: RecordId) -> Option<&Arc<Row>> {
        self.version(scope, id).filter(|row| !row.withdrawn)
    }

    /// The version of a record, also where it is the one by which it was withdrawn.
    pub fn version(&self, _scope: &Scope, id: RecordId) -> Option<&Arc<Row>> {
        let mut row = self.newest_version(id)?;
        while row.revision > self.revision {
            let previous = self.timeline.get(row.revision)?.previous;
            row = &self.timeline.get(previous)?.row;
        }
        Some(row)
    }

    fn newest_version(&self, id: RecordId) -> Option<&Arc<Row>> {
        self.delta.get(id).or_else(|| self.base.get(id))
    }

    /// Everything that happened to a record up to this revision, oldest first: its versions, what was proposed
    /// and what was rejected.
    pub fn history(&self, scope: &Scope, id: RecordId) -> Vec<&LogEntry> {
        let versions = std::iter::successors(
            self.version(scope, id).and_then(|row| self.timeline.get(row.revision)),
            |entry| self.timeline.get(entry.previous),
        );
        let about = self.proposals.about(id).flat_map(|proposal| {
            let rejected = proposal.decision.as_ref().filter(|d| !d.approved).map(|d| d.revision);
            [Some(proposal.number()), rejected].into_iter().flatten()
        });
        let about = about.filter(|revision| *revision <= self.revision);
        let mut entries: Vec<_> =
            versions.chain(about.filter_map(|revision| self.timeline.get(revision))).collect();
        entries.sort_unstable_by_key(|entry| entry.row.revision);
        entries
    }

    /// The version of a record that an event replaced or would have replaced.
    pub fn before(&self, entry: &LogEntry) -> Option<&Arc<Row>> {
        self.timeline.get(entry.previous).map(|entry| &entry.row)
    }

    /// The event of a revision.
    pub fn event(&self, revision: u64) -> Option<&LogEntry> {
        self.timeline.get(revision).filter(|_| revision <= self.revision)
    }

    /// The events after a revision, up to the one that is shown, in order.
    pub fn events_after(&self, _scope: &Scope, revision: u64) -> impl Iterator<Item = &LogEntry> {
        self.timeline.after(revision).take_while(|entry| entry.row.revision <= self.revision)
    }

    /// When the first event was recorded.
    pub fn first_recorded_at(&self) -> Option<Timestamp> {
        self.timeline.first().map(|entry| entry.row.recorded_at)
    }

    /// Every row of a collection, placed or not, in order of identifiers.
    pub fn items<'a>(&'a self, _scope: &Scope, collection: Collection) -> &'a [Arc<Row>] {
        if self.delta.len() == 0 && !self.is_past() {
            return self.base.rows(collection);
        }
        self.items[collection.index()].get_or_init(|| {
            let mut rows: Vec<_> = self.rows_of(collection).cloned().collect();
            // Sorted runs: the sort merges them in one pass.
            rows.sort_by_key(|row| row.id);
            rows
        })
    }

    /// Rows of the layer whose boxes touch `bounds`: by collection, then in order of identifiers.
    ///
    /// Boxes are rounded outward: a row may be named whose shape does not touch, none that does is missing.
    pub fn touching<'a>(&'a self, _scope: &Scope, layer: Layer, bounds: &Bounds) -> Vec<&'a Arc<Row>> {
        let in_collection = |collection| {
            let mut rows = self.touching_any_box(collection, std::iter::once(*bounds));
            rows.retain(|row| layer.holds(row));
            rows
        };
        layer.collections().flat_map(in_collection).collect()
    }

    /// Rows of a collection with a box that touches one of the boxes, in order of identifiers, each once.
    pub(crate) fn touching_any_box(
        &self,
        collection: Collection,
        boxes: impl Iterator<Item = Bounds>,
    ) -> Vec<&Arc<Row>> {
        let mut rows = Vec::new();
        for bounds in boxes {
            let packed = self.base.touching(collection, &bounds).filter(|row| !self.delta.replaces(row.id));
            let touches = |row: &&Arc<Row>| row.boxes.iter().any(|own| own.touches(&bounds));
            let newest = packed.chain(self.delta.rows(collection).filter(touches));
            rows.extend(newest.filter(|row| row.revision <= self.revision));
            if self.is_past() {
                rows.extend(self.past.touching(collection, bounds, self.revision));
            }
        }
        rows.sort_unstable_by_key(|row| row.id);
        rows.dedup_by_key(|row| row.id);
        rows
    }

    /// Rows of a collection that have no place on the map.
    pub(crate) fn not_placed(&self, collection: Collection) -> impl Iterator<Item = &Arc<Row>> {
        let packed = self.base.not_placed(collection).iter().filter(|row| !self.delta.replaces(row.id));
        let newest = packed.chain(self.delta.rows(collection)).filter(|row| row.revision <= self.revision);
        newest.chain(self.replaced(collection)).filter(|row| row.drawn.is_none())
    }

    /// Numbers about every collection; worked out once.
    pub fn summary(&self, _scope: &Scope) -> Summary {
        self.summary.get_or_init(|| Summary::of(self.rows())).clone()
    }

    pub(crate) fn rows(&self) -> impl Iterator<Item = &Arc<Row>> {
        Collection::ALL.into_iter().flat_map(|collection| self.rows_of(collection))
    }

    fn rows_of(&self, collection: Collection) -> impl Iterator<Item = &Arc<Row>> {
        let packed = self.base.rows(collection).iter().filter(|row| !self.delta.replaces(row.id));
        let newest = packed.chain(self.delta.rows(collection)).filter(|row| row.revision <= self.revision);
        newest.chain(self.replaced(collection))
    }

    /// Versions that were present at this revision and have been replaced since.
    fn replaced(&self, collection: Collection) -> impl Iterator<Item = &Arc<Row>> {
        let past = self.is_past().then(|| self.past.rows(collection, self.revision));
        past.into_iter().flatten()
    }
}
