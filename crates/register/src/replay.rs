//! From the log to the state: reading on one thread, making rows on all.

use std::collections::HashSet;
use std::ops::ControlFlow;
use std::sync::Arc;
use std::sync::mpsc::{Receiver, SyncSender, sync_channel};

use access::Publication;
use model::{Action, Identity, Request};
use rayon::prelude::*;
use spatial_index::{Arrival, Batch, Dictionary, Freezing, Made, Row, public_form};
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
    let head = store.head();
    let freezing = Freezing::begin(&head.epoch, &public_epoch(&head.epoch, policy));
    let (state, freezing) = std::thread::scope(|scope| {
        let folding = scope.spawn(|| fold(incoming, freezing, policy));
        let read = read(store, chunks, progress);
        let folded = folding.join().map_err(|_| RegisterError::BrokeOff)?;
        read.and(folded)
    })?;
    store.release_memory()?;
    Ok((state, freezing.finish(head.revision, head.recorded_at)))
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

/// The same with what everybody may see by a policy.
///
/// # Errors
/// The log cannot be read whole.
pub fn published_snapshot_of(
    store: &Store,
    policy: &Publication,
    progress: &mut dyn FnMut(u64, u64),
) -> Result<Snapshot, RegisterError> {
    load(store, Some(policy), progress).map(|(_, snapshot)| snapshot)
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
    mut freezing: Freezing,
    policy: Option<&Publication>,
) -> Result<(State, Freezing), RegisterError> {
    let mut state = State::default();
    let mut batches = Batches::default();
    for chunk in incoming {
        batches.learn(&chunk);
        let in_batches: Vec<_> = chunk.into_iter().map(|event| (batches.of(&event), event)).collect();
        let rows: Result<Vec<_>, _> =
            in_batches.into_par_iter().map(|(batch, event)| row(event, batch, policy)).collect();
        for (row, form, event) in rows? {
            let (action, request) = (&event.action, event.request.as_ref());
            let (identity, content) = (event.identity, event.content);
            let stood = state.known(row.id).map(|known| known.row.home());
            state.fold(Folded { action, request, row: Arc::clone(&row), identity, content });
            let arrival = Arrival::new(row, event.action).of_one_that_stood(stood);
            freezing.take(published(arrival, form, policy));
        }
    }
    Ok((state, freezing))
}

/// The event with what everybody may see of its version.
pub fn published(arrival: Arrival, form: Option<Row>, policy: Option<&Publication>) -> Arrival {
    let public_id = policy.map(|policy| policy.public_id(arrival.id()));
    match public_id.filter(|_| arrival.action().takes_effect()) {
        Some(id) => arrival.published(id, form),
        None => arrival,
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

/// What versions share: one for all that were recorded at once, by one person, for one reason.
#[derive(Default)]
struct Batches {
    dictionary: Option<Arc<Dictionary>>,
    last: Option<Arc<Batch>>,
    texts: HashSet<Arc<str>>,
}

impl Batches {
    /// Makes the dictionary of the first texts.
    fn learn(&mut self, chunk: &[StoredEvent]) {
        if self.dictionary.is_none() {
            let texts: Vec<_> = chunk.iter().map(|event| event.properties.as_str()).collect();
            self.dictionary = Some(dictionary_of(&texts));
        }
    }

    fn of(&mut self, event: &StoredEvent) -> Arc<Batch> {
        let is_same = |batch: &&Arc<Batch>| batch.is_of(event.recorded_at, &event.author, &event.reason);
        if let Some(last) = self.last.as_ref().filter(is_same) {
            return Arc::clone(last);
        }
        let dictionary = self.dictionary.clone().unwrap_or_else(Dictionary::vocabulary);
        let (by, why) = (self.shared(&event.author), self.shared(&event.reason));
        let batch = Batch::new(event.recorded_at, by, why, &dictionary);
        self.last = Some(Arc::clone(&batch));
        batch
    }

    /// One text for each author and reason, however many batches they are of.
    fn shared(&mut self, text: &str) -> Arc<str> {
        if let Some(known) = self.texts.get(text) {
            return Arc::clone(known);
        }
        let kept: Arc<str> = text.into();
        self.texts.insert(Arc::clone(&kept));
        kept
    }
}

/// Examples that a dictionary is made of: texts from all over a list.
const EXAMPLES: usize = 128;

/// The words that records of a kind have in common. Of few records nothing can be learned.
pub fn dictionary_of(texts: &[&str]) -> Arc<Dictionary> {
    if texts.len() < EXAMPLES {
        return Dictionary::vocabulary();
    }
    Dictionary::of(texts.iter().step_by(texts.len() / EXAMPLES).copied())
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
    batch: Arc<Batch>,
    policy: Option<&Publication>,
) -> Result<(Arc<Row>, Option<Row>, Rest), RegisterError> {
    let StoredEvent { revision, id, collection, identity, content, properties, geometry, .. } = event;
    let made = Made { revision, batch };
    let row =
        Row::new(id, collection, geometry.as_ref(), &properties, made).map_err(RegisterError::Record)?;
    let form = form_of(&row, &event.action, policy)?;
    let rest = Rest { action: event.action, request: event.request, identity, content };
    Ok((Arc::new(row), form, rest))
}
