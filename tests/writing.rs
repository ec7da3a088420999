//! A mine-action office at work: who may do what to a record, and what the map shows on each day.

use serde_json::{Value, json};

use crate::harness::{Answer, Programme, Server};

/// Where the office works.
const CONFIG: &str = "[programme]\narea = [22.0, 44.0, 40.5, 52.5]\n";

pub struct Office {
    pub programme: Programme,
    pub server: Server,
    /// The tokens of olena and taras.
    tokens: [String; 2],
}

impl Office {
    pub fn open() -> Self {
        let programme = Programme::new();
        let config = programme.path("minemap.toml");
        std::fs::write(&config, CONFIG).unwrap();
        programme.account("iryna", "administrator");
        let tokens = ["olena", "taras"].map(|id| {
            programme.account(id, "approver");
            programme.token(id)
        });
        let mut server = Server::start(&programme.store(), &["--config", config.to_str().unwrap()]);
        server.token = Some(tokens[0].clone());
        Self { programme, server, tokens }
    }

    fn send(&self, who: &str, method: &str, path: &str, more: &[(&str, &str)], body: &Value) -> Answer {
        let token = &self.tokens[usize::from(who == "taras")];
        let bearer = format!("Bearer {token}");
        let mut headers = vec![("authorization", bearer.as_str()), ("content-type", "application/json")];
        headers.extend_from_slice(more);
        self.server.send(method, path, &headers, &body.to_string())
    }

    /// Makes a record, which must be accepted; answers what the register says.
    fn create(&self, who: &str, collection: &str, feature: &Value) -> Value {
        let answer = self.send(who, "POST", &format!("/records/{collection}"), &[], feature);
        assert_eq!(answer.status, 201, "{}", answer.text());
        answer.json()
    }

    /// Changes part of a record, as it is now.
    fn patch(&self, who: &str, record: &Value, patch: &Value) -> Answer {
        let (collection, id) = (text(&record["collection"]), text(&record["id"]));
        let item = self.server.get(&format!("/ogc/collections/{collection}/items/{id}"));
        let etag = item.headers["etag"].clone();
        self.send(who, "PATCH", &format!("/records/{collection}/{id}"), &[("if-match", &etag)], patch)
    }

    fn approve(&self, who: &str, proposal: &Value, reason: &str) -> Answer {
        let body = json!({"reason": reason});
        self.send(who, "POST", &format!("/proposals/{proposal}/approval"), &[], &body)
    }

    /// Names of the hazards at the middle of the field, as known at a revision.
    fn at_field(&self, known_at: &Value) -> Vec<String> {
        let known_at = if known_at.is_null() { String::new() } else { format!("&known-at={known_at}") };
        let answer = self.server.json(&format!("/query/at?lon=36.005&lat=49.005{known_at}"));
        let features = answer["features"].as_array().unwrap();
        features.iter().map(|f| text(&f["properties"]["name"]).to_owned()).collect()
    }

    fn tile(&self, known_at: &Value) -> Answer {
        self.server.get(&format!("/tiles/hazards/12/2457/1406.mvt?known-at={known_at}"))
    }
}

fn text(value: &Value) -> &str {
    value.as_str().unwrap_or_else(|| panic!("no text: {value}"))
}

pub fn square(west: f64, south: f64, side: f64) -> Value {
    let (east, north) = (west + side, south + side);
    json!({"type": "Polygon", "coordinates": [[[west, south], [east, south], [east, north], [west, north], [west, south]]]})
}

pub fn area(name: &str, geometry: Value) -> Value {
    json!({"type": "Feature", "geometry": geometry, "properties": {
        "name": name, "classification": "suspected", "status": "open", "contamination": ["ap_mine"],
        "reported_on": "2026-03-01", "evidence": [{"kind": "indirect", "type": "unused_land", "source": "verbal"}],
    }})
}

#[test]
fn from_a_report_to_released_land_each_day_shows_what_was_known_on_it() {
    let office = Office::open();
    // A villager saw something and nobody has to walk up to it.
    let report = office.create(
        "olena",
        "hazard-reports",
        &json!({"type": "Feature", "geometry": null, "properties": {
            "name": "Sighting", "kind": "item_seen", "triage": "new", "reported_on": "2026-03-01",
            "observer_position": {"lon": 36.005, "lat": 49.0}, "bearing_deg": 0.0, "distance_m": 556.0,
        }}),
    );
    let place = report["feature"]["geometry"]["coordinates"].as_array().unwrap();
    assert!(
        (place[0].as_f64().unwrap() - 36.005).abs() < 1e-6
            && (place[1].as_f64().unwrap() - 49.005).abs() < 1e-4
    );
    // A suspected area from the report, at once on the map.
    let field = office.create("olena", "hazardous-areas", &area("Field", square(36.0, 49.0, 0.01)));
    let suspected = field["revision"].clone();
    assert_eq!(office.at_field(&Value::Null), ["Field"]);
    // A survey finds direct evidence: confirmed at once.
    office.create(
        "olena",
        "surveys",
        &json!({"type": "Feature", "geometry": square(36.0, 49.0, 0.01), "properties": {
            "name": "Survey", "type": "technical", "result": "evidence_found", "reported_on": "2026-04-01",
        }}),
    );
    let evidence = json!([{"kind": "direct", "type": "explosive_item", "source": "observation"}]);
    let confirmed = office.patch(
        "olena",
        &field,
        &json!({"reason": "survey", "properties": {"classification": "confirmed", "evidence": evidence}}),
    );
    assert_eq!((confirmed.status, &confirmed.json()["outcome"]), (200, &json!("changed")));
    let confirmed = confirmed.json()["revision"].clone();
    // Work is planned and done; the release counts for nothing until a second person approves it.
    office.create("olena", "tasks", &json!({"type": "Feature", "geometry": null, "properties": {
        "name": "Clearance", "hazardous_areas": [field["id"]], "state": "in_progress", "reported_on": "2026-05-01",
    }}));
    let release = office.create("olena", "land-releases", &json!({"type": "Feature", "geometry": square(36.0, 49.0, 0.01), "properties": {
        "name": "Release", "outcome": "cleared", "hazardous_areas": [field["id"]], "completed_on": "2026-09-01",
        "depth_cm": 20, "method": "manual", "reported_on": "2026-09-02",
    }}));
    assert_eq!(release["effects"], json!(["releases"]));
    let item =
        |id: &Value| office.server.json(&format!("/ogc/collections/hazardous-areas/items/{}", text(id)));
    let remaining = |item: &Value| {
        item["properties"]["remaining_area_m2"].as_f64().unwrap()
            / item["properties"]["area_m2"].as_f64().unwrap()
    };
    assert_eq!(remaining(&item(&field["id"])), 1.0);
    assert_eq!(office.approve("olena", &release["proposal"], "").status, 403, "the author does not approve");
    assert_eq!(remaining(&item(&field["id"])), 1.0);
    let approved = office.approve("taras", &release["proposal"], "checked on the ground");
    assert_eq!(approved.status, 200, "{}", approved.text());
    assert!(remaining(&item(&field["id"])) < 0.001, "{}", item(&field["id"])["properties"]);
    assert_eq!(
        office.at_field(&Value::Null),
        ["Field"],
        "the hazard stays until its own closing is approved"
    );
    // Closing is proposed by one and approved by the other.
    let closing =
        office.patch("olena", &field, &json!({"reason": "all released", "properties": {"status": "closed"}}));
    assert_eq!((closing.status, &closing.json()["effects"]), (202, &json!(["closes"])));
    let before_closing = office.server.json("/query/summary")["revision"].clone();
    assert_eq!(office.at_field(&Value::Null), ["Field"]);
    let closed = office.approve("taras", &closing.json()["proposal"], "");
    assert_eq!(closed.status, 200, "{}", closed.text());
    assert!(office.at_field(&Value::Null).is_empty());
    // As known on each day, in questions, tiles and lists.
    assert_eq!(office.at_field(&suspected), ["Field"]);
    assert_eq!(office.at_field(&before_closing), ["Field"]);
    assert_eq!(office.tile(&closed.json()["revision"]).status, 200, "the sighting is still there");
    assert_ne!(office.tile(&before_closing).body, office.tile(&closed.json()["revision"]).body);
    let class = |revision: &Value| {
        let items =
            office.server.json(&format!("/ogc/collections/hazardous-areas/items?known-at={revision}"));
        items["features"][0]["properties"]["classification"].clone()
    };
    assert_eq!((class(&suspected), class(&confirmed)), (json!("suspected"), json!("confirmed")));
    let none = office.server.json("/ogc/collections/hazardous-areas/items?known-at=0");
    assert_eq!(none["numberMatched"], 0);
    history_tells_it(&office, &field);
    let Office { programme, server, tokens: _ } = office;
    server.stop();
    assert_eq!(programme.verify().code, 0);
}

fn history_tells_it(office: &Office, field: &Value) {
    let history = office.server.json(&format!("/records/hazardous-areas/{}/history", text(&field["id"])));
    let versions = history["versions"].as_array().unwrap();
    let told: Vec<_> = versions.iter().map(|v| (text(&v["action"]), text(&v["author"]))).collect();
    assert_eq!(
        told,
        [("created", "olena"), ("changed", "olena"), ("proposed", "olena"), ("approved", "taras")]
    );
    let differing: Vec<_> =
        versions[1]["differences"].as_array().unwrap().iter().map(|d| text(&d["field"])).collect();
    assert_eq!(differing, ["classification", "evidence"]);
    assert_eq!(versions[1]["reason"], "survey");
    assert_eq!(versions[2]["differences"][0]["label"], json!({"en": "Status", "uk": "Стан"}));
}

#[test]
fn a_version_that_has_moved_on_is_412_and_says_what_it_is_now() {
    let office = Office::open();
    let field = office.create("olena", "hazardous-areas", &area("Field", square(36.0, 49.0, 0.01)));
    let path = format!("/records/hazardous-areas/{}", text(&field["id"]));
    let patch = json!({"reason": "name", "properties": {"name": "Field 7"}});
    let without = office.send("olena", "PATCH", &path, &[], &patch);
    assert_eq!(without.status, 428, "{}", without.text());
    let first = field["revision"].to_string();
    let seen = format!("\"{first}\"");
    assert_eq!(office.send("olena", "PATCH", &path, &[("if-match", &seen)], &patch).status, 200);
    let moved = office.send("taras", "PATCH", &path, &[("if-match", &seen)], &patch);
    assert_eq!((moved.status, &moved.json()["current_revision"]), (412, &json!(2)));
    assert_eq!(moved.json()["current"]["properties"]["name"], "Field 7");
    let no_reason = office.patch("taras", &field, &json!({"properties": {"name": "Field 8"}}));
    assert_eq!(
        (no_reason.status, no_reason.json()["type"].clone()),
        (422, json!("urn:minemap:problem:reason-needed"))
    );
    office.server.stop();
}

#[test]
fn the_same_key_gives_the_same_answer_and_another_body_is_422() {
    let office = Office::open();
    let key = [("idempotency-key", "phone-7-0001")];
    let feature = area("Field", square(36.0, 49.0, 0.01));
    let first = office.send("olena", "POST", "/records/hazardous-areas", &key, &feature);
    let again = office.send("olena", "POST", "/records/hazardous-areas", &key, &feature);
    assert_eq!((first.status, again.status), (201, 201));
    assert_eq!(first.json()["id"], again.json()["id"]);
    assert_eq!(again.headers["minemap-replayed"], "true");
    let other = office.send(
        "olena",
        "POST",
        "/records/hazardous-areas",
        &key,
        &area("Other", square(36.0, 49.0, 0.01)),
    );
    assert_eq!(
        (other.status, other.json()["type"].clone()),
        (422, json!("urn:minemap:problem:idempotency-key-reused"))
    );
    assert_eq!(office.server.json("/query/summary")["revision"], 1);
    office.server.stop();
}

#[test]
fn everything_wrong_with_a_record_is_said_at_once_and_nothing_is_written() {
    let office = Office::open();
    let feature = json!({"type": "Feature", "geometry": {"type": "Polygon", "coordinates": [[[36, 49], [36.1, 49], [36, 49]]]},
        "properties": {"classification": "certain", "reported_on": "2999-01-01", "colour": "red", "contamination": ["ap_mine"], "status": "open"}});
    let answer = office.send("olena", "POST", "/records/hazardous-areas", &[], &feature);
    assert_eq!(answer.status, 422, "{}", answer.text());
    let problem = answer.json();
    let found: Vec<_> = problem["findings"]
        .as_array()
        .unwrap()
        .iter()
        .filter(|f| f["refuses"] == true)
        .map(|f| (text(&f["rule"]).to_owned(), f["field"].as_str().unwrap_or("").to_owned()))
        .collect();
    for expected in [
        ("field.unreadable", "classification"),
        ("field.future_date", "reported_on"),
        ("field.unknown", "colour"),
        ("evidence.missing", "evidence"),
        ("geometry.too_few_points", ""),
    ] {
        assert!(
            found.iter().any(|(rule, field)| (rule.as_str(), field.as_str()) == expected),
            "{expected:?} in {found:?}"
        );
    }
    assert!(
        problem["findings"].as_array().unwrap().iter().all(|f| f["remedy"]["uk"].is_string()),
        "{problem}"
    );
    assert_eq!(office.server.json("/query/summary")["revision"], 0);
    office.server.stop();
}

/// What somebody sends by mistake: refused with 4xx, or accepted with a finding; never a failure of the server.
#[test]
fn bad_input_gets_its_finding_or_refusal() {
    let office = Office::open();
    let feature = |geometry: &str| {
        let properties = area("Field", Value::Null)["properties"].to_string();
        format!(r#"{{"type":"Feature","geometry":{geometry},"properties":{properties}}}"#)
    };
    let ring = |points: &str| format!(r#"{{"type":"Polygon","coordinates":[[{points}]]}}"#);
    let many =
        (0..1_000_001).map(|k| format!("[{},49]", f64::from(k) * 1e-5 + 25.0)).collect::<Vec<_>>().join(",");
    let cases = [
        (feature(&ring("[36,49],[36.1,49],[36,49]")), 422, "geometry.too_few_points"),
        (feature(&ring("[36,1e308],[36.1,49],[36,49.1],[36,1e308]")), 422, "geometry.out_of_range"),
        (feature(&ring("[NaN,49],[36.1,49],[36,49.1],[NaN,49]")), 400, ""),
        (feature(&ring("[49,36],[49.1,36],[49,36.1],[49,36]")), 201, "geometry.axes_swapped"),
        (feature(&ring("[0,0],[0.1,0],[0,0.1],[0,0]")), 201, "geometry.position_zero"),
        (feature(&ring("[36,49],[36.1,49.1],[36.1,49],[36,49.1],[36,49]")), 201, "geometry.invalid_ring"),
        (feature(r#"{"type":"LineString","coordinates":[[36,49],[36.1,49]]}"#), 422, "geometry.kind"),
        (feature(&format!(r#"{{"type":"LineString","coordinates":[{many}]}}"#)), 422, "limit.vertices"),
        (feature(&"[".repeat(5_000)), 400, ""),
        (String::new(), 400, ""),
        ("[]".to_owned(), 400, ""),
        (r#"{"type":"Feature","properties":"x"}"#.to_owned(), 400, ""),
    ];
    for (body, status, rule) in cases {
        let shown: String = body.chars().take(120).collect();
        let answer = office.server.send("POST", "/records/hazardous-areas", &[], &body);
        assert_eq!(answer.status, status, "{shown}: {}", answer.text().chars().take(800).collect::<String>());
        assert!(rule.is_empty() || answer.text().contains(rule), "{shown}: {}", answer.text());
    }
    let without = json!({"type": "Feature", "geometry": square(36.0, 49.0, 0.01), "properties": {"outcome": "cleared", "depth_cm": 20, "completed_on": "2026-01-01", "reported_on": "2026-01-01"}});
    let answer = office.send("olena", "POST", "/records/land-releases", &[], &without);
    assert_eq!(answer.status, 422, "a release without areas: {}", answer.text());
    // A program that asks before it sends a large body is told at once.
    let huge = office.programme.path("huge.json");
    std::fs::write(&huge, vec![b' '; 65 * 1024 * 1024]).unwrap();
    let bearer = format!("Authorization: Bearer {}", office.tokens[0]);
    let told = std::process::Command::new("curl")
        .args(["-s", "-H", &bearer, "-H", "Expect: 100-continue", "--data-binary"])
        .args([format!("@{}", huge.display()), format!("{}/records/hazardous-areas", office.server.url)])
        .output()
        .unwrap();
    assert!(String::from_utf8_lossy(&told.stdout).contains("urn:minemap:problem:body-too-large"), "{told:?}");
    let no_key =
        office.send("olena", "POST", "/records/hazardous-areas", &[("idempotency-key", "")], &json!({}));
    assert_eq!(no_key.status, 400, "{}", no_key.text());
    let feature = area("Field", square(36.0, 49.0, 0.01));
    let elsewhere = office.send(
        "olena",
        "POST",
        "/records/hazardous-areas",
        &[("origin", "https://elsewhere.example")],
        &feature,
    );
    assert_eq!(
        (elsewhere.status, elsewhere.json()["type"].clone()),
        (403, json!("urn:minemap:problem:another-site"))
    );
    let own = office.server.url.clone();
    assert_eq!(
        office.send("olena", "POST", "/records/hazardous-areas", &[("origin", &own)], &feature).status,
        201
    );
    office.server.stop();
}

#[test]
fn changes_are_told_page_by_page_and_live() {
    let office = Office::open();
    for number in 0..5 {
        office.create(
            "olena",
            "hazardous-areas",
            &area(&format!("Field {number}"), square(36.0 + f64::from(number), 49.0, 0.01)),
        );
    }
    let page = office.server.json("/changes?since=1&limit=2");
    let revisions = |page: &Value| {
        page["changes"]
            .as_array()
            .unwrap()
            .iter()
            .map(|c| c["revision"].as_u64().unwrap())
            .collect::<Vec<_>>()
    };
    assert_eq!(revisions(&page), [2, 3]);
    let next = text(&page["next"]).strip_prefix(&office.server.url).unwrap().to_owned();
    assert_eq!(revisions(&office.server.json(&next)), [4, 5]);
    let stream = std::process::Command::new("curl")
        .args(["-sN", "--max-time", "3", "-H", "Accept: text/event-stream", "-H", "Last-Event-ID: 4"])
        .arg(format!("{}/changes", office.server.url))
        .stdout(std::process::Stdio::piped())
        .spawn()
        .unwrap();
    std::thread::sleep(std::time::Duration::from_millis(700));
    office.create("taras", "hazardous-areas", &area("Live", square(45.0, 49.0, 0.01)));
    let told = String::from_utf8(stream.wait_with_output().unwrap().stdout).unwrap();
    let ids: Vec<_> = told.lines().filter_map(|line| line.strip_prefix("id: ")).collect();
    assert_eq!(ids, ["5", "6"], "{told}");
    assert_eq!(office.server.get("/changes?since=99").status, 400);
    office.server.stop();
}

#[test]
fn a_server_with_open_streams_stops_when_it_is_told_to() {
    let office = Office::open();
    let mut stream = std::process::Command::new("curl")
        .args(["-sN", "--max-time", "60", "-o", "/dev/null", "-H", "Accept: text/event-stream"])
        .arg(format!("{}/changes", office.server.url))
        .spawn()
        .unwrap();
    std::thread::sleep(std::time::Duration::from_millis(500));
    let started = std::time::Instant::now();
    office.server.stop();
    assert!(started.elapsed().as_secs() < 20);
    stream.wait().unwrap();
}

#[test]
fn findings_are_listed_with_their_remedy_and_go_when_the_neighbour_does() {
    let office = Office::open();
    let one = office.create("olena", "hazardous-areas", &area("One", square(36.0, 49.0, 0.01)));
    let listed = |query: &str| office.server.json(&format!("/findings?{query}"));
    assert_eq!(listed("rule=geometry.overlap")["numberMatched"], 0);
    let two = office.create("olena", "hazardous-areas", &area("Two", square(36.005, 49.005, 0.01)));
    let found = listed("rule=geometry.overlap&severity=high");
    assert_eq!(found["numberMatched"], 2, "{found}");
    assert!(found["findings"][0]["remedy"]["en"].is_string() && found["findings"][0]["position"].is_array());
    let accept = json!({"rule": "geometry.overlap", "reason": "two sources, both kept"});
    let path = format!("/records/hazardous-areas/{}/findings/acceptance", text(&one["id"]));
    assert_eq!(
        office.send("taras", "POST", &path, &[], &json!({"rule": "geometry.overlap", "reason": ""})).status,
        422
    );
    assert_eq!(office.send("taras", "POST", &path, &[], &accept).status, 200);
    assert_eq!(listed("rule=geometry.overlap")["numberMatched"], 1);
    assert_eq!(listed("rule=geometry.overlap&state=accepted")["findings"][0]["accepted"]["by"], "taras");
    // The neighbour is withdrawn with two pairs of eyes: what it shared is gone with it.
    let delete = format!("/records/hazardous-areas/{}?reason=drawn%20twice", text(&two["id"]));
    let withdrawn = office.send("olena", "DELETE", &delete, &[("if-match", "\"2\"")], &Value::Null);
    assert_eq!(withdrawn.status, 202, "{}", withdrawn.text());
    assert_eq!(office.approve("taras", &withdrawn.json()["proposal"], "").status, 200);
    assert_eq!(listed("rule=geometry.overlap&state=all")["numberMatched"], 0);
    let gone = office.server.get(&format!("/ogc/collections/hazardous-areas/items/{}", text(&two["id"])));
    assert_eq!(gone.status, 410, "{}", gone.text());
    office.server.stop();
}

#[test]
fn the_command_line_proposes_and_another_person_approves() {
    let programme = Programme::new();
    let file = programme.path("field.geojson");
    std::fs::write(&file, area("Field", square(36.0, 49.0, 0.01)).to_string()).unwrap();
    let run = |arguments: &[&str]| {
        let mut command = crate::harness::minemap();
        command.args(arguments).arg("--store").arg(programme.store());
        crate::harness::Run::of(&mut command)
    };
    let made = run(&[
        "record",
        "create",
        file.to_str().unwrap(),
        "--collection",
        "hazardous-areas",
        "--author",
        "olena",
    ]);
    assert_eq!(made.code, 0, "{}", made.all());
    let made: Value = serde_json::from_str(&made.stdout).unwrap();
    let withdraw = [
        "record",
        "withdraw",
        text(&made["id"]),
        "--seen",
        "1",
        "--author",
        "olena",
        "--reason",
        "no such field",
    ];
    assert_eq!(run(&withdraw).code, 0);
    assert!(run(&["proposal", "list"]).stdout.contains("withdraws, by olena"));
    let own = run(&["proposal", "approve", "2", "--author", "olena"]);
    assert!(own.code == 2 && own.stderr.contains("another person"), "{}", own.all());
    let exported = |more: &[&str]| {
        let output = programme.path("out.geojson");
        let arguments = ["export", "--collection", "hazardous-areas", "--output", output.to_str().unwrap()];
        assert_eq!(run(&[&arguments[..], more].concat()).code, 0);
        let file: Value = serde_json::from_str(&std::fs::read_to_string(output).unwrap()).unwrap();
        file["features"].as_array().unwrap().len()
    };
    assert_eq!(exported(&[]), 1, "a proposal changes nothing");
    assert_eq!(run(&["proposal", "approve", "2", "--author", "taras"]).code, 0);
    assert_eq!([exported(&[]), exported(&["--as-of", "1"]), exported(&["--as-of", "2026-01-01"])], [0, 1, 0]);
    assert_eq!(run(&["export", "--collection", "surveys", "--output", "x.csv", "--as-of", "99"]).code, 2);
    assert_eq!(run(&["check"]).code, 0);
    assert_eq!(programme.verify().code, 0);
}
