//! A file's features under their own names, for layers that are no collection of the register.

use std::path::Path;

use geodesy::Crs;
use model::{Collection, Draft, Finding, Properties};
use serde_json::Value;

use crate::source::Place;
use crate::{Format, Item, Mapping, ReadError, ReadOptions, Reading, geopackage, json_geometry, read};

/// What the caller knows about a file of plain features.
#[derive(Debug, Clone, Default)]
pub struct PlainOptions {
    /// The reference system of the coordinates; outranks the file's.
    pub crs: Option<Crs>,
    /// The feature table to read; needed where the file has several.
    pub layer: Option<String>,
}

/// One feature of a file, or what stands where one should.
#[derive(Debug, Clone, PartialEq)]
pub enum PlainItem {
    /// A feature with the file's own attributes.
    Feature {
        /// Line or feature number, from 1.
        number: u64,
        /// WGS 84 degrees, longitude first; `None` where there is none, or none that can be read.
        geometry: Option<model::Geometry>,
        /// Values by the file's names; nulls are left out.
        properties: Properties,
        /// What reading found; a finding `geometry.…` of high severity and no geometry: it cannot be read.
        findings: Vec<Finding>,
    },
    /// Something that is no feature.
    Unreadable {
        /// Line or feature number, from 1.
        number: u64,
        /// What is wrong with it.
        finding: Finding,
    },
}

/// Formats whose files are layers.
const FORMATS: [Format; 4] = [Format::GeoJson, Format::NdJson, Format::GeoPackage, Format::Shapefile];

/// Reads a file and hands over its features in order, by the readers of [`read()`] and as strictly.
///
/// # Errors
/// Where the file as a whole cannot be read, or has several tables and none is named.
pub fn read_plain(
    path: &Path,
    options: &PlainOptions,
    sink: &mut dyn FnMut(PlainItem),
) -> Result<Reading, ReadError> {
    let format = Format::of_file(path)?;
    if !FORMATS.contains(&format) {
        let allowed = FORMATS.map(Format::id).join(", ");
        return Err(ReadError::NotALayer { file: path.to_owned(), format, allowed });
    }
    let layer = match format {
        Format::GeoPackage => Some(geopackage::one_table(path, options.layer.as_deref())?),
        Format::GeoJson | Format::NdJson | Format::Csv | Format::Shapefile => {
            options.layer.as_ref().map_or(Ok(None), |name| no_tables(path, format, name))?
        }
    };
    // The collection is only a vessel: with nothing taken by name, every value stays under its own.
    let mapping = Mapping::parse("by_name = false")?;
    let options = ReadOptions {
        format: Some(format),
        crs: options.crs.clone(),
        collection: Some(Collection::HazardousAreas),
        mapping: Some(mapping),
        layer,
        ..ReadOptions::default()
    };
    read(path, &options, &mut |item| sink(plain(item)))
}

fn no_tables(path: &Path, format: Format, name: &str) -> Result<Option<String>, ReadError> {
    let reason = format!("it holds one layer without a name, so {name:?} cannot be chosen");
    Err(ReadError::NotThisFormat { file: path.to_owned(), format, reason })
}

fn plain(item: Item) -> PlainItem {
    match item {
        Item::Unreadable { origin, finding } => PlainItem::Unreadable { number: origin.number, finding },
        Item::Draft(draft) => feature(draft),
    }
}

fn feature(draft: Draft) -> PlainItem {
    let Draft { origin, geometry, mut fields, attributes, findings, .. } = draft;
    // A feature's identifier that is a UUID stands beside its properties; it is kept among them.
    let id = fields.shift_remove("id").map(|id| ("feature_id".to_owned(), id));
    let mut properties: Properties = id.into_iter().collect();
    properties.extend(attributes);
    PlainItem::Feature { number: origin.number, geometry, properties, findings }
}

/// Reads the text of a GeoJSON geometry; `None` for `null`.
///
/// # Errors
/// Says why it is none.
pub fn read_geometry(text: &str) -> Result<Option<model::Geometry>, String> {
    match json_geometry::place(text) {
        Place::None => Ok(None),
        Place::Shape(shape) => Ok(Some(shape.geometry)),
        Place::Unreadable { reason, raw } => Err(format!("{reason}: {}", shown(&raw))),
    }
}

fn shown(raw: &Value) -> String {
    raw.to_string().chars().take(80).collect()
}

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests {
    use super::*;

    fn items(name: &str, text: &str) -> Result<Vec<PlainItem>, ReadError> {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join(name);
        std::fs::write(&path, text).unwrap();
        let mut items = Vec::new();
        read_plain(&path, &PlainOptions::default(), &mut |item| items.push(item))?;
        Ok(items)
    }

    #[test]
    fn every_attribute_keeps_its_own_name_even_where_it_is_one_of_ours() {
        let text = r#"{"type":"FeatureCollection","features":[{"type":"Feature","id":"0190d0b4-0000-7000-8000-000000000000",
            "geometry":null,"properties":{"name":"A","status":"x","collection":"surveys","review":"approved","id":7,"n":null}}]}"#;
        let [PlainItem::Feature { properties, geometry: None, .. }] = &items("a.geojson", text).unwrap()[..]
        else {
            panic!("one feature")
        };
        let names: Vec<_> = properties.keys().map(String::as_str).collect();
        assert_eq!(names, ["feature_id", "name", "status", "collection", "review", "id"]);
    }

    #[test]
    fn a_table_of_text_is_refused_by_name() {
        let error = items("a.csv", "lon,lat\n1,2\n").unwrap_err().to_string();
        assert!(error.contains("CSV") && error.contains("gpkg"), "{error}");
    }
}
