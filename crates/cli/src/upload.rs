//! What the server asks of the import that reads an uploaded file for it: to bound itself, and to say how far it is.

use std::path::{Path, PathBuf};

use clap::Args;
use rustix::process::{Resource, Rlimit, setrlimit};

use crate::control::Client;
use crate::exit::Stopped;
use crate::writer::Writer;

/// Descriptors that reading one file needs, with room.
const DESCRIPTORS_MAX: u64 = 64;
/// Between the signal that time is up and the one that cannot be caught.
const GRACE_SECONDS: u64 = 2;

/// Options of the server, not of people.
#[derive(Args)]
pub struct Upload {
    /// Address space in all.
    #[arg(long, hide = true, value_name = "N")]
    memory_bytes_max: Option<u64>,
    /// Processor time in all.
    #[arg(long, hide = true, value_name = "N")]
    cpu_seconds_max: Option<u64>,
    /// Largest file that is written.
    #[arg(long, hide = true, value_name = "N")]
    file_bytes_max: Option<u64>,
    /// What the file is called by the one who sent it.
    #[arg(long, hide = true, value_name = "NAME")]
    pub shown_as: Option<String>,
    /// Made as soon as records go to the register. Such an import never opens the store itself.
    #[arg(long, hide = true, value_name = "FILE")]
    handed_over: Option<PathBuf>,
}

impl Upload {
    /// Bounds this process, before it has read a byte of the file.
    pub fn hold(&self) -> Result<(), Stopped> {
        let grace = |seconds: u64| seconds.saturating_add(GRACE_SECONDS);
        let bounds = [
            (Resource::As, self.memory_bytes_max, self.memory_bytes_max),
            (Resource::Cpu, self.cpu_seconds_max, self.cpu_seconds_max.map(grace)),
            (Resource::Fsize, self.file_bytes_max, self.file_bytes_max),
        ];
        let kept = |(resource, current, maximum)| setrlimit(resource, Rlimit { current, maximum });
        bounds
            .into_iter()
            .filter(|(_, bound, _)| bound.is_some())
            .try_for_each(kept)
            .map_err(Stopped::machine)?;
        if self.handed_over.is_none() {
            return Ok(());
        }
        let descriptors = Some(DESCRIPTORS_MAX);
        // What a hostile file has done to our memory is not to be found on the disk afterwards.
        [(Resource::Nofile, descriptors, descriptors), (Resource::Core, Some(0), Some(0))]
            .into_iter()
            .try_for_each(kept)
            .map_err(Stopped::machine)
    }

    /// Where the records go. For a server they go to that server, and to nobody else.
    pub fn writer(&self, store: &Path) -> Result<Writer, Stopped> {
        match self.handed_over {
            Some(_) => Client::connect(store).map(Writer::Remote),
            None => Writer::open(store),
        }
    }

    /// Says that from now on records go to the register.
    pub fn hands_over(&self) -> Result<(), Stopped> {
        let Some(file) = &self.handed_over else { return Ok(()) };
        std::fs::write(file, "").map_err(|error| Stopped::machine(format!("{}: {error}", file.display())))
    }
}
