//! The register as its users hold it: snapshots to read, a way in for records.

use std::sync::mpsc::{SyncSender, sync_channel};
use std::sync::{Arc, Mutex};
use std::thread::JoinHandle;

use access::{Publication, Scope};
use arc_swap::ArcSwap;
use spatial_index::View;
use store_sqlite::Store;
use tokio::sync::watch;

use crate::packer;
use crate::writer::{Request, Writer};
use crate::{Decided, Done, Order, Prepared, RegisterError, Snapshot, Submission};

/// Submissions that wait for the writer before a further one waits to be let in.
const WAITING_MAX: usize = 256;

/// An open register, and its writer thread.
pub struct Register {
    handle: Handle,
    writer: JoinHandle<Result<(), RegisterError>>,
}

/// A share in an open register; cheap to clone. Reading never waits.
#[derive(Clone)]
pub struct Handle {
    requests: SyncSender<Request>,
    published: Arc<Published>,
}

/// The newest snapshot, and whoever waits for the next.
pub(crate) struct Published {
    newest: ArcSwap<Snapshot>,
    /// Held by whoever makes the next snapshot of the newest: the writer, or the packer beside it.
    making: Mutex<()>,
    revision: watch::Sender<u64>,
}

impl Published {
    fn new(snapshot: Snapshot) -> Self {
        let revision = watch::Sender::new(snapshot.revision());
        Self { newest: ArcSwap::from_pointee(snapshot), making: Mutex::new(()), revision }
    }

    pub(crate) fn load(&self) -> Arc<Snapshot> {
        self.newest.load_full()
    }

    /// Publishes what follows the newest snapshot, if anything does.
    pub(crate) fn publish(&self, next: impl FnOnce(&Snapshot) -> Option<Snapshot>) {
        // Whoever panicked has published nothing.
        let _making = self.making.lock().unwrap_or_else(|poison| poison.into_inner());
        let Some(snapshot) = next(&self.load()) else { return };
        let revision = snapshot.revision();
        self.newest.store(Arc::new(snapshot));
        self.revision.send_if_modified(|known| std::mem::replace(known, revision) != revision);
    }
}

fn no_thread(source: std::io::Error) -> store_sqlite::StoreError {
    store_sqlite::StoreError::File { path: "thread".into(), source }
}

impl Register {
    /// Loads the log into memory and starts the writer. By `policy` public forms are made; without one the public
    /// sees nothing. `progress` is called with events done and in all.
    ///
    /// # Errors
    /// The log cannot be read whole: a register that might lack a hazard is not opened.
    pub fn open(
        store: Store,
        policy: Option<Publication>,
        progress: &mut dyn FnMut(u64, u64),
    ) -> Result<Self, RegisterError> {
        let (state, snapshot) = crate::replay::load(&store, policy.as_ref(), progress)?;
        let published = Arc::new(Published::new(snapshot));
        let (requests, incoming) = sync_channel(WAITING_MAX);
        let packer = packer::start(&published).map_err(no_thread)?;
        let writer = Writer::new(store, state, policy, Arc::clone(&published), packer);
        let writer =
            std::thread::Builder::new().name("register".to_owned()).spawn(move || writer.run(&incoming));
        let writer = writer.map_err(no_thread)?;
        Ok(Self { handle: Handle { requests, published }, writer })
    }

    /// A share in the register.
    pub fn handle(&self) -> Handle {
        self.handle.clone()
    }

    /// Finishes what the writer has begun, and closes the store. Later submissions are answered
    /// [`RegisterError::Closed`]; snapshots stay readable.
    ///
    /// # Errors
    /// The file could not be closed in order. Nothing acknowledged is lost by it.
    pub fn close(self) -> Result<(), RegisterError> {
        // A writer that is gone already answers when it is joined.
        let _ = self.handle.requests.send(Request::Close);
        self.writer.join().map_err(|_| RegisterError::BrokeOff)?
    }
}

impl Handle {
    /// What a scope sees of the register as it is now.
    pub fn open(&self, scope: &Scope) -> View {
        self.published.load().open(scope)
    }

    /// The same as an earlier view, as it is now; the very same where nothing that it sees has changed.
    pub fn reopen(&self, earlier: &Arc<View>) -> Arc<View> {
        self.published.load().reopen(earlier)
    }

    /// Submits the records of one file: all of them are decided and written, or none. What it answers is on
    /// the medium, and in every snapshot from now on. Waits for the writer; call it where waiting is allowed.
    ///
    /// One submission is one file: what is "twice in a file" is judged within it.
    ///
    /// # Errors
    /// Nothing of the submission was written.
    pub fn submit(
        &self,
        batch: Vec<Prepared>,
        submission: Submission,
    ) -> Result<Vec<Decided>, RegisterError> {
        let (reply, answer) = sync_channel(1);
        let request = Request::Submit { batch, submission, reply };
        self.requests.send(request).map_err(|_| RegisterError::Closed)?;
        answer.recv().map_err(|_| RegisterError::Closed)?
    }

    /// Carries out one command. What it answers is on the medium, and in every snapshot from now on. Waits for the
    /// writer; call it where waiting is allowed.
    ///
    /// # Errors
    /// [`RegisterError::Refused`] says why it is not carried out. Nothing of it was written.
    pub fn carry_out(&self, order: Order) -> Result<Done, RegisterError> {
        let (reply, answer) = sync_channel(1);
        let request = Request::Carry { order: Box::new(order), reply };
        self.requests.send(request).map_err(|_| RegisterError::Closed)?;
        answer.recv().map_err(|_| RegisterError::Closed)?
    }

    /// Tells of every newer snapshot by its revision.
    pub fn watch(&self) -> watch::Receiver<u64> {
        self.published.revision.subscribe()
    }

    /// Revision of the newest snapshot: for the operator, not for answers.
    pub fn revision(&self) -> u64 {
        self.published.load().revision()
    }
}
