//! What the targets share: files for the readers, and what must hold of whatever they read.

use std::path::{Path, PathBuf};
use std::sync::LazyLock;

use exchange::{Format, Item, ReadOptions};
use geodesy::Crs;
use model::{Collection, Context, Draft, RecordId};
use tempfile::TempDir;

/// A folder in memory where the system has one; a process has its own.
static FOLDER: LazyLock<TempDir> = LazyLock::new(|| {
    let memory = Path::new("/dev/shm");
    let folder = if memory.is_dir() { TempDir::new_in(memory) } else { TempDir::new() };
    folder.expect("a folder can be made")
});

/// Writes a file and gives its path.
pub fn file(name: &str, bytes: &[u8]) -> PathBuf {
    let path = FOLDER.path().join(name);
    std::fs::write(&path, bytes).expect("a file can be written");
    path
}

/// Reads a file as an import would, and holds what comes of it to what every reader promises.
pub fn read(format: Format, path: &Path) {
    let options = ReadOptions {
        format: Some(format),
        collection: Some(Collection::HazardousAreas),
        crs: Some(Crs::wgs84()),
        ..ReadOptions::default()
    };
    let mut last = 0;
    // A file that is refused is as good an answer as one that is read.
    let _ = exchange::read(path, &options, &mut |item| {
        let origin = match item {
            Item::Draft(draft) => {
                let origin = draft.origin.clone();
                holds(draft);
                origin
            }
            Item::Unreadable { origin, .. } => origin,
        };
        assert!(format == Format::GeoPackage || origin.number >= last, "records keep their order");
        last = origin.number;
    });
}

/// A draft is checked without harm, and a record lies on the Earth.
pub fn holds(draft: Draft) {
    let context = Context { today: jiff::civil::date(2026, 1, 1), programme_area: None };
    let Ok(record) = model::check(draft, RecordId::nil(), &context) else { return };
    if let Some(geometry) = &record.geometry {
        let is_on_earth = model::coordinates(geometry).all(|c| c.x.abs() <= 180.0 && c.y.abs() <= 90.0);
        assert!(is_on_earth, "{geometry:?}");
    }
    let _ = record.properties();
}
