//! `minemap demo`: the synthetic country as a file, and as the first content of a demonstration store.

use std::fs::File;
use std::io::{BufWriter, Write};
use std::path::{Path, PathBuf};

use clap::Args;
use model::Context;
use rayon::prelude::*;
use register::{Register, Submission};
use serde_json::json;

use crate::exit::{Exit, Stopped};
use crate::progress::Progress;

/// Records of the country that `serve --demo` begins with.
const RECORDS: u64 = 5_000;
const SEED: u64 = 1;
const RECORDS_MAX: u64 = 10_000_000;

/// Writes the seeded synthetic country as newline-delimited GeoJSON. Every record says that it is synthetic.
#[derive(Args)]
#[command(after_help = "Example:\n  minemap demo --records 100000 --seed 1 --output country.ndjson")]
pub struct Demo {
    /// How many records.
    #[arg(long, value_name = "N", default_value_t = RECORDS, value_parser = clap::value_parser!(u64).range(1..=RECORDS_MAX))]
    records: u64,
    /// The same seed makes the same country.
    #[arg(long, value_name = "S", default_value_t = SEED)]
    seed: u64,
    /// File to write (.ndjson, or .geojson for one feature collection).
    #[arg(long, value_name = "FILE")]
    output: PathBuf,
}

impl Demo {
    /// Writes the file; it appears only when it is whole.
    pub fn run(self) -> Result<Exit, Stopped> {
        let failed = |error: std::io::Error| Stopped::machine(format!("{}: {error}", self.output.display()));
        let unfinished = self.output.with_extension("unfinished");
        self.write(&unfinished).map_err(failed)?;
        std::fs::rename(&unfinished, &self.output).map_err(failed)?;
        eprintln!("{} synthetic records written to {}", self.records, self.output.display());
        Ok(Exit::Done)
    }

    fn write(&self, path: &Path) -> std::io::Result<()> {
        let is_collection = self.output.extension().is_some_and(|e| e == "geojson" || e == "json");
        let mut out = BufWriter::new(File::create(path)?);
        if is_collection {
            out.write_all(b"{\"type\":\"FeatureCollection\",\"features\":[\n")?;
        }
        let mut progress = Progress::begin("Making the synthetic country", self.records);
        for index in 0..self.records {
            if is_collection && index > 0 {
                out.write_all(b",")?;
            }
            out.write_all(as_geojson(demo::feature(index, self.seed)).as_bytes())?;
            progress.at(index + 1);
        }
        progress.finish();
        if is_collection {
            out.write_all(b"]}\n")?;
        }
        out.into_inner()?.sync_all()
    }
}

/// One feature on one line.
fn as_geojson(feature: demo::Feature) -> String {
    let mut properties = feature.fields;
    properties.insert("collection".to_owned(), json!(feature.collection.id()));
    properties.extend(feature.attributes);
    let mut line = String::from(r#"{"type":"Feature","geometry":"#);
    match &feature.geometry {
        Some(geometry) => exchange::write_geometry(geometry, &mut line),
        None => line.push_str("null"),
    }
    line.push_str(&format!(",\"properties\":{}}}\n", serde_json::Value::Object(properties)));
    line
}

/// Puts the synthetic country into an empty register; a register that holds anything is left as it is.
pub fn fill(register: &Register, context: &Context) -> Result<(), Stopped> {
    if register.handle().revision() > 0 {
        return Ok(());
    }
    let prepared: Result<Vec<_>, _> = (0..RECORDS)
        .into_par_iter()
        .map(|index| register::prepare(demo::feature(index, SEED).into_draft(index + 1), context))
        .collect();
    let batch = prepared.map_err(|finding| Stopped::machine(finding.message))?;
    let submission = Submission {
        author: "synthetic".to_owned(),
        reason: "demonstration: synthetic records, no real hazards".to_owned(),
        dry_run: false,
    };
    register.handle().submit(batch, submission).map_err(Stopped::machine)?;
    Ok(())
}
