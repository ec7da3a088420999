//! One GeoJSON feature, from its text.

use std::borrow::Cow;

use model::limits::NESTING_MAX;
use model::{Finding, Properties, Severity};
use serde::Deserialize;
use serde::de::{Deserializer, MapAccess, Visitor};
use serde_json::Value;
use serde_json::value::RawValue;

use crate::source::{Place, Source};
use crate::{json_geometry, json_scan, repair, text};

/// Reads a feature, or a bare geometry.
///
/// # Errors
/// Says why the text is not one.
pub(crate) fn source(number: u64, bytes: &[u8]) -> Result<Source, String> {
    let depth = json_scan::depth(bytes);
    if depth > NESTING_MAX {
        return Err(format!("nested {depth} deep; at most {NESTING_MAX} (NESTING_MAX) are read"));
    }
    let (text, note) = match std::str::from_utf8(bytes) {
        Ok(text) => (Cow::Borrowed(text), None),
        Err(_) => text::decode(bytes),
    };
    let mut source = match serde_json::from_str::<Members>(&text) {
        Ok(members) => feature(number, members)?,
        Err(error) => mended(number, &text).ok_or_else(|| format!("not JSON: {error}"))??,
    };
    source.findings.extend(note);
    Ok(source)
}

/// A second try, for faults that other programs are known to make.
fn mended(number: u64, text: &str) -> Option<Result<Source, String>> {
    let mended = repair::json(text)?;
    let members = serde_json::from_str::<Members>(&mended).ok()?;
    let message = "not quite JSON: NaN, Infinity or a comma too many; read as text or left out";
    let finding = Finding::new("record.json_mended", Severity::Low, message);
    Some(feature(number, members).map(|mut source| {
        source.findings.push(finding);
        source
    }))
}

/// Members of an object in their order, values unread.
struct Members<'a>(Vec<(Cow<'a, str>, &'a RawValue)>);

impl<'de: 'a, 'a> Deserialize<'de> for Members<'a> {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        deserializer.deserialize_map(MembersVisitor)
    }
}

struct MembersVisitor;

impl<'de> Visitor<'de> for MembersVisitor {
    type Value = Members<'de>;

    fn expecting(&self, f: &mut std::fmt::Formatter) -> std::fmt::Result {
        f.write_str("a feature")
    }

    fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<Members<'de>, A::Error> {
        #[derive(Deserialize)]
        struct Name<'a>(#[serde(borrow)] Cow<'a, str>);
        let mut members = Vec::with_capacity(8);
        while let Some((Name(name), value)) = map.next_entry()? {
            members.push((name, value));
        }
        Ok(Members(members))
    }
}

fn feature(number: u64, Members(members): Members) -> Result<Source, String> {
    let member = |name: &str| members.iter().rev().find(|(key, _)| key == name).map(|(_, value)| value.get());
    let kind = member("type").map(value);
    let mut source = Source {
        number,
        id: member("id").map(value),
        collection: member("collection").map(value).as_ref().and_then(Value::as_str).map(str::to_owned),
        place: Place::None,
        properties: Properties::new(),
        findings: Vec::new(),
    };
    match kind.as_ref().and_then(Value::as_str) {
        Some("Feature") => {}
        Some(kind) if json_geometry::KINDS.contains(&kind) => {
            source.place = json_geometry::place(&whole(&members));
            return Ok(source);
        }
        _ => {
            let given = kind.map_or_else(|| "missing".to_owned(), |kind| kind.to_string());
            return Err(format!("its type is {given}; a Feature was expected"));
        }
    }
    source.place = member("geometry").map_or(Place::None, json_geometry::place);
    for (name, raw) in &members {
        match name.as_ref() {
            "type" | "id" | "geometry" | "bbox" => {}
            "collection" if source.collection.is_some() => {}
            "properties" => properties(raw.get(), &mut source),
            _ => drop(source.properties.insert(name.clone().into_owned(), value(raw.get()))),
        }
    }
    Ok(source)
}

/// The text of an object put together again from its members.
fn whole(members: &[(Cow<str>, &RawValue)]) -> String {
    let members: Vec<String> =
        members.iter().map(|(name, value)| format!("{}:{}", Value::from(name.as_ref()), value)).collect();
    format!("{{{}}}", members.join(","))
}

fn properties(text: &str, source: &mut Source) {
    match serde_json::from_str::<Option<Properties>>(text) {
        Ok(Some(properties)) if source.properties.is_empty() => source.properties = properties,
        Ok(properties) => source.properties.extend(properties.unwrap_or_default()),
        // One value that no number can hold must not lose the others.
        Err(_) => match serde_json::from_str::<Members>(text) {
            Ok(Members(members)) => {
                source
                    .properties
                    .extend(members.iter().map(|(name, raw)| (name.clone().into_owned(), value(raw.get()))));
            }
            Err(_) => {
                let message = "the properties are not an object; kept under attributes";
                source.findings.push(Finding::new("record.properties", Severity::Medium, message));
                source.properties.insert("properties".to_owned(), value(text));
            }
        },
    }
}

/// A value; where no JSON value can hold it (1e999), its text.
fn value(text: &str) -> Value {
    serde_json::from_str(text).unwrap_or_else(|_| Value::String(text.to_owned()))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_feature_with_a_broken_geometry_is_kept_with_its_values() {
        let text = br#"{"type":"Feature","geometry":{"type":"Point","coordinates":[NaN,1]},"properties":{"a":1e999,"b":NaN}}"#;
        let source = source(1, text).expect("kept");
        assert!(matches!(source.place, Place::Unreadable { .. }));
        assert_eq!(source.properties["a"], "1e999");
        assert_eq!(source.properties["b"], "NaN");
        assert_eq!(source.findings[0].rule, "record.json_mended");
    }

    #[test]
    fn members_that_rfc_7946_does_not_know_are_kept_as_properties() {
        let text = br#"{"type":"Feature","id":7,"extra":[1],"geometry":null,"properties":null}"#;
        let source = source(1, text).expect("reads");
        assert_eq!(source.properties["extra"], serde_json::json!([1]));
        assert_eq!(source.id, Some(Value::from(7)));
    }

    #[test]
    fn what_is_no_feature_is_refused_with_what_was_expected() {
        for text in [&b"{}"[..], b"[1]", b"{\"type\":\"feature\"}", b"null", b"\xff\xfe", b"{\"type\":1}"] {
            source(1, text).expect_err("no feature");
        }
    }

    #[test]
    fn a_bare_geometry_is_a_record() {
        let source = source(1, br#"{"type":"Point","coordinates":[1,2]}"#).expect("reads");
        assert!(matches!(source.place, Place::Shape(_)));
    }
}
