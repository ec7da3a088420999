//! The layers beside a store: a folder with one file each, and what a server holds of them in memory.

use std::collections::BTreeMap;
use std::fmt::Write;
use std::fs;
use std::path::{Path, PathBuf};
use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Arc, Mutex, PoisonError, RwLock};

use model::Geometry;

use crate::{About, Feature, Gathered, LAYERS_MAX, Layer, LayerError, Name, layer_file};

const EXTENSION: &str = "geojsonl";

/// The folder of a store's layers.
pub fn folder_of(store: &Path) -> PathBuf {
    let mut name = store.as_os_str().to_owned();
    name.push(".layers");
    PathBuf::from(name)
}

/// Keeps a layer in a folder; in place of one of that name only where `replace` says so.
///
/// # Errors
/// There is one, there are too many, or the file cannot be written; then the layers are as they were.
pub fn add(folder: &Path, name: &Name, layer: &Gathered, replace: bool) -> Result<(), LayerError> {
    let path = file_of(folder, name);
    let exists = path.exists();
    if exists && !replace {
        return Err(LayerError::Exists(name.clone()));
    }
    let found = names(folder)?.len();
    if !exists && found >= LAYERS_MAX {
        let what = "layers".to_owned();
        return Err(LayerError::TooMany { what, found: found + 1, most: LAYERS_MAX, limit: "LAYERS_MAX" });
    }
    fs::create_dir_all(folder).map_err(|source| LayerError::Io { file: folder.to_owned(), source })?;
    layer_file::write(&path, layer)
}

/// Removes a layer from a folder.
///
/// # Errors
/// There is none, or its file cannot be removed.
pub fn remove(folder: &Path, name: &Name) -> Result<(), LayerError> {
    let path = file_of(folder, name);
    if !path.exists() {
        let known = names(folder)?.into_iter().map(|name| name.to_string()).collect::<Vec<_>>();
        let known = if known.is_empty() { "none".to_owned() } else { known.join(", ") };
        return Err(LayerError::Missing { name: name.clone(), known });
    }
    fs::remove_file(&path).map_err(|source| LayerError::Io { file: path, source })
}

/// A layer of a folder: its name, and what it says about itself or why it cannot.
pub type Listed = (Name, Result<About, LayerError>);

/// What the layers of a folder say about themselves, by name.
///
/// # Errors
/// The folder cannot be read.
pub fn list(folder: &Path) -> Result<Vec<Listed>, LayerError> {
    let names = names(folder)?;
    Ok(names.into_iter().map(|name| (name.clone(), layer_file::about(&file_of(folder, &name)))).collect())
}

fn file_of(folder: &Path, name: &Name) -> PathBuf {
    folder.join(format!("{name}.{EXTENSION}"))
}

/// Names of the layers in a folder, in order. Files of other names are not ours.
fn names(folder: &Path) -> Result<Vec<Name>, LayerError> {
    let failed = |source| LayerError::Io { file: folder.to_owned(), source };
    if !folder.exists() {
        return Ok(Vec::new());
    }
    let mut names = Vec::new();
    for entry in fs::read_dir(folder).map_err(failed)? {
        let file = entry.map_err(failed)?.file_name();
        let stem = file.to_str().and_then(|file| file.strip_suffix(EXTENSION)?.strip_suffix('.'));
        names.extend(stem.and_then(|stem| Name::parse(stem).ok()));
    }
    names.sort_unstable();
    Ok(names)
}

/// Appends a feature as GeoJSON, without the brace that ends it, so that members may follow.
pub(crate) fn write_feature(feature: &Feature, out: &mut String) {
    let _ = write!(out, r#"{{"type":"Feature","id":{},"geometry":"#, feature.number);
    match &feature.geometry {
        Some(geometry) => exchange::write_geometry(geometry, out),
        None => out.push_str("null"),
    }
    let _ = write!(out, r#","properties":{}"#, feature.properties);
}

impl Feature {
    /// Appends the feature as GeoJSON.
    pub fn write(&self, out: &mut String) {
        write_feature(self, out);
        out.push('}');
    }
}

/// Every layer at one moment; never changed.
#[derive(Default)]
pub struct Layers {
    generation: u64,
    sound: BTreeMap<String, Arc<Layer>>,
    damaged: BTreeMap<String, String>,
}

impl Layers {
    fn load(folder: &Path) -> Result<Self, LayerError> {
        static NEXT: AtomicU64 = AtomicU64::new(1);
        let mut layers = Self { generation: NEXT.fetch_add(1, Ordering::Relaxed), ..Self::default() };
        for name in names(folder)? {
            match layer_file::read(&file_of(folder, &name)) {
                Ok(layer) => drop(layers.sound.insert(name.to_string(), Arc::new(layer))),
                Err(error) => drop(layers.damaged.insert(name.to_string(), error.to_string())),
            }
        }
        Ok(layers)
    }

    /// Another number for every time the layers were read.
    pub fn generation(&self) -> u64 {
        self.generation
    }

    /// The layer of that name.
    ///
    /// # Errors
    /// There is one, but it cannot be read.
    pub fn get(&self, name: &str) -> Result<Option<&Arc<Layer>>, String> {
        match self.damaged.get(name) {
            Some(why) => Err(why.clone()),
            None => Ok(self.sound.get(name)),
        }
    }

    /// Every layer that can be read, by name.
    pub fn iter(&self) -> impl Iterator<Item = (&str, &Arc<Layer>)> {
        self.sound.iter().map(|(name, layer)| (name.as_str(), layer))
    }

    /// Layers that cannot be read, and why.
    pub fn damaged(&self) -> impl Iterator<Item = (&str, &str)> {
        self.damaged.iter().map(|(name, why)| (name.as_str(), why.as_str()))
    }

    /// Whether records are told their administrative units. Not while a layer is damaged: it may be the one that
    /// holds them, and a list that lacks some would look complete.
    pub fn has_units(&self) -> bool {
        self.damaged.is_empty() && self.units().next().is_some()
    }

    /// Codes of the units that a shape touches: layer by layer in order of names, each in its own order.
    pub fn units_touching(&self, shape: &Geometry) -> Vec<&str> {
        let mut codes: Vec<&str> = Vec::new();
        for code in self.units().flat_map(|layer| layer.codes_touching(shape)) {
            if !codes.contains(&code) {
                codes.push(code);
            }
        }
        codes
    }

    fn units(&self) -> impl Iterator<Item = &Arc<Layer>> {
        self.sound.values().filter(|layer| layer.about().admin_code.is_some())
    }
}

/// The layers beside a store, shared by those who answer from them and those who are told that they changed.
#[derive(Clone, Default)]
pub struct Shelf {
    folder: PathBuf,
    layers: Arc<RwLock<Arc<Layers>>>,
    /// One reads at a time, so that what was read last is what is kept.
    reading: Arc<Mutex<()>>,
}

impl Shelf {
    /// The shelf beside a store; empty until it is read ([`Shelf::reload`]).
    pub fn beside(store: &Path) -> Self {
        Self { folder: folder_of(store), ..Self::default() }
    }

    /// The layers as they are now.
    pub fn layers(&self) -> Arc<Layers> {
        Arc::clone(&self.layers.read().unwrap_or_else(PoisonError::into_inner))
    }

    /// Reads every layer anew; a damaged one is named by [`Layers::damaged`]. Those who answer keep what they have until it is done.
    ///
    /// # Errors
    /// The folder cannot be read; then the layers stay as they were.
    pub fn reload(&self) -> Result<Arc<Layers>, LayerError> {
        let _alone = self.reading.lock().unwrap_or_else(PoisonError::into_inner);
        let layers = Arc::new(Layers::load(&self.folder)?);
        *self.layers.write().unwrap_or_else(PoisonError::into_inner) = Arc::clone(&layers);
        Ok(layers)
    }
}

impl std::fmt::Debug for Shelf {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Shelf").field("folder", &self.folder).finish_non_exhaustive()
    }
}

#[cfg(test)]
#[path = "shelf_tests.rs"]
mod tests;
