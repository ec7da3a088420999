//! The register at one revision: never changed, shared by `Arc`; readers never wait.

use std::sync::{Arc, OnceLock};

use access::Scope;
use jiff::Timestamp;
use model::{Bounds, Collection, RecordId};

use crate::base::{Base, Delta};
use crate::{Layer, Row, Summary};

/// Every record as known at one revision.
///
/// All questions take a [`Scope`]: it will choose the compartments that are asked. There is one so far.
pub struct Snapshot {
    epoch: Arc<str>,
    revision: u64,
    recorded_at: Option<Timestamp>,
    base: Arc<Base>,
    delta: Delta,
    /// Rows of a collection in order, worked out when first asked for.
    items: [OnceLock<Vec<Arc<Row>>>; Collection::COUNT],
    summary: OnceLock<Summary>,
}

/// The base is packed anew when the changes since pass this number, and this share of it.
const DELTA_ROWS_MAX: usize = 2_000;
const DELTA_SHARE_MAX: usize = 16;

impl Snapshot {
    /// The snapshot of an empty register.
    pub fn empty(epoch: &str) -> Self {
        Self::freeze(epoch, 0, None, Vec::new())
    }

    /// Freezes rows, packed for reading. Of several with one identifier the last counts.
    pub fn freeze(epoch: &str, revision: u64, recorded_at: Option<Timestamp>, rows: Vec<Arc<Row>>) -> Self {
        Self::new(epoch.into(), revision, recorded_at, Arc::new(Base::pack(rows)), Delta::default())
    }

    /// The next snapshot: with new rows, or newer versions of rows.
    ///
    /// It costs what the rows changed since the last packing cost, not what the register does, except when
    /// so many have come together that all is packed anew.
    pub fn with(&self, revision: u64, recorded_at: Timestamp, rows: Vec<Arc<Row>>) -> Self {
        let changed = self.delta.len() + rows.len();
        let epoch = Arc::clone(&self.epoch);
        if changed > DELTA_ROWS_MAX.max(self.base.len() / DELTA_SHARE_MAX) {
            let mut all: Vec<_> = self.rows().cloned().collect();
            all.extend(rows);
            return Self::new(
                epoch,
                revision,
                Some(recorded_at),
                Arc::new(Base::pack(all)),
                Delta::default(),
            );
        }
        Self::new(epoch, revision, Some(recorded_at), Arc::clone(&self.base), self.delta.with(rows))
    }

    fn new(
        epoch: Arc<str>,
        revision: u64,
        recorded_at: Option<Timestamp>,
        base: Arc<Base>,
        delta: Delta,
    ) -> Self {
        let items = [const { OnceLock::new() }; Collection::COUNT];
        Self { epoch, revision, recorded_at, base, delta, items, summary: OnceLock::new() }
    }

    /// The revision that all answers are of.
    pub fn revision(&self) -> u64 {
        self.revision
    }

    /// When that revision was recorded; `None` for an empty register.
    pub fn recorded_at(&self) -> Option<Timestamp> {
        self.recorded_at
    }

    /// The log's epoch: revisions are comparable only within one.
    pub fn epoch(&self) -> &str {
        &self.epoch
    }

    /// The record of that collection and identifier.
    pub fn get(&self, scope: &Scope, collection: Collection, id: RecordId) -> Option<&Arc<Row>> {
        self.by_id(scope, id).filter(|row| row.collection == collection)
    }

    /// The record of that identifier, of whatever collection.
    pub fn by_id(&self, _scope: &Scope, id: RecordId) -> Option<&Arc<Row>> {
        let packed = || Collection::ALL.into_iter().find_map(|collection| self.base.get(collection, id));
        self.delta.get(id).or_else(packed)
    }

    /// Every row of a collection, placed or not, in order of identifiers.
    pub fn items<'a>(&'a self, _scope: &Scope, collection: Collection) -> &'a [Arc<Row>] {
        if self.delta.len() == 0 {
            return self.base.rows(collection);
        }
        self.items[collection.index()].get_or_init(|| {
            let mut rows: Vec<_> = self.rows_of(collection).cloned().collect();
            // Two sorted runs: the sort merges them in one pass.
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
            rows.extend(packed.chain(self.delta.rows(collection).filter(touches)));
        }
        rows.sort_unstable_by_key(|row| row.id);
        rows.dedup_by_key(|row| row.id);
        rows
    }

    /// Rows of a collection that have no place on the map.
    pub(crate) fn not_placed(&self, collection: Collection) -> impl Iterator<Item = &Arc<Row>> {
        let packed = self.base.not_placed(collection).iter().filter(|row| !self.delta.replaces(row.id));
        packed.chain(self.delta.rows(collection).filter(|row| row.drawn.is_none()))
    }

    /// Numbers about every collection; worked out once.
    pub fn summary(&self, _scope: &Scope) -> Summary {
        self.summary.get_or_init(|| Summary::of(self.rows())).clone()
    }

    fn rows(&self) -> impl Iterator<Item = &Arc<Row>> {
        Collection::ALL.into_iter().flat_map(|collection| self.rows_of(collection))
    }

    fn rows_of(&self, collection: Collection) -> impl Iterator<Item = &Arc<Row>> {
        let packed = self.base.rows(collection).iter().filter(|row| !self.delta.replaces(row.id));
        packed.chain(self.delta.rows(collection))
    }
}
