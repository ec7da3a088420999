//! Feature tables: the present version of each record, as other people's programs read it.

use std::borrow::Cow;
use std::sync::LazyLock;

use jiff::Timestamp;
use model::{Collection, Kind, Properties, Record};
use rusqlite::{CachedStatement, Connection, ToSql};

use crate::StoreError;
use rusqlite::types::{ToSqlOutput, ValueRef};
use serde_json::Value;

/// Columns of every feature table, before those of the collection's fields; `fid` is SQLite's own.
const FIXED: [&str; 11] = [
    "geom",
    "id",
    "revision",
    "recorded_at",
    "recorded_by",
    "area_m2",
    "length_m",
    "review",
    "attributes",
    "as_entered",
    "findings",
];

/// One value of a feature row.
#[derive(Debug, Clone, PartialEq)]
pub enum Cell<'a> {
    Null,
    Integer(i64),
    Real(f64),
    Text(Cow<'a, str>),
    Blob(&'a [u8]),
}

/// The statements of one collection's feature table.
pub struct FeatureTable {
    pub collection: Collection,
    pub create: String,
    pub upsert: String,
    pub delete: String,
    pub select: String,
}

static TABLES: LazyLock<[FeatureTable; Collection::COUNT]> =
    LazyLock::new(|| Collection::ALL.map(FeatureTable::new));

impl FeatureTable {
    /// All, in the order of [`Collection::ALL`].
    pub fn all() -> &'static [FeatureTable; Collection::COUNT] {
        &TABLES
    }

    /// The one of a collection.
    pub fn of(collection: Collection) -> &'static FeatureTable {
        &TABLES[collection.index()]
    }

    fn new(collection: Collection) -> Self {
        let table = collection.table();
        let declared: String = collection
            .fields()
            .map(|field| format!(",\n    \"{}\" {}", field.name, sql_type(field.kind)))
            .collect();
        let names: Vec<_> = FIXED.into_iter().chain(collection.fields().map(|field| field.name)).collect();
        let columns = joined(&names, |_, name| format!("\"{name}\""));
        let places = joined(&names, |index, _| format!("?{}", index + 1));
        let updates = joined(&names, |_, name| format!("\"{name}\" = excluded.\"{name}\""));
        let upsert = include_str!("../sql/feature_upsert.sql").replace("{columns}", &columns);
        Self {
            collection,
            create: include_str!("../sql/feature_table.sql")
                .replace("{table}", table)
                .replace("{fields}", &declared),
            upsert: upsert
                .replace("{table}", table)
                .replace("{places}", &places)
                .replace("{updates}", &updates),
            delete: format!("DELETE FROM {table} WHERE id = ?1"),
            select: format!("SELECT {columns} FROM {table}"),
        }
    }
}

/// The statements that keep one feature table up to date.
pub struct Features<'c> {
    upsert: CachedStatement<'c>,
    delete: CachedStatement<'c>,
}

impl<'c> Features<'c> {
    pub fn prepare(connection: &'c Connection, table: &FeatureTable) -> rusqlite::Result<Self> {
        let upsert = connection.prepare_cached(&table.upsert)?;
        Ok(Self { upsert, delete: connection.prepare_cached(&table.delete)? })
    }

    /// Makes `record` the present version; a withdrawn one has no row. `made` is revision, time and author.
    pub fn write(
        &mut self,
        record: &Record,
        geom: Option<&[u8]>,
        (revision, recorded_at, recorded_by): (i64, &str, &str),
    ) -> Result<(), StoreError> {
        if record.withdrawn {
            self.delete.execute([record.id.to_string()])?;
            return Ok(());
        }
        for (index, cell) in cells(record, geom, revision, recorded_at, recorded_by).enumerate() {
            self.upsert.raw_bind_parameter(index + 1, cell)?;
        }
        self.upsert.raw_execute()?;
        Ok(())
    }
}

fn joined(names: &[&str], one: impl Fn(usize, &str) -> String) -> String {
    names.iter().enumerate().map(|(index, name)| one(index, name)).collect::<Vec<_>>().join(", ")
}

/// Column types of GeoPackage 1.3 (OGC 12-128r17, table 1); lists and structures are JSON text.
fn sql_type(kind: Kind) -> &'static str {
    match kind {
        Kind::Number => "DOUBLE",
        Kind::Count => "INTEGER",
        Kind::Truth => "BOOLEAN",
        Kind::Date => "DATE",
        Kind::Text
        | Kind::Code(_)
        | Kind::Codes(_)
        | Kind::Texts
        | Kind::Position
        | Kind::Reference(_)
        | Kind::References(_)
        | Kind::Structure(_)
        | Kind::Structures(_) => "TEXT",
    }
}

/// The values of a record's row, in the order of the upsert statement. `geom` is GeoPackage binary.
pub fn cells<'a>(
    record: &'a Record,
    geom: Option<&'a [u8]>,
    revision: i64,
    recorded_at: &'a str,
    recorded_by: &'a str,
) -> impl Iterator<Item = Cell<'a>> {
    let fixed = [
        geom.map_or(Cell::Null, Cell::Blob),
        Cell::Text(Cow::Owned(record.id.to_string())),
        Cell::Integer(revision),
        Cell::Text(recorded_at.into()),
        Cell::Text(recorded_by.into()),
        record.measures.area_m2.map_or(Cell::Null, Cell::Real),
        record.measures.length_m.map_or(Cell::Null, Cell::Real),
        Cell::Text(record.review.into()),
        object(&record.attributes),
        record.as_entered.as_ref().map_or(Cell::Null, json),
        findings(record),
    ];
    let fields =
        record.collection.fields().map(|field| record.fields.get(field.name).map_or(Cell::Null, value));
    fixed.into_iter().chain(fields)
}

/// A time as a GeoPackage DATETIME: UTC with milliseconds.
pub fn datetime(time: Timestamp) -> String {
    format!("{time:.3}")
}

fn value(value: &Value) -> Cell<'_> {
    match value {
        Value::Null => Cell::Null,
        Value::String(text) => Cell::Text(text.into()),
        Value::Number(number) => number.as_f64().map_or_else(|| json(value), Cell::Real),
        Value::Bool(truth) => Cell::Integer(i64::from(*truth)),
        Value::Array(_) | Value::Object(_) => json(value),
    }
}

fn json(value: &Value) -> Cell<'static> {
    Cell::Text(Cow::Owned(value.to_string()))
}

fn object(properties: &Properties) -> Cell<'static> {
    if properties.is_empty() {
        return Cell::Null;
    }
    serde_json::to_string(properties).map_or(Cell::Null, |text| Cell::Text(Cow::Owned(text)))
}

fn findings(record: &Record) -> Cell<'static> {
    if record.findings.is_empty() {
        return Cell::Null;
    }
    serde_json::to_string(&record.findings).map_or(Cell::Null, |text| Cell::Text(Cow::Owned(text)))
}

impl Cell<'_> {
    /// Whether the database holds just this. A whole number is an integer on disk also in a column of reals, so that
    /// zero has no sign there (sqlite.org/datatype3.html, section 2).
    pub fn is(&self, stored: ValueRef<'_>) -> bool {
        match (self, stored) {
            (Self::Null, ValueRef::Null) => true,
            (Self::Integer(ours), ValueRef::Integer(theirs)) => *ours == theirs,
            (Self::Real(ours), ValueRef::Real(theirs)) => *ours == theirs,
            // Counts are below 2^53, so that both forms say the same number.
            (Self::Real(ours), ValueRef::Integer(theirs)) => *ours == theirs as f64,
            (Self::Text(ours), ValueRef::Text(theirs)) => ours.as_bytes() == theirs,
            (Self::Blob(ours), ValueRef::Blob(theirs)) => *ours == theirs,
            _ => false,
        }
    }
}

impl ToSql for Cell<'_> {
    fn to_sql(&self) -> rusqlite::Result<ToSqlOutput<'_>> {
        Ok(ToSqlOutput::Borrowed(match self {
            Self::Null => ValueRef::Null,
            Self::Integer(number) => ValueRef::Integer(*number),
            Self::Real(number) => ValueRef::Real(*number),
            Self::Text(text) => ValueRef::Text(text.as_bytes()),
            Self::Blob(bytes) => ValueRef::Blob(bytes),
        }))
    }
}
