//! One process writes: an operating-system lock on a file beside the register.

use std::fs::{File, OpenOptions, TryLockError};
use std::path::{Path, PathBuf};

use crate::StoreError;

/// Takes the lock of the register at `path`, or says who cannot.
///
/// It is a file of its own: closing a second descriptor of the database would drop the POSIX locks that SQLite
/// holds on it (sqlite.org/howtocorrupt.html, section 2.2).
pub fn take(path: &Path) -> Result<File, StoreError> {
    let lock = beside(path, ".lock");
    let mut options = OpenOptions::new();
    options.create(true).truncate(false).write(true);
    let file = owner_only(&mut options)
        .open(&lock)
        .map_err(|source| StoreError::File { path: lock.clone(), source })?;
    match file.try_lock() {
        Ok(()) => Ok(file),
        Err(TryLockError::WouldBlock) => Err(StoreError::Locked { path: path.to_owned(), lock }),
        Err(TryLockError::Error(source)) => Err(StoreError::File { path: lock, source }),
    }
}

/// `path` with `suffix` behind its name.
pub fn beside(path: &Path, suffix: &str) -> PathBuf {
    let mut name = path.as_os_str().to_owned();
    name.push(suffix);
    PathBuf::from(name)
}

/// A register holds places of restricted records and names of people: nobody but its owner reads the file.
#[cfg(unix)]
pub fn owner_only(options: &mut OpenOptions) -> &mut OpenOptions {
    std::os::unix::fs::OpenOptionsExt::mode(options, 0o600)
}

/// Elsewhere the folder's rights decide.
#[cfg(not(unix))]
pub fn owner_only(options: &mut OpenOptions) -> &mut OpenOptions {
    options
}
