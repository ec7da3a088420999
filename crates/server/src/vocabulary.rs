//! `GET /vocabulary.json`: collections, fields and codes with their labels, from the one place they are declared.

use axum::Json;
use model::{Collection, Field, codes};
use serde_json::{Map, Value, json};

/// Every word a client needs to show a record to people.
pub(crate) async fn vocabulary() -> Json<Value> {
    let collections: Map<_, _> =
        Collection::ALL.into_iter().map(|c| (c.id().to_owned(), described(c))).collect();
    let codes: Map<_, _> = codes::ALL
        .iter()
        .map(|list| {
            let labels: Map<_, _> =
                list.codes.iter().map(|code| (code.code.to_owned(), json!(code.label))).collect();
            (list.name.to_owned(), Value::Object(labels))
        })
        .collect();
    Json(json!({"collections": collections, "codes": codes}))
}

fn described(collection: Collection) -> Value {
    let fields: Vec<_> = collection.fields().map(described_field).collect();
    json!({"label": collection.label(), "description": collection.description(), "fields": fields})
}

fn described_field(field: &Field) -> Value {
    json!({
        "name": field.name,
        "label": field.label,
        "unit": field.unit(),
        "kind": field.kind.name(),
        "codes": field.kind.codes().map(|list| list.name),
        "required": field.required,
    })
}
