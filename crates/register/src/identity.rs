//! By what a record is known again, and the fingerprint of its content.

use std::borrow::Cow;

use geo_types::{Coord, LineString, Polygon};
use model::{Collection, Draft, Geometry, Identity, Properties, RecordId};
use serde::Deserialize;
use serde_json::Value;
use sha2::{Digest, Sha256};

/// Identity of a record: our own identifier, else the operator's, else its content.
pub fn identity_of(own: Option<RecordId>, fields: &Properties, content: &[u8; 32]) -> Identity {
    let text = |name: &str| fields.get(name).and_then(Value::as_str).unwrap_or("").trim();
    match own {
        Some(id) => Identity::Own(id),
        None => external(text("organisation"), text("external_id"))
            .unwrap_or_else(|| Identity::Content(content.iter().map(|byte| format!("{byte:02x}")).collect())),
    }
}

fn external(organisation: &str, id: &str) -> Option<Identity> {
    let (organisation, id) = (organisation.to_owned(), id.to_owned());
    (!id.is_empty()).then_some(Identity::External { organisation, id })
}

/// Our own identifier, where a file that a register exported carries one.
pub fn own_id(fields: &Properties) -> Option<RecordId> {
    let id: RecordId = fields.get("id")?.as_str()?.trim().parse().ok()?;
    (!id.is_nil()).then_some(id)
}

/// The operator's identifier out of a stored record, by which it is to be found although it came by our own.
pub fn external_in(properties: &str) -> Option<Identity> {
    #[derive(Deserialize)]
    struct Stored<'a> {
        #[serde(borrow, default)]
        organisation: Cow<'a, str>,
        #[serde(borrow, default)]
        external_id: Cow<'a, str>,
    }
    let stored: Stored<'_> = serde_json::from_str(properties).ok()?;
    external(stored.organisation.trim(), stored.external_id.trim())
}

/// SHA-256 of what was read: collection, values by name, and every bit of every coordinate.
///
/// The order of the values does not count: a table with its columns moved is the same content.
pub fn content_of(draft: &Draft) -> [u8; 32] {
    let mut print = Print(Sha256::new());
    print.text(draft.collection.id());
    print.properties(&draft.fields);
    print.properties(&draft.attributes);
    match &draft.geometry {
        Some(geometry) => print.geometry(geometry),
        None => print.number(0),
    }
    print.0.finalize().into()
}

/// Every value goes in with its length or kind before it, so that no two contents give the same bytes.
struct Print(Sha256);

impl Print {
    fn number(&mut self, number: usize) {
        self.0.update((number as u64).to_le_bytes());
    }

    fn text(&mut self, text: &str) {
        self.number(text.len());
        self.0.update(text);
    }

    fn properties(&mut self, properties: &Properties) {
        let mut sorted: Vec<_> = properties.iter().collect();
        sorted.sort_unstable_by_key(|(name, _)| name.as_str());
        self.number(sorted.len());
        for (name, value) in sorted {
            self.text(name);
            self.text(&value.to_string());
        }
    }

    fn geometry(&mut self, geometry: &Geometry) {
        match geometry {
            Geometry::Point(point) => self.places(1, &[point.0]),
            Geometry::LineString(line) => self.places(2, &line.0),
            Geometry::Polygon(polygon) => self.polygon(polygon),
            Geometry::MultiPoint(points) => {
                self.places(4, &points.iter().map(|point| point.0).collect::<Vec<_>>())
            }
            Geometry::MultiLineString(lines) => {
                self.each(5, &lines.0, |print, line| print.places(2, &line.0))
            }
            Geometry::MultiPolygon(polygons) => self.each(6, &polygons.0, Self::polygon),
            Geometry::GeometryCollection(parts) => self.each(7, &parts.0, Self::geometry),
            Geometry::Line(line) => self.places(2, &[line.start, line.end]),
            Geometry::Rect(rect) => self.polygon(&rect.to_polygon()),
            Geometry::Triangle(triangle) => self.polygon(&triangle.to_polygon()),
        }
    }

    fn polygon(&mut self, polygon: &Polygon<f64>) {
        let rings: Vec<&LineString<f64>> =
            std::iter::once(polygon.exterior()).chain(polygon.interiors()).collect();
        self.each(3, &rings, |print, ring| print.places(2, &ring.0));
    }

    fn each<T>(&mut self, kind: usize, parts: &[T], one: impl Fn(&mut Self, &T)) {
        self.number(kind);
        self.number(parts.len());
        parts.iter().for_each(|part| one(self, part));
    }

    fn places(&mut self, kind: usize, places: &[Coord<f64>]) {
        self.number(kind);
        self.number(places.len());
        for place in places {
            self.0.update(place.x.to_bits().to_le_bytes());
            self.0.update(place.y.to_bits().to_le_bytes());
        }
    }
}

/// The first half of the SHA-256 of a key.
pub fn name_of((collection, identity): &Key) -> [u8; 16] {
    let mut print = Print(Sha256::new());
    print.text(collection.id());
    match identity {
        Identity::Own(id) => print.0.update(id.as_bytes()),
        Identity::External { organisation, id } => {
            [organisation, id].into_iter().for_each(|part| print.text(part))
        }
        Identity::Content(content) => print.text(content),
    }
    let kind = match identity {
        Identity::Own(_) => 0,
        Identity::External { .. } => 1,
        Identity::Content(_) => 2,
    };
    print.number(kind);
    let mut half = [0; 16];
    half.copy_from_slice(&print.0.finalize()[..16]);
    half
}

/// The key under which records of an identity are looked up: the same identifier may stand in two collections.
pub type Key = (Collection, Identity);
