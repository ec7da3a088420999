//! The program `minemap`: reads its command line, does one thing, and says by its exit code how it went.

mod check;
mod config;
mod control;
mod demo_country;
mod descriptors;
mod exit;
mod export;
mod import;
mod layer;
mod locate;
mod owner_only;
mod progress;
mod proj_environment;
mod proposal;
mod record;
mod report;
mod serve;
mod tiles;
mod upload;
mod user;
mod verify;
mod writer;

use std::path::PathBuf;
use std::process::ExitCode;

use clap::{Parser, Subcommand};

use store_sqlite::Store;

use crate::exit::{Exit, Stopped};

/// A register of mine contamination, and its map.
///
/// No record is not safety: where nothing is recorded, the land may never have been surveyed.
#[derive(Parser)]
#[command(name = "minemap", version, max_term_width = 100)]
struct Arguments {
    #[command(subcommand)]
    command: Command,
}

#[derive(Subcommand)]
enum Command {
    /// Answers over HTTP: the web map, questions, tiles, OGC API.
    Serve(serve::Serve),
    /// Reads files of hazards into the register.
    Import(Box<import::Import>),
    /// Writes a collection to a file.
    Export(export::Export),
    /// Writes the tiles of the register to one file.
    Tiles(tiles::Tiles),
    /// Makes, changes and withdraws one record.
    Record(record::Record),
    /// Lists what waits for a second person, approves it, rejects it.
    Proposal(proposal::Proposal),
    /// Adds, lists and removes reference layers.
    Layer(layer::LayerCommand),
    /// Makes, changes and lists accounts.
    User(user::User),
    /// Lists every open finding, with counts per rule and severity.
    Check(check::Check),
    /// Walks the log's hash chain, rebuilds the tables and compares.
    Verify(verify::Verify),
    /// Reads a coordinate in any notation.
    Locate(locate::Locate),
    /// Writes the seeded synthetic country to a file.
    Demo(demo_country::Demo),
}

/// The store a command works on.
#[derive(clap::Args, Clone)]
struct StoreArgument {
    /// GeoPackage file that holds the register.
    #[arg(long, value_name = "FILE", default_value = "minemap.gpkg")]
    store: PathBuf,
}

impl StoreArgument {
    /// The store, for reading; a server may be writing it.
    fn open_read_only(&self) -> Result<Store, Stopped> {
        if !self.store.exists() {
            return Err(Stopped::usage(format!("{}: no such store", self.store.display())));
        }
        Store::open_read_only(&self.store).map_err(Stopped::machine)
    }

    /// The register as it stands in the store, for reading.
    fn snapshot(&self) -> Result<register::Snapshot, Stopped> {
        register::snapshot_of(&self.open_read_only()?, &mut |_, _| {}).map_err(Stopped::machine)
    }
}

fn main() -> ExitCode {
    proj_environment::leave_foreign_databases();
    let filter = tracing_subscriber::EnvFilter::try_from_env("MINEMAP_LOG")
        .unwrap_or_else(|_| tracing_subscriber::EnvFilter::new("warn"));
    tracing_subscriber::fmt().with_env_filter(filter).with_writer(std::io::stderr).init();
    let arguments = match Arguments::try_parse() {
        Ok(arguments) => arguments,
        Err(error) => {
            let _ = error.print();
            return if error.use_stderr() { Exit::Usage.into() } else { Exit::Done.into() };
        }
    };
    let done = match arguments.command {
        Command::Serve(serve) => serve.run(),
        Command::Import(import) => import.run(),
        Command::Export(export) => export.run(),
        Command::Tiles(tiles) => tiles.run(),
        Command::Record(record) => record.run(),
        Command::Proposal(proposal) => proposal.run(),
        Command::Layer(layer) => layer.run(),
        Command::User(user) => user.run(),
        Command::Check(check) => check.run(),
        Command::Verify(verify) => verify.run(),
        Command::Locate(locate) => locate.run(),
        Command::Demo(demo) => demo.run(),
    };
    done.unwrap_or_else(|stopped| {
        eprintln!("minemap: {stopped}");
        stopped.exit
    })
    .into()
}
