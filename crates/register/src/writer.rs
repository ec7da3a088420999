//! The one thread that writes: takes what waits, decides, appends once, folds, publishes, answers.

use std::panic::{AssertUnwindSafe, catch_unwind};
use std::sync::Arc;
use std::sync::mpsc::{Receiver, SyncSender};

use jiff::Timestamp;
use model::RecordId;
use rayon::prelude::*;
use spatial_index::Row;
use store_sqlite::{Encoded, Entry, Store};

use crate::decide::{Verdict, Write, decide};
use crate::handle::Published;
use crate::state::{State, View};
use crate::{Decided, Prepared, RegisterError, Submission};

/// Records that are written together when they wait together. One file is always written together.
const GROUP_RECORDS: usize = 500;

type Answer = Result<Vec<Decided>, RegisterError>;

/// What the writer is asked for.
pub enum Request {
    Submit { batch: Vec<Prepared>, submission: Submission, reply: SyncSender<Answer> },
    Close,
}

/// The log, what it amounts to, and where that is published.
pub struct Writer {
    store: Store,
    state: State,
    published: Arc<Published>,
    broken: bool,
}

/// Submissions that are decided, but not yet written.
struct Group {
    state: State,
    rows: Vec<Arc<Row>>,
    entries: Vec<Encoded>,
    answers: Vec<(SyncSender<Answer>, Vec<Decided>)>,
    recorded_at: Timestamp,
}

impl Writer {
    pub fn new(store: Store, state: State, published: Arc<Published>) -> Self {
        Self { store, state, published, broken: false }
    }

    /// Runs until asked to close, or until nobody can ask any more.
    pub fn run(mut self, incoming: &Receiver<Request>) -> Result<(), RegisterError> {
        while let Ok(first) = incoming.recv() {
            if self.take_group(first, incoming).is_break() {
                break;
            }
        }
        Ok(self.store.close()?)
    }

    fn take_group(&mut self, first: Request, incoming: &Receiver<Request>) -> std::ops::ControlFlow<()> {
        let mut group = Group::new(self.next_time());
        let mut next = Some(first);
        while let Some(request) = next {
            match request {
                Request::Close => {
                    self.write(group);
                    return std::ops::ControlFlow::Break(());
                }
                Request::Submit { batch, submission, reply } => {
                    self.take(batch, &submission, reply, &mut group)
                }
            }
            let has_room = group.entries.len() < GROUP_RECORDS;
            next = if has_room { incoming.try_recv().ok() } else { None };
        }
        self.write(group);
        std::ops::ControlFlow::Continue(())
    }

    /// Now, but never before what is recorded already: clocks are set back at times.
    fn next_time(&self) -> Timestamp {
        let now = Timestamp::now();
        self.store.head().recorded_at.map_or(now, |last| last.max(now))
    }

    fn take(
        &self,
        batch: Vec<Prepared>,
        submission: &Submission,
        reply: SyncSender<Answer>,
        group: &mut Group,
    ) {
        // Nobody may be waiting any more: then the answer is dropped, what was decided stands.
        if self.broken {
            let _ = reply.send(Err(RegisterError::Broken));
            return;
        }
        let decided = catch_unwind(AssertUnwindSafe(|| self.decide(batch, submission, group)));
        match decided.unwrap_or(Err(RegisterError::BrokeOff)) {
            Ok((decided, _)) if submission.dry_run => drop(reply.send(Ok(decided))),
            Ok((decided, made)) => group.add(decided, made, reply),
            Err(error) => drop(reply.send(Err(error))),
        }
    }

    fn decide(
        &self,
        batch: Vec<Prepared>,
        submission: &Submission,
        group: &Group,
    ) -> Result<(Vec<Decided>, Vec<Made>), RegisterError> {
        let view = View { base: &self.state, pending: &group.state };
        let verdict = decide(&view, batch, &mut RecordId::now_v7);
        if submission.dry_run {
            return Ok((without_new_ids(verdict), Vec::new()));
        }
        let first = self.store.head().revision + 1 + group.entries.len() as u64;
        Ok((verdict.decided, made(verdict.writes, submission, first, group.recorded_at)?))
    }

    /// Writes the group and only then lets anybody see it.
    fn write(&mut self, group: Group) {
        let Group { state, rows, entries, answers, recorded_at } = group;
        if !entries.is_empty() {
            if let Err(error) = self.store.append_encoded(entries.into_iter()) {
                self.broken = error.is_failure();
                let error = RegisterError::from(error);
                answers.into_iter().for_each(|(reply, _)| drop(reply.send(Err(error.clone()))));
                return;
            }
            self.state.absorb(state);
            let revision = self.store.head().revision;
            self.published.publish(self.published.load().with(revision, recorded_at, rows));
        }
        answers.into_iter().for_each(|(reply, decided)| drop(reply.send(Ok(decided))));
    }
}

impl Group {
    fn new(recorded_at: Timestamp) -> Self {
        let (state, rows, entries, answers) = (State::default(), Vec::new(), Vec::new(), Vec::new());
        Self { state, rows, entries, answers, recorded_at }
    }

    fn add(&mut self, decided: Vec<Decided>, made: Vec<Made>, reply: SyncSender<Answer>) {
        for (entry, row) in made {
            let (row, identity) = (Arc::new(row), entry.entry().identity.clone());
            self.state.fold(Arc::clone(&row), identity, entry.entry().content);
            self.rows.push(row);
            self.entries.push(entry);
        }
        self.answers.push((reply, decided));
    }
}

/// The identifiers of a dry run name nothing.
fn without_new_ids(verdict: Verdict) -> Vec<Decided> {
    let new: std::collections::HashSet<_> = verdict.new_ids.into_iter().collect();
    let mut decided = verdict.decided;
    decided.iter_mut().for_each(|one| one.id = one.id.filter(|id| !new.contains(id)));
    decided
}

/// A version as it is stored, and as it is drawn and served: both of one text.
type Made = (Encoded, Row);

fn made(
    writes: Vec<Write>,
    submission: &Submission,
    first: u64,
    recorded_at: Timestamp,
) -> Result<Vec<Made>, RegisterError> {
    let author: Arc<str> = submission.author.as_str().into();
    let one = |(index, write)| {
        let encoded = entry(write, submission, recorded_at).encode()?;
        let row = row_of(&encoded, first + index as u64, Arc::clone(&author));
        Ok((encoded, row.map_err(RegisterError::Record)?))
    };
    writes.into_par_iter().enumerate().map(one).collect()
}

fn entry(write: Write, submission: &Submission, recorded_at: Timestamp) -> Entry {
    let Write { record, identity, content } = write;
    let (author, reason) = (submission.author.clone(), submission.reason.clone());
    Entry { author, reason, recorded_at, record, identity, content }
}

fn row_of(encoded: &Encoded, revision: u64, author: Arc<str>) -> Result<Row, String> {
    let Entry { record, recorded_at, .. } = encoded.entry();
    let (id, collection, geometry) = (record.id, record.collection, record.geometry.clone());
    Row::new(id, collection, geometry, encoded.properties().into(), revision, *recorded_at, author)
}
