//! Reading a file whole, for tests.

use std::path::{Path, PathBuf};

use exchange::{Item, Mapping, ReadError, ReadOptions, Reading, read};
use model::{Collection, Draft};

/// The folder of real files, which is not part of this repository.
pub fn real(name: &str) -> Option<PathBuf> {
    let path = Path::new(concat!(env!("CARGO_MANIFEST_DIR"), "/../../../shared/data")).join(name);
    if path.exists() {
        return Some(path);
    }
    eprintln!("skipped: {} is not here", path.display());
    None
}

/// A mapping of this repository.
pub fn mapping(name: &str) -> Mapping {
    let path = Path::new(concat!(env!("CARGO_MANIFEST_DIR"), "/../../data/mappings")).join(name);
    Mapping::from_path(&path).expect("a mapping")
}

pub fn items(path: &Path, options: &ReadOptions) -> Result<(Vec<Item>, Reading), ReadError> {
    let mut items = Vec::new();
    let reading = read(path, options, &mut |item| items.push(item))?;
    Ok((items, reading))
}

/// Every record of a file as a draft; fails where one is unreadable.
pub fn drafts(path: &Path, options: &ReadOptions) -> (Vec<Draft>, Reading) {
    let (items, reading) = items(path, options).unwrap_or_else(|error| panic!("{}: {error}", path.display()));
    let draft = |item| match item {
        Item::Draft(draft) => draft,
        Item::Unreadable { origin, finding } => panic!("{origin:?}: {}", finding.message),
    };
    (items.into_iter().map(draft).collect(), reading)
}

pub fn as_collection(collection: Collection) -> ReadOptions {
    ReadOptions { collection: Some(collection), ..ReadOptions::default() }
}
