//! Raw values → values of their field's kind. What cannot be read is kept, with a finding that says where.

use std::fmt;

use jiff::civil::Date;
use serde_json::{Value, json};

use crate::limits::NUMBER_MAX;
use crate::{Field, Finding, Kind, Properties, Severity};

/// Longest raw value that a message repeats, in characters.
const SHOWN_MAX: usize = 200;

/// What reading the values of one record leaves beside them.
pub(crate) struct Reading<'a> {
    /// Where raw values go that cannot be read.
    pub attributes: &'a mut Properties,
    /// Where it is said.
    pub findings: &'a mut Vec<Finding>,
}

impl Reading<'_> {
    /// The value in the field's kind; otherwise a finding, and the raw value is kept under `attributes`.
    pub fn field(&mut self, field: &Field, raw: Value) -> Option<Value> {
        self.value(field, raw, &Path { above: None, name: field.name })
    }

    fn value(&mut self, field: &Field, raw: Value, path: &Path<'_>) -> Option<Value> {
        let read = match field.kind {
            Kind::Structure(members) => self.structure(members, &raw, path),
            Kind::Structures(members) => self.structures(members, &raw, path),
            Kind::Position => self.position(&raw, path),
            Kind::Text
            | Kind::Code(_)
            | Kind::Codes(_)
            | Kind::Date
            | Kind::Number
            | Kind::Count
            | Kind::Truth
            | Kind::Texts
            | Kind::Reference(_)
            | Kind::References(_) => scalar(field, &raw),
        };
        read.map_err(|expected| self.unreadable(path, raw, &expected)).ok()
    }

    fn unreadable(&mut self, path: &Path<'_>, raw: Value, expected: &str) {
        let (path, shown) = (path.to_string(), shortened(&raw));
        let message = format!("{shown} is not {expected}; kept under attributes");
        self.findings.push(Finding::new("field.unreadable", Severity::Medium, message).in_field(&path));
        keep(self.attributes, path, raw);
    }

    fn structure(&mut self, members: &[Field], raw: &Value, path: &Path<'_>) -> Result<Value, String> {
        match nested(raw) {
            Some(Value::Object(given)) => Ok(self.members(members, given, path, None)),
            _ => Err("a structure".to_owned()),
        }
    }

    fn structures(&mut self, members: &[Field], raw: &Value, path: &Path<'_>) -> Result<Value, String> {
        let entries = match nested(raw) {
            Some(Value::Array(entries)) if entries.iter().all(Value::is_object) => entries,
            _ => return Err("a list of structures".to_owned()),
        };
        let read = entries.into_iter().enumerate().map(|(index, entry)| match entry {
            Value::Object(given) => self.members(members, given, path, Some(index)),
            other => other,
        });
        Ok(Value::Array(read.collect()))
    }

    /// Members in their own kind, those that nobody declared as they are.
    fn members(
        &mut self,
        members: &[Field],
        mut given: Properties,
        path: &Path<'_>,
        index: Option<usize>,
    ) -> Value {
        let mut read = Properties::new();
        for member in members {
            let path = Path { above: Some((path, index)), name: member.name };
            let value = given.shift_remove(member.name).filter(|value| !is_blank(value));
            if let Some(value) = value.and_then(|value| self.value(member, value, &path)) {
                read.insert(member.name.to_owned(), value);
            }
        }
        for (name, value) in given.into_iter().filter(|(_, value)| !value.is_null()) {
            let path = Path { above: Some((path, index)), name: &name }.to_string();
            let message = "a member that the register does not know; kept as it is";
            self.findings.push(Finding::new("field.unknown_member", Severity::Low, message).in_field(&path));
            read.insert(name, value);
        }
        Value::Object(read)
    }

    /// An object with `lon` and `lat`, or a list of the two; further members are texts.
    fn position(&mut self, raw: &Value, path: &Path<'_>) -> Result<Value, String> {
        let expected = || "a position with lon (±180) and lat (±90)".to_owned();
        let (lon, lat, others) = match nested(raw) {
            Some(Value::Array(pair)) if pair.len() == 2 => {
                (pair[0].clone(), pair[1].clone(), Properties::new())
            }
            Some(Value::Object(mut given)) => {
                let mut take = |name: &str| given.shift_remove(name).unwrap_or(Value::Null);
                (take("lon"), take("lat"), given)
            }
            _ => return Err(expected()),
        };
        let within = |raw: &Value, limit: f64| number_of(raw).filter(|number| number.abs() <= limit);
        let (lon, lat) = within(&lon, 180.0).zip(within(&lat, 90.0)).ok_or_else(expected)?;
        let mut read =
            Properties::from_iter([("lon".to_owned(), json!(lon)), ("lat".to_owned(), json!(lat))]);
        for (name, value) in others.into_iter().filter(|(_, value)| !is_blank(value)) {
            match text_of(&value) {
                Some(text) => drop(read.insert(name, Value::String(text))),
                None => self.unreadable(&Path { above: Some((path, None)), name: &name }, value, "a text"),
            }
        }
        Ok(Value::Object(read))
    }
}

/// Where in a record a value stands, such as `evidence[0].kind`.
struct Path<'a> {
    /// The structure it stands in, and its place in a list of them.
    above: Option<(&'a Path<'a>, Option<usize>)>,
    name: &'a str,
}

impl fmt::Display for Path<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self.above {
            None => f.write_str(self.name),
            Some((above, None)) => write!(f, "{above}.{}", self.name),
            Some((above, Some(index))) => write!(f, "{above}[{index}].{}", self.name),
        }
    }
}

/// Keeps a raw value under a name that is not taken.
pub(crate) fn keep(attributes: &mut Properties, name: String, raw: Value) {
    let free = (2..)
        .map(|number| format!("{name} ({number})"))
        .find(|free| !attributes.contains_key(free))
        .filter(|_| attributes.get(&name).is_some_and(|there| *there != raw));
    attributes.insert(free.unwrap_or(name), raw);
}

fn shortened(raw: &Value) -> String {
    let text = raw.to_string();
    match text.char_indices().nth(SHOWN_MAX) {
        Some((end, _)) => format!("{}…", &text[..end]),
        None => text,
    }
}

/// Whether nothing is given.
pub(crate) fn is_blank(value: &Value) -> bool {
    match value {
        Value::Null => true,
        Value::String(text) => text.trim().is_empty(),
        Value::Array(values) => values.is_empty(),
        Value::Object(values) => values.is_empty(),
        Value::Bool(_) | Value::Number(_) => false,
    }
}

/// Reads a raw value that has no members; the error says what was expected.
fn scalar(field: &Field, raw: &Value) -> Result<Value, String> {
    let text = || text_of(raw);
    match field.kind {
        Kind::Code(list) => text()
            .and_then(|text| list.read(&text))
            .map(|code| json!(code))
            .ok_or_else(|| format!("one of {}", list.allowed())),
        Kind::Codes(list) => items_of(raw)
            .and_then(|items| items.iter().map(|item| list.read(item)).collect::<Option<Vec<_>>>())
            .map(|codes| json!(in_order_once(codes)))
            .ok_or_else(|| format!("a list of {}", list.allowed())),
        Kind::Date => text()
            .and_then(|text| date_of(&text))
            .map(|date| json!(date.to_string()))
            .ok_or_else(|| "a date such as 2026-03-31".to_owned()),
        Kind::Number => number(field, raw),
        Kind::Count => count_of(raw)
            .map(|count| json!(count))
            .ok_or_else(|| format!("a whole number from 0 to {NUMBER_MAX}")),
        Kind::Truth => truth_of(raw).map(Value::Bool).ok_or_else(|| "true or false".to_owned()),
        Kind::Texts => items_of(raw).map(|items| json!(items)).ok_or_else(|| "a list of texts".to_owned()),
        Kind::References(collection) => items_of(raw)
            .map(|items| json!(items))
            .ok_or_else(|| format!("a list of identifiers of {collection}")),
        Kind::Reference(collection) => {
            text().map(Value::String).ok_or_else(|| format!("an identifier of {collection}"))
        }
        Kind::Text | Kind::Position | Kind::Structure(_) | Kind::Structures(_) => {
            text().map(Value::String).ok_or_else(|| "a text".to_owned())
        }
    }
}

fn number(field: &Field, raw: &Value) -> Result<Value, String> {
    let [least, greatest] = field.range.unwrap_or([0.0, NUMBER_MAX]);
    number_of(raw)
        .filter(|number| (least..=greatest).contains(number))
        .map(|number| json!(number))
        .ok_or_else(|| format!("a number from {least} to {greatest}"))
}

fn text_of(raw: &Value) -> Option<String> {
    match raw {
        Value::String(text) => Some(text.trim().to_owned()),
        Value::Number(number) => Some(number.to_string()),
        Value::Bool(truth) => Some(truth.to_string()),
        Value::Null | Value::Array(_) | Value::Object(_) => None,
    }
}

fn number_of(raw: &Value) -> Option<f64> {
    let number = match raw {
        Value::Number(number) => number.as_f64(),
        Value::String(text) => text.trim().parse().ok(),
        Value::Null | Value::Bool(_) | Value::Array(_) | Value::Object(_) => None,
    };
    number.filter(|number| number.is_finite())
}

fn count_of(raw: &Value) -> Option<u64> {
    let number = number_of(raw).filter(|number| number.fract() == 0.0 && (0.0..=NUMBER_MAX).contains(number));
    // Whole and below 2^53: the conversion is exact.
    number.map(|number| number as u64)
}

/// `true`, `yes`, `1` and their opposites, in both languages.
fn truth_of(raw: &Value) -> Option<bool> {
    if let Value::Bool(truth) = raw {
        return Some(*truth);
    }
    match text_of(raw)?.to_lowercase().as_str() {
        "true" | "yes" | "1" | "так" => Some(true),
        "false" | "no" | "0" | "ні" => Some(false),
        _ => None,
    }
}

/// Texts of a JSON list, of a JSON list written as text, or of a text separated by `;`.
fn items_of(raw: &Value) -> Option<Vec<String>> {
    match nested(raw)? {
        Value::Array(items) => items.iter().map(text_of).collect(),
        other => Some(text_of(&other)?.split(';').map(|item| item.trim().to_owned()).collect()),
    }
}

/// Tables without lists (CSV, GeoPackage) carry them as JSON text.
fn nested(raw: &Value) -> Option<Value> {
    match raw {
        Value::String(text) if text.trim_start().starts_with(['[', '{']) => serde_json::from_str(text).ok(),
        other => Some(other.clone()),
    }
}

fn in_order_once(codes: Vec<&'static str>) -> Vec<&'static str> {
    let mut once = Vec::with_capacity(codes.len());
    for code in codes {
        if !once.contains(&code) {
            once.push(code);
        }
    }
    once
}

/// `2026-03-31`, `2026/03/31`, `20260331`, or any of these followed by a time of day.
fn date_of(text: &str) -> Option<Date> {
    let day = text.split(['T', ' ']).next()?.replace('/', "-");
    let is_compact = day.len() == 8 && day.bytes().all(|b| b.is_ascii_digit());
    let day = if is_compact { format!("{}-{}-{}", &day[..4], &day[4..6], &day[6..]) } else { day };
    day.parse().ok()
}
