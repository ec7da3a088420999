//! The operator's configuration: where the programme works, what everybody sees, with which providers people sign in,
//! how the server listens, its limits.

use std::net::IpAddr;
use std::path::{Path, PathBuf};

use access::{Form, Level, Publication, Secret};
use model::{Bounds, Collection, Context};
use serde::Deserialize;
use server::{Issuer, Limits, Settings, Tls};

use crate::exit::Stopped;

#[derive(Deserialize, Default)]
#[serde(deny_unknown_fields)]
struct Config {
    /// No longer read; kept to say so.
    person: Option<toml::Value>,
    #[serde(default)]
    programme: Programme,
    #[serde(default, rename = "issuer")]
    issuers: Vec<Issuer>,
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

/// The settings that a file makes.
pub fn settings(file: Option<&Path>) -> Result<Settings, Stopped> {
    let config = file.map(read).transpose()?.unwrap_or_default();
    let programme_area = config.programme.area.map(bounds).transpose()?;
    config.limits.check().map_err(Stopped::usage)?;
    let tls = config.tls.zip(file).map(|(files, file)| files.read(file)).transpose()?;
    let (limits, proxies) = (config.limits, config.listen.proxies);
    let beside = file.and_then(Path::parent).unwrap_or(Path::new(""));
    let issuers =
        config.issuers.into_iter().map(|issuer| with_secret(issuer, beside)).collect::<Result<_, _>>()?;
    Ok(Settings { programme_area, issuers, limits, proxies, tls, ..Settings::default() })
}

/// A provider and the secret that it gave; a relative name is looked for beside the configuration.
fn with_secret(issuer: Issuer, beside: &Path) -> Result<Issuer, Stopped> {
    issuer.check().map_err(Stopped::usage)?;
    let file = beside.join(&issuer.client_secret_file);
    let failed = |error| Stopped::usage(format!("{}: {error}", file.display()));
    let client_secret = std::fs::read_to_string(&file).map_err(failed)?.trim().to_owned();
    Ok(Issuer { client_secret, ..issuer })
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
    let config: Config = toml::from_str(&text).map_err(|error| failed(&error))?;
    if config.person.is_some() {
        return Err(failed(
            &"[[person]] is not read any more: accounts replace it; make them with `minemap user add`",
        ));
    }
    Ok(config)
}

fn bounds([west, south, east, north]: [f64; 4]) -> Result<Bounds, Stopped> {
    let in_range = west >= -180.0 && east <= 180.0 && south >= -90.0 && north <= 90.0;
    if in_range && west <= east && south <= north {
        return Ok(Bounds { west, south, east, north });
    }
    Err(Stopped::usage("programme.area: west, south, east, north in degrees, west ≤ east and south ≤ north"))
}
