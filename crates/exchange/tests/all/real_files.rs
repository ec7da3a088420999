//! Real files from elsewhere, good and broken: counts, places, and what they may not do to us.

use std::io::Read;
use std::path::Path;

use crate::files::{as_collection, drafts, items, mapping, real};
use exchange::{Format, Item, ReadOptions};
use geo_types::Coord;
use model::{Collection, Draft};

fn first_place(draft: &Draft) -> Coord<f64> {
    model::coordinates(draft.geometry.as_ref().expect("placed")).next().expect("a coordinate")
}

fn by_mapping(name: &str) -> ReadOptions {
    ReadOptions { mapping: Some(mapping(name)), ..ReadOptions::default() }
}

const MAPPINGS: [(&str, &str, &str, usize, usize); 4] = [
    ("amsterdam-verdachte-gebieden.toml", "Verdachte_gebieden", "verdachte_gebieden", 6, 4),
    ("amsterdam-gevrijwaard-gebied.toml", "Gevrijwaard_gebied", "gevrijwaard_gebied", 1, 19),
    ("amsterdam-inslagen.toml", "Inslagen_ea", "inslagen", 5, 27),
    (
        "amsterdam-ce-onderzoek.toml",
        "Reeds_uitgevoerde_CE_onderzoeken",
        "reeds_uitgevoerd_ce_onderzoek",
        1,
        9,
    ),
];

#[test]
fn amsterdam_is_read_completely_from_both_forms() {
    let Some(folder) = real("amsterdam-explosieven") else { return };
    for (mapping, shape, csv, shapes, rows) in MAPPINGS {
        let options = by_mapping(mapping);
        let (from_shape, _) = drafts(&folder.join(format!("{shape}_test.shp")), &options);
        let (from_csv, reading) = drafts(&folder.join(format!("csv/{csv}.csv")), &options);
        assert_eq!((from_shape.len(), from_csv.len()), (shapes, rows), "{mapping}");
        assert!(
            reading.notes.iter().all(|note| note.rule != "mapping.no_such_column"),
            "{:?}",
            reading.notes
        );
        for draft in from_shape.iter().chain(&from_csv) {
            assert!(draft.geometry.as_ref().is_some_and(model::is_placeable), "{:?}", draft.origin);
            assert_eq!(draft.fields["organisation"], "gemeente_amsterdam");
            let entered = draft.as_entered.as_ref().expect("entered");
            assert_eq!((&entered["crs"], &entered["accuracy_m"]), (&"EPSG:28992".into(), &1.0.into()));
        }
    }
}

#[test]
fn amsterdam_lies_where_another_program_puts_it_within_a_metre() {
    let Some(folder) = real("amsterdam-explosieven") else { return };
    // Computed by GDAL from EPSG:28992.
    let known = [
        ("amsterdam-inslagen.toml", "inslagen", Coord { x: 4.903_292_818_500_67, y: 52.392_399_005_184_2 }),
        (
            "amsterdam-verdachte-gebieden.toml",
            "verdachte_gebieden",
            Coord { x: 4.958_239_629_433_25, y: 52.394_763_762_317_2 },
        ),
        (
            "amsterdam-gevrijwaard-gebied.toml",
            "gevrijwaard_gebied",
            Coord { x: 4.904_879_721_835_18, y: 52.396_886_281_982_4 },
        ),
    ];
    for (mapping, csv, place) in known {
        let (drafts, _) = drafts(&folder.join(format!("csv/{csv}.csv")), &by_mapping(mapping));
        assert!(geodesy::distance_m(first_place(&drafts[0]), place) < 1.0, "{csv}");
    }
}

#[test]
fn amsterdam_words_become_codes_and_the_dutch_stays() {
    let Some(folder) = real("amsterdam-explosieven") else { return };
    let (reports, _) = drafts(&folder.join("csv/inslagen.csv"), &by_mapping("amsterdam-inslagen.toml"));
    assert_eq!(reports[0].fields["position_accuracy_m"], 5.0);
    assert_eq!(reports[0].attributes["Nauwkeurig"], "5 meter");
    assert_eq!(reports[0].attributes["Soort_hand"], "Krater");
    let released = by_mapping("amsterdam-gevrijwaard-gebied.toml");
    let (released, _) = drafts(&folder.join("csv/gevrijwaard_gebied.csv"), &released);
    assert!(
        released.iter().all(|d| d.fields["outcome"] == "cleared" && d.attributes["Soort_hand"] == "Vrijgave")
    );
    let (surveys, _) = drafts(
        &folder.join("Reeds_uitgevoerde_CE_onderzoeken_test.shp"),
        &by_mapping("amsterdam-ce-onderzoek.toml"),
    );
    assert_eq!(surveys[0].fields["result"], "partly");
    assert_eq!(surveys[0].fields["ended_on"], "2010-03-08");
}

#[test]
fn the_amsterdam_shapefile_says_its_system_only_by_parameters_and_that_is_noted() {
    let Some(folder) = real("amsterdam-explosieven") else { return };
    let file = folder.join("Inslagen_ea_test.shp");
    let (reports, reading) = drafts(&file, &as_collection(Collection::HazardReports));
    assert!(
        reading.notes.iter().any(|note| note.message.contains("assumed EPSG:28992 because")),
        "{:?}",
        reading.notes
    );
    let remarks = reports[0].attributes["Opmerkinge"].as_str().expect("text");
    assert!(remarks.contains("geïnterpreteerd"), "{remarks}");
    assert!(!reports[0].attributes.contains_key("Datum"), "00000000 is no date");
}

#[test]
fn a_projected_csv_that_says_nothing_is_refused_and_asks_for_crs() {
    let Some(folder) = real("amsterdam-explosieven") else { return };
    let error = items(&folder.join("csv/inslagen.csv"), &as_collection(Collection::HazardReports));
    let error = error.expect_err("refused").to_string();
    assert!(error.contains("does not say its reference system") && error.contains("--crs EPSG:N"), "{error}");
}

#[test]
fn one_layer_agrees_in_three_formats() {
    let Some(folder) = real("multiformat-fires2017") else { return };
    let options = as_collection(Collection::HazardReports);
    let scratch = tempfile::tempdir().expect("a folder");
    let geojson = scratch.path().join("fires.geojson");
    let packed = std::fs::File::open(folder.join("sample-fires2017.geojson.gz")).expect("opens");
    let mut text = Vec::new();
    flate2::read::GzDecoder::new(packed).read_to_end(&mut text).expect("unpacks");
    std::fs::write(&geojson, text).expect("writes");
    let mut shp = std::fs::read_dir(folder.join("sample-fires2017"))
        .expect("a folder")
        .flatten()
        .map(|entry| entry.path());
    let shp = shp.find(|path| path.extension().is_some_and(|e| e == "shp")).expect("a shapefile");
    let forms = [geojson, folder.join("sample-fires2017.csv"), shp].map(|path| drafts(&path, &options).0);
    assert_eq!(forms.each_ref().map(Vec::len), [1290, 1290, 1290]);
    for index in 0..1290 {
        let places = forms.each_ref().map(|form| first_place(&form[index]));
        for place in places {
            assert!(geodesy::distance_m(place, places[0]) < 0.01, "record {index}: {places:?}");
        }
        assert_eq!(forms[0][index].attributes["FIRE_ID"], forms[1][index].attributes["FIRE_ID"]);
    }
}

#[test]
fn mbostocks_shapefiles_have_the_features_and_values_of_their_json() {
    let Some(folder) = real("shapefile-mbostock") else { return };
    for entry in std::fs::read_dir(&folder).expect("a folder").flatten() {
        let path = entry.path();
        if path.extension().is_none_or(|e| e != "shp") {
            continue;
        }
        let json = std::fs::read_to_string(path.with_extension("json")).expect("expected");
        let expected: serde_json::Value = serde_json::from_str(&json).expect("JSON");
        let expected = expected["features"].as_array().expect("features");
        let (found, _) = drafts(&path, &as_collection(Collection::HazardReports));
        // ignore-properties is about the other reader's option.
        assert_eq!(found.len(), expected.len(), "{}", path.display());
        for (draft, feature) in found.iter().zip(expected) {
            assert_eq!(draft.geometry.is_none(), feature["geometry"].is_null(), "{}", path.display());
            for (name, value) in feature["properties"].as_object().into_iter().flatten() {
                // The other reader leaves dates as eight digits.
                let is_date = path.ends_with("date-property.shp");
                let found = draft.attributes.get(name).or_else(|| draft.fields.get(name));
                assert!(
                    is_date || value.is_null() || found.is_some(),
                    "{}: {name} {found:?}",
                    path.display()
                );
                if let (Some(found), Some(text)) = (found.and_then(|f| f.as_str()), value.as_str()) {
                    assert!(is_date || found == text, "{}: {found} {text}", path.display());
                }
            }
        }
    }
}

#[test]
fn geojsonhints_good_files_are_read_and_its_bad_ones_explained() {
    let Some(folder) = real("geojsonhint") else { return };
    let options = ReadOptions { format: Some(Format::GeoJson), ..as_collection(Collection::HazardReports) };
    for kind in ["good", "bad"] {
        let (mut read, mut unreadable, mut refused) = (0, 0, 0);
        for entry in std::fs::read_dir(folder.join(kind)).expect("a folder").flatten() {
            let path = entry.path();
            if path.extension().is_none_or(|e| e != "geojson") {
                continue;
            }
            match items(&path, &options) {
                Ok((items, _)) => {
                    let drafts = items.iter().filter(|item| matches!(item, Item::Draft(_))).count();
                    read += drafts;
                    unreadable += items.len() - drafts;
                    assert!(kind == "bad" || drafts == items.len(), "{}: {items:?}", path.display());
                }
                Err(error) => {
                    assert_eq!(kind, "bad", "{}: {error}", path.display());
                    refused += 1;
                }
            }
        }
        eprintln!("{kind}: {read} records, {unreadable} unreadable, {refused} files refused");
        assert!(read > 0);
    }
}

#[test]
fn the_test_geopackage_is_read_in_all_its_shapes() {
    let Some(path) = real("geozero-testdata/gpkg_test.gpkg") else { return };
    let (items, reading) = items(&path, &as_collection(Collection::HazardReports)).expect("reads");
    assert!(reading.broken.is_none(), "{:?}", reading.broken);
    assert!(items.len() >= 33, "{}", items.len());
    let with_z = items.iter().filter(
        |item| matches!(item, Item::Draft(d) if d.as_entered.as_ref().is_some_and(|e| e.get("z").is_some())),
    );
    assert!(with_z.count() > 5);
}

/// Every file we have, whole and cut off at many lengths: never a panic, and what is left is said.
#[test]
fn no_file_panics_whole_or_cut_off() {
    let folders = [
        "amsterdam-explosieven",
        "amsterdam-explosieven/csv",
        "fiona-testdata",
        "geojsonhint/bad",
        "geojsonhint/good",
        "shapefile-mbostock",
        "geozero-testdata",
        "geozero-testdata/shp",
        "antimeridian-pairs/input",
        "multiformat-fires2017/sample-canbuffer",
    ];
    let scratch = tempfile::tempdir().expect("a folder");
    let mut cases = 0;
    for folder in folders {
        let Some(folder) = real(folder) else { return };
        for entry in
            std::fs::read_dir(folder).expect("a folder").flatten().filter(|entry| entry.path().is_file())
        {
            cases += cut(&entry.path(), scratch.path());
        }
    }
    eprintln!("{cases} readings");
    assert!(cases > 500);
}

fn cut(path: &Path, scratch: &Path) -> usize {
    let bytes = std::fs::read(path).expect("reads");
    if bytes.len() > 3_000_000 {
        return 0;
    }
    let options = as_collection(Collection::HazardReports);
    let copy = scratch.join(path.file_name().expect("a name"));
    for beside in ["dbf", "prj", "cpg", "shp"] {
        if path.extension().is_some_and(|e| e == "shp" || e == "dbf") {
            let _ = std::fs::copy(path.with_extension(beside), copy.with_extension(beside));
        }
    }
    let whole = items(path, &options).map_or(0, |(items, _)| items.len());
    let lengths = [
        0,
        1,
        7,
        31,
        33,
        99,
        101,
        150,
        bytes.len() / 4,
        bytes.len() / 2,
        bytes.len() * 9 / 10,
        bytes.len().saturating_sub(1),
    ];
    for length in lengths.into_iter().filter(|length| *length < bytes.len()) {
        std::fs::write(&copy, &bytes[..length]).expect("writes");
        if let Ok((items, _)) = items(&copy, &options) {
            assert!(
                items.len() <= whole.max(1) + 1,
                "{} cut at {length}: {} of {whole}",
                path.display(),
                items.len()
            );
        }
    }
    let _ = std::fs::remove_file(&copy);
    lengths.len() + 1
}
