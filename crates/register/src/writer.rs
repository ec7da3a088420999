//! The one thread that writes: takes what waits, decides, appends once, folds, publishes, answers.

use std::panic::{AssertUnwindSafe, catch_unwind};
use std::sync::Arc;
use std::sync::mpsc::{Receiver, SyncSender};

use access::{Publication, Scope};
use jiff::Timestamp;
use model::{Action, RecordId};
use rayon::prelude::*;
use spatial_index::{Arrival, Batch, Row};
use store_sqlite::{Encoded, Entry, Store};

use crate::decide::{Verdict, Write, decide};
use crate::execute::Bench;
use crate::handle::Published;
use crate::packer::Packer;
use crate::replay::{dictionary_of, form_of, published};
use crate::state::{Folded, State, View};
use crate::{Decided, Done, Happened, Order, Prepared, Refusal, RegisterError, Submission};

/// Records that are written together when they wait together. One file is always written together.
const GROUP_RECORDS: usize = 500;

type Answer = Result<Vec<Decided>, RegisterError>;

/// What the writer is asked for.
pub enum Request {
    Submit { batch: Vec<Prepared>, submission: Submission, reply: SyncSender<Answer> },
    Carry { order: Box<Order>, reply: SyncSender<Result<Done, RegisterError>> },
    Close,
}

/// The log, what it amounts to, and where that is published.
pub struct Writer {
    store: Store,
    state: State,
    policy: Option<Publication>,
    published: Arc<Published>,
    packer: Packer,
    broken: bool,
}

/// Submissions that are decided, but not yet written.
struct Group {
    state: State,
    log: Vec<Arrival>,
    entries: Vec<Encoded>,
    answers: Vec<(SyncSender<Answer>, Vec<Decided>)>,
    recorded_at: Timestamp,
}

impl Writer {
    pub fn new(
        store: Store,
        state: State,
        policy: Option<Publication>,
        published: Arc<Published>,
        packer: Packer,
    ) -> Self {
        Self { store, state, policy, published, packer, broken: false }
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
                // It is worked out against what is written, so what waits is written first.
                Request::Carry { order, reply } => {
                    self.write(std::mem::replace(&mut group, Group::new(self.next_time())));
                    drop(reply.send(self.carry_out(*order, self.next_time())));
                    group = Group::new(self.next_time());
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
            Ok((decided, made)) => group.add(decided, made, reply, &self.state, self.policy.as_ref()),
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
        Ok((
            verdict.decided,
            made(self.policy.as_ref(), verdict.writes, submission, None, first, group.recorded_at)?,
        ))
    }

    /// Works out a command and writes what it comes to.
    fn carry_out(&mut self, order: Order, now: Timestamp) -> Result<Done, RegisterError> {
        if self.broken {
            return Err(RegisterError::Broken);
        }
        let submission =
            Submission { author: order.author.clone(), reason: order.reason.clone(), dry_run: order.dry_run };
        let request = order.request.clone();
        let worked = catch_unwind(AssertUnwindSafe(|| self.work(order, now)));
        let (mut done, writes) = worked.map_err(|_| RegisterError::BrokeOff)??;
        if submission.dry_run {
            done.outcome = Happened::Checked;
            return Ok(done);
        }
        let mut group = Group::new(now);
        let first = self.store.head().revision + 1;
        let made = made(self.policy.as_ref(), writes, &submission, request.as_ref(), first, now)?;
        for (entry, row, _) in &made {
            let is_first = self.state.known(row.id).is_none();
            done.note(&entry.entry().action, row.revision, is_first);
        }
        group.add_events(made, &self.state, self.policy.as_ref());
        self.append(group)?;
        Ok(done)
    }

    fn work(&self, order: Order, now: Timestamp) -> Result<(Done, Vec<Write>), Refusal> {
        let view = self.published.load().open(&Scope::whole());
        let bench = Bench { state: &self.state, view: &view, now };
        bench.work(order, &mut RecordId::now_v7)
    }

    /// Writes the group and only then lets anybody see it.
    fn write(&mut self, mut group: Group) {
        let answers = std::mem::take(&mut group.answers);
        match self.append(group) {
            Ok(()) => answers.into_iter().for_each(|(reply, decided)| drop(reply.send(Ok(decided)))),
            Err(error) => answers.into_iter().for_each(|(reply, _)| drop(reply.send(Err(error.clone())))),
        }
    }

    fn append(&mut self, group: Group) -> Result<(), RegisterError> {
        let Group { state, log, entries, recorded_at, .. } = group;
        if entries.is_empty() {
            return Ok(());
        }
        if let Err(error) = self.store.append_encoded(entries.into_iter()) {
            self.broken = error.is_failure();
            return Err(error.into());
        }
        self.state.absorb(state);
        let revision = self.store.head().revision;
        self.published.publish(|newest| Some(newest.with(revision, recorded_at, log)));
        self.packer.wake();
        Ok(())
    }
}

impl Group {
    fn new(recorded_at: Timestamp) -> Self {
        let (state, log, entries, answers) = (State::default(), Vec::new(), Vec::new(), Vec::new());
        Self { state, log, entries, answers, recorded_at }
    }

    fn add(
        &mut self,
        decided: Vec<Decided>,
        made: Vec<Made>,
        reply: SyncSender<Answer>,
        written: &State,
        policy: Option<&Publication>,
    ) {
        self.add_events(made, written, policy);
        self.answers.push((reply, decided));
    }

    fn add_events(&mut self, made: Vec<Made>, written: &State, policy: Option<&Publication>) {
        for (entry, row, form) in made {
            let row = Arc::new(row);
            let stood =
                View { base: written, pending: &self.state }.get(row.id).map(|known| known.row.home());
            let Entry { action, request, identity, content, .. } = entry.entry();
            self.state.fold(Folded {
                action,
                request: request.as_ref(),
                row: Arc::clone(&row),
                identity: identity.clone(),
                content: *content,
            });
            let event = Arrival::new(row, action.clone()).of_one_that_stood(stood);
            self.log.push(published(event, form, policy));
            self.entries.push(entry);
        }
    }
}

/// The identifiers of a dry run name nothing.
fn without_new_ids(verdict: Verdict) -> Vec<Decided> {
    let new: std::collections::HashSet<_> = verdict.new_ids.into_iter().collect();
    let mut decided = verdict.decided;
    decided.iter_mut().for_each(|one| one.id = one.id.filter(|id| !new.contains(id)));
    decided
}

/// An event as it is stored, its version as it is drawn and served, both of one text, and what everybody may see of it.
type Made = (Encoded, Row, Option<Row>);

fn made(
    policy: Option<&Publication>,
    writes: Vec<Write>,
    submission: &Submission,
    request: Option<&model::Request>,
    first: u64,
    recorded_at: Timestamp,
) -> Result<Vec<Made>, RegisterError> {
    let encoded = writes.into_par_iter().enumerate().map(|(index, write)| {
        let revision = first + index as u64;
        Ok((revision, entry(write, submission, request, (revision, recorded_at)).encode()?))
    });
    let encoded = encoded.collect::<Result<Vec<_>, RegisterError>>()?;
    let batch = batch_of(&encoded, submission, recorded_at);
    let one = |(revision, encoded): (u64, Encoded)| {
        let made = spatial_index::Made { revision, batch: Arc::clone(&batch) };
        let row = row_of(&encoded, made).map_err(RegisterError::Record)?;
        let form = form_of(&row, &encoded.entry().action, policy)?;
        Ok((encoded, row, form))
    };
    encoded.into_par_iter().map(one).collect()
}

/// What the versions of a submission share.
fn batch_of(encoded: &[(u64, Encoded)], submission: &Submission, recorded_at: Timestamp) -> Arc<Batch> {
    let texts: Vec<_> = encoded.iter().map(|(_, encoded)| encoded.properties()).collect();
    let (by, why) = (submission.author.as_str().into(), submission.reason.as_str().into());
    Batch::new(recorded_at, by, why, &dictionary_of(&texts))
}

fn entry(
    write: Write,
    submission: &Submission,
    request: Option<&model::Request>,
    (revision, recorded_at): (u64, Timestamp),
) -> Entry {
    let Write { record, identity, content, mut action } = write;
    if let Action::Proposal { based_on: based_on @ 0, .. } = &mut action {
        *based_on = revision - 1;
    }
    let (author, reason) = (submission.author.clone(), submission.reason.clone());
    Entry { author, reason, recorded_at, action, request: request.cloned(), record, identity, content }
}

fn row_of(encoded: &Encoded, made: spatial_index::Made) -> Result<Row, String> {
    let record = &encoded.entry().record;
    Row::new(record.id, record.collection, record.geometry.as_ref(), encoded.properties(), made)
}
