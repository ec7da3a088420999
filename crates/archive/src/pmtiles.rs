//! PMTiles, version 3 (<https://github.com/protomaps/PMTiles/blob/main/spec/v3/spec.md>): a head, a root directory, the
//! metadata, leaf directories, the tiles.

use std::fs::File;
use std::io::{BufWriter, Write};
use std::path::Path;

use flate2::Compression;
use flate2::write::GzEncoder;
use serde_json::Value;

use crate::about::About;
use crate::error::ArchiveError;
use crate::hilbert;
use crate::made::Made;

const HEAD: u64 = 127;
/// Head and root directory lie within the first 16 KiB, which readers fetch at once.
const HEAD_AND_ROOT_MAX: usize = 16_384;
/// Entries of a leaf directory, at first.
const LEAF: usize = 4_096;
/// Codes of the specification.
const GZIP: u8 = 2;
const VECTOR: u8 = 1;

/// One or more tiles in a row with the same content, or a leaf directory (`run` 0).
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
struct Entry {
    number: u64,
    run: u32,
    offset: u64,
    length: u32,
}

/// Writes the archive; answers how many different contents it has.
pub(crate) fn write(made: &Made, about: &About, path: &Path) -> Result<u64, ArchiveError> {
    let entries = entries(made);
    let (root, leaves) = directories(&entries)?;
    let metadata = gzip(Value::Object(about.members.clone()).to_string().as_bytes());
    let data_bytes = made.contents.iter().map(|content| u64::from(content.length)).sum();
    let sections = [root.len() as u64, metadata.len() as u64, leaves.len() as u64, data_bytes];
    let counts = [made.entries.len() as u64, entries.len() as u64, made.contents.len() as u64];
    let failed = |source| ArchiveError::File { path: path.to_owned(), source };
    let mut out = BufWriter::new(File::create(path).map_err(failed)?);
    for part in [head(about, sections, counts), root, metadata, leaves] {
        out.write_all(&part).map_err(failed)?;
    }
    for content in &made.contents {
        out.write_all(&made.bytes(*content)?).map_err(failed)?;
    }
    out.flush().map_err(failed)?;
    Ok(made.contents.len() as u64)
}

/// Tiles in a row with the same content are one entry.
fn entries(made: &Made) -> Vec<Entry> {
    let mut offsets = Vec::with_capacity(made.contents.len());
    let mut at = 0;
    for content in &made.contents {
        offsets.push(at);
        at += u64::from(content.length);
    }
    let mut entries: Vec<Entry> = Vec::new();
    for tile in &made.entries {
        let (number, offset) = (hilbert::number(tile.tile), offsets[tile.content]);
        match entries.last_mut() {
            Some(last) if last.number + u64::from(last.run) == number && last.offset == offset => {
                last.run += 1
            }
            Some(_) | None => {
                let length = made.contents[tile.content].length;
                entries.push(Entry { number, run: 1, offset, length });
            }
        }
    }
    entries
}

/// The root directory, and the leaf directories where it would be too large.
fn directories(entries: &[Entry]) -> Result<(Vec<u8>, Vec<u8>), ArchiveError> {
    let root = directory(entries);
    if root.len() + HEAD as usize <= HEAD_AND_ROOT_MAX {
        return Ok((root, Vec::new()));
    }
    let mut leaf = LEAF;
    while leaf < 1 << 30 {
        let (mut pointers, mut leaves) = (Vec::new(), Vec::new());
        for part in entries.chunks(leaf) {
            let bytes = directory(part);
            let length =
                u32::try_from(bytes.len()).map_err(|_| ArchiveError::TooLarge { what: "a directory" })?;
            pointers.push(Entry { number: part[0].number, run: 0, offset: leaves.len() as u64, length });
            leaves.extend(bytes);
        }
        let root = directory(&pointers);
        if root.len() + HEAD as usize <= HEAD_AND_ROOT_MAX {
            return Ok((root, leaves));
        }
        leaf *= 2;
    }
    Err(ArchiveError::TooLarge { what: "the directory" })
}

/// Columns one after the other, each number in as few bytes as it needs, compressed.
fn directory(entries: &[Entry]) -> Vec<u8> {
    let mut bytes = Vec::new();
    varint(entries.len() as u64, &mut bytes);
    let mut last = 0;
    for entry in entries {
        varint(entry.number - last, &mut bytes);
        last = entry.number;
    }
    entries.iter().for_each(|entry| varint(u64::from(entry.run), &mut bytes));
    entries.iter().for_each(|entry| varint(u64::from(entry.length), &mut bytes));
    let mut follows = None;
    for entry in entries {
        let is_next = follows == Some(entry.offset);
        varint(if is_next { 0 } else { entry.offset + 1 }, &mut bytes);
        follows = Some(entry.offset + u64::from(entry.length));
    }
    gzip(&bytes)
}

fn varint(mut value: u64, bytes: &mut Vec<u8>) {
    while value >= 0x80 {
        bytes.push(value as u8 | 0x80);
        value >>= 7;
    }
    bytes.push(value as u8);
}

fn gzip(bytes: &[u8]) -> Vec<u8> {
    let mut encoder = GzEncoder::new(Vec::new(), Compression::best());
    let written = encoder.write_all(bytes).and_then(|()| encoder.finish());
    written.expect("writing to memory does not fail")
}

/// `sections`: bytes of root directory, metadata, leaf directories, tiles. `counts`: tiles, entries, contents.
fn head(about: &About, sections: [u64; 4], counts: [u64; 3]) -> Vec<u8> {
    let mut head = b"PMTiles\x03".to_vec();
    let mut at = HEAD;
    for length in sections {
        head.extend(at.to_le_bytes());
        head.extend(length.to_le_bytes());
        at += length;
    }
    counts.iter().for_each(|count| head.extend(count.to_le_bytes()));
    // Clustered; directories and tiles in gzip; vector tiles.
    head.extend([1, GZIP, GZIP, VECTOR, about.zoom_min, about.zoom_max]);
    let e7 = |degrees: f64| ((degrees * 1e7).round() as i32).to_le_bytes();
    let bounds = about.bounds;
    [bounds.west, bounds.south, bounds.east, bounds.north].iter().for_each(|d| head.extend(e7(*d)));
    let (lon, lat) = about.center();
    head.push(about.zoom_min);
    head.extend(e7(lon));
    head.extend(e7(lat));
    head
}
