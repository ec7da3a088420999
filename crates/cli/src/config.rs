//! The operator's configuration: where the programme works, and with which providers people sign in.

use std::path::Path;

use model::{Bounds, Context};
use serde::Deserialize;
use server::{Issuer, Settings};

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
    let beside = file.and_then(Path::parent).unwrap_or(Path::new(""));
    let issuers =
        config.issuers.into_iter().map(|issuer| with_secret(issuer, beside)).collect::<Result<_, _>>()?;
    Ok(Settings { programme_area, issuers, ..Settings::default() })
}

/// A provider and the secret that it gave; a relative name is looked for beside the configuration.
fn with_secret(issuer: Issuer, beside: &Path) -> Result<(Issuer, String), Stopped> {
    issuer.check().map_err(Stopped::usage)?;
    let file = beside.join(&issuer.client_secret_file);
    let failed = |error| Stopped::usage(format!("{}: {error}", file.display()));
    let secret = std::fs::read_to_string(&file).map_err(failed)?.trim().to_owned();
    Ok((issuer, secret))
}

/// What checks need to know, with the programme's area where a file names one.
pub fn context(file: Option<&Path>) -> Result<Context, Stopped> {
    let area = file.map(read).transpose()?.and_then(|config| config.programme.area);
    Ok(Context { today: jiff::Zoned::now().date(), programme_area: area.map(bounds).transpose()? })
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
