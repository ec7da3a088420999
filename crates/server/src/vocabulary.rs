//! `GET /vocabulary.json`: collections, fields and codes with their labels and meanings, from the one place they
//! are declared.

use axum::Json;
use model::{CodeList, Collection, Field, codes};
use serde_json::{Map, Value, json};

/// Every word a client needs to show a record to people (`docs/API.md`, Words).
pub(crate) async fn vocabulary() -> Json<Value> {
    let collections: Map<_, _> =
        Collection::ALL.into_iter().map(|c| (c.id().to_owned(), described(c))).collect();
    Json(json!({
        "collections": collections,
        "codes": by_list(|list| Value::Object(by_code(list, |code| json!(code.label)))),
        "definitions": by_list(defined),
    }))
}

fn by_list(of: impl Fn(&CodeList) -> Value) -> Map<String, Value> {
    codes::all().map(|list| (list.name.to_owned(), of(list))).collect()
}

fn by_code(list: &CodeList, of: impl Fn(&model::Code) -> Value) -> Map<String, Value> {
    list.codes.iter().map(|code| (code.code.to_owned(), of(code))).collect()
}

fn defined(list: &CodeList) -> Value {
    json!({"reference": list.reference, "codes": by_code(list, |code| json!(code.definition))})
}

fn described(collection: Collection) -> Value {
    let entered = collection.fields().map(|field| described_field(field, false));
    let computed = collection.computed().map(|field| described_field(field, true));
    json!({
        "label": collection.label(),
        "description": collection.description(),
        "geometry": collection.geometry_types(),
        "fields": entered.chain(computed).collect::<Vec<_>>(),
    })
}

fn described_field(field: &Field, is_computed: bool) -> Value {
    let members = field.kind.members();
    let members = members.iter().map(|member| described_field(member, is_computed)).collect::<Vec<_>>();
    json!({
        "name": field.name,
        "label": field.label,
        "help": field.help,
        "unit": field.unit(),
        "range": field.range,
        "kind": field.kind.name(),
        "codes": field.kind.codes().map(|list| list.name),
        "members": members,
        "refers_to": field.kind.refers_to().map(Collection::id),
        "required": field.required,
        "computed": is_computed,
        "personal": field.is_personal,
    })
}
