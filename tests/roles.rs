//! The table of `docs/ROLES.md`, cell by cell, over HTTP.

use std::cell::{Cell, RefCell};
use std::collections::HashMap;
use std::path::Path;

use serde_json::{Value, json};

use crate::harness::{Answer, Programme, Server};
use crate::people::Person;
use crate::visitor::Browser;
use crate::writing::square;

const ROLES: [&str; 6] = ["public", "partner", "data_entry", "verifier", "approver", "administrator"];
const LEVELS: [&str; 3] = ["public", "partners", "restricted"];
const OWN: &str = "dsns";
const OTHER: &str = "halo";

/// One cell of the table.
struct Told {
    action: String,
    level: String,
    role: &'static str,
    says: String,
}

fn table() -> Vec<Told> {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../docs/ROLES.md");
    let text = std::fs::read_to_string(path).unwrap();
    let rows = text.lines().filter(|line| line.starts_with("| ")).map(|line| {
        line.trim_matches('|')
            .split('|')
            .map(|cell| cell.trim().trim_matches('`').to_owned())
            .collect::<Vec<_>>()
    });
    let rows: Vec<_> = rows.skip_while(|row| row[0] != "action").skip(1).collect();
    assert!(rows.len() > 20, "the table is there");
    let cells = rows.iter().flat_map(|row| {
        assert_eq!(row.len(), 2 + ROLES.len(), "{row:?}");
        ROLES.iter().zip(&row[2..]).map(|(role, says)| Told {
            action: row[0].clone(),
            level: row[1].clone(),
            role,
            says: says.clone(),
        })
    });
    cells.collect()
}

/// A register with records of two organisations at every level, and somebody of each role in one of them.
struct House {
    _programme: Programme,
    server: Server,
    people: HashMap<&'static str, Person>,
    /// Enters records of any organisation.
    maker: Person,
    made: Cell<u32>,
    /// Cookies of those who have signed in: some things are done at the page only, and not by a token.
    cookies: RefCell<HashMap<String, String>>,
}

impl House {
    fn open() -> Self {
        let programme = Programme::new();
        let makes =
            |role: &'static str| (role, Person::make(&programme, &format!("{role}.1"), role, Some(OWN)));
        let people = ROLES.into_iter().skip(1).map(makes).collect();
        let maker = Person::make(&programme, "maker", "verifier", None);
        Person::make(&programme, "head", "administrator", None);
        let server = programme.serve();
        Self { _programme: programme, server, people, maker, made: Cell::new(0), cookies: RefCell::default() }
    }

    fn get(&self, role: &str, path: &str) -> Answer {
        match self.people.get(role) {
            Some(person) => person.get(&self.server, path),
            None => self.server.get(path),
        }
    }

    /// The same at the page, signed in with a second factor where the role needs one.
    fn at_the_page(&self, role: &str, path: &str) -> Answer {
        if role == "public" {
            return self.server.get(path);
        }
        let mut cookies = self.cookies.borrow_mut();
        let cookie = cookies.entry(role.to_owned()).or_insert_with(|| {
            let mut browser = Browser::signed_in(&self.server, &format!("{role}.1"));
            if ["approver", "administrator"].contains(&role) {
                browser.set_second_factor_up();
            }
            browser.cookie()
        });
        self.server.ask(path, &[("cookie", cookie)])
    }

    fn send(&self, role: &str, method: &str, path: &str, more: &[(&str, &str)], body: &Value) -> Answer {
        match self.people.get(role) {
            Some(person) => person.send(&self.server, method, path, more, body),
            None => self.server.send(method, path, more, &body.to_string()),
        }
    }

    fn feature(&self, owner: &str, level: &str, collection: &str) -> Value {
        let number = self.made.get();
        self.made.set(number + 1);
        // Each in a cell of its own: what is at a place is one record.
        let (west, south) = (31.0 + f64::from(number % 40) * 0.05, 48.0 + f64::from(number / 40) * 0.05);
        let mut properties = json!({
            "name": format!("Secret name {number}"), "organisation": owner, "sharing": level, "reported_on": "2026-01-01",
        });
        if collection == "hazard-reports" {
            properties["kind"] = json!("item_seen");
            properties["triage"] = json!("new");
            properties["reporter"] = json!("Reporter of it");
            let place = json!({"type": "Point", "coordinates": [west, south]});
            return json!({"type": "Feature", "geometry": place, "properties": properties, "reason": "test"});
        }
        properties["classification"] = json!("suspected");
        properties["status"] = json!("open");
        properties["contamination"] = json!(["unknown"]);
        properties["evidence"] = json!([{"kind": "indirect", "type": "unused_land", "source": "verbal"}]);
        json!({"type": "Feature", "geometry": square(west, south, 0.001), "properties": properties, "reason": "test"})
    }

    /// A new record: its identifier, its revision, and a place in it.
    fn record(&self, owner: &str, level: &str, collection: &str) -> Record {
        let feature = self.feature(owner, level, collection);
        let answer = self.maker.send(&self.server, "POST", &format!("/records/{collection}"), &[], &feature);
        assert_eq!(answer.status, 201, "{}", answer.text());
        let body = answer.json();
        let first = &feature["geometry"]["coordinates"];
        let place = if first[0].is_number() { first } else { &first[0][0] };
        Record {
            collection: collection.to_owned(),
            id: body["id"].as_str().unwrap().to_owned(),
            etag: answer.headers["etag"].clone(),
            place: format!("lon={}&lat={}", place[0], place[1]),
            name: feature["properties"]["name"].as_str().unwrap().to_owned(),
        }
    }
}

struct Record {
    collection: String,
    id: String,
    etag: String,
    place: String,
    name: String,
}

impl Record {
    fn item(&self) -> String {
        format!("/ogc/collections/{}/items/{}", self.collection, self.id)
    }

    fn address(&self) -> String {
        format!("/records/{}/{}", self.collection, self.id)
    }
}

/// How a role reads a record: as it is, in its public form, or not at all.
fn sight(house: &House, role: &str, record: &Record) -> &'static str {
    let item = house.get(role, &record.item());
    let hits = house.get(role, &format!("/query/at?{}", record.place)).json();
    let hits = hits["features"].as_array().unwrap();
    assert_eq!(hits.len(), 1, "one record, one hit: {hits:?}");
    let (hit, text) = (&hits[0], hits[0].to_string());
    if item.status == 200 {
        assert_eq!(item.json()["properties"]["name"], record.name.as_str());
        assert_eq!(hit["id"], record.id.as_str());
        return "exact";
    }
    assert_eq!(item.status, 404, "{}", item.text());
    assert_eq!(house.get(role, &format!("{}x", record.item())).status, 404);
    assert!(!text.contains(&record.name) && !text.contains(&record.id), "{text}");
    assert!(
        hit["properties"]["public_form"].is_string() && hit["properties"]["recorded_by"].is_null(),
        "{text}"
    );
    "form"
}

/// Tries an action; whether it was done.
fn tried(house: &House, role: &str, action: &str, level: &str, owner: &str) -> Answer {
    let reason = json!({"reason": "test"});
    match action {
        "read_past" => house.get(role, "/query/summary?known-at=1"),
        "read_proposals" => house.get(role, "/proposals"),
        "read_findings" => house.get(role, "/findings"),
        "manage_accounts" => house.at_the_page(role, "/accounts"),
        "read_audit" => house.at_the_page(role, "/audit"),
        "create" => {
            let feature = house.feature(owner, level, "hazardous-areas");
            house.send(role, "POST", "/records/hazardous-areas", &[], &feature)
        }
        _ => {
            let record = house.record(owner, level, "hazardous-areas");
            let seen = [("if-match", record.etag.as_str())];
            match action {
                "read_history" => house.get(role, &format!("{}/history", record.address())),
                "change" => {
                    let patch = json!({"properties": {"description": "changed"}, "reason": "test"});
                    house.send(role, "PATCH", &record.address(), &seen, &patch)
                }
                "withdraw" => {
                    let path = format!("{}?reason=test", record.address());
                    house.send(role, "DELETE", &path, &seen, &json!({}))
                }
                "verify" => {
                    house.send(role, "POST", &format!("{}/verification", record.address()), &seen, &reason)
                }
                "approve" | "reject" => {
                    let path = format!("{}?reason=test", record.address());
                    let proposed = house.maker.send(&house.server, "DELETE", &path, &seen, &json!({}));
                    assert_eq!(proposed.status, 202, "{}", proposed.text());
                    let number = &proposed.json()["proposal"];
                    let verb = if action == "approve" { "approval" } else { "rejection" };
                    house.send(role, "POST", &format!("/proposals/{number}/{verb}"), &[], &reason)
                }
                other => panic!("the table names an action that no test tries: {other}"),
            }
        }
    }
}

fn check(house: &House, cell: &Told, level: &str, owner: &str) {
    let Told { action, role, says, .. } = cell;
    let what = format!("{role} {action} {level} of {owner}");
    if action == "read" {
        let expected = if says == "own" { if owner == OWN { "exact" } else { "form" } } else { says };
        assert_eq!(sight(house, role, &house.record(owner, level, "hazardous-areas")), expected, "{what}");
        return;
    }
    let is_allowed = says == "yes" || (says == "own" && owner == OWN);
    if action == "read_personal" {
        let record = house.record(owner, level, "hazard-reports");
        let item = house.get(role, &record.item());
        assert_eq!(item.text().contains("Reporter of it"), is_allowed, "{what}: {}", item.text());
        let list = house.get(role, "/ogc/collections/hazard-reports/items?limit=1000").text();
        assert!(!list.contains("Reporter of it"), "lists never name persons");
        return;
    }
    let answer = tried(house, role, action, level, owner);
    if is_allowed {
        assert!((200..300).contains(&answer.status), "{what}: {} {}", answer.status, answer.text());
        return;
    }
    let refusals: &[u16] = match *role {
        // Whether there is such a record is not told either.
        "public" => &[401, 404],
        _ => &[403, 404],
    };
    assert!(refusals.contains(&answer.status), "{what}: {} {}", answer.status, answer.text());
    assert!(!answer.text().contains("Secret name"), "{what}: {}", answer.text());
}

#[test]
fn every_cell_of_the_table_is_as_it_says() {
    let (house, table) = (House::open(), table());
    let mut tries = 0;
    for cell in &table {
        let levels: Vec<&str> = if cell.level == "any" { vec!["restricted"] } else { vec![&cell.level] };
        for (level, owner) in levels.iter().flat_map(|level| [(*level, OWN), (*level, OTHER)]) {
            check(&house, cell, level, owner);
            tries += 1;
        }
    }
    let with_level = LEVELS.len() * ROLES.len();
    assert!(table.len() > with_level && tries == 2 * table.len());
    eprintln!("{} cells, {tries} tries", table.len());
}

#[test]
fn what_is_hidden_and_what_does_not_exist_are_answered_alike() {
    let house = House::open();
    let record = house.record(OTHER, "restricted", "hazardous-areas");
    let none = record.item().replace(&record.id, "0191d5a5-0000-7000-8000-000000000000");
    for role in ["public", "partner", "data_entry", "approver"] {
        let (hidden, absent) = (house.get(role, &record.item()), house.get(role, &none));
        let masked = |answer: &Answer, id: &str| answer.text().replace(id, "ID");
        assert_eq!(
            (hidden.status, masked(&hidden, &record.id)),
            (absent.status, masked(&absent, "0191d5a5-0000-7000-8000-000000000000"))
        );
        let history = house.get(role, &format!("{}/history", record.address()));
        assert!([401, 404].contains(&history.status), "{role} {}", history.status);
    }
}

#[test]
fn sharing_with_more_people_waits_for_a_second_person_and_with_fewer_does_not() {
    let house = House::open();
    let record = house.record(OWN, "restricted", "hazardous-areas");
    let to = |level: &str| json!({"properties": {"sharing": level}, "reason": "test"});
    let etag = |role: &str| house.get(role, &record.item()).headers["etag"].clone();
    let seen = etag("approver");
    let opened = house.send("data_entry", "PATCH", &record.address(), &[("if-match", &seen)], &to("public"));
    assert_eq!(opened.status, 202, "{}", opened.text());
    assert_eq!(opened.json()["effects"], json!(["discloses"]));
    assert_eq!(sight(&house, "partner", &record), "form");
    let number = &opened.json()["proposal"];
    let path = format!("/proposals/{number}/approval");
    let approved = house.send("approver", "POST", &path, &[], &json!({"reason": "may be known"}));
    assert_eq!(approved.status, 200, "{}", approved.text());
    assert_eq!(sight(&house, "partner", &record), "exact");
    let seen = etag("data_entry");
    let closed =
        house.send("data_entry", "PATCH", &record.address(), &[("if-match", &seen)], &to("restricted"));
    assert_eq!(closed.status, 200, "{}", closed.text());
    assert_eq!(sight(&house, "partner", &record), "form");
}
