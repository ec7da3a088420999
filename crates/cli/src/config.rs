//! The operator's configuration: who may write, where the programme works, how the server listens, what it bounds.

use std::net::IpAddr;
use std::path::{Path, PathBuf};

use model::{Bounds, Context};
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
