//! One GeoJSON feature a line, and GeoJSON text sequences (RFC 8142), which begin each text with byte 0x1E.

use std::io::Write;
use std::path::Path;

use geodesy::Crs;
use model::Collection;

use crate::assemble::Plan;
use crate::deliver::{deliver, notes};
use crate::{Export, Item, ReadError, ReadOptions, Reading, WriteError, atomic, geojson, json_feature};

/// The byte that begins a text of a sequence.
const RECORD_SEPARATOR: u8 = 0x1e;

/// Reads a file of features.
pub(crate) fn read(
    path: &Path,
    bytes: &[u8],
    options: &ReadOptions,
    sink: &mut dyn FnMut(Item),
) -> Result<Reading, ReadError> {
    let utf8 = geojson::in_utf8(bytes);
    let text = utf8.as_deref().unwrap_or(bytes);
    let text = text.strip_prefix(b"\xef\xbb\xbf").unwrap_or(text);
    let plan = Plan::new(path, None, None, options, geojson::stated(options).unwrap_or_else(Crs::wgs84));
    let parse = |(number, text): (u64, &[u8])| match json_feature::source(number, text) {
        Ok(source) => plan.item(source),
        Err(reason) => plan.unreadable(number, reason),
    };
    if text.trim_ascii_start().first() == Some(&RECORD_SEPARATOR) {
        deliver(path, sequence(text), parse, sink)?;
    } else {
        deliver(path, lines(text), parse, sink)?;
    }
    Ok(Reading { notes: notes(&plan, Vec::new()), broken: cut_off(text) })
}

/// Lines with something on them, by their number.
fn lines(text: &[u8]) -> impl Iterator<Item = (u64, &[u8])> {
    let lines = text.split(|byte| *byte == b'\n').zip(1u64..);
    lines.map(|(line, number)| (number, line.trim_ascii())).filter(|(_, line)| !line.is_empty())
}

/// Texts of a sequence, by the line in which they begin.
fn sequence(text: &[u8]) -> impl Iterator<Item = (u64, &[u8])> {
    let mut line = 1u64;
    let texts = text.split(|byte| *byte == RECORD_SEPARATOR).map(move |part| {
        let number = line;
        line += part.iter().filter(|byte| **byte == b'\n').count() as u64;
        (number, part.trim_ascii())
    });
    texts.filter(|(_, part)| !part.is_empty())
}

/// A last text without its end: the file was cut off.
fn cut_off(text: &[u8]) -> Option<model::Finding> {
    let is_break = |byte: &u8| *byte == b'\n' || *byte == RECORD_SEPARATOR;
    let start = text.iter().rposition(is_break).map_or(0, |at| at + 1);
    let last = text[start..].trim_ascii();
    let is_cut = last.starts_with(b"{") && crate::json_scan::value_end(last, 0).is_none();
    is_cut.then(|| geojson::broken(text, text.len(), "the file ends within a feature"))
}

/// Writes one feature a line, each with its collection.
pub(crate) fn write<'a>(
    path: &Path,
    collection: Collection,
    records: &mut dyn Iterator<Item = Export<'a>>,
) -> Result<u64, WriteError> {
    atomic::write_file(path, |out| {
        let mut count = 0;
        for record in records {
            let mut line = geojson::feature(&record, Some(collection));
            line.push('\n');
            out.write_all(line.as_bytes()).map_err(atomic::failed(path))?;
            count += 1;
        }
        Ok(count)
    })
}
