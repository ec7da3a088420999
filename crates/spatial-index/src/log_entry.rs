//! The log as readers ask for it: which event made which version, and what came before it.

use std::sync::Arc;

use jiff::Timestamp;
use model::{Action, RecordId};

use crate::Row;
use crate::compartment::Home;

/// One event of the log.
#[derive(Debug, Clone)]
pub struct LogEntry {
    /// The version it made or proposed; its revision, author, time and reason are the event's.
    pub row: Arc<Row>,
    /// Nothing for the usual event, a version that takes effect.
    action: Option<Box<Action>>,
    /// Revision of the version of the record that was present before; 0 where there was none.
    pub(crate) previous: u64,
}

/// An event that is to be taken into a snapshot, with what is known about where it belongs.
#[derive(Debug, Clone)]
pub struct Arrival {
    pub(crate) entry: LogEntry,
    /// Where the record stood before; `None` is not known, `Some(None)` nowhere.
    pub(crate) stood: Option<Option<Home>>,
    /// What everybody may see of the version.
    pub(crate) form: Option<Arc<Row>>,
    /// The identifier of that; `None` where nothing is published at all.
    pub(crate) public_id: Option<RecordId>,
}

impl Arrival {
    /// The event of a version.
    pub fn new(row: Arc<Row>, action: Action) -> Self {
        Self { entry: LogEntry::new(row, action), stood: None, form: None, public_id: None }
    }

    /// The same, of a record of which it is known where it stood before (`None`: there was none). Nothing has to be
    /// looked for then.
    pub fn of_one_that_stood(self, home: Option<Home>) -> Self {
        Self { stood: Some(home), ..self }
    }

    /// The same, with what everybody may see of the version.
    pub fn published(self, public_id: RecordId, form: Option<Row>) -> Self {
        Self { public_id: Some(public_id), form: form.map(Arc::new), ..self }
    }

    /// The identifier of its record.
    pub fn id(&self) -> RecordId {
        self.entry.row.id
    }

    /// The version that it made or proposed.
    pub fn row(&self) -> &Arc<Row> {
        &self.entry.row
    }

    /// What the event did.
    pub fn action(&self) -> &Action {
        self.entry.action()
    }
}

impl From<Arc<Row>> for Arrival {
    fn from(row: Arc<Row>) -> Self {
        Self::new(row, Action::Version)
    }
}

impl LogEntry {
    pub(crate) fn new(row: Arc<Row>, action: Action) -> Self {
        let action = (action != Action::Version).then(|| Box::new(action));
        Self { row, action, previous: 0 }
    }

    /// The same, of a record whose present version was of that revision.
    pub(crate) fn after(self, previous: u64) -> Self {
        Self { previous, ..self }
    }

    /// The event of a public form.
    pub(crate) fn of_form(row: Arc<Row>, previous: u64) -> Self {
        Self { previous, ..Self::new(row, Action::Version) }
    }

    /// What the event did.
    pub fn action(&self) -> &Action {
        self.action.as_deref().unwrap_or(&Action::Version)
    }

    /// Whether no version of the record was present before.
    pub fn is_first(&self) -> bool {
        self.previous == 0
    }
}

/// Events in the order of the log. Copies share all but the last few.
#[derive(Clone, Default)]
pub(crate) struct Timeline {
    chunks: Vec<Arc<Vec<LogEntry>>>,
}

const CHUNK: usize = 2_048;

impl Timeline {
    /// Adds the next event.
    pub fn push(&mut self, entry: LogEntry) {
        match self.chunks.last_mut() {
            Some(last) if last.len() < CHUNK => Arc::make_mut(last).push(entry),
            Some(_) | None => self.chunks.push(Arc::new(vec![entry])),
        }
    }

    /// The event of that revision.
    pub fn get(&self, revision: u64) -> Option<&LogEntry> {
        self.after(revision.checked_sub(1)?).next().filter(|entry| entry.row.revision == revision)
    }

    /// The events after a revision, in order.
    pub fn after(&self, revision: u64) -> impl Iterator<Item = &LogEntry> {
        let is_before = |entry: &LogEntry| entry.row.revision <= revision;
        let full = self.chunks.partition_point(|chunk| chunk.last().is_some_and(is_before));
        let within = self.chunks.get(full).map_or(0, |chunk| chunk.partition_point(is_before));
        self.chunks[full..].iter().flat_map(|chunk| chunk.iter()).skip(within)
    }

    /// The last revision that was recorded at or before a time.
    pub fn revision_at(&self, time: Timestamp) -> Option<u64> {
        let is_before = |entry: &LogEntry| entry.row.recorded_at() <= time;
        let begun = self.chunks.partition_point(|chunk| chunk.first().is_some_and(is_before));
        let chunk = self.chunks.get(begun.checked_sub(1)?)?;
        Some(chunk[chunk.partition_point(is_before) - 1].row.revision)
    }

    /// The last event at or before a revision.
    pub fn until(&self, revision: u64) -> Option<&LogEntry> {
        let is_after = |entry: &LogEntry| entry.row.revision > revision;
        let begun = self.chunks.partition_point(|chunk| !chunk.first().is_some_and(is_after));
        let chunk = self.chunks.get(begun.checked_sub(1)?)?;
        chunk.get(chunk.partition_point(|entry| !is_after(entry)).checked_sub(1)?)
    }

    /// The last event.
    pub fn last(&self) -> Option<&LogEntry> {
        self.chunks.last().and_then(|chunk| chunk.last())
    }

    /// The first event.
    pub fn first(&self) -> Option<&LogEntry> {
        self.chunks.first().and_then(|chunk| chunk.first())
    }
}
