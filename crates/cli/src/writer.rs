//! Where a command's records go: into the store itself, or to the server that holds it open.
//!
//! A store has one writer. While a server runs, an import reads and checks in its own process, where a
//! malformed file can do no harm, and hands the checked records to the server.

use std::path::Path;

use access::Publication;
use register::{Decided, Done, Order, Prepared, Register, RegisterError, Submission};
use store_sqlite::{Store, StoreError};

use crate::control::Client;
use crate::exit::Stopped;
use crate::progress::Progress;

/// The one way in for records.
pub enum Writer {
    /// This process holds the store.
    Own(Register),
    /// A server on this machine holds it.
    Remote(Client),
}

impl Writer {
    /// Opens the store, or finds the server that has it open.
    pub fn open(path: &Path) -> Result<Self, Stopped> {
        match Store::open(path) {
            Ok(store) => Ok(Self::Own(opened(store, None)?)),
            Err(StoreError::Locked { path, .. }) => Client::connect(&path).map(Self::Remote),
            Err(error) => Err(Stopped::machine(error)),
        }
    }

    /// Submits the records of one file: all of them, or none.
    pub fn submit(&mut self, batch: Vec<Prepared>, submission: &Submission) -> Result<Vec<Decided>, Stopped> {
        match self {
            Self::Own(register) => {
                register.handle().submit(batch, submission.clone()).map_err(Stopped::machine)
            }
            Self::Remote(client) => client.submit(batch, submission),
        }
    }

    /// Has one command carried out.
    pub fn carry_out(&self, order: Order) -> Result<Done, Stopped> {
        match self {
            Self::Own(register) => register.handle().carry_out(order).map_err(|error| match error {
                RegisterError::Refused(refusal) => Stopped::usage(refusal),
                other => Stopped::machine(other),
            }),
            Self::Remote(client) => client.carry_out(order),
        }
    }

    /// Ends the work; the store is closed in order.
    pub fn close(self) -> Result<(), Stopped> {
        match self {
            Self::Own(register) => register.close().map_err(Stopped::machine),
            Self::Remote(_) => Ok(()),
        }
    }
}

/// Loads a store's log into a register, showing how far it is; with public forms where there is a policy.
pub fn opened(store: Store, policy: Option<Publication>) -> Result<Register, Stopped> {
    let mut progress: Option<Progress> = None;
    let register = Register::open(store, policy, &mut |done, total| {
        progress.get_or_insert_with(|| Progress::begin("Loading the log", total)).at(done);
    });
    if let Some(progress) = progress {
        progress.finish();
    }
    register.map_err(Stopped::machine)
}

/// Who is named as the author of what this command writes.
pub fn author() -> String {
    let named = ["MINEMAP_AUTHOR", "USER", "LOGNAME"].into_iter().find_map(|name| std::env::var(name).ok());
    named.filter(|name| !name.trim().is_empty()).unwrap_or_else(|| "operator".to_owned())
}
