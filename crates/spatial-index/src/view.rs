//! What somebody sees of the register at one revision, and every question to it.

use std::collections::HashSet;
use std::sync::{Arc, OnceLock};

use access::Scope;
use jiff::Timestamp;
use model::{Bounds, Collection, RecordId};

use crate::compartment::Compartment;
use crate::findings::Shared;
use crate::placed::Placed;
use crate::{Layer, LogEntry, Row, Summary};

/// The opened compartments of a [`crate::Snapshot`]: nothing else can be found, counted or guessed through it.
///
/// Revisions are those of the last events that are seen; whoever sees only public forms sees the public's own.
pub struct View {
    epoch: Arc<str>,
    scope: Scope,
    parts: Vec<Part>,
    /// The revision that is shown; `newest` unless the past is.
    revision: u64,
    newest: u64,
    recorded_at: Option<Timestamp>,
    /// Rows of a collection in order as they were in the past, worked out when first asked for.
    items_of_past: [OnceLock<Vec<Arc<Row>>>; Collection::COUNT],
    summary: OnceLock<Summary>,
    /// What records share with their neighbours: nothing until somebody asks.
    pub(crate) shared: OnceLock<Shared>,
}

/// An opened compartment.
#[derive(Clone)]
pub(crate) struct Part {
    pub compartment: Arc<Compartment>,
    /// Whether it holds records, and not public forms.
    pub is_exact: bool,
}

/// Most changed records whose neighbours are looked at when a view follows an earlier one.
const FOLLOWED_MAX: usize = 200;

impl View {
    pub(crate) fn of(epoch: Arc<str>, scope: Scope, parts: Vec<Part>) -> Self {
        let newest = parts.iter().map(|part| part.compartment.revision()).max().unwrap_or(0);
        Self::at_revision(epoch, scope, parts, newest, newest)
    }

    fn at_revision(epoch: Arc<str>, scope: Scope, parts: Vec<Part>, newest: u64, revision: u64) -> Self {
        let recorded_at = parts.iter().filter_map(|part| part.compartment.recorded_at(revision)).max();
        Self {
            epoch,
            scope,
            parts,
            revision,
            newest,
            recorded_at,
            items_of_past: [const { OnceLock::new() }; Collection::COUNT],
            summary: OnceLock::new(),
            shared: OnceLock::new(),
        }
    }

    /// The same as it was known at a revision; `None` for a revision that has not been yet, and for the public, which
    /// sees the present only: what was taken out of publication is not to be had from the past.
    ///
    /// Questions to it cost what they cost of the present, and what they cost of the versions replaced since.
    pub fn known_at(&self, revision: u64) -> Option<Self> {
        let may = revision <= self.newest && !self.scope.is_public();
        let (epoch, scope) = (Arc::clone(&self.epoch), self.scope.clone());
        may.then(|| Self::at_revision(epoch, scope, self.parts.clone(), self.newest, revision))
    }

    /// The last revision that was recorded at or before a time; `None` before the first.
    pub fn revision_at(&self, time: Timestamp) -> Option<u64> {
        self.parts.iter().filter_map(|part| part.compartment.timeline.revision_at(time)).max()
    }

    /// What it sees.
    pub fn scope(&self) -> &Scope {
        &self.scope
    }

    /// Whether both show the same, unchanged.
    pub(crate) fn is_same(&self, other: &Self) -> bool {
        let same = |(one, other): (&Part, &Part)| Arc::ptr_eq(&one.compartment, &other.compartment);
        self.parts.len() == other.parts.len()
            && self.revision == other.revision
            && self.epoch == other.epoch
            && self.parts.iter().zip(&other.parts).all(same)
    }

    /// The same, with what an earlier view has found out about neighbours. After very many changes it is worked out
    /// anew when somebody asks.
    pub(crate) fn following(self, earlier: &Self) -> Self {
        let Some(shared) = earlier.shared.get() else { return self };
        let changed = self.events_after(earlier.revision).take(FOLLOWED_MAX + 1).map(|entry| entry.row.id);
        let ids: HashSet<_> = changed.collect();
        if ids.len() <= FOLLOWED_MAX {
            let concerned: HashSet<_> = [earlier, &self]
                .into_iter()
                .flat_map(|view| view.concerned_by(&ids))
                .chain(ids.clone())
                .collect();
            let _ = self.shared.set(shared.after(&self, &concerned));
        }
        self
    }

    /// Records whose shared findings may be others when these change.
    fn concerned_by(&self, ids: &HashSet<RecordId>) -> Vec<RecordId> {
        let rows = ids.iter().filter_map(|id| self.by_id(*id));
        rows.flat_map(|row| self.concerned(row)).collect()
    }

    /// The revision that all answers are of.
    pub fn revision(&self) -> u64 {
        self.revision
    }

    /// When that revision was recorded; `None` where there is none.
    pub fn recorded_at(&self) -> Option<Timestamp> {
        self.recorded_at
    }

    /// Whether later revisions exist that the answers do not know.
    pub fn is_past(&self) -> bool {
        self.revision < self.newest
    }

    /// The epoch of the numbering: revisions are comparable only within one.
    pub fn epoch(&self) -> &str {
        &self.epoch
    }

    fn all(&self) -> impl Iterator<Item = &Compartment> {
        self.parts.iter().map(|part| &*part.compartment)
    }

    /// The opened compartments of records as they are.
    pub(crate) fn exact(&self) -> impl Iterator<Item = &Compartment> {
        self.parts.iter().filter(|part| part.is_exact).map(|part| &*part.compartment)
    }

    /// The record of that collection and identifier.
    pub fn get(&self, collection: Collection, id: RecordId) -> Option<&Arc<Row>> {
        self.by_id(id).filter(|row| row.collection() == collection)
    }

    /// The record of that identifier, of whatever collection; not one that is withdrawn.
    pub fn by_id(&self, id: RecordId) -> Option<&Arc<Row>> {
        self.version(id).filter(|row| !row.is_withdrawn())
    }

    /// The version of a record, also where it is the one by which it was withdrawn.
    pub fn version(&self, id: RecordId) -> Option<&Arc<Row>> {
        let newest = self.all().filter_map(|part| part.newest_version(id));
        // Where a record went from one opened compartment to another, both have its last event.
        let mut row = newest.max_by_key(|row| (row.revision, !row.has_left()))?;
        while row.revision > self.revision {
            let previous = self.entry(id, row.revision)?.previous;
            row = &self.entry(id, previous)?.row;
        }
        Some(row).filter(|row| !row.has_left())
    }

    /// The personal data of a record, as the text of a JSON object, where it is seen and there is any.
    pub fn personal<'r>(&self, row: &'r Row) -> Option<&'r str> {
        row.personal().filter(|_| self.scope.opens_personal(row.owner()))
    }

    /// The event of a revision that is about a record, whether it is shown or later. A record and its public form share
    /// revisions, and not identifiers.
    fn entry(&self, id: RecordId, revision: u64) -> Option<&LogEntry> {
        let found = self.all().filter_map(|part| part.timeline.get(revision));
        found.filter(|entry| entry.row.id == id).max_by_key(|entry| !entry.row.has_left())
    }

    /// Everything that happened to a record up to this revision, oldest first: its versions, what was proposed
    /// and what was rejected.
    pub fn history(&self, id: RecordId) -> Vec<&LogEntry> {
        let versions =
            std::iter::successors(self.version(id).and_then(|row| self.entry(id, row.revision)), |entry| {
                self.entry(id, entry.previous)
            });
        let versions: Vec<_> = versions.filter(|entry| !entry.row.has_left()).collect();
        if versions.is_empty() {
            return versions;
        }
        let about = self.proposals_about(id).flat_map(|proposal| {
            let rejected = proposal.decision.as_ref().filter(|d| !d.approved).map(|d| d.revision);
            [Some(proposal.number()), rejected].into_iter().flatten()
        });
        let about = about.filter(|revision| *revision <= self.revision);
        let about = about.filter_map(|revision| self.entry(id, revision));
        let mut entries: Vec<_> = versions.iter().copied().chain(about).collect();
        entries.sort_unstable_by_key(|entry| entry.row.revision);
        entries.dedup_by_key(|entry| entry.row.revision);
        entries
    }

    /// The version of a record that an event replaced or would have replaced, where it is seen.
    pub fn before(&self, entry: &LogEntry) -> Option<&Arc<Row>> {
        self.entry(entry.row.id, entry.previous).map(|entry| &entry.row).filter(|row| !row.has_left())
    }

    /// The event of a revision, of a record as it is.
    pub fn event(&self, revision: u64) -> Option<&LogEntry> {
        let found = self.exact().filter_map(|part| part.timeline.get(revision));
        found.max_by_key(|entry| !entry.row.has_left()).filter(|_| revision <= self.revision)
    }

    /// The events after a revision, up to the one that is shown, in order. Where a record went from where it is seen as it
    /// is to where its public form is seen, or the other way, there are two of one revision.
    pub fn events_after(&self, revision: u64) -> impl Iterator<Item = &LogEntry> {
        let mut heads: Vec<_> = self.all().map(|part| part.timeline.after(revision).peekable()).collect();
        let next = move || {
            let first =
                heads.iter_mut().filter_map(|head| head.peek().map(|entry| entry.row.revision)).min()?;
            let of_first =
                heads.iter_mut().filter_map(|head| head.next_if(|entry| entry.row.revision == first));
            let mut all: Vec<_> = of_first.collect();
            // What went comes first; that it went from one opened compartment to another is no event.
            all.sort_by_key(|entry| (entry.row.id, !entry.row.has_left()));
            let stays = |entry: &&LogEntry| all.iter().any(|e| e.row.id == entry.row.id && !e.row.has_left());
            let mut told: Vec<_> = all.iter().copied().filter(|e| !e.row.has_left() || !stays(e)).collect();
            told.sort_by_key(|entry| !entry.row.has_left());
            (first <= self.revision).then_some(told)
        };
        std::iter::from_fn(next).flatten()
    }

    /// When the first event was recorded.
    pub fn first_recorded_at(&self) -> Option<Timestamp> {
        self.all().filter_map(|part| part.timeline.first()).map(|entry| entry.row.recorded_at()).min()
    }

    /// Every row of a collection, placed or not, in order of identifiers.
    pub fn items(&self, collection: Collection) -> impl Iterator<Item = &Arc<Row>> {
        self.items_after(collection, None)
    }

    /// The rows of a collection that come after an identifier, in order. What is not taken costs nothing, unless the past is
    /// shown.
    pub fn items_after(
        &self,
        collection: Collection,
        after: Option<RecordId>,
    ) -> impl Iterator<Item = &Arc<Row>> {
        let of_past = self.is_past().then(|| self.items_of_past(collection));
        let of_past =
            of_past.map(|rows| &rows[after.map_or(0, |after| rows.partition_point(|row| row.id <= after))..]);
        let parts = if of_past.is_none() { self.parts.as_slice() } else { &[] };
        let runs = parts.iter().flat_map(move |part| part.compartment.runs(collection, after)).collect();
        of_past.into_iter().flatten().chain(in_order(runs))
    }

    /// How many rows of a collection there are.
    pub fn count(&self, collection: Collection) -> u64 {
        self.summary().collections[collection.index()].records
    }

    fn items_of_past(&self, collection: Collection) -> &[Arc<Row>] {
        self.items_of_past[collection.index()].get_or_init(|| {
            let mut rows: Vec<_> = self.rows_of(collection).cloned().collect();
            rows.sort_by_key(|row| row.id);
            rows
        })
    }

    /// Rows of the layer whose boxes touch `bounds`: by collection, then in order of identifiers.
    ///
    /// Boxes are rounded outward: a row may be named whose shape does not touch, none that does is missing.
    pub fn touching(&self, layer: Layer, bounds: &Bounds) -> Vec<Placed<'_>> {
        let in_collection = |collection| {
            let mut rows = self.touching_any_box(collection, std::iter::once(*bounds));
            rows.retain(|placed| layer.holds(placed.marks()));
            rows
        };
        layer.collections().flat_map(in_collection).collect()
    }

    /// Calls `take` with each of them once, in no order, by the box on its own side of the 180th meridian: what only its
    /// position error reaches beyond is left out.
    pub fn each_touching<'v>(&'v self, layer: Layer, bounds: &Bounds, mut take: impl FnMut(Placed<'v>)) {
        for collection in layer.collections() {
            self.each_in_box(collection, bounds, |placed| {
                if layer.holds(placed.marks()) && !placed.is_beyond() {
                    take(placed);
                }
            });
        }
    }

    /// Calls `take` with each row of a collection with a box that touches `bounds`, in no order; a row with two boxes may come
    /// twice.
    pub(crate) fn each_in_box<'v>(
        &'v self,
        collection: Collection,
        bounds: &Bounds,
        mut take: impl FnMut(Placed<'v>),
    ) {
        for part in self.all() {
            part.touching(collection, bounds, self.revision, &mut take);
        }
    }

    /// Rows of a collection with a box that touches one of the boxes, in order of identifiers, each once.
    pub(crate) fn touching_any_box(
        &self,
        collection: Collection,
        boxes: impl Iterator<Item = Bounds>,
    ) -> Vec<Placed<'_>> {
        touching(self.all(), collection, boxes, self.revision)
    }

    /// The same, of records as they are.
    pub(crate) fn exact_touching_any_box(
        &self,
        collection: Collection,
        boxes: impl Iterator<Item = Bounds>,
    ) -> Vec<Placed<'_>> {
        touching(self.exact(), collection, boxes, self.revision)
    }

    /// Rows of a collection that have no place on the map.
    pub(crate) fn not_placed(&self, collection: Collection) -> impl Iterator<Item = &Arc<Row>> {
        self.all().flat_map(move |part| part.not_placed(collection, self.revision))
    }

    /// Numbers about every collection; worked out once.
    pub fn summary(&self) -> Summary {
        let of_now = || Summary::together(self.all().map(Compartment::summary));
        let of_past =
            || Summary::of(Collection::ALL.into_iter().flat_map(|collection| self.rows_of(collection)));
        self.summary.get_or_init(|| if self.is_past() { of_past() } else { of_now() }).clone()
    }

    /// Every record as it is; no public forms.
    pub(crate) fn exact_rows(&self) -> impl Iterator<Item = &Arc<Row>> {
        let of = move |collection| self.exact().flat_map(move |part| part.rows(collection, self.revision));
        Collection::ALL.into_iter().flat_map(of)
    }

    fn rows_of(&self, collection: Collection) -> impl Iterator<Item = &Arc<Row>> {
        self.all().flat_map(move |part| part.rows(collection, self.revision))
    }
}

fn touching<'a>(
    parts: impl Iterator<Item = &'a Compartment>,
    collection: Collection,
    boxes: impl Iterator<Item = Bounds>,
    revision: u64,
) -> Vec<Placed<'a>> {
    let boxes: Vec<Bounds> = boxes.collect();
    let mut rows = Vec::new();
    for part in parts {
        for bounds in &boxes {
            part.touching(collection, bounds, revision, |placed| rows.push(placed));
        }
    }
    rows.sort_unstable_by_key(Placed::id);
    rows.dedup_by_key(|placed| placed.id());
    rows
}

/// Runs in order as one in order.
fn in_order<'a>(
    runs: Vec<Box<dyn Iterator<Item = &'a Arc<Row>> + 'a>>,
) -> impl Iterator<Item = &'a Arc<Row>> {
    let mut heads: Vec<_> = runs.into_iter().map(Iterator::peekable).collect();
    std::iter::from_fn(move || {
        let first = |(at, head): (usize, &mut std::iter::Peekable<_>)| {
            head.peek().map(|row: &&Arc<Row>| (row.id, at))
        };
        let (_, at) = heads.iter_mut().enumerate().filter_map(|(at, head)| first((at, head))).min()?;
        heads[at].next()
    })
}
