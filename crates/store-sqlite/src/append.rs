//! Appending: events, feature rows and head in one transaction.

use std::ops::RangeInclusive;

use jiff::Timestamp;
use model::Bounds;
use rusqlite::types::{ToSqlOutput, ValueRef};
use rusqlite::{Connection, TransactionBehavior};

use crate::contents::Contents;
use crate::feature::{FeatureTable, cells, datetime};
use crate::geometry::{write_gpkg, write_wkb};
use crate::hash::chained;
use crate::head::column_of;
use crate::lock::beside;
use crate::{Access, Entry, Head, Store, StoreError};

/// Salts are drawn from the operating system so many at a time.
const SALTS: usize = 256;
/// Length of a salt in bytes: without it a hash would confirm a guess of a restricted place.
const SALT_BYTES: usize = 16;
/// The write-ahead log is brought into the file when it is larger than this.
const WAL_BYTES_MAX: u64 = 16 * 1024 * 1024;

impl Store {
    /// Appends the entries in one transaction, in their order, and answers their revisions (an empty range where
    /// there was no entry). When it returns they are on the medium: all, or after an error none.
    ///
    /// # Errors
    /// After a failure of the machine ([`StoreError::is_failure`]) nothing is written until the file is opened again.
    pub fn append(
        &mut self,
        entries: impl Iterator<Item = Entry>,
    ) -> Result<RangeInclusive<u64>, StoreError> {
        match self.access {
            Access::Write => {}
            Access::ReadOnly => return Err(StoreError::ReadOnly),
            Access::Stopped => return Err(StoreError::Stopped),
        }
        let first = self.head.revision + 1;
        let written = append(&mut self.connection, &self.head, entries);
        if written.as_ref().is_err_and(StoreError::is_failure) {
            self.access = Access::Stopped;
        }
        self.head = written?;
        // The entries are durable already: trouble here stops the next write, not this one.
        if self.checkpoint_if_large().is_err() {
            self.access = Access::Stopped;
        }
        Ok(first..=self.head.revision)
    }

    fn checkpoint_if_large(&self) -> Result<(), StoreError> {
        let wal = std::fs::metadata(beside(&self.path, "-wal")).map_or(0, |file| file.len());
        if wal < WAL_BYTES_MAX {
            return Ok(());
        }
        // RESTART would wait for readers (QGIS has the file open); PASSIVE brings in what it can.
        Ok(self.connection.query_row("PRAGMA wal_checkpoint(PASSIVE)", [], |_| Ok(()))?)
    }
}

fn append(
    connection: &mut Connection,
    head: &Head,
    entries: impl Iterator<Item = Entry>,
) -> Result<Head, StoreError> {
    let transaction = connection.transaction_with_behavior(TransactionBehavior::Immediate)?;
    let mut writer = Writer::new(head.clone());
    for entry in entries {
        writer.write(&transaction, &entry)?;
    }
    writer.contents.write(&transaction, &writer.time.millis)?;
    writer.head.write(&transaction, include_str!("../sql/update_head.sql"))?;
    transaction.commit()?;
    Ok(writer.head)
}

/// What is carried from one entry to the next.
struct Writer {
    head: Head,
    salts: Salts,
    wkb: Vec<u8>,
    geom: Vec<u8>,
    time: Time,
    contents: Contents,
}

impl Writer {
    fn new(head: Head) -> Self {
        let (salts, time, contents) = (Salts::new(), Time::default(), Contents::default());
        Self { head, salts, wkb: Vec::new(), geom: Vec::new(), time, contents }
    }

    fn write(&mut self, connection: &Connection, entry: &Entry) -> Result<(), StoreError> {
        let seq = column_of(self.head.revision + 1)?;
        let bounds = entry.record.geometry.as_ref().and_then(Bounds::of);
        self.encode(entry, bounds)?;
        self.time.set(entry.recorded_at);
        self.head.hash = self.write_event(connection, entry, seq)?;
        self.write_feature(connection, entry, seq)?;
        self.head.revision += 1;
        self.head.recorded_at = Some(entry.recorded_at);
        self.contents.touch(entry.record.collection, bounds);
        Ok(())
    }

    fn encode(&mut self, entry: &Entry, bounds: Option<Bounds>) -> Result<(), StoreError> {
        self.wkb.clear();
        self.geom.clear();
        if let Some(geometry) = &entry.record.geometry {
            let id = entry.record.id;
            write_wkb(geometry, &mut self.wkb).map_err(|why| StoreError::Unwritable { id, why })?;
            write_gpkg(bounds, &self.wkb, &mut self.geom);
        }
        Ok(())
    }

    fn write_event(
        &mut self,
        connection: &Connection,
        entry: &Entry,
        seq: i64,
    ) -> Result<[u8; 32], StoreError> {
        let record = &entry.record;
        let text = |text: serde_json::Result<String>| {
            text.map_err(|error| StoreError::Unwritable { id: record.id, why: error.to_string() })
        };
        let identity = text(serde_json::to_string(&entry.identity))?;
        let properties = text(serde_json::to_string(&record.properties()))?;
        let columns = [
            ValueRef::Integer(seq),
            ValueRef::Text(self.time.exact.as_bytes()),
            ValueRef::Text(entry.author.as_bytes()),
            ValueRef::Text(entry.reason.as_bytes()),
            ValueRef::Text(record.collection.id().as_bytes()),
            ValueRef::Blob(record.id.as_bytes()),
            ValueRef::Text(identity.as_bytes()),
            ValueRef::Blob(&entry.content),
            ValueRef::Text(properties.as_bytes()),
            record.geometry.as_ref().map_or(ValueRef::Null, |_| ValueRef::Blob(&self.wkb)),
            ValueRef::Blob(self.salts.next()?),
        ];
        let hash = chained(&self.head.hash, &columns);
        let mut statement = connection.prepare_cached(include_str!("../sql/append_event.sql"))?;
        for (index, column) in columns.into_iter().chain([ValueRef::Blob(&hash)]).enumerate() {
            statement.raw_bind_parameter(index + 1, ToSqlOutput::Borrowed(column))?;
        }
        statement.raw_execute()?;
        Ok(hash)
    }

    fn write_feature(&self, connection: &Connection, entry: &Entry, seq: i64) -> Result<(), StoreError> {
        let geom = entry.record.geometry.as_ref().map(|_| self.geom.as_slice());
        let row = cells(&entry.record, geom, seq, &self.time.millis, &entry.author);
        FeatureTable::of(entry.record.collection).upsert(connection, row)
    }
}

/// The texts of a time, made once for all entries that share it.
#[derive(Default)]
struct Time {
    of: Timestamp,
    exact: String,
    millis: String,
}

impl Time {
    fn set(&mut self, time: Timestamp) {
        if self.of != time || self.exact.is_empty() {
            *self = Self { of: time, exact: time.to_string(), millis: datetime(time) };
        }
    }
}

/// Random bytes, drawn many at a time.
struct Salts {
    bytes: [u8; SALTS * SALT_BYTES],
    used: usize,
}

impl Salts {
    fn new() -> Self {
        Self { bytes: [0; SALTS * SALT_BYTES], used: SALTS }
    }

    fn next(&mut self) -> Result<&[u8], StoreError> {
        if self.used == SALTS {
            getrandom::fill(&mut self.bytes).map_err(StoreError::Random)?;
            self.used = 0;
        }
        let start = self.used * SALT_BYTES;
        self.used += 1;
        Ok(&self.bytes[start..start + SALT_BYTES])
    }
}
