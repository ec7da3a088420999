//! Versions that later ones have replaced, found by their boxes: with them the register is asked as it was known.

use std::sync::Arc;

use model::{Bounds, Collection};

use crate::Row;
use crate::packed_tree::{PackedTree, outward};
use crate::placed::Placed;

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
    packed: Vec<Arc<Packed>>,
    recent: Vec<Superseded>,
}

/// Versions packed at once, by collection.
struct Packed {
    parts: [Part; Collection::COUNT],
    count: usize,
}

#[derive(Default)]
struct Part {
    versions: Vec<Superseded>,
    tree: PackedTree,
}

/// The list is packed when it is longer than this.
const RECENT_MAX: usize = 1_024;
/// Packs of about one size are packed together when there are so many of them, until they have so many versions.
const PACKS: usize = 8;
const PACK_MAX: usize = 65_536;

impl Past {
    /// Adds a version that `until` replaced.
    pub fn push(&mut self, row: Arc<Row>, until: u64) {
        self.recent.push(Superseded { row, until });
    }

    /// Packs the list where it has grown long.
    pub fn settle(&mut self) {
        if self.recent.len() <= RECENT_MAX {
            return;
        }
        self.packed.push(Arc::new(Packed::of(std::mem::take(&mut self.recent))));
        let is_small = |pack: &&Arc<Packed>| pack.count < PACK_MAX;
        let small = self.packed.iter().rev().take_while(is_small).count();
        if small >= PACKS {
            let together = self.packed.split_off(self.packed.len() - small);
            let versions = together.iter().flat_map(|pack| &pack.parts).flat_map(|part| &part.versions);
            self.packed.push(Arc::new(Packed::of(versions.cloned().collect())));
        }
    }

    /// Versions of a collection that were present at a revision.
    pub fn rows(&self, collection: Collection, revision: u64) -> impl Iterator<Item = &Arc<Row>> {
        let packed = self.packed.iter().flat_map(move |pack| &pack.parts[collection.index()].versions);
        let recent = self.recent.iter().filter(move |version| version.row.collection() == collection);
        packed.chain(recent).filter(move |version| version.was_present_at(revision)).map(|v| &v.row)
    }

    /// Calls `take` with each of those with a box that touches `bounds`; one with two boxes may come twice.
    pub fn touching<'p>(
        &'p self,
        collection: Collection,
        bounds: &Bounds,
        revision: u64,
        mut take: impl FnMut(Placed<'p>),
    ) {
        for Part { versions, tree } in self.packed.iter().map(|pack| &pack.parts[collection.index()]) {
            tree.search(bounds, |leaf| {
                let version = &versions[tree.row(leaf)];
                if version.was_present_at(revision) {
                    let placed = Placed::new(&version.row, version.row.marks(), tree.bounds(leaf));
                    take(placed.beyond(tree.is_beyond(leaf)));
                }
            });
        }
        let recent = self.recent.iter().filter(|version| version.row.collection() == collection);
        for row in recent.filter(|version| version.was_present_at(revision)).map(|version| &version.row) {
            let boxes = row.boxes().sides().map(|(own, is_beyond)| (outward(&own), is_beyond));
            let touching = boxes.filter(|(own, _)| own.touches(bounds));
            touching.for_each(|(own, is_beyond)| take(Placed::new(row, row.marks(), own).beyond(is_beyond)));
        }
    }
}

impl Packed {
    fn of(all: Vec<Superseded>) -> Self {
        let (count, mut parts) = (all.len(), [const { Vec::new() }; Collection::COUNT]);
        all.into_iter().for_each(|version| parts[version.row.collection().index()].push(version));
        Self { parts: parts.map(Part::of), count }
    }
}

impl Part {
    fn of(versions: Vec<Superseded>) -> Self {
        let boxes: Vec<_> = versions.iter().map(|version| version.row.boxes()).collect();
        let tree = PackedTree::of(boxes.iter());
        Self { versions, tree }
    }
}
