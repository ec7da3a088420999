//! Compressed tiles by what they show. A commit drops the tiles that it touches, and no others; each tile is made once
//! however many ask for it.
//!
//! A tile of records is made of what lies in the box that it searches (`tiles::searched`, its margin included). Each scope
//! has a list of the boxes that commits have touched ([`Journal`]); a tile made at one revision is good at another where
//! none of the boxes between them touches its own. What was known at a past revision never changes.

use std::collections::VecDeque;
use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Arc, Mutex, PoisonError};

use access::Scope;
use model::Bounds;
use moka::ops::compute::Op;
use spatial_index::{Changed, Layer, View};
use tiles::TileId;

use crate::tile::Form;

/// Memory for compressed tiles, in bytes.
const CACHE_BYTES: u64 = 256 * 1024 * 1024;
/// What a tile takes beside its bytes, about.
const BESIDE_BYTES: usize = 384;
/// Events since a scope was last looked at; after more all its tiles are made anew.
pub(crate) const EVENTS_MAX: usize = 2_000;
/// Boxes that are remembered for each scope. A tile that was made before the oldest of them is made anew.
const BOXES_MAX: usize = 10_000;
/// Scopes whose boxes are remembered.
const SCOPES: u64 = 64;

/// A compressed tile.
#[derive(Debug)]
pub(crate) struct Stored {
    /// Of its content alone: the same tile has the same one at every revision and in every process.
    pub etag: String,
    /// Compressed with gzip, or a PNG; nothing where the tile is empty.
    pub bytes: Vec<u8>,
    pub is_png: bool,
}

/// What a tile shows.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub(crate) struct Key {
    /// Of the register's numbering; of a reference layer its checksum.
    epoch: String,
    /// The past revision that is shown; 0 for the present.
    known_at: u64,
    scope: Scope,
    layer: String,
    form: Form,
    tile: (u8, u32, u32),
}

impl Key {
    /// Of records, as a view shows them.
    pub fn of_records(view: &View, layer: Layer, form: Form, TileId { z, x, y }: TileId) -> Self {
        let known_at = if view.is_past() { view.revision() } else { 0 };
        let (epoch, scope) = (view.epoch().to_owned(), view.scope().clone());
        Self { epoch, known_at, scope, layer: layer.id().to_owned(), form, tile: (z, x, y) }
    }

    /// Of a reference layer: it is what its content is, whatever the register's revision.
    pub fn of_reference(layer: &reference::Layer, scope: &Scope, TileId { z, x, y }: TileId) -> Self {
        let (epoch, id) = (layer.checksum().to_owned(), layer.about().id.clone());
        Self { epoch, known_at: 0, scope: scope.clone(), layer: id, form: Form::Vector, tile: (z, x, y) }
    }
}

/// What a tile is made of, for it to be known whether it is still good.
#[derive(Clone, Copy)]
pub(crate) enum Source<'v> {
    /// Never changes under its key.
    Fixed,
    /// What a view shows of a layer in a box.
    Records { view: &'v View, layer: Layer, searched: Bounds },
}

/// A tile, and at which revisions it is known to be good.
#[derive(Debug)]
struct Kept {
    tile: Arc<Stored>,
    made_at: u64,
    /// Nothing has touched it from `made_at` up to here.
    good_until: AtomicU64,
}

/// Compressed tiles.
pub(crate) struct Cache {
    tiles: moka::sync::Cache<Key, Arc<Kept>>,
    journals: moka::sync::Cache<(String, Scope), Arc<Mutex<Journal>>>,
    made: AtomicU64,
}

impl Cache {
    pub fn new() -> Self {
        let weigh = |_: &Key, kept: &Arc<Kept>| {
            u32::try_from(kept.tile.bytes.len() + BESIDE_BYTES).unwrap_or(u32::MAX)
        };
        Self {
            tiles: moka::sync::Cache::builder().max_capacity(CACHE_BYTES).weigher(weigh).build(),
            journals: moka::sync::Cache::new(SCOPES),
            made: AtomicU64::new(0),
        }
    }

    /// How many tiles were made since the start.
    #[cfg(test)]
    pub fn made(&self) -> u64 {
        self.made.load(Ordering::Relaxed)
    }

    /// The tile where it is there and good.
    pub fn get(&self, key: &Key, source: Source<'_>) -> Option<Arc<Stored>> {
        let kept = self.tiles.get(key)?;
        self.is_good(&kept, source).then(|| Arc::clone(&kept.tile))
    }

    /// The tile, made by `make` where it is not there or not good. Others who ask for it meanwhile wait for it.
    pub fn get_or_make(
        &self,
        key: Key,
        source: Source<'_>,
        make: impl FnOnce() -> Result<Stored, String>,
    ) -> Result<Arc<Stored>, String> {
        let mut found = None;
        let decided = self.tiles.entry(key).and_try_compute_with(|known| {
            let known = known.map(|entry| entry.into_value());
            if let Some(kept) = known.as_ref().filter(|kept| self.is_good(kept, source)) {
                found = Some(Arc::clone(&kept.tile));
                return Ok::<_, String>(Op::Nop);
            }
            let number = self.made.fetch_add(1, Ordering::Relaxed) + 1;
            tracing::trace!(number, "a tile is made");
            let tile = Arc::new(make()?);
            found = Some(Arc::clone(&tile));
            // Whoever still looks at an older revision does not put its tile in the newer one's place.
            let is_older = known.is_some_and(|kept| source.revision() < kept.made_at);
            Ok(if is_older { Op::Nop } else { Op::Put(Arc::new(Kept::at(source.revision(), tile))) })
        });
        decided?;
        found.ok_or_else(|| "a tile was neither found nor made".to_owned())
    }

    /// Puts in a tile that was made without holding anybody up.
    pub fn put(&self, key: Key, source: Source<'_>, tile: Stored) {
        let new = Arc::new(Kept::at(source.revision(), Arc::new(tile)));
        self.tiles.entry(key).and_compute_with(|known| match known {
            Some(entry) if entry.value().made_at >= new.made_at => Op::Nop,
            _ => Op::Put(new),
        });
    }

    fn is_good(&self, kept: &Kept, source: Source<'_>) -> bool {
        let Source::Records { view, layer, searched } = source else { return true };
        let (now, until) = (view.revision(), kept.good_until.load(Ordering::Acquire));
        if view.is_past() || (kept.made_at..=until).contains(&now) {
            return true;
        }
        let journal = self.journal(view);
        let mut journal = journal.lock().unwrap_or_else(PoisonError::into_inner);
        journal.follow(view);
        let (from, to) = if now > until { (until, now) } else { (now, kept.made_at) };
        let is_good = journal.is_untouched((from, to), layer, &searched);
        if is_good {
            kept.good_until.fetch_max(now, Ordering::AcqRel);
        }
        is_good
    }

    fn journal(&self, view: &View) -> Arc<Mutex<Journal>> {
        let key = (view.epoch().to_owned(), view.scope().clone());
        self.journals.get_with(key, || Arc::new(Mutex::new(Journal::from(view.revision()))))
    }
}

impl Source<'_> {
    fn revision(&self) -> u64 {
        match self {
            Self::Fixed => 0,
            Self::Records { view, .. } => view.revision(),
        }
    }
}

impl Kept {
    fn at(revision: u64, tile: Arc<Stored>) -> Self {
        Self { tile, made_at: revision, good_until: AtomicU64::new(revision) }
    }
}

/// The boxes that commits have touched, of one scope.
#[derive(Debug)]
struct Journal {
    /// Every box after this revision is in the list.
    complete_after: u64,
    until: u64,
    boxes: VecDeque<Changed>,
}

impl Journal {
    fn from(revision: u64) -> Self {
        Self { complete_after: revision, until: revision, boxes: VecDeque::new() }
    }

    /// Takes in what has changed up to a view.
    fn follow(&mut self, view: &View) {
        if view.revision() <= self.until {
            return;
        }
        match view.changed_since(self.until, EVENTS_MAX) {
            Some(changed) => self.boxes.extend(changed),
            None => *self = Self::from(view.revision()),
        }
        self.until = view.revision();
        while self.boxes.len() > BOXES_MAX {
            let dropped = self.boxes.pop_front().map_or(0, |oldest| oldest.revision);
            self.complete_after = self.complete_after.max(dropped);
        }
    }

    /// Whether certainly nothing of a layer has changed in a box after one revision up to another.
    fn is_untouched(&self, (after, until): (u64, u64), layer: Layer, searched: &Bounds) -> bool {
        let is_known = self.complete_after <= after && until <= self.until;
        let first = self.boxes.partition_point(|changed| changed.revision <= after);
        let between = self.boxes.range(first..).take_while(|changed| changed.revision <= until);
        is_known && !between.into_iter().any(|c| c.concerns(layer) && c.bounds.touches(searched))
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use access::Caller;
    use spatial_index::Snapshot;

    fn stored(text: &str) -> Stored {
        Stored { etag: text.to_owned(), bytes: text.as_bytes().to_vec(), is_png: false }
    }

    fn tile() -> TileId {
        TileId::new(3, 4, 2).expect("exists")
    }

    #[test]
    fn many_who_ask_for_one_missing_tile_at_once_have_it_made_once() {
        let cache = Cache::new();
        let view = Snapshot::empty("register", "public").open(&Caller::public().scope());
        let searched = tiles::searched(tile());
        let source = Source::Records { view: &view, layer: Layer::Hazards, searched };
        let make = || {
            std::thread::sleep(std::time::Duration::from_millis(50));
            Ok(stored("tile"))
        };
        std::thread::scope(|scope| {
            for _ in 0..40 {
                scope.spawn(|| {
                    let key = Key::of_records(&view, Layer::Hazards, Form::Vector, tile());
                    assert_eq!(cache.get_or_make(key, source, make).expect("a tile").etag, "tile");
                });
            }
        });
        assert_eq!(cache.made(), 1);
    }

    #[test]
    fn a_tile_that_cannot_be_made_is_a_failure_for_whoever_asks_and_is_tried_again() {
        let cache = Cache::new();
        let view = Snapshot::empty("register", "public").open(&Caller::public().scope());
        let key = || Key::of_records(&view, Layer::Hazards, Form::Vector, tile());
        assert!(cache.get_or_make(key(), Source::Fixed, || Err("broken".to_owned())).is_err());
        assert!(cache.get(&key(), Source::Fixed).is_none());
        assert!(cache.get_or_make(key(), Source::Fixed, || Ok(stored("whole"))).is_ok());
    }

    #[test]
    fn boxes_that_are_forgotten_make_a_tile_doubtful_and_not_good() {
        let bounds = Bounds { west: 1.0, south: 1.0, east: 2.0, north: 2.0 };
        let collection = model::Collection::HazardousAreas;
        let changed = |revision| Changed { revision, collection, is_open_hazard: true, bounds };
        let journal = Journal { complete_after: 5, until: 9, boxes: VecDeque::from([changed(7)]) };
        let away = Bounds { west: 3.0, east: 4.0, ..bounds };
        assert!(journal.is_untouched((5, 9), Layer::Hazards, &away));
        assert!(!journal.is_untouched((4, 9), Layer::Hazards, &away), "not known");
        assert!(!journal.is_untouched((5, 10), Layer::Hazards, &away), "not known yet");
        assert!(!journal.is_untouched((6, 7), Layer::Hazards, &bounds));
        assert!(journal.is_untouched((7, 9), Layer::Hazards, &bounds));
        let surveys = Layer::Collection(model::Collection::Surveys);
        assert!(journal.is_untouched((5, 9), surveys, &bounds));
    }
}
