//! What has changed on the map since a revision: for whoever keeps something that was made of an earlier view.

use std::sync::Arc;

use model::{Bounds, Collection};

use crate::{Layer, LogEntry, Row, View};

/// A place on the map where something is, or was, that is not as it was.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Changed {
    /// The revision that changed it.
    pub revision: u64,
    /// Its collection.
    pub collection: Collection,
    /// Whether it is, or was, an open hazard.
    pub is_open_hazard: bool,
    /// A box around it, position error included; not smaller than that by which the index finds it.
    pub bounds: Bounds,
}

impl Changed {
    /// Whether what it changed may be in a layer.
    pub fn concerns(&self, layer: Layer) -> bool {
        match layer {
            Layer::Hazards => self.is_open_hazard,
            Layer::Collection(collection) => self.collection == collection,
        }
    }
}

impl View {
    /// Boxes of all versions that came or went after a revision, up to the one that is shown, in order of revisions; `None`
    /// where more than `events_max` events lie between, or where one cannot be told.
    ///
    /// Whatever [`View::touching`] finds in a box that none of them touches is the same as at that revision.
    pub fn changed_since(&self, revision: u64, events_max: usize) -> Option<Vec<Changed>> {
        let mut changed = Vec::new();
        for (number, entry) in self.events_after(revision).enumerate() {
            if number >= events_max {
                return None;
            }
            if entry.action().takes_effect() {
                changed.extend(boxes_of(entry, &entry.row));
                if let Some(before) = self.before(entry) {
                    changed.extend(boxes_of(entry, before));
                }
            }
        }
        Some(changed)
    }
}

/// Degrees by which the index may widen a box ([`crate::Placed::bounds`]), and a little more.
const WIDENED_DEG: f64 = 3e-5;

fn widened(Bounds { west, south, east, north }: Bounds) -> Bounds {
    Bounds {
        west: west - WIDENED_DEG,
        south: south - WIDENED_DEG,
        east: east + WIDENED_DEG,
        north: north + WIDENED_DEG,
    }
}

fn boxes_of(entry: &LogEntry, version: &Arc<Row>) -> Vec<Changed> {
    let is_open_hazard = Layer::Hazards.holds(version.marks());
    let (revision, collection) = (entry.row.revision, version.collection());
    let changed = |bounds| Changed { revision, collection, is_open_hazard, bounds: widened(bounds) };
    let shown = version.boxes().iter().filter(|_| !version.is_withdrawn());
    shown.map(changed).collect()
}
