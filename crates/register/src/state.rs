//! What the writer knows: the present version of each record, and by what records are known again.

use std::collections::{BTreeSet, HashMap};
use std::sync::Arc;

use model::{Action, Identity, Record, RecordId, Request};
use spatial_index::Row;

use crate::identity::{Key, external_in, name_of};

/// Present versions and identities. It only grows, or a version takes the place of an earlier one.
#[derive(Default)]
pub struct State {
    known: HashMap<RecordId, Known>,
    identities: HashMap<Name, Ids>,
    proposed: HashMap<RecordId, Vec<Proposed>>,
    requests: HashMap<(Arc<str>, String), Answered>,
}

/// A proposal as it is recognised when it comes again.
#[derive(Clone)]
pub struct Proposed {
    /// The revision that proposed it.
    pub number: u64,
    /// The version as proposed.
    pub row: Arc<Row>,
    /// What the record is known by.
    pub identity: Identity,
    /// Fingerprint of the draft it came from.
    pub content: [u8; 32],
}

/// What a request with a key led to.
#[derive(Clone)]
pub struct Answered {
    /// Fingerprint of the request.
    pub fingerprint: String,
    /// The events it made, in order.
    pub revisions: Vec<u64>,
}

/// One event, as it is taken in.
pub struct Folded<'a> {
    /// What it did.
    pub action: &'a Action,
    /// The request that made it.
    pub request: Option<&'a Request>,
    /// The version it made or proposed.
    pub row: Arc<Row>,
    /// What the record is known by.
    pub identity: Identity,
    /// Fingerprint of the draft it came from.
    pub content: [u8; 32],
}

/// The first half of the SHA-256 of a collection and an identity: a register of any size has no two that are equal by chance.
type Name = [u8; 16];

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
        let properties = serde_json::from_str(&self.row.whole_properties()).ok()?;
        Record::from_properties(self.row.id, self.row.collection(), self.row.geometry(), properties).ok()
    }
}

impl State {
    /// Takes in an event.
    pub fn fold(&mut self, event: Folded<'_>) {
        let Folded { action, request, row, identity, content } = event;
        if let Some(request) = request {
            let key = (Arc::clone(row.recorded_by()), request.key.clone());
            let answered = || Answered { fingerprint: request.fingerprint.clone(), revisions: Vec::new() };
            self.requests.entry(key).or_insert_with(answered).revisions.push(row.revision);
        }
        match action {
            Action::Version | Action::Approval { .. } | Action::Acceptance => {
                self.fold_version(row, identity, content);
            }
            Action::Proposal { .. } => {
                let (number, id) = (row.revision, row.id);
                let proposed = Proposed { number, row, identity, content };
                self.proposed.entry(id).or_default().push(proposed);
            }
            Action::Rejection { .. } => {}
        }
    }

    /// Takes in a version, known by the identity it came with and, besides, by the operator's.
    fn fold_version(&mut self, row: Arc<Row>, identity: Identity, content: [u8; 32]) {
        if let Identity::Own(_) = identity
            && let Some(external) = external_in(&row.properties())
        {
            self.name(name_of(&(row.collection(), external)), row.id);
        }
        self.name(name_of(&(row.collection(), identity)), row.id);
        self.known.insert(row.id, Known { row, content });
    }

    fn name(&mut self, name: Name, id: RecordId) {
        self.identities.entry(name).and_modify(|ids| ids.add(id)).or_insert(Ids::One(id));
    }

    /// Takes in everything of a later state.
    pub fn absorb(&mut self, later: State) {
        self.known.extend(later.known);
        for (name, ids) in later.identities {
            ids.each(|id| self.name(name, id));
        }
        for (id, proposed) in later.proposed {
            self.proposed.entry(id).or_default().extend(proposed);
        }
        for (key, answered) in later.requests {
            let revisions = answered.revisions.clone();
            self.requests
                .entry(key)
                .and_modify(|known| known.revisions.extend(revisions))
                .or_insert(answered);
        }
    }

    /// The present version of a record.
    pub fn known(&self, id: RecordId) -> Option<&Known> {
        self.known.get(&id)
    }

    /// What the author's request of that key led to.
    pub fn answered(&self, author: &str, key: &str) -> Option<&Answered> {
        self.requests.get(&(Arc::from(author), key.to_owned()))
    }

    /// The proposal of that number about a record.
    pub fn proposed(&self, id: RecordId, number: u64) -> Option<&Proposed> {
        self.proposed.get(&id)?.iter().find(|proposed| proposed.number == number)
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

    /// Whether just this content has been proposed for the record.
    pub fn was_proposed(&self, id: RecordId, content: &[u8; 32]) -> bool {
        let in_state = |state: &State| {
            state.proposed.get(&id).is_some_and(|all| all.iter().any(|one| one.content == *content))
        };
        in_state(self.base) || in_state(self.pending)
    }

    /// Records of that collection with that identity.
    pub fn with_identity(&self, key: &Key) -> BTreeSet<RecordId> {
        let mut ids = BTreeSet::new();
        if let (collection, Identity::Own(id)) = key {
            ids.extend(self.get(*id).filter(|known| known.row.collection() == *collection).map(|_| *id));
        }
        for state in [self.base, self.pending] {
            if let Some(named) = state.identities.get(&name_of(key)) {
                named.each(|id| ids.extend([id]));
            }
        }
        ids
    }
}
