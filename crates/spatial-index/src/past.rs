//! Versions that later ones have replaced, found by their boxes: with them the register is asked as it was known.

use std::sync::Arc;

use model::{Bounds, Collection};

use crate::Row;
use crate::base::{Tree, found, tree_of};

/// A version and the revision that replaced it.
#[derive(Debug, Clone)]
struct Superseded {
    row: Arc<Row>,
    until: u64,
}

impl Superseded {
    fn was_present_at(&self, revision: u64) -> bool {
        self.row.revision <= revision && revision < self.until
    }
}

/// Replaced versions: most of them packed, the newest in a list. Copies share what is packed.
#[derive(Clone, Default)]
pub(crate) struct Past {
    packed: Arc<[Packed; Collection::COUNT]>,
    recent: Vec<Superseded>,
}

#[derive(Default)]
struct Packed {
    versions: Vec<Superseded>,
    tree: Tree,
}

/// The list is packed when it is longer than this, and than this share of what is packed.
const RECENT_MAX: usize = 2_000;
const RECENT_SHARE_MAX: usize = 16;

impl Past {
    /// Adds a version that `until` replaced.
    pub fn push(&mut self, row: Arc<Row>, until: u64) {
        self.recent.push(Superseded { row, until });
    }

    /// Packs the list where it has grown long.
    pub fn settle(&mut self) {
        let packed: usize = self.packed.iter().map(|part| part.versions.len()).sum();
        if self.recent.len() <= RECENT_MAX.max(packed / RECENT_SHARE_MAX) {
            return;
        }
        let mut parts = [const { Vec::new() }; Collection::COUNT];
        let all = self.packed.iter().flat_map(|part| &part.versions).cloned();
        let recent = std::mem::take(&mut self.recent);
        all.chain(recent).for_each(|version| parts[version.row.collection.index()].push(version));
        self.packed = Arc::new(parts.map(Packed::of));
    }

    /// Versions of a collection that were present at a revision.
    pub fn rows(&self, collection: Collection, revision: u64) -> impl Iterator<Item = &Arc<Row>> {
        let packed = self.packed[collection.index()].versions.iter();
        let recent = self.recent.iter().filter(move |version| version.row.collection == collection);
        packed.chain(recent).filter(move |version| version.was_present_at(revision)).map(|v| &v.row)
    }

    /// The same, of those with a box that touches `bounds`; one with two boxes may come twice.
    pub fn touching(&self, collection: Collection, bounds: Bounds, revision: u64) -> Vec<&Arc<Row>> {
        let part = &self.packed[collection.index()];
        let packed = found(&part.tree, &bounds).map(|number| &part.versions[number]);
        let touches = |version: &&Superseded| {
            version.row.collection == collection && version.row.boxes.iter().any(|own| own.touches(&bounds))
        };
        let all = packed.chain(self.recent.iter().filter(touches));
        all.filter(|version| version.was_present_at(revision)).map(|version| &version.row).collect()
    }
}

impl Packed {
    fn of(versions: Vec<Superseded>) -> Self {
        let tree = tree_of(versions.iter().map(|version| &version.row));
        Self { versions, tree }
    }
}
