//! A layer in memory: features in order, found by box and by shape.

use geo::BoundingRect;
use geo_types::Rect;
use model::{Bounds, Geometry, Properties};
use rstar::primitives::{GeomWithData, Rectangle};
use rstar::{AABB, RTree};
use serde_json::Value;

use crate::{About, touches};

/// One feature.
#[derive(Debug, Clone, PartialEq)]
pub struct Feature {
    /// Line or feature number in the file it came from: its identifier.
    pub number: u64,
    /// WGS 84 degrees, longitude first, as in the file; `None` where it has no place.
    pub geometry: Option<Geometry>,
    /// The text of one JSON object: the file's values by the file's names.
    pub properties: Box<str>,
    /// Code of the unit, where the layer is of administrative units and the feature has one.
    pub code: Option<Box<str>>,
}

impl Feature {
    pub(crate) fn new(
        number: u64,
        geometry: Option<Geometry>,
        properties: &Properties,
        admin_code: Option<&str>,
    ) -> Self {
        let code = admin_code.and_then(|name| code(properties.get(name)?));
        // The keys of a map of JSON values are texts, so this cannot fail.
        let properties = serde_json::to_string(properties).unwrap_or_default().into();
        Self { number, geometry, properties, code }
    }
}

/// A number as text is the same code.
fn code(value: &Value) -> Option<Box<str>> {
    match value {
        Value::String(text) => Some(text.trim()).filter(|text| !text.is_empty()).map(Box::from),
        Value::Number(number) => Some(number.to_string().into()),
        Value::Null | Value::Bool(_) | Value::Array(_) | Value::Object(_) => None,
    }
}

/// Number of a feature in [`Layer::features`].
type Boxed = GeomWithData<Rectangle<[f64; 2]>, usize>;

/// A layer, ready to be asked.
pub struct Layer {
    about: About,
    features: Vec<Feature>,
    tree: RTree<Boxed>,
    extent: Option<Bounds>,
    /// Hash of the layer's file: another content has another one.
    checksum: String,
}

impl Layer {
    /// A layer of features in order of their numbers.
    pub fn new(about: About, features: Vec<Feature>, checksum: String) -> Self {
        let boxed = |(at, feature): (usize, &Feature)| {
            let rect = feature.geometry.as_ref()?.bounding_rect()?;
            Some(GeomWithData::new(Rectangle::from_corners(rect.min().into(), rect.max().into()), at))
        };
        let tree = RTree::bulk_load(features.iter().enumerate().filter_map(boxed).collect());
        let bounds = features.iter().filter_map(|feature| Bounds::of(feature.geometry.as_ref()?));
        let extent = bounds.reduce(Bounds::union);
        Self { about, features, tree, extent, checksum }
    }

    /// What it is.
    pub fn about(&self) -> &About {
        &self.about
    }

    /// Every feature, in order of numbers.
    pub fn features(&self) -> &[Feature] {
        &self.features
    }

    /// The feature of that number.
    pub fn feature(&self, number: u64) -> Option<&Feature> {
        let at = self.features.binary_search_by_key(&number, |feature| feature.number).ok()?;
        self.features.get(at)
    }

    /// The box around all features; `None` where none has a place.
    pub fn extent(&self) -> Option<Bounds> {
        self.extent
    }

    /// Hash of its content.
    pub fn checksum(&self) -> &str {
        &self.checksum
    }

    /// Features that share a point with a box from `west` eastward to `east`, which may cross the 180th meridian
    /// (west > east), and those without a place (OGC 17-069r4, 7.15.3); in order.
    pub fn in_bbox(&self, [west, south, east, north]: [f64; 4]) -> Vec<&Feature> {
        let boxes = match west <= east {
            true => vec![Rect::new((west, south), (east, north))],
            false => {
                vec![Rect::new((west, south), (180.0, north)), Rect::new((-180.0, south), (east, north))]
            }
        };
        let touched = boxes.into_iter().map(Geometry::from).flat_map(|shape| self.touching(&shape));
        let not_placed = (0..self.features.len()).filter(|at| self.features[*at].geometry.is_none());
        let mut found: Vec<usize> = touched.chain(not_placed).collect();
        found.sort_unstable();
        found.dedup();
        found.into_iter().map(|at| &self.features[at]).collect()
    }

    /// Features whose boxes touch a box, in order: some may not touch it themselves.
    pub fn near(&self, bounds: &Bounds) -> Vec<&Feature> {
        let mut found = self.candidates([bounds.west, bounds.south], [bounds.east, bounds.north]);
        found.sort_unstable();
        found.into_iter().map(|at| &self.features[at]).collect()
    }

    /// Codes of the units that share a point with a shape, in the order of the layer, each once.
    pub fn codes_touching(&self, shape: &Geometry) -> Vec<&str> {
        let mut codes: Vec<&str> = Vec::new();
        for code in self.touching(shape).into_iter().filter_map(|at| self.features[at].code.as_deref()) {
            if !codes.contains(&code) {
                codes.push(code);
            }
        }
        codes
    }

    fn touching(&self, shape: &Geometry) -> Vec<usize> {
        let Some(rect) = shape.bounding_rect() else { return Vec::new() };
        let mut found = self.candidates(rect.min().into(), rect.max().into());
        found.retain(|at| self.features[*at].geometry.as_ref().is_some_and(|own| touches(own, shape)));
        found.sort_unstable();
        found
    }

    fn candidates(&self, low: [f64; 2], high: [f64; 2]) -> Vec<usize> {
        let area = AABB::from_corners(low, high);
        self.tree.locate_in_envelope_intersecting(area).map(|found| found.data).collect()
    }
}
