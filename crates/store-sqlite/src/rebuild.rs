//! Building feature tables anew from the log.

use std::ops::ControlFlow;

use rusqlite::{Connection, OptionalExtension, TransactionBehavior, params};

use crate::contents::Contents;
use crate::create::define_feature_table;
use crate::feature::{FeatureTable, Features, datetime};
use crate::geometry::{write_gpkg, write_wkb};
use crate::head::column_of;
use crate::{Head, StoreError, StoredEvent, event};

/// Replaces the tables given, with whatever other programs have attached to them, by what the log says.
pub fn rebuild(connection: &mut Connection, head: &Head, tables: &[&FeatureTable]) -> Result<(), StoreError> {
    let transaction = connection.transaction_with_behavior(TransactionBehavior::Immediate)?;
    for table in tables {
        remove(&transaction, table.collection.table())?;
        define_feature_table(&transaction, table)?;
    }
    let mut contents = Contents::default();
    let mut failed = None;
    event::replay(&transaction, head, 0, &mut |stored| {
        let is_asked = tables.iter().any(|table| table.collection == stored.collection);
        if is_asked && stored.action.takes_effect() {
            failed = write(&transaction, stored, &mut contents).err();
        }
        if failed.is_some() { ControlFlow::Break(()) } else { ControlFlow::Continue(()) }
    })?;
    failed.map_or(Ok(()), Err)?;
    contents.write(&transaction, &datetime(jiff::Timestamp::now()))?;
    Ok(transaction.commit()?)
}

fn remove(connection: &Connection, table: &str) -> Result<(), StoreError> {
    // QGIS's "create spatial index" leaves a virtual table whose triggers need functions that only it has.
    connection
        .execute_batch(&format!("DROP TABLE IF EXISTS rtree_{table}_geom; DROP TABLE IF EXISTS {table};"))?;
    for listing in ["gpkg_extensions", "gpkg_ogr_contents", "gpkg_geometry_columns", "gpkg_contents"] {
        if has_table(connection, listing)? {
            connection.execute(&format!("DELETE FROM {listing} WHERE table_name = ?1"), params![table])?;
        }
    }
    Ok(())
}

/// Whether the file has a table of that name.
pub fn has_table(connection: &Connection, name: &str) -> Result<bool, StoreError> {
    let sql = "SELECT 1 FROM sqlite_schema WHERE type = 'table' AND name = ?1";
    Ok(connection.query_row(sql, [name], |_| Ok(())).optional()?.is_some())
}

fn write(connection: &Connection, stored: StoredEvent, contents: &mut Contents) -> Result<(), StoreError> {
    let event = stored.into_event()?;
    let bounds = event.record.geometry.as_ref().and_then(model::Bounds::of);
    let geom = gpkg_of(&event)?;
    let made = (column_of(event.revision)?, datetime(event.recorded_at), event.author);
    let table = FeatureTable::of(event.record.collection);
    Features::prepare(connection, table)?.write(
        &event.record,
        geom.as_deref(),
        (made.0, &made.1, &made.2),
    )?;
    contents.touch(event.record.collection, bounds);
    Ok(())
}

/// The GeoPackage binary of an event's geometry.
pub fn gpkg_of(event: &model::Event) -> Result<Option<Vec<u8>>, StoreError> {
    let Some(geometry) = &event.record.geometry else { return Ok(None) };
    let (mut wkb, mut geom) = (Vec::new(), Vec::new());
    let unreadable = |why| StoreError::Unreadable { revision: event.revision, why };
    write_wkb(geometry, &mut wkb).map_err(unreadable)?;
    write_gpkg(model::Bounds::of(geometry), &wkb, &mut geom);
    Ok(Some(geom))
}
