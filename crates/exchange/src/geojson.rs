//! GeoJSON texts (RFC 7946): a FeatureCollection, one Feature, or a bare geometry.

use std::io::Write;
use std::path::Path;

use geodesy::Crs;
use model::{Collection, Finding, Severity};
use serde_json::Value;

use crate::assemble::Plan;
use crate::deliver::{deliver, notes};
use crate::json_scan::{self, Element, Top};
use crate::{Export, Format, Item, ReadError, ReadOptions, Reading, WriteError};
use crate::{atomic, json_feature, json_geometry};

/// Reads a GeoJSON text.
pub(crate) fn read(
    path: &Path,
    bytes: &[u8],
    options: &ReadOptions,
    sink: &mut dyn FnMut(Item),
) -> Result<Reading, ReadError> {
    let utf8 = in_utf8(bytes);
    let text = utf8.as_deref().unwrap_or(bytes);
    let text = text.strip_prefix(b"\xef\xbb\xbf").unwrap_or(text);
    let text = &text[json_scan::skip(text, 0, b"")..];
    let not_this =
        |reason: String| ReadError::NotThisFormat { file: path.to_owned(), format: Format::GeoJson, reason };
    if text.first() != Some(&b'{') {
        return Err(not_this("it does not begin with an object".to_owned()));
    }
    let mut top = json_scan::top(text);
    let elements = match top.features.take() {
        Some(elements) => elements,
        None => vec![single(text, &top).map_err(not_this)?],
    };
    let crs = reference_system(text, &top, options)?;
    let name = member(text, &top, "collection").or_else(|| member(text, &top, "name"));
    let plan = Plan::new(path, None, name.as_ref().and_then(Value::as_str), options, crs);
    let numbered = elements.into_iter().zip(1u64..);
    deliver(path, numbered, |(element, number)| item(&plan, text, element, number), sink)?;
    let broken = top.broken.map(|(at, reason)| broken(text, at, &reason));
    Ok(Reading { notes: notes(&plan, Vec::new()), broken })
}

/// UTF-16 with its mark, turned into UTF-8; anything else is decoded record by record.
pub(crate) fn in_utf8(bytes: &[u8]) -> Option<Vec<u8>> {
    let is_utf16 = bytes.starts_with(b"\xff\xfe") || bytes.starts_with(b"\xfe\xff");
    is_utf16.then(|| crate::text::decode(bytes).0.into_owned().into_bytes())
}

/// A text that is one Feature or geometry.
fn single(text: &[u8], top: &Top) -> Result<Element, String> {
    let kind = member(text, top, "type");
    match kind.as_ref().and_then(Value::as_str) {
        Some("FeatureCollection") => Err("a FeatureCollection without a list of features".to_owned()),
        Some("Feature") => Ok(Element::Whole(0..json_scan::value_end(text, 0).unwrap_or(text.len()))),
        Some(kind) if json_geometry::KINDS.contains(&kind) => {
            Ok(Element::Whole(0..json_scan::value_end(text, 0).unwrap_or(text.len())))
        }
        _ => match &top.broken {
            Some((at, reason)) => Err(format!("line {}, byte {at}: {reason}", json_scan::line_of(text, *at))),
            None => {
                let given = kind.map_or_else(|| "missing".to_owned(), |kind| kind.to_string());
                Err(format!("its type is {given}; a FeatureCollection, a Feature or a geometry was expected"))
            }
        },
    }
}

fn item(plan: &Plan, text: &[u8], element: Element, number: u64) -> Item {
    match element {
        Element::Broken(_, reason) => plan.unreadable(number, reason),
        Element::Whole(range) => match json_feature::source(number, &text[range]) {
            Ok(source) => plan.item(source),
            Err(reason) => plan.unreadable(number, reason),
        },
    }
}

/// Where a text stops making sense.
pub(crate) fn broken(text: &[u8], at: usize, reason: &str) -> Finding {
    let line = json_scan::line_of(text, at);
    Finding::new("file.broken", Severity::High, format!("line {line}, byte {at}: {reason}"))
}

fn member(text: &[u8], top: &Top, name: &str) -> Option<Value> {
    let (_, range) = top.members.iter().rev().find(|(key, _)| key == name)?;
    let text = text.get(range.clone())?;
    if json_scan::depth(text) > model::limits::NESTING_MAX { None } else { serde_json::from_slice(text).ok() }
}

/// The caller's, the mapping's, the old `crs` member's, else WGS 84 as RFC 7946 says.
fn reference_system(text: &[u8], top: &Top, options: &ReadOptions) -> Result<Crs, ReadError> {
    if let Some(crs) = stated(options) {
        return Ok(crs);
    }
    match member(text, top, "crs") {
        None | Some(Value::Null) => Ok(Crs::wgs84()),
        Some(crs) => {
            let properties = &crs["properties"];
            let name = properties["name"].as_str().map(str::to_owned);
            let code = properties["code"].as_u64().map(|code| format!("EPSG:{code}"));
            Ok(Crs::parse(&name.or(code).unwrap_or_else(|| crs.to_string()))?)
        }
    }
}

/// The reference system that the caller or the mapping states.
pub(crate) fn stated(options: &ReadOptions) -> Option<Crs> {
    options.crs.clone().or_else(|| options.mapping.as_ref()?.crs.clone())
}

/// Writes a FeatureCollection, one feature a line.
pub(crate) fn write<'a>(
    path: &Path,
    collection: Collection,
    records: &mut dyn Iterator<Item = Export<'a>>,
) -> Result<u64, WriteError> {
    atomic::write_file(path, |out| {
        let head = format!("{{\"type\":\"FeatureCollection\",\"collection\":\"{collection}\",\"features\":[");
        out.write_all(head.as_bytes()).map_err(atomic::failed(path))?;
        let mut count = 0;
        for record in records {
            let line = format!("{}\n{}", if count == 0 { "" } else { "," }, feature(&record, None));
            out.write_all(line.as_bytes()).map_err(atomic::failed(path))?;
            count += 1;
        }
        out.write_all(b"\n]}\n").map_err(atomic::failed(path))?;
        Ok(count)
    })
}

/// The text of a feature, on one line.
pub(crate) fn feature(record: &Export, collection: Option<Collection>) -> String {
    let mut text = format!("{{\"type\":\"Feature\",\"id\":\"{}\"", record.id);
    if let Some(collection) = collection {
        text.push_str(&format!(",\"collection\":\"{collection}\""));
    }
    text.push_str(",\"geometry\":");
    match record.geometry {
        Some(geometry) => json_geometry::write(geometry, &mut text),
        None => text.push_str("null"),
    }
    text.push_str(",\"properties\":");
    // The keys of a map of JSON values are texts, so this cannot fail.
    text.push_str(&serde_json::to_string(record.properties).unwrap_or_default());
    text.push('}');
    text
}
