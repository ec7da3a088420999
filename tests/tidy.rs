//! The rules of the house that a machine can hold.

use std::path::{Path, PathBuf};
use std::process::Command;

use serde_json::Value;

/// Which crate may use which (docs/ARCHITECTURE.md). A new edge is added here, where a reviewer sees it.
const MAY_USE: [(&str, &[&str]); 14] = [
    ("model", &[]),
    ("access", &["model"]),
    ("accounts", &["access", "model"]),
    ("geodesy", &[]),
    ("demo", &["model"]),
    ("exchange", &["geodesy", "model"]),
    ("store-sqlite", &["model"]),
    ("spatial-index", &["access", "geodesy", "model"]),
    ("archive", &["model", "spatial-index", "tiles"]),
    ("tiles", &["access", "geodesy", "model", "spatial-index"]),
    ("register", &["access", "geodesy", "model", "spatial-index", "store-sqlite"]),
    ("reference", &["exchange", "model"]),
    (
        "server",
        &[
            "access",
            "accounts",
            "exchange",
            "geodesy",
            "model",
            "reference",
            "register",
            "spatial-index",
            "tiles",
        ],
    ),
    (
        "cli",
        &[
            "access",
            "accounts",
            "archive",
            "demo",
            "exchange",
            "geodesy",
            "model",
            "reference",
            "register",
            "server",
            "spatial-index",
            "store-sqlite",
        ],
    ),
];

const FILE_LINES_MAX: usize = 500;

fn root() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("../..").canonicalize().unwrap()
}

fn metadata() -> Value {
    let output = Command::new(env!("CARGO"))
        .args(["metadata", "--format-version", "1", "--no-deps", "--offline"])
        .current_dir(root())
        .output()
        .unwrap();
    serde_json::from_slice(&output.stdout).unwrap()
}

#[test]
fn crates_use_only_the_crates_that_the_plan_lets_them_use() {
    for package in metadata()["packages"].as_array().unwrap() {
        let name = package["name"].as_str().unwrap();
        let Some((_, allowed)) = MAY_USE.iter().find(|(known, _)| *known == name) else {
            panic!("crate {name} is not in the table");
        };
        for dependency in package["dependencies"].as_array().unwrap() {
            let used = dependency["name"].as_str().unwrap();
            let ours = MAY_USE.iter().any(|(known, _)| *known == used) && !dependency["path"].is_null();
            let for_tests = dependency["kind"] == "dev";
            assert!(!ours || for_tests || allowed.contains(&used), "{name} uses {used}");
        }
    }
}

#[test]
fn whoever_answers_requests_has_no_way_to_the_whole_register() {
    let server =
        source_files().into_iter().filter(|(path, _)| path.starts_with(root().join("crates/server")));
    for (path, text) in server {
        // Findings are worked out once at the start, for nobody; everything else is opened by who asks.
        let allowed = if path.ends_with("src/lib.rs") { 1 } else { 0 };
        assert!(text.matches("Scope::whole").count() <= allowed, "{}", path.display());
        let is_recogniser = path.ends_with("src/caller.rs");
        assert!(is_recogniser || !text.contains("Caller::workstation"), "{}", path.display());
        assert!(!text.contains("Caller::signed_in"), "{}", path.display());
    }
}

fn tracked() -> Vec<PathBuf> {
    let output = Command::new("git").args(["ls-files"]).current_dir(root()).output().unwrap();
    let text = String::from_utf8(output.stdout).unwrap();
    text.lines().map(|line| root().join(line)).filter(|path| path.exists()).collect()
}

fn source_files() -> Vec<(PathBuf, String)> {
    let is_source = |path: &PathBuf| {
        let extension = path.extension().and_then(|e| e.to_str()).unwrap_or("");
        ["rs", "ts", "tsx", "css", "mjs", "sql"].contains(&extension)
    };
    let read = |path: PathBuf| std::fs::read_to_string(&path).ok().map(|text| (path, text));
    tracked().into_iter().filter(is_source).filter_map(read).collect()
}

#[test]
fn no_source_file_is_longer_than_the_limit() {
    for (path, text) in source_files() {
        let lines = text.lines().count();
        assert!(lines <= FILE_LINES_MAX, "{} has {lines} lines", path.display());
    }
}

#[test]
fn every_rust_file_begins_by_saying_what_it_is_for() {
    for (path, text) in
        source_files().into_iter().filter(|(path, _)| path.extension().is_some_and(|e| e == "rs"))
    {
        assert!(text.starts_with("//!"), "{} does not", path.display());
    }
}

#[test]
fn no_file_holds_leftovers_or_names_a_machine() {
    let own = Path::new("tests").join("tidy.rs");
    for (path, text) in source_files().into_iter().filter(|(path, _)| !path.ends_with(&own)) {
        let is_command = path.extension().is_some_and(|e| e == "mjs");
        for word in ["dbg!(", "todo!(", "unimplemented!(", "console.log(", "/root/", "/home/"] {
            assert!(is_command || !text.contains(word), "{} holds {word}", path.display());
        }
    }
}

#[test]
fn one_sqlite_and_one_proj_are_linked() {
    let lock = std::fs::read_to_string(root().join("Cargo.lock")).unwrap();
    let names: Vec<_> = lock.lines().filter(|line| line.starts_with("name = ")).collect();
    for name in ["libsqlite3-sys", "proj-sys", "proj"] {
        let found = names.iter().filter(|line| **line == format!("name = \"{name}\"")).count();
        assert_eq!(found, 1, "{name}");
    }
}
