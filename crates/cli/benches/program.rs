//! Measures the whole program on a synthetic country: import, start, questions and tiles over HTTP.
//!
//! `cargo bench --profile release --package cli --bench program` prints one table; `RECORDS=1000000` sets the
//! size. The last column holds each figure against the cheapest request of the same server in the same run.

#![allow(clippy::unwrap_used, clippy::print_stdout, reason = "a measurement that cannot go on has failed")]

#[path = "../../../tests/harness.rs"]
#[allow(dead_code)]
mod harness;

use std::time::{Duration, Instant};

use harness::{Programme, Server};

const QUESTIONS: u64 = 2_000;
const TILES: usize = 300;

fn main() {
    let records: u64 = std::env::var("RECORDS").ok().and_then(|n| n.parse().ok()).unwrap_or(100_000);
    println!("| {records} synthetic records | figure | |\n|---|---|---|");
    let programme = Programme::new();
    let file = programme.demo_file(records);
    let (import, rate) = import(&programme, &file, records);
    row(
        "import from NDJSON, durable, feature tables included",
        &format!("{rate:.0} records/s"),
        &seconds(import),
    );
    row("the same file again (unchanged)", "", &seconds(self::import(&programme, &file, records).0));
    let started = Instant::now();
    let server = Server::start(&programme.store(), &[]);
    row("start until it answers", "", &seconds(started.elapsed()));
    row("resident memory after start", "", &format!("{} MiB", resident_mib(&server)));
    let floor = median(&timed(QUESTIONS as usize, |_| server_get(&server, "/health/live")));
    row("GET /health/live (the floor)", "p50", &micros(floor));
    let places = places(&server);
    let place = |i: usize| places[i % places.len()];
    report("GET /query/at", floor, timed(QUESTIONS as usize, |i| at(&server, place(i))));
    report("GET /query/near, 500 m", floor, timed(QUESTIONS as usize, |i| near(&server, place(i), 500)));
    report("GET /query/near, 5 km", floor, timed(QUESTIONS as usize, |i| near(&server, place(i), 5_000)));
    let tiles = tiles(&places, 10);
    report(
        "z10 tile, first time",
        floor,
        tiles.iter().map(|path| once(|| server_get(&server, path))).collect(),
    );
    report("z10 tile, again", floor, tiles.iter().map(|path| once(|| server_get(&server, path))).collect());
    let largest = tiles.iter().map(|path| server.get(path).body.len()).max().unwrap_or(0);
    row("largest z10 tile", "uncompressed", &format!("{} kB", largest / 1_000));
    for zoom in [0, 5, 7] {
        let path = self::tiles(&places, zoom).swap_remove(0);
        let time = once(|| server_get(&server, &path));
        let size = format!("{} kB", server.get(&path).body.len() / 1_000);
        row(&format!("z{zoom} tile, first time"), &size, &seconds(time));
    }
    row("resident memory at the end", "", &format!("{} MiB", resident_mib(&server)));
    server.stop();
}

fn import(programme: &Programme, file: &std::path::Path, records: u64) -> (Duration, f64) {
    let started = Instant::now();
    let run = programme.import(&[file.to_str().unwrap()]);
    let took = started.elapsed();
    assert!(run.code <= 1, "{}", run.all());
    (took, records as f64 / took.as_secs_f64())
}

/// First positions of some hazardous areas: places people would ask about.
fn places(server: &Server) -> Vec<(f64, f64)> {
    let page = server.json("/ogc/collections/hazardous-areas/items?limit=10000");
    let mut places = Vec::new();
    for feature in page["features"].as_array().unwrap() {
        let mut at = &feature["geometry"]["coordinates"];
        while at[0].is_array() {
            at = &at[0];
        }
        places.extend(at[0].as_f64().zip(at[1].as_f64()));
    }
    places
}

fn tiles(places: &[(f64, f64)], zoom: u32) -> Vec<String> {
    let side = f64::from(1_u32 << zoom);
    let mut paths: Vec<String> = places
        .iter()
        .map(|(lon, lat)| {
            let y = (1.0 - lat.to_radians().tan().asinh() / std::f64::consts::PI) / 2.0;
            format!(
                "/tiles/hazards/{zoom}/{}/{}.mvt",
                ((lon + 180.0) / 360.0 * side) as u32,
                (y * side) as u32
            )
        })
        .collect();
    paths.sort();
    paths.dedup();
    paths.truncate(TILES);
    paths
}

fn at(server: &Server, (lon, lat): (f64, f64)) {
    server_get(server, &format!("/query/at?lon={lon}&lat={lat}"));
}

fn near(server: &Server, (lon, lat): (f64, f64), radius_m: u32) {
    server_get(server, &format!("/query/near?lon={lon}&lat={lat}&radius_m={radius_m}"));
}

fn server_get(server: &Server, path: &str) {
    let answer = server.get(path);
    assert!(answer.status < 300, "{path}: {}", answer.status);
}

fn once(ask: impl FnOnce()) -> Duration {
    let started = Instant::now();
    ask();
    started.elapsed()
}

fn timed(count: usize, mut ask: impl FnMut(usize)) -> Vec<Duration> {
    (0..count).map(|i| once(|| ask(i))).collect()
}

fn median(times: &[Duration]) -> Duration {
    quantile(times, 0.5)
}

fn quantile(times: &[Duration], share: f64) -> Duration {
    let mut sorted = times.to_vec();
    sorted.sort();
    sorted[((sorted.len() - 1) as f64 * share) as usize]
}

fn report(what: &str, floor: Duration, times: Vec<Duration>) {
    let (p50, p99) = (quantile(&times, 0.5), quantile(&times, 0.99));
    let ratio = p50.as_secs_f64() / floor.as_secs_f64();
    row(
        what,
        &format!("p50 {}, p99 {}", micros(p50), micros(p99)),
        &format!("{ratio:.1} × floor ({} asked)", times.len()),
    );
}

fn row(what: &str, figure: &str, more: &str) {
    println!("| {what} | {figure} | {more} |");
}

fn seconds(time: Duration) -> String {
    format!("{:.2} s", time.as_secs_f64())
}

fn micros(time: Duration) -> String {
    format!("{:.2} ms", time.as_secs_f64() * 1e3)
}

fn resident_mib(server: &Server) -> u64 {
    let status = std::fs::read_to_string(format!("/proc/{}/status", server.id())).unwrap_or_default();
    let line = status.lines().find_map(|line| line.strip_prefix("VmRSS:")).unwrap_or("0 kB");
    line.split_whitespace().next().and_then(|kib| kib.parse::<u64>().ok()).unwrap_or(0) / 1024
}
