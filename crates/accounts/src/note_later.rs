//! Noting what is read: many entries in one write, at most a second later, and refused rather than forgotten.

use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::mpsc::{Receiver, RecvTimeoutError, SyncSender, sync_channel};
use std::thread::JoinHandle;
use std::time::{Duration, Instant};

use jiff::Timestamp;

use crate::audit::{self, Entry};
use crate::store::Store;
use crate::{Accounts, AccountsError};

/// Most entries that wait.
const WAITING_MAX: usize = 10_000;
/// Most entries of one write.
const BATCH_MAX: usize = 2_000;
/// How long an entry waits for others.
const WAIT: Duration = Duration::from_millis(500);

type Dated = (Entry, Timestamp);

/// The entries that wait, and the thread that writes them.
pub(crate) struct Later {
    sender: Option<SyncSender<Dated>>,
    thread: Option<JoinHandle<()>>,
    is_failing: Arc<AtomicBool>,
    /// What cannot be written is given up then.
    is_ending: Arc<AtomicBool>,
}

impl Later {
    pub fn start(store: Arc<Store>) -> Self {
        let (sender, receiver) = sync_channel(WAITING_MAX);
        let [is_failing, is_ending] = [(); 2].map(|()| Arc::new(AtomicBool::new(false)));
        let (failing, ending) = (Arc::clone(&is_failing), Arc::clone(&is_ending));
        let thread = std::thread::Builder::new().name("audit".to_owned());
        // Without the thread nothing takes from the queue: it fills, and reads are refused.
        let thread = thread.spawn(move || write_all(&receiver, &store, [&failing, &ending])).ok();
        Self { sender: Some(sender), thread, is_failing, is_ending }
    }

    fn note(&self, entry: Dated) -> Result<(), AccountsError> {
        let sender = self.sender.as_ref().filter(|_| !self.is_failing.load(Ordering::Acquire));
        let sent = sender.ok_or(AccountsError::AuditStopped)?.try_send(entry);
        sent.map_err(|_| AccountsError::AuditStopped)
    }
}

impl Drop for Later {
    fn drop(&mut self) {
        self.sender.take();
        self.is_ending.store(true, Ordering::Release);
        if let Some(thread) = self.thread.take() {
            let _ = thread.join();
        }
    }
}

fn write_all(receiver: &Receiver<Dated>, store: &Store, [is_failing, is_ending]: [&AtomicBool; 2]) {
    while let Ok(first) = receiver.recv() {
        let (batch, is_last) = gathered(first, receiver);
        while written(&batch, store).is_err() {
            is_failing.store(true, Ordering::Release);
            if is_last || is_ending.load(Ordering::Acquire) {
                return;
            }
            std::thread::sleep(WAIT);
        }
        is_failing.store(false, Ordering::Release);
    }
}

/// What comes in within the waiting time, and whether nothing more will.
fn gathered(first: Dated, receiver: &Receiver<Dated>) -> (Vec<Dated>, bool) {
    let (mut batch, until) = (vec![first], Instant::now() + WAIT);
    while batch.len() < BATCH_MAX {
        match receiver.recv_timeout(until.saturating_duration_since(Instant::now())) {
            Ok(entry) => batch.push(entry),
            Err(RecvTimeoutError::Timeout) => return (batch, false),
            Err(RecvTimeoutError::Disconnected) => return (batch, true),
        }
    }
    (batch, false)
}

fn written(batch: &[Dated], store: &Store) -> Result<(), AccountsError> {
    store.write_aside(|transaction| {
        batch.iter().try_for_each(|(entry, at)| audit::append(transaction, entry, *at))
    })
}

impl Accounts {
    /// Notes something that was read; it is durable within a second.
    ///
    /// # Errors
    /// [`AccountsError::AuditStopped`] where too much waits or the trail cannot be written: what would have been noted
    /// must not be answered.
    pub fn note_later(&self, entry: Entry, now: Timestamp) -> Result<(), AccountsError> {
        self.later.note((entry, now))
    }
}
