//! What differs between two versions of a record, field by field, for people to read.

use serde::Serialize;
use serde_json::Value;

use crate::{Collection, Properties, Record};

/// One value that differs.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Difference {
    /// Name of the field; of an attribute `attributes.` and its name.
    pub field: String,
    /// What people call it.
    pub label: Named,
    /// The value before; null where there was none.
    pub from: Value,
    /// The value after; null where there is none.
    pub to: Value,
}

/// A name in two languages. An attribute is called as its file calls it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Named {
    /// English.
    pub en: String,
    /// Ukrainian.
    pub uk: String,
}

/// The values in which two stored forms of a record differ, attributes one by one. Computed values do not count.
pub fn difference(collection: Collection, from: &Properties, to: &Properties) -> Vec<Difference> {
    let mut differences = Vec::new();
    for name in names(from, to).filter(|name| !Record::is_computed(name)) {
        let (before, after) = (from.get(name), to.get(name));
        if name == "attributes" {
            differences.extend(of_attributes(before, after));
        } else if before != after {
            differences.push(of_value(name.to_owned(), named(collection, name), before, after));
        }
    }
    differences
}

/// The names of the first, then those that only the second has.
fn names<'a>(from: &'a Properties, to: &'a Properties) -> impl Iterator<Item = &'a str> {
    from.keys().chain(to.keys().filter(|name| !from.contains_key(*name))).map(String::as_str)
}

fn of_attributes(from: Option<&Value>, to: Option<&Value>) -> Vec<Difference> {
    let none = Properties::new();
    let members = |value: Option<&Value>| value.and_then(Value::as_object).cloned();
    let (from, to) = (members(from), members(to));
    let (from, to) = (from.as_ref().unwrap_or(&none), to.as_ref().unwrap_or(&none));
    let differing = names(from, to).filter(|name| from.get(*name) != to.get(*name));
    let same = |name: &str| Named { en: name.to_owned(), uk: name.to_owned() };
    differing
        .map(|name| of_value(format!("attributes.{name}"), same(name), from.get(name), to.get(name)))
        .collect()
}

fn of_value(field: String, label: Named, from: Option<&Value>, to: Option<&Value>) -> Difference {
    let value = |value: Option<&Value>| value.cloned().unwrap_or_default();
    Difference { field, label, from: value(from), to: value(to) }
}

fn named(collection: Collection, name: &str) -> Named {
    let (en, uk) = match collection.field(name) {
        Some(field) => (field.label.en, field.label.uk),
        None if name == "as_entered" => ("As entered", "Як введено"),
        None => (name, name),
    };
    Named { en: en.to_owned(), uk: uk.to_owned() }
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    fn properties(value: Value) -> Properties {
        value.as_object().cloned().expect("an object")
    }

    #[test]
    fn a_difference_names_each_field_and_each_attribute_and_no_computed_value() {
        let from = properties(json!({
            "name": "Field 7", "status": "open", "area_m2": 1, "findings": [], "revision": 3,
            "attributes": {"Kaliber": "152", "Melder": "x"},
        }));
        let to = properties(json!({
            "name": "Field 7", "status": "closed", "area_m2": 2, "priority": "high", "complete": true,
            "attributes": {"Kaliber": "155"},
        }));
        let found: Vec<_> = difference(Collection::HazardousAreas, &from, &to)
            .into_iter()
            .map(|d| (d.field, d.label.uk, d.from, d.to))
            .collect();
        let expected = [
            ("status", "Стан", json!("open"), json!("closed")),
            ("attributes.Kaliber", "Kaliber", json!("152"), json!("155")),
            ("attributes.Melder", "Melder", json!("x"), json!(null)),
            ("priority", "Пріоритет", json!(null), json!("high")),
        ];
        let expected = expected.map(|(field, uk, from, to)| (field.to_owned(), uk.to_owned(), from, to));
        assert_eq!(found, expected);
    }

    #[test]
    fn a_version_does_not_differ_from_itself() {
        let same = properties(json!({"name": "x", "attributes": {"a": [1]}}));
        assert_eq!(difference(Collection::Tasks, &same, &same), []);
    }
}
