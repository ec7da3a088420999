//! Questions that come with a shape, held against GEOS (shapely) and GeographicLib, and asked the way clients ask.

use serde_json::{Value, json};

use crate::harness::{Answer, Programme, Server, python};

/// For each hazard near a way its least distance in metres and how far along its nearest place is: by GEOS whether they
/// meet, else the least of all corners to all edges that may be nearest, each sought by golden section with the geodesic.
const ALONG: &str = r#"
import json, math, sys
from geographiclib.geodesic import Geodesic
from shapely.geometry import shape, LineString, Point
data = json.load(open(sys.argv[1]))
inverse = lambda a, b: Geodesic.WGS84.Inverse(a[1], a[0], b[1], b[0])['s12']
way = data['way']
narrow = math.cos(math.radians(way[0][1]))
flat = lambda p: (p[0] * narrow, p[1])
legs, along = [], 0.0
for a, b in zip(way, way[1:]):
    legs.append((along, a, b)); along += inverse(a, b)
def edges(g):
    if g.geom_type == 'Point': return [((g.x, g.y), (g.x, g.y))]
    if hasattr(g, 'geoms'): return [e for part in g.geoms for e in edges(part)]
    rings = [g.exterior, *g.interiors] if g.geom_type == 'Polygon' else [g]
    return [e for r in rings for e in zip(list(r.coords), list(r.coords)[1:])]
def foot(p, a, b):
    at = lambda t: (a[0] + t * (b[0] - a[0]), a[1] + t * (b[1] - a[1]))
    lo, hi = 0.0, 1.0
    for _ in range(80):
        m1, m2 = lo + (hi - lo) * 0.382, lo + (hi - lo) * 0.618
        if inverse(p, at(m1)) < inverse(p, at(m2)): hi = m2
        else: lo = m1
    t = min([lo, 0.0, 1.0], key=lambda t: inverse(p, at(t)))
    return inverse(p, at(t)), at(t)
line = LineString(way)
found = {}
for hazard in data['hazards']:
    g = shape(hazard['geometry'])
    if not g.is_valid or g.distance(line) > 0.03: continue
    if g.intersects(line):
        met = g.intersection(line)
        best = None
        for start, a, b in legs:
            part = g.intersection(LineString([a, b]))
            if part.is_empty: continue
            points = [p for e in ([part] if not hasattr(part, 'geoms') else part.geoms) for p in e.coords]
            first = min(start + inverse(a, p) for p in points)
            best = first if best is None else min(best, first)
        found[hazard['id']] = [0.0, best]
        continue
    pairs = []
    for start, a, b in legs:
        if LineString([a, b]).distance(g) > 0.03: continue
        leg = LineString([flat(a), flat(b)])
        for c, d in edges(g):
            other = LineString([flat(c), flat(d)]) if c != d else Point(flat(c))
            pairs.append((leg.distance(other), start, a, b, c, d))
    least = min(p[0] for p in pairs)
    best = None
    for near, start, a, b, c, d in pairs:
        if near > least * 1.05 + 1e-7: continue
        for p in {c, d}:
            m, at = foot(p, a, b)
            if best is None or m < best[0]: best = (m, start + inverse(a, at))
        for p, s in ((a, start), (b, start + inverse(a, b))):
            m, _ = foot(p, c, d)
            if m < best[0]: best = (m, s)
    found[hazard['id']] = list(best)
print(json.dumps(found))
"#;

const BUFFER_M: f64 = 900.0;

/// Open hazards with what the oracles need to know.
fn open_hazards(server: &Server) -> Vec<Value> {
    let mut hazards = Vec::new();
    for collection in ["hazardous-areas", "minefield-records", "hazard-reports", "explosive-items"] {
        for item in server.all_items(collection, 1_000) {
            let p = &item["properties"];
            let gone = p["status"] == "closed"
                || ["duplicate", "rejected", "converted"].iter().any(|gone| p["triage"] == *gone)
                || !p["disposed_on"].is_null();
            if !gone && !item["geometry"].is_null() {
                let accuracy = p["position_accuracy_m"].as_f64().unwrap_or(0.0);
                hazards
                    .push(json!({"id": item["id"], "collection": collection, "geometry": item["geometry"],
                    "accuracy": accuracy, "classification": p["classification"], "status": p["status"]}));
            }
        }
    }
    hazards
}

fn first_place(hazard: &Value) -> [f64; 2] {
    let mut at = &hazard["geometry"]["coordinates"];
    while at[0].is_array() {
        at = &at[0];
    }
    [at[0].as_f64().unwrap(), at[1].as_f64().unwrap()]
}

fn post(server: &Server, path: &str, body: &Value) -> Answer {
    server.send("POST", path, &[("content-type", "application/geo+json")], &body.to_string())
}

#[test]
fn hazards_along_a_way_are_where_geos_and_geographiclib_say_they_are() {
    let programme = Programme::with_demo(3_000);
    let server = programme.serve();
    let hazards = open_hazards(&server);
    let mut way: Vec<[f64; 2]> = hazards.iter().map(first_place).collect();
    way.retain(|[x, y]| (35.0..37.0).contains(x) && (48.0..50.0).contains(y));
    way.sort_by(|a, b| (a[0] + a[1]).total_cmp(&(b[0] + b[1])));
    way = way.into_iter().step_by(4).take(30).map(|[x, y]| [x + 0.0021, y - 0.0013]).collect();
    assert!(way.len() > 5, "{way:?}");
    let file = programme.path("along.json");
    std::fs::write(&file, json!({"hazards": hazards, "way": way}).to_string()).unwrap();
    let body =
        json!({"type": "Feature", "properties": {}, "geometry": {"type": "LineString", "coordinates": way}});
    let answer = post(&server, &format!("/query/route?buffer_m={BUFFER_M}&limit=10000"), &body);
    assert_eq!(answer.status, 200, "{}", answer.text());
    let ours = answer.json();
    let features = ours["features"].as_array().unwrap();
    let chainages: Vec<f64> = features.iter().map(|f| f["chainage_m"].as_f64().unwrap()).collect();
    assert!(chainages.is_sorted());
    let Some(text) = python(&["shapely", "geographiclib"], ALONG, &[file.to_str().unwrap()]) else { return };
    let theirs: serde_json::Map<String, Value> = serde_json::from_str(&text).unwrap();
    let mut compared = 0;
    for hazard in &hazards {
        let id = hazard["id"].as_str().unwrap();
        let found = features.iter().find(|feature| feature["id"] == id);
        let Some(theirs) = theirs.get(id) else { continue };
        let (metres, chainage_m) = (theirs[0].as_f64().unwrap(), theirs[1].as_f64().unwrap());
        let expected = (metres - hazard["accuracy"].as_f64().unwrap()).max(0.0);
        if (expected - BUFFER_M).abs() < 0.01 {
            continue;
        }
        assert_eq!(found.is_some(), expected < BUFFER_M, "{id} at {expected} m");
        let Some(found) = found else { continue };
        let distance_m = found["distance_m"].as_f64().unwrap();
        assert!(
            distance_m <= expected + 1e-6 && expected - distance_m < 0.005,
            "{id}: {distance_m}, {expected}"
        );
        // Legs of many kilometres are longer along their drawn edge than along the geodesic.
        let off_m = (found["chainage_m"].as_f64().unwrap() - chainage_m).abs();
        assert!(off_m < 0.02 + chainage_m * 1e-4, "{id}: {found} instead of {chainage_m}");
        compared += 1;
    }
    assert!(compared > 20, "only {compared} hazards were compared");
    assert_eq!(ours["numberReturned"].as_u64(), Some(features.len() as u64));
    server.stop();
}

/// Ground of an area, and of what lies in it, by GEOS; areas by GeographicLib with edges cut to a hundred metres.
const INSIDE: &str = r#"
import json, math, sys
from geographiclib.geodesic import Geodesic
from shapely.geometry import shape, LinearRing
from shapely.ops import unary_union
data = json.load(open(sys.argv[1]))
area = shape(data['area'])
def ring(r):
    polygon = Geodesic.WGS84.Polygon()
    points = list(r.coords)
    for a, b in zip(points, points[1:]):
        n = max(1, math.ceil(math.hypot(b[0] - a[0], b[1] - a[1]) / 0.001))
        for i in range(n): polygon.AddPoint(a[1] + (b[1] - a[1]) * i / n, a[0] + (b[0] - a[0]) * i / n)
    return abs(polygon.Compute()[2])
def metres2(g):
    if g.geom_type == 'Polygon': return ring(g.exterior) - sum(ring(r) for r in g.interiors)
    return sum(metres2(p) for p in getattr(g, 'geoms', []))
groups, total = {}, []
for h in data['hazards']:
    g, hull = shape(h['geometry']), None
    if not g.is_valid: g, hull = g.buffer(0), g.convex_hull
    if not (hull or g).intersects(area): continue
    key = ' '.join(str(h[k]) for k in ('collection', 'classification', 'status'))
    groups.setdefault(key, []).append((g, hull)); total.append((g, hull))
# A broken outline covers at least what GEOS repairs it to and at most its hull.
def one(shapes):
    least = unary_union([g for g, hull in shapes if g.area > 0]).intersection(area)
    more = sum(metres2(hull.difference(g)) for g, hull in shapes if hull)
    return [len(shapes), metres2(least), more]
print(json.dumps({'area_m2': metres2(area), 'total': one(total), 'groups': {k: one(v) for k, v in groups.items()}}))
"#;

#[test]
fn ground_in_an_area_is_what_geos_and_geographiclib_make_of_it_and_nothing_counts_twice() {
    let programme = Programme::with_demo(6_000);
    let server = programme.serve();
    let hazards = open_hazards(&server);
    let area = json!({"type": "MultiPolygon", "coordinates": [
        [[[35.2, 48.4], [37.4, 48.5], [37.1, 50.1], [36.0, 49.2], [35.3, 50.0], [35.2, 48.4]],
         [[36.0, 48.6], [36.0, 48.9], [36.4, 48.9], [36.0, 48.6]]],
        [[[37.6, 48.0], [38.2, 48.0], [38.2, 48.4], [37.6, 48.0]]],
    ]});
    let file = programme.path("inside.json");
    std::fs::write(&file, json!({"hazards": hazards, "area": area}).to_string()).unwrap();
    let answer = post(&server, "/query/area?limit=50", &area);
    assert_eq!(answer.status, 200, "{}", answer.text());
    let ours = answer.json();
    let listed = ours["features"].as_array().unwrap().len() as u64;
    let number = |value: &Value| value.as_f64().unwrap();
    let inside = ours["hazards"]["records"].as_u64().unwrap();
    let by_error = ours["hazards"]["by_position_error"].as_u64().unwrap();
    assert_eq!(listed + ours["more"].as_u64().unwrap(), inside + by_error);
    let Some(text) = python(&["shapely", "geographiclib"], INSIDE, &[file.to_str().unwrap()]) else { return };
    let theirs: Value = serde_json::from_str(&text).unwrap();
    let is_near = |ours: &Value, theirs: &Value, more: &Value, what: &str| {
        let (ours, theirs, more) = (number(ours), number(theirs), number(more));
        let within = 1.0 + theirs * 1e-6;
        assert!(
            ours >= theirs - within && ours <= theirs + more + within,
            "{what}: {ours} instead of {theirs} to {more} more"
        );
    };
    is_near(&ours["area_m2"], &theirs["area_m2"], &json!(0), "area");
    assert_eq!(ours["hazards"]["records"], theirs["total"][0]);
    is_near(&ours["hazards"]["area_m2"], &theirs["total"][1], &theirs["total"][2], "all hazards");
    assert!(inside > 100 && number(&ours["hazards"]["area_m2"]) > 1e5, "{}", ours["hazards"]);
    let mut compared = 0;
    for part in ours["hazards"]["by_code"].as_array().unwrap() {
        if part["collection"] != "hazardous-areas" {
            continue;
        }
        let code = |name: &str| part[name].as_str().unwrap_or("None").to_owned();
        let key = format!("{} {} {}", code("collection"), code("classification"), code("status"));
        assert_eq!(part["records"], theirs["groups"][&key][0], "{key}");
        is_near(&part["area_m2"], &theirs["groups"][&key][1], &theirs["groups"][&key][2], &key);
        compared += 1;
    }
    assert!(compared >= 3);
    let records: u64 =
        ours["hazards"]["by_code"].as_array().unwrap().iter().map(|p| p["records"].as_u64().unwrap()).sum();
    assert_eq!(records, inside, "parts add up");
    server.stop();
}

#[test]
fn land_that_is_released_and_surveyed_in_an_area_is_told_with_what_is_not() {
    let programme = Programme::new();
    let square = |x: f64, y: f64, side: f64| json!({"type": "Polygon", "coordinates": [[[x, y], [x + side, y], [x + side, y + side], [x, y + side], [x, y]]]});
    let feature = |geometry: Value, properties: Value| json!({"type": "Feature", "geometry": geometry, "properties": properties});
    let surveys = json!({"type": "FeatureCollection", "features": [
        feature(square(36.0, 49.0, 0.01), json!({"type": "non_technical", "result": "no_evidence_found", "reported_on": "2026-01-01"})),
        feature(square(36.005, 49.0, 0.01), json!({"type": "technical", "result": "evidence_found", "reported_on": "2026-01-01"})),
    ]});
    let file = programme.path("surveys.geojson");
    std::fs::write(&file, surveys.to_string()).unwrap();
    assert!(programme.import(&["--collection", "surveys", file.to_str().unwrap()]).code <= 1);
    let server = programme.serve();
    let ours = post(&server, "/query/area", &square(36.0, 49.0, 0.02)).json();
    let m2 = |value: &Value| value["area_m2"].as_f64().unwrap();
    let parts = ours["surveyed"]["by_code"].as_array().unwrap();
    assert_eq!((ours["surveyed"]["records"].as_u64(), parts.len()), (Some(2), 2));
    assert!(
        m2(&parts[0]) + m2(&parts[1]) > m2(&ours["surveyed"]) * 1.3,
        "what overlaps is counted once: {ours}"
    );
    let left = ours["area_m2"].as_f64().unwrap() - m2(&ours["surveyed"]);
    assert!((ours["not_surveyed_m2"].as_f64().unwrap() - left).abs() < 0.01);
    assert_eq!(
        (ours["hazards"]["records"].as_u64(), ours["released"]["records"].as_u64()),
        (Some(0), Some(0))
    );
    assert!(ours["sentence"].as_str().unwrap().contains("does not mean"));
    server.stop();
}

#[test]
fn shapes_that_cannot_be_asked_about_are_refused_with_what_is_allowed() {
    let programme = Programme::with_demo(20);
    let server = programme.serve();
    let line = |places: Value| json!({"type": "LineString", "coordinates": places});
    let good = line(json!([[36, 49], [36.1, 49]]));
    let field = json!({"type": "Polygon", "coordinates": [[[36, 49], [36.1, 49], [36.1, 49.1], [36, 49]]]});
    let bow_tie = json!({"type": "Polygon", "coordinates": [[[36, 49], [36.1, 49.1], [36.1, 49], [36, 49.1], [36, 49]]]});
    let many: Vec<[f64; 2]> = (0..10_002).map(|i| [36.0 + f64::from(i) * 1e-6, 49.0]).collect();
    let refused = [
        ("/query/route", good.clone()),
        ("/query/route?buffer_m=-1", good.clone()),
        ("/query/route?buffer_m=10001", good.clone()),
        ("/query/route?buffer_m=NaN", good.clone()),
        ("/query/route?buffer_m=5&width=2", good.clone()),
        ("/query/route?buffer_m=5", field.clone()),
        ("/query/route?buffer_m=5", json!({"type": "Feature", "geometry": null, "properties": {}})),
        ("/query/route?buffer_m=5", json!([])),
        ("/query/route?buffer_m=5", line(json!([[36, 49]]))),
        ("/query/route?buffer_m=5", line(json!([]))),
        ("/query/route?buffer_m=5", line(json!([[36, 49], [36, 91]]))),
        ("/query/route?buffer_m=5", line(json!([[36, 49], ["a", 1]]))),
        ("/query/route?buffer_m=5", line(json!(many))),
        ("/query/route?buffer_m=5", line(json!([[-90, 0], [90, 0]]))),
        ("/query/area", good.clone()),
        ("/query/area", bow_tie),
        ("/query/area?x=1", field.clone()),
        ("/query/area", json!({"type": "Polygon", "coordinates": []})),
    ];
    for (path, body) in refused {
        let answer = post(&server, path, &body);
        assert_eq!(answer.status, 400, "{path}: {}", answer.text());
        let problem = answer.json();
        assert!(problem["allowed"].is_string() && problem["parameter"].is_string(), "{path}: {problem}");
    }
    assert_eq!(server.send("POST", "/query/route?buffer_m=5", &[], "1e999").status, 400);
    assert_eq!(server.get("/query/route?buffer_m=5").status, 405);
    let huge = format!("{}{}", good, " ".repeat(1_100_000));
    assert_eq!(server.send("POST", "/query/route?buffer_m=5", &[], &huge).status, 413);
    for (path, body) in [("/query/route?buffer_m=5", good), ("/query/area?known-at=3", field)] {
        let answer = post(&server, path, &body);
        assert_eq!(answer.status, 200, "{path}: {}", answer.text());
        let expected = if path.contains("known-at") { "3" } else { "20" };
        assert_eq!(answer.headers["minemap-revision"], expected);
    }
    server.stop();
}

#[test]
fn whoever_has_not_signed_in_asks_along_a_way_and_sees_public_forms() {
    let programme = Programme::with_demo(600);
    programme.account("iryna", "administrator");
    programme.account("clerk", "approver");
    let mut server = programme.serve();
    let way = json!({"type": "LineString", "coordinates": [[34.0, 47.5], [36.0, 49.5], [38.0, 49.0]]});
    let path = "/query/route?buffer_m=5000&limit=10000";
    let public = post(&server, path, &way);
    assert_eq!(public.status, 200, "{}", public.text());
    let public = public.json();
    assert!(!public["features"].as_array().unwrap().is_empty(), "{public}");
    for feature in public["features"].as_array().unwrap() {
        assert!(feature["properties"]["public_form"].is_string(), "{feature}");
    }
    assert_eq!(post(&server, &format!("{path}&known-at=3"), &way).status, 401);
    server.token = Some(programme.token("clerk"));
    let exact = post(&server, path, &way).json();
    assert!(exact["features"].as_array().unwrap().iter().any(|f| f["properties"]["public_form"].is_null()));
    server.stop();
}
