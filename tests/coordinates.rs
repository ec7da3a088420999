//! Coordinates as people write them, asked of the program and of its server; numbers from PROJ as Debian ships it and
//! from GeographicLib.

use std::fmt::Write;

use serde_json::{Value, json};

use crate::harness::{Answer, Programme, Run, Server, minemap, python};

/// One place in Kyiv, and ways to write it that have one reading.
const KYIV: [f64; 2] = [30.5234, 50.4501];
const ONE_WAY: [(&str, Option<&str>); 14] = [
    ("50.4501 N 30.5234 E", None),
    ("30.5234E, 50.4501N", None),
    ("50,4501 Пн 30,5234 Сх", None),
    ("50,4501° пн. ш., 30,5234° сх. д.", None),
    ("50°27.006' N 30°31.404' E", None),
    ("50°27′00.36″N 30°31′24.24″E", None),
    ("N 50 27 00.36 E 30 31 24.24", None),
    ("36UUA2418291607", None),
    ("36U UA 24182 91607", None),
    ("36U 324182 5591608", None),
    ("UTM 36 north 324182 5591608", None),
    ("30.5234 50.4501", Some("EPSG:4326")),
    ("324182 5591608", Some("EPSG:32636")),
    ("EPSG:32636 324182 5591608", None),
];

fn locate(arguments: &[&str]) -> Run {
    Run::of(minemap().arg("locate").args(arguments))
}

fn located(arguments: &[&str]) -> Value {
    let run = locate(arguments);
    assert_eq!(run.code, 0, "{arguments:?}: {}", run.all());
    serde_json::from_str(&run.stdout).unwrap()
}

/// Metres between two places that are near each other.
fn apart_m(place: &Value, [lon, lat]: [f64; 2]) -> f64 {
    let (x, y) = (place["lon"].as_f64().unwrap(), place["lat"].as_f64().unwrap());
    let metres_per_degree = 111_320.0;
    ((x - lon) * metres_per_degree * lat.to_radians().cos()).hypot((y - lat) * metres_per_degree)
}

fn encoded(text: &str) -> String {
    text.bytes().fold(String::new(), |mut all, byte| {
        let _ = write!(all, "%{byte:02X}");
        all
    })
}

fn path(text: &str, crs: Option<&str>) -> String {
    let crs = crs.map(|crs| format!("&crs={}", encoded(crs))).unwrap_or_default();
    format!("/query/locate?text={}{crs}", encoded(text))
}

fn post(server: &Server, body: &Value) -> Answer {
    let agent: ureq::Agent = ureq::Agent::config_builder().http_status_as_error(false).build().into();
    let url = format!("{}/query/traverse", server.url);
    let mut response = agent.post(url).send(body.to_string()).unwrap();
    let status = response.status().as_u16();
    Answer {
        status,
        headers: Default::default(),
        cookies: Vec::new(),
        body: response.body_mut().read_to_vec().unwrap(),
    }
}

#[test]
fn every_notation_is_read_by_the_program_and_by_its_server_alike() {
    let programme = Programme::new();
    let server = programme.serve();
    for (text, crs) in ONE_WAY {
        let by_program = match crs {
            Some(crs) => located(&[text, "--crs", crs]),
            None => located(&[text]),
        };
        assert!(apart_m(&by_program, KYIV) < 1.5, "{text}: {by_program}");
        assert!(by_program["accuracy_m"].as_f64().unwrap() < 10.0, "{text}: {by_program}");
        let by_server = server.json(&path(text, crs));
        for name in ["lon", "lat", "accuracy_m", "read_as"] {
            assert_eq!(by_server[name], by_program[name], "{text}: {name}");
        }
        let features = by_server["features"].as_array().unwrap();
        assert_eq!((features.len(), &by_server["type"]), (1, &json!("FeatureCollection")), "{text}");
        assert_eq!(features[0]["geometry"]["coordinates"], json!([by_program["lon"], by_program["lat"]]));
        assert_eq!(features[0]["properties"]["crs"], by_program["crs"], "{text}");
    }
    server.stop();
}

#[test]
fn what_can_be_read_in_several_ways_is_answered_with_all_of_them_and_never_guessed() {
    let programme = Programme::new();
    let server = programme.serve();
    for (text, ways) in [("50.4501 30.5234", 2), ("50 27 00 30 31 24", 2), ("36S 500000 3800000", 2)] {
        let run = locate(&[text]);
        assert_eq!(run.code, 1, "{}", run.all());
        assert!(run.stderr.contains(&format!("in {ways} ways")), "{}", run.all());
        let told: Value = serde_json::from_str(&run.stdout).unwrap();
        assert_eq!(told["readings"].as_array().unwrap().len(), ways, "{text}: {told}");
        let by_server = server.json(&path(text, None));
        assert_eq!(by_server["features"].as_array().unwrap().len(), ways, "{text}: {by_server}");
        assert!(by_server.get("lon").is_none(), "{text}: {by_server}");
    }
    let zoned: Value = serde_json::from_str(&locate(&["6470558 5374213"]).stdout).unwrap();
    let systems: Vec<&str> = zoned["readings"]
        .as_array()
        .unwrap()
        .iter()
        .map(|reading| reading["crs"].as_str().unwrap())
        .collect();
    assert!(systems.contains(&"EPSG:28406") && systems.contains(&"EPSG:5564"), "{systems:?}");
    server.stop();
}

#[test]
fn what_cannot_be_read_is_refused_with_the_notations_that_can() {
    let programme = Programme::new();
    let server = programme.serve();
    for (text, crs) in [
        ("Kharkiv", None),
        ("91N 30E", None),
        ("36UUA123", None),
        ("412345 5423456", None),
        ("36.25 49.99", Some("EPSG:5564")),
        ("50N 30E", Some("EPSG:99999")),
    ] {
        let mut arguments = vec![text];
        arguments.extend(crs.iter().flat_map(|crs| ["--crs", crs]));
        let run = locate(&arguments);
        assert_eq!((run.code, run.stdout.as_str()), (2, ""), "{text}: {}", run.all());
        let answer = server.get(&path(text, crs));
        assert_eq!(answer.status, 400, "{text}: {}", answer.text());
        assert_eq!(answer.headers["content-type"], "application/problem+json", "{text}");
        if crs.is_none() {
            assert!(run.stderr.contains("MGRS (36UUA"), "{}", run.all());
            assert!(answer.json()["allowed"].as_str().unwrap().contains("MGRS (36UUA"), "{}", answer.text());
        }
    }
    for bad in ["/query/locate", "/query/locate?text=50N%2030E&srs=EPSG:4326"] {
        assert_eq!(server.get(bad).status, 400, "{bad}");
    }
    server.stop();
}

/// Reads EPSG codes with places; prints each place's easting and northing (or longitude and latitude).
const BY_PROJ: &str = r#"
import json, sys
from osgeo import osr
osr.UseExceptions()
def system(code):
    s = osr.SpatialReference()
    s.ImportFromEPSG(code)
    s.SetAxisMappingStrategy(osr.OAMS_TRADITIONAL_GIS_ORDER)
    return s
wgs84 = system(4326)
answers = []
for code, lon, lat in json.loads(sys.argv[1]):
    x, y, _ = osr.CoordinateTransformation(wgs84, system(code)).TransformPoint(lon, lat)
    answers.append([x, y])
print(json.dumps(answers))
"#;

/// EPSG code, a place in its area, and a name that means it.
const SYSTEMS: [(u32, f64, f64, &str); 14] = [
    (28404, 23.5, 49.5, "SK-42 zone 4"),
    (28405, 28.0, 49.0, "СК-42 зона 5"),
    (28406, 32.6, 48.5, "SK-42 zone 6"),
    (28407, 37.5, 48.0, "Pulkovo 1942 zone 7"),
    (2496, 32.6, 48.5, "SK-42 zone 6"),
    (5564, 32.6, 48.5, "UCS-2000 zone 6"),
    (5565, 36.25, 49.99, "УСК-2000 зона 7"),
    (6385, 33.0, 48.5, "UCS-2000 zone 11"),
    (9858, 36.25, 49.99, "UCS-2000 Kharkiv"),
    (9864, 30.52, 50.45, "МСК-80"),
    (7826, 26.0, 49.0, "SK-63 X2"),
    (7829, 35.5, 49.0, "СК-63 Х5"),
    (4284, 36.25, 49.99, ""),
    (5561, 36.25, 49.99, ""),
];

#[test]
fn the_systems_of_ukraine_give_the_places_that_debians_proj_gives_by_code_and_by_name() {
    let asked: Vec<Value> = SYSTEMS.iter().map(|(code, lon, lat, _)| json!([code, lon, lat])).collect();
    let Some(text) = python(&["osgeo"], BY_PROJ, &[&Value::from(asked).to_string()]) else { return };
    let theirs: Vec<[f64; 2]> = serde_json::from_str(&text).unwrap();
    for ((code, lon, lat, name), [x, y]) in SYSTEMS.iter().zip(theirs) {
        let by_code = located(&[&format!("{x:.9} {y:.9}"), "--crs", &format!("EPSG:{code}")]);
        assert!(apart_m(&by_code, [*lon, *lat]) < 0.01, "{code}: {by_code}");
        assert!(by_code["operation"].as_str().unwrap().contains("to WGS 84"), "{code}: {by_code}");
        assert!((1.0..3.1).contains(&by_code["accuracy_m"].as_f64().unwrap()), "{code}: {by_code}");
        let back = located(&[&format!("{lat}N {lon}E"), "--to", &format!("EPSG:{code}")]);
        let [first, second] = if name.is_empty() { ["lon", "lat"] } else { ["easting", "northing"] };
        let (first, second) = (back["to"][first].as_f64().unwrap(), back["to"][second].as_f64().unwrap());
        assert!((first - x).abs() < 0.01 && (second - y).abs() < 0.01, "{code}: {back}");
        if !name.is_empty() {
            by_name(name, *code, [x, y], [*lon, *lat]);
        }
    }
}

/// By a name the numbers may stand in either order: Ukrainian surveyors write north first. In zone 5 both orders can
/// be places of Ukraine; then both are told.
fn by_name(name: &str, code: u32, [x, y]: [f64; 2], place: [f64; 2]) {
    let (east_first, north_first) = (format!("{name}: {x:.3} {y:.3}"), format!("{y:.3} {x:.3}"));
    for arguments in [vec![east_first.as_str()], vec![north_first.as_str(), "--crs", name]] {
        let run = locate(&arguments);
        let told: Value = serde_json::from_str(&run.stdout).unwrap_or_else(|_| panic!("{}", run.all()));
        let readings = told["readings"].as_array().cloned().unwrap_or_else(|| vec![told.clone()]);
        assert_eq!((run.code, readings.len()), if code == 28405 { (1, 2) } else { (0, 1) }, "{}", run.all());
        let is_there =
            |reading: &Value| reading["crs"] == format!("EPSG:{code}") && apart_m(reading, place) < 0.01;
        assert!(readings.iter().any(is_there), "{}", run.all());
    }
    let lettered = located(&[&format!("{name} N {y:.3} E {x:.3}")]);
    assert!(apart_m(&lettered, place) < 0.01, "{lettered}");
}

#[test]
fn a_place_outside_the_area_of_its_system_is_answered_with_a_note() {
    let told = located(&["6760000 5423456", "--crs", "EPSG:28406"]);
    assert!(told["notes"][0].as_str().unwrap().contains("outside the area"), "{told}");
    let turned = located(&["5423456 6412345", "--crs", "EPSG:28406"]);
    assert!(turned["notes"][0].as_str().unwrap().contains("second number"), "{turned}");
    let carried = located(&["30.5N 50.4E", "--to", "EPSG:5564"]);
    assert!(carried["to"]["notes"][0].as_str().unwrap().contains("outside the area"), "{carried}");
}

/// Walks legs with GeographicLib.
const WALK: &str = r#"
import json, sys
from geographiclib.geodesic import Geodesic
lon, lat, legs = json.loads(sys.argv[1])
points = [[lon, lat]]
for bearing, distance in legs:
    d = Geodesic.WGS84.Direct(lat, lon, bearing, distance)
    lon, lat = d['lon2'], d['lat2']
    points.append([lon, lat])
print(json.dumps({"points": points, "misclosure": Geodesic.WGS84.Inverse(lat, lon, points[0][1], points[0][0])['s12']}))
"#;

#[test]
fn a_traverse_leads_where_geographiclib_leads_and_says_by_how_much_it_does_not_close() {
    let programme = Programme::new();
    let server = programme.serve();
    let legs = [(12.5, 340.0), (101.0, 220.5), (195.25, 331.0), (284.0, 201.0)];
    let steps: Vec<Value> = legs
        .iter()
        .map(|(bearing, distance)| json!({"bearing_deg": bearing, "distance_m": distance}))
        .collect();
    let body =
        json!({"reference": {"lon": 36.25, "lat": 49.99}, "north": "true", "legs": steps, "closes": true});
    let answer = post(&server, &body);
    assert_eq!(answer.status, 200, "{}", answer.text());
    let ours = answer.json();
    assert_eq!((&ours["length_m"], &ours["declination_deg"]), (&json!(1_092.5), &json!(0.0)), "{ours}");
    assert_eq!(ours["geometry"]["type"], "Polygon");
    assert_eq!(ours["geometry"]["coordinates"][0][0], ours["geometry"]["coordinates"][0][4]);
    assert_eq!(ours["as_entered"]["legs"], body["legs"]);
    let Some(text) = python(&["geographiclib"], WALK, &[&json!([36.25, 49.99, legs]).to_string()]) else {
        return;
    };
    let theirs: Value = serde_json::from_str(&text).unwrap();
    for (ours, theirs) in ours["points"].as_array().unwrap().iter().zip(theirs["points"].as_array().unwrap())
    {
        let place = json!({"lon": ours[0], "lat": ours[1]});
        assert!(
            apart_m(&place, [theirs[0].as_f64().unwrap(), theirs[1].as_f64().unwrap()]) < 1e-6,
            "{place}"
        );
    }
    let off = ours["misclosure_m"].as_f64().unwrap() - theirs["misclosure"].as_f64().unwrap();
    assert!(off.abs() < 1e-6, "{ours}");
    server.stop();
}

#[test]
fn a_traverse_by_compass_needs_its_date_and_one_that_cannot_be_walked_is_refused() {
    let programme = Programme::new();
    let server = programme.serve();
    let leg = json!({"bearing_deg": 90.0, "distance_m": 100.0});
    let body = |more: Value| {
        let mut body = json!({"reference": {"text": "49.99N 36.25E"}, "legs": [leg]});
        body.as_object_mut().unwrap().extend(more.as_object().unwrap().clone());
        body
    };
    let magnetic = post(&server, &body(json!({"north": "magnetic", "date": "2026-11-22"})));
    assert_eq!(magnetic.status, 200, "{}", magnetic.text());
    let magnetic = magnetic.json();
    assert!((magnetic["declination_deg"].as_f64().unwrap() - 9.317).abs() < 0.01, "{magnetic}");
    assert_eq!(
        (&magnetic["misclosure_m"], &magnetic["geometry"]["type"]),
        (&Value::Null, &json!("LineString"))
    );
    for (wrong, says) in [
        (json!({"north": "magnetic"}), "date"),
        (json!({"north": "magnetic", "date": "2035-01-01"}), "2029-12-31"),
        (json!({"north": "magnetic", "date": "yesterday"}), "yesterday"),
        (json!({"north": "grid"}), "magnetic"),
        (json!({"closes": true}), "at least 3"),
        (json!({"legs": []}), "1 to 1000"),
        (json!({"legs": [{"bearing_deg": 400.0, "distance_m": 1.0}]}), "leg 1"),
        (json!({"reference": {"lon": 400.0, "lat": 0.0}}), "400"),
        (json!({"reference": {"text": "50 30"}}), "one way"),
        (json!({"reference": {"text": "nowhere"}}), "MGRS"),
        (json!({"speed": 3}), "speed"),
    ] {
        let answer = post(&server, &body(wrong.clone()));
        assert_eq!(answer.status, 400, "{wrong}: {}", answer.text());
        assert!(answer.json()["detail"].as_str().unwrap().contains(says), "{wrong}: {}", answer.text());
    }
    server.stop();
}
