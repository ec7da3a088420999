//! Known records that one submission's records may be recognised as; each of them by one at most.

use std::collections::{BTreeSet, HashMap, HashSet};

use model::RecordId;

use crate::identity::Key;
use crate::state::View;

/// Everything known by the identities of one submission, less what is taken already.
///
/// Each record is looked at a fixed number of times, however many have one identity: in real files a column of
/// identifiers is the same for all at times.
pub struct Candidates<'a> {
    view: &'a View<'a>,
    named: HashMap<Key, Named>,
    taken: HashSet<RecordId>,
}

/// Known records of one identity.
struct Named {
    free: BTreeSet<RecordId>,
    by_content: HashMap<[u8; 32], BTreeSet<RecordId>>,
}

/// What is left under an identity.
pub enum Left {
    /// Nothing was ever known.
    Unknown,
    /// What was known is recognised as other records of the submission.
    AllTaken,
    /// Just one.
    One(RecordId),
    /// So many, the first of them named.
    Several(usize, RecordId),
}

impl<'a> Candidates<'a> {
    pub fn new(view: &'a View<'a>) -> Self {
        Self { view, named: HashMap::new(), taken: HashSet::new() }
    }

    /// A free record whose draft was just the same.
    pub fn with_content(&mut self, key: &Key, content: &[u8; 32]) -> Option<RecordId> {
        let taken = &self.taken;
        let same = Self::named(self.view, &mut self.named, key)?.by_content.get_mut(content)?;
        std::iter::from_fn(|| same.pop_first()).find(|id| !taken.contains(id))
    }

    /// Free records of that identity.
    pub fn free(&mut self, key: &Key) -> Vec<RecordId> {
        let Some(named) = Self::named(self.view, &mut self.named, key) else { return Vec::new() };
        named.free.iter().filter(|id| !self.taken.contains(id)).copied().collect()
    }

    /// What is left of that identity.
    pub fn left(&mut self, key: &Key) -> Left {
        let Some(named) = Self::named(self.view, &mut self.named, key) else { return Left::Unknown };
        // What was taken under another identity is still listed here; it goes when it is come upon.
        while let Some(taken) = named.free.iter().take(2).find(|id| self.taken.contains(id)).copied() {
            named.free.remove(&taken);
        }
        match (named.free.len(), named.free.first()) {
            (_, None) => Left::AllTaken,
            (1, Some(only)) => Left::One(*only),
            (several, Some(first)) => Left::Several(several, *first),
        }
    }

    /// From now on nothing else of the submission is recognised as that record.
    pub fn take(&mut self, key: &Key, id: RecordId) {
        self.taken.insert(id);
        if let Some(named) = self.named.get_mut(key) {
            named.free.remove(&id);
        }
    }

    fn named<'n>(view: &View<'_>, named: &'n mut HashMap<Key, Named>, key: &Key) -> Option<&'n mut Named> {
        if !named.contains_key(key) {
            let free = view.with_identity(key);
            if free.is_empty() {
                return None;
            }
            let mut by_content: HashMap<_, BTreeSet<_>> = HashMap::new();
            for (id, known) in free.iter().filter_map(|id| Some((*id, view.get(*id)?))) {
                by_content.entry(known.content).or_default().insert(id);
            }
            named.insert(key.clone(), Named { free, by_content });
        }
        named.get_mut(key)
    }
}
