//! Rows in order of their identifiers, and found by their boxes: a packed base, and what changed since.

use std::collections::BTreeMap;
use std::sync::Arc;

use model::{Bounds, Collection, RecordId};
use rstar::primitives::{GeomWithData, Rectangle};
use rstar::{AABB, RTree, RTreeParams};

use crate::Row;

/// Fuller nodes than rstar's default: faster and smaller (measured, `docs/decisions`).
pub(crate) struct Wide;

impl RTreeParams for Wide {
    const MIN_SIZE: usize = 6;
    const MAX_SIZE: usize = 16;
    const REINSERTION_COUNT: usize = 4;
    type DefaultInsertionStrategy = rstar::RStarInsertionStrategy;
}

pub(crate) type Tree = RTree<GeomWithData<Rectangle<[f64; 2]>, u32>, Wide>;

/// A tree of the rows' boxes; each box names the place of its row.
pub(crate) fn tree_of<'a>(rows: impl Iterator<Item = &'a Arc<Row>>) -> Tree {
    let boxes = rows.zip(0_u32..).flat_map(|(row, number)| {
        let rectangle = |b: Bounds| Rectangle::from_corners([b.west, b.south], [b.east, b.north]);
        row.boxes.iter().map(move |bounds| GeomWithData::new(rectangle(bounds), number))
    });
    Tree::bulk_load_with_params(boxes.collect())
}

/// The places of rows with a box that touches `bounds`; one with two boxes may come twice.
pub(crate) fn found(tree: &Tree, bounds: &Bounds) -> impl Iterator<Item = usize> {
    let area = AABB::from_corners([bounds.west, bounds.south], [bounds.east, bounds.north]);
    tree.locate_in_envelope_intersecting(area).map(|found| found.data as usize)
}

/// Rows packed at once, by collection; never changed. Withdrawn ones stand apart.
#[derive(Default)]
pub(crate) struct Base {
    parts: [Packed; Collection::COUNT],
    withdrawn: Vec<Arc<Row>>,
}

/// The rows of one collection, in order of identifiers, and their boxes.
#[derive(Default)]
struct Packed {
    rows: Vec<Arc<Row>>,
    not_placed: Vec<Arc<Row>>,
    tree: Tree,
}

impl Base {
    /// Packs rows. Of several with one identifier the last counts.
    pub fn pack(rows: Vec<Arc<Row>>) -> Self {
        let mut last: Vec<(usize, Arc<Row>)> = rows.into_iter().enumerate().collect();
        last.sort_unstable_by(|one, other| one.1.id.cmp(&other.1.id).then(other.0.cmp(&one.0)));
        last.dedup_by(|later, kept| later.1.id == kept.1.id);
        let (mut parts, mut withdrawn) = ([const { Vec::new() }; Collection::COUNT], Vec::new());
        for (_, row) in last {
            if row.withdrawn { withdrawn.push(row) } else { parts[row.collection.index()].push(row) }
        }
        Self { parts: parts.map(Packed::of), withdrawn }
    }

    /// The rows of a collection, in order of identifiers.
    pub fn rows(&self, collection: Collection) -> &[Arc<Row>] {
        &self.parts[collection.index()].rows
    }

    /// The rows that are withdrawn, of all collections.
    pub fn withdrawn(&self) -> &[Arc<Row>] {
        &self.withdrawn
    }

    /// The rows of a collection that have no place on the map.
    pub fn not_placed(&self, collection: Collection) -> &[Arc<Row>] {
        &self.parts[collection.index()].not_placed
    }

    /// How many rows there are.
    pub fn len(&self) -> usize {
        self.parts.iter().map(|part| part.rows.len()).sum::<usize>() + self.withdrawn.len()
    }

    /// The row of that identifier, withdrawn or not.
    pub fn get(&self, id: RecordId) -> Option<&Arc<Row>> {
        let parts = self.parts.iter().map(|part| &part.rows).chain([&self.withdrawn]);
        parts
            .into_iter()
            .find_map(|rows| rows.binary_search_by_key(&id, |row| row.id).ok().map(|at| &rows[at]))
    }

    /// Rows of a collection with a box that touches `bounds`; one with two boxes may come twice.
    pub fn touching(&self, collection: Collection, bounds: &Bounds) -> impl Iterator<Item = &Arc<Row>> {
        let part = &self.parts[collection.index()];
        found(&part.tree, bounds).map(|number| &part.rows[number])
    }
}

impl Packed {
    fn of(rows: Vec<Arc<Row>>) -> Self {
        let tree = tree_of(rows.iter());
        let not_placed = rows.iter().filter(|row| row.drawn.is_none()).cloned().collect();
        Self { rows, not_placed, tree }
    }
}

/// Rows that came since the base was packed; a base row with the same identifier is out of date.
#[derive(Clone, Default)]
pub(crate) struct Delta {
    rows: BTreeMap<RecordId, Arc<Row>>,
}

impl Delta {
    /// Adds a row, or a newer version of one.
    pub fn insert(&mut self, row: Arc<Row>) {
        self.rows.insert(row.id, row);
    }

    /// Every row, withdrawn ones too.
    pub fn all(&self) -> impl Iterator<Item = &Arc<Row>> {
        self.rows.values()
    }

    /// How many rows there are.
    pub fn len(&self) -> usize {
        self.rows.len()
    }

    /// Whether it replaces the row of that identifier.
    pub fn replaces(&self, id: RecordId) -> bool {
        self.rows.contains_key(&id)
    }

    /// The row of that identifier.
    pub fn get(&self, id: RecordId) -> Option<&Arc<Row>> {
        self.rows.get(&id)
    }

    /// Rows of a collection that are not withdrawn, in order of identifiers.
    pub fn rows(&self, collection: Collection) -> impl Iterator<Item = &Arc<Row>> {
        self.rows.values().filter(move |row| row.collection == collection && !row.withdrawn)
    }
}
