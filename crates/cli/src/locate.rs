//! `minemap locate`: a coordinate in any notation as longitude and latitude, with how it was read.

use std::io::Write;

use clap::Args;
use geodesy::{Crs, Reading};
use serde_json::{Value, json};

use crate::exit::{Exit, Stopped};

/// Digits of the MGRS square that is told beside every place: 1 m.
const MGRS_DIGITS: usize = 5;

/// Reads a coordinate in any notation and writes JSON: lon, lat, accuracy_m, read_as.
///
/// What can be read in several ways is answered with all of them and exit code 1: nothing is guessed.
#[derive(Args)]
#[command(after_help = "Examples:
  minemap locate \"50°27'00.4\\\"N 30°31'24.2\\\"E\"
  minemap locate \"36U UA 24182 91607\"
  minemap locate \"36U 324182 5591607\"
  minemap locate \"50,4501 Пн 30,5234 Сх\"
  minemap locate \"30.5234 50.4501\" --crs EPSG:4326
  minemap locate \"SK-42 zone 6: 6412345 5423456\"
  minemap locate \"412345 5423456\" --crs \"UCS-2000 zone 6\"
  minemap locate \"300123 5541000\" --crs EPSG:9858 --to EPSG:5565
  minemap locate --to EPSG:28406 -- \"-33.4 -70.6\"

Exit codes: 0 read in one way, 1 in several ways, 2 not at all (what is readable is said).")]
pub struct Locate {
    /// The coordinate: degrees, MGRS, UTM, UPS, or a pair in a system.
    #[arg(value_name = "TEXT", allow_hyphen_values = true)]
    text: String,
    /// Reference system of the text: EPSG:N (then easting before northing, longitude before latitude) or a name
    /// such as "SK-42 zone 6".
    #[arg(long, value_name = "EPSG:N")]
    crs: Option<String>,
    /// Reference system to tell the place in as well.
    #[arg(long, value_name = "EPSG:N")]
    to: Option<String>,
}

impl Locate {
    /// Writes what the text can mean.
    pub fn run(self) -> Result<Exit, Stopped> {
        let to = self.to.as_deref().map(Crs::parse).transpose().map_err(Stopped::usage)?;
        let readings = geodesy::locate(&self.text, self.crs.as_deref()).map_err(Stopped::usage)?;
        let told = readings.iter().map(|reading| told(reading, to.as_ref()));
        let mut told: Vec<Value> = told.collect::<Result<_, _>>()?;
        let [_] = told[..] else {
            write(&json!({ "readings": told }))?;
            let count = told.len();
            let hint = "name the axes (N, E), the zone, or the system with --crs";
            eprintln!("minemap: {:?} can be read in {count} ways; {hint}", self.text);
            return Ok(Exit::WithFindings);
        };
        write(&told.remove(0))?;
        Ok(Exit::Done)
    }
}

fn write(value: &Value) -> Result<(), Stopped> {
    writeln!(std::io::stdout().lock(), "{value:#}").map_err(Stopped::machine)
}

fn told(reading: &Reading, to: Option<&Crs>) -> Result<Value, Stopped> {
    let mut told = json!({
        "lon": reading.place.x,
        "lat": reading.place.y,
        "accuracy_m": reading.accuracy_m,
        "read_as": reading.read_as,
        "crs": reading.crs,
        "operation": reading.operation,
        "mgrs": geodesy::to_mgrs(reading.place, MGRS_DIGITS),
        "notes": reading.notes,
    });
    if let Some(crs) = to {
        told["to"] = carried(reading, crs)?;
    }
    Ok(told)
}

/// The place in another system.
fn carried(reading: &Reading, crs: &Crs) -> Result<Value, Stopped> {
    let (there, operation) = geodesy::from_wgs84(crs, reading.place).map_err(Stopped::usage)?;
    let [first, second] = if crs.is_degrees() { ["lon", "lat"] } else { ["easting", "northing"] };
    let outside = || format!("the place lies outside the area that {} is made for", crs.name());
    let notes: Vec<String> = (!crs.is_made_for(reading.place)).then(outside).into_iter().collect();
    Ok(json!({
        "crs": crs.name(),
        "name": crs.title(),
        first: there.x,
        second: there.y,
        "operation": &*operation.name,
        "operation_accuracy_m": operation.accuracy_m,
        "notes": notes,
    }))
}
