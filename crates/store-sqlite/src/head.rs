//! The head row: where the log ends.

use jiff::Timestamp;
use rusqlite::types::ValueRef;
use rusqlite::{Connection, OptionalExtension, params};

use crate::hash::{GENESIS, sealed};
use crate::{StoreError, create};

/// The end of the log.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Head {
    /// Name of this history, changed by every restore: revisions of different epochs are not comparable.
    pub epoch: String,
    /// Revision of the last event; 0 where there is none.
    pub revision: u64,
    /// Hash of the last event, which covers all before it.
    pub hash: [u8; 32],
    /// When the last event was recorded.
    pub recorded_at: Option<Timestamp>,
}

impl Head {
    /// The head of an empty log.
    pub(crate) fn new(epoch: String) -> Self {
        Self { epoch, revision: 0, hash: GENESIS, recorded_at: None }
    }

    /// Writes the row with one of the two head statements.
    pub(crate) fn write(&self, connection: &Connection, sql: &str) -> Result<(), StoreError> {
        let seq = column_of(self.revision)?;
        let beat_at = self.recorded_at.map(|time| time.to_string());
        let seal = seal(create::FORMAT, &self.epoch, seq, &self.hash, beat_at.as_deref());
        let row = params![create::FORMAT, self.epoch, seq, self.hash, beat_at, seal];
        connection.prepare_cached(sql)?.execute(row)?;
        Ok(())
    }

    /// Reads the row and checks its seal.
    pub(crate) fn read(connection: &Connection) -> Result<Self, StoreError> {
        let row = connection.query_row(include_str!("../sql/read_head.sql"), [], |row| {
            let head: (i64, String, i64, [u8; 32]) = (row.get(0)?, row.get(1)?, row.get(2)?, row.get(3)?);
            Ok((head, row.get::<_, Option<String>>(4)?, row.get::<_, [u8; 32]>(5)?))
        });
        let Some(((format, epoch, seq, hash), beat_at, found)) = row.optional()? else {
            return Err(damaged("the head row is missing"));
        };
        if found != seal(format, &epoch, seq, &hash, beat_at.as_deref()) {
            return Err(damaged("the head row does not fit its seal"));
        }
        let revision = u64::try_from(seq).map_err(|_| damaged("the head is before the first event"))?;
        let recorded_at = beat_at.map(|text| text.parse()).transpose();
        let recorded_at = recorded_at.map_err(|_| damaged("the head's time is not a time"))?;
        Ok(Self { epoch, revision, hash, recorded_at })
    }
}

fn damaged(what: &str) -> StoreError {
    StoreError::Damaged { what: what.to_owned() }
}

fn seal(format: i64, epoch: &str, seq: i64, hash: &[u8; 32], beat_at: Option<&str>) -> [u8; 32] {
    let beat_at = beat_at.map_or(ValueRef::Null, |text| ValueRef::Text(text.as_bytes()));
    let (epoch, hash) = (ValueRef::Text(epoch.as_bytes()), ValueRef::Blob(hash));
    sealed(&[ValueRef::Integer(format), epoch, ValueRef::Integer(seq), hash, beat_at])
}

/// A revision as SQLite's integers hold it.
pub(crate) fn column_of(revision: u64) -> Result<i64, StoreError> {
    i64::try_from(revision).map_err(|_| damaged("more events than a 64-bit integer counts"))
}
