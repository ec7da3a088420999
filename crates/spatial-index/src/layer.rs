//! What a map layer holds: one collection, or every open hazard.

use model::{Collection, Tags};

use crate::Marks;

/// A layer of the map.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Layer {
    /// Every row that is a hazard and still open, of whatever collection.
    Hazards,
    /// Every row of one collection.
    Collection(Collection),
}

impl Layer {
    /// The layer that `id` names: `hazards` or the identifier of a spatial collection.
    pub fn from_id(id: &str) -> Option<Self> {
        if id == "hazards" {
            return Some(Self::Hazards);
        }
        Collection::from_id(id).filter(|collection| collection.is_spatial()).map(Self::Collection)
    }

    /// Identifier in URLs.
    pub fn id(self) -> &'static str {
        match self {
            Self::Hazards => "hazards",
            Self::Collection(collection) => collection.id(),
        }
    }

    /// The collections whose rows may be in the layer, in the order of [`Collection::ALL`].
    pub fn collections(self) -> impl Iterator<Item = Collection> {
        Collection::ALL.into_iter().filter(move |collection| match self {
            Self::Hazards => Tags::default().is_open_hazard(*collection),
            Self::Collection(own) => *collection == own,
        })
    }

    /// Whether rows of these marks are in the layer.
    pub fn holds(self, marks: &Marks) -> bool {
        match self {
            Self::Hazards => marks.tags.is_open_hazard(marks.collection),
            Self::Collection(collection) => marks.collection == collection,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_layer_is_found_by_its_identifier() {
        for layer in [Layer::Hazards, Layer::Collection(Collection::Surveys)] {
            assert_eq!(Layer::from_id(layer.id()), Some(layer));
        }
        assert_eq!(Layer::from_id("roads"), None);
    }
}
