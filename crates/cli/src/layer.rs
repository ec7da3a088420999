//! `minemap layer`: reference layers beside a store; also while a server runs on it.

use std::path::{Path, PathBuf};

use clap::{Args, Subcommand};
use exchange::PlainOptions;
use geodesy::Crs;
use reference::{About, Gathered, LayerError, Name, Source, folder_of, gather};

use crate::StoreArgument;
use crate::control;
use crate::exit::{Exit, Stopped};

/// Most findings about single features that are listed; all are counted.
const FINDINGS_SHOWN: usize = 20;

/// Adds, lists and removes reference layers: administrative units, settlements, roads, farmland.
#[derive(Args)]
pub struct LayerCommand {
    #[command(subcommand)]
    what: What,
}

#[derive(Subcommand)]
enum What {
    /// Reads a layer from a GeoPackage, a shapefile or GeoJSON. Any schema; attributes keep their names.
    Add(Box<Add>),
    /// Lists the layers.
    List(StoreArgument),
    /// Removes a layer.
    Remove(Remove),
}

#[derive(Args)]
#[command(
    after_help = "Example:\n  minemap layer add raions.gpkg --name raions --title \"Raions\" --admin-code ADM2_PCODE\n\n\
    Exit codes: 0 every feature is kept as it is; 1 done, but some could not be read or placed (listed);\n2 wrong \
    usage or a file that cannot be read; 3 the machine failed."
)]
struct Add {
    /// File to read.
    file: PathBuf,
    /// Feature table to read of a GeoPackage that has several.
    #[arg(long, value_name = "NAME_IN_FILE")]
    layer: Option<String>,
    /// Identifier in addresses: lower-case letters, digits, hyphens.
    #[arg(long, value_name = "ID", value_parser = name)]
    name: Name,
    /// Title for people; the identifier where none is given.
    #[arg(long, value_name = "TEXT")]
    title: Option<String>,
    /// Reference system of the coordinates, where the file does not say, such as EPSG:28992.
    #[arg(long, value_name = "EPSG:N", value_parser = crate::import::crs)]
    crs: Option<Crs>,
    /// Field with the unit's code: every record is then answered with the codes of the units it touches.
    #[arg(long, value_name = "FIELD")]
    admin_code: Option<String>,
    /// Put it in the place of the layer of that name.
    #[arg(long)]
    replace: bool,
    #[command(flatten)]
    store: StoreArgument,
}

#[derive(Args)]
struct Remove {
    /// Identifier of the layer.
    #[arg(value_name = "ID", value_parser = name)]
    name: Name,
    #[command(flatten)]
    store: StoreArgument,
}

fn name(text: &str) -> Result<Name, String> {
    Name::parse(text).map_err(|error| error.to_string())
}

impl LayerCommand {
    /// Does what was asked.
    pub fn run(self) -> Result<Exit, Stopped> {
        match self.what {
            What::Add(add) => add.run(),
            What::List(store) => list(&existing(&store)?),
            What::Remove(Remove { name, store }) => {
                let store = existing(&store)?;
                reference::remove(&folder_of(&store), &name).map_err(stopped)?;
                control::layers_changed(&store)?;
                print_line(&format!("layer {name} is removed"));
                Ok(Exit::Done)
            }
        }
    }
}

/// The store's path: its file's own, so that a server and a command mean the same folder.
fn existing(argument: &StoreArgument) -> Result<PathBuf, Stopped> {
    let missing = |_| Stopped::usage(format!("{}: no such store", argument.store.display()));
    std::fs::canonicalize(&argument.store).map_err(missing)
}

fn stopped(error: LayerError) -> Stopped {
    if error.is_failure() { Stopped::machine(error) } else { Stopped::usage(error) }
}

impl Add {
    fn run(self) -> Result<Exit, Stopped> {
        let store = existing(&self.store)?;
        let source = Source {
            file: self.file,
            options: PlainOptions { crs: self.crs, layer: self.layer },
            name: self.name,
            title: self.title,
            admin_code: self.admin_code,
        };
        let gathered = gather(&source, jiff::Timestamp::now()).map_err(stopped)?;
        reference::add(&folder_of(&store), &source.name, &gathered, self.replace).map_err(stopped)?;
        control::layers_changed(&store)?;
        print_line(&said(&source.file, &gathered));
        let counts = gathered.about.counts;
        let is_whole = counts.unreadable == 0 && counts.geometry_unreadable == 0;
        Ok(if is_whole { Exit::Done } else { Exit::WithFindings })
    }
}

/// What was read, in words: counts that add up, what was assumed, what could not be read.
fn said(file: &Path, gathered: &Gathered) -> String {
    let file = file.display();
    let mut lines = vec![counts(&gathered.about)];
    lines.extend(gathered.notes.iter().map(|note| format!("{file}: {}", note.message)));
    if gathered.without_code > 0 {
        let field = gathered.about.admin_code.as_deref().unwrap_or_default();
        lines.push(format!(
            "{} features have no code in {field}: records in them are not told so",
            gathered.without_code
        ));
    }
    let line = |found: &reference::Found| {
        format!("  feature {}: {}: {}", found.number, found.finding.rule, found.finding.message)
    };
    lines.extend(gathered.found.iter().take(FINDINGS_SHOWN).map(line));
    if gathered.found.len() > FINDINGS_SHOWN {
        lines.push(format!("  … and {} more", gathered.found.len() - FINDINGS_SHOWN));
    }
    lines.join("\n")
}

fn counts(about: &About) -> String {
    let counts = about.counts;
    format!(
        "layer {}: {} read = {} placed + {} without geometry + {} of unreadable geometry (kept without a place) + \
         {} unreadable (not kept); {} fields",
        about.id,
        counts.read,
        counts.placed,
        counts.without_geometry,
        counts.geometry_unreadable,
        counts.unreadable,
        about.fields.len()
    )
}

fn list(store: &Path) -> Result<Exit, Stopped> {
    let layers = reference::list(&folder_of(store)).map_err(stopped)?;
    let mut exit = Exit::Done;
    for (name, about) in &layers {
        match about {
            Ok(about) => print_line(&described(about)),
            Err(error) => {
                print_line(&format!("{name}: {error}"));
                exit = Exit::Machine;
            }
        }
    }
    if layers.is_empty() {
        print_line("no reference layers");
    }
    Ok(exit)
}

fn described(about: &About) -> String {
    let codes =
        about.admin_code.as_ref().map(|field| format!(", codes of units in {field}")).unwrap_or_default();
    let fields: Vec<_> = about.fields.iter().map(|f| format!("{} ({})", f.name, f.kind.name())).collect();
    let (title, source, at) = (&about.title, &about.source, about.added_at);
    format!("{}\n  {title}; from {source}, added {at}{codes}\n  fields: {}", counts(about), fields.join(", "))
}

#[expect(clippy::print_stdout, reason = "what was done is the command's output")]
fn print_line(text: &str) {
    println!("{text}");
}
