//! A register holds places of restricted records, names of people and hashes of passwords: nobody but its owner reads
//! the files.

use std::fs::DirBuilder;
use std::os::unix::fs::{DirBuilderExt, PermissionsExt};
use std::path::Path;

use rustix::fs::Mode;

use crate::exit::Stopped;

/// From now on this process makes files for its owner only.
pub fn new_files() {
    rustix::process::umask(Mode::RWXG | Mode::RWXO);
}

/// Makes the folder of a store where it is missing, for its owner only.
pub fn make_folder_of(store: &Path) -> Result<(), Stopped> {
    let folder = store.parent().filter(|folder| !folder.as_os_str().is_empty() && !folder.exists());
    let Some(folder) = folder else { return Ok(()) };
    let failed = |error| Stopped::machine(format!("{}: {error}", folder.display()));
    DirBuilder::new().mode(0o700).create(folder).map_err(failed)
}

/// Says that others on this machine can read a store: some put it into a shared folder on purpose.
pub fn warn_of_readable(store: &Path) {
    let mode = std::fs::metadata(store).map_or(0, |about| about.permissions().mode());
    if mode & 0o077 != 0 {
        let store = store.display();
        tracing::warn!(%store, "the store can be read by others on this machine; take that off: chmod 600");
    }
}
