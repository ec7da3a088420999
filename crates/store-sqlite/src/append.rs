//! Appending: events, feature rows and head in one transaction.

use std::ops::RangeInclusive;

use jiff::Timestamp;
use rusqlite::types::{ToSqlOutput, ValueRef};
use rusqlite::{CachedStatement, Connection, Statement, TransactionBehavior};

use crate::contents::Contents;
use crate::feature::{FeatureTable, Features, datetime};
use crate::geometry::write_gpkg;
use crate::hash::chained;
use crate::head::column_of;
use crate::lock::beside;
use crate::{Access, Encoded, Entry, Head, Store, StoreError};

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
        self.append_all(entries.map(Entry::encode))
    }

    /// The same for entries that are encoded already.
    ///
    /// # Errors
    /// As [`Store::append`].
    pub fn append_encoded(
        &mut self,
        entries: impl Iterator<Item = Encoded>,
    ) -> Result<RangeInclusive<u64>, StoreError> {
        self.append_all(entries.map(Ok))
    }

    fn append_all(
        &mut self,
        entries: impl Iterator<Item = Result<Encoded, StoreError>>,
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
    entries: impl Iterator<Item = Result<Encoded, StoreError>>,
) -> Result<Head, StoreError> {
    let transaction = connection.transaction_with_behavior(TransactionBehavior::Immediate)?;
    let mut writer = Writer::new(head.clone());
    let mut statements = Statements::prepare(&transaction)?;
    for entry in entries {
        writer.write(&mut statements, &entry?)?;
    }
    drop(statements);
    writer.contents.write(&transaction, &writer.time.millis)?;
    writer.head.write(&transaction, include_str!("../sql/update_head.sql"))?;
    transaction.commit()?;
    Ok(writer.head)
}

/// Looked up once for all entries.
struct Statements<'c> {
    event: CachedStatement<'c>,
    features: Vec<Features<'c>>,
}

impl<'c> Statements<'c> {
    fn prepare(connection: &'c Connection) -> Result<Self, StoreError> {
        let event = connection.prepare_cached(include_str!("../sql/append_event.sql"))?;
        let features = FeatureTable::all().iter().map(|table| Features::prepare(connection, table));
        Ok(Self { event, features: features.collect::<Result<_, _>>()? })
    }
}

/// What is carried from one entry to the next.
struct Writer {
    head: Head,
    salts: Salts,
    geom: Vec<u8>,
    time: Time,
    contents: Contents,
}

impl Writer {
    fn new(head: Head) -> Self {
        Self {
            head,
            salts: Salts::new(),
            geom: Vec::new(),
            time: Time::default(),
            contents: Contents::default(),
        }
    }

    fn write(&mut self, statements: &mut Statements<'_>, encoded: &Encoded) -> Result<(), StoreError> {
        let Encoded { entry, wkb, bounds, .. } = encoded;
        let seq = column_of(self.head.revision + 1)?;
        self.time.set(entry.recorded_at);
        self.head.hash = self.write_event(&mut statements.event, encoded, seq)?;
        if entry.action.takes_effect() {
            let geom = wkb.as_ref().map(|wkb| {
                self.geom.clear();
                write_gpkg(*bounds, wkb, &mut self.geom);
                self.geom.as_slice()
            });
            statements.features[entry.record.collection.index()].write(
                &entry.record,
                geom,
                (seq, &self.time.millis, &entry.author),
            )?;
            self.contents.touch(entry.record.collection, *bounds);
        }
        self.head.revision += 1;
        self.head.recorded_at = Some(entry.recorded_at);
        Ok(())
    }

    fn write_event(
        &mut self,
        statement: &mut Statement<'_>,
        encoded: &Encoded,
        seq: i64,
    ) -> Result<[u8; 32], StoreError> {
        let Encoded { entry, identity, action, properties, wkb, .. } = encoded;
        let columns = [
            ValueRef::Integer(seq),
            ValueRef::Text(self.time.exact.as_bytes()),
            ValueRef::Text(entry.author.as_bytes()),
            ValueRef::Text(entry.reason.as_bytes()),
            ValueRef::Text(entry.record.collection.id().as_bytes()),
            ValueRef::Blob(entry.record.id.as_bytes()),
            ValueRef::Text(action.as_bytes()),
            ValueRef::Text(identity.as_bytes()),
            ValueRef::Blob(&entry.content),
            ValueRef::Text(properties.as_bytes()),
            wkb.as_ref().map_or(ValueRef::Null, |wkb| ValueRef::Blob(wkb)),
            ValueRef::Blob(self.salts.next()?),
        ];
        let hash = chained(&self.head.hash, &columns);
        for (index, column) in columns.into_iter().chain([ValueRef::Blob(&hash)]).enumerate() {
            statement.raw_bind_parameter(index + 1, ToSqlOutput::Borrowed(column))?;
        }
        statement.raw_execute()?;
        Ok(hash)
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
