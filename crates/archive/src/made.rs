//! Tiles that are made, and where their bytes are.

use std::collections::HashMap;
use std::fs::File;
use std::io;
use std::os::unix::fs::FileExt;
use std::path::PathBuf;

use sha2::{Digest, Sha256};
use tiles::TileId;

use crate::error::ArchiveError;

/// A tile with something in it.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Entry {
    pub tile: TileId,
    /// Which of the contents it has.
    pub content: usize,
}

/// Where the compressed bytes of a content are.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Content {
    pub at: u64,
    pub length: u32,
}

/// All tiles in the order of PMTiles, and their contents in the order in which they first come.
pub(crate) struct Made {
    pub path: PathBuf,
    pub file: File,
    pub entries: Vec<Entry>,
    pub contents: Vec<Content>,
    known: HashMap<[u8; 32], usize>,
}

impl Made {
    pub fn new(path: PathBuf, file: File) -> Self {
        Self { path, file, entries: Vec::new(), contents: Vec::new(), known: HashMap::new() }
    }

    /// Adds a tile whose bytes lie in the file.
    pub fn add(&mut self, tile: TileId, bytes: &[u8], at: u64) {
        let length = bytes.len() as u32;
        let content = *self.known.entry(Sha256::digest(bytes).into()).or_insert_with(|| {
            self.contents.push(Content { at, length });
            self.contents.len() - 1
        });
        self.entries.push(Entry { tile, content });
    }

    /// The bytes of a content.
    pub fn bytes(&self, content: Content) -> Result<Vec<u8>, ArchiveError> {
        let mut bytes = vec![0; content.length as usize];
        let read = self.file.read_exact_at(&mut bytes, content.at);
        read.map_err(|source: io::Error| ArchiveError::File { path: self.path.clone(), source })?;
        Ok(bytes)
    }
}
