//! Records read in parallel, handed over in order, while the next ones are read.

use std::path::Path;
use std::sync::mpsc::sync_channel;
use std::thread;

use rayon::prelude::*;

use crate::assemble::{NO_COLLECTION, Plan};
use crate::{Item, ReadError};

/// Records read at once. Large enough to share out, small enough to hold.
const BATCH: usize = 2_048;
/// Batches read ahead of the receiver.
const AHEAD: usize = 2;

/// Reads each piece by `parse` and hands the items over in the order of the pieces.
///
/// # Errors
/// Where the first record that can be read at all belongs to no collection.
pub(crate) fn deliver<W: Send>(
    path: &Path,
    pieces: impl Iterator<Item = W> + Send,
    parse: impl Fn(W) -> Item + Send + Sync,
    sink: &mut dyn FnMut(Item),
) -> Result<(), ReadError> {
    let (send, receive) = sync_channel::<Vec<Item>>(AHEAD);
    thread::scope(|scope| {
        let parse = &parse;
        scope.spawn(move || {
            let mut pieces = pieces;
            loop {
                let batch: Vec<W> = pieces.by_ref().take(BATCH).collect();
                if batch.is_empty() {
                    break;
                }
                // The receiver goes away when it has refused the file.
                if send.send(batch.into_par_iter().map(parse).collect()).is_err() {
                    break;
                }
            }
        });
        let mut gate = Gate::new(path);
        receive.into_iter().flatten().try_for_each(|item| gate.pass(item, sink))
    })
}

/// Stops a file whose records belong to no collection before the first of them is kept.
pub(crate) struct Gate<'a> {
    path: &'a Path,
    is_open: bool,
}

impl<'a> Gate<'a> {
    pub fn new(path: &'a Path) -> Self {
        Self { path, is_open: false }
    }

    pub fn pass(&mut self, item: Item, sink: &mut dyn FnMut(Item)) -> Result<(), ReadError> {
        match &item {
            Item::Unreadable { finding, .. } if finding.rule == NO_COLLECTION && !self.is_open => {
                return Err(ReadError::Collection {
                    file: self.path.to_owned(),
                    found: finding.message.clone(),
                });
            }
            Item::Unreadable { .. } => {}
            Item::Draft(_) => self.is_open = true,
        }
        sink(item);
        Ok(())
    }
}

/// A note about how the plan met the file.
pub(crate) fn notes(plan: &Plan, mut notes: Vec<model::Finding>) -> Vec<model::Finding> {
    notes.extend(plan.unseen_columns());
    notes
}

/// The note that a reference system was assumed.
pub(crate) fn crs_note(message: impl Into<String>) -> model::Finding {
    model::Finding::new("file.crs_assumed", model::Severity::Medium, message)
}
