//! Kept tiles are what a server that has just started makes, whatever was written meanwhile; and a client that has a tile
//! is told so unless something in it has changed.

use std::collections::BTreeMap;

use rand::{Rng, SeedableRng};
use rand_chacha::ChaCha8Rng;
use serde_json::{Value, json};

use crate::harness::{Programme, Server};
use crate::people::Person;
use crate::writing::{area, square};

/// Where everything happens: west, south, east, north.
const BOX: [f64; 4] = [36.0, 49.0, 36.3, 49.2];
const ZOOM_MAX: u32 = 12;
/// How far beyond its edge a tile surely shows what is there (docs/TILES.md), and how far it shows anything, as shares of it.
const SURELY: f64 = 63.0 / 4096.0;
const AT_MOST: f64 = 257.0 / 4096.0;

/// Column and row of a place as shares of the map (https://wiki.openstreetmap.org/wiki/Slippy_map_tilenames).
fn on_map(lon: f64, lat: f64) -> (f64, f64) {
    let down = (1.0 - lat.to_radians().tan().asinh() / std::f64::consts::PI) / 2.0;
    ((lon + 180.0) / 360.0, down)
}

/// Every tile of the box, and those around it.
fn tiles() -> Vec<(u32, u32, u32)> {
    let [(left, top), (right, bottom)] = [on_map(BOX[0], BOX[3]), on_map(BOX[2], BOX[1])];
    let mut all = Vec::new();
    for z in 0..=ZOOM_MAX {
        let number = |share: f64| (share * f64::from(1_u32 << z)) as u32;
        let around =
            |from: f64, to: f64| number(from).saturating_sub(1)..=(number(to) + 1).min((1_u32 << z) - 1);
        for x in around(left, right) {
            all.extend(around(top, bottom).map(|y| (z, x, y)));
        }
    }
    all
}

/// Whether a box of degrees touches a tile with a margin around it.
fn is_in((z, x, y): (u32, u32, u32), bounds: [f64; 4], margin: f64) -> bool {
    let [(left, top), (right, bottom)] = [on_map(bounds[0], bounds[3]), on_map(bounds[2], bounds[1])];
    let scale = f64::from(1_u32 << z);
    let (x, y) = (f64::from(x), f64::from(y));
    left * scale <= x + 1.0 + margin
        && right * scale >= x - margin
        && top * scale <= y + 1.0 + margin
        && bottom * scale >= y - margin
}

type Tags = BTreeMap<(bool, &'static str, (u32, u32, u32)), String>;

/// The tag of every tile, for whoever has signed in and for everybody; with `known` only whether it is still good is asked.
fn tags(server: &Server, person: &Person, known: Option<&Tags>) -> (Tags, usize) {
    let (mut tags, mut unchanged) = (Tags::new(), 0);
    for (is_person, layer) in [(true, "hazards"), (false, "hazards"), (true, "surveys")] {
        for tile in tiles() {
            let key = (is_person, layer, tile);
            let (z, x, y) = tile;
            let (bearer, etag) = (person.bearer(), known.map_or("\"none\"", |known| &known[&key]));
            let mut headers = vec![("if-none-match", etag)];
            headers.extend(is_person.then_some(("authorization", bearer.as_str())));
            let answer = server.ask(&format!("/tiles/{layer}/{z}/{x}/{y}.mvt"), &headers);
            assert!([200, 204, 304].contains(&answer.status), "{}", answer.text());
            assert_eq!(answer.status == 304, answer.headers["etag"] == etag, "{key:?}");
            unchanged += usize::from(answer.status == 304);
            tags.insert(key, answer.headers["etag"].clone());
        }
    }
    (tags, unchanged)
}

fn make(server: &Server, person: &Person, random: &mut ChaCha8Rng, number: u32) -> (Value, [f64; 4]) {
    let side = random.random_range(0.0005..0.01);
    let (west, south) = (random.random_range(BOX[0]..BOX[2]), random.random_range(BOX[1]..BOX[3]));
    let mut feature = area(&format!("A {number}"), square(west, south, side));
    feature["properties"]["sharing"] = json!(["public", "partners", "restricted"][number as usize % 3]);
    feature["properties"]["organisation"] = json!("halo");
    let answer = person.send(server, "POST", "/records/hazardous-areas", &[], &feature);
    assert_eq!(answer.status, 201, "{}", answer.text());
    (answer.json(), [west, south, west + side, south + side])
}

/// Changes a record in a way that takes effect at once: the area grows, or is shared with fewer.
fn change(server: &Server, person: &Person, random: &mut ChaCha8Rng, record: &Value) {
    let id = record["id"].as_str().unwrap();
    let item = person.get(server, &format!("/ogc/collections/hazardous-areas/items/{id}"));
    let grown = {
        let at = &item.json()["geometry"]["coordinates"][0][0];
        square(at[0].as_f64().unwrap() - 0.001, at[1].as_f64().unwrap() - 0.001, 0.02)
    };
    let patch = match random.random_range(0..2) {
        0 => json!({"geometry": grown, "reason": "grew"}),
        _ => json!({"properties": {"sharing": "restricted"}, "reason": "not for all"}),
    };
    let path = format!("/records/hazardous-areas/{id}");
    let headers = [("if-match", item.headers["etag"].as_str())];
    let answer = person.send(server, "PATCH", &path, &headers, &patch);
    assert!([200, 202].contains(&answer.status), "{}", answer.text());
}

#[test]
fn after_commits_every_kept_tile_is_what_a_fresh_server_makes_and_untouched_ones_are_not_sent_again() {
    let programme = Programme::new();
    programme.account("iryna", "administrator");
    let person = Person::make(&programme, "olena", "approver", None);
    let mut random = ChaCha8Rng::seed_from_u64(11);
    let server = programme.serve();
    let mut records: Vec<Value> =
        (0..24).map(|number| make(&server, &person, &mut random, number).0).collect();
    let (mut known, _) = tags(&server, &person, None);
    for round in 0..4 {
        for step in 0..2 {
            if (round + step) % 2 == 0 {
                records.push(make(&server, &person, &mut random, 100 + round * 10 + step).0);
            } else {
                let record = &records[random.random_range(0..records.len())];
                change(&server, &person, &mut random, record);
            }
        }
        let (kept, unchanged) = tags(&server, &person, Some(&known));
        assert!(unchanged > 0 && unchanged < kept.len(), "{unchanged} of {}", kept.len());
        known = kept;
    }
    server.stop();
    let fresh = programme.serve();
    let (fresh_tags, unchanged) = tags(&fresh, &person, Some(&known));
    assert_eq!(fresh_tags, known);
    assert_eq!(unchanged, known.len(), "tags outlive the server");
    fresh.stop();
}

#[test]
fn a_commit_changes_the_tags_of_exactly_the_tiles_that_its_record_is_in_for_whoever_sees_it() {
    let programme = Programme::new();
    programme.account("iryna", "administrator");
    let person = Person::make(&programme, "olena", "approver", None);
    let mut random = ChaCha8Rng::seed_from_u64(12);
    let server = programme.serve();
    (0..6).for_each(|number| drop(make(&server, &person, &mut random, number)));
    let (before, _) = tags(&server, &person, None);
    // Number 3 is shared with everybody: its public form has its outline.
    let (_, bounds) = make(&server, &person, &mut random, 3);
    let (after, _) = tags(&server, &person, Some(&before));
    for (key, tag) in &before {
        let (_, layer, tile) = key;
        let has_changed = after[key] != *tag;
        assert!(has_changed || *layer != "hazards" || !is_in(*tile, bounds, SURELY), "{key:?} {bounds:?}");
        assert!(!has_changed || (*layer == "hazards" && is_in(*tile, bounds, AT_MOST)), "{key:?} {bounds:?}");
    }
    server.stop();
}

#[test]
fn who_sees_only_public_forms_does_not_learn_from_a_tag_that_something_else_was_written() {
    let programme = Programme::new();
    let config =
        "[[publication.rule]]\ncollection = \"hazardous-areas\"\nlevel = \"restricted\"\nform = \"hidden\"\n";
    programme.account("iryna", "administrator");
    let person = Person::make(&programme, "olena", "approver", None);
    let mut random = ChaCha8Rng::seed_from_u64(13);
    let server = programme.configured(config);
    (0..6).for_each(|number| drop(make(&server, &person, &mut random, number)));
    let (before, _) = tags(&server, &person, None);
    // Number 2 is restricted.
    make(&server, &person, &mut random, 2);
    let (after, _) = tags(&server, &person, Some(&before));
    let changed = |of_person: bool| {
        before.iter().filter(|(key, tag)| key.0 == of_person && after[*key] != **tag).count()
    };
    assert_eq!(changed(false), 0);
    assert!(changed(true) > 0);
    server.stop();
}

#[test]
fn a_tile_of_the_past_stays_what_it_was_and_the_present_one_does_not() {
    let programme = Programme::new();
    programme.account("iryna", "administrator");
    let person = Person::make(&programme, "olena", "approver", None);
    let mut random = ChaCha8Rng::seed_from_u64(14);
    let server = programme.serve();
    make(&server, &person, &mut random, 0);
    let tile = |query: &str| person.get(&server, &format!("/tiles/hazards/4/9/5.mvt{query}"));
    let first = tile("");
    assert_eq!(tile("?known-at=1").headers["etag"], first.headers["etag"]);
    make(&server, &person, &mut random, 3);
    assert_eq!(tile("?known-at=1").headers["etag"], first.headers["etag"]);
    assert_ne!(tile("").headers["etag"], first.headers["etag"]);
    assert_eq!(tile("").headers["minemap-revision"], "2");
    server.stop();
}
