//! What is drawn covers what is recorded, can be seen, and is never lost: at every zoom, for hostile shapes.
#![allow(clippy::unwrap_used)]

mod common;

use std::io::Write;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};

use common::*;
use geo::Validation;
use geo_types::{Coord, Geometry, MultiPolygon, Polygon, polygon};
use proptest::prelude::*;
use rand::{Rng, SeedableRng};
use rand_chacha::ChaCha8Rng;
use serde_json::Value;
use spatial_index::Row;
use tiles::TileId;

/// Most corners and places on edges that one record is asked about.
const SAMPLES_MAX: usize = 1_500;
const ZOOMS: std::ops::RangeInclusive<u8> = 0..=16;

fn polygons_of(geometry: &Geometry<f64>) -> Vec<Polygon<f64>> {
    match geometry {
        Geometry::Polygon(polygon) => vec![polygon.clone()],
        Geometry::MultiPolygon(polygons) => polygons.0.clone(),
        _ => Vec::new(),
    }
}

/// Whether a place is ground that the record as entered encloses: valid polygons without their holes; of broken
/// ones whatever any ring winds around.
fn encloses(polygons: &[(Polygon<f64>, bool)], place: Coord<f64>) -> bool {
    polygons.iter().any(|(polygon, is_valid)| {
        let winds = |ring: &geo_types::LineString<f64>| winding(&open(ring), place) != 0;
        if *is_valid {
            winds(polygon.exterior()) && !polygon.interiors().iter().any(winds)
        } else {
            all_rings(polygon).any(winds)
        }
    })
}

/// Corners, places on edges, and enclosed places.
fn samples(random: &mut ChaCha8Rng, geometry: &Geometry<f64>) -> Vec<Coord<f64>> {
    let lines: Vec<Vec<Coord<f64>>> = match geometry {
        Geometry::LineString(line) => vec![line.0.clone()],
        _ => polygons_of(geometry).iter().flat_map(all_rings).map(|ring| ring.0.clone()).collect(),
    };
    let mut places: Vec<_> = lines.concat();
    for pair in lines.iter().flat_map(|line| line.windows(2)) {
        for _ in 0..(2_000 / places.len()).max(1) {
            places.push(pair[0] + (pair[1] - pair[0]) * random.random_range(0.0..1.0));
        }
    }
    while places.len() > SAMPLES_MAX {
        places.swap_remove(random.random_range(0..places.len()));
    }
    let vertices = model::vertex_count(geometry);
    let bounds = model::Bounds::of(geometry).unwrap();
    let polygons: Vec<_> =
        polygons_of(geometry).into_iter().map(|p| (p.is_valid(), p)).map(|(v, p)| (p, v)).collect();
    for _ in 0..(600_000 / vertices).min(600) {
        let (x, y) = (random.random_range(0.0..=1.0), random.random_range(0.0..=1.0));
        let place = Coord {
            x: bounds.west + x * (bounds.east - bounds.west),
            y: bounds.south + y * (bounds.north - bounds.south),
        };
        if encloses(&polygons, place) {
            places.push(place);
        }
    }
    places
}

fn assert_drawn(row: &Row, tile: TileId, samples: &[Coord<f64>], decoded: &[Decoded], label: &str) {
    let inside: Vec<_> = samples.iter().map(|c| in_tile(tile, *c)).filter(|c| is_near(*c, 64.0)).collect();
    let own: Vec<_> = decoded.iter().filter(|d| d.text("id") == Some(&row.id.to_string())).collect();
    if inside.is_empty() {
        return;
    }
    assert_eq!(own.len(), 1, "{label} {tile:?}: the row is in the tile once");
    let drawn = own[0];
    for place in inside {
        assert!(
            drawn.covers(place),
            "{label} {tile:?}: {place:?} is not covered, level {:?}",
            drawn.text("level")
        );
    }
    let (width, height) = drawn.size();
    assert!(width >= 32.0 && height >= 32.0, "{label} {tile:?}: {width} by {height} units");
    // Its time grows with the square of the corners.
    if drawn.rings.iter().map(Vec::len).sum::<usize>() < 3_000 {
        assert!(drawn.polygons.is_valid(), "{label} {tile:?}: {:?}", drawn.polygons.check_validation());
    }
    assert_eq!(drawn.text("classification"), row.tags().classification);
    if drawn.text("level") == Some("exact") {
        assert_exact(row, tile, drawn, label);
    }
}

/// An exact outline has no corner further than 2½ units from the true one (inside the tile).
fn assert_exact(row: &Row, tile: TileId, drawn: &Decoded, label: &str) {
    let outlines = polygons_of(row.geometry().as_ref().unwrap());
    let sides = outlines.iter().flat_map(all_rings).flat_map(|ring| ring.0.windows(2));
    let sides: Vec<_> = sides.collect();
    let length = |side: &&[Coord<f64>]| {
        let way = in_tile(tile, side[1]) - in_tile(tile, side[0]);
        way.x.hypot(way.y)
    };
    // The pieces of longer sides, and of those near the poles, bend too much to judge by.
    let reaches_far_north_or_south = row.bounds().is_some_and(|b| b.south < -80.0 || b.north > 80.0);
    if reaches_far_north_or_south || sides.iter().any(|side| length(side) > 2_048.0 * 64.0) {
        return;
    }
    let true_path: Vec<_> = sides.into_iter().map(|side| on_the_map(tile, side[0], side[1])).collect();
    for corner in drawn.rings.iter().flatten().filter(|c| is_near(**c, 0.0)) {
        let pieces = true_path.iter().flat_map(|path| path.windows(2));
        let apart = pieces.map(|pair| to_edge(*corner, pair[0], pair[1])).fold(f64::INFINITY, f64::min);
        assert!(apart <= 2.5, "{label} {tile:?}: {corner:?} is {apart} units off");
    }
}

/// An edge that is straight in degrees, in pieces short enough to be straight on the map.
fn on_the_map(tile: TileId, a: Coord<f64>, b: Coord<f64>) -> Vec<Coord<f64>> {
    let (from, to) = (in_tile(tile, a), in_tile(tile, b));
    let pieces = ((to.x - from.x).hypot(to.y - from.y) / 64.0).ceil().clamp(1.0, 2_048.0);
    (0..=pieces as u32).map(|i| in_tile(tile, a + (b - a) * (f64::from(i) / pieces))).collect()
}

/// Draws one record alone at every zoom, in the tiles of some of its places.
fn check(random: &mut ChaCha8Rng, geometry: Geometry<f64>, label: &str) {
    let row = area(random.random(), geometry.clone());
    let view = view(vec![row.clone()]);
    let samples = samples(random, &geometry);
    for z in ZOOMS {
        let mut tiles: Vec<_> =
            (0..4).map(|_| tile_at(z, samples[random.random_range(0..samples.len())])).collect();
        tiles.sort_unstable();
        tiles.dedup();
        for tile in tiles {
            assert_drawn(&row, tile, &samples, &decode(&view, tile), label);
        }
    }
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 150, ..ProptestConfig::default() })]
    #[test]
    fn a_drawn_shape_covers_the_recorded_one_at_every_zoom(
        seed: u64, kind in 0_usize..11, lon in -179.0..179.0, lat in -84.0..84.0, size in -4.5..0.0,
    ) {
        let mut random = ChaCha8Rng::seed_from_u64(seed);
        let geometry = hostile(&mut random, kind, Coord { x: lon, y: lat }, 10_f64.powf(size));
        check(&mut random, geometry, &format!("kind {kind}"));
    }
}

#[test]
fn shapes_as_large_as_countries_continents_and_the_world_are_covered() {
    let mut random = ChaCha8Rng::seed_from_u64(3);
    for radius in [3.0, 10.0, 30.0] {
        for kind in 0..11 {
            let centre = Coord { x: random.random_range(-40.0..40.0), y: random.random_range(-30.0..50.0) };
            let geometry = hostile(&mut random, kind, centre, radius);
            check(&mut random, geometry, &format!("kind {kind}, {radius}°"));
        }
    }
    let world =
        polygon![(x: -180.0, y: -90.0), (x: 180.0, y: -90.0), (x: 180.0, y: 90.0), (x: -180.0, y: 90.0)];
    check(&mut random, world.into(), "world");
}

#[test]
fn shapes_at_the_180th_meridian_and_near_the_poles_are_covered() {
    let mut random = ChaCha8Rng::seed_from_u64(5);
    let east = polygon![(x: 179.9, y: 10.0), (x: 180.0, y: 10.0), (x: 180.0, y: 10.3), (x: 179.95, y: 10.2)];
    let west = polygon![(x: -180.0, y: 10.0), (x: -179.8, y: 10.1), (x: -180.0, y: 10.3)];
    check(&mut random, MultiPolygon(vec![east, west]).into(), "180°");
    let polar = polygon![(x: 10.0, y: 84.0), (x: 12.0, y: 89.0), (x: 14.0, y: 84.5), (x: 12.0, y: 84.2)];
    check(&mut random, polar.into(), "over the edge of the map");
    let beyond = polygon![(x: 10.0, y: -88.0), (x: 12.0, y: -88.0), (x: 12.0, y: -87.0)];
    check(&mut random, beyond.into(), "beyond the map");
}

#[test]
fn a_star_of_ten_thousand_corners_is_covered() {
    let mut random = ChaCha8Rng::seed_from_u64(7);
    for radius in [0.01, 0.3] {
        let star = star(&mut random, Coord { x: 36.2, y: 49.9 }, radius, 10_000);
        check(&mut random, star.into(), "10,000 corners");
    }
}

#[test]
fn a_hole_only_shrinks_and_a_large_one_stays() {
    let c = Coord { x: 36.0, y: 49.0 };
    let row = area(1, nested(c, 0.02).into());
    let view = view(vec![row]);
    let tile = tile_at(11, c);
    let drawn = &decode(&view, tile)[0];
    let between = in_tile(tile, Coord { x: 36.0 + 0.02 * 0.7, y: 49.0 });
    assert!(!drawn.covers(between), "the land between the frames stays open at zoom 11");
    let world = &decode(&view, tile_at(0, c))[0];
    assert!(world.covers(in_tile(tile_at(0, c), c)));
}

/// Shapely (GEOS) as an outside judge, on a batch of hostile shapes.
#[test]
fn geos_agrees_that_drawn_shapes_cover_recorded_ones() {
    let mut random = ChaCha8Rng::seed_from_u64(11);
    let mut cases = Vec::new();
    for round in 0..110_usize {
        let centre = Coord { x: random.random_range(-170.0..170.0), y: random.random_range(-75.0..75.0) };
        let radius = 10_f64.powf(random.random_range(-4.0..0.0));
        let geometry = hostile(&mut random, round, centre, radius);
        let polygons = polygons_of(&geometry);
        if !MultiPolygon(polygons.clone()).is_valid() || polygons.is_empty() {
            continue;
        }
        let view = view(vec![area(round as u128, geometry)]);
        for z in [4_u8, 7, 9, 11, 13, 15] {
            let tile = tile_at(z, polygons[0].exterior().0[0]);
            let decoded = decode(&view, tile);
            cases.push(serde_json::json!({
                "tile": [tile.z, tile.x, tile.y],
                "source": polygons.iter().map(|p| all_rings(p).map(pairs).collect()).collect::<Vec<Vec<_>>>(),
                "drawn": decoded[0].polygons.iter().map(|p| all_rings(p).map(pairs).collect()).collect::<Vec<Vec<_>>>(),
            }));
        }
    }
    match geos(&serde_json::to_string(&cases).unwrap()) {
        Some(answer) => assert_eq!(answer.trim(), format!("{} cases, 0 not covered, 0 invalid", cases.len())),
        None => eprintln!("skipped: python3 with shapely is missing"),
    }
}

fn pairs(ring: &geo_types::LineString<f64>) -> Vec<[f64; 2]> {
    ring.coords().map(|c| [c.x, c.y]).collect()
}

const JUDGE: &str = r#"
import sys, json, math
from shapely.geometry import Polygon, MultiPolygon, box
def project(z, x, y, lon, lat):
    s = math.asinh(math.tan(math.radians(lat)))
    n = 2 ** z
    return (((lon + 180) / 360 * n - x) * 4096, ((1 - s / math.pi) / 2 * n - y) * 4096)
def dense(ring, tile):
    out = []
    for (a, b) in zip(ring, ring[1:]):
        for i in range(32):
            t = i / 32
            out.append(project(*tile, a[0] + t * (b[0] - a[0]), a[1] + t * (b[1] - a[1])))
    return out
cases = json.load(sys.stdin)
missed = invalid = 0
for case in cases:
    square = box(-64, -64, 4160, 4160)
    true = MultiPolygon([Polygon(dense(p[0], case["tile"]), [dense(h, case["tile"]) for h in p[1:]]) for p in case["source"]])
    drawn = MultiPolygon([Polygon(p[0], p[1:]) for p in case["drawn"]])
    if not drawn.is_valid:
        invalid += 1
        drawn = drawn.buffer(0)
    # The judge cuts with rounding of its own: a millionth of a unit is given back.
    missed += not drawn.covers(true.buffer(0).intersection(square).buffer(-1e-6))
print(f"{len(cases)} cases, {missed} not covered, {invalid} invalid")
"#;

/// Runs the judge with the first Python that has shapely.
fn geos(input: &str) -> Option<String> {
    let has_shapely = |python: &&str| {
        let import =
            Command::new(python).args(["-c", "import shapely.geometry"]).stderr(Stdio::null()).status();
        import.is_ok_and(|status| status.success())
    };
    let python = ["python3", "/usr/bin/python3"].into_iter().find(has_shapely)?;
    let mut judge = Command::new(python)
        .args(["-c", JUDGE])
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .spawn()
        .unwrap();
    judge.stdin.take().unwrap().write_all(input.as_bytes()).unwrap();
    let output = judge.wait_with_output().unwrap();
    assert!(output.status.success());
    Some(String::from_utf8(output.stdout).unwrap())
}

/// Outlines and lines of real files, many of them broken or across the 180th meridian.
#[test]
fn shapes_of_real_files_are_covered_at_every_zoom() {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../../shared/data");
    if !root.is_dir() {
        eprintln!("skipped: the real files of ../shared/data are missing");
        return;
    }
    let mut random = ChaCha8Rng::seed_from_u64(13);
    let mut geometries = Vec::new();
    files(&root).iter().for_each(|path| geometries.extend(geometries_of(path)));
    assert!(geometries.len() > 50, "{} shapes", geometries.len());
    for (label, geometry) in geometries {
        check(&mut random, geometry, &label);
    }
}

fn files(directory: &Path) -> Vec<PathBuf> {
    let mut paths: Vec<_> =
        std::fs::read_dir(directory).unwrap().map(|entry| entry.unwrap().path()).collect();
    paths.sort();
    let is_json = |path: &PathBuf| path.extension().is_some_and(|e| e == "json" || e == "geojson");
    let (directories, files_here): (Vec<_>, Vec<_>) = paths.into_iter().partition(|path| path.is_dir());
    directories.iter().flat_map(|path| files(path)).chain(files_here.into_iter().filter(is_json)).collect()
}

/// The areas and lines of a GeoJSON file, by a few lines of our own; what is not on the Earth is left out.
fn geometries_of(path: &Path) -> Vec<(String, Geometry<f64>)> {
    let text = std::fs::read(path).unwrap();
    let Ok(json) = serde_json::from_slice::<Value>(&text) else { return Vec::new() };
    let mut found = Vec::new();
    collect(&json, &mut found);
    let is_on_earth = |c: Coord<f64>| c.x.abs() <= 180.0 && c.y.abs() <= 90.0;
    let is_usable = |geometry: &Geometry<f64>| {
        let vertices = model::vertex_count(geometry);
        (2..=20_000).contains(&vertices) && model::coordinates(geometry).all(is_on_earth)
    };
    let label = path.file_name().unwrap().to_string_lossy().into_owned();
    found.into_iter().filter(is_usable).map(|geometry| (label.clone(), geometry)).collect()
}

fn collect(json: &Value, found: &mut Vec<Geometry<f64>>) {
    let coordinates = &json["coordinates"];
    match json["type"].as_str() {
        Some("Polygon") => found.extend(polygon_of(coordinates).map(Geometry::from)),
        Some("MultiPolygon") => {
            let polygons = coordinates.as_array().into_iter().flatten().filter_map(polygon_of).collect();
            found.push(MultiPolygon(polygons).into());
        }
        Some("LineString") => found.extend(line_of(coordinates).map(Geometry::from)),
        _ => {}
    }
    let parts = [&json["features"], &json["geometries"]];
    parts.into_iter().filter_map(Value::as_array).flatten().for_each(|part| collect(part, found));
    if json["geometry"].is_object() {
        collect(&json["geometry"], found);
    }
}

fn polygon_of(coordinates: &Value) -> Option<Polygon<f64>> {
    let mut rings = coordinates.as_array()?.iter().filter_map(line_of);
    let exterior = rings.next()?;
    Some(Polygon::new(exterior, rings.collect()))
}

fn line_of(coordinates: &Value) -> Option<geo_types::LineString<f64>> {
    let place = |pair: &Value| Some(Coord { x: pair.get(0)?.as_f64()?, y: pair.get(1)?.as_f64()? });
    Some(coordinates.as_array()?.iter().filter_map(place).collect())
}
