//! A collection's records as a JSON Schema (2020-12), for forms, for programs that check before they send, and
//! for `/ogc/collections/{collection}/schema` (OGC API Features Part 5).

use serde_json::{Map, Value, json};

use crate::limits::NUMBER_MAX;
use crate::{CodeList, Collection, Field, Kind};

/// The schema of a record's identifier, geometry and properties; the server adds `$id`.
///
/// `required` is what an interactive write needs: an import may lack it and says so by a finding.
pub fn schema(collection: Collection) -> Value {
    let mut properties = Map::new();
    properties.insert("id".to_owned(), id());
    if collection.is_spatial() {
        properties.insert("geometry".to_owned(), geometry(collection));
    }
    for field in collection.fields() {
        properties.insert(field.name.to_owned(), property(field));
    }
    for (name, title, description) in BESIDE {
        let beside = json!({"title": title, "description": description, "type": "object"});
        properties.insert(name.to_owned(), beside);
    }
    for field in collection.computed() {
        let mut computed = property(field);
        computed["readOnly"] = json!(true);
        properties.insert(field.name.to_owned(), computed);
    }
    for (place, (_, property)) in properties.iter_mut().enumerate() {
        property["x-ogc-propertySeq"] = json!(place + 1);
    }
    let required: Vec<_> =
        collection.fields().filter(|field| field.required).map(|field| field.name).collect();
    json!({
        "$schema": "https://json-schema.org/draft/2020-12/schema",
        "title": collection.label().en,
        "description": collection.description(),
        "type": "object",
        "properties": properties,
        "required": required,
    })
}

/// What is stored beside fields and computed values.
const BESIDE: [(&str, &str, &str); 2] = [
    (
        "attributes",
        "Attributes",
        "What no field takes, under the file's own names, and what could not be read.",
    ),
    (
        "as_entered",
        "As entered",
        "What was typed or read before conversion: reference system and coordinates.",
    ),
];

fn id() -> Value {
    json!({
        "title": "Identifier", "description": "Assigned by the register: a UUID version 7.",
        "type": "string", "format": "uuid", "readOnly": true, "x-ogc-role": "id",
    })
}

/// A geometry has a format and no type (OGC API Features Part 5, spatial properties).
fn geometry(collection: Collection) -> Value {
    let types = collection.geometry_types();
    let format = match types {
        ["Point"] => "geometry-point",
        ["Polygon"] => "geometry-polygon",
        ["Polygon", "MultiPolygon"] => "geometry-polygon-or-multipolygon",
        _ => "geometry-any",
    };
    let description = format!("{}; WGS 84 degrees, longitude first.", types.join(", "));
    json!({"title": "Geometry", "description": description, "format": format, "x-ogc-role": "primary-geometry"})
}

fn property(field: &Field) -> Value {
    let mut property = of_kind(field);
    property["title"] = json!(field.label.en);
    if let Some(help) = field.help {
        property["description"] = json!(help.en);
    }
    if let Some(unit) = field.unit() {
        property["x-ogc-unit"] = json!(ucum(unit));
    }
    if let Some(default) = field.cautious.filter(|_| field.kind.codes().is_some()) {
        let several = matches!(field.kind, Kind::Codes(_));
        property["default"] = if several { json!([default]) } else { json!(default) };
    }
    property
}

fn of_kind(field: &Field) -> Value {
    let text = || json!({"type": "string"});
    match field.kind {
        Kind::Text => text(),
        Kind::Code(list) => codes(list),
        Kind::Codes(list) => json!({"type": "array", "uniqueItems": true, "items": codes(list)}),
        Kind::Date => json!({"type": "string", "format": "date"}),
        Kind::Number => {
            let [least, greatest] = field.range.unwrap_or([0.0, NUMBER_MAX]);
            json!({"type": "number", "minimum": least, "maximum": greatest})
        }
        Kind::Count => json!({"type": "integer", "minimum": 0}),
        Kind::Truth => json!({"type": "boolean"}),
        Kind::Texts => json!({"type": "array", "items": text()}),
        Kind::Position => position(),
        Kind::Reference(collection) => reference(collection),
        Kind::References(collection) => json!({"type": "array", "items": reference(collection)}),
        Kind::Structure(members) => structure(members),
        Kind::Structures(members) => json!({"type": "array", "items": structure(members)}),
    }
}

fn codes(list: &CodeList) -> Value {
    let one = |code: &crate::Code| json!({"const": code.code, "title": code.label.en, "description": code.definition.en});
    json!({"type": "string", "oneOf": list.codes.iter().map(one).collect::<Vec<_>>()})
}

fn position() -> Value {
    let degrees = |limit: u16| json!({"type": "number", "minimum": -i32::from(limit), "maximum": limit, "x-ogc-unit": "deg"});
    json!({
        "type": "object",
        "properties": {"lon": degrees(180), "lat": degrees(90), "description": {"type": "string"}},
        "required": ["lon", "lat"],
    })
}

fn reference(collection: Collection) -> Value {
    json!({"type": "string", "x-ogc-role": "reference", "x-ogc-collectionId": collection.id()})
}

fn structure(members: &[Field]) -> Value {
    let properties: Map<_, _> =
        members.iter().map(|member| (member.name.to_owned(), property(member))).collect();
    json!({"type": "object", "properties": properties})
}

/// The unit as UCUM writes it (ucum.org).
fn ucum(unit: &str) -> &str {
    match unit {
        "m²" => "m2",
        "°" => "deg",
        other => other,
    }
}

#[cfg(test)]
mod tests;
