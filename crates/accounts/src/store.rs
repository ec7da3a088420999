//! The file of accounts: made, opened, read, written.

use std::fs::OpenOptions;
use std::path::{Path, PathBuf};
use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use jiff::Timestamp;
use rusqlite::config::DbConfig;
use rusqlite::{Connection, OpenFlags, OptionalExtension, Transaction, TransactionBehavior};

use crate::AccountsError;
use crate::random;

/// `mmac` as a number.
const APPLICATION_ID: i64 = 0x6d6d_6163;
/// Version of the tables and of what stands in their columns.
const FORMAT: i64 = 1;
/// How long a command waits for another process that writes.
const WAIT: Duration = Duration::from_secs(10);

/// The file, with one connection. Another process may write between two calls.
pub(crate) struct Store {
    connection: Mutex<Connection>,
    /// Grows with each change of ours that what was read before may not show.
    written: AtomicU64,
}

/// What tells whether what was read before still holds.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Seen {
    by_others: i64,
    by_us: u64,
}

impl Store {
    /// Opens the file, and makes it where there is none.
    pub fn open(path: &Path) -> Result<Self, AccountsError> {
        match make_empty(path) {
            Ok(()) => {}
            Err(error) if error.kind() == std::io::ErrorKind::AlreadyExists => {
                refuse_readable_by_others(path)?
            }
            Err(source) => return Err(AccountsError::File { path: path.to_owned(), source }),
        }
        let flags = OpenFlags::SQLITE_OPEN_READ_WRITE | OpenFlags::SQLITE_OPEN_NO_MUTEX;
        let mut connection = Connection::open_with_flags(path, flags)?;
        connection.busy_timeout(WAIT)?;
        connection.set_db_config(DbConfig::SQLITE_DBCONFIG_DEFENSIVE, true)?;
        let settings = "PRAGMA trusted_schema = OFF; PRAGMA foreign_keys = ON; PRAGMA cell_size_check = ON; \
             PRAGMA secure_delete = ON; PRAGMA synchronous = FULL; PRAGMA fullfsync = ON;";
        connection.execute_batch(settings).map_err(|error| foreign(path, error))?;
        // Rolled back rather than WAL: the file is small, written seldom, and stands alone when it is copied.
        connection.pragma_update(None, "journal_mode", "TRUNCATE").map_err(|error| foreign(path, error))?;
        define(&mut connection, path)?;
        Ok(Self { connection: Mutex::new(connection), written: AtomicU64::new(0) })
    }

    fn connection(&self) -> MutexGuard<'_, Connection> {
        // A panic leaves the connection as it is: a transaction under way was rolled back.
        self.connection.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Reads.
    pub fn read<T>(
        &self,
        read: impl FnOnce(&Connection) -> Result<T, AccountsError>,
    ) -> Result<T, AccountsError> {
        read(&self.connection())
    }

    /// Reads, and says what tells whether it still holds later.
    pub fn read_seen<T>(
        &self,
        read: impl FnOnce(&Connection, Seen) -> Result<T, AccountsError>,
    ) -> Result<T, AccountsError> {
        let connection = self.connection();
        let by_others = connection.prepare_cached("PRAGMA data_version")?.query_row([], |row| row.get(0))?;
        read(&connection, Seen { by_others, by_us: self.written.load(Ordering::Acquire) })
    }

    /// Writes all of it, durably, or nothing; what was read before does not hold any more.
    pub fn write<T>(
        &self,
        write: impl FnOnce(&Transaction<'_>) -> Result<T, AccountsError>,
    ) -> Result<T, AccountsError> {
        let done = self.write_aside(write);
        self.written.fetch_add(1, Ordering::Release);
        done
    }

    /// Writes what changes nothing about who may do what: the audit trail, times of last use.
    pub fn write_aside<T>(
        &self,
        write: impl FnOnce(&Transaction<'_>) -> Result<T, AccountsError>,
    ) -> Result<T, AccountsError> {
        let mut connection = self.connection();
        let transaction = connection.transaction_with_behavior(TransactionBehavior::Immediate)?;
        let done = write(&transaction)?;
        transaction.commit()?;
        Ok(done)
    }
}

/// The value of a setting.
pub(crate) fn setting<T: rusqlite::types::FromSql>(
    connection: &Connection,
    name: &str,
) -> Result<Option<T>, AccountsError> {
    let mut statement = connection.prepare_cached("SELECT value FROM setting WHERE name = ?1")?;
    Ok(statement.query_row([name], |row| row.get(0)).optional()?)
}

/// Settles a setting.
pub(crate) fn set(connection: &Connection, name: &str, value: &[u8]) -> Result<(), AccountsError> {
    connection.execute("INSERT OR REPLACE INTO setting (name, value) VALUES (?1, ?2)", (name, value))?;
    Ok(())
}

/// A time as the tables have it: milliseconds.
pub(crate) fn stored(at: Timestamp) -> i64 {
    at.as_millisecond()
}

/// A time of the tables.
pub(crate) fn time(milliseconds: i64) -> Result<Timestamp, rusqlite::Error> {
    let kind = rusqlite::types::Type::Integer;
    Timestamp::from_millisecond(milliseconds)
        .map_err(|error| rusqlite::Error::FromSqlConversionFailure(0, kind, Box::new(error)))
}

/// The name of the accounts' file of a register.
pub(crate) fn beside(store: &Path) -> PathBuf {
    let mut name = store.as_os_str().to_owned();
    name.push(".accounts");
    PathBuf::from(name)
}

fn make_empty(path: &Path) -> std::io::Result<()> {
    let mut options = OpenOptions::new();
    options.write(true).create_new(true);
    #[cfg(unix)]
    std::os::unix::fs::OpenOptionsExt::mode(&mut options, 0o600);
    options.open(path).map(drop)
}

#[cfg(unix)]
fn refuse_readable_by_others(path: &Path) -> Result<(), AccountsError> {
    use std::os::unix::fs::PermissionsExt;
    let failed = |source| AccountsError::File { path: path.to_owned(), source };
    let mode = std::fs::metadata(path).map_err(failed)?.permissions().mode();
    if mode & 0o077 == 0 { Ok(()) } else { Err(AccountsError::ReadableByOthers { path: path.to_owned() }) }
}

#[cfg(not(unix))]
fn refuse_readable_by_others(_path: &Path) -> Result<(), AccountsError> {
    Ok(())
}

/// Something that is no SQLite file is not ours; other errors are what they are.
fn foreign(path: &Path, error: rusqlite::Error) -> AccountsError {
    match error.sqlite_error_code() {
        Some(rusqlite::ErrorCode::NotADatabase) => AccountsError::NotOurs { path: path.to_owned() },
        Some(_) | None => AccountsError::Database(error),
    }
}

/// Makes the tables in an empty file; looks at any other file. Two processes may do it at once: one makes them.
fn define(connection: &mut Connection, path: &Path) -> Result<(), AccountsError> {
    let transaction = connection.transaction_with_behavior(TransactionBehavior::Immediate)?;
    let pragma = |name| transaction.pragma_query_value(None, name, |row| row.get::<_, i64>(0));
    let (id, format) = (pragma("application_id")?, pragma("user_version")?);
    let tables: i64 = transaction.query_row("SELECT count(*) FROM sqlite_schema", [], |row| row.get(0))?;
    match (id, tables) {
        (0, 0) => {}
        (APPLICATION_ID, _) if format > FORMAT => {
            return Err(AccountsError::NewerFormat { path: path.to_owned(), found: format, known: FORMAT });
        }
        (APPLICATION_ID, _) if format == FORMAT => return Ok(()),
        _ => return Err(AccountsError::NotOurs { path: path.to_owned() }),
    }
    transaction.execute_batch(include_str!("../sql/schema.sql"))?;
    set(&transaction, "secret", &random::bytes::<32>()?)?;
    transaction.pragma_update(None, "application_id", APPLICATION_ID)?;
    transaction.pragma_update(None, "user_version", FORMAT)?;
    transaction.commit()?;
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_newer_or_foreign_file_is_refused_and_left_as_it_is() {
        let folder = tempfile::tempdir().expect("a folder");
        let path = folder.path().join("a.accounts");
        drop(Store::open(&path).expect("opens"));
        Connection::open(&path).and_then(|c| c.pragma_update(None, "user_version", 2)).expect("set");
        assert!(matches!(Store::open(&path), Err(AccountsError::NewerFormat { found: 2, .. })));
        Connection::open(&path).and_then(|c| c.pragma_update(None, "application_id", 7)).expect("set");
        assert!(matches!(Store::open(&path), Err(AccountsError::NotOurs { .. })));
        let text = folder.path().join("text");
        make_empty(&text).expect("made");
        std::fs::write(&text, "nothing of ours, and long enough to be looked at").expect("written");
        assert!(matches!(Store::open(&text), Err(AccountsError::NotOurs { .. })));
    }

    #[cfg(unix)]
    #[test]
    fn the_file_is_its_owners_only_and_one_that_is_not_is_refused() {
        use std::os::unix::fs::PermissionsExt;
        let folder = tempfile::tempdir().expect("a folder");
        let path = folder.path().join("a.accounts");
        drop(Store::open(&path).expect("opens"));
        assert_eq!(std::fs::metadata(&path).expect("there").permissions().mode() & 0o777, 0o600);
        std::fs::set_permissions(&path, std::fs::Permissions::from_mode(0o640)).expect("set");
        let refused = Store::open(&path).err().expect("refused");
        assert!(matches!(refused, AccountsError::ReadableByOthers { .. }));
        assert!(refused.to_string().contains("chmod 600"));
    }
}
