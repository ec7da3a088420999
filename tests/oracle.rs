//! Answers held against other people's libraries: GEOS through shapely, and GeographicLib.

use crate::harness::{Programme, Server, python};
use serde_json::{Value, json};

/// Reads a JSON file of hazards (outline and accuracy) and places; prints, for each place, the distance in
/// metres to every hazard that is near it. Edges are straight in longitude and latitude (RFC 7946), so the
/// nearest point is searched along each edge with the geodesic inverse itself.
const NEAREST: &str = r#"
import json, sys
from geographiclib.geodesic import Geodesic
from shapely.geometry import shape, Point
data = json.load(open(sys.argv[1]))
inverse = Geodesic.WGS84.Inverse
def segments(g):
    if g.geom_type == 'Point': yield (g.x, g.y), (g.x, g.y); return
    parts = g.geoms if hasattr(g, 'geoms') else [g]
    for part in parts:
        if part.geom_type == 'Point': yield (part.x, part.y), (part.x, part.y); continue
        rings = [part.exterior, *part.interiors] if part.geom_type == 'Polygon' else [part]
        for ring in rings:
            points = list(ring.coords)
            yield from zip(points, points[1:])
def to_edge(p, a, b):
    at = lambda t: inverse(p[1], p[0], a[1] + t * (b[1] - a[1]), a[0] + t * (b[0] - a[0]))['s12']
    lo, hi = 0.0, 1.0
    for _ in range(60):
        m1, m2 = lo + (hi - lo) * 0.382, lo + (hi - lo) * 0.618
        if at(m1) < at(m2): hi = m2
        else: lo = m1
    return min(at(lo), at(0.0), at(1.0))
answers = []
for place in data['places']:
    p = Point(place)
    found = {}
    for hazard in data['hazards']:
        g = shape(hazard['geometry'])
        if not g.is_valid: continue
        if g.distance(p) > 0.05: continue
        found[hazard['id']] = 0.0 if g.intersects(p) else min(to_edge(place, a, b) for a, b in segments(g))
    answers.append(found)
print(json.dumps(answers))
"#;

const RADIUS_M: f64 = 1_500.0;

#[test]
fn what_is_at_a_place_and_how_far_agrees_with_geos_and_geographiclib() {
    let programme = Programme::with_demo(400);
    let server = programme.serve();
    let hazards = open_hazards(&server);
    let places: Vec<[f64; 2]> = hazards.iter().step_by(8).map(place_beside).take(30).collect();
    let file = programme.path("oracle.json");
    std::fs::write(&file, json!({"hazards": hazards, "places": places}).to_string()).unwrap();
    let Some(text) = python(&["shapely", "geographiclib"], NEAREST, &[file.to_str().unwrap()]) else {
        return;
    };
    let theirs: Vec<Value> = serde_json::from_str(&text).unwrap();
    let mut compared = 0;
    for (place, theirs) in places.iter().zip(&theirs) {
        compared += compare(&server, place, theirs.as_object().unwrap(), &hazards);
    }
    assert!(compared > 20, "only {compared} distances were compared");
    server.stop();
}

fn compare(
    server: &Server,
    place: &[f64; 2],
    theirs: &serde_json::Map<String, Value>,
    hazards: &[Value],
) -> u32 {
    let [lon, lat] = place;
    let near = server.json(&format!("/query/near?lon={lon}&lat={lat}&radius_m={RADIUS_M}&limit=1000"));
    let at = server.json(&format!("/query/at?lon={lon}&lat={lat}"));
    let ours = |answer: &Value, id: &str| {
        let features = answer["features"].as_array().unwrap().clone();
        features.into_iter().find(|feature| feature["id"] == id)
    };
    let mut compared = 0;
    for (id, distance) in theirs {
        let accuracy = hazards.iter().find(|h| h["id"] == id.as_str()).unwrap()["accuracy"].as_f64().unwrap();
        let expected = (distance.as_f64().unwrap() - accuracy).max(0.0);
        if (expected - RADIUS_M).abs() < 0.01 {
            continue;
        }
        let found = ours(&near, id);
        assert_eq!(found.is_some(), expected < RADIUS_M, "{id} at {expected} m from {place:?}");
        assert_eq!(ours(&at, id).is_some(), expected == 0.0, "{id} at {expected} m from {place:?}");
        if let Some(found) = found {
            let distance_m = found["distance_m"].as_f64().unwrap();
            assert!(distance_m <= expected + 1e-6, "a distance is a lower bound: {distance_m} > {expected}");
            assert!(expected - distance_m < 0.005, "{id}: {distance_m} instead of {expected}");
            compared += 1;
        }
    }
    compared
}

fn open_hazards(server: &Server) -> Vec<Value> {
    let mut hazards = Vec::new();
    for collection in ["hazardous-areas", "hazard-reports"] {
        for item in server.all_items(collection, 1_000) {
            let p = &item["properties"];
            let gone = p["status"] == "closed" || p["triage"] == "duplicate" || p["triage"] == "rejected";
            if !gone && !item["geometry"].is_null() {
                let accuracy = p["position_accuracy_m"].as_f64().unwrap_or(0.0);
                hazards.push(json!({"id": item["id"], "geometry": item["geometry"], "accuracy": accuracy}));
            }
        }
    }
    hazards
}

/// A place within a few hundred metres of a hazard's first position.
fn place_beside(hazard: &Value) -> [f64; 2] {
    let mut at = &hazard["geometry"]["coordinates"];
    while at[0].is_array() {
        at = &at[0];
    }
    [at[0].as_f64().unwrap() + 0.0021, at[1].as_f64().unwrap() - 0.0013]
}

/// Polygons of real files: is a place in them? GEOS decides.
const INSIDE: &str = r#"
import json, sys, random
from shapely.geometry import shape, Point
features = json.load(open(sys.argv[1]))
random.seed(1)
out = []
for f in features:
    g = shape(f['geometry'])
    w, s, e, n = g.bounds
    for _ in range(40):
        p = Point(random.uniform(w, e), random.uniform(s, n))
        if g.is_valid and g.boundary.distance(p) > 1e-9:
            out.append([f['id'], p.x, p.y, bool(g.contains(p))])
print(json.dumps(out))
"#;

#[test]
fn the_real_suspected_areas_of_amsterdam_contain_what_geos_says_they_contain() {
    let Some(file) = crate::harness::shared("amsterdam-explosieven/csv/verdachte_gebieden.csv") else {
        return;
    };
    let programme = Programme::new();
    let by = crate::harness::mapping("amsterdam-verdachte-gebieden.toml");
    assert!(programme.import(&["--mapping", &by, file.to_str().unwrap()]).code <= 1);
    let server = programme.serve();
    let items = server.all_items("hazardous-areas", 100);
    let path = programme.path("areas.json");
    std::fs::write(&path, Value::from(items.clone()).to_string()).unwrap();
    let Some(text) = python(&["shapely"], INSIDE, &[path.to_str().unwrap()]) else { return };
    let cases: Vec<(String, f64, f64, bool)> = serde_json::from_str(&text).unwrap();
    assert!(cases.len() > 100);
    for (id, lon, lat, inside) in cases {
        let found = server.json(&format!("/query/at?lon={lon}&lat={lat}"));
        let hit = found["features"].as_array().unwrap().iter().any(|f| f["id"] == id.as_str());
        let reached_by_error =
            items.iter().any(|i| i["id"] == id.as_str() && !i["properties"]["position_accuracy_m"].is_null());
        assert!(hit == inside || (hit && reached_by_error), "{id} {lon} {lat}: {hit}, GEOS says {inside}");
    }
    server.stop();
}
