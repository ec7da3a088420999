//! Rows that came since the last packing, found by a tree that is made anew with each change: they are few.

use std::collections::HashMap;
use std::sync::Arc;

use model::{Bounds, Collection, RecordId};
use rstar::primitives::{GeomWithData, Rectangle};
use rstar::{AABB, RTree};

use crate::Row;
use crate::packed_tree::outward;
use crate::placed::Placed;

/// Each box with its row, and whether it is the one beyond the 180th meridian.
type Tree = RTree<GeomWithData<Rectangle<[f64; 2]>, (RecordId, bool)>>;

/// Newest versions by identifier, withdrawn ones too.
#[derive(Clone, Default)]
pub(crate) struct Delta {
    rows: HashMap<RecordId, Arc<Row>>,
    tree: Tree,
}

impl Delta {
    /// Adds a row, or a newer version of one. It is found by its box after [`Delta::settle`].
    pub fn insert(&mut self, row: Arc<Row>) {
        self.rows.insert(row.id, row);
    }

    /// Makes the tree for all rows.
    pub fn settle(&mut self) {
        let rectangle = |b: Bounds| Rectangle::from_corners([b.west, b.south], [b.east, b.north]);
        let present = self.rows.values().filter(|row| !row.is_withdrawn());
        let boxes = present
            .flat_map(|row| row.boxes().sides().map(|(own, is_beyond)| (outward(&own), (row.id, is_beyond))));
        let boxes = boxes.map(|(own, of)| GeomWithData::new(rectangle(own), of));
        self.tree = Tree::bulk_load(boxes.collect());
    }

    /// Takes every row out.
    pub fn drain(&mut self) -> Vec<Arc<Row>> {
        self.tree = Tree::new();
        std::mem::take(&mut self.rows).into_values().collect()
    }

    /// How many rows there are.
    pub fn len(&self) -> usize {
        self.rows.len()
    }

    /// The row of that identifier.
    pub fn get(&self, id: RecordId) -> Option<&Arc<Row>> {
        self.rows.get(&id)
    }

    /// Identifiers of all rows.
    pub fn ids(&self) -> impl Iterator<Item = RecordId> {
        self.rows.keys().copied()
    }

    /// Rows of a collection that are not withdrawn, in order of identifiers.
    pub fn rows(&self, collection: Collection) -> Vec<&Arc<Row>> {
        let is_present = |row: &&Arc<Row>| row.collection() == collection && !row.is_withdrawn();
        let mut rows: Vec<_> = self.rows.values().filter(is_present).collect();
        rows.sort_unstable_by_key(|row| row.id);
        rows
    }

    /// Calls `take` with each row of a collection with a box that touches `bounds`; one with two boxes may come twice.
    pub fn touching<'d>(&'d self, collection: Collection, bounds: &Bounds, mut take: impl FnMut(Placed<'d>)) {
        let area = AABB::from_corners([bounds.west, bounds.south], [bounds.east, bounds.north]);
        for found in self.tree.locate_in_envelope_intersecting(area) {
            let (id, is_beyond) = found.data;
            let Some(row) = self.rows.get(&id).filter(|row| row.collection() == collection) else { continue };
            let (least, most) = (found.geom().lower(), found.geom().upper());
            let [[west, south], [east, north]] = [least, most];
            let bounds = Bounds { west, south, east, north };
            take(Placed::new(row, row.marks(), bounds).beyond(is_beyond));
        }
    }
}
