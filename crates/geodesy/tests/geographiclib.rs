//! Held against GeographicLib: squares and grids against its GeoConvert, areas and lengths against its Python port.
//!
//! A test whose oracle is not installed says so and ends; `scripts/setup test` installs both.

use std::io::Write;
use std::process::{Command, Stdio};

use geo_types::{Coord, Geometry, LineString, Polygon};
use geodesy::{Grid, destination, from_mgrs, measures, to_mgrs};

/// Numbers from 0 to 1 that are the same in every run (a 64-bit linear congruence; Knuth's constants).
struct Dice(u64);

impl Dice {
    fn roll(&mut self) -> f64 {
        self.0 = self.0.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        (self.0 >> 11) as f64 / (1_u64 << 53) as f64
    }

    fn between(&mut self, least: f64, most: f64) -> f64 {
        least + (most - least) * self.roll()
    }

    fn one_of<T: Copy>(&mut self, things: &[T]) -> T {
        things[(self.roll() * things.len() as f64) as usize % things.len()]
    }
}

/// Runs another program on lines of text; `None`, said aloud, where it is not installed.
fn ask(program: &str, arguments: &[&str], lines: &str) -> Option<Vec<String>> {
    let mut command = Command::new(program);
    command.args(arguments).stdin(Stdio::piped()).stdout(Stdio::piped()).stderr(Stdio::null());
    let Ok(mut child) = command.spawn() else {
        eprintln!("skipped: {program} is not on this machine (scripts/setup test installs it)");
        return None;
    };
    let mut input = child.stdin.take().expect("piped");
    let lines = lines.to_owned();
    let writer = std::thread::spawn(move || input.write_all(lines.as_bytes()));
    let output = child.wait_with_output().expect("ends");
    writer.join().expect("ends").expect("writes");
    Some(String::from_utf8(output.stdout).expect("text").lines().map(str::to_owned).collect())
}

/// Places all over the Earth, many of them on the edges of bands, zones and grids.
fn places(count: usize) -> Vec<Coord<f64>> {
    let mut dice = Dice(5);
    let edge_lats = [-80.0, -72.0, -8.0, 0.0, 8.0, 56.0, 64.0, 72.0, 84.0, 90.0, -90.0];
    let by = [0.0, 1e-9, -1e-9, 1e-5, -1e-5];
    let place = |index: usize| {
        let (x, y) = match index % 5 {
            0 => (dice.between(-180.0, 180.0), dice.between(-90.0, 90.0)),
            1 => (dice.between(-2.0, 45.0), dice.between(55.0, 84.0)),
            2 => (dice.between(-180.0, 180.0), dice.one_of(&edge_lats) + dice.one_of(&by)),
            3 => ((dice.between(-30.0, 31.0).floor() * 6.0) + dice.one_of(&by), dice.between(-80.0, 84.0)),
            _ => (dice.between(-180.0, 180.0), dice.between(80.0, 90.0) * dice.one_of(&[1.0, -1.0])),
        };
        // As the other program reads it: ten decimals.
        let text = |value: f64| format!("{value:.10}").parse().expect("a number");
        Coord { x: text(x.clamp(-180.0, 180.0)), y: text(y.clamp(-90.0, 90.0)) }
    };
    (0..count).map(place).collect()
}

fn lines(places: &[Coord<f64>]) -> String {
    places.iter().map(|place| format!("{:.10} {:.10}\n", place.y, place.x)).collect()
}

#[test]
fn every_place_has_the_square_that_geographiclib_gives_it() {
    let places = places(20_000);
    let Some(theirs) = ask("GeoConvert", &["-m", "-p", "0"], &lines(&places)) else { return };
    assert_eq!(theirs.len(), places.len());
    for (place, theirs) in places.iter().zip(theirs) {
        let ours = to_mgrs(*place, 5).expect("a square");
        assert_eq!(ours, theirs, "{place:?}");
        let square = from_mgrs(&ours).expect("reads");
        assert!(geodesy::distance_m(square.centre, *place) < 0.72, "{place:?} {square:?}");
    }
}

#[test]
fn every_place_has_the_utm_and_ups_that_geographiclib_gives_it_within_a_micrometre() {
    let places = places(20_000);
    let Some(theirs) = ask("GeoConvert", &["-u", "-p", "6"], &lines(&places)) else { return };
    for (place, theirs) in places.iter().zip(theirs) {
        let grid = Grid::of(*place);
        let words: Vec<&str> = theirs.split(' ').collect();
        let zone = words[0].trim_end_matches(['n', 's']);
        assert_eq!(zone.parse().unwrap_or(0), grid.zone, "{place:?} {theirs}");
        assert_eq!(words[0].ends_with('n'), grid.is_north, "{place:?} {theirs}");
        for (ours, theirs) in [grid.easting_m, grid.northing_m].into_iter().zip(&words[1..]) {
            let theirs: f64 = theirs.parse().expect("metres");
            assert!((ours - theirs).abs() < 2e-6, "{place:?}: {ours} instead of {theirs}");
        }
    }
}

#[test]
fn every_combination_of_letters_is_read_or_refused_as_geographiclib_does() {
    const LETTERS: &str = "ABCDEFGHJKLMNPQRSTUVWXYZ";
    let mut texts = Vec::new();
    for zone in ["1", "2", "31", "32", "36", "37", "60"] {
        for band in LETTERS.chars() {
            texts.extend(
                LETTERS.chars().flat_map(|c| LETTERS.chars().map(move |r| format!("{zone}{band}{c}{r}"))),
            );
        }
    }
    for band in "ABYZ".chars() {
        for column in LETTERS.chars() {
            texts.extend(LETTERS.chars().map(|row| format!("{band}{column}{row}1234567890")));
        }
    }
    let Some(theirs) = ask("GeoConvert", &["-p", "6"], &(texts.join("\n") + "\n")) else { return };
    assert_eq!(theirs.len(), texts.len());
    let mut read = 0;
    for (text, theirs) in texts.iter().zip(theirs) {
        let ours = from_mgrs(text);
        assert_eq!(ours.is_err(), theirs.starts_with("ERROR"), "{text}: {ours:?}, {theirs}");
        let Ok(ours) = ours else { continue };
        let numbers: Vec<f64> = theirs.split(' ').map(|word| word.parse().expect("degrees")).collect();
        let apart_m = geodesy::distance_m(ours.centre, Coord { x: numbers[1], y: numbers[0] });
        assert!(apart_m < 1e-5, "{text}: {apart_m} m apart");
        read += 1;
    }
    assert!(read > 10_000, "only {read} squares were read");
}

/// Reads rings, one polygon a line as JSON; prints area (first ring less the others) and length of all rings.
const AREAS: &str = "
import json, sys
from geographiclib.geodesic import Geodesic
for line in sys.stdin:
    area = length = 0.0
    for index, ring in enumerate(json.loads(line)):
        polygon = Geodesic.WGS84.Polygon()
        for lon, lat in ring[:-1]: polygon.AddPoint(lat, lon)
        _, perimeter, signed = polygon.Compute(False, True)
        area += abs(signed) if index == 0 else -abs(signed)
        length += perimeter
    print(repr(area), repr(length))
";

/// A star around a place, its corners between half of `radius_m` and all of it; wound either way.
fn star(dice: &mut Dice, centre: Coord<f64>, radius_m: f64) -> LineString<f64> {
    let corners = 3 + (dice.roll() * 40.0) as usize;
    let turn = dice.one_of(&[1.0, -1.0]);
    let mut ring: Vec<Coord<f64>> = (0..corners)
        .map(|corner| {
            let bearing_deg = turn * 360.0 * corner as f64 / corners as f64;
            destination(centre, bearing_deg, radius_m * dice.between(0.5, 1.0))
        })
        .collect();
    ring.push(ring[0]);
    LineString(ring)
}

fn polygons(count: usize) -> Vec<Polygon<f64>> {
    let mut dice = Dice(7);
    let polygon = |index: usize| {
        let centre = match index % 4 {
            0 => Coord { x: dice.between(22.0, 40.0), y: dice.between(44.0, 52.0) },
            1 => Coord { x: dice.one_of(&[180.0, -179.999, 179.99]), y: dice.between(-85.0, 85.0) },
            2 => Coord { x: dice.between(-180.0, 180.0), y: dice.one_of(&[89.9, -89.9, 85.0, 90.0]) },
            _ => Coord { x: dice.between(-180.0, 180.0), y: dice.between(-90.0, 90.0) },
        };
        let radius_m = 10_f64.powf(dice.between(1.0, 6.5));
        let hole = radius_m * 0.2;
        let holes = if index.is_multiple_of(3) { vec![star(&mut dice, centre, hole)] } else { Vec::new() };
        Polygon::new(star(&mut dice, centre, radius_m), holes)
    };
    (0..count).map(polygon).collect()
}

fn json(polygon: &Polygon<f64>) -> String {
    let ring = |ring: &LineString<f64>| {
        let points: Vec<String> = ring.0.iter().map(|place| format!("[{},{}]", place.x, place.y)).collect();
        format!("[{}]", points.join(","))
    };
    let rings: Vec<String> =
        std::iter::once(polygon.exterior()).chain(polygon.interiors()).map(ring).collect();
    format!("[{}]\n", rings.join(","))
}

/// Where doubles end. An area is a small difference of areas that reach to the equator: that leaves about 1 cm², as
/// far apart as GeographicLib's own versions in C++ and in Python are on fields of a few metres. Beside a pole, where
/// degrees of longitude are short, and around it the areas are larger: 0.1 m².
fn rounding_m2(polygon: &Polygon<f64>) -> f64 {
    let is_polar = polygon.exterior().0.iter().any(|place| place.y.abs() > 80.0);
    if is_polar { 0.1 } else { 1e-4 }
}

#[test]
fn areas_and_lengths_are_geographiclibs_to_a_part_in_a_thousand_million_where_doubles_can() {
    let polygons = polygons(2_000);
    let text: String = polygons.iter().map(json).collect();
    let Some(theirs) = ask("/usr/bin/python3", &["-c", AREAS], &text) else { return };
    if theirs.is_empty() {
        eprintln!("skipped: /usr/bin/python3 has no module geographiclib (scripts/setup test installs it)");
        return;
    }
    assert_eq!(theirs.len(), polygons.len());
    for (polygon, theirs) in polygons.into_iter().zip(theirs) {
        let (area_m2, length_m) = theirs.split_once(' ').expect("two numbers");
        let (area_m2, length_m): (f64, f64) = (area_m2.parse().expect("m²"), length_m.parse().expect("m"));
        let ours = measures(&Geometry::Polygon(polygon.clone()));
        let rounding_m2 = rounding_m2(&polygon);
        let share = |ours: Option<f64>, theirs: f64| {
            ((ours.expect("a measure") - theirs).abs() - rounding_m2).max(0.0) / theirs
        };
        assert!(share(ours.0, area_m2) < 1e-9, "{ours:?} instead of {area_m2} m²: {polygon:?}");
        assert!(share(ours.1, length_m) < 1e-9, "{ours:?} instead of {length_m} m: {polygon:?}");
    }
}

/// Latitude, longitude, UTM or UPS, MGRS: `echo LAT LON | GeoConvert -u -p 0` and `-m -p 0` of GeographicLib 2.1.2.
const BY_GEOCONVERT: &[(f64, f64, &str, &str)] = &[
    (50.4501, 30.5234, "36n 324182 5591608", "36UUA2418291607"),
    (49.99, 36.25, "37n 302888 5541143", "37UCR0288741143"),
    (47.097, 37.543, "37n 389432 5216973", "37TCN8943216973"),
    (46.6354, 32.6169, "36n 470677 5164720", "36TVS7067764720"),
    (48.0, 30.0, "36n 276224 5320656", "36UTU7622420655"),
    (60.4, 5.3, "32n 296192 6701684", "32VKN9619101684"),
    (60.0, 2.9, "31n 494422 6651415", "31VDG9442251415"),
    (56.0, 3.0, "32n 126050 6222336", "32VJH2604922336"),
    (63.999, 11.99, "32n 646212 7100333", "32VPS4621100332"),
    (64.0, 5.9, "31n 641808 7100241", "31WFM4180800240"),
    (78.2, 15.6, "33n 513697 8680760", "33XWG1369680760"),
    (79.0, 8.999, "31n 627569 8776536", "31XFH2756876536"),
    (79.0, 9.0, "33n 372410 8776538", "33XUH7241076538"),
    (80.5, 20.999, "33n 610345 8943097", "33XXK1034543097"),
    (80.5, 21.0, "35n 389636 8943099", "35XLK8963643099"),
    (81.0, 33.0, "37n 395396 8998619", "37XCK9539598619"),
    (83.999, 41.9, "37n 533835 9328834", "37XEP3383428833"),
    (72.0, 32.9, "35n 703203 7998893", "35XQV0320298893"),
    (71.999, 7.0, "32n 431027 7989966", "32WME3102689965"),
    (0.0, 36.0, "37n 166021 0", "37NAA6602100000"),
    (0.0, 0.0, "31n 166021 0", "31NAA6602100000"),
    (-0.0001, 36.1, "37s 177164 9999989", "37MAV7716399988"),
    (8.0, 36.0, "37n 169256 885504", "37PAJ6925685503"),
    (-8.0, -60.0, "21s 169256 9114496", "21MSM6925614496"),
    (-33.45, -70.66, "19s 345713 6297592", "19HCC4571397592"),
    (-54.8, -68.3, "19s 545000 3927239", "19FEV4500027239"),
    (-80.0, 100.0, "47s 519385 1118248", "47CNM1938418247"),
    (-80.0001, 100.0, "s 3096032 1806740", "BQL9603106740"),
    (84.0, 0.0, "n 2000000 1333272", "ZAA0000033272"),
    (84.0, -90.0, "n 1333272 2000000", "YRH3327200000"),
    (89.99, 45.0, "n 2000785 1999215", "ZAG0078599214"),
    (90.0, 0.0, "n 2000000 2000000", "ZAH0000000000"),
    (-90.0, 0.0, "s 2000000 2000000", "BAN0000000000"),
    (-85.0, 135.0, "s 2392768 1607232", "BFJ9276707232"),
    (-85.0, -135.0, "s 1607232 1607232", "AUJ0723207232"),
    (32.0, 36.2, "37n 235479 3543862", "37SBR3547843862"),
    (39.999, 36.2, "37n 260973 4431402", "37SBE6097231402"),
    (51.5, -180.0, "01n 291783 5709697", "01UBT9178309696"),
    (51.5, 180.0, "01n 291783 5709697", "01UBT9178309696"),
    (51.5, 179.9999, "60n 708210 5709697", "60UYC0820909696"),
];

#[test]
fn a_table_of_places_holds_without_geographiclib_too() {
    for (lat, lon, grid, mgrs) in BY_GEOCONVERT {
        let place = Coord { x: *lon, y: *lat };
        assert_eq!(to_mgrs(place, 5).as_deref(), Some(*mgrs));
        let ours = Grid::of(place);
        let zone = if ours.zone == 0 { String::new() } else { format!("{:02}", ours.zone) };
        let half = if ours.is_north { 'n' } else { 's' };
        assert_eq!(format!("{zone}{half} {:.0} {:.0}", ours.easting_m, ours.northing_m), *grid);
        for digits in 0..=5 {
            let square = from_mgrs(&to_mgrs(place, digits).expect("a square")).expect("reads");
            assert!(
                geodesy::distance_m(square.centre, place) <= square.half_diagonal_m() * 1.01,
                "{mgrs} {digits}"
            );
        }
    }
}
