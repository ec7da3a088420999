//! `admin`: the codes of the administrative units that a record touches, computed when a record is answered.

use std::sync::Arc;

use model::{Geometry, RecordId};
use reference::Layers;
use serde_json::json;
use spatial_index::{Row, View};

/// Records whose units are kept. A version never changes, and layers rarely do.
const KEPT: u64 = 200_000;

/// Generation of the layers, epoch of the numbering, record, revision.
type Key = (u64, Box<str>, RecordId, u64);

/// Units by record and revision: worked out once however often the record is answered.
pub(crate) struct Units(moka::sync::Cache<Key, Arc<str>>);

impl Units {
    pub fn new() -> Self {
        Self(moka::sync::Cache::new(KEPT))
    }

    /// The codes as the text of a JSON list; `None` where no layer has any, a layer is damaged, or
    /// records of the collection have no place.
    ///
    /// What is asked is the shape as drawn, which covers the outline as entered; not its position error.
    pub fn of(&self, layers: &Layers, view: &View, row: &Row) -> Option<Arc<str>> {
        let key = (layers.generation(), view.epoch().into(), row.id, row.revision);
        let is_asked = row.collection().is_spatial() && layers.has_units();
        is_asked.then(|| self.0.get_with(key, || codes(layers, row).into()))
    }
}

fn codes(layers: &Layers, row: &Row) -> String {
    let Some(drawn) = row.drawn() else { return "[]".to_owned() };
    let parts: [Geometry; 3] = [drawn.polygons.into(), drawn.lines.into(), drawn.points.into()];
    let shape = Geometry::GeometryCollection(parts.into_iter().collect());
    json!(layers.units_touching(&shape)).to_string()
}
