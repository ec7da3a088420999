//! From the log to the state: reading on one thread, making rows on all.

use std::collections::HashMap;
use std::ops::ControlFlow;
use std::sync::Arc;
use std::sync::mpsc::{Receiver, SyncSender, sync_channel};

use access::Publication;
use model::{Action, Identity, Request};
use rayon::prelude::*;
use spatial_index::{LogEntry, Made, Row, public_form};
use store_sqlite::{Store, StoredEvent};

use crate::state::{Folded, State};
use crate::{RegisterError, Snapshot};

/// Events that are made into rows together.
const CHUNK: usize = 2_048;
/// Chunks that wait while rows are made: bounds memory.
const WAITING_CHUNKS: usize = 4;

/// The state and snapshot that the whole log amounts to; with public forms where there is a policy.
pub fn load(
    store: &Store,
    policy: Option<&Publication>,
    progress: &mut dyn FnMut(u64, u64),
) -> Result<(State, Snapshot), RegisterError> {
    let (chunks, incoming) = sync_channel(WAITING_CHUNKS);
    let (state, entries) = std::thread::scope(|scope| {
        let folding = scope.spawn(|| fold(incoming, policy));
        let read = read(store, chunks, progress);
        let folded = folding.join().map_err(|_| RegisterError::BrokeOff)?;
        read.and(folded)
    })?;
    let head = store.head();
    let epochs = (head.epoch.as_str(), &*public_epoch(&head.epoch, policy));
    let snapshot = Snapshot::freeze(epochs, head.revision, head.recorded_at, entries);
    Ok((state, snapshot))
}

fn public_epoch(epoch: &str, policy: Option<&Publication>) -> String {
    policy.map(|policy| policy.public_epoch(epoch)).unwrap_or_default()
}

/// The register that a store amounts to, for reading only, on the store's own machine: nothing is published.
///
/// # Errors
/// The log cannot be read whole.
pub fn snapshot_of(store: &Store, progress: &mut dyn FnMut(u64, u64)) -> Result<Snapshot, RegisterError> {
    load(store, None, progress).map(|(_, snapshot)| snapshot)
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

fn fold(
    incoming: Receiver<Vec<StoredEvent>>,
    policy: Option<&Publication>,
) -> Result<(State, Vec<LogEntry>), RegisterError> {
    let (mut state, mut entries) = (State::default(), Vec::new());
    let mut texts = HashMap::new();
    for chunk in incoming {
        let named: Vec<_> = chunk
            .into_iter()
            .map(|event| (shared(&mut texts, &event.author), shared(&mut texts, &event.reason), event))
            .collect();
        let rows: Result<Vec<_>, _> =
            named.into_par_iter().map(|(by, why, event)| row(event, by, why, policy)).collect();
        for (row, form, event) in rows? {
            let (action, request) = (&event.action, event.request.as_ref());
            let (identity, content) = (event.identity, event.content);
            let stood = state.known(row.id).map(|known| known.row.home());
            state.fold(Folded { action, request, row: Arc::clone(&row), identity, content });
            entries.push(published(LogEntry::new(row, event.action).of_one_that_stood(stood), form, policy));
        }
    }
    Ok((state, entries))
}

/// The event with what everybody may see of its version.
pub fn published(entry: LogEntry, form: Option<Row>, policy: Option<&Publication>) -> LogEntry {
    let public_id = policy.map(|policy| policy.public_id(entry.row.id));
    match public_id.filter(|_| entry.action().takes_effect()) {
        Some(id) => entry.published(id, form),
        None => entry,
    }
}

/// What everybody may see of a version that takes effect.
pub fn form_of(
    row: &Row,
    action: &Action,
    policy: Option<&Publication>,
) -> Result<Option<Row>, RegisterError> {
    let policy = policy.filter(|_| action.takes_effect());
    policy.map_or(Ok(None), |policy| public_form(row, policy)).map_err(RegisterError::Record)
}

/// One text for each author and reason, however many records they are of.
fn shared(texts: &mut HashMap<String, Arc<str>>, text: &str) -> Arc<str> {
    if let Some(known) = texts.get(text) {
        return Arc::clone(known);
    }
    let kept: Arc<str> = text.into();
    texts.insert(text.to_owned(), Arc::clone(&kept));
    kept
}

/// What is left of an event once its row is made.
struct Rest {
    action: Action,
    request: Option<Request>,
    identity: Identity,
    content: [u8; 32],
}

fn row(
    event: StoredEvent,
    recorded_by: Arc<str>,
    reason: Arc<str>,
    policy: Option<&Publication>,
) -> Result<(Arc<Row>, Option<Row>, Rest), RegisterError> {
    let StoredEvent {
        revision, recorded_at, id, collection, identity, content, properties, geometry, ..
    } = event;
    let made = Made { revision, recorded_at, recorded_by, reason };
    let row = Row::new(id, collection, geometry, properties.into(), made).map_err(RegisterError::Record)?;
    let form = form_of(&row, &event.action, policy)?;
    let rest = Rest { action: event.action, request: event.request, identity, content };
    Ok((Arc::new(row), form, rest))
}
