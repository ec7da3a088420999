//! The operator's configuration: who may write, where the programme works, how the server listens, what it bounds.

use std::net::IpAddr;
use std::path::{Path, PathBuf};

use access::{Form, Level, Publication, Secret};
use model::{Bounds, Collection, Context};
use serde::Deserialize;
use server::{Limits, Person, Settings, Tls};

use crate::exit::Stopped;
use crate::writer::author;

#[derive(Deserialize, Default)]
#[serde(deny_unknown_fields)]
struct Config {
    #[serde(default, rename = "person")]
    persons: Vec<Person>,
    #[serde(default)]
    programme: Programme,
    #[serde(default)]
    publication: Published,
    #[serde(default)]
    listen: Listen,
    #[serde(default)]
    limits: Limits,
    tls: Option<TlsFiles>,
}

#[derive(Deserialize, Default)]
#[serde(deny_unknown_fields)]
struct Listen {
    /// Proxies whose `X-Forwarded-For` is believed.
    #[serde(default)]
    proxies: Vec<IpAddr>,
}

/// PEM files; a relative name is looked for beside the configuration.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct TlsFiles {
    certificate: PathBuf,
    key: PathBuf,
}

impl TlsFiles {
    fn read(&self, configuration: &Path) -> Result<Tls, Stopped> {
        let beside = configuration.parent().unwrap_or(Path::new(""));
        Tls::from_files(&beside.join(&self.certificate), &beside.join(&self.key)).map_err(Stopped::usage)
    }
}

/// What everybody may see; what is not settled is as `access::Publication::cautious` has it.
#[derive(Deserialize, Default)]
#[serde(deny_unknown_fields)]
struct Published {
    /// Side of the cells that cover a hazard, in metres.
    cell_m: Option<u32>,
    #[serde(default, rename = "rule")]
    rules: Vec<PublishedAs>,
}

/// How the records of one collection and level are shown to everybody.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct PublishedAs {
    collection: String,
    level: String,
    form: Option<Form>,
    fields: Option<Vec<String>>,
}

#[derive(Deserialize, Default)]
#[serde(deny_unknown_fields)]
struct Programme {
    /// West, south, east, north in degrees.
    #[serde(default)]
    area: Option<[f64; 4]>,
}

/// The settings that a file makes; without a file, or without persons, the one who runs the program is the only
/// person.
pub fn settings(file: Option<&Path>) -> Result<Settings, Stopped> {
    let config = file.map(read).transpose()?.unwrap_or_default();
    let programme_area = config.programme.area.map(bounds).transpose()?;
    let mut persons = config.persons;
    if let Some(twice) =
        persons.iter().enumerate().find(|(at, one)| persons[..*at].iter().any(|p| p.id == one.id))
    {
        return Err(Stopped::usage(format!("person {:?} is named twice in the configuration", twice.1.id)));
    }
    if persons.is_empty() {
        let id = author();
        persons.push(Person { name: id.clone(), id });
    }
    config.limits.check().map_err(Stopped::usage)?;
    let tls = config.tls.zip(file).map(|(files, file)| files.read(file)).transpose()?;
    let (limits, proxies) = (config.limits, config.listen.proxies);
    Ok(Settings { persons, programme_area, limits, proxies, tls, ..Settings::default() })
}

/// What checks need to know, with the programme's area where a file names one.
pub fn context(file: Option<&Path>) -> Result<Context, Stopped> {
    let area = file.map(read).transpose()?.and_then(|config| config.programme.area);
    Ok(Context { today: jiff::Zoned::now().date(), programme_area: area.map(bounds).transpose()? })
}

/// What everybody may see, by the configuration.
pub fn publication(file: Option<&Path>, secret: Secret) -> Result<Publication, Stopped> {
    let settled = file.map(read).transpose()?.unwrap_or_default().publication;
    let mut policy = Publication::cautious(secret);
    if let Some(cell_m) = settled.cell_m {
        policy = policy.with_cell_m(cell_m).map_err(unusable)?;
    }
    for rule in settled.rules {
        let of = (collection(&rule.collection)?, level(&rule.level)?);
        policy = policy.with_rule(of, rule.form, rule.fields).map_err(unusable)?;
    }
    Ok(policy)
}

fn unusable(why: impl std::fmt::Display) -> Stopped {
    Stopped::usage(format!("publication: {why}"))
}

fn collection(id: &str) -> Result<Collection, Stopped> {
    let known = Collection::ALL.map(Collection::id).join(", ");
    Collection::from_id(id).ok_or_else(|| unusable(format!("collection {id:?}; allowed: {known}")))
}

fn level(code: &str) -> Result<Level, Stopped> {
    let found = Level::ALL.into_iter().find(|level| level.code() == code);
    let known = Level::ALL.map(Level::code).join(", ");
    found.ok_or_else(|| unusable(format!("level {code:?}; allowed: {known}")))
}

fn read(file: &Path) -> Result<Config, Stopped> {
    let failed = |error: &dyn std::fmt::Display| Stopped::usage(format!("{}: {error}", file.display()));
    let text = std::fs::read_to_string(file).map_err(|error| failed(&error))?;
    toml::from_str(&text).map_err(|error| failed(&error))
}

fn bounds([west, south, east, north]: [f64; 4]) -> Result<Bounds, Stopped> {
    let in_range = west >= -180.0 && east <= 180.0 && south >= -90.0 && north <= 90.0;
    if in_range && west <= east && south <= north {
        return Ok(Bounds { west, south, east, north });
    }
    Err(Stopped::usage("programme.area: west, south, east, north in degrees, west ≤ east and south ≤ north"))
}
