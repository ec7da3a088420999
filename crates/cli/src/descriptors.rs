//! How many files and connections the process may have open.

use rustix::process::{Resource, Rlimit, getrlimit, setrlimit};

/// Descriptors that are kept for the store, layers, logs and the local socket.
const KEPT: u64 = 128;

/// Raises the bound to what the system allows this process, and says how many connections fit under it.
///
/// Without room for one more descriptor a listener can take nobody, neither friend nor foe.
pub fn connections(wanted: usize) -> usize {
    let Rlimit { maximum, .. } = getrlimit(Resource::Nofile);
    // Where it cannot be raised, what there is has to do.
    let _ = setrlimit(Resource::Nofile, Rlimit { current: maximum, maximum });
    let open = getrlimit(Resource::Nofile).current.unwrap_or(u64::MAX);
    let room = usize::try_from(open.saturating_sub(KEPT)).unwrap_or(usize::MAX).max(1);
    if room < wanted {
        tracing::info!(wanted, room, "the system allows fewer connections than limits.connections");
    }
    wanted.min(room)
}
