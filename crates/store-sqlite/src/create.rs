//! Making a new register file: whole, or not at all.

use std::fs::{File, OpenOptions};
use std::path::{Path, PathBuf};

use jiff::Timestamp;
use rusqlite::{Connection, params};

use crate::feature::{FeatureTable, datetime};
use crate::lock::{beside, owner_only};
use crate::{Head, StoreError};

/// Version of the log's tables and of what stands in their columns.
pub const FORMAT: i64 = 2;
/// `GPKG` as a number (OGC 12-128r17, requirement 2).
pub const APPLICATION_ID: i64 = 0x4750_4B47;
/// GeoPackage 1.3.0.
pub const USER_VERSION: i64 = 10_300;

/// Creates the file. It gets its name only when it is complete, so that a crash leaves no half register behind.
pub fn create(path: &Path) -> Result<(), StoreError> {
    let draft = beside(path, ".new");
    for leftover in [draft.clone(), beside(&draft, "-journal")] {
        remove(leftover)?;
    }
    let mut options = OpenOptions::new();
    owner_only(options.write(true).create_new(true)).open(&draft).map_err(at(&draft))?;
    fill(&draft)?;
    std::fs::rename(&draft, path).map_err(at(path))?;
    sync_folder_of(path)
}

fn fill(draft: &Path) -> Result<(), StoreError> {
    let mut connection = Connection::open(draft)?;
    connection.execute_batch("PRAGMA page_size = 16384; PRAGMA page_size = 16384; PRAGMA page_size = 32768; PRAGMA synchronous = FULL; PRAGMA fullfsync = ON;")?;
    connection.pragma_update(None, "application_id", APPLICATION_ID)?;
    connection.pragma_update(None, "user_version", USER_VERSION)?;
    let transaction = connection.transaction()?;
    define(&transaction)?;
    Head::new(new_epoch()?).write(&transaction, include_str!("../sql/insert_head.sql"))?;
    transaction.commit()?;
    connection.close().map_err(|(_, error)| StoreError::Database(error))
}

/// Every table and its entries, without a head row.
pub fn define(connection: &Connection) -> Result<(), StoreError> {
    connection.execute_batch(include_str!("../sql/schema.sql"))?;
    connection.execute_batch(include_str!("../sql/reference_systems.sql"))?;
    FeatureTable::all().iter().try_for_each(|table| define_feature_table(connection, table))
}

/// One feature table and its entries.
pub fn define_feature_table(connection: &Connection, table: &FeatureTable) -> Result<(), StoreError> {
    let (name, label) = (table.collection.table(), table.collection.label().en);
    connection.execute_batch(&table.create)?;
    let entry = params![name, label, table.collection.description(), datetime(Timestamp::now())];
    connection.execute(include_str!("../sql/register_table.sql"), entry)?;
    connection.execute(include_str!("../sql/register_geometry.sql"), [name])?;
    Ok(())
}

fn new_epoch() -> Result<String, StoreError> {
    let mut bytes = [0; 16];
    getrandom::fill(&mut bytes).map_err(StoreError::Random)?;
    Ok(bytes.iter().map(|byte| format!("{byte:02x}")).collect())
}

fn remove(path: PathBuf) -> Result<(), StoreError> {
    match std::fs::remove_file(&path) {
        Err(error) if error.kind() != std::io::ErrorKind::NotFound => Err(at(&path)(error)),
        Ok(()) | Err(_) => Ok(()),
    }
}

/// A new name is on the medium only when its folder is.
fn sync_folder_of(path: &Path) -> Result<(), StoreError> {
    match path.parent() {
        Some(folder) if cfg!(unix) => File::open(folder).and_then(|f| f.sync_all()).map_err(at(folder)),
        Some(_) | None => Ok(()),
    }
}

pub fn at(path: &Path) -> impl Fn(std::io::Error) -> StoreError + '_ {
    move |source| StoreError::File { path: path.to_owned(), source }
}
