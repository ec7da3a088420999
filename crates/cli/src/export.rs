//! `minemap export`: a collection as a file, with every field, attribute and digit that came in.

use std::collections::BTreeMap;
use std::ops::ControlFlow;
use std::path::PathBuf;

use clap::Args;
use exchange::Format;
use jiff::Timestamp;
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
    /// The register as it was known then: a revision, a time or a date.
    #[arg(long, value_name = "TIME|REVISION", value_parser = as_of)]
    as_of: Option<AsOf>,
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

    /// The version of every record of the collection that was present as of then; proposals are not, and what was
    /// withdrawn is not any more.
    fn present(&self) -> Result<BTreeMap<RecordId, StoredEvent>, Stopped> {
        let store = self.store.open_read_only()?;
        let newest = store.head().revision;
        if let Some(AsOf::Revision(revision)) = self.as_of.filter(|as_of| as_of.is_after(newest)) {
            return Err(Stopped::usage(format!("--as-of {revision}: the newest revision is {newest}")));
        }
        let mut present = BTreeMap::new();
        let mut take = |event: StoredEvent| {
            if self.as_of.is_some_and(|as_of| as_of.is_before(&event)) {
                return ControlFlow::Break(());
            }
            if event.collection == self.collection && event.action.takes_effect() {
                present.insert(event.id, event);
            }
            ControlFlow::Continue(())
        };
        Store::replay(&store, 0, &mut take).map_err(Stopped::machine)?;
        present.retain(|_, event| !is_withdrawn(event));
        Ok(present)
    }
}

fn is_withdrawn(event: &StoredEvent) -> bool {
    let stored: Option<Properties> = serde_json::from_str(&event.properties).ok();
    stored.is_some_and(|stored| stored.get("withdrawn").is_some_and(|withdrawn| withdrawn == true))
}

/// A moment of the register.
#[derive(Debug, Clone, Copy)]
enum AsOf {
    Revision(u64),
    Time(Timestamp),
}

impl AsOf {
    fn is_after(self, newest: u64) -> bool {
        matches!(self, Self::Revision(revision) if revision > newest)
    }

    fn is_before(self, event: &StoredEvent) -> bool {
        match self {
            Self::Revision(revision) => event.revision > revision,
            Self::Time(time) => event.recorded_at > time,
        }
    }
}

fn as_of(text: &str) -> Result<AsOf, String> {
    let allowed = "a revision such as 1200, a time such as 2026-03-31T18:00:00Z, or a date (its end, UTC)";
    if let Ok(revision) = text.parse() {
        return Ok(AsOf::Revision(revision));
    }
    let end_of_day = || {
        let date: jiff::civil::Date = (text.len() == 10).then(|| text.parse().ok())??;
        let day = date.to_zoned(jiff::tz::TimeZone::UTC).ok()?;
        Some(day.end_of_day().ok()?.timestamp())
    };
    let time = text.parse().ok().or_else(end_of_day);
    time.map(AsOf::Time).ok_or_else(|| format!("allowed: {allowed}"))
}
