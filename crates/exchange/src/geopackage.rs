//! OGC GeoPackages: feature tables in an SQLite file.

use std::path::{Path, PathBuf};

use geodesy::Crs;
use model::limits::VALUE_BYTES_MAX;
use model::{Collection, Finding, Properties, Severity};
use rusqlite::limits::Limit;
use rusqlite::types::{Value as Cell, ValueRef};
use rusqlite::{Connection, OpenFlags, Row, params};
use serde_json::Value;

use crate::assemble::Plan;
use crate::atomic::Beside;
use crate::deliver::{Gate, crs_note, notes};
use crate::geojson::stated;
use crate::source::{Place, Source};
use crate::write::{check_columns, columns};
use crate::{Export, Format, Item, ReadError, ReadOptions, Reading, WriteError, atomic, wkb};

/// A table of features.
struct Layer {
    table: String,
    geometry: String,
    srs: i64,
}

/// Reads the feature tables: the named one, or all.
pub(crate) fn read(
    path: &Path,
    options: &ReadOptions,
    sink: &mut dyn FnMut(Item),
) -> Result<Reading, ReadError> {
    let not_this = |reason: String| ReadError::NotThisFormat {
        file: path.to_owned(),
        format: Format::GeoPackage,
        reason,
    };
    if let Some(journal) = unfinished(path) {
        let journal = journal.display();
        return Err(not_this(format!(
            "{journal} holds changes that are not in the file yet; close the program that writes it, or export from it"
        )));
    }
    let database = open(path).map_err(|error| not_this(error.to_string()))?;
    let layers = layers(&database).map_err(|error| not_this(error.to_string()))?;
    if layers.is_empty() {
        return Err(not_this("it has no feature table".to_owned()));
    }
    let mut reading = Reading::default();
    let wanted = wanted(layers, options, &mut reading.notes).map_err(not_this)?;
    let mut gate = Gate::new(path);
    for layer in wanted {
        let crs = reference_system(path, &database, &layer, options, &mut reading.notes)?;
        let plan = Plan::new(path, Some(&layer.table), Some(&layer.table), options, crs);
        if let Err(fault) = features(&database, &layer, &plan, &mut |item| gate.pass(item, sink)) {
            match fault {
                Fault::Refused(error) => return Err(error),
                Fault::Database(error) => {
                    let message = format!("table {:?}: {error}", layer.table);
                    reading.broken.get_or_insert(Finding::new("file.broken", Severity::High, message));
                }
            }
        }
        reading.notes = notes(&plan, std::mem::take(&mut reading.notes));
    }
    Ok(reading)
}

/// The feature table to read: the named one, or the only one.
///
/// # Errors
/// The file is no GeoPackage, has no such table, or has several and none is named.
pub(crate) fn one_table(path: &Path, named: Option<&str>) -> Result<String, ReadError> {
    let not_this = |reason: String| ReadError::NotThisFormat {
        file: path.to_owned(),
        format: Format::GeoPackage,
        reason,
    };
    std::fs::metadata(path).map_err(|source| ReadError::Io { file: path.to_owned(), source })?;
    let found = open(path).and_then(|database| layers(&database));
    let names: Vec<String> =
        found.map_err(|error| not_this(error.to_string()))?.into_iter().map(|layer| layer.table).collect();
    let all = names.join(", ");
    match (named, names.as_slice()) {
        (Some(name), _) if names.iter().any(|known| known == name) => Ok(name.to_owned()),
        (Some(name), _) => Err(not_this(format!("it has no table {name:?}; allowed: {all}"))),
        (None, []) => Err(not_this("it has no feature table".to_owned())),
        (None, [only]) => Ok(only.clone()),
        (None, _) => Err(not_this(format!("it has several layers, so name one by --layer: {all}"))),
    }
}

/// A journal beside the file that still holds changes: reading the file alone would miss them.
fn unfinished(path: &Path) -> Option<PathBuf> {
    let journal = PathBuf::from(format!("{}-wal", path.display()));
    let has_content = std::fs::metadata(&journal).is_ok_and(|about| about.len() > 0);
    has_content.then_some(journal)
}

/// Opens the file so that nothing is written beside it either.
fn open(path: &Path) -> rusqlite::Result<Connection> {
    let mut address = String::from("file:");
    for byte in path.to_string_lossy().bytes() {
        match byte {
            b'a'..=b'z' | b'A'..=b'Z' | b'0'..=b'9' | b'/' | b'.' | b'-' | b'_' => address.push(byte as char),
            other => address.push_str(&format!("%{other:02X}")),
        }
    }
    address.push_str("?immutable=1");
    let flags =
        OpenFlags::SQLITE_OPEN_READ_ONLY | OpenFlags::SQLITE_OPEN_URI | OpenFlags::SQLITE_OPEN_NO_MUTEX;
    let database = Connection::open_with_flags(address, flags)?;
    // A file from elsewhere may carry views and triggers that call functions; none of ours are for them.
    database.execute_batch("PRAGMA trusted_schema = OFF; PRAGMA cell_size_check = ON;")?;
    database.set_limit(Limit::SQLITE_LIMIT_LENGTH, VALUE_BYTES_MAX)?;
    database.set_limit(Limit::SQLITE_LIMIT_ATTACHED, 0)?;
    Ok(database)
}

fn layers(database: &Connection) -> rusqlite::Result<Vec<Layer>> {
    let mut statement = database.prepare(
        "SELECT g.table_name, g.column_name, g.srs_id FROM gpkg_geometry_columns g
         JOIN gpkg_contents c ON c.table_name = g.table_name WHERE c.data_type = 'features' ORDER BY g.table_name",
    )?;
    let found = statement
        .query_map([], |row| Ok(Layer { table: row.get(0)?, geometry: row.get(1)?, srs: row.get(2)? }))?;
    found.collect()
}

/// The named table; else all where the caller says what they are; else those that are named like ours.
fn wanted(layers: Vec<Layer>, options: &ReadOptions, notes: &mut Vec<Finding>) -> Result<Vec<Layer>, String> {
    let names: Vec<String> = layers.iter().map(|layer| layer.table.clone()).collect();
    if let Some(name) = &options.layer {
        let found: Vec<Layer> = layers.into_iter().filter(|layer| layer.table == *name).collect();
        let allowed = names.join(", ");
        return if found.is_empty() {
            Err(format!("it has no table {name:?}; allowed: {allowed}"))
        } else {
            Ok(found)
        };
    }
    let is_said =
        options.collection.is_some() || options.mapping.as_ref().is_some_and(|m| m.collection.is_some());
    let has_ours = names.iter().any(|name| Collection::from_id(name).is_some());
    if is_said || !has_ours {
        return Ok(layers);
    }
    let (ours, others): (Vec<_>, Vec<_>) =
        layers.into_iter().partition(|layer| Collection::from_id(&layer.table).is_some());
    for layer in others {
        let message = format!("the table {:?} is named like no collection and was not read", layer.table);
        notes.push(Finding::new("file.layer_not_read", Severity::High, message));
    }
    Ok(ours)
}

fn reference_system(
    path: &Path,
    database: &Connection,
    layer: &Layer,
    options: &ReadOptions,
    notes: &mut Vec<Finding>,
) -> Result<Crs, ReadError> {
    if let Some(crs) = stated(options) {
        return Ok(crs);
    }
    let sql = "SELECT organization, organization_coordsys_id, definition FROM gpkg_spatial_ref_sys WHERE srs_id = ?1";
    let read = |row: &Row| Ok((row.get::<_, String>(0)?, row.get::<_, i64>(1)?, row.get::<_, String>(2)?));
    let known = database.query_row(sql, [layer.srs], read);
    let crs = match known {
        Ok((organisation, code, definition)) if layer.srs > 0 => {
            Crs::parse(&format!("{organisation}:{code}")).or_else(|_| Crs::parse(&definition))?
        }
        Ok(_) | Err(_) => {
            let found = format!("its table {:?} is in the undefined system {}", layer.table, layer.srs);
            return Err(ReadError::NoCrs { file: path.to_owned(), found });
        }
    };
    notes.extend(crs.assumption().map(crs_note));
    Ok(crs)
}

enum Fault {
    Refused(ReadError),
    Database(rusqlite::Error),
}

impl From<rusqlite::Error> for Fault {
    fn from(error: rusqlite::Error) -> Self {
        Self::Database(error)
    }
}

fn features(
    database: &Connection,
    layer: &Layer,
    plan: &Plan,
    pass: &mut dyn FnMut(Item) -> Result<(), ReadError>,
) -> Result<(), Fault> {
    check_names(database, &layer.table)?;
    let mut statement = database.prepare(&format!("SELECT * FROM {}", quoted(&layer.table)))?;
    let names: Vec<String> = statement.column_names().into_iter().map(str::to_owned).collect();
    plan.has_columns(names.iter().map(String::as_str));
    let key = primary_key(database, &layer.table)?;
    let mut rows = statement.query([])?;
    let mut number = 0;
    while let Some(row) = rows.next()? {
        number += 1;
        let source = source(row, &names, layer, key.as_deref(), number)?;
        pass(plan.item(source)).map_err(Fault::Refused)?;
    }
    Ok(())
}

/// Refuses a column whose name is not UTF-8: asked for it, the driver panics.
fn check_names(database: &Connection, table: &str) -> rusqlite::Result<()> {
    let mut statement = database.prepare("SELECT name FROM pragma_table_xinfo(?1)")?;
    let mut names = statement.query_map([table], |row| row.get::<_, String>(0))?;
    names.try_for_each(|name| name.map(drop))
}

/// The column that only numbers the rows.
fn primary_key(database: &Connection, table: &str) -> rusqlite::Result<Option<String>> {
    let mut statement = database.prepare("SELECT name FROM pragma_table_info(?1) WHERE pk = 1")?;
    let mut rows = statement.query([table])?;
    rows.next()?.map(|row| row.get(0)).transpose()
}

fn source(
    row: &Row,
    names: &[String],
    layer: &Layer,
    key: Option<&str>,
    number: u64,
) -> rusqlite::Result<Source> {
    let mut source = Source {
        number,
        id: None,
        collection: None,
        place: Place::None,
        properties: Properties::new(),
        findings: Vec::new(),
    };
    for (index, name) in names.iter().enumerate() {
        let cell = row.get_ref(index)?;
        if *name == layer.geometry {
            source.place = place(cell);
        } else if let Some(value) = value(cell) {
            source.properties.insert(name.clone(), value);
        }
    }
    // Our own tables carry the record's identifier in a column of its own, and `fid` only numbers the rows.
    let is_own = source.properties.contains_key("review") && source.properties.contains_key("id");
    if is_own {
        source.id = source.properties.shift_remove("id");
        key.map(|key| source.properties.shift_remove(key));
    }
    Ok(source)
}

fn value(cell: ValueRef) -> Option<Value> {
    match cell {
        ValueRef::Null => None,
        ValueRef::Integer(number) => Some(Value::from(number)),
        ValueRef::Real(number) => serde_json::Number::from_f64(number)
            .map_or_else(|| Some(Value::from(number.to_string())), |number| Some(Value::Number(number))),
        ValueRef::Text(bytes) => Some(Value::from(crate::text::decode(bytes).0.into_owned())),
        ValueRef::Blob(bytes) => Some(Value::from(hex(bytes))),
    }
}

fn hex(bytes: &[u8]) -> String {
    bytes.iter().map(|byte| format!("{byte:02x}")).collect()
}

fn place(cell: ValueRef) -> Place {
    let bytes = match cell {
        ValueRef::Null => return Place::None,
        ValueRef::Blob(bytes) => bytes,
        other => {
            let raw = value(other).unwrap_or_default();
            return Place::Unreadable { reason: "the geometry is no blob".to_owned(), raw };
        }
    };
    match shape_bytes(bytes).and_then(wkb::read) {
        Ok(Some(shape)) => Place::Shape(Box::new(shape)),
        Ok(None) => Place::None,
        Err(reason) => Place::Unreadable { reason, raw: Value::from(hex(bytes)) },
    }
}

/// The well-known binary behind the head of a GeoPackage blob (OGC 12-128r15, 2.1.3).
fn shape_bytes(bytes: &[u8]) -> Result<&[u8], String> {
    let [b'G', b'P', _, flags, ..] = bytes else {
        return Err("the geometry does not begin with GP".to_owned());
    };
    if flags & 0x20 != 0 {
        return Err("an extended geometry of some other program".to_owned());
    }
    let envelope = match (flags >> 1) & 7 {
        0 => 0,
        1 => 32,
        2 | 3 => 48,
        4 => 64,
        other => return Err(format!("{other} is no kind of envelope")),
    };
    bytes.get(8 + envelope..).ok_or_else(|| "the geometry is cut off".to_owned())
}

fn quoted(name: &str) -> String {
    format!("\"{}\"", name.replace('"', "\"\""))
}

const WGS84_WKT: &str = r#"GEOGCS["WGS 84",DATUM["WGS_1984",SPHEROID["WGS 84",6378137,298.257223563,AUTHORITY["EPSG","7030"]],AUTHORITY["EPSG","6326"]],PRIMEM["Greenwich",0,AUTHORITY["EPSG","8901"]],UNIT["degree",0.0174532925199433,AUTHORITY["EPSG","9122"]],AXIS["Latitude",NORTH],AXIS["Longitude",EAST],AUTHORITY["EPSG","4326"]]"#;

/// Tables that every GeoPackage has (OGC 12-128r15, 1.1.2, 1.1.3 and 2.1.5).
const SCHEMA: &str = "
PRAGMA journal_mode = OFF; PRAGMA synchronous = OFF;
PRAGMA application_id = 0x47504B47; PRAGMA user_version = 10300;
CREATE TABLE gpkg_spatial_ref_sys (srs_name TEXT NOT NULL, srs_id INTEGER PRIMARY KEY, organization TEXT NOT NULL,
  organization_coordsys_id INTEGER NOT NULL, definition TEXT NOT NULL, description TEXT);
INSERT INTO gpkg_spatial_ref_sys VALUES
  ('Undefined Cartesian SRS', -1, 'NONE', -1, 'undefined', 'undefined Cartesian coordinate reference system'),
  ('Undefined geographic SRS', 0, 'NONE', 0, 'undefined', 'undefined geographic coordinate reference system');
CREATE TABLE gpkg_contents (table_name TEXT NOT NULL PRIMARY KEY, data_type TEXT NOT NULL, identifier TEXT UNIQUE,
  description TEXT DEFAULT '', last_change DATETIME NOT NULL DEFAULT (strftime('%Y-%m-%dT%H:%M:%fZ','now')),
  min_x DOUBLE, min_y DOUBLE, max_x DOUBLE, max_y DOUBLE, srs_id INTEGER,
  CONSTRAINT fk_gc_r_srs_id FOREIGN KEY (srs_id) REFERENCES gpkg_spatial_ref_sys(srs_id));
CREATE TABLE gpkg_geometry_columns (table_name TEXT NOT NULL, column_name TEXT NOT NULL,
  geometry_type_name TEXT NOT NULL, srs_id INTEGER NOT NULL, z TINYINT NOT NULL, m TINYINT NOT NULL,
  CONSTRAINT pk_geom_cols PRIMARY KEY (table_name, column_name),
  CONSTRAINT uk_gc_table_name UNIQUE (table_name),
  CONSTRAINT fk_gc_tn FOREIGN KEY (table_name) REFERENCES gpkg_contents(table_name),
  CONSTRAINT fk_gc_srs FOREIGN KEY (srs_id) REFERENCES gpkg_spatial_ref_sys (srs_id));
";

/// Writes one feature table, named like the collection.
pub(crate) fn write<'a>(
    path: &Path,
    collection: Collection,
    records: &mut dyn Iterator<Item = Export<'a>>,
) -> Result<u64, WriteError> {
    let beside = Beside::new(path);
    let failed =
        |error: rusqlite::Error| WriteError::Database { file: path.to_owned(), reason: error.to_string() };
    let mut database = Connection::open(&beside.path).map_err(failed)?;
    let columns = columns(collection);
    create(&database, collection, &columns).map_err(failed)?;
    let transaction = database.transaction().map_err(failed)?;
    let mut bounds: Option<model::Bounds> = None;
    let mut count = 0;
    for record in records {
        check_columns(&record, collection, &columns)?;
        insert(&transaction, collection, &columns, &record).map_err(failed)?;
        let own = record.geometry.and_then(model::Bounds::of);
        bounds = own.map(|own| bounds.map_or(own, |all| all.union(own))).or(bounds);
        count += 1;
    }
    set_bounds(&transaction, collection, bounds).map_err(failed)?;
    transaction.commit().map_err(failed)?;
    database.close().map_err(|(_, error)| failed(error))?;
    let file = std::fs::File::open(&beside.path).and_then(|file| file.sync_all());
    file.map_err(atomic::failed(path))?;
    beside.rename_to(path)?;
    Ok(count)
}

fn create(database: &Connection, collection: Collection, columns: &[&str]) -> rusqlite::Result<()> {
    database.execute_batch(SCHEMA)?;
    let wgs84 = "INSERT INTO gpkg_spatial_ref_sys VALUES ('WGS 84 geodetic', 4326, 'EPSG', 4326, ?1, 'longitude/latitude')";
    database.execute(wgs84, [WGS84_WKT])?;
    let (table, label) = (collection.table(), collection.label().en);
    let contents = "INSERT INTO gpkg_contents (table_name, data_type, identifier, srs_id) VALUES (?1, 'features', ?2, 4326)";
    database.execute(contents, params![table, label])?;
    let geometry = "INSERT INTO gpkg_geometry_columns VALUES (?1, 'geom', 'GEOMETRY', 4326, 0, 0)";
    database.execute(geometry, [table])?;
    let columns: Vec<String> =
        columns.iter().map(|name| format!("{} {}", quoted(name), kind(collection, name))).collect();
    let columns = columns.join(", ");
    database.execute_batch(&format!(
        "CREATE TABLE {table} (fid INTEGER PRIMARY KEY AUTOINCREMENT NOT NULL, geom GEOMETRY, id TEXT NOT NULL, {columns})"
    ))
}

/// SQL type of a column. Lists and structures are JSON text.
fn kind(collection: Collection, name: &str) -> &'static str {
    match collection.field(name).map(|field| field.kind) {
        Some(model::Kind::Date) => "DATE",
        Some(model::Kind::Number) => "DOUBLE",
        Some(model::Kind::Count) => "INTEGER",
        Some(model::Kind::Truth) => "BOOLEAN",
        Some(_) => "TEXT",
        None if name == "area_m2" || name == "length_m" => "DOUBLE",
        None if name == "revision" => "INTEGER",
        None => "TEXT",
    }
}

fn insert(
    database: &Connection,
    collection: Collection,
    columns: &[&str],
    record: &Export,
) -> rusqlite::Result<usize> {
    let marks = vec!["?"; columns.len() + 2].join(", ");
    let sql = format!("INSERT INTO {} VALUES (NULL, {marks})", collection.table());
    let mut cells = vec![
        record.geometry.map_or(Cell::Null, |geometry| Cell::Blob(blob(geometry))),
        Cell::Text(record.id.to_string()),
    ];
    cells.extend(columns.iter().map(|name| record.properties.get(*name).map_or(Cell::Null, cell)));
    database.prepare_cached(&sql)?.execute(rusqlite::params_from_iter(cells))
}

fn cell(value: &Value) -> Cell {
    match value {
        Value::Null => Cell::Null,
        Value::String(text) => Cell::Text(text.clone()),
        Value::Number(number) => match number.as_i64() {
            Some(whole) => Cell::Integer(whole),
            None => number.as_f64().map_or(Cell::Null, Cell::Real),
        },
        Value::Bool(truth) => Cell::Integer(i64::from(*truth)),
        Value::Array(_) | Value::Object(_) => Cell::Text(value.to_string()),
    }
}

/// A GeoPackage blob: little-endian, with an envelope of x and y.
fn blob(geometry: &model::Geometry) -> Vec<u8> {
    let bounds = model::Bounds::of(geometry);
    let flags = match bounds {
        Some(_) => 0b0000_0011,
        None => 0b0001_0001,
    };
    let mut bytes = vec![b'G', b'P', 0, flags];
    bytes.extend_from_slice(&4326i32.to_le_bytes());
    if let Some(bounds) = bounds {
        for edge in [bounds.west, bounds.east, bounds.south, bounds.north] {
            bytes.extend_from_slice(&edge.to_le_bytes());
        }
    }
    wkb::write(geometry, &mut bytes);
    bytes
}

fn set_bounds(
    database: &Connection,
    collection: Collection,
    bounds: Option<model::Bounds>,
) -> rusqlite::Result<()> {
    let Some(bounds) = bounds else { return Ok(()) };
    let sql = "UPDATE gpkg_contents SET min_x = ?1, min_y = ?2, max_x = ?3, max_y = ?4 WHERE table_name = ?5";
    let values = params![bounds.west, bounds.south, bounds.east, bounds.north, collection.table()];
    database.execute(sql, values).map(drop)
}
