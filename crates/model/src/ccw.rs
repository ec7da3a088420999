//! Is a minefield record complete? What CCW Amended Protocol II, Technical Annex 1, asks it to hold.
//!
//! A declared self-destruct or self-deactivation time is a design figure: of activated mines up to one in ten
//! may fail to self-destruct within 30 days (Technical Annex 3). It is shown, and never acted on.

use jiff::civil::Date;
use jiff::{Span, ToSpan};
use serde_json::{Value, json};

use crate::codes::CCW_ITEM;
use crate::{Collection, Finding, Geometry, Properties, Severity};

/// Names of the values that are derived from a record's fields.
pub(crate) const DERIVED: [&str; 3] = ["complete", "missing", "self_deactivates_on"];

/// Fewest reference points of a complete record (Technical Annex 1(a)(i)).
const REFERENCE_POINTS_MIN: usize = 2;

/// Values that follow from a record's own, in the order of the stored form: of minefield records `complete`,
/// `missing` and `self_deactivates_on`, of others none. Nothing decides by them.
pub fn derived(collection: Collection, fields: &Properties, geometry: Option<&Geometry>) -> Properties {
    let mut derived = Properties::new();
    if collection != Collection::MinefieldRecords {
        return derived;
    }
    let missing = missing(fields, geometry);
    derived.insert("complete".to_owned(), json!(missing.is_empty()));
    derived.insert("missing".to_owned(), json!(missing));
    if let Some(dates) = self_deactivates_on(fields) {
        derived.insert("self_deactivates_on".to_owned(), dates);
    }
    derived
}

/// One finding for each item that is missing.
pub(crate) fn findings(fields: &Properties, geometry: Option<&Geometry>) -> Vec<Finding> {
    let missing = missing(fields, geometry).into_iter();
    let named = missing.filter_map(|item| CCW_ITEM.codes.iter().find(|code| code.code == item));
    named
        .map(|item| {
            let message = format!("the record lacks: {}", item.definition.en);
            Finding::new("ccw.missing", Severity::Medium, message).in_field(field_of(item.code))
        })
        .collect()
}

/// The field, or the member of each mine, in which an item is entered.
fn field_of(item: &str) -> &str {
    match item {
        "mine_types" => "mines.model",
        "mine_quantities" => "mines.quantity",
        "fuzes" => "mines.fuze",
        "anti_handling" => "mines.anti_handling",
        "life_times" => "mines.self_destruct_h",
        other => other,
    }
}

/// The items that are missing, in the order of the code list.
fn missing(fields: &Properties, geometry: Option<&Geometry>) -> Vec<&'static str> {
    let codes = CCW_ITEM.codes.iter().map(|code| code.code);
    codes.filter(|item| !holds(item, fields, geometry)).collect()
}

fn holds(item: &str, fields: &Properties, geometry: Option<&Geometry>) -> bool {
    let mines = Entries::of(fields, "mines");
    match item {
        "reference_points" => {
            Entries::of(fields, "reference_points").with(&["position", "description"]) >= REFERENCE_POINTS_MIN
        }
        "perimeter" => is_area(geometry) || !Entries::of(fields, "perimeter").0.is_empty(),
        "mine_types" => mines.all(|mine| mine.contains_key("model") || is_known(mine.get("category"))),
        "mine_quantities" => mines.all(|mine| mine.contains_key("quantity")),
        "fuzes" => mines.all(|mine| mine.contains_key("fuze")),
        "anti_handling" => mines.all(|mine| mine.contains_key("anti_handling")),
        "life_times" => !is_remotely_delivered(fields) || mines.all(has_life_time),
        "mine_positions" => {
            is_remotely_delivered(fields) || Entries::of(fields, "mine_positions").with(&["position"]) > 0
        }
        "booby_traps" => {
            let traps = Entries::of(fields, "booby_traps");
            traps.with(&["position", "mechanism"]) == traps.0.len()
        }
        "laying_method" => {
            let methods = fields.get(item).and_then(Value::as_array);
            methods.is_some_and(|methods| methods.iter().any(|method| is_known(Some(method))))
        }
        field => fields.contains_key(field),
    }
}

/// The structures of a list.
struct Entries<'a>(Vec<&'a Properties>);

impl<'a> Entries<'a> {
    fn of(fields: &'a Properties, list: &str) -> Self {
        let entries = fields.get(list).and_then(Value::as_array).into_iter().flatten();
        Self(entries.filter_map(Value::as_object).collect())
    }

    /// How many have all these members.
    fn with(&self, members: &[&str]) -> usize {
        self.0.iter().filter(|entry| members.iter().all(|member| entry.contains_key(*member))).count()
    }

    /// Whether there is one, and all are so.
    fn all(&self, is_so: impl Fn(&Properties) -> bool) -> bool {
        !self.0.is_empty() && self.0.iter().all(|entry| is_so(entry))
    }
}

fn is_known(code: Option<&Value>) -> bool {
    code.and_then(Value::as_str).is_some_and(|code| code != "unknown")
}

fn has_life_time(mine: &Properties) -> bool {
    mine.contains_key("self_destruct_h") || mine.contains_key("self_deactivate_h")
}

fn is_area(geometry: Option<&Geometry>) -> bool {
    matches!(geometry, Some(Geometry::Polygon(_) | Geometry::MultiPolygon(_)))
}

/// Delivered from a distance (Amended Protocol II, article 2(2)): of such mines area and life time are recorded.
fn is_remotely_delivered(fields: &Properties) -> bool {
    const REMOTE: [&str; 4] = ["rocket", "artillery", "aircraft", "drone"];
    let methods = fields.get("laying_method").and_then(Value::as_array);
    methods.into_iter().flatten().filter_map(Value::as_str).any(|method| REMOTE.contains(&method))
}

/// Earliest and latest declared date. Without a latest one where some mine declares no time.
fn self_deactivates_on(fields: &Properties) -> Option<Value> {
    let laid_on: Date = fields.get("laid_on")?.as_str()?.parse().ok()?;
    let mines = Entries::of(fields, "mines").0;
    let times = mines.iter().map(|mine| mine.get("self_deactivate_h").and_then(Value::as_f64));
    let times_h: Vec<f64> = times.clone().flatten().collect();
    let earliest_h = times_h.iter().copied().reduce(f64::min)?;
    let mut dates = json!({"earliest": laid_on.checked_add(days(earliest_h)?).ok()?.to_string()});
    let latest_h = times_h.into_iter().reduce(f64::max).filter(|_| times.clone().all(|time| time.is_some()));
    // They may have been laid at the end of the day.
    let latest = latest_h.and_then(|h| laid_on.checked_add(days(h + 24.0)?).ok());
    if let Some(latest) = latest {
        dates["latest"] = json!(latest.to_string());
    }
    Some(dates)
}

/// Whole days in a number of hours; `None` beyond the calendar.
fn days(hours: f64) -> Option<Span> {
    const DAYS_MAX: f64 = 3_000_000.0;
    let days = (hours / 24.0).floor();
    (days <= DAYS_MAX).then(|| (days as i64).days())
}

#[cfg(test)]
mod tests;
