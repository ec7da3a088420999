//! `minemap record`: one record, by a person, from the command line.

use std::path::{Path, PathBuf};

use clap::{Args, Subcommand};
use exchange::{FeatureBody, read_feature};
use model::{Collection, RecordId};
use register::{Command, Done, Order, Prepared};

use crate::StoreArgument;
use crate::config;
use crate::exit::{Exit, Stopped};
use crate::writer::{Writer, author};

/// Makes, changes and withdraws one record. Also while a server runs on the store.
#[derive(Args)]
#[command(
    after_help = "Example:\n  minemap record create field.geojson --collection hazardous-areas --author olena\n  \
    minemap record change 0199… field.geojson --collection hazardous-areas --seen 12 --reason 'surveyed again'\n\n\
    What would take hazard off the map becomes a proposal: see minemap proposal."
)]
pub struct Record {
    #[command(subcommand)]
    what: What,
}

#[derive(Subcommand)]
enum What {
    /// A new record from a file with one GeoJSON feature.
    Create {
        /// File with the feature.
        file: PathBuf,
        #[command(flatten)]
        order: OrderArguments,
        /// Collection of the record.
        #[arg(long, value_name = "ID", value_parser = crate::import::collection)]
        collection: Collection,
    },
    /// A record anew, from a file with one GeoJSON feature.
    Change {
        /// Identifier of the record.
        id: RecordId,
        /// File with the feature.
        file: PathBuf,
        #[command(flatten)]
        order: OrderArguments,
        /// Collection of the record.
        #[arg(long, value_name = "ID", value_parser = crate::import::collection)]
        collection: Collection,
        /// Revision of the version you have seen.
        #[arg(long, value_name = "REVISION")]
        seen: u64,
    },
    /// Proposes to withdraw a record that was wrong.
    Withdraw {
        /// Identifier of the record.
        id: RecordId,
        #[command(flatten)]
        order: OrderArguments,
        /// Revision of the version you have seen.
        #[arg(long, value_name = "REVISION")]
        seen: u64,
    },
}

/// Who orders what, and why.
#[derive(Args)]
pub struct OrderArguments {
    #[command(flatten)]
    store: StoreArgument,
    /// Who you are; else MINEMAP_AUTHOR, else your user name.
    #[arg(long, value_name = "NAME")]
    author: Option<String>,
    /// Why.
    #[arg(long, value_name = "TEXT", default_value = "")]
    reason: String,
    /// TOML file with the programme's area: what lies outside is a finding.
    #[arg(long, value_name = "FILE")]
    config: Option<PathBuf>,
    /// Say what would happen and write nothing.
    #[arg(long)]
    dry_run: bool,
}

impl OrderArguments {
    /// Has the command carried out and says what it came to.
    pub fn carry_out(self, command: Command) -> Result<Exit, Stopped> {
        let author = self.author.unwrap_or_else(author);
        let order = Order { command, author, reason: self.reason, request: None, dry_run: self.dry_run };
        let writer = Writer::open(&self.store.store)?;
        let done = writer.carry_out(order);
        writer.close()?;
        print(&done?)
    }
}

impl Record {
    /// Carries it out.
    pub fn run(self) -> Result<Exit, Stopped> {
        match self.what {
            What::Create { file, order, collection } => {
                let mut prepared = prepared(&file, collection, order.config.as_deref())?;
                prepared.record.id = RecordId::nil();
                order.carry_out(Command::Create(Box::new(prepared)))
            }
            What::Change { id, file, order, collection, seen } => {
                let mut next = prepared(&file, collection, order.config.as_deref())?;
                next.record.id = id;
                order.carry_out(Command::Change { next: Box::new(next), seen, keeps_personal: false })
            }
            What::Withdraw { id, order, seen } => order.carry_out(Command::Withdraw { id, seen }),
        }
    }
}

fn prepared(file: &Path, collection: Collection, config_file: Option<&Path>) -> Result<Prepared, Stopped> {
    let name = file.display();
    let text = std::fs::read(file).map_err(|error| Stopped::usage(format!("{name}: {error}")))?;
    let body = read_feature(&text, collection).map_err(|why| Stopped::usage(format!("{name}: {why}")))?;
    let FeatureBody { draft, .. } = body;
    let context = config::context(config_file)?;
    let prepared = register::prepare(draft, &context)
        .map_err(|finding| Stopped::usage(format!("{name}: {}", finding.message)))?;
    let refusing: Vec<_> =
        prepared.record.findings.iter().filter(|finding| model::refuses(collection, finding)).collect();
    if refusing.is_empty() {
        return Ok(prepared);
    }
    let lines: Vec<_> = refusing
        .iter()
        .map(|finding| {
            format!("  {} {}: {}", finding.rule, finding.field.as_deref().unwrap_or("-"), finding.message)
        })
        .collect();
    Err(Stopped::usage(format!("{name}: nothing was written; put right:\n{}", lines.join("\n"))))
}

#[expect(clippy::print_stdout, reason = "the answer is the command's output")]
fn print(done: &Done) -> Result<Exit, Stopped> {
    println!("{}", serde_json::to_string_pretty(done).map_err(Stopped::machine)?);
    Ok(Exit::Done)
}
