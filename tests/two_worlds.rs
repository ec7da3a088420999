//! Two registers that differ only in what the public may not see answer the public alike, byte for byte.

use std::collections::BTreeMap;
use std::path::Path;

use rand::{Rng, SeedableRng};
use rand_chacha::ChaCha8Rng;
use serde_json::{Value, json};

use crate::harness::{Answer, Programme, Run, Server, minemap};
use crate::people::Person;
use crate::writing::square;

/// Requests in a run of the tests; `MINEMAP_TWO_WORLDS=1000000` for the long one.
const REQUESTS: u64 = 10_000;
/// Public records: a tenth of what the worlds hide at most.
const PUBLIC: u32 = 300;

/// By this nothing is shown of what is not public: then the worlds may differ in everything else.
fn config() -> String {
    let mut text = String::new();
    for collection in ["hazardous-areas", "minefield-records", "hazard-reports", "explosive-items"] {
        for level in ["partners", "restricted"] {
            text += &format!(
                "[[publication.rule]]\ncollection = \"{collection}\"\nlevel = \"{level}\"\nform = \"hidden\"\n"
            );
        }
    }
    text
}

fn feature(random: &mut ChaCha8Rng, number: u32, sharing: &str, prefix: &str) -> (String, Value) {
    let collections = ["hazardous-areas", "hazard-reports", "surveys", "accidents", "organisations"];
    let collection = collections[random.random_range(0..collections.len())];
    let (west, south) = (random.random_range(30.0..31.0), random.random_range(48.0..49.0));
    let text: String = (0..12).map(|_| random.random_range('a'..='z')).collect();
    let owner = ["dsns", "halo"][random.random_range(0..2)];
    let properties = json!({
        "external_id": format!("{prefix}-{number}"), "name": text, "description": text, "sharing": sharing,
        "organisation": owner, "reported_on": "2026-01-01",
        "reporter": if collection == "hazard-reports" { json!(text) } else { Value::Null },
    });
    let geometry = match collection {
        "organisations" => Value::Null,
        "hazardous-areas" | "surveys" => square(west, south, random.random_range(0.0005..0.01)),
        _ => json!({"type": "Point", "coordinates": [west, south]}),
    };
    let feature =
        json!({"type": "Feature", "collection": collection, "geometry": geometry, "properties": properties});
    (collection.to_owned(), feature)
}

fn import(store: &Path, folder: &Path, features: Vec<(String, Value)>) {
    let mut files: BTreeMap<String, Vec<Value>> = BTreeMap::new();
    features.into_iter().for_each(|(collection, feature)| files.entry(collection).or_default().push(feature));
    for (collection, features) in files {
        let file = folder.join(format!("{collection}.geojson"));
        std::fs::write(&file, json!({"type": "FeatureCollection", "features": features}).to_string())
            .unwrap();
        let mut command = minemap();
        command.arg("import").arg("--store").arg(store).args(["--collection", &collection]).arg(&file);
        let run = Run::of(&mut command);
        assert!(run.code <= 1, "{}", run.all());
    }
}

/// A copy of the common world with records of its own that nobody but their organisation may see.
fn world(common: &Programme, seed: u64) -> (Programme, Server) {
    let programme = Programme::new();
    for entry in std::fs::read_dir(common.folder.path()).unwrap().flatten() {
        if entry.file_name().to_string_lossy().starts_with("minemap.gpkg") {
            std::fs::copy(entry.path(), programme.path(&entry.file_name().to_string_lossy())).unwrap();
        }
    }
    let mut random = ChaCha8Rng::seed_from_u64(seed);
    let number = random.random_range(0..PUBLIC);
    let hidden = (0..number).map(|n| {
        let level = ["partners", "restricted"][random.random_range(0..2)];
        feature(&mut random, n, level, "HIDDEN")
    });
    let hidden = hidden.collect();
    import(&programme.store(), programme.folder.path(), hidden);
    let file = programme.path("minemap.toml");
    std::fs::write(&file, config()).unwrap();
    let server = Server::start(&programme.store(), &["--config", file.to_str().unwrap()]);
    (programme, server)
}

/// Any request that somebody might make who has not signed in.
fn request(random: &mut ChaCha8Rng, ids: &[String]) -> String {
    let collections = ["hazardous-areas", "hazard-reports", "surveys", "accidents", "organisations", "tasks"];
    let collection = collections[random.random_range(0..collections.len())];
    let (lon, lat) = (random.random_range(29.9..31.1), random.random_range(47.9..49.1));
    let side = random.random_range(0.001..0.6);
    let bbox = format!("{lon:.4},{lat:.4},{:.4},{:.4}", lon + side, lat + side);
    let id = &ids[random.random_range(0..ids.len())];
    let limit = random.random_range(1..50);
    match random.random_range(0..16) {
        0 => format!("/query/at?lon={lon:.5}&lat={lat:.5}"),
        1 => format!(
            "/query/near?lon={lon:.4}&lat={lat:.4}&radius_m={}&limit={limit}",
            random.random_range(1..40_000)
        ),
        2 => format!("/ogc/collections/{collection}/items?bbox={bbox}&limit={limit}"),
        3 => format!("/ogc/collections/{collection}/items?limit={limit}&after={id}"),
        4 => format!("/ogc/collections/{collection}/items/{id}"),
        5 => format!(
            "/ogc/collections/{collection}/items?datetime=2026-01-0{}/..&limit={limit}",
            random.random_range(1..9)
        ),
        6 => format!("/ogc/collections/{collection}"),
        7 | 8 => {
            let z = random.random_range(0..15_u32);
            let n = f64::from(1_u32 << z);
            let x = ((lon + 180.0) / 360.0 * n).floor();
            let rad = f64::to_radians(lat);
            let y = ((1.0 - rad.tan().asinh() / std::f64::consts::PI) / 2.0 * n).floor();
            let layer = ["hazards", "hazardous-areas", "surveys"][random.random_range(0..3)];
            format!("/tiles/{layer}/{z}/{x}/{y}.mvt")
        }
        9 => "/query/summary".to_owned(),
        10 => format!("/changes?since={}&limit={limit}", random.random_range(0..PUBLIC)),
        11 => [
            "/tiles/hazards.json",
            "/tiles/style.json",
            "/ogc",
            "/ogc/collections",
            "/vocabulary.json",
            "/session",
        ][random.random_range(0..6)]
        .to_owned(),
        12 => format!("/records/{collection}/{id}/history"),
        13 => ["/proposals", "/findings", "/accounts", "/audit", "/query/summary?known-at=1"]
            [random.random_range(0..5)]
        .to_owned(),
        14 => format!("/ogc/collections/{collection}/items?not-placed=true&limit={limit}"),
        _ => format!("/ogc/collections/{collection}/items?f=json&limit={limit}&unheard=of"),
    }
}

/// An answer without what the clock and the port make of it.
fn told(answer: &Answer, server: &Server) -> (u16, BTreeMap<String, String>, String) {
    let headers = answer.headers.iter().filter(|(name, _)| *name != "date");
    let headers = headers.map(|(name, value)| (name.clone(), value.replace(&server.url, "URL"))).collect();
    let mut body = answer.text().replace(&server.url, "URL");
    for member in ["\"as_of\":\"", "\"timeStamp\":\""] {
        while let Some(at) = body.find(member) {
            let rest = &body[at + member.len()..];
            let end = rest.find('"').unwrap_or(rest.len());
            let moment = rest[..end].to_owned();
            body = format!("{}\"when\":\"{}", &body[..at], &body[at + member.len() + moment.len()..]);
        }
    }
    (answer.status, headers, body)
}

#[test]
fn the_public_cannot_tell_two_worlds_apart_that_differ_in_what_is_hidden() {
    let requests = std::env::var("MINEMAP_TWO_WORLDS").ok().and_then(|n| n.parse().ok()).unwrap_or(REQUESTS);
    let common = Programme::new();
    let mut random = ChaCha8Rng::seed_from_u64(11);
    let public = (0..PUBLIC).map(|n| feature(&mut random, n, "public", "PUBLIC")).collect();
    import(&common.store(), common.folder.path(), public);
    Person::make(&common, "head", "administrator", None);
    let ((one, first), (other, second)) = (world(&common, 1), world(&common, 2));
    assert_ne!(
        std::fs::metadata(one.store()).unwrap().len(),
        std::fs::metadata(other.store()).unwrap().len(),
        "the worlds differ"
    );
    let ids: Vec<String> = ["hazardous-areas", "hazard-reports", "surveys"]
        .iter()
        .flat_map(|collection| first.all_items(collection, 100))
        .map(|feature| feature["id"].as_str().unwrap().to_owned())
        .collect();
    assert!(!ids.is_empty());
    let mut statuses: BTreeMap<u16, u64> = BTreeMap::new();
    for _ in 0..requests {
        let path = request(&mut random, &ids);
        let (a, b) = (first.get(&path), second.get(&path));
        assert!(a.status < 500, "{path}: {}", a.text());
        assert_eq!(told(&a, &first), told(&b, &second), "{path}");
        *statuses.entry(a.status).or_default() += 1;
    }
    eprintln!("{requests} requests, by status {statuses:?}");
    assert!(statuses[&200] > requests / 2, "most of them are answered: {statuses:?}");
}
