//! Opening a register file: is it ours, is it whole, and is it set to keep what it acknowledges?

use std::collections::BTreeMap;
use std::io::Read;
use std::path::{Path, PathBuf};

use rusqlite::config::DbConfig;
use rusqlite::{Connection, OpenFlags};

use crate::create::{self, APPLICATION_ID, FORMAT, USER_VERSION, at};
use crate::feature::FeatureTable;
use crate::rebuild::{has_table, rebuild};
use crate::{Access, Head, Store, StoreError, lock};

/// See [`Store::open`].
pub fn for_writing(path: &Path) -> Result<Store, StoreError> {
    let path = real(path)?;
    let lock = lock::take(&path)?;
    if !path.exists() {
        create::create(&path)?;
    }
    let mut connection = connect(&path, OpenFlags::SQLITE_OPEN_READ_WRITE)?;
    set_for_writing(&connection)?;
    let head = checked_head(&connection)?;
    let stale = stale_tables(&connection)?;
    if !stale.is_empty() {
        rebuild(&mut connection, &head, &stale)?;
    }
    Ok(Store { connection, path, head, access: Access::Write, _lock: Some(lock) })
}

/// See [`Store::open_read_only`].
pub fn for_reading(path: &Path) -> Result<Store, StoreError> {
    let path = real(path)?;
    let connection = connect(&path, OpenFlags::SQLITE_OPEN_READ_ONLY)?;
    connection.execute_batch(include_str!("../sql/settings_reading.sql"))?;
    let head = checked_head(&connection)?;
    Ok(Store { connection, path, head, access: Access::ReadOnly, _lock: None })
}

/// The path without symbolic links, so that two names of one file have one lock.
fn real(path: &Path) -> Result<PathBuf, StoreError> {
    if path.exists() {
        return path.canonicalize().map_err(at(path));
    }
    let folder = path.parent().filter(|folder| !folder.as_os_str().is_empty()).unwrap_or(Path::new("."));
    let folder = folder.canonicalize().map_err(at(folder))?;
    Ok(path.file_name().map_or(folder.clone(), |name| folder.join(name)))
}

/// Opens the file, having looked that it is a register; changes nothing.
fn connect(path: &Path, mode: OpenFlags) -> Result<Connection, StoreError> {
    look_at_first_bytes(path)?;
    let connection = Connection::open_with_flags(path, mode | OpenFlags::SQLITE_OPEN_NO_MUTEX)?;
    connection.set_db_config(DbConfig::SQLITE_DBCONFIG_DEFENSIVE, true)?;
    connection.execute_batch(include_str!("../sql/settings.sql"))?;
    look_at_tables(&connection, path)?;
    Ok(connection)
}

fn look_at_first_bytes(path: &Path) -> Result<(), StoreError> {
    let mut start = Vec::new();
    std::fs::File::open(path).and_then(|file| file.take(16).read_to_end(&mut start)).map_err(at(path))?;
    match start.as_slice() {
        [] => Err(not_ours(path, "it is empty")),
        b"SQLite format 3\0" => Ok(()),
        _ => Err(not_ours(path, "it is not an SQLite file")),
    }
}

fn look_at_tables(connection: &Connection, path: &Path) -> Result<(), StoreError> {
    if pragma(connection, "application_id")? != APPLICATION_ID {
        return Err(not_ours(path, "it is an SQLite file, but not a GeoPackage"));
    }
    if !has_table(connection, "event_head")? {
        return Err(not_ours(path, "it is a GeoPackage without our log; import it instead"));
    }
    let found = connection.query_row("SELECT format FROM event_head", [], |row| row.get(0))?;
    if found > FORMAT {
        return Err(StoreError::NewerFormat { path: path.to_owned(), found, known: FORMAT });
    }
    if found < FORMAT {
        return Err(StoreError::OlderFormat { path: path.to_owned(), found, known: FORMAT });
    }
    let version = pragma(connection, "user_version")?;
    if version != USER_VERSION {
        return Err(not_ours(
            path,
            &format!("it says GeoPackage version {version}; registers have {USER_VERSION}"),
        ));
    }
    Ok(())
}

fn not_ours(path: &Path, why: &str) -> StoreError {
    StoreError::NotARegister { path: path.to_owned(), why: why.to_owned() }
}

fn pragma(connection: &Connection, name: &str) -> Result<i64, StoreError> {
    Ok(connection.pragma_query_value(None, name, |row| row.get(0))?)
}

/// WAL with FULL: NORMAL lost acknowledged rows in 1,255 of 1,629 simulated power cuts, FULL in none of 1,995
/// (`docs/decisions`). Refused where the file system cannot do it.
fn set_for_writing(connection: &Connection) -> Result<(), StoreError> {
    connection.execute_batch(include_str!("../sql/settings_writing.sql"))?;
    let journal: String = connection.pragma_query_value(None, "journal_mode", |row| row.get(0))?;
    let synchronous = pragma(connection, "synchronous")?;
    if journal != "wal" || synchronous != 2 {
        let what = format!("journal_mode is {journal} and synchronous {synchronous}; wal and 2 are needed");
        return Err(StoreError::Damaged { what });
    }
    Ok(())
}

/// The head, where the tables of the log are as we make them and the last event is the head's.
fn checked_head(connection: &Connection) -> Result<Head, StoreError> {
    let (found, ours) = (schema(connection)?, our_schema()?);
    for name in ["event", "event_head"] {
        if found.get(name) != ours.get(name) {
            return Err(StoreError::Damaged { what: format!("table {name} was altered by another program") });
        }
    }
    let head = Head::read(connection)?;
    let last = "SELECT coalesce(max(seq), 0), (SELECT hash FROM event ORDER BY seq DESC LIMIT 1) FROM event";
    let (seq, hash) = connection.query_row(last, [], |row| Ok((row.get(0)?, row.get(1)?)))?;
    let (seq, hash): (i64, Option<[u8; 32]>) = (seq, hash);
    if u64::try_from(seq) != Ok(head.revision) || hash.unwrap_or(crate::hash::GENESIS) != head.hash {
        let what =
            format!("the log ends at event {seq}, its head says {}, or their hashes differ", head.revision);
        return Err(StoreError::Damaged { what });
    }
    Ok(head)
}

/// Feature tables that another program or another version made different.
fn stale_tables(connection: &Connection) -> Result<Vec<&'static FeatureTable>, StoreError> {
    let (found, ours) = (schema(connection)?, our_schema()?);
    let same =
        |table: &&FeatureTable| found.get(table.collection.table()) != ours.get(table.collection.table());
    Ok(FeatureTable::all().iter().filter(same).collect())
}

/// The statements that made each table, its indexes and triggers.
type Schema = BTreeMap<String, Vec<String>>;

fn our_schema() -> Result<Schema, StoreError> {
    let connection = Connection::open_in_memory()?;
    create::define(&connection)?;
    schema(&connection)
}

fn schema(connection: &Connection) -> Result<Schema, StoreError> {
    let mut statement = connection.prepare(include_str!("../sql/read_schema.sql"))?;
    let mut rows = statement.query([])?;
    let mut schema = Schema::new();
    while let Some(row) = rows.next()? {
        schema.entry(row.get(0)?).or_default().push(row.get(1)?);
    }
    Ok(schema)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_open_register_keeps_what_it_acknowledges_and_distrusts_the_file() {
        let folder = tempfile::tempdir().expect("a folder");
        let store = Store::open(&folder.path().join("register.gpkg")).expect("opens");
        let set = |name| store.connection.pragma_query_value(None, name, |row| row.get::<_, i64>(0));
        let journal = store.connection.pragma_query_value(None, "journal_mode", |row| row.get(0));
        assert_eq!(journal, Ok("wal".to_owned()));
        let wanted = [
            ("synchronous", 2),
            ("fullfsync", 1),
            ("checkpoint_fullfsync", 1),
            ("wal_autocheckpoint", 0),
            ("foreign_keys", 1),
            ("cell_size_check", 1),
            ("trusted_schema", 0),
        ];
        for (name, value) in wanted {
            assert_eq!(set(name), Ok(value), "{name}");
        }
        // mmap_size answers nothing where SQLite was built without it, else the limit.
        assert!(matches!(set("mmap_size"), Ok(0) | Err(rusqlite::Error::QueryReturnedNoRows)));
        assert_eq!(store.connection.db_config(DbConfig::SQLITE_DBCONFIG_DEFENSIVE), Ok(true));
    }
}
