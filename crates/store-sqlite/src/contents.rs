//! The entry of each feature table in `gpkg_contents`: extent and time of the last change.

use model::{Bounds, Collection};
use rusqlite::{Connection, params};

use crate::StoreError;
use crate::feature::FeatureTable;

/// What was written to the feature tables, so far.
#[derive(Debug, Clone, Copy, Default)]
pub struct Contents([Touched; Collection::COUNT]);

#[derive(Debug, Clone, Copy, Default)]
struct Touched {
    written: bool,
    bounds: Option<Bounds>,
}

impl Contents {
    /// Notes a row, with the box around its geometry.
    pub fn touch(&mut self, collection: Collection, bounds: Option<Bounds>) {
        let touched = &mut self.0[collection.index()];
        touched.written = true;
        touched.bounds = match (touched.bounds, bounds) {
            (Some(before), Some(now)) => Some(before.union(now)),
            (before, now) => before.or(now),
        };
    }

    /// Brings the entries up to what was noted; `now` is a GeoPackage DATETIME.
    pub fn write(&self, connection: &Connection, now: &str) -> Result<(), StoreError> {
        for (table, touched) in FeatureTable::all().iter().zip(&self.0).filter(|(_, touched)| touched.written)
        {
            let [west, south, east, north] = match touched.bounds {
                Some(b) => [b.west, b.south, b.east, b.north].map(Some),
                None => [None; 4],
            };
            let mut statement = connection.prepare_cached(include_str!("../sql/update_contents.sql"))?;
            statement.execute(params![table.collection.table(), now, west, south, east, north])?;
        }
        Ok(())
    }
}
