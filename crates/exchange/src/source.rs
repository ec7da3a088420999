//! One record as a format's reader found it, before any of our names are put on it.

use geo_types::{Coord, Geometry, LineString, Polygon};
use model::{Finding, Properties};
use serde_json::Value;

/// A record of a file.
#[derive(Debug, Clone)]
pub(crate) struct Source {
    /// Line or feature number, from 1.
    pub number: u64,
    /// The identifier beside the properties (GeoJSON's `id`).
    pub id: Option<Value>,
    /// The collection that the record itself names.
    pub collection: Option<String>,
    /// Where it is.
    pub place: Place,
    /// Its values under the file's names.
    pub properties: Properties,
    /// What reading found.
    pub findings: Vec<Finding>,
}

/// What a file says about where a record is.
#[derive(Debug, Clone, PartialEq)]
pub(crate) enum Place {
    /// Nothing.
    None,
    /// A shape in the file's reference system.
    Shape(Box<Shape>),
    /// Something that is not a shape; kept as it stands.
    Unreadable {
        /// What is wrong with it.
        reason: String,
        /// What stands there.
        raw: Value,
    },
}

/// A shape, and the numbers that a map does not show.
#[derive(Debug, Clone, PartialEq)]
pub(crate) struct Shape {
    pub geometry: Geometry<f64>,
    /// Third coordinates in vertex order; empty where there are none.
    pub z: Vec<f64>,
    /// Measures in vertex order; empty where there are none.
    pub m: Vec<f64>,
    /// Whether a ring had to be closed.
    pub closed_a_ring: bool,
}

/// Collects vertices in order while a shape is read.
#[derive(Debug, Default)]
pub(crate) struct Vertices {
    z: Vec<f64>,
    m: Vec<f64>,
    has_z: bool,
    has_m: bool,
    closed_a_ring: bool,
}

impl Vertices {
    /// A vertex with what it has beside its place.
    pub fn vertex(&mut self, x: f64, y: f64, z: Option<f64>, m: Option<f64>) -> Coord<f64> {
        self.has_z |= z.is_some();
        self.has_m |= m.is_some();
        self.z.push(z.unwrap_or(f64::NAN));
        self.m.push(m.unwrap_or(f64::NAN));
        Coord { x, y }
    }

    /// Closes the ring that was just read, if it is open.
    pub fn ring(&mut self, mut points: Vec<Coord<f64>>) -> LineString<f64> {
        if let (Some(first), Some(last)) = (points.first().copied(), points.last().copied())
            && first != last
        {
            let start = self.z.len() - points.len();
            self.z.push(self.z[start]);
            self.m.push(self.m[start]);
            points.push(first);
            self.closed_a_ring = true;
        }
        LineString(points)
    }

    pub fn shape(self, geometry: Geometry<f64>) -> Shape {
        let kept = |has: bool, values: Vec<f64>| if has { values } else { Vec::new() };
        Shape {
            geometry,
            z: kept(self.has_z, self.z),
            m: kept(self.has_m, self.m),
            closed_a_ring: self.closed_a_ring,
        }
    }
}

/// A polygon of rings, the first of which is the shell.
pub(crate) fn polygon(rings: Vec<LineString<f64>>) -> Polygon<f64> {
    let mut rings = rings.into_iter();
    let shell = rings.next().unwrap_or_else(|| LineString(Vec::new()));
    Polygon::new(shell, rings.collect())
}
