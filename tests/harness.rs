//! Runs the program and asks its server. Set-up for a test is one line.

use std::io::{BufRead, BufReader, Read, Write};
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Output, Stdio};

use serde_json::Value;
use tempfile::TempDir;

/// Every collection with a place on the map.
pub const SPATIAL: [&str; 8] = [
    "hazardous-areas",
    "minefield-records",
    "hazard-reports",
    "explosive-items",
    "accidents",
    "tasks",
    "land-releases",
    "surveys",
];

/// Every collection.
pub const COLLECTIONS: [&str; 11] = [
    "hazardous-areas",
    "minefield-records",
    "hazard-reports",
    "explosive-items",
    "accidents",
    "tasks",
    "land-releases",
    "surveys",
    "organisations",
    "contributions",
    "capacity",
];

/// Of every account that tests make.
pub const PASSWORD: &str = "seven grey herons at dusk";

/// The program under test.
pub fn minemap() -> Command {
    Command::new(env!("CARGO_BIN_EXE_minemap"))
}

/// How a command ended.
pub struct Run {
    pub code: i32,
    pub stdout: String,
    pub stderr: String,
}

impl Run {
    pub fn of(command: &mut Command) -> Self {
        Self::ended(command.stdin(Stdio::null()).output().unwrap())
    }

    /// Of a command that reads `input`.
    pub fn with_input(command: &mut Command, input: &str) -> Self {
        let command = command.stdin(Stdio::piped()).stdout(Stdio::piped()).stderr(Stdio::piped());
        let mut child = command.spawn().unwrap();
        child.stdin.take().unwrap().write_all(input.as_bytes()).unwrap();
        Self::ended(child.wait_with_output().unwrap())
    }

    fn ended(Output { status, stdout, stderr }: Output) -> Self {
        let text = |bytes| String::from_utf8_lossy(bytes).into_owned();
        let run = Self { code: status.code().unwrap_or(-1), stdout: text(&stdout), stderr: text(&stderr) };
        assert!(!run.stderr.contains("panicked"), "{}", run.stderr);
        run
    }

    /// Both streams, for messages of failed tests.
    pub fn all(&self) -> String {
        format!("exit {}\n{}\n{}", self.code, self.stdout, self.stderr)
    }
}

/// A folder of its own with a store in it.
pub struct Programme {
    pub folder: TempDir,
}

impl Programme {
    pub fn new() -> Self {
        Self { folder: tempfile::tempdir().unwrap() }
    }

    /// A store that holds so many synthetic records.
    pub fn with_demo(records: u64) -> Self {
        let programme = Self::new();
        let file = programme.demo_file(records);
        let run = programme.import(&[file.to_str().unwrap()]);
        assert!(run.code <= 1, "{}", run.all());
        programme
    }

    pub fn path(&self, name: &str) -> PathBuf {
        self.folder.path().join(name)
    }

    pub fn store(&self) -> PathBuf {
        self.path("minemap.gpkg")
    }

    /// `minemap user …` on this store.
    pub fn user(&self, arguments: &[&str], input: &str) -> Run {
        let mut command = minemap();
        command.arg("user").args(arguments).arg("--store").arg(self.store());
        Run::with_input(&mut command, input)
    }

    /// Makes an account with a role for every organisation and [`PASSWORD`].
    pub fn account(&self, id: &str, role: &str) {
        let arguments = ["add", id, "--name", id, "--role", role, "--password-stdin"];
        let run = self.user(&arguments, PASSWORD);
        assert_eq!(run.code, 0, "{}", run.all());
    }

    /// A token that may do whatever its account may.
    pub fn token(&self, id: &str) -> String {
        let run = self.user(&["token", id, "--name", "tests", "--access", "write", "--levels", "all"], "");
        assert_eq!(run.code, 0, "{}", run.all());
        run.stdout.lines().last().unwrap().to_owned()
    }

    pub fn demo_file(&self, records: u64) -> PathBuf {
        let file = self.path(&format!("demo-{records}.ndjson"));
        let run = Run::of(minemap().args(["demo", "--records", &records.to_string(), "--output"]).arg(&file));
        assert_eq!(run.code, 0, "{}", run.all());
        file
    }

    pub fn import_command(&self, arguments: &[&str]) -> Command {
        let mut command = minemap();
        command.arg("import").arg("--store").arg(self.store()).args(arguments);
        command
    }

    pub fn import(&self, arguments: &[&str]) -> Run {
        Run::of(&mut self.import_command(arguments))
    }

    /// Imports with a report and gives both; the counts of the report must add up.
    pub fn reported(&self, arguments: &[&str]) -> (Run, Value) {
        let file = self.path("report.json");
        let _ = std::fs::remove_file(&file);
        let mut command = self.import_command(arguments);
        let run = Run::of(command.arg("--report").arg(&file));
        let text = std::fs::read_to_string(&file).unwrap_or_else(|_| panic!("no report: {}", run.all()));
        let report: Value = serde_json::from_str(&text).unwrap();
        let count = |name: &str| report[name].as_u64().unwrap();
        let sum = count("accepted") + count("unchanged") + count("refused") + count("not_placed");
        assert_eq!(count("read"), sum, "{}", run.all());
        assert_eq!(report["records"].as_array().unwrap().len() as u64, sum);
        (run, report)
    }

    pub fn export(&self, collection: &str, name: &str) -> PathBuf {
        let output = self.path(name);
        let mut command = minemap();
        command.arg("export").arg("--store").arg(self.store());
        let run = Run::of(command.args(["--collection", collection, "--output"]).arg(&output));
        assert_eq!(run.code, 0, "{}", run.all());
        output
    }

    pub fn verify(&self) -> Run {
        Run::of(minemap().arg("verify").arg("--store").arg(self.store()))
    }

    pub fn serve(&self) -> Server {
        Server::start(&self.store(), &[])
    }

    /// A server with this configuration.
    pub fn configured(&self, toml: &str) -> Server {
        let file = self.path("minemap.toml");
        std::fs::write(&file, toml).unwrap();
        Server::start(&self.store(), &["--config", file.to_str().unwrap()])
    }
}

/// A running server.
pub struct Server {
    child: Child,
    agent: ureq::Agent,
    pub url: String,
    /// The one-time token for the first administrator, where one was shown.
    pub setup: Option<String>,
    /// Sent with every request that names nobody itself.
    pub token: Option<String>,
    log: Option<std::thread::JoinHandle<String>>,
}

impl Server {
    pub fn start(store: &Path, more: &[&str]) -> Self {
        Self::start_at(store, "127.0.0.1:0", more)
    }

    pub fn start_at(store: &Path, listen: &str, more: &[&str]) -> Self {
        let mut command = minemap();
        command.args(["serve", "--listen", listen, "--store"]).arg(store).args(more);
        let mut child = command.stderr(Stdio::piped()).stdin(Stdio::null()).spawn().unwrap();
        let mut lines = BufReader::new(child.stderr.take().unwrap());
        let mut setup = None;
        let url = loop {
            let mut line = String::new();
            assert!(lines.read_line(&mut line).unwrap() > 0, "the server ended before it listened");
            setup = line.split_once("#setup=").map(|(_, token)| token.trim().to_owned()).or(setup);
            if let Some((_, rest)) = line.split_once("listens on ") {
                break rest.split('/').take(3).collect::<Vec<_>>().join("/");
            }
        };
        let log = std::thread::spawn(move || {
            let mut rest = String::new();
            let _ = lines.read_to_string(&mut rest);
            rest
        });
        let agent = ureq::Agent::config_builder()
            .http_status_as_error(false)
            .max_redirects(0)
            .allow_non_standard_methods(true)
            .build()
            .into();
        Self { child, agent, url, setup, token: None, log: Some(log) }
    }

    /// Process number.
    pub fn id(&self) -> u32 {
        self.child.id()
    }

    pub fn get(&self, path: &str) -> Answer {
        self.ask(path, &[])
    }

    pub fn ask(&self, path: &str, headers: &[(&str, &str)]) -> Answer {
        self.send("GET", path, headers, "")
    }

    /// Sends a body, or none where it is empty.
    pub fn send(&self, method: &str, path: &str, headers: &[(&str, &str)], body: &str) -> Answer {
        self.send_bytes(method, path, headers, body.as_bytes())
    }

    pub fn send_bytes(&self, method: &str, path: &str, headers: &[(&str, &str)], body: &[u8]) -> Answer {
        let mut request = ureq::http::Request::builder().method(method).uri(format!("{}{path}", self.url));
        for (name, value) in self.signed(headers) {
            request = request.header(name, value);
        }
        let request = request.body(body.to_vec()).unwrap();
        let mut response = self.agent.run(request).unwrap_or_else(|error| panic!("{method} {path}: {error}"));
        let cookies = response.headers().get_all("set-cookie").iter();
        let cookies = cookies.map(|line| line.to_str().unwrap().to_owned()).collect();
        let headers = response.headers().iter();
        let headers = headers.map(|(n, v)| (n.to_string(), v.to_str().unwrap_or("").to_owned())).collect();
        let status = response.status().as_u16();
        let body = response.body_mut().with_config().limit(1 << 30).read_to_vec().unwrap();
        Answer { status, headers, cookies, body }
    }

    fn signed(&self, headers: &[(&str, &str)]) -> Vec<(String, String)> {
        let mut all: Vec<_> = headers.iter().map(|(n, v)| ((*n).to_owned(), (*v).to_owned())).collect();
        let says_who = all.iter().any(|(name, _)| name == "authorization" || name == "cookie");
        if let (Some(token), false) = (&self.token, says_who) {
            all.push(("authorization".to_owned(), format!("Bearer {token}")));
        }
        all
    }

    /// The JSON body of a successful answer.
    pub fn json(&self, path: &str) -> Value {
        let answer = self.get(path);
        assert_eq!(answer.status, 200, "{path}: {}", answer.text());
        answer.json()
    }

    /// Every record of a collection, page by page.
    pub fn all_items(&self, collection: &str, limit: usize) -> Vec<Value> {
        let mut path = format!("/ogc/collections/{collection}/items?limit={limit}");
        let mut features = Vec::new();
        loop {
            let page = self.json(&path);
            let found = page["features"].as_array().unwrap();
            features.extend(found.iter().cloned());
            let next = page["links"].as_array().unwrap().iter().find(|link| link["rel"] == "next").cloned();
            let Some(next) = next else { return features };
            assert!(!found.is_empty(), "an empty page with a next one");
            path = next["href"].as_str().unwrap().strip_prefix(&self.url).unwrap().to_owned();
        }
    }

    pub fn kill(mut self) {
        self.child.kill().unwrap();
        self.child.wait().unwrap();
        self.log.take();
    }

    /// Ends the server in order; it must end well and have logged nothing unexpected.
    pub fn stop(mut self) {
        let id = self.child.id().to_string();
        assert!(Command::new("kill").args(["-TERM", &id]).status().unwrap().success());
        assert!(self.child.wait().unwrap().success());
        let log = self.log.take().unwrap().join().unwrap();
        assert!(!log.contains("WARN") && !log.contains("ERROR") && !log.contains("panicked"), "{log}");
    }
}

impl Drop for Server {
    fn drop(&mut self) {
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

/// An HTTP answer.
pub struct Answer {
    pub status: u16,
    pub headers: std::collections::HashMap<String, String>,
    /// Each line of `Set-Cookie`.
    pub cookies: Vec<String>,
    pub body: Vec<u8>,
}

impl Answer {
    pub fn text(&self) -> String {
        String::from_utf8_lossy(&self.body).into_owned()
    }

    pub fn json(&self) -> Value {
        serde_json::from_slice(&self.body).unwrap_or_else(|error| panic!("{error}: {}", self.text()))
    }
}

/// Real files that the project does not carry; `None`, said aloud, where they are absent.
pub fn shared(name: &str) -> Option<PathBuf> {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../../shared/data").join(name);
    if !path.exists() {
        eprintln!("skipped: {name} is not on this machine");
        return None;
    }
    Some(path)
}

/// A mapping that the project ships.
pub fn mapping(name: &str) -> String {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("../../data/mappings").join(name).display().to_string()
}

/// Runs somebody else's program; `None`, said aloud, where it is not installed.
pub fn other_program(name: &str, arguments: &[&str]) -> Option<Output> {
    match Command::new(name).args(arguments).stdin(Stdio::null()).output() {
        Ok(output) => Some(output),
        Err(_) => {
            eprintln!("skipped: {name} is not on this machine");
            None
        }
    }
}

/// Runs Debian's Python with a script; `None`, said aloud, where it lacks a module.
pub fn python(modules: &[&str], script: &str, arguments: &[&str]) -> Option<String> {
    const PYTHON: &str = "/usr/bin/python3";
    for module in modules {
        let found = other_program(PYTHON, &["-c", &format!("import {module}")])?;
        if !found.status.success() {
            eprintln!("skipped: {PYTHON} has no module {module}");
            return None;
        }
    }
    let mut all = vec!["-c", script];
    all.extend(arguments);
    let output = other_program(PYTHON, &all)?;
    assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
    Some(String::from_utf8_lossy(&output.stdout).into_owned())
}
