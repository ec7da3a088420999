//! Packs what commits have left in small pieces, beside the writer: neither it nor any reader waits for that.

use std::sync::Arc;
use std::sync::mpsc::{Receiver, SyncSender, TrySendError, sync_channel};

use crate::handle::Published;

/// Wakes the packing thread; when it is dropped the thread ends.
pub struct Packer(SyncSender<()>);

impl Packer {
    /// Something was published: there may be work.
    pub fn wake(&self) {
        // One call that waits is enough; without a thread small pieces stay small.
        match self.0.try_send(()) {
            Ok(()) | Err(TrySendError::Full(()) | TrySendError::Disconnected(())) => {}
        }
    }
}

/// Starts the thread.
pub fn start(published: &Arc<Published>) -> std::io::Result<Packer> {
    let (wake, woken) = sync_channel(1);
    let published = Arc::clone(published);
    std::thread::Builder::new().name("packer".to_owned()).spawn(move || run(&published, &woken))?;
    Ok(Packer(wake))
}

fn run(published: &Published, woken: &Receiver<()>) {
    while woken.recv().is_ok() {
        while let Some(mut packing) = published.load().wanted_packing() {
            packing.run();
            published.publish(|newest| newest.packed(&packing));
        }
    }
}
