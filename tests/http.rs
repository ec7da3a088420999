//! The promises of the HTTP interface, asked the way clients ask.

use crate::harness::{COLLECTIONS, Programme, other_program};
use serde_json::Value;

#[test]
fn an_unknown_parameter_is_refused_by_name_everywhere() {
    let programme = Programme::with_demo(20);
    let server = programme.serve();
    let paths = [
        "/query/at?lon=36&lat=49&when=now",
        "/query/near?lon=36&lat=49&radius_m=5&shape=1",
        "/query/summary?x=1",
        "/ogc?x=1",
        "/ogc/conformance?x=1",
        "/ogc/collections?x=1",
        "/ogc/collections/surveys?x=1",
        "/ogc/collections/surveys/items?name=x&x=1",
        "/tiles/hazards/3/4/2.mvt?x=1",
        "/tiles/hazards.json?x=1",
        "/tiles/style.json?x=1",
    ];
    for path in paths {
        let answer = server.get(path);
        assert_eq!(answer.status, 400, "{path}: {}", answer.text());
        assert_eq!(answer.headers["content-type"], "application/problem+json", "{path}");
        let problem = answer.json();
        assert!(problem["parameter"].is_string() && problem["allowed"].is_string(), "{path}: {problem}");
    }
    server.stop();
}

#[test]
fn values_that_cannot_be_used_are_refused_with_what_is_allowed() {
    let programme = Programme::with_demo(20);
    let server = programme.serve();
    let paths = [
        "/query/at?lon=36",
        "/query/at?lon=NaN&lat=49",
        "/query/at?lon=36&lat=91",
        "/query/near?lon=36&lat=49&radius_m=-1",
        "/query/near?lon=36&lat=49&radius_m=1e999",
        "/query/near?lon=36&lat=49&radius_m=10&limit=0",
        "/ogc/collections/surveys/items?bbox=1,2,3",
        "/ogc/collections/surveys/items?limit=none",
        "/ogc/collections/surveys/items?limit=-1",
        "/ogc/collections/surveys/items?datetime=yesterday",
        "/ogc/collections/surveys/items?f=xml",
    ];
    for path in paths {
        assert_eq!(server.get(path).status, 400, "{path}");
    }
    for path in ["/nowhere", "/ogc/collections/roads", "/tiles/roads/1/0/0.mvt", "/tiles/hazards/1/2/0.mvt"] {
        let answer = server.get(path);
        assert_eq!((answer.status, answer.json()["status"].as_u64()), (404, Some(404)), "{path}");
    }
    server.stop();
}

#[test]
fn every_answer_names_its_revision_and_every_question_its_age_and_what_has_no_place() {
    let programme = Programme::with_demo(300);
    let server = programme.serve();
    for path in ["/query/summary", "/ogc", "/tiles/hazards/0/0/0.mvt", "/query/at?lon=0&lat=0", "/nowhere"] {
        assert_eq!(server.get(path).headers["minemap-revision"], "300", "{path}");
        assert!(server.get(path).headers["minemap-recorded-at"].ends_with('Z'), "{path}");
    }
    let nowhere = server.json("/query/at?lon=0&lat=0");
    assert_eq!(nowhere["features"], Value::Array(Vec::new()));
    assert!(nowhere["as_of"].is_string() && nowhere["not_placed"].as_u64() > Some(0));
    assert!(nowhere["sentence"].as_str().unwrap().contains("does not mean"), "{nowhere}");
    server.stop();
}

#[test]
fn an_empty_tile_is_204_and_a_known_one_304() {
    let programme = Programme::with_demo(100);
    let server = programme.serve();
    assert_eq!(server.get("/tiles/hazards/10/0/0.mvt").status, 204);
    let tile = server.get("/tiles/hazards/0/0/0.mvt");
    assert_eq!(tile.status, 200);
    assert_eq!(tile.headers["content-type"], "application/vnd.mapbox-vector-tile");
    let etag = tile.headers["etag"].clone();
    assert_eq!(server.ask("/tiles/hazards/0/0/0.mvt", &[("if-none-match", &etag)]).status, 304);
    assert_eq!(server.ask("/tiles/hazards/0/0/0.mvt", &[("if-none-match", "\"other\"")]).status, 200);
    server.stop();
}

#[test]
fn paging_visits_every_record_once_and_counts_them_exactly() {
    let programme = Programme::with_demo(500);
    let server = programme.serve();
    for collection in COLLECTIONS {
        let items = server.all_items(collection, 17);
        let mut ids: Vec<_> = items.iter().map(|item| item["id"].as_str().unwrap()).collect();
        ids.sort_unstable();
        ids.dedup();
        let matched = &server.json(&format!("/ogc/collections/{collection}/items?limit=1"))["numberMatched"];
        assert_eq!((ids.len(), matched), (items.len(), &Value::from(items.len())), "{collection}");
        let one = server.json(&format!("/ogc/collections/{collection}/items/{}", ids[0]));
        assert_eq!(one["id"], ids[0]);
    }
    server.stop();
}

#[test]
fn a_bbox_finds_what_touches_it_and_what_has_no_place() {
    let programme = Programme::with_demo(500);
    let server = programme.serve();
    let (west, south, east, north) = (36.0, 48.0, 38.0, 50.0);
    let bbox =
        format!("/ogc/collections/hazard-reports/items?limit=10000&bbox={west},{south},{east},{north}");
    let found = server.json(&bbox)["numberMatched"].as_u64().unwrap();
    let inside = |item: &&Value| match item["geometry"]["coordinates"].as_array() {
        None => true,
        Some(place) => {
            let (lon, lat) = (place[0].as_f64().unwrap(), place[1].as_f64().unwrap());
            (west..=east).contains(&lon) && (south..=north).contains(&lat)
        }
    };
    let expected = server.all_items("hazard-reports", 1_000).iter().filter(inside).count();
    assert!(found > 0);
    assert_eq!(found, expected as u64);
    server.stop();
}

#[test]
fn the_landing_page_leads_to_every_resource_it_names() {
    let programme = Programme::with_demo(20);
    let server = programme.serve();
    for path in ["/ogc", "/ogc/"] {
        for link in server.json(path)["links"].as_array().unwrap() {
            let target = link["href"].as_str().unwrap().strip_prefix(&server.url).unwrap();
            let answer = server.get(target);
            assert_eq!(answer.status, 200, "{target}");
            let promised = link["type"].as_str().unwrap();
            assert!(answer.headers["content-type"].starts_with(promised), "{target}: {promised}");
        }
    }
    server.stop();
}

#[test]
fn gdal_reads_every_record_of_every_collection() {
    let programme = Programme::with_demo(400);
    let server = programme.serve();
    for collection in COLLECTIONS {
        let expected = server.all_items(collection, 1_000).len();
        let source = format!("OAPIF:{}/ogc", server.url);
        let Some(output) = other_program("ogrinfo", &["-ro", "-q", "-al", "-geom=NO", &source, collection])
        else {
            return;
        };
        let text = String::from_utf8_lossy(&output.stdout);
        assert_eq!(
            text.matches("OGRFeature(").count(),
            expected,
            "{collection}: {}",
            &text[..text.len().min(500)]
        );
    }
    server.stop();
}

#[test]
fn gdal_reads_the_tables_of_the_store_itself() {
    let programme = Programme::with_demo(300);
    let path = programme.store();
    let Some(output) = other_program("ogrinfo", &["-ro", "-so", "-al", path.to_str().unwrap()]) else {
        return;
    };
    let text = String::from_utf8_lossy(&output.stdout);
    let layers = text.split("Layer name: ").skip(1);
    let count = |layer: &str| {
        layer.lines().find_map(|line| line.strip_prefix("Feature Count: ")?.parse::<u64>().ok())
    };
    let counts: std::collections::HashMap<_, _> =
        layers.map(|layer| (layer.lines().next().unwrap_or(""), count(layer).unwrap_or(0))).collect();
    let tables = COLLECTIONS.map(|collection| collection.replace('-', "_"));
    assert_eq!(tables.iter().map(|table| counts[table.as_str()]).sum::<u64>(), 300, "{text}");
}

#[test]
fn the_page_is_served_with_a_policy_that_lets_nothing_else_in() {
    let programme = Programme::new();
    let server = programme.serve();
    let page = server.get("/");
    assert_eq!(page.status, 200);
    assert!(page.headers["content-type"].starts_with("text/html"));
    assert!(page.headers["content-security-policy"].contains("default-src 'self'"));
    assert_eq!(server.json("/vocabulary.json")["collections"].as_object().unwrap().len(), COLLECTIONS.len());
    let style = server.json("/tiles/style.json");
    assert!(style["layers"].as_array().unwrap().len() > 10);
    server.stop();
}
