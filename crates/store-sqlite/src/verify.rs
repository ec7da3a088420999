//! Comparing everything the file holds with everything else it holds.

use std::collections::HashMap;

use model::{Collection, RecordId};
use rusqlite::types::ValueRef;
use rusqlite::{Connection, Row};

use crate::event::HASHED_COLUMNS;
use crate::feature::{FeatureTable, cells, datetime};
use crate::hash::{GENESIS, chained};
use crate::head::column_of;
use crate::rebuild::gpkg_of;
use crate::{Head, StoreError, StoredEvent};

/// What verifying found.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Verification {
    /// Events read.
    pub events: u64,
    /// Feature rows compared.
    pub features: u64,
    /// Where the log ends.
    pub head: Head,
    /// Everything that does not fit, in the order found.
    pub problems: Vec<Problem>,
}

impl Verification {
    /// Whether all agree.
    pub fn is_sound(&self) -> bool {
        self.problems.is_empty()
    }
}

/// One thing that does not fit.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Problem {
    /// The event it was noticed at, where it is about one.
    pub revision: Option<u64>,
    /// What was found and what was expected.
    pub what: String,
}

/// The present version of each record: the revision that wrote it.
type Present = HashMap<(Collection, RecordId), u64>;

/// See [`crate::Store::verify`].
pub fn verify(
    connection: &Connection,
    head: &Head,
    progress: &mut dyn FnMut(u64, u64),
) -> Result<Verification, StoreError> {
    let mut walk = Walk::new(head, progress);
    walk.noting(None, |walk| walk.check_database(connection));
    walk.noting(None, |walk| walk.check_head(connection));
    walk.noting(None, |walk| walk.walk_events(connection));
    walk.check_end();
    for table in FeatureTable::all() {
        walk.noting(None, |walk| walk.compare_table(connection, table));
    }
    walk.list_missing();
    let Walk { events, features, problems, .. } = walk;
    Ok(Verification { events, features, head: head.clone(), problems })
}

struct Walk<'a> {
    head: &'a Head,
    progress: &'a mut dyn FnMut(u64, u64),
    events: u64,
    features: u64,
    problems: Vec<Problem>,
    last: u64,
    hash: [u8; 32],
    present: Present,
    records: u64,
}

impl<'a> Walk<'a> {
    fn new(head: &'a Head, progress: &'a mut dyn FnMut(u64, u64)) -> Self {
        let (problems, present) = (Vec::new(), Present::new());
        Self { head, progress, events: 0, features: 0, problems, last: 0, hash: GENESIS, present, records: 0 }
    }

    fn problem(&mut self, revision: Option<u64>, what: impl Into<String>) {
        self.problems.push(Problem { revision, what: what.into() });
    }

    /// An error while comparing is itself a finding: the rest is compared all the same.
    fn noting(&mut self, revision: Option<u64>, step: impl FnOnce(&mut Self) -> Result<(), StoreError>) {
        if let Err(error) = step(self) {
            self.problem(revision, error.to_string());
        }
    }

    fn check_database(&mut self, connection: &Connection) -> Result<(), StoreError> {
        let mut statement = connection.prepare("PRAGMA integrity_check")?;
        let mut rows = statement.query([])?;
        while let Some(row) = rows.next()? {
            let line: String = row.get(0)?;
            if line != "ok" {
                self.problem(None, format!("SQLite: {line}"));
            }
        }
        Ok(())
    }

    fn check_head(&mut self, connection: &Connection) -> Result<(), StoreError> {
        if Head::read(connection)? != *self.head {
            self.problem(None, "the head row is not what it was when the register was opened");
        }
        Ok(())
    }

    fn walk_events(&mut self, connection: &Connection) -> Result<(), StoreError> {
        let mut statement = connection.prepare(include_str!("../sql/read_events.sql"))?;
        let mut rows = statement.query([i64::MIN])?;
        while let Some(row) = rows.next()? {
            self.check_event(row)?;
            self.report();
        }
        Ok(())
    }

    fn check_event(&mut self, row: &Row<'_>) -> Result<(), StoreError> {
        let revision = crate::event::revision_of(row)?;
        if revision != self.last + 1 {
            self.problem(
                Some(revision),
                format!("events {} to {} are missing before it", self.last + 1, revision - 1),
            );
        }
        let columns = (0..HASHED_COLUMNS).map(|index| row.get_ref(index)).collect::<Result<Vec<_>, _>>()?;
        let hash: [u8; 32] = row.get(HASHED_COLUMNS).unwrap_or(GENESIS);
        if hash != chained(&self.hash, &columns) {
            self.problem(Some(revision), "its content does not fit its hash and the event before it");
        }
        (self.last, self.hash) = (revision, hash);
        self.events += 1;
        self.note_present(revision, row);
        Ok(())
    }

    fn note_present(&mut self, revision: u64, row: &Row<'_>) {
        match StoredEvent::read(row) {
            Ok(event) => self.note(event),
            Err(error) => self.problem(Some(revision), error.to_string()),
        }
    }

    fn note(&mut self, event: StoredEvent) {
        let (key, revision) = ((event.collection, event.id), event.revision);
        if !event.action.takes_effect() {
            return;
        }
        // Parsing every record would double the time; few say the word at all.
        let may_be_withdrawn = event.properties.contains("\"withdrawn\":true");
        let parsed = may_be_withdrawn.then(|| event.into_event()).transpose();
        match parsed {
            Ok(Some(event)) if event.record.withdrawn => drop(self.present.remove(&key)),
            Ok(_) => drop(self.present.insert(key, revision)),
            Err(error) => self.problem(Some(revision), error.to_string()),
        }
        self.records = self.present.len() as u64;
    }

    fn check_end(&mut self) {
        if self.last != self.head.revision {
            let what = format!("the log ends at event {}, its head says {}", self.last, self.head.revision);
            self.problem(Some(self.last), what);
        }
        if self.hash != self.head.hash {
            self.problem(Some(self.last), "the head's hash is not that of the last event");
        }
    }

    fn compare_table(&mut self, connection: &Connection, table: &FeatureTable) -> Result<(), StoreError> {
        let mut statement = connection.prepare(&table.select)?;
        let mut rows = statement.query([])?;
        while let Some(row) = rows.next()? {
            self.features += 1;
            self.noting(None, |walk| walk.compare_row(connection, table, row));
            self.report();
        }
        Ok(())
    }

    fn compare_row(
        &mut self,
        connection: &Connection,
        table: &FeatureTable,
        row: &Row<'_>,
    ) -> Result<(), StoreError> {
        let name = table.collection.table();
        let id = row.get_ref(1)?.as_str().ok().and_then(|text| text.parse::<RecordId>().ok());
        let Some(revision) = id.and_then(|id| self.present.remove(&(table.collection, id))) else {
            self.problem(
                None,
                format!("table {name} has a row that the log does not have: {:?}", row.get_ref(1)?),
            );
            return Ok(());
        };
        if let Some(column) = differing_column(connection, revision, row)? {
            self.problem(Some(revision), format!("table {name}: column {column} is not what the log says"));
        }
        Ok(())
    }

    fn list_missing(&mut self) {
        let mut missing: Vec<_> = self.present.drain().collect();
        missing.sort_unstable_by_key(|(_, revision)| *revision);
        for ((collection, id), revision) in missing {
            self.problem(Some(revision), format!("table {} lacks record {id}", collection.table()));
        }
    }

    fn report(&mut self) {
        const EVERY: u64 = 1_000;
        let done = self.events + self.features;
        if done.is_multiple_of(EVERY) {
            (self.progress)(done, self.head.revision + self.records.max(1));
        }
    }
}

/// The first column of a feature row that the log's event does not give.
fn differing_column(
    connection: &Connection,
    revision: u64,
    row: &Row<'_>,
) -> Result<Option<String>, StoreError> {
    let mut statement = connection.prepare_cached(include_str!("../sql/read_event.sql"))?;
    let mut events = statement.query([column_of(revision)?])?;
    let Some(stored) = events.next()? else { return Ok(Some("id".to_owned())) };
    let event = StoredEvent::read(stored)?.into_event()?;
    let (geom, time) = (gpkg_of(&event)?, datetime(event.recorded_at));
    let row_of_log = cells(&event.record, geom.as_deref(), column_of(revision)?, &time, &event.author);
    for (index, cell) in row_of_log.enumerate() {
        if !cell.is(row.get_ref(index).unwrap_or(ValueRef::Null)) {
            return Ok(Some(row.as_ref().column_name(index)?.to_owned()));
        }
    }
    Ok(None)
}
