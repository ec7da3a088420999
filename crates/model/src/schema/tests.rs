//! What the schema promises: it takes what checking lets through, and nothing of another kind.

use jiff::civil::{Date, date};

use super::*;
use crate::{Context, Draft, Origin, RecordId, check};

/// What a value breaks of a schema: the keywords that ours use, so that no validator has to be carried along.
fn breaks(schema: &Value, value: &Value, path: &str) -> Vec<String> {
    let mut found = Vec::new();
    let mut hold = |holds: bool, what: &str| {
        if !holds {
            found.push(format!("{path}: {value} is not {what}"));
        }
    };
    match schema.get("type").and_then(Value::as_str) {
        None => {}
        Some("object") => hold(value.is_object(), "an object"),
        Some("array") => hold(value.is_array(), "an array"),
        Some("string") => hold(value.is_string(), "a string"),
        Some("number") => hold(value.is_number(), "a number"),
        Some("integer") => hold(value.is_u64(), "an integer"),
        Some("boolean") => hold(value.is_boolean(), "a boolean"),
        Some(other) => panic!("a type that JSON does not have: {other}"),
    }
    if let (Some(number), Some(least)) = (value.as_f64(), schema.get("minimum").and_then(Value::as_f64)) {
        hold(number >= least, "large enough");
    }
    if let (Some(number), Some(greatest)) = (value.as_f64(), schema.get("maximum").and_then(Value::as_f64)) {
        hold(number <= greatest, "small enough");
    }
    if let Some(one_of) = schema.get("oneOf").and_then(Value::as_array) {
        hold(one_of.iter().filter(|one| one["const"] == *value).count() == 1, "one of the codes");
    }
    if schema.get("format").is_some_and(|format| format == "date") {
        hold(value.as_str().is_some_and(|text| text.parse::<Date>().is_ok()), "a date");
    }
    for name in schema.get("required").and_then(Value::as_array).into_iter().flatten() {
        hold(value.get(name.as_str().expect("a name")).is_some(), &format!("complete: {name}"));
    }
    for (name, member) in schema.get("properties").and_then(Value::as_object).into_iter().flatten() {
        let inner = value.get(name).map(|value| breaks(member, value, &format!("{path}.{name}")));
        found.extend(inner.into_iter().flatten());
    }
    for item in value.as_array().into_iter().flatten() {
        found.extend(schema.get("items").map(|items| breaks(items, item, path)).into_iter().flatten());
    }
    found
}

/// A value of the field's kind, as a form would send it.
fn sample(field: &Field) -> Value {
    let first = |list: &CodeList| list.codes[0].code;
    match field.kind {
        Kind::Text | Kind::Reference(_) => json!("Поле 7"),
        Kind::Code(list) => json!(first(list)),
        Kind::Codes(list) => json!([first(list)]),
        Kind::Date => json!("2024-02-29"),
        Kind::Number => json!(1.5),
        Kind::Count => json!(3),
        Kind::Truth => json!(true),
        Kind::Texts | Kind::References(_) => json!(["A-1", "A-2"]),
        Kind::Position => json!({"lon": 36.5, "lat": 49.1, "description": "water tower"}),
        Kind::Structure(members) => filled(members),
        Kind::Structures(members) => json!([filled(members)]),
    }
}

fn filled(members: &[Field]) -> Value {
    Value::Object(members.iter().map(|member| (member.name.to_owned(), sample(member))).collect())
}

fn stored(collection: Collection, fields: Value) -> Value {
    let mut draft = Draft::new(collection, Origin { file: "form".to_owned(), number: 1 });
    draft.fields = fields.as_object().cloned().expect("an object");
    let context = Context { today: date(2026, 11, 22), programme_area: None };
    Value::Object(check(draft, RecordId::nil(), &context).expect("within the limits").properties())
}

fn full(collection: Collection) -> Value {
    Value::Object(collection.fields().map(|field| (field.name.to_owned(), sample(field))).collect())
}

#[test]
fn a_record_with_every_field_is_stored_as_given_and_fits_its_schema() {
    for collection in Collection::ALL {
        let stored = stored(collection, full(collection));
        for (name, value) in full(collection).as_object().expect("an object") {
            assert_eq!(stored[name], *value, "{collection} {name}");
        }
        assert_eq!(breaks(&schema(collection), &stored, collection.id()), Vec::<String>::new());
    }
}

#[test]
fn a_value_of_another_kind_does_not_fit() {
    for collection in Collection::ALL {
        for field in collection.fields() {
            let mut odd = full(collection);
            odd[field.name] = json!({"odd": {"odd": []}});
            let found = breaks(&schema(collection), &odd, "");
            assert!(!found.is_empty() || matches!(field.kind, Kind::Structure(_)), "{}", field.name);
        }
    }
}

#[test]
fn every_field_and_every_computed_value_is_described_and_only_the_computed_are_read_only() {
    for collection in Collection::ALL {
        let schema = schema(collection);
        let is_read_only = |name: &str| schema["properties"][name]["readOnly"] == true;
        assert!(collection.fields().all(|field| !is_read_only(field.name)));
        assert!(collection.computed().all(|field| is_read_only(field.name)));
        for property in schema["properties"].as_object().expect("properties").values() {
            assert!(property["title"].is_string() && property["x-ogc-propertySeq"].is_u64());
        }
    }
}

#[test]
fn a_geometry_has_a_format_and_a_role_and_collections_without_one_have_none() {
    let format = |collection| schema(collection)["properties"]["geometry"]["format"].clone();
    assert_eq!(format(Collection::Surveys), "geometry-polygon-or-multipolygon");
    assert_eq!(format(Collection::Accidents), "geometry-point");
    assert_eq!(format(Collection::HazardousAreas), "geometry-any");
    assert_eq!(format(Collection::Capacity), Value::Null);
}

#[test]
fn a_reference_says_which_collection_it_names() {
    let schema = schema(Collection::LandReleases);
    let areas = &schema["properties"]["hazardous_areas"]["items"];
    assert_eq!(areas["x-ogc-collectionId"], "hazardous-areas");
    assert_eq!(areas["x-ogc-role"], "reference");
}
