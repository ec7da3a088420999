//! A file that appears complete or not at all.

use std::fs::{self, File, OpenOptions};
use std::io::{self, BufWriter, Write};
use std::path::{Path, PathBuf};

use crate::WriteError;

/// Writes through `fill` to a file beside `path`, makes it durable, then renames it.
///
/// # Errors
/// Where it could not be written, or `fill` says so; then the file of that name is as it was.
pub fn write_file(
    path: &Path,
    fill: impl FnOnce(&mut BufWriter<File>) -> Result<u64, WriteError>,
) -> Result<u64, WriteError> {
    let beside = Beside::new(path);
    let file = OpenOptions::new().write(true).create_new(true).open(&beside.path).map_err(failed(path))?;
    let mut out = BufWriter::new(file);
    let count = fill(&mut out)?;
    out.flush().map_err(failed(path))?;
    out.get_ref().sync_all().map_err(failed(path))?;
    beside.rename_to(path)?;
    Ok(count)
}

/// An unfinished file; removed unless it was renamed.
pub(crate) struct Beside {
    pub path: PathBuf,
}

impl Beside {
    /// A name beside `path` that no other writer has.
    pub fn new(path: &Path) -> Self {
        use std::sync::atomic::{AtomicU64, Ordering};
        static NEXT: AtomicU64 = AtomicU64::new(0);
        let name = path.file_name().unwrap_or_default().to_string_lossy();
        let number = NEXT.fetch_add(1, Ordering::Relaxed);
        Self { path: path.with_file_name(format!(".{name}.{}-{number}.unfinished", std::process::id())) }
    }

    /// The last step.
    pub fn rename_to(&self, path: &Path) -> Result<(), WriteError> {
        fs::rename(&self.path, path).map_err(failed(path))?;
        // The new name itself must survive a power cut.
        let folder = path.parent().filter(|folder| !folder.as_os_str().is_empty()).unwrap_or(Path::new("."));
        File::open(folder).and_then(|folder| folder.sync_all()).map_err(failed(path))
    }
}

impl Drop for Beside {
    fn drop(&mut self) {
        // After the rename there is nothing left of that name.
        let _ = fs::remove_file(&self.path);
    }
}

/// The error of a write to `path`.
pub(crate) fn failed(path: &Path) -> impl Fn(io::Error) -> WriteError + '_ {
    |source| WriteError::Io { file: path.to_owned(), source }
}
