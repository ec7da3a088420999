//! What the writer knows: the present version of each record, and by what records are known again.

use std::collections::{BTreeSet, HashMap};
use std::sync::Arc;

use model::{Identity, Record, RecordId};
use spatial_index::Row;

use crate::identity::{Key, external_in};

/// Present versions and identities. It only grows, or a version takes the place of an earlier one.
#[derive(Default)]
pub struct State {
    known: HashMap<RecordId, Known>,
    identities: HashMap<Key, Ids>,
}

/// Records of one identity: nearly always one, at times (a column that is the same for all) every record.
enum Ids {
    One(RecordId),
    Several(BTreeSet<RecordId>),
}

impl Ids {
    fn add(&mut self, id: RecordId) {
        match self {
            Self::One(only) if *only == id => {}
            Self::One(only) => *self = Self::Several(BTreeSet::from([*only, id])),
            Self::Several(ids) => ids.extend([id]),
        }
    }

    fn each(&self, mut take: impl FnMut(RecordId)) {
        match self {
            Self::One(only) => take(*only),
            Self::Several(ids) => ids.iter().copied().for_each(take),
        }
    }
}

/// The present version of a record.
#[derive(Clone)]
pub struct Known {
    /// As it is drawn and served.
    pub row: Arc<Row>,
    /// Fingerprint of the draft it came from.
    pub content: [u8; 32],
}

impl Known {
    /// The record parsed out of its stored form; `None` where it cannot be, which is never taken for equal.
    pub fn record(&self) -> Option<Record> {
        let properties = serde_json::from_str(&self.row.properties).ok()?;
        Record::from_properties(self.row.id, self.row.collection, self.row.geometry.clone(), properties).ok()
    }
}

impl State {
    /// Takes in a version, known by the identity it came with and, besides, by the operator's.
    pub fn fold(&mut self, row: Arc<Row>, identity: Identity, content: [u8; 32]) {
        if let Identity::Own(_) = identity
            && let Some(external) = external_in(&row.properties)
        {
            self.name((row.collection, external), row.id);
        }
        self.name((row.collection, identity), row.id);
        self.known.insert(row.id, Known { row, content });
    }

    fn name(&mut self, key: Key, id: RecordId) {
        self.identities.entry(key).and_modify(|ids| ids.add(id)).or_insert(Ids::One(id));
    }

    /// Takes in everything of a later state.
    pub fn absorb(&mut self, later: State) {
        self.known.extend(later.known);
        for (key, ids) in later.identities {
            ids.each(|id| self.name(key.clone(), id));
        }
    }

    /// Every present version.
    pub fn rows(&self) -> Vec<Arc<Row>> {
        self.known.values().map(|known| Arc::clone(&known.row)).collect()
    }
}

/// The state with what is decided, but not yet written.
pub struct View<'a> {
    /// What is written.
    pub base: &'a State,
    /// What is decided since.
    pub pending: &'a State,
}

impl View<'_> {
    /// The present version of a record.
    pub fn get(&self, id: RecordId) -> Option<&Known> {
        self.pending.known.get(&id).or_else(|| self.base.known.get(&id))
    }

    /// Records of that collection with that identity.
    pub fn with_identity(&self, key: &Key) -> BTreeSet<RecordId> {
        let mut ids = BTreeSet::new();
        if let (collection, Identity::Own(id)) = key {
            ids.extend(self.get(*id).filter(|known| known.row.collection == *collection).map(|_| *id));
        }
        for state in [self.base, self.pending] {
            if let Some(named) = state.identities.get(key) {
                named.each(|id| ids.extend([id]));
            }
        }
        ids
    }
}
