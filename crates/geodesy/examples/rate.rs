//! How fast areas are measured and coordinates read, beside GeographicLib's Planimeter and GeoConvert and PROJ's cs2cs.
//!
//! Every program reads the same text. The other programs are timed twice, with one batch and with two: the
//! difference is free of their start.
//!
//!     cargo run --release -p geodesy --example rate

use std::error::Error;
use std::io::Write;
use std::process::{Command, Stdio};
use std::time::Instant;

use geo_types::{Coord, Geometry, LineString, Polygon};
use geodesy::{destination, from_mgrs, locate, measures, to_mgrs};

const POLYGONS: usize = 20_000;
const CORNERS: usize = 10;
const SQUARES: usize = 200_000;
const PAIRS: usize = 100_000;
const RUNS: usize = 5;

fn main() -> Result<(), Box<dyn Error>> {
    let mut out = std::io::stdout().lock();
    let polygons = polygons();
    let ours = median(|| polygons.split("\n\n").filter_map(area_m2).sum());
    report(
        &mut out,
        "areas of polygons with 10 corners",
        POLYGONS,
        ours,
        "Planimeter",
        &["-p", "6"],
        &polygons,
    )?;
    let squares = squares();
    let ours = median(|| squares.lines().filter_map(|line| Some(from_mgrs(line).ok()?.centre.x)).sum());
    report(&mut out, "MGRS to degrees", SQUARES, ours, "GeoConvert", &["-g", "-p", "3"], &squares)?;
    let any = median(|| squares.lines().filter_map(|line| Some(locate(line, None).ok()?[0].place.x)).sum());
    report(
        &mut out,
        "MGRS to degrees, any notation",
        SQUARES,
        any,
        "GeoConvert",
        &["-g", "-p", "3"],
        &squares,
    )?;
    let pairs = pairs();
    let read = |line: &str| Some(locate(line, Some("EPSG:5564")).ok()?[0].place.x);
    let ours = median(|| pairs.lines().filter_map(read).sum());
    let arguments = ["-f", "%.9f", "EPSG:5564", "EPSG:4326"];
    // PROJ's program reads northing first there.
    let turned: String =
        pairs.lines().filter_map(|line| line.split_once(' ')).map(|(x, y)| format!("{y} {x}\n")).collect();
    report(&mut out, "pairs in UCS-2000 zone 6 to degrees", PAIRS, ours, "cs2cs", &arguments, &turned)
}

/// Seconds that one batch takes, the median of several runs.
fn median(mut work: impl FnMut() -> f64) -> f64 {
    let mut seconds: Vec<f64> = (0..RUNS)
        .map(|_| {
            let start = Instant::now();
            std::hint::black_box(work());
            start.elapsed().as_secs_f64()
        })
        .collect();
    seconds.sort_by(f64::total_cmp);
    seconds[RUNS / 2]
}

fn report(
    out: &mut impl Write,
    what: &str,
    count: usize,
    ours: f64,
    program: &str,
    arguments: &[&str],
    text: &str,
) -> Result<(), Box<dyn Error>> {
    let rate = |seconds: f64| count as f64 / seconds;
    write!(out, "{what}: {:.0}/s", rate(ours))?;
    let twice = format!("{text}\n{text}");
    let timed = |text: &str| {
        let first = run(program, arguments, text)?;
        Some((1..RUNS).filter_map(|_| run(program, arguments, text)).fold(first, f64::min))
    };
    match (timed(text), timed(&twice)) {
        (Some(one), Some(two)) => {
            writeln!(out, "; {program} {:.0}/s; ours / theirs {:.2}", rate(two - one), (two - one) / ours)?;
        }
        _ => writeln!(out, "; {program} is not on this machine")?,
    }
    Ok(())
}

/// Seconds that another program takes for a text.
fn run(program: &str, arguments: &[&str], text: &str) -> Option<f64> {
    let start = Instant::now();
    let mut command = Command::new(program);
    let mut child = command.args(arguments).stdin(Stdio::piped()).stdout(Stdio::null()).spawn().ok()?;
    child.stdin.take()?.write_all(text.as_bytes()).ok()?;
    child.wait().ok()?;
    Some(start.elapsed().as_secs_f64())
}

fn area_m2(block: &str) -> Option<f64> {
    let corner = |line: &str| {
        let (lat, lon) = line.split_once(' ')?;
        Some(Coord { x: lon.parse().ok()?, y: lat.parse().ok()? })
    };
    let ring: LineString<f64> = block.lines().map(corner).collect::<Option<Vec<_>>>()?.into();
    measures(&Geometry::Polygon(Polygon::new(ring, Vec::new()))).0
}

/// Places over Ukraine.
fn place(index: usize) -> Coord<f64> {
    let share = |factor: f64| (index as f64 * factor).fract();
    Coord { x: 30.2 + 5.6 * share(0.618_033_988_7), y: 44.5 + 7.0 * share(0.754_877_666_2) }
}

fn polygons() -> String {
    let block = |index: usize| {
        let corner = |corner: usize| {
            let bearing_deg = 360.0 * corner as f64 / CORNERS as f64;
            let at = destination(place(index), bearing_deg, 100.0 + 50.0 * (corner % 3) as f64);
            format!("{:.9} {:.9}\n", at.y, at.x)
        };
        (0..CORNERS).map(corner).collect::<String>()
    };
    (0..POLYGONS).map(block).collect::<Vec<_>>().join("\n")
}

fn squares() -> String {
    (0..SQUARES).filter_map(|index| to_mgrs(place(index), 5)).collect::<Vec<_>>().join("\n")
}

fn pairs() -> String {
    let pair = |index: usize| format!("{} {}\n", 6_350_000 + index * 2, 5_200_000 + index * 3);
    (0..PAIRS).map(pair).collect()
}
