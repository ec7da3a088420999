//! MBTiles 1.3 (<https://github.com/mapbox/mbtiles-spec/blob/master/1.3/spec.md>): an SQLite file, rows counted from the south;
//! the same content is kept once, behind the view `tiles`.

use std::path::Path;

use rusqlite::{Connection, params};
use serde_json::{Value, json};

use crate::about::About;
use crate::error::ArchiveError;
use crate::made::Made;

const SCHEMA: &str = "
    PRAGMA page_size = 4096;
    PRAGMA application_id = 0x4d504258;
    PRAGMA journal_mode = OFF;
    PRAGMA synchronous = OFF;
    BEGIN;
    CREATE TABLE metadata (name text, value text);
    CREATE TABLE images (tile_id integer PRIMARY KEY, tile_data blob);
    CREATE TABLE map (zoom_level integer, tile_column integer, tile_row integer, tile_id integer);
    CREATE VIEW tiles AS
        SELECT map.zoom_level AS zoom_level, map.tile_column AS tile_column, map.tile_row AS tile_row,
               images.tile_data AS tile_data
        FROM map JOIN images ON images.tile_id = map.tile_id;";
const INDEXES: &str = "
    CREATE UNIQUE INDEX map_index ON map (zoom_level, tile_column, tile_row);
    CREATE UNIQUE INDEX name ON metadata (name);
    COMMIT;";

/// Writes the archive; answers how many different contents it has.
pub(crate) fn write(made: &Made, about: &About, path: &Path) -> Result<u64, ArchiveError> {
    let _ = std::fs::remove_file(path);
    let failed = |source| ArchiveError::Database { path: path.to_owned(), source };
    let database = Connection::open(path).map_err(failed)?;
    database.execute_batch(SCHEMA).map_err(failed)?;
    for (name, value) in metadata(about) {
        database.execute("INSERT INTO metadata VALUES (?1, ?2)", params![name, value]).map_err(failed)?;
    }
    put_tiles(&database, made, path)?;
    database.execute_batch(INDEXES).map_err(failed)?;
    database.close().map_err(|(_, source)| failed(source))?;
    Ok(made.contents.len() as u64)
}

fn put_tiles(database: &Connection, made: &Made, path: &Path) -> Result<(), ArchiveError> {
    let failed = |source| ArchiveError::Database { path: path.to_owned(), source };
    let mut images = database.prepare("INSERT INTO images VALUES (?1, ?2)").map_err(failed)?;
    for (number, content) in made.contents.iter().enumerate() {
        images.execute(params![number as i64, made.bytes(*content)?]).map_err(failed)?;
    }
    let mut map = database.prepare("INSERT INTO map VALUES (?1, ?2, ?3, ?4)").map_err(failed)?;
    for entry in &made.entries {
        let tile = entry.tile;
        let from_south = (1_u32 << tile.z) - 1 - tile.y;
        map.execute(params![tile.z, tile.x, from_south, entry.content as i64]).map_err(failed)?;
    }
    Ok(())
}

/// Names and values that the specification asks for; `json` has the layers.
fn metadata(about: &About) -> Vec<(String, String)> {
    let b = about.bounds;
    let (lon, lat) = about.center();
    let own = [
        ("format", "pbf".to_owned()),
        ("bounds", format!("{},{},{},{}", b.west, b.south, b.east, b.north)),
        ("center", format!("{lon},{lat},{}", about.zoom_min)),
        ("minzoom", about.zoom_min.to_string()),
        ("maxzoom", about.zoom_max.to_string()),
        ("json", json!({"vector_layers": about.members["vector_layers"]}).to_string()),
    ];
    let text = |value: &Value| value.as_str().map_or_else(|| value.to_string(), str::to_owned);
    let members = about.members.iter().filter(|(name, _)| *name != "vector_layers");
    let members = members.map(|(name, value)| (name.clone(), text(value)));
    members.chain(own.map(|(name, value)| (name.to_owned(), value))).collect()
}
