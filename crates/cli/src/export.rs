//! `minemap export`: a collection as a file, with every field, attribute and digit that came in.

use std::collections::BTreeMap;
use std::ops::ControlFlow;
use std::path::PathBuf;

use clap::Args;
use exchange::Format;
use model::{Collection, Properties, RecordId};
use store_sqlite::{Store, StoredEvent};

use crate::StoreArgument;
use crate::exit::{Exit, Stopped};

/// Writes a collection to a file. Also while a server runs on the store.
#[derive(Args)]
#[command(after_help = "Example:\n  minemap export --collection hazardous-areas --output areas.geojson")]
pub struct Export {
    #[command(flatten)]
    store: StoreArgument,
    /// Collection to write.
    #[arg(long, value_name = "ID", value_parser = crate::import::collection)]
    collection: Collection,
    /// File to write; it appears only when it is whole.
    #[arg(long, value_name = "FILE")]
    output: PathBuf,
    /// Format, where the file's name does not tell: geojson, ndjson, csv, gpkg.
    #[arg(long, value_name = "FORMAT")]
    format: Option<String>,
}

impl Export {
    /// Writes the file.
    pub fn run(self) -> Result<Exit, Stopped> {
        let format = match &self.format {
            Some(id) => Format::from_id(id).map_err(Stopped::usage)?,
            None => self.format_of_output()?,
        };
        let present = self.present()?;
        let properties = present.values().map(|event| serde_json::from_str(&event.properties));
        let properties: Vec<Properties> = properties.collect::<Result<_, _>>().map_err(Stopped::machine)?;
        let mut records = present.values().zip(&properties).map(|(event, properties)| exchange::Export {
            id: event.id,
            geometry: event.geometry.as_ref(),
            properties,
        });
        let written =
            exchange::write(&self.output, format, self.collection, &mut records).map_err(Stopped::machine)?;
        eprintln!("{written} records of {} written to {}", self.collection, self.output.display());
        Ok(Exit::Done)
    }

    fn format_of_output(&self) -> Result<Format, Stopped> {
        Format::from_path(&self.output).ok_or_else(|| {
            let (name, allowed) = (self.output.display(), Format::allowed());
            Stopped::usage(format!("{name} does not tell its format; name one with --format: {allowed}"))
        })
    }

    /// The present version of every record of the collection.
    fn present(&self) -> Result<BTreeMap<RecordId, StoredEvent>, Stopped> {
        let store = self.store.open_read_only()?;
        let mut present = BTreeMap::new();
        let mut take = |event: StoredEvent| {
            if event.collection == self.collection {
                present.insert(event.id, event);
            }
            ControlFlow::Continue(())
        };
        Store::replay(&store, 0, &mut take).map_err(Stopped::machine)?;
        Ok(present)
    }
}
