//! What an interrupted run has made, kept beside the output for the next one.
//!
//! First what it is of; then packets of tiles in the order of the walk, each with its length and a checksum. A packet that is
//! not whole, and all behind it, is made anew.

use std::fs::{File, OpenOptions, TryLockError};
use std::io::{self, Read, Seek, SeekFrom, Write};
use std::path::{Path, PathBuf};

use sha2::{Digest, Sha256};

use crate::error::ArchiveError;
use crate::made::Made;

/// First bytes of the file.
const MAGIC: &[u8; 8] = b"mm-part1";
/// Largest packet that is believed: 256 tiles of 16 MiB.
const PACKET_BYTES_MAX: u32 = u32::MAX;
const CHECKSUM: usize = 8;

/// What was made of one tile.
#[derive(Debug, Clone)]
pub(crate) struct Step {
    /// Whether there is something below it.
    pub goes_on: bool,
    /// The compressed tile; nothing where it is empty.
    pub gzip: Vec<u8>,
}

/// The file of an unfinished run.
pub(crate) struct Partial {
    path: PathBuf,
    file: File,
    at: u64,
    reads: bool,
}

impl Partial {
    /// Opens the file, or begins it anew where it is of something else.
    pub fn open(path: &Path, identity: &str) -> Result<(Self, Made), ArchiveError> {
        let failed = |source| ArchiveError::File { path: path.to_owned(), source };
        let open = || OpenOptions::new().read(true).write(true).create(true).truncate(false).open(path);
        let file = open().map_err(failed)?;
        match file.try_lock() {
            Ok(()) => {}
            Err(TryLockError::WouldBlock) => return Err(ArchiveError::Busy { path: path.to_owned() }),
            Err(TryLockError::Error(source)) => return Err(failed(source)),
        }
        let copy = file.try_clone().map_err(failed)?;
        let mut partial = Self { path: path.to_owned(), file, at: 0, reads: true };
        partial.begin(identity).map_err(failed)?;
        Ok((partial, Made::new(path.to_owned(), copy)))
    }

    fn begin(&mut self, identity: &str) -> io::Result<()> {
        let mut head = MAGIC.to_vec();
        head.extend((identity.len() as u32).to_le_bytes());
        head.extend(identity.as_bytes());
        let mut found = vec![0; head.len()];
        self.file.seek(SeekFrom::Start(0))?;
        let is_same = self.file.read_exact(&mut found).is_ok() && found == head;
        if !is_same {
            self.file.set_len(0)?;
            self.file.seek(SeekFrom::Start(0))?;
            self.file.write_all(&head)?;
            self.reads = false;
        }
        self.at = head.len() as u64;
        Ok(())
    }

    /// The next packet of an earlier run, with where the bytes of each tile are; `None` from the first one that is missing.
    pub fn earlier(&mut self, count: usize) -> Result<Option<Vec<(Step, u64)>>, ArchiveError> {
        if !self.reads {
            return Ok(None);
        }
        if let Some(packet) = self.read_packet() {
            let from = self.at + 4;
            if let Some(steps) = unpacked(&packet, from).filter(|steps| steps.len() == count) {
                self.at = from + packet.len() as u64 + CHECKSUM as u64;
                return Ok(Some(steps));
            }
        }
        self.reads = false;
        let cut = self.file.set_len(self.at).and_then(|()| self.file.seek(SeekFrom::Start(self.at)));
        cut.map(|_| None).map_err(|source| self.failed(source))
    }

    fn read_packet(&mut self) -> Option<Vec<u8>> {
        let mut length = [0; 4];
        self.file.seek(SeekFrom::Start(self.at)).ok()?;
        self.file.read_exact(&mut length).ok()?;
        let length = u32::from_le_bytes(length);
        let left = self.file.metadata().ok()?.len().saturating_sub(self.at);
        if length == PACKET_BYTES_MAX || u64::from(length) > left {
            return None;
        }
        let mut packet = vec![0; length as usize];
        let mut checksum = [0; CHECKSUM];
        self.file.read_exact(&mut packet).ok()?;
        self.file.read_exact(&mut checksum).ok()?;
        (Sha256::digest(&packet)[..CHECKSUM] == checksum).then_some(packet)
    }

    /// Keeps a packet, and says where the bytes of each tile are.
    pub fn keep(&mut self, steps: Vec<Step>) -> Result<Vec<(Step, u64)>, ArchiveError> {
        let mut packet = Vec::new();
        for step in &steps {
            packet.push(u8::from(step.goes_on));
            packet.extend((step.gzip.len() as u32).to_le_bytes());
            packet.extend(&step.gzip);
        }
        let length = u32::try_from(packet.len()).ok().filter(|length| *length < PACKET_BYTES_MAX);
        let length = length.ok_or(ArchiveError::TooLarge { what: "a packet of tiles" })?;
        let mut written = length.to_le_bytes().to_vec();
        written.extend(&packet);
        written.extend(&Sha256::digest(&packet)[..CHECKSUM]);
        let put = self.file.seek(SeekFrom::Start(self.at)).and_then(|_| self.file.write_all(&written));
        put.map_err(|source| self.failed(source))?;
        let mut at = self.at + 4;
        self.at += written.len() as u64;
        let placed = steps.into_iter().map(|step| {
            let own = at + 5;
            at = own + step.gzip.len() as u64;
            (step, own)
        });
        Ok(placed.collect())
    }

    fn failed(&self, source: io::Error) -> ArchiveError {
        ArchiveError::File { path: self.path.clone(), source }
    }
}

/// The tiles of a packet that lies at `from`.
fn unpacked(packet: &[u8], from: u64) -> Option<Vec<(Step, u64)>> {
    let (mut steps, mut at) = (Vec::new(), 0);
    while at < packet.len() {
        let goes_on = *packet.get(at)? != 0;
        let length = u32::from_le_bytes(packet.get(at + 1..at + 5)?.try_into().ok()?) as usize;
        let gzip = packet.get(at + 5..at + 5 + length)?.to_vec();
        steps.push((Step { goes_on, gzip }, from + at as u64 + 5));
        at += 5 + length;
    }
    Some(steps)
}
