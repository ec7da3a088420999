//! Files that come over HTTP: good ones become records, hostile ones end a process that is not the server.
//!
//! A server that had to end such a process says so in its log, so it is not stopped by `Server::stop` here.

use std::path::Path;
use std::process::Command;
use std::time::{Duration, Instant};

use serde_json::Value;

use crate::harness::{Answer, Programme, Server, other_program};

fn upload(server: &Server, query: &str, headers: &[(&str, &str)], body: &[u8]) -> Answer {
    server.send_bytes("POST", &format!("/imports?{query}"), headers, body)
}

/// A server, and whoever asks it may bring files in.
fn signed_in(programme: &Programme, toml: &str) -> Server {
    programme.account("head", "administrator");
    programme.account("olena", "verifier");
    let mut server = programme.configured(toml);
    server.token = Some(programme.token("olena"));
    server
}

fn revision(server: &Server) -> u64 {
    server.json("/query/summary")["revision"].as_u64().unwrap()
}

/// Nothing of an upload may stay behind, whatever became of it.
fn assert_nothing_left(programme: &Programme) {
    let folder = programme.path("minemap.gpkg.uploads");
    let left: Vec<_> = std::fs::read_dir(folder).into_iter().flatten().flatten().collect();
    assert!(left.is_empty(), "{left:?}");
}

/// The server answers on, has stored nothing, and keeps nothing of the file.
fn assert_unharmed(programme: &Programme, server: &Server, before: u64) {
    assert_eq!(revision(server), before);
    assert_eq!(server.get("/query/at?lon=36&lat=49").status, 200);
    assert_nothing_left(programme);
}

fn assert_all_accepted(answer: &Answer, records: u64) {
    assert_eq!(answer.status, 200, "{}", answer.text());
    let report = answer.json();
    let stored = report["accepted"].as_u64().unwrap() + report["not_placed"].as_u64().unwrap();
    assert_eq!((report["read"].as_u64(), stored), (Some(records), records), "{}", answer.text());
}

#[test]
fn good_files_of_every_format_become_records_of_the_one_who_sent_them() {
    let programme = Programme::with_demo(200);
    let files = ["surveys.ndjson", "surveys.geojson", "surveys.csv", "surveys.gpkg"];
    let files = files.map(|name| programme.export("surveys", name));
    let empty = Programme::new();
    let server = signed_in(&empty, "");
    let mut count = None;
    for file in &files {
        let format = file.extension().unwrap().to_str().unwrap();
        let body = std::fs::read(file).unwrap();
        let query = format!("format={format}&collection=surveys");
        let named = [("minemap-file-name", "north%20of%20the%20river")];
        let dry = upload(&server, &format!("{query}&dry-run=true"), &named, &body);
        let read = *count.get_or_insert_with(|| dry.json()["read"].as_u64().unwrap());
        assert_eq!(dry.status, 200, "{format}: {}", dry.text());
        assert_eq!(dry.json()["read"], read, "{format}: {}", dry.text());
        assert_eq!(dry.json()["files"][0]["file"], "north of the river", "{}", dry.text());
        let before = revision(&server);
        let answer = upload(&server, &query, &named, &body);
        if before == 0 {
            assert_all_accepted(&answer, read);
        } else {
            assert_eq!(answer.json()["unchanged"], read, "{format}: {}", answer.text());
        }
    }
    let change = &server.json("/changes?since=0&limit=1")["changes"][0];
    assert_eq!(change["author"], "olena", "{change}");
    assert_nothing_left(&empty);
    server.stop();
}

#[test]
fn parameters_that_cannot_be_used_are_refused_before_anything_is_read() {
    let programme = Programme::new();
    let server = signed_in(&programme, "");
    for query in
        ["", "format=shp", "format=csv&collection=roads", "format=csv&store=x.gpkg", "format=csv&dry-run=yes"]
    {
        let answer = upload(&server, query, &[], b"x");
        assert_eq!(answer.status, 400, "{query}: {}", answer.text());
    }
    let answer = upload(&server, "format=csv&collection=surveys&crs=EPSG:1e9", &[], b"lon,lat\n1,1\n");
    assert_eq!(answer.status, 422, "{}", answer.text());
    assert!(answer.text().contains("crs"), "{}", answer.text());
    let elsewhere = [("origin", "https://elsewhere.example")];
    assert_eq!(upload(&server, "format=csv", &elsewhere, b"x").status, 403);
    assert_unharmed(&programme, &server, 0);
    server.stop();
}

#[test]
fn files_that_are_not_what_they_say_are_refused_with_the_reason() {
    let programme = Programme::with_demo(20);
    let server = signed_in(&programme, "");
    let before = revision(&server);
    let cut = br#"{"type":"FeatureCollection","features":[{"type":"Feature","geometry":null,"prop"#;
    let files: [(&str, &[u8]); 5] = [
        ("geojson", cut),
        ("gpkg", b"SQLite format 3\0 and no more"),
        ("csv", b""),
        ("geojson", b"\xff\xfe\0"),
        ("gpkg", &[0; 4_096]),
    ];
    for (format, body) in files {
        let answer = upload(&server, &format!("format={format}&collection=surveys"), &[], body);
        assert_eq!(answer.status, 422, "{format}: {}", answer.text());
        assert_eq!(answer.json()["type"], "urn:minemap:problem:file-unreadable", "{}", answer.text());
        assert!(!answer.json()["files"][0].is_null(), "{}", answer.text());
    }
    assert_unharmed(&programme, &server, before);
    server.stop();
}

#[test]
fn deep_nesting_is_refused_record_by_record_and_harms_nobody() {
    let programme = Programme::with_demo(20);
    let server = signed_in(&programme, "");
    let before = revision(&server);
    let deep = format!("{}1{}", "[".repeat(500_000), "]".repeat(500_000));
    let collections =
        format!("{}{}", r#"{"type":"GeometryCollection","geometries":["#.repeat(20_000), "]}".repeat(20_000));
    let point = r#"{"type":"Point","coordinates":[36,49]}"#;
    for (geometry, value) in [(deep.as_str(), "1"), (collections.as_str(), "1"), (point, deep.as_str())] {
        let feature = format!(r#"{{"type":"Feature","geometry":{geometry},"properties":{{"a":{value}}}}}"#);
        let text = format!(r#"{{"type":"FeatureCollection","features":[{feature}]}}"#);
        let answer = upload(&server, "format=geojson&collection=surveys", &[], text.as_bytes());
        assert!(matches!(answer.status, 200 | 422), "{}", answer.text());
        assert!(answer.text().contains("NESTING_MAX"), "{}", answer.text());
    }
    assert_unharmed(&programme, &server, before);
    server.stop();
}

/// Changes a GeoPackage by the `sqlite3` program; `None` where that is missing.
fn changed(file: &Path, sql: &str) -> Option<Vec<u8>> {
    let made = other_program("sqlite3", &[file.to_str().unwrap(), sql])?;
    assert!(made.status.success(), "{}", String::from_utf8_lossy(&made.stderr));
    Some(std::fs::read(file).unwrap())
}

#[test]
fn a_shape_that_announces_four_thousand_million_points_takes_no_memory_for_them() {
    let programme = Programme::with_demo(200);
    let file = programme.export("surveys", "counts.gpkg");
    let many = "UPDATE surveys SET geom = X'47500001000000000102000000ffffffff00000000'";
    let Some(body) = changed(&file, many) else { return };
    let server = signed_in(&programme, "[limits]\nupload_memory_bytes = 300000000\n");
    let answer = upload(&server, "format=gpkg&collection=surveys&dry-run=true", &[], &body);
    assert_eq!(answer.status, 200, "{}", answer.text());
    assert!(answer.text().contains("announced"), "the reason is given for each: {}", answer.text());
    assert_nothing_left(&programme);
    server.stop();
}

/// A table that never gives its first row.
fn endless(programme: &Programme) -> Option<Vec<u8>> {
    let file = programme.export("surveys", "endless.gpkg");
    let view = "ALTER TABLE surveys RENAME TO kept; CREATE VIEW surveys AS WITH RECURSIVE counted(n) AS \
                (SELECT 1 UNION ALL SELECT n + 1 FROM counted) SELECT kept.* FROM counted, kept WHERE n < 0";
    changed(&file, view)
}

#[test]
fn a_file_that_never_ends_is_ended_and_no_more_than_two_are_read_at_once() {
    let programme = Programme::with_demo(100);
    let Some(body) = endless(&programme) else { return };
    let server = signed_in(&programme, "[limits]\nupload_cpu_seconds = 3\n");
    let before = revision(&server);
    let query = "format=gpkg&collection=surveys";
    let began = Instant::now();
    let (ended, refused) = std::thread::scope(|scope| {
        let reading = [0, 1].map(|_| scope.spawn(|| upload(&server, query, &[], &body)));
        std::thread::sleep(Duration::from_millis(1_000));
        assert_eq!(server.get("/query/summary").status, 200, "it answers meanwhile");
        (upload(&server, query, &[], &body), reading.map(|one| one.join().unwrap()))
    });
    assert_eq!(ended.status, 503, "{}", ended.text());
    assert!(ended.headers.contains_key("retry-after") && ended.text().contains("limits.uploads"));
    for answer in refused {
        assert_eq!(answer.status, 422, "{}", answer.text());
        assert_eq!(answer.json()["limit"], "limits.upload_cpu_seconds", "{}", answer.text());
        assert!(answer.text().contains("nothing of it was stored"), "{}", answer.text());
    }
    assert!(began.elapsed() < Duration::from_secs(30), "{:?}", began.elapsed());
    assert_unharmed(&programme, &server, before);
    server.kill();
}

#[test]
fn a_file_that_is_not_read_in_time_is_ended() {
    let programme = Programme::with_demo(100);
    let Some(body) = endless(&programme) else { return };
    let server = signed_in(&programme, "[limits]\nupload_seconds = 2\n");
    let before = revision(&server);
    let answer = upload(&server, "format=gpkg&collection=surveys", &[], &body);
    assert_eq!(answer.status, 422, "{}", answer.text());
    assert_eq!(answer.json()["limit"], "limits.upload_seconds", "{}", answer.text());
    assert_unharmed(&programme, &server, before);
    assert_eq!(children_of(&server), 0, "no process is left");
    server.kill();
}

fn children_of(server: &Server) -> usize {
    let found = Command::new("pgrep").args(["-P", &server.id().to_string()]).output();
    found.map_or(0, |found| String::from_utf8_lossy(&found.stdout).lines().count())
}

#[test]
fn a_file_that_takes_too_much_memory_ends_its_own_process_only() {
    let programme = Programme::with_demo(20);
    let server = signed_in(&programme, "[limits]\nupload_memory_bytes = 150000000\n");
    let before = revision(&server);
    let feature = r#"{"type":"Feature","geometry":{"type":"Point","coordinates":[36.5,49.5]},"properties":{"a":[1,2,3]}}"#;
    let body = format!("{}\n", vec![feature; 400_000].join("\n"));
    let answer = upload(&server, "format=ndjson&collection=surveys", &[], body.as_bytes());
    assert_eq!(answer.status, 422, "{}", answer.text());
    assert!(answer.text().contains("limits.upload_memory_bytes"), "{}", answer.text());
    assert_unharmed(&programme, &server, before);
    server.kill();
}

#[test]
fn an_upload_above_its_limit_is_413_and_leaves_nothing() {
    let programme = Programme::with_demo(20);
    let server = signed_in(&programme, "[limits]\nupload_bytes = 100000\nbody_bytes = 10\n");
    let before = revision(&server);
    let answer = upload(&server, "format=ndjson&collection=surveys", &[], &[b' '; 200_000]);
    assert_eq!(answer.status, 413, "{}", answer.text());
    assert_eq!(answer.json()["limit"], Value::from("limits.upload_bytes"));
    assert_unharmed(&programme, &server, before);
    server.stop();
}
