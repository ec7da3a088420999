//! What each notation answers. Numbers from outside our code are in `tests/coordinates.rs`.

use super::*;
use crate::distance_m;
use proptest::prelude::*;

const KYIV: Coord<f64> = Coord { x: 30.5234, y: 50.4501 };

fn one(text: &str, crs: Option<&str>) -> Reading {
    let readings = locate(text, crs).unwrap_or_else(|error| panic!("{text}: {error}"));
    assert_eq!(readings.len(), 1, "{text}: {readings:#?}");
    readings.into_iter().next().expect("one")
}

#[test]
fn one_place_in_every_notation_of_wgs84() {
    for text in [
        "50.4501 N 30.5234 E",
        "30.5234E 50.4501N",
        "N50.4501 E30.5234",
        "50,4501 Пн 30,5234 Сх",
        "50.4501° пн.ш., 30.5234° сх.д.",
        "50°27.006' N 30°31.404' E",
        "50°27'00.36\"N, 30°31'24.24\"E",
        "50 27 0,36 N 30 31 24,24 E",
        "lat 50.4501 lon 30.5234",
        "WGS84 50.4501N 30.5234E",
        "36UUA2418191607",
        "36U UA 24181 91607",
        "36u ua 24181 91607",
        "36UUA 24181 91607",
        "36U 324181 5591607",
        "UTM 36 north 324181 5591607",
        "36U 324181mE 5591607mN",
        "36N 324181 5591607",
    ] {
        let reading = one(text, None);
        assert!(distance_m(reading.place, KYIV) < 1.5, "{text}: {reading:?}");
        assert!(reading.accuracy_m.expect("known") <= 8.0, "{text}: {reading:?}");
        assert!(reading.notes.is_empty(), "{text}: {reading:?}");
    }
}

#[test]
fn a_pair_without_letters_is_answered_in_both_orders_where_both_are_possible() {
    let both = locate("50.4501 30.5234", None).expect("reads");
    assert_eq!(both.len(), 2);
    assert_eq!(both[0].place, KYIV);
    assert_eq!(both[1].place, Coord { x: 50.4501, y: 30.5234 });
    assert_eq!(one("50.4501 130.5234", None).place, Coord { x: 130.5234, y: 50.4501 });
    assert_eq!(one("130.5234 50.4501", None).place, Coord { x: 130.5234, y: 50.4501 });
    assert_eq!(one("50 50", None).place, Coord { x: 50.0, y: 50.0 });
    assert_eq!(locate("50 27 0.36 30 31 24.24", None).expect("reads").len(), 2);
}

#[test]
fn with_a_code_a_pair_is_longitude_then_latitude_or_easting_then_northing() {
    assert_eq!(one("30.5234 50.4501", Some("EPSG:4326")).place, KYIV);
    let utm = one("324181 5591607", Some("EPSG:32636"));
    assert!(distance_m(utm.place, KYIV) < 1.5 && utm.notes.is_empty(), "{utm:?}");
    let turned = one("5591607 324181", Some("EPSG:32636"));
    assert!(distance_m(turned.place, KYIV) < 1.5 && turned.notes[0].contains("second number"), "{turned:?}");
}

#[test]
fn the_size_of_the_last_digit_is_the_accuracy() {
    for (text, least, most) in [
        ("50.4501N 30.5234E", 6.0, 7.0),
        ("50N 30E", 64_000.0, 67_000.0),
        ("50°27'N 30°31'E", 1_000.0, 1_200.0),
        ("36UUA2491", 707.0, 707.2),
        ("36UUA", 70_710.0, 70_711.0),
        ("36U 324181 5591607", 0.7, 0.71),
    ] {
        let accuracy_m = one(text, None).accuracy_m.expect("known");
        assert!((least..=most).contains(&accuracy_m), "{text}: {accuracy_m}");
    }
}

#[test]
fn the_letter_s_is_a_band_or_the_southern_hemisphere() {
    let both = locate("36S 500000 3800000", None).expect("reads");
    assert_eq!(both.len(), 2, "{both:#?}");
    assert!(both[0].place.y > 32.0 && both[1].place.y < -50.0);
    assert!(one("36S 500000 6000000", None).place.y < 0.0);
    let wrong = one("36V 500000 5591607", None);
    assert!(wrong.notes[0].contains("band U"), "{wrong:?}");
    assert!(one("36U 900000 5591607", None).notes[0].contains("outside zone 36"));
}

#[test]
fn metres_with_a_zone_number_are_answered_in_every_system_that_has_them() {
    let readings = locate("6412345 5423456", None).expect("reads");
    let systems: Vec<&str> = readings.iter().map(|reading| reading.crs.as_str()).collect();
    // The last is northing first, in the far north of zone 5: possible, and named last.
    assert_eq!(systems, ["EPSG:28406", "EPSG:5564", "EPSG:28405"], "{readings:#?}");
    let apart_m = distance_m(readings[0].place, readings[1].place);
    assert!((1.0..30.0).contains(&apart_m), "{apart_m}");
    let turned = locate("5 423 456 6 412 345", None).expect("reads");
    assert!(turned.iter().any(|reading| reading.place == readings[0].place), "{turned:#?}");
    let error = locate("412345 5423456", None).expect_err("no system").to_string();
    assert!(error.contains("no system"), "{error}");
}

#[test]
fn a_system_is_taken_from_its_name_in_the_text_or_beside_it() {
    let by_code = one("6412345 5423456", Some("EPSG:28406"));
    assert!(by_code.operation.as_ref().expect("one").contains("Pulkovo 1942"), "{by_code:?}");
    for (text, crs) in [
        ("SK-42 zone 6: 6412345 5423456", None),
        ("СК-42 зона 6 5423456 6412345", None),
        ("SK-42 zone 6 6 412 345 5 423 456", None),
        ("SK-42 zone 6 N 5423456 E 6412345", None),
        ("СК-42 зона 6: X=5423456 Y=412345", None),
        ("6412345, 5423456", Some("SK-42 zone 6")),
        ("EPSG:28406 6412345 5423456", None),
    ] {
        let reading = one(text, crs);
        assert!(distance_m(reading.place, by_code.place) < 1e-6, "{text}: {reading:?}");
    }
    let degrees = one("СК-42 50°27'00\" пн.ш. 30°31'00\" сх.д.", None);
    assert_eq!(degrees.crs, "EPSG:4284");
    let error = locate("SK-42 zone 6 6412345 5423456", Some("EPSG:5564")).expect_err("two").to_string();
    assert!(error.contains("leave one out"), "{error}");
}

#[test]
fn what_lies_outside_the_area_of_its_system_is_never_answered_silently() {
    let near = one("6760000 5423456", Some("EPSG:28406"));
    assert!(near.notes[0].contains("outside the area"), "{near:?}");
    let far = locate("7412345 5423456", Some("EPSG:5562"));
    let told = far.map(|readings| readings.iter().all(|reading| !reading.notes.is_empty()));
    assert!(told.is_ok_and(|told| told));
    let error = locate("36.25 49.99", Some("EPSG:5564")).expect_err("not there").to_string();
    assert!(error.contains("EPSG:5564"), "{error}");
    let degrees = locate("50°N 30°E", Some("EPSG:5564")).expect_err("degrees").to_string();
    assert!(degrees.contains("geographic system"), "{degrees}");
}

#[test]
fn what_cannot_be_read_is_refused_with_the_notations() {
    for text in [
        "",
        " ",
        "Kharkiv",
        "50",
        "50 30 20",
        "NaN NaN",
        "inf inf",
        "1e5 1e5",
        "91N 30E",
        "50N 181E",
        "50N 30N",
        "99UUA1234",
        "36UUA123",
        "36IUA1234",
        "36UIA1234",
        "°",
        "-",
        ",",
        ".",
        "N",
        "SK-42",
        "EPSG:",
        "EPSG:4326",
        "36U 5 5",
        "EPSG:99999999999 1 2",
        "EPSG:32636 1e3 5",
        "SK-42 zone 99 1 2",
        "0x10 5",
        "٣٦ ٤٩",
        "36U 99999999 5",
        "UPS north 1 1",
        "12345678901234567890123456789012345 1",
    ] {
        let error = locate(text, None).expect_err(text).to_string();
        assert!(error.contains("MGRS") || error.contains("EPSG:N"), "{text}: {error}");
    }
    assert!(locate(&"1".repeat(201), None).expect_err("long").to_string().contains("200"));
}

#[test]
fn letters_typed_on_a_ukrainian_keyboard_are_read_and_said() {
    let reading = one("36UUА2418191607", None);
    assert!(distance_m(reading.place, KYIV) < 1.5 && reading.notes[0].contains("Cyrillic"), "{reading:?}");
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(3_000))]

    #[test]
    fn no_text_makes_it_panic_and_every_answer_is_a_place(text in "\\PC{0,40}") {
        never_wrong(&text)?;
    }

    #[test]
    fn nor_does_text_that_looks_like_coordinates(text in "[0-9NSEWUXAZПнСх°'\".,;:+ /-]{0,30}") {
        never_wrong(&text)?;
    }

    #[test]
    fn nor_does_a_name_with_anything_behind_it(
        name in "(SK-42|СК-63|UCS-2000|МСК-|LCS |EPSG:28406|UTM|UPS)( zone| зона| X)?",
        rest in "[0-9NSXЗ .,;:/-]{0,20}",
    ) {
        never_wrong(&format!("{name} {rest}"))?;
    }

    #[test]
    fn a_place_written_down_is_read_again(lon in -180.0..180.0, lat in -90.0..90.0) {
        let place = Coord { x: lon, y: lat };
        let mgrs = crate::to_mgrs(place, 5).expect("a square");
        for text in [mgrs, crate::Grid::of(place).to_string()] {
            let readings = locate(&text, None).expect("reads");
            prop_assert!(readings.iter().any(|reading| distance_m(reading.place, place) < 0.75), "{} {:?}", text, readings);
        }
    }
}

fn never_wrong(text: &str) -> Result<(), TestCaseError> {
    for reading in locate(text, None).into_iter().flatten() {
        let Coord { x, y } = reading.place;
        prop_assert!(x.abs() <= 180.0 && y.abs() <= 90.0, "{}: {:?}", text, reading);
        prop_assert!(reading.accuracy_m.is_none_or(|m| m >= 0.0 && m.is_finite()), "{}: {:?}", text, reading);
    }
    Ok(())
}
