//! `minemap import`: files → checked records → the register, all or nothing per file.

use std::path::{Path, PathBuf};

use access::Level;
use clap::Args;
use exchange::{Format, Item, Mapping, ReadOptions, Reading};
use geodesy::Crs;
use model::{Collection, Context, Draft, Finding, Origin, Outcome, Severity};
use rayon::prelude::*;
use register::{Decided, Prepared, Submission};

use crate::StoreArgument;
use crate::config;
use crate::exit::{Exit, Stopped};
use crate::progress::Progress;
use crate::report::{FileReport, Report};
use crate::upload::Upload;
use crate::writer::{Writer, author};

/// Drafts checked together, on all cores.
const CHUNK: usize = 4_096;

/// Reads files of hazards into the register. Shapefile, GeoPackage, GeoJSON, newline-delimited GeoJSON, CSV.
#[derive(Args)]
#[command(
    after_help = "Example:\n  minemap import --mapping data/mappings/amsterdam-verdachte-gebieden.toml \
    Verdachte_gebieden_test.shp\n\nExit codes: 0 all accepted; 1 done, but some records were refused or have \
    findings of high severity;\n2 wrong usage or a file that cannot be read; 3 the machine failed."
)]
pub struct Import {
    /// Files to read.
    #[arg(required = true, value_name = "FILE")]
    files: Vec<PathBuf>,
    #[command(flatten)]
    store: StoreArgument,
    /// Collection the records belong to, where neither file nor mapping says.
    #[arg(long, value_name = "ID", value_parser = collection)]
    collection: Option<Collection>,
    /// Reference system of the coordinates, where the file does not say, such as EPSG:28992.
    #[arg(long, value_name = "EPSG:N", value_parser = crs)]
    crs: Option<Crs>,
    /// TOML file that says which of the file's attributes are which of our fields.
    #[arg(long, value_name = "FILE")]
    mapping: Option<PathBuf>,
    /// Code of the organisation the records come from.
    #[arg(long, value_name = "CODE")]
    organisation: Option<String>,
    /// Who may see records that do not say so themselves: public, partners, restricted.
    #[arg(long, value_name = "LEVEL", default_value = "restricted", value_parser = sharing)]
    sharing: String,
    /// Feature table to read of a GeoPackage that has several.
    #[arg(long, value_name = "NAME")]
    layer: Option<String>,
    /// Say what would happen and write nothing.
    #[arg(long)]
    dry_run: bool,
    /// Store what was readable of a file that is cut off or broken.
    #[arg(long)]
    partial: bool,
    /// TOML file with the programme's area: what lies outside is a finding.
    #[arg(long, value_name = "FILE")]
    config: Option<PathBuf>,
    /// Write what became of every record.
    #[arg(long, value_name = "FILE.json")]
    report: Option<PathBuf>,
    /// Format of the files, where their names do not tell.
    #[arg(long, value_name = "FORMAT", default_value = "auto", value_parser = format)]
    format: FormatChoice,
    #[command(flatten)]
    upload: Upload,
}

#[derive(Clone, Copy)]
struct FormatChoice(Option<Format>);

/// Reads a collection's identifier; the error says which there are.
pub fn collection(text: &str) -> Result<Collection, String> {
    let allowed = Collection::ALL.map(Collection::id).join(", ");
    Collection::from_id(text).ok_or_else(|| format!("no such collection; allowed: {allowed}"))
}

/// Reads a reference system; the error says what is wrong with it.
pub fn crs(text: &str) -> Result<Crs, String> {
    Crs::parse(text).map_err(|error| error.to_string())
}

fn sharing(code: &str) -> Result<String, String> {
    let known = Level::ALL.into_iter().find(|level| level.code() == code);
    let allowed = Level::ALL.map(Level::code).join(", ");
    known.map(|level| level.code().to_owned()).ok_or_else(|| format!("no such level; allowed: {allowed}"))
}

fn format(text: &str) -> Result<FormatChoice, String> {
    if text == "auto" {
        return Ok(FormatChoice(None));
    }
    Format::from_id(text).map(|format| FormatChoice(Some(format))).map_err(|error| error.to_string())
}

impl Import {
    /// Imports every file and reports.
    pub fn run(self) -> Result<Exit, Stopped> {
        self.upload.hold()?;
        let mapping = self.mapping.as_deref().map(Mapping::from_path).transpose().map_err(Stopped::usage)?;
        let options = ReadOptions {
            format: self.format.0,
            crs: self.crs.clone(),
            collection: self.collection,
            mapping,
            organisation: self.organisation.clone(),
            // Restricted is what a record is that does not say so: it is known again as the one it was.
            sharing: Some(self.sharing.clone()).filter(|level| level != Level::Restricted.code()),
            layer: self.layer.clone(),
            shown_as: self.upload.shown_as.clone(),
        };
        let context = config::context(self.config.as_deref())?;
        let mut writer = self.upload.writer(&self.store.store)?;
        let mut report = Report { dry_run: self.dry_run, ..Report::default() };
        let mut exit = Exit::Done;
        for file in &self.files {
            exit = exit.max(self.import(file, &options, &context, &mut writer, &mut report)?);
        }
        writer.close()?;
        if let Some(path) = &self.report {
            report.write(path)?;
        }
        print_line(&report.in_words());
        Ok(exit.max(report.exit()))
    }

    fn import(
        &self,
        file: &Path,
        options: &ReadOptions,
        context: &Context,
        writer: &mut Writer,
        report: &mut Report,
    ) -> Result<Exit, Stopped> {
        let name = self.upload.shown_as.clone().unwrap_or_else(|| file.display().to_string());
        let mut batch = Batch::new(context, &name);
        match exchange::read(file, options, &mut |item| batch.take(item)) {
            Err(error) => {
                report.files.push(FileReport {
                    file: name,
                    findings: Vec::new(),
                    error: Some(error.to_string()),
                });
                Ok(Exit::Usage)
            }
            Ok(reading) => self.store(name, reading, batch.finish(), writer, report),
        }
    }

    fn store(
        &self,
        file: String,
        reading: Reading,
        read: Vec<Read>,
        writer: &mut Writer,
        report: &mut Report,
    ) -> Result<Exit, Stopped> {
        let nothing = read
            .is_empty()
            .then(|| Finding::new("file.no_records", Severity::Low, "the file holds no record"));
        let findings = reading.notes.into_iter().chain(reading.broken.clone()).chain(nothing).collect();
        let kept_out = reading.broken.filter(|_| !self.partial);
        let error = kept_out
            .as_ref()
            .map(|_| "nothing of it was stored; --partial stores what was readable".to_owned());
        let exit = if kept_out.is_some() { Exit::Usage } else { Exit::Done };
        let decided = match kept_out {
            Some(broken) => read.into_iter().map(|read| read.kept_out(&broken)).collect(),
            None => self.submit(&file, read, writer)?,
        };
        decided.into_iter().for_each(|one| report.add(one));
        report.files.push(FileReport { file, findings, error });
        Ok(exit)
    }

    /// Submits what was readable and puts the answers back in the file's order.
    fn submit(&self, file: &str, read: Vec<Read>, writer: &mut Writer) -> Result<Vec<Decided>, Stopped> {
        let submission =
            Submission { author: author(), reason: format!("import of {file}"), dry_run: self.dry_run };
        let mut places = Vec::with_capacity(read.len());
        let mut batch = Vec::with_capacity(read.len());
        for one in read {
            match one {
                Read::Prepared(prepared) => {
                    places.push(None);
                    batch.push(*prepared);
                }
                Read::Refused(refused) => places.push(Some(refused)),
            }
        }
        self.upload.hands_over()?;
        let mut answers = writer.submit(batch, &submission)?.into_iter();
        let missing = || Stopped::machine("the register answered for fewer records than it was given");
        places.into_iter().map(|place| place.or_else(|| answers.next()).ok_or_else(missing)).collect()
    }
}

/// One record of a file, ready to be submitted or refused already.
enum Read {
    Prepared(Box<Prepared>),
    Refused(Decided),
}

impl Read {
    fn refused(origin: Origin, finding: Finding) -> Self {
        Self::Refused(Decided { origin, outcome: Outcome::Refused, id: None, findings: vec![finding] })
    }

    /// Readable, but not stored because its file is broken.
    fn kept_out(self, broken: &Finding) -> Decided {
        match self {
            Self::Refused(decided) => decided,
            Self::Prepared(prepared) => {
                let message = format!("readable, but not stored: {}", broken.message);
                let finding = Finding::new("file.broken", Severity::High, message);
                Decided {
                    origin: prepared.origin,
                    outcome: Outcome::Refused,
                    id: None,
                    findings: vec![finding],
                }
            }
        }
    }
}

/// Collects the records of one file and checks them chunk by chunk.
struct Batch<'a> {
    context: &'a Context,
    waiting: Vec<Item>,
    read: Vec<Read>,
    progress: Progress,
}

impl<'a> Batch<'a> {
    fn new(context: &'a Context, file: &str) -> Self {
        Self {
            context,
            waiting: Vec::new(),
            read: Vec::new(),
            progress: Progress::begin(&format!("Reading {file}"), 0),
        }
    }

    fn take(&mut self, item: Item) {
        self.waiting.push(item);
        if self.waiting.len() >= CHUNK {
            self.check();
        }
    }

    fn check(&mut self) {
        let context = self.context;
        self.read.par_extend(std::mem::take(&mut self.waiting).into_par_iter().map(|item| match item {
            Item::Draft(draft) => prepared(draft, context),
            Item::Unreadable { origin, finding } => Read::refused(origin, finding),
        }));
        self.progress.at(self.read.len() as u64);
    }

    fn finish(mut self) -> Vec<Read> {
        self.check();
        self.progress.finish();
        self.read
    }
}

fn prepared(draft: Draft, context: &Context) -> Read {
    let origin = draft.origin.clone();
    match register::prepare(draft, context) {
        Ok(prepared) => Read::Prepared(Box::new(prepared)),
        Err(finding) => Read::refused(origin, finding),
    }
}

#[expect(clippy::print_stdout, reason = "the report is the command's output")]
fn print_line(text: &str) {
    println!("{text}");
}
