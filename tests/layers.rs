//! Reference layers from outside: added, listed and removed by command, served beside the collections, held
//! against GDAL; the units of records held against GEOS.

use std::path::Path;

use serde_json::{Value, json};

use crate::harness::{Programme, Run, Server, minemap, python, shared};

impl Programme {
    fn layer(&self, arguments: &[&str]) -> Run {
        let mut command = minemap();
        Run::of(command.arg("layer").args(arguments).arg("--store").arg(self.store()))
    }

    /// Adds a layer of these GeoJSON features.
    fn layer_of(&self, name: &str, features: &[Value], more: &[&str]) -> Run {
        let file = self.path(&format!("{name}.geojson"));
        let text = json!({"type": "FeatureCollection", "features": features}).to_string();
        std::fs::write(&file, text).unwrap();
        let mut arguments = vec!["add", file.to_str().unwrap(), "--name", name];
        arguments.extend(more);
        self.layer(&arguments)
    }
}

fn square(west: f64, south: f64, side: f64, properties: Value) -> Value {
    let (east, north) = (west + side, south + side);
    let ring = json!([[west, south], [east, south], [east, north], [west, north], [west, south]]);
    json!({"type": "Feature", "properties": properties, "geometry": {"type": "Polygon", "coordinates": [ring]}})
}

const COMPARE: &str = r#"
import json, sys
from osgeo import ogr
ogr.UseExceptions()
source, table, items = sys.argv[1:4]
data = ogr.Open(source)
layer = data.GetLayerByName(table) if table else data.GetLayer(0)
mine = json.load(open(items))
def coords(node, out):
    if node is None: return out
    if 'geometries' in node:
        for part in node['geometries']: coords(part, out)
        return out
    def walk(c):
        if c and isinstance(c[0], (int, float)): out.append((c[0], c[1]))
        else:
            for part in c: walk(part)
    walk(node['coordinates'])
    return sorted(out)
def field(f, i):
    d = f.GetFieldDefnRef(i)
    if not f.IsFieldSetAndNotNull(i): return None
    if d.GetType() == ogr.OFTDateTime: return '%04d-%02d-%02dT%02d:%02d:%02d' % tuple(int(p) for p in f.GetFieldAsDateTime(i)[:6])
    if d.GetType() == ogr.OFTDate: return '%04d-%02d-%02d' % tuple(f.GetFieldAsDateTime(i)[:3])
    value = f.GetField(i)
    # The reader of .dbf leaves out blanks and line ends behind a text.
    return value.rstrip() if isinstance(value, str) and source.endswith('.shp') else value
n = 0
for f in layer:
    got = mine[n]; n += 1
    props = got['properties']
    for i in range(f.GetFieldCount()):
        name, value = f.GetFieldDefnRef(i).GetName(), field(f, i)
        have = props.get(name)
        if value in (None, '') and have in (None, ''): continue
        same = abs(value - have) <= 1e-9 * max(1, abs(value)) if isinstance(value, (int, float)) else value == have
        assert same, (n, name, value, have)
    known = {f.GetFieldDefnRef(i).GetName() for i in range(f.GetFieldCount())} | {layer.GetFIDColumn()}
    # GDAL leaves out what stands beside the properties of a GeoJSON feature.
    assert set(props) <= known or source.endswith('.geojson'), set(props) - known
    g = f.GetGeometryRef()
    theirs = coords(json.loads(g.ExportToJson(['COORDINATE_PRECISION=15'])) if g and not g.IsEmpty() else None, [])
    ours = coords(got['geometry'], [])
    assert len(theirs) == len(ours), (n, len(theirs), len(ours))
    assert all(abs(a[0]-b[0]) <= 1e-9 and abs(a[1]-b[1]) <= 1e-9 for a, b in zip(theirs, ours)), n
assert n == len(mine), (n, len(mine))
print(n)
"#;

fn served_as_gdal_reads_it(programme: &Programme, server: &Server, file: &Path, table: &str) {
    let mut arguments = vec!["add", file.to_str().unwrap(), "--name", "real", "--replace"];
    if !table.is_empty() {
        arguments.extend(["--layer", table]);
    }
    let run = programme.layer(&arguments);
    assert_eq!(run.code, 0, "{}", run.all());
    let items = server.all_items("real", 500);
    let path = programme.path("items.json");
    std::fs::write(&path, Value::from(items.clone()).to_string()).unwrap();
    let told = python(&["osgeo"], COMPARE, &[file.to_str().unwrap(), table, path.to_str().unwrap()]);
    assert!(told.is_none_or(|told| told.trim() == items.len().to_string()), "{}", file.display());
}

#[test]
fn a_layer_holds_exactly_what_gdal_reads_from_its_file() {
    let programme = Programme::with_demo(20);
    let server = programme.serve();
    let files = [
        ("cql2-ats/ne110m4cql2.gpkg", "ne_110m_admin_0_countries"),
        ("cql2-ats/ne110m4cql2.gpkg", "ne_110m_populated_places_simple"),
        ("cql2-ats/ne110m4cql2.gpkg", "ne_110m_rivers_lake_centerlines"),
        ("fiona-testdata/coutwildrnp.shp", ""),
        ("fiona-testdata/grenada.geojson", ""),
        (
            "multiformat-fires2017/sample-fires2017/Monitoring_Trends_in_Burn_Severity%3A_Fire_Occurrence_Locations_and_Burned_Area_Boundaries.shp",
            "",
        ),
    ];
    for (name, table) in files {
        let Some(file) = shared(name) else { continue };
        served_as_gdal_reads_it(&programme, &server, &file, table);
    }
    server.stop();
}

#[test]
fn a_layer_in_another_reference_system_lies_where_gdal_puts_it() {
    let Some(file) = shared("amsterdam-explosieven/Verdachte_gebieden_test.shp") else { return };
    let programme = Programme::with_demo(20);
    let run = programme.layer(&["add", file.to_str().unwrap(), "--name", "suspected"]);
    assert!(run.code <= 1 && run.stdout.contains(" read = "), "{}", run.all());
    let server = programme.serve();
    let extent = server.json("/ogc/collections/suspected")["extent"]["spatial"]["bbox"][0].clone();
    let script = "import sys, json\nfrom osgeo import ogr, osr\nd=ogr.Open(sys.argv[1]); l=d.GetLayer(0); e=l.GetExtent()\n\
        t=osr.SpatialReference(); t.ImportFromEPSG(4326); t.SetAxisMappingStrategy(0)\n\
        c=osr.CoordinateTransformation(l.GetSpatialRef(), t)\nprint(json.dumps([c.TransformPoint((e[0]+e[1])/2,(e[2]+e[3])/2)[:2], l.GetFeatureCount()]))";
    let matched = server.json("/ogc/collections/suspected/items?limit=1")["numberMatched"].clone();
    if let Some(told) = python(&["osgeo"], script, &[file.to_str().unwrap()]) {
        let told: Value = serde_json::from_str(&told).unwrap();
        let middle =
            |axis: usize| (extent[axis].as_f64().unwrap() + extent[axis + 2].as_f64().unwrap()) / 2.0;
        // The middle of a turned box is not the turned middle of the box: some hundred metres.
        assert!((told[0][0].as_f64().unwrap() - middle(0)).abs() < 5e-3, "{told} {extent}");
        assert!((told[0][1].as_f64().unwrap() - middle(1)).abs() < 5e-3, "{told} {extent}");
        assert_eq!(told[1], matched);
    }
    server.stop();
}

#[test]
fn a_layer_is_there_and_gone_as_soon_as_its_command_ends_while_the_server_runs() {
    let programme = Programme::with_demo(20);
    let server = programme.serve();
    assert_eq!(server.get("/ogc/collections/units").status, 404);
    let units = [square(36.0, 49.0, 1.0, json!({"name": "Ж", "n": 1.5, "on": true, "list": [1]}))];
    let run = programme.layer_of("units", &units, &["--title", "Units"]);
    assert_eq!(run.code, 0, "{}", run.all());
    assert_eq!(server.json("/ogc/collections/units")["title"], "Units");
    let listed = server.json("/ogc/collections");
    assert!(listed["collections"].as_array().unwrap().iter().any(|one| one["id"] == "units"));
    let schema = server.json("/ogc/collections/units/schema");
    assert_eq!(schema["properties"]["n"]["type"], "number", "{schema}");
    assert_eq!(schema["properties"]["on"]["type"], "boolean");
    let item = server.json("/ogc/collections/units/items/1");
    assert_eq!(item["properties"], json!({"name": "Ж", "n": 1.5, "on": true, "list": [1]}));
    assert_eq!(server.get("/ogc/collections/units/items/2").status, 404);
    let run = programme.layer(&["list"]);
    assert!(run.stdout.contains("units") && run.stdout.contains("on (truth)"), "{}", run.all());

    let again = programme.layer_of("units", &units, &[]);
    assert!(again.code == 2 && again.stderr.contains("--replace"), "{}", again.all());
    let two = [units[0].clone(), square(37.0, 49.0, 1.0, json!({}))];
    assert_eq!(programme.layer_of("units", &two, &["--replace"]).code, 0);
    assert_eq!(server.json("/ogc/collections/units/items")["numberMatched"], 2);

    assert_eq!(programme.layer(&["remove", "units"]).code, 0);
    assert_eq!(server.get("/ogc/collections/units").status, 404);
    let gone = programme.layer(&["remove", "units"]);
    assert!(gone.code == 2 && gone.stderr.contains("no layer units"), "{}", gone.all());
    server.stop();
    assert_eq!(programme.verify().code, 0);
}

#[test]
fn pages_of_a_layer_visit_every_feature_once_and_a_bbox_finds_what_touches_it() {
    let programme = Programme::with_demo(20);
    let mut features: Vec<_> =
        (0..50).map(|n| square(30.0 + f64::from(n) * 0.1, 49.0, 0.1, json!({"n": n}))).collect();
    features.push(json!({"type": "Feature", "geometry": null, "properties": {"n": 50}}));
    let run = programme.layer_of("grid", &features, &[]);
    assert!(run.stdout.contains("51 read = 50 placed + 1 without geometry + 0 of"), "{}", run.all());
    let server = programme.serve();
    let items = server.all_items("grid", 7);
    let numbers: Vec<_> = items.iter().map(|item| item["properties"]["n"].as_u64().unwrap()).collect();
    assert_eq!(numbers, (0..51).collect::<Vec<_>>());
    let found = |bbox: &str| server.json(&format!("/ogc/collections/grid/items?limit=100&bbox={bbox}"));
    // From within the first to within the third, and the one without a place, as the standard says.
    assert_eq!(found("30.05,49.01,30.25,49.02")["numberMatched"], 4);
    assert_eq!(found("34.95,49,30.05,50")["numberMatched"], 3);
    assert_eq!(found("10,10,11,11")["numberMatched"], 1);
    server.stop();
}

#[test]
fn a_layer_refuses_what_it_cannot_answer() {
    let programme = Programme::with_demo(20);
    programme.layer_of("units", &[square(36.0, 49.0, 1.0, json!({"a": 1}))], &[]);
    let server = programme.serve();
    for path in [
        "/ogc/collections/units/items?known-at=1",
        "/ogc/collections/units/items/1?known-at=1",
        "/tiles/units/5/19/10.mvt?known-at=1",
        "/ogc/collections/units/items?name=x",
        "/ogc/collections/units/items?after=x",
        "/ogc/collections/units/items?datetime=yesterday",
        "/ogc/collections/units?x=1",
        "/ogc/collections/units/schema?x=1",
        "/tiles/units.json?x=1",
        "/tiles/units/5/19/10.mvt?x=1",
    ] {
        assert_eq!(server.get(path).status, 400, "{path}");
    }
    let past = server.get("/ogc/collections/units/items?known-at=1").json();
    assert!(past["detail"].as_str().unwrap().contains("no past"), "{past}");
    assert_eq!(server.get("/ogc/collections/units/items?datetime=2026-01-01T00:00:00Z").status, 200);
    server.stop();
}

#[test]
fn a_layer_is_drawn_as_tiles_with_its_own_attributes() {
    let programme = Programme::with_demo(20);
    programme.layer_of("units", &[square(36.0, 49.0, 1.0, json!({"name": "Ж", "n": 1.5}))], &[]);
    let server = programme.serve();
    let about = server.json("/tiles/units.json");
    assert_eq!(about["vector_layers"][0]["fields"]["n"], "Number", "{about}");
    let tile = server.get("/tiles/units/8/153/87.mvt");
    assert_eq!(tile.status, 200);
    let reader = mvt_reader::Reader::new(tile.body).unwrap();
    assert_eq!(reader.get_layer_names().unwrap(), ["units"]);
    let features = reader.get_features(0).unwrap();
    assert_eq!((features.len(), features[0].id), (1, Some(1)));
    let name = &features[0].properties.as_ref().unwrap()["name"];
    assert_eq!(*name, mvt_reader::feature::Value::String("Ж".to_owned()));
    assert_eq!(server.get("/tiles/units/8/0/0.mvt").status, 204);
    server.stop();
}

#[test]
fn what_cannot_be_a_layer_is_refused_and_says_why() {
    let programme = Programme::with_demo(20);
    let unit = [square(36.0, 49.0, 1.0, json!({"code": "A"}))];
    for name in ["surveys", "hazards", "proposals", "Units", "a/b", "..", "1a"] {
        let run = programme.layer(&["add", "x.geojson", "--name", name]);
        assert!(run.code == 2 && run.stderr.contains("cannot name a layer"), "{}", run.all());
    }
    let run = programme.layer_of("units", &unit, &["--admin-code", "CODE"]);
    assert!(run.code == 2 && run.stderr.contains("code"), "{}", run.all());
    let missing = programme.layer(&["add", "nowhere.gpkg", "--name", "units"]);
    assert!(missing.code == 2 && missing.stderr.contains("nowhere.gpkg"), "{}", missing.all());
    let csv = programme.path("a.csv");
    std::fs::write(&csv, "lon,lat\n36,49\n").unwrap();
    assert_eq!(programme.layer(&["add", csv.to_str().unwrap(), "--name", "units"]).code, 2);
    let cut = programme.path("cut.geojson");
    let whole = json!({"type": "FeatureCollection", "features": unit}).to_string();
    std::fs::write(&cut, &whole[..whole.len() - 40]).unwrap();
    assert_eq!(programme.layer(&["add", cut.to_str().unwrap(), "--name", "units"]).code, 2);
    let elsewhere = Run::of(minemap().args(["layer", "list", "--store", "nowhere.gpkg"]));
    assert!(elsewhere.code == 2 && elsewhere.stderr.contains("no such store"), "{}", elsewhere.all());
    if let Some(several) = shared("cql2-ats/ne110m4cql2.gpkg") {
        let run = programme.layer(&["add", several.to_str().unwrap(), "--name", "units"]);
        assert!(run.code == 2 && run.stderr.contains("--layer"), "{}", run.all());
    }
    if let Some(rd) = shared("amsterdam-explosieven/Verdachte_gebieden_test.shp") {
        for extension in ["shp", "dbf"] {
            std::fs::copy(rd.with_extension(extension), programme.path("rd").with_extension(extension))
                .unwrap();
        }
        let run = programme.layer(&["add", programme.path("rd.shp").to_str().unwrap(), "--name", "units"]);
        assert!(run.code == 2 && run.stderr.contains("--crs"), "{}", run.all());
    }
    assert!(programme.layer(&["list"]).stdout.contains("no reference layers"));
}

#[test]
fn a_damaged_layer_is_a_failure_and_never_an_empty_answer() {
    let programme = Programme::with_demo(20);
    programme.layer_of("units", &[square(36.0, 49.0, 1.0, json!({"code": "A"}))], &["--admin-code", "code"]);
    let file = programme.path("minemap.gpkg.layers/units.geojsonl");
    let text = std::fs::read_to_string(&file).unwrap().replace("36", "35");
    std::fs::write(&file, text).unwrap();
    let server = programme.serve();
    for path in ["/ogc/collections/units/items", "/tiles/units/5/19/10.mvt", "/tiles/units.json"] {
        assert_eq!(server.get(path).status, 500, "{path}");
    }
    let hazards = server.all_items("hazardous-areas", 100);
    assert!(hazards.iter().all(|hazard| hazard["properties"].get("admin").is_none()));
    server.kill();
}

const UNITS: &str = r#"
import json, math, random, sys
random.seed(7)
def star(x, y):
    n = 200
    ring = [[x + r * math.cos(i / n * math.tau), y + r * math.sin(i / n * math.tau)]
            for i in range(n) for r in [random.uniform(0.25, 0.6)]]
    return {'type': 'Polygon', 'coordinates': [ring + ring[:1]]}
features = [{'type': 'Feature', 'properties': {'code': 'U%d' % n}, 'geometry': star(random.uniform(30, 40), random.uniform(46, 52))}
            for n in range(300)]
json.dump({'type': 'FeatureCollection', 'features': features}, open(sys.argv[1], 'w'))
"#;

const ORACLE: &str = r#"
import json, sys
from shapely.geometry import shape
units = [(f['properties']['code'], shape(f['geometry'])) for f in json.load(open(sys.argv[1]))['features']]
checked = inside = 0
for item in json.load(open(sys.argv[2])):
    have = item['properties']['admin']
    if item['geometry'] is None:
        assert have == [], item['id']
        continue
    own = shape(item['geometry'])
    if not own.is_valid: continue
    touched = [code for code, unit in units if unit.intersects(own)]
    assert have[:1] == ['A-all'] and have[1:] == touched, (item['id'], have, touched)
    checked += 1; inside += len(touched) > 1
print(checked, inside)
"#;

#[test]
fn a_record_names_the_units_that_geos_says_it_touches() {
    let programme = Programme::with_demo(400);
    let units = programme.path("units.geojson");
    if python(&["shapely"], UNITS, &[units.to_str().unwrap()]).is_none() {
        return;
    }
    let server = programme.serve();
    let before = server.all_items("hazardous-areas", 100);
    assert!(before.iter().all(|item| item["properties"].get("admin").is_none()));
    let add = ["add", units.to_str().unwrap(), "--name", "units", "--admin-code", "code"];
    assert_eq!(programme.layer(&add).code, 0);
    let all = [square(-180.0, -90.0, 179.0, json!({"id": 1})), {
        let ring = json!([[-180, -90], [180, -90], [180, 90], [-180, 90], [-180, -90]]);
        json!({"type": "Feature", "properties": {"id": "A-all"}, "geometry": {"type": "Polygon", "coordinates": [ring]}})
    }];
    assert_eq!(programme.layer_of("all", &all, &["--admin-code", "id"]).code, 0);
    for collection in ["hazardous-areas", "hazard-reports", "land-releases", "surveys"] {
        let items = server.all_items(collection, 100);
        let path = programme.path("items.json");
        std::fs::write(&path, Value::from(items.clone()).to_string()).unwrap();
        let told = python(&["shapely"], ORACLE, &[units.to_str().unwrap(), path.to_str().unwrap()]).unwrap();
        eprintln!("{collection}: {}", told.trim());
        let placed = items.iter().find(|item| !item["geometry"].is_null()).unwrap();
        let one =
            server.json(&format!("/ogc/collections/{collection}/items/{}", placed["id"].as_str().unwrap()));
        assert_eq!(one["properties"]["admin"], placed["properties"]["admin"]);
    }
    let hits = server.json("/query/near?lon=36&lat=49&radius_m=100000&limit=50");
    for hit in hits["features"].as_array().unwrap() {
        assert_eq!(hit["properties"]["admin"][0], "A-all");
    }
    assert_eq!(programme.layer(&["remove", "all"]).code, 0);
    assert_eq!(programme.layer(&["remove", "units"]).code, 0);
    assert_eq!(server.all_items("hazardous-areas", 100), before);
    server.stop();
}
