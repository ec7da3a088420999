//! Archives of tiles, read by other people's programs, hold what the server answers.

use std::collections::BTreeMap;
use std::path::Path;
use std::process::Stdio;
use std::time::Duration;

use serde_json::Value;

use crate::harness::{Programme, Run, Server, minemap, other_program, python};

/// Prints what an archive says of itself, and every tile, not compressed, in hexadecimal digits.
const PMTILES: &str = r#"
import gzip, json, sys
from pmtiles.reader import Reader, MmapSource, all_tiles
source = MmapSource(open(sys.argv[1], 'rb'))
reader = Reader(source)
head = {k: (v.value if hasattr(v, 'value') else v) for k, v in reader.header().items()}
tiles = {f'{z}/{x}/{y}': gzip.decompress(data).hex() for (z, x, y), data in all_tiles(source)}
for name in list(tiles)[:50]:
    z, x, y = map(int, name.split('/'))
    assert gzip.decompress(reader.get(z, x, y)).hex() == tiles[name], name
print(json.dumps({'head': head, 'metadata': reader.metadata(), 'tiles': tiles}))
"#;
const MBTILES: &str = r#"
import gzip, json, sqlite3, sys
database = sqlite3.connect(sys.argv[1])
metadata = dict(database.execute('select name, value from metadata'))
rows = database.execute('select zoom_level, tile_column, tile_row, tile_data from tiles')
tiles = {f'{z}/{x}/{(1 << z) - 1 - row}': gzip.decompress(data).hex() for z, x, row, data in rows}
print(json.dumps({'metadata': metadata, 'tiles': tiles, 'sound': database.execute('pragma integrity_check').fetchone()[0]}))
"#;

const ZOOM_MAX: u32 = 7;

fn archive(programme: &Programme, name: &str, more: &[&str]) -> Run {
    let zoom_max = ZOOM_MAX.to_string();
    let mut command = minemap();
    command.arg("tiles").arg("--store").arg(programme.store()).args(["--maxzoom", &zoom_max]);
    Run::of(command.arg("--output").arg(programme.path(name)).args(more))
}

fn hex(bytes: &[u8]) -> String {
    bytes.iter().map(|byte| format!("{byte:02x}")).collect()
}

/// Every tile that the server has something in, down the pyramid.
fn served(server: &Server, layer: &str) -> BTreeMap<String, String> {
    let (mut tiles, mut waiting) = (BTreeMap::new(), vec![(0_u32, 0_u32, 0_u32)]);
    while let Some((z, x, y)) = waiting.pop() {
        let answer = server.get(&format!("/tiles/{layer}/{z}/{x}/{y}.mvt"));
        if answer.status == 204 {
            continue;
        }
        assert_eq!(answer.status, 200, "{}", answer.text());
        tiles.insert(format!("{z}/{x}/{y}"), hex(&answer.body));
        if z < ZOOM_MAX {
            let children = [(0, 0), (1, 0), (0, 1), (1, 1)];
            waiting.extend(children.map(|(right, down)| (z + 1, 2 * x + right, 2 * y + down)));
        }
    }
    tiles
}

fn read(script: &str, modules: &[&str], path: &Path) -> Option<(Value, BTreeMap<String, String>)> {
    let text = python(modules, script, &[path.to_str().unwrap()])?;
    let all: Value = serde_json::from_str(&text).unwrap();
    let tiles = serde_json::from_value(all["tiles"].clone()).unwrap();
    Some((all, tiles))
}

fn assert_same(archived: &BTreeMap<String, String>, served: &BTreeMap<String, String>) {
    assert_eq!(archived.keys().collect::<Vec<_>>(), served.keys().collect::<Vec<_>>());
    for (name, bytes) in archived {
        assert!(served[name] == *bytes, "tile {name} differs");
    }
}

#[test]
fn archived_tiles_are_the_served_ones_byte_for_byte_and_the_same_register_makes_the_same_file() {
    let programme = Programme::with_demo(400);
    for name in ["one.pmtiles", "two.pmtiles", "one.mbtiles", "two.mbtiles"] {
        let run = archive(&programme, name, &[]);
        assert_eq!(run.code, 0, "{}", run.all());
    }
    for extension in ["pmtiles", "mbtiles"] {
        let bytes = |name: &str| std::fs::read(programme.path(&format!("{name}.{extension}"))).unwrap();
        assert!(bytes("one") == bytes("two"), "{extension} differs from run to run");
    }
    let left = std::fs::read_dir(programme.folder.path()).unwrap();
    let left: Vec<_> = left.map(|entry| entry.unwrap().file_name().into_string().unwrap()).collect();
    assert!(!left.iter().any(|name| name.ends_with(".partial") || name.ends_with(".unfinished")), "{left:?}");
    let server = programme.serve();
    let served = served(&server, "hazards");
    assert!(served.len() > 20);
    if let Some((all, tiles)) = read(MBTILES, &["sqlite3"], &programme.path("one.mbtiles")) {
        assert_same(&tiles, &served);
        assert_eq!((&all["sound"], &all["metadata"]["format"]), (&"ok".into(), &"pbf".into()));
        let layers: Value = serde_json::from_str(all["metadata"]["json"].as_str().unwrap()).unwrap();
        assert_eq!(layers["vector_layers"][0]["id"], "hazardous-areas");
    }
    if let Some((all, tiles)) = read(PMTILES, &["pmtiles"], &programme.path("one.pmtiles")) {
        assert_same(&tiles, &served);
        assert_eq!(all["head"]["addressed_tiles_count"].as_u64(), Some(served.len() as u64));
        assert_eq!(
            (all["head"]["clustered"].as_bool(), all["head"]["max_zoom"].as_u64()),
            (Some(true), Some(7))
        );
        assert_eq!(all["metadata"]["minemap"]["synthetic"], true);
        assert_eq!(all["metadata"]["minemap"]["revision"], 400);
    }
    let mbtiles = programme.path("one.mbtiles");
    if let Some(told) = other_program("ogrinfo", &["-ro", "-so", "-al", mbtiles.to_str().unwrap()]) {
        let text = String::from_utf8_lossy(&told.stdout).into_owned();
        assert!(told.status.success() && text.contains("hazardous-areas"), "{text}");
    }
    server.stop();
}

#[test]
fn a_public_archive_holds_what_everybody_sees_and_its_pointer_names_it() {
    let programme = Programme::with_demo(300);
    programme.account("iryna", "administrator");
    let folder = programme.path("public");
    let mut command = minemap();
    command.arg("tiles").arg("--store").arg(programme.store()).arg("--output-dir").arg(&folder);
    let run = Run::of(command.args(["--public", "--maxzoom", "7", "--layers", "hazards"]));
    assert_eq!(run.code, 0, "{}", run.all());
    let latest: Value = serde_json::from_slice(&std::fs::read(folder.join("latest.json")).unwrap()).unwrap();
    let name = latest["name"].as_str().unwrap();
    assert!(
        name.starts_with("public-") && name.contains(&latest["sha256"].as_str().unwrap()[..8]),
        "{latest}"
    );
    assert_eq!(std::fs::metadata(folder.join(name)).unwrap().len(), latest["bytes"].as_u64().unwrap());
    let server = programme.serve();
    assert_eq!(server.get("/ogc").headers["minemap-revision"], latest["revision"].to_string());
    if let Some((all, tiles)) = read(PMTILES, &["pmtiles"], &folder.join(name)) {
        assert_same(&tiles, &served(&server, "hazards"));
        assert_eq!(all["metadata"]["minemap"]["scope"], "public");
    }
    server.stop();
}

#[test]
fn a_run_that_was_killed_goes_on_and_makes_the_same_file() {
    let programme = Programme::with_demo(3_000);
    let run = archive(&programme, "whole.pmtiles", &["--maxzoom", "11"]);
    assert_ne!(run.code, 0, "an option may be given once");
    let command = |name: &str| {
        let mut command = minemap();
        command.arg("tiles").arg("--store").arg(programme.store()).args(["--maxzoom", "11", "--output"]);
        command.arg(programme.path(name));
        command
    };
    assert_eq!(Run::of(&mut command("whole.pmtiles")).code, 0);
    let mut child = command("killed.pmtiles").stderr(Stdio::null()).spawn().unwrap();
    let partial = programme.path("killed.pmtiles.partial");
    while std::fs::metadata(&partial).map_or(0, |file| file.len()) < 200_000
        && child.try_wait().unwrap().is_none()
    {
        std::thread::sleep(Duration::from_millis(5));
    }
    child.kill().unwrap();
    child.wait().unwrap();
    assert!(
        !programme.path("killed.pmtiles").exists() && partial.exists(),
        "nothing half done has the final name"
    );
    // What a power cut may leave of the last packet.
    let bytes = std::fs::read(&partial).unwrap();
    std::fs::write(&partial, &bytes[..bytes.len() - 7]).unwrap();
    let run = Run::of(&mut command("killed.pmtiles"));
    assert_eq!(run.code, 0, "{}", run.all());
    let read = |name: &str| std::fs::read(programme.path(name)).unwrap();
    assert!(read("killed.pmtiles") == read("whole.pmtiles"));
    assert!(!partial.exists());
}

#[test]
fn archives_that_cannot_be_are_refused_with_what_is_allowed() {
    let programme = Programme::with_demo(20);
    let refused = [
        vec!["--layers", "roads"],
        vec!["--layers", "hazards,hazardous-areas"],
        vec!["--minzoom", "8"],
        vec!["--minzoom", "x"],
    ];
    for more in refused {
        let run = archive(&programme, "no.pmtiles", &more);
        assert_eq!(run.code, 2, "{more:?}: {}", run.all());
        assert!(!programme.path("no.pmtiles").exists());
    }
    assert_eq!(archive(&programme, "no.zip", &[]).code, 2);
}
