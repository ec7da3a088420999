//! Mapping files: how a file's own names and words become ours (`data/mappings/README.md`).

use std::path::Path;

use geodesy::Crs;
use model::{Collection, Finding, Properties, Severity};
use serde::Deserialize;
use serde_json::Value;

/// A mapping, read and checked.
#[derive(Debug, Clone, PartialEq)]
pub struct Mapping {
    /// What the records are.
    pub collection: Option<Collection>,
    /// The reference system of the coordinates.
    pub crs: Option<Crs>,
    /// Code of the organisation, where a record names none.
    pub organisation: Option<String>,
    /// Whether columns named like our fields are taken as these.
    pub by_name: bool,
    /// Column with well-known text.
    pub wkt: Option<String>,
    /// Columns with longitude (or easting) and latitude (or northing).
    pub xy: Option<(String, String)>,
    pub(crate) rules: Vec<Rule>,
}

/// Why a mapping cannot be used.
#[derive(Debug, Clone, PartialEq, thiserror::Error)]
pub enum MappingError {
    /// The file cannot be read.
    #[error("{file}: {reason}")]
    Io {
        /// The file.
        file: String,
        /// What the machine says.
        reason: String,
    },
    /// Not TOML, or a member that does not exist.
    #[error("{0}")]
    Syntax(String),
    /// A collection that does not exist.
    #[error(
        "collection {0:?} does not exist; allowed: {allowed}", allowed = Collection::allowed()
    )]
    Collection(String),
    /// A field that the collection does not have.
    #[error("field {field:?} does not exist in {collection}; allowed: {allowed}")]
    Field {
        /// The field.
        field: String,
        /// The collection.
        collection: Collection,
        /// The fields it has.
        allowed: String,
    },
    /// A rule that cannot be followed.
    #[error("field {field:?}: {reason}")]
    Rule {
        /// The field.
        field: String,
        /// What is wrong.
        reason: String,
    },
    /// A reference system that cannot be used.
    #[error("crs: {0}")]
    Crs(#[from] geodesy::CrsError),
}

/// How one field is filled.
#[derive(Debug, Clone, PartialEq)]
pub(crate) struct Rule {
    pub field: String,
    from: Vec<String>,
    how: How,
    nulls: Vec<String>,
}

#[derive(Debug, Clone, PartialEq)]
enum How {
    /// The value as it stands.
    Plain,
    /// Other words for these values; others stay as they are.
    Values(Properties),
    /// The one number in a text.
    Number,
    /// Several columns in one text, each with its name.
    Join,
    /// The same for every record.
    Constant(Value),
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct File {
    collection: Option<String>,
    crs: Option<String>,
    organisation: Option<String>,
    #[serde(default)]
    by_name: bool,
    #[serde(default)]
    geometry: GeometryColumns,
    #[serde(default)]
    fields: toml::Table,
}

#[derive(Deserialize, Default)]
#[serde(deny_unknown_fields)]
struct GeometryColumns {
    wkt: Option<String>,
    x: Option<String>,
    y: Option<String>,
}

#[derive(Deserialize, Default)]
#[serde(deny_unknown_fields)]
struct RuleTable {
    from: Option<String>,
    join: Option<Vec<String>>,
    values: Option<Properties>,
    #[serde(default)]
    nulls: Vec<String>,
    #[serde(default)]
    number: bool,
    constant: Option<Value>,
}

impl Mapping {
    /// Reads a mapping file.
    ///
    /// # Errors
    /// Names the file, and what is wrong in it.
    pub fn from_path(path: &Path) -> Result<Self, MappingError> {
        let file = path.display().to_string();
        let text = std::fs::read_to_string(path);
        let text = text.map_err(|error| MappingError::Io { file, reason: error.to_string() })?;
        Self::parse(&text)
    }

    /// Reads a mapping.
    ///
    /// # Errors
    /// Names the member that is wrong, and what is allowed.
    pub fn parse(text: &str) -> Result<Self, MappingError> {
        let file: File = toml::from_str(text).map_err(|error| MappingError::Syntax(error.to_string()))?;
        let named = |id: String| Collection::from_id(&id).ok_or(MappingError::Collection(id));
        let collection = file.collection.map(named).transpose()?;
        let rules = file.fields.into_iter().map(|(field, rule)| Rule::read(field, rule));
        let mapping = Self {
            collection,
            crs: file.crs.as_deref().map(Crs::parse).transpose()?,
            organisation: file.organisation,
            by_name: file.by_name,
            wkt: file.geometry.wkt,
            xy: file.geometry.x.zip(file.geometry.y),
            rules: rules.collect::<Result<_, _>>()?,
        };
        mapping.check(None)?;
        Ok(mapping)
    }

    /// Whether every rule has a field in the collection that is read.
    pub(crate) fn check(&self, forced: Option<Collection>) -> Result<(), MappingError> {
        let Some(collection) = forced.or(self.collection) else { return Ok(()) };
        match self.rules.iter().find(|rule| collection.field(&rule.field).is_none()) {
            None => self.check_no_hazard_is_closed(collection),
            Some(rule) => {
                let allowed = collection.fields().map(|field| field.name).collect::<Vec<_>>().join(", ");
                Err(MappingError::Field { field: rule.field.clone(), collection, allowed })
            }
        }
    }

    /// A constant would close every hazard of a file unseen.
    fn check_no_hazard_is_closed(&self, collection: Collection) -> Result<(), MappingError> {
        let closes = |rule: &&Rule| match &rule.how {
            How::Constant(value) => lowers(collection, &rule.field, value),
            How::Plain | How::Values(_) | How::Number | How::Join => false,
        };
        match self.rules.iter().find(closes) {
            None => Ok(()),
            Some(rule) => {
                let reason =
                    "a mapping may not close every hazard of a file; name the column that says so".to_owned();
                Err(MappingError::Rule { field: rule.field.clone(), reason })
            }
        }
    }

    /// Every column that a rule names, in the order of [`Mapping::rules`].
    pub(crate) fn columns(&self) -> impl Iterator<Item = &str> {
        self.rules.iter().flat_map(|rule| rule.from.iter().map(String::as_str))
    }
}

/// Whether a value takes a hazard off the map of open ones.
fn lowers(collection: Collection, field: &str, value: &Value) -> bool {
    let code = value.as_str().and_then(|text| model::codes::STATUS.read(text));
    collection == Collection::HazardousAreas && field == "status" && code == Some("closed")
        || collection == Collection::HazardReports
            && field == "triage"
            && matches!(value.as_str(), Some("rejected" | "duplicate"))
}

impl Rule {
    fn read(field: String, rule: toml::Value) -> Result<Self, MappingError> {
        let fault = |reason: String| MappingError::Rule { field: field.clone(), reason };
        let table = match rule {
            toml::Value::String(from) => RuleTable { from: Some(from), ..RuleTable::default() },
            other => other.try_into().map_err(|error: toml::de::Error| fault(error.message().to_owned()))?,
        };
        let RuleTable { from, join, values, nulls, number, constant } = table;
        let (from, how) = match (from, join, values, number, constant) {
            (Some(from), None, None, false, None) => (vec![from], How::Plain),
            (Some(from), None, Some(values), false, None) => (vec![from], How::Values(values)),
            (Some(from), None, None, true, None) => (vec![from], How::Number),
            (None, Some(from), None, false, None) => (from, How::Join),
            (None, None, None, false, Some(value)) => (Vec::new(), How::Constant(value)),
            _ => {
                let allowed = "give one of from, from with values, from with number = true, join, constant";
                return Err(fault(allowed.to_owned()));
            }
        };
        Ok(Self { field, from, how, nulls })
    }

    /// The field's value out of a record. Columns that the field now says word for word are named in `moved`.
    pub(crate) fn apply(&self, columns: &Properties, moved: &mut Vec<String>) -> Option<Value> {
        match &self.how {
            How::Constant(value) => Some(value.clone()),
            How::Join => join(self.from.iter().filter_map(|name| Some((name, self.given(columns, name)?)))),
            How::Plain => {
                let value = self.given(columns, &self.from[0])?;
                moved.push(self.from[0].clone());
                Some(value.clone())
            }
            How::Values(values) => {
                let value = self.given(columns, &self.from[0])?;
                let word = text_of(value).and_then(|text| values.get(text.trim()).cloned());
                Some(word.unwrap_or_else(|| value.clone()))
            }
            How::Number => {
                let value = self.given(columns, &self.from[0])?;
                let number = value.as_str().and_then(the_number).and_then(serde_json::Number::from_f64);
                Some(number.map_or_else(|| value.clone(), Value::Number))
            }
        }
    }

    /// A finding where the value takes a hazard off the map of open ones: never silently.
    pub(crate) fn lowering(&self, collection: Collection, value: &Value) -> Option<Finding> {
        let message = format!("the mapping reads {} as {value}", self.from.join(", "));
        lowers(collection, &self.field, value)
            .then(|| Finding::new("mapping.closes_hazard", Severity::Medium, message).in_field(&self.field))
    }

    /// The column's value, unless it is a word for nothing.
    fn given<'a>(&self, columns: &'a Properties, name: &str) -> Option<&'a Value> {
        let value = columns.get(name).filter(|value| !value.is_null())?;
        let text = value.as_str().map(str::trim);
        let is_null = text.is_some_and(|text| text.is_empty() || self.nulls.iter().any(|null| null == text));
        (!is_null).then_some(value)
    }
}

fn join<'a>(parts: impl Iterator<Item = (&'a String, &'a Value)>) -> Option<Value> {
    let texts: Vec<String> =
        parts.filter_map(|(name, value)| Some(format!("{name}: {}", text_of(value)?.trim()))).collect();
    (!texts.is_empty()).then(|| Value::String(texts.join("; ")))
}

fn text_of(value: &Value) -> Option<String> {
    match value {
        Value::String(text) => Some(text.clone()),
        Value::Null => None,
        other => Some(other.to_string()),
    }
}

/// The number in a text that has exactly one: `5 meter`, `12,5 m`. Of two numbers none is chosen.
fn the_number(text: &str) -> Option<f64> {
    let is_part = |c: char| c.is_ascii_digit() || c == '.' || c == ',';
    let mut numbers =
        text.split(|c| !is_part(c)).map(|part| part.trim_matches(['.', ','])).filter(|p| !p.is_empty());
    let number = numbers.next()?;
    if numbers.next().is_some() { None } else { number.replace(',', ".").parse().ok() }
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    fn apply(rule: &str, columns: Value) -> (Option<Value>, Vec<String>) {
        let text = format!("collection = \"hazardous-areas\"\n[fields]\n{rule}");
        let mapping = Mapping::parse(&text).expect("reads");
        let mut moved = Vec::new();
        let columns = columns.as_object().cloned().expect("an object");
        (mapping.rules[0].apply(&columns, &mut moved), moved)
    }

    #[test]
    fn each_kind_of_rule_fills_its_field() {
        assert_eq!(apply("name = \"N\"", json!({"N": "x"})), (Some(json!("x")), vec!["N".to_owned()]));
        let values = "status = { from = \"S\", values = { Dicht = \"closed\" } }";
        assert_eq!(apply(values, json!({"S": " Dicht "})).0, Some(json!("closed")));
        assert_eq!(apply(values, json!({"S": "Half"})), (Some(json!("Half")), vec![]));
        let number = "position_accuracy_m = { from = \"A\", number = true }";
        assert_eq!(apply(number, json!({"A": "12,5 meter"})).0, Some(json!(12.5)));
        assert_eq!(apply(number, json!({"A": "5 to 10 meter"})).0, Some(json!("5 to 10 meter")));
        assert_eq!(apply("name = { constant = \"c\" }", json!({})).0, Some(json!("c")));
        let join = "description = { join = [\"A\", \"B\", \"C\"] }";
        assert_eq!(apply(join, json!({"A": "x", "B": " ", "C": 3})).0, Some(json!("A: x; C: 3")));
        let nulls = "external_id = { from = \"K\", nulls = [\"-\"] }";
        assert_eq!(apply(nulls, json!({"K": "-"})), (None, vec![]));
    }

    #[test]
    fn what_does_not_exist_is_refused_by_name() {
        let refused = |text: &str| Mapping::parse(text).expect_err(text).to_string();
        assert!(refused("collection = \"roads\"").contains("roads"));
        let field = refused("collection = \"surveys\"\n[fields]\nstatus = \"S\"");
        assert!(
            field.contains("status") && field.contains("surveys") && field.contains("started_on"),
            "{field}"
        );
        assert!(refused("colection = \"surveys\"").contains("colection"));
        assert!(refused("[fields]\nname = { form = \"x\" }").contains("form"));
        assert!(refused("[fields]\nname = { from = \"x\", constant = 1 }").contains("one of"));
        assert!(refused("crs = \"EPSG:1\"").contains("EPSG:1"));
    }

    #[test]
    fn no_mapping_closes_a_hazard_silently() {
        let constant = "collection = \"hazardous-areas\"\n[fields]\nstatus = { constant = \"closed\" }";
        assert!(Mapping::parse(constant).expect_err("refused").to_string().contains("status"));
        let by_word = "collection = \"hazardous-areas\"\n[fields]\nstatus = { from = \"S\", values = { Ja = \"closed\" } }";
        let mapping = Mapping::parse(by_word).expect("reads");
        let finding = mapping.rules[0].lowering(Collection::HazardousAreas, &json!("closed"));
        assert_eq!(finding.expect("said").rule, "mapping.closes_hazard");
    }
}
