//! Events as they stand in the log, and reading them in order.

use std::ops::ControlFlow;

use jiff::Timestamp;
use model::{Action, Collection, Event, Geometry, Identity, Record, RecordId, Request};
use rusqlite::types::{FromSql, ValueRef};
use rusqlite::{Connection, Row};

use crate::geometry::read_wkb;
use crate::head::column_of;
use crate::{Head, StoreError};

/// Columns of the `event` table that its hash covers: all but the hash, which stands last.
pub const HASHED_COLUMNS: usize = 12;

/// An event with its record's properties as the text they are stored as.
#[derive(Debug, Clone, PartialEq)]
pub struct StoredEvent {
    /// Position in the log, from 1, without gaps.
    pub revision: u64,
    /// When it was accepted.
    pub recorded_at: Timestamp,
    /// Who entered it.
    pub author: String,
    /// Why.
    pub reason: String,
    /// The record's identifier.
    pub id: RecordId,
    /// The record's collection.
    pub collection: Collection,
    /// What it does.
    pub action: Action,
    /// The request that made it, where it can come again.
    pub request: Option<Request>,
    /// What it is known again by.
    pub identity: Identity,
    /// Fingerprint of the draft it came from.
    pub content: [u8; 32],
    /// [`Record::properties`] as JSON text.
    pub properties: String,
    /// Geometry as entered; `None` is *not placed*.
    pub geometry: Option<Geometry>,
}

impl StoredEvent {
    /// The event with its record parsed.
    ///
    /// # Errors
    /// Says which stored property is not of its kind.
    pub fn into_event(self) -> Result<Event, StoreError> {
        let revision = self.revision;
        let unreadable = |why: String| StoreError::Unreadable { revision, why };
        let properties =
            serde_json::from_str(&self.properties).map_err(|error| unreadable(error.to_string()))?;
        let record = Record::from_properties(self.id, self.collection, self.geometry, properties);
        Ok(Event {
            revision,
            recorded_at: self.recorded_at,
            author: self.author,
            reason: self.reason,
            action: self.action,
            request: self.request,
            record: record.map_err(unreadable)?,
            identity: self.identity,
            content: self.content,
        })
    }

    /// Reads a row of `read_events.sql`.
    pub(crate) fn read(row: &Row<'_>) -> Result<Self, StoreError> {
        let revision = revision_of(row)?;
        Self::read_columns(revision, row).map_err(|why| StoreError::Unreadable { revision, why })
    }

    fn read_columns(revision: u64, row: &Row<'_>) -> Result<Self, String> {
        let collection: &str = &column::<String>(row, 4)?;
        let did = Did::read(row.get_ref(6).map_err(in_column("action"))?)?;
        Ok(Self {
            revision,
            recorded_at: column::<String>(row, 1)?.parse().map_err(in_column("recorded_at"))?,
            author: column(row, 2)?,
            reason: column(row, 3)?,
            collection: Collection::from_id(collection)
                .ok_or_else(|| format!("no collection {collection}"))?,
            id: RecordId::from_bytes(column(row, 5)?),
            action: did.action,
            request: did.request,
            identity: serde_json::from_str(&column::<String>(row, 7)?).map_err(in_column("identity"))?,
            content: column(row, 8)?,
            properties: column(row, 9)?,
            geometry: geometry_of(row)?,
        })
    }
}

/// The column `action`: what the event does, and the request that made it.
#[derive(Default, serde::Serialize, serde::Deserialize)]
pub(crate) struct Did {
    #[serde(flatten)]
    pub action: Action,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub request: Option<Request>,
}

/// Nearly every event is just that.
pub(crate) const VERSION: &str = r#"{"kind":"version"}"#;

impl Did {
    fn read(column: ValueRef<'_>) -> Result<Self, String> {
        let text = column.as_str().map_err(in_column("action"))?;
        if text == VERSION {
            return Ok(Self::default());
        }
        serde_json::from_str(text).map_err(in_column("action"))
    }

    pub(crate) fn text(&self) -> serde_json::Result<String> {
        match self {
            Self { action: Action::Version, request: None } => Ok(VERSION.to_owned()),
            other => serde_json::to_string(other),
        }
    }
}

fn geometry_of(row: &Row<'_>) -> Result<Option<Geometry>, String> {
    match row.get_ref(10).map_err(in_column("geometry"))? {
        ValueRef::Null => Ok(None),
        ValueRef::Blob(wkb) => read_wkb(wkb).map(Some).map_err(in_column("geometry")),
        other => Err(format!("geometry: {} instead of a blob", other.data_type())),
    }
}

fn column<T: FromSql>(row: &Row<'_>, index: usize) -> Result<T, String> {
    row.get(index).map_err(|error| error.to_string())
}

fn in_column<E: std::fmt::Display>(name: &'static str) -> impl Fn(E) -> String {
    move |error| format!("{name}: {error}")
}

/// The revision of a row of `read_events.sql`.
pub fn revision_of(row: &Row<'_>) -> Result<u64, StoreError> {
    let seq: i64 = row.get(0)?;
    u64::try_from(seq).map_err(|_| StoreError::Damaged { what: format!("an event has the number {seq}") })
}

/// Hands out the events after `after`; see [`crate::Store::replay`].
pub fn replay(
    connection: &Connection,
    head: &Head,
    after: u64,
    each: &mut dyn FnMut(StoredEvent) -> ControlFlow<()>,
) -> Result<(), StoreError> {
    let mut statement = connection.prepare_cached(include_str!("../sql/read_events.sql"))?;
    let mut rows = statement.query([column_of(after)?])?;
    let mut last = after;
    while let Some(row) = rows.next()? {
        let event = StoredEvent::read(row)?;
        if event.revision != last + 1 {
            return Err(missing(last + 1, event.revision - 1));
        }
        last = event.revision;
        if last > head.revision {
            return Ok(()); // written by another process after this store was opened for reading
        }
        if each(event).is_break() {
            return Ok(());
        }
    }
    if last < head.revision { Err(missing(last + 1, head.revision)) } else { Ok(()) }
}

fn missing(first: u64, last: u64) -> StoreError {
    StoreError::Damaged { what: format!("events {first} to {last} are missing from the log") }
}
