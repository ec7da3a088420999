//! Every reader on thousands of broken copies of the small files of `fuzz/corpus`: an answer each time, never a panic.
//!
//! What `fuzz/` looks for over hours is looked for here in seconds, with every `cargo test`.

use std::path::{Path, PathBuf};

use exchange::{Format, Item, ReadOptions};
use geodesy::Crs;
use model::{Collection, Context, RecordId};
use proptest::prelude::*;
use proptest::sample::Index;

use crate::files::as_collection;

/// Words that parsers trip over.
const WORDS: [&[u8]; 12] = [
    b"\xff\xff\xff\xff",
    b"\x00\x00\x00\x80",
    b"\xff\xff\xff\x7f",
    b"\x00\x00\x00\x00",
    b"1e999",
    b"-",
    b"[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[",
    b"GEOMETRYCOLLECTION(",
    b"\"",
    b"\xed\xa0\x80",
    b"\n",
    b"nan",
];

/// One way of breaking a file.
#[derive(Debug, Clone)]
enum Damage {
    Flip(Index, u8),
    Cut(Index),
    Word(Index, usize),
    Over(Index, usize),
    Twice(Index, Index),
    Without(Index, Index),
}

fn damage() -> impl Strategy<Value = Damage> {
    let at = any::<Index>;
    prop_oneof![
        (at(), 0..8_u8).prop_map(|(at, bit)| Damage::Flip(at, bit)),
        at().prop_map(Damage::Cut),
        (at(), 0..WORDS.len()).prop_map(|(at, word)| Damage::Word(at, word)),
        (at(), 0..WORDS.len()).prop_map(|(at, word)| Damage::Over(at, word)),
        (at(), at()).prop_map(|(from, to)| Damage::Twice(from, to)),
        (at(), at()).prop_map(|(from, to)| Damage::Without(from, to)),
    ]
}

fn damaged(mut bytes: Vec<u8>, all: &[Damage]) -> Vec<u8> {
    for one in all {
        if bytes.is_empty() {
            return bytes;
        }
        let of = |index: &Index| index.index(bytes.len());
        let range = |a: &Index, b: &Index| of(a).min(of(b))..of(a).max(of(b));
        match one {
            Damage::Flip(at, bit) => {
                let at = of(at);
                bytes[at] ^= 1 << bit;
            }
            Damage::Cut(at) => bytes.truncate(of(at)),
            Damage::Word(at, word) => drop(bytes.splice(of(at)..of(at), WORDS[*word].iter().copied())),
            Damage::Over(at, word) => {
                let (at, word) = (of(at), WORDS[*word]);
                let end = (at + word.len()).min(bytes.len());
                bytes[at..end].copy_from_slice(&word[..end - at]);
            }
            Damage::Twice(from, to) => {
                let part = bytes[range(from, to)].to_vec();
                bytes.extend(part);
            }
            Damage::Without(from, to) => drop(bytes.drain(range(from, to))),
        }
    }
    bytes
}

/// The small files of a target.
fn seeds(target: &str) -> Vec<Vec<u8>> {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../fuzz/corpus").join(target);
    let mut files: Vec<PathBuf> =
        std::fs::read_dir(folder).expect("seeds").map(|entry| entry.expect("a seed").path()).collect();
    files.sort();
    files.iter().map(|file| std::fs::read(file).expect("a seed can be read")).collect()
}

/// Reads a file; what is refused is as good an answer as what is read.
fn read(format: Format, path: &Path) -> u64 {
    let options = ReadOptions {
        format: Some(format),
        crs: Some(Crs::wgs84()),
        ..as_collection(Collection::HazardousAreas)
    };
    let context = Context { today: jiff::civil::date(2026, 1, 1), programme_area: None };
    let mut records = 0;
    let _ = exchange::read(path, &options, &mut |item| {
        records += 1;
        let Item::Draft(draft) = item else { return };
        let Ok(record) = model::check(draft, RecordId::nil(), &context) else { return };
        let places = record.geometry.iter().flat_map(model::coordinates);
        assert!(places.into_iter().all(|c| c.x.abs() <= 180.0 && c.y.abs() <= 90.0), "{record:?}");
    });
    records
}

/// Breaks each seed of a target in `cases` ways and reads what comes of it.
fn hold(target: &str, cases: u32, read: impl Fn(&Path, &[u8]) -> u64) {
    let folder = tempfile::tempdir().expect("a folder");
    let seeds = seeds(target);
    let whole: u64 = seeds.iter().map(|seed| read(folder.path(), seed)).sum();
    assert!(whole > 0, "the seeds of {target} hold records");
    let config = ProptestConfig { failure_persistence: None, ..ProptestConfig::with_cases(cases) };
    proptest!(config, |(seed in any::<Index>(), damage in proptest::collection::vec(damage(), 1..6))| {
        read(folder.path(), &damaged(seeds[seed.index(seeds.len())].clone(), &damage));
    });
}

fn written(folder: &Path, name: &str, bytes: &[u8]) -> PathBuf {
    let path = folder.join(name);
    std::fs::write(&path, bytes).expect("a file can be written");
    path
}

#[test]
fn broken_geojson_is_answered() {
    hold("geojson", 1_000, |folder, bytes| read(Format::GeoJson, &written(folder, "a.geojson", bytes)));
}

#[test]
fn broken_lines_are_answered() {
    hold("ndjson", 1_000, |folder, bytes| read(Format::NdJson, &written(folder, "a.ndjson", bytes)));
}

#[test]
fn broken_tables_are_answered() {
    hold("csv", 1_000, |folder, bytes| read(Format::Csv, &written(folder, "a.csv", bytes)));
}

#[test]
fn broken_well_known_text_is_answered() {
    hold("wkt", 1_000, |folder, bytes| {
        let cell = String::from_utf8_lossy(bytes).replace('"', "");
        read(Format::Csv, &written(folder, "a.csv", format!("wkt\n\"{cell}\"\n").as_bytes()))
    });
}

#[test]
fn broken_geopackages_are_answered() {
    hold("gpkg", 300, |folder, bytes| read(Format::GeoPackage, &written(folder, "a.gpkg", bytes)));
}

/// Found by fuzzing: the SQLite driver panicked.
#[test]
fn a_geopackage_whose_column_has_a_name_that_is_no_text_is_refused_and_does_not_panic() {
    let folder = tempfile::tempdir().expect("a folder");
    let mut bytes = seeds("gpkg")[0].clone();
    let column = bytes.windows(16).position(|part| part == b"name TEXT, depth").expect("the column");
    bytes[column] = 0xff;
    let path = written(folder.path(), "a.gpkg", &bytes);
    let reading = exchange::read(&path, &as_collection(Collection::HazardousAreas), &mut |_| {});
    let broken = reading.expect("the file as a whole is one").broken.expect("the table is not");
    assert!(broken.message.contains("areas"), "{}", broken.message);
}

#[test]
fn broken_shapefiles_are_answered() {
    hold("shapefile", 1_000, |folder, bytes| {
        let Some((head, rest)) = bytes.split_first_chunk::<2>() else { return 0 };
        let (shp, dbf) = rest.split_at(usize::from(u16::from_le_bytes(*head)).min(rest.len()));
        written(folder, "a.dbf", dbf);
        read(Format::Shapefile, &written(folder, "a.shp", shp))
    });
}

#[test]
fn broken_bodies_are_answered() {
    hold("feature_body", 1_000, |_, bytes| {
        let Some((first, text)) = bytes.split_first() else { return 0 };
        let collection = Collection::ALL[usize::from(*first) % Collection::ALL.len()];
        u64::from(exchange::read_feature(text, collection).is_ok())
    });
}

#[test]
fn broken_well_known_binary_is_answered() {
    // In a GeoPackage, as anywhere: behind its head of eight bytes.
    let folder = tempfile::tempdir().expect("a folder");
    let path = written(folder.path(), "a.gpkg", &seeds("gpkg")[0]);
    let database = rusqlite::Connection::open(&path).expect("opens");
    database.execute_batch("PRAGMA synchronous = OFF; PRAGMA journal_mode = MEMORY;").expect("is set");
    let put = |wkb: &[u8]| {
        let blob = [b"GP\0\x01\xe6\x10\0\0".as_slice(), wkb].concat();
        database.execute("UPDATE areas SET geom = ?1", [blob]).expect("a shape is written");
    };
    hold("wkb", 300, |_, bytes| {
        put(bytes);
        read(Format::GeoPackage, &path)
    });
}
