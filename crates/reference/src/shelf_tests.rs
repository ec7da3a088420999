//! Layers come back from their files as they were, or not at all.

#![allow(clippy::unwrap_used)]

use exchange::PlainOptions;
use jiff::Timestamp;
use proptest::prelude::*;
use serde_json::json;

use super::*;
use crate::{Counts, Kind, Source, gather};

fn gathered(
    folder: &Path,
    features: serde_json::Value,
    admin_code: Option<&str>,
) -> Result<Gathered, LayerError> {
    let file = folder.join("units.geojson");
    fs::write(&file, json!({"type": "FeatureCollection", "features": features}).to_string()).unwrap();
    let source = Source {
        file,
        options: PlainOptions::default(),
        name: Name::parse("units").unwrap(),
        title: None,
        admin_code: admin_code.map(str::to_owned),
    };
    gather(&source, Timestamp::UNIX_EPOCH)
}

fn square(west: f64, south: f64, properties: serde_json::Value) -> serde_json::Value {
    let (east, north) = (west + 1.0, south + 1.0);
    let ring = [[west, south], [east, south], [east, north], [west, north], [west, south]];
    json!({"type": "Feature", "properties": properties, "geometry": {"type": "Polygon", "coordinates": [ring]}})
}

fn kept(layer: &Gathered, folder: &Path) -> (Shelf, PathBuf) {
    let store = folder.join("store.gpkg");
    let name = Name::parse("units").unwrap();
    add(&folder_of(&store), &name, layer, true).unwrap();
    let shelf = Shelf::beside(&store);
    shelf.reload().unwrap();
    (shelf, file_of(&folder_of(&store), &name))
}

#[test]
fn every_feature_of_a_file_is_accounted_for() {
    let folder = tempfile::tempdir().unwrap();
    let features = json!([
        square(36.0, 49.0, json!({"a": 1, "b": "x"})),
        {"type": "Feature", "geometry": null, "properties": {"a": "1"}},
        {"type": "Feature", "geometry": {"type": "Point", "coordinates": [36, 149]}, "properties": {"b": "y"}},
        {"type": "Feature", "geometry": {"type": "Curve"}, "properties": {"c": true}},
        {"type": "Polygon"},
        7,
    ]);
    let layer = gathered(folder.path(), features, None).unwrap();
    let counts = Counts { read: 6, placed: 1, without_geometry: 1, geometry_unreadable: 3, unreadable: 1 };
    assert_eq!(layer.about.counts, counts);
    assert_eq!(layer.features.len(), 5);
    let kinds: Vec<_> = layer.about.fields.iter().map(|field| (field.name.as_str(), field.kind)).collect();
    assert_eq!(kinds, [("a", Kind::Mixed), ("b", Kind::Text), ("c", Kind::Truth)]);
    // A coordinate that is nowhere, a geometry of no kind, one without coordinates, something that is no feature.
    assert_eq!(layer.found.iter().map(|found| found.number).collect::<Vec<_>>(), [3, 4, 5, 6]);
}

#[test]
fn a_coordinate_that_noise_has_pushed_over_the_180th_meridian_is_taken_back() {
    let folder = tempfile::tempdir().unwrap();
    let point =
        |lon: f64| json!({"type": "Feature", "geometry": {"type": "Point", "coordinates": [lon, 65]}});
    let layer =
        gathered(folder.path(), json!([point(-180.000_000_000_000_06), point(180.000_1)]), None).unwrap();
    assert_eq!(layer.features[0].geometry, Some(geo_types::Point::new(-180.0, 65.0).into()));
    assert_eq!((layer.about.counts.placed, layer.about.counts.geometry_unreadable), (1, 1));
}

#[test]
fn units_are_named_in_the_layers_order_and_each_once() {
    let folder = tempfile::tempdir().unwrap();
    let features = json!([
        square(36.0, 49.0, json!({"code": 7})),
        square(36.5, 49.0, json!({"code": " U2 "})),
        square(36.2, 49.0, json!({"code": 7})),
        square(36.0, 49.0, json!({}))
    ]);
    let layer = gathered(folder.path(), features, Some("code")).unwrap();
    assert_eq!(layer.without_code, 1);
    let (shelf, _) = kept(&layer, folder.path());
    let layers = shelf.layers();
    let at = |lon: f64| layers.units_touching(&geo_types::Point::new(lon, 49.5).into());
    assert_eq!(
        (at(36.1), at(36.7), at(36.5), at(38.0)),
        (vec!["7"], vec!["7", "U2"], vec!["7", "U2"], vec![])
    );
}

#[test]
fn a_field_that_no_feature_has_is_no_field_of_codes() {
    let folder = tempfile::tempdir().unwrap();
    let error =
        gathered(folder.path(), json!([square(0.0, 0.0, json!({"code": 7}))]), Some("CODE")).unwrap_err();
    assert!(error.to_string().contains("there are: code"), "{error}");
}

#[test]
fn a_layer_that_was_changed_or_cut_is_damaged_and_takes_the_units_with_it() {
    let folder = tempfile::tempdir().unwrap();
    let layer =
        gathered(folder.path(), json!([square(36.0, 49.0, json!({"code": 7}))]), Some("code")).unwrap();
    let (shelf, file) = kept(&layer, folder.path());
    assert!(shelf.layers().has_units());
    let text = fs::read_to_string(&file).unwrap();
    for damaged in
        [text.replace("36", "35"), text[..text.len() - 9].to_owned(), String::new(), "{}\n".to_owned()]
    {
        fs::write(&file, damaged).unwrap();
        let layers = shelf.reload().unwrap();
        assert!(layers.get("units").is_err() && !layers.has_units());
    }
    fs::write(&file, text).unwrap();
    assert!(shelf.reload().unwrap().get("units").is_ok_and(|layer| layer.is_some()));
}

#[test]
fn what_is_there_is_replaced_only_where_that_was_asked_for() {
    let folder = tempfile::tempdir().unwrap();
    let layer = gathered(folder.path(), json!([square(0.0, 0.0, json!({}))]), None).unwrap();
    let (_, file) = kept(&layer, folder.path());
    let name = Name::parse("units").unwrap();
    let error = add(file.parent().unwrap(), &name, &layer, false).unwrap_err();
    assert!(matches!(error, LayerError::Exists(_)), "{error}");
    remove(file.parent().unwrap(), &name).unwrap();
    assert!(matches!(remove(file.parent().unwrap(), &name).unwrap_err(), LayerError::Missing { .. }));
}

proptest! {
    #[test]
    fn coordinates_and_values_come_back_bit_by_bit(
        places in prop::collection::vec((-180.0_f64..=180.0, -90.0_f64..=90.0), 1..30), text in ".{0,40}", number: f64,
    ) {
        prop_assume!(number.is_finite());
        let folder = tempfile::tempdir().unwrap();
        let feature = |(lon, lat): &(f64, f64)| json!({"type": "Feature", "properties": {"t": text, "n": number},
            "geometry": {"type": "Point", "coordinates": [lon, lat]}});
        let layer = gathered(folder.path(), places.iter().map(feature).collect(), None).unwrap();
        let (shelf, _) = kept(&layer, folder.path());
        let layers = shelf.layers();
        let back = layers.get("units").unwrap().unwrap();
        prop_assert_eq!(back.features(), &layer.features[..]);
        prop_assert_eq!(back.about(), &layer.about);
    }
}
