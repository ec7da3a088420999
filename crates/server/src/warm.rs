//! Tiles of low zooms, made before anybody asks for them: after the start, and after imports that changed much.
//!
//! One thread of the lowest priority. It holds nobody up: whoever asks for a tile that it is making makes it as well.

use std::thread;
use std::time::Duration;

use access::Scope;
use spatial_index::{Layer, View};
use tiles::TileId;

use crate::App;
use crate::tile::{Form, Found, made};
use crate::tile_cache::EVENTS_MAX;

/// Deepest zoom that is made beforehand.
const WARMED_ZOOM_MAX: u8 = 7;
/// How often is looked for what has changed.
const LOOKED_EVERY: Duration = Duration::from_secs(2);
/// The least urgent that the system knows.
const NICENESS: i32 = 19;

/// Begins to keep the tiles of what a scope sees.
pub(crate) fn in_background(app: App, scope: Scope) {
    let work = move || {
        // Of this thread only. Without it the tiles are made all the same.
        let _ = rustix::process::nice(NICENESS);
        keep(&app, &scope);
    };
    if let Err(error) = thread::Builder::new().name("warm-tiles".to_owned()).spawn(work) {
        tracing::error!(%error, "no thread for tiles made beforehand");
    }
}

fn keep(app: &App, scope: &Scope) {
    let mut warmed: Option<u64> = None;
    while !*app.stopping.borrow() {
        let view = app.views.newest(&app.register, scope);
        // After a few changes whoever asks makes what they touched; after many everything is made anew.
        let is_due = warmed.is_none_or(|revision| view.changed_since(revision, EVENTS_MAX).is_none());
        if !is_due || warm(app, &view) {
            warmed = Some(view.revision());
            drop(view);
            thread::sleep(LOOKED_EVERY);
        }
    }
}

/// Whether all were made before a newer view appeared.
fn warm(app: &App, view: &View) -> bool {
    let found = Found::Records(Layer::Hazards, Form::Vector);
    let mut waiting: std::collections::VecDeque<_> = TileId::new(0, 0, 0).into_iter().collect();
    while let Some(tile) = waiting.pop_front() {
        let is_newest = app.views.newest(&app.register, view.scope()).revision() == view.revision();
        if *app.stopping.borrow() || !is_newest {
            return false;
        }
        if has_something(app, view, &found, tile) && tile.z < WARMED_ZOOM_MAX {
            waiting.extend(children(tile));
        }
    }
    true
}

fn has_something(app: &App, view: &View, found: &Found, tile: TileId) -> bool {
    let (key, source) = (found.key(view, tile), found.source(view, tile));
    if let Some(stored) = app.tiles.get(&key, source) {
        return !stored.bytes.is_empty();
    }
    match made(view, found, tile) {
        Ok(stored) => {
            let is_full = !stored.bytes.is_empty();
            app.tiles.put(key, source, stored);
            is_full
        }
        Err(error) => {
            tracing::error!(%error, "a tile cannot be made");
            false
        }
    }
}

fn children(tile: TileId) -> impl Iterator<Item = TileId> {
    let (x, y) = (2 * tile.x, 2 * tile.y);
    [(x, y), (x + 1, y), (x, y + 1), (x + 1, y + 1)]
        .into_iter()
        .filter_map(move |(x, y)| TileId::new(tile.z + 1, x, y))
}
