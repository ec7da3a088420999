//! From the log to the state: reading on one thread, making rows on all.

use std::collections::HashMap;
use std::ops::ControlFlow;
use std::sync::Arc;
use std::sync::mpsc::{Receiver, SyncSender, sync_channel};

use model::Identity;
use rayon::prelude::*;
use spatial_index::Row;
use store_sqlite::{Store, StoredEvent};

use crate::state::State;
use crate::{RegisterError, Snapshot};

/// Events that are made into rows together.
const CHUNK: usize = 2_048;
/// Chunks that wait while rows are made: bounds memory.
const WAITING_CHUNKS: usize = 4;

/// The state and snapshot that the whole log amounts to.
pub fn load(store: &Store, progress: &mut dyn FnMut(u64, u64)) -> Result<(State, Snapshot), RegisterError> {
    let (chunks, incoming) = sync_channel(WAITING_CHUNKS);
    let state = std::thread::scope(|scope| {
        let folding = scope.spawn(|| fold(incoming));
        let read = read(store, chunks, progress);
        let folded = folding.join().map_err(|_| RegisterError::BrokeOff)?;
        read.and(folded)
    })?;
    let head = store.head();
    let snapshot = Snapshot::freeze(&head.epoch, head.revision, head.recorded_at, state.rows());
    Ok((state, snapshot))
}

fn read(
    store: &Store,
    chunks: SyncSender<Vec<StoredEvent>>,
    progress: &mut dyn FnMut(u64, u64),
) -> Result<(), RegisterError> {
    let total = store.head().revision;
    let mut chunk = Vec::with_capacity(CHUNK);
    let mut is_heard = true;
    store.replay(0, &mut |event| {
        let revision = event.revision;
        chunk.push(event);
        if chunk.len() == CHUNK || revision == total {
            is_heard = chunks.send(std::mem::take(&mut chunk)).is_ok();
            progress(revision, total);
        }
        if is_heard { ControlFlow::Continue(()) } else { ControlFlow::Break(()) }
    })?;
    Ok(())
}

fn fold(incoming: Receiver<Vec<StoredEvent>>) -> Result<State, RegisterError> {
    let mut state = State::default();
    let mut authors = HashMap::new();
    for chunk in incoming {
        let named: Vec<_> =
            chunk.into_iter().map(|event| (shared(&mut authors, &event.author), event)).collect();
        let versions: Result<Vec<_>, _> =
            named.into_par_iter().map(|(author, event)| version(event, author)).collect();
        for (row, identity, content) in versions? {
            state.fold(Arc::new(row), identity, content);
        }
    }
    Ok(state)
}

/// One text for each author, however many records are theirs.
fn shared(authors: &mut HashMap<String, Arc<str>>, author: &str) -> Arc<str> {
    if let Some(known) = authors.get(author) {
        return Arc::clone(known);
    }
    let text: Arc<str> = author.into();
    authors.insert(author.to_owned(), Arc::clone(&text));
    text
}

fn version(event: StoredEvent, author: Arc<str>) -> Result<(Row, Identity, [u8; 32]), RegisterError> {
    let StoredEvent {
        revision, recorded_at, id, collection, identity, content, properties, geometry, ..
    } = event;
    let row = Row::new(id, collection, geometry, properties.into(), revision, recorded_at, author);
    Ok((row.map_err(RegisterError::Record)?, identity, content))
}
