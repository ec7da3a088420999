//! A private folder for one uploaded file, beside the store; gone with all in it when the import is over.

use std::io;
use std::os::unix::fs::DirBuilderExt;
use std::path::{Path, PathBuf};

use uuid::Uuid;

/// Where an upload is kept while it is read. Every name in it is ours.
pub(crate) struct Folder(PathBuf);

fn all_of(store: &Path) -> PathBuf {
    let mut name = store.as_os_str().to_owned();
    name.push(".uploads");
    PathBuf::from(name)
}

/// Takes away what a server that was killed has left.
pub(crate) fn clear(store: &Path) {
    match std::fs::remove_dir_all(all_of(store)) {
        Err(error) if error.kind() != io::ErrorKind::NotFound => {
            tracing::warn!(%error, "old uploads cannot be removed");
        }
        _ => {}
    }
}

impl Folder {
    /// A new one that only this user can look into.
    pub fn beside(store: &Path) -> io::Result<Self> {
        let path = all_of(store).join(Uuid::now_v7().to_string());
        std::fs::DirBuilder::new().recursive(true).mode(0o700).create(&path)?;
        Ok(Self(path))
    }

    pub fn path(&self) -> &Path {
        &self.0
    }

    /// The uploaded file.
    pub fn upload(&self, format: &str) -> PathBuf {
        self.0.join(upload_name(format))
    }

    /// What became of it, written by the child.
    pub fn report(&self) -> PathBuf {
        self.0.join(REPORT)
    }

    /// What the child said beside it.
    pub fn said(&self) -> PathBuf {
        self.0.join("said")
    }

    /// Stands there from when the child begins to hand records to the register.
    pub fn handed_over(&self) -> PathBuf {
        self.0.join(HANDED_OVER)
    }
}

pub(crate) const REPORT: &str = "report.json";
pub(crate) const HANDED_OVER: &str = "handed-over";

pub(crate) fn upload_name(format: &str) -> String {
    format!("upload.{format}")
}

impl Drop for Folder {
    fn drop(&mut self) {
        if let Err(error) = std::fs::remove_dir_all(&self.0) {
            tracing::warn!(%error, "an upload cannot be removed");
        }
    }
}
