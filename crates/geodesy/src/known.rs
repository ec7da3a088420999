//! Systems that are recognised by their parameters where a file names no datum.
//!
//! The table holds codes only: the parameters come from PROJ's own database, so that they cannot be wrong here.

use std::sync::OnceLock;

use serde_json::Value;

/// Systems of the countries this register was first made for, and of its real test data: RD New; UCS-2000 and
/// SK-42 in Gauss-Kruger zones; UCS-2000 in Ukraine's own zones.
const CODES: [&str; 20] = [
    "EPSG:28992",
    "EPSG:5562",
    "EPSG:5563",
    "EPSG:5564",
    "EPSG:5565",
    "EPSG:6381",
    "EPSG:6382",
    "EPSG:6383",
    "EPSG:6384",
    "EPSG:6385",
    "EPSG:6386",
    "EPSG:6387",
    "EPSG:28404",
    "EPSG:28405",
    "EPSG:28406",
    "EPSG:28407",
    "EPSG:5566",
    "EPSG:5567",
    "EPSG:5568",
    "EPSG:5569",
];
/// Words with which programs write that they do not know the datum.
const NO_DATUM: [&str; 6] =
    ["unknown", "unnamed", "not specified", "not_specified", "undefined", "user defined"];
/// Parameters that differ by less than this are the same (files cut decimals).
const SHARE_MAX: f64 = 1e-10;

/// What two systems must share to be the same but for the datum: method, spheroid, parameters in name order.
#[derive(Debug, Clone, PartialEq)]
struct Parameters {
    method: String,
    values: Vec<(String, f64)>,
}

/// The codes of [`CODES`] that have the parameters of the described system. `describe` asks PROJ for a code.
pub(crate) fn same_parameters(described: &Value, describe: &dyn Fn(&str) -> Option<Value>) -> Vec<String> {
    static TABLE: OnceLock<Vec<(&'static str, Parameters)>> = OnceLock::new();
    let Some(wanted) = parameters(described) else { return Vec::new() };
    let table = TABLE.get_or_init(|| {
        CODES.into_iter().filter_map(|code| Some((code, parameters(&describe(code)?)?))).collect()
    });
    table.iter().filter(|(_, known)| known.fits(&wanted)).map(|(code, _)| (*code).to_owned()).collect()
}

/// Whether the datum of a described system has a name that means one.
pub(crate) fn has_datum(described: &Value) -> bool {
    // A bound system carries its own shift to WGS 84.
    if described["type"] == "BoundCRS" {
        return true;
    }
    let name = datum(described)["name"].as_str().unwrap_or("unknown").to_lowercase();
    !NO_DATUM.iter().any(|word| name.contains(word))
}

/// Whether coordinates of a described system are WGS 84 degrees from Greenwich.
pub(crate) fn is_wgs84_degrees(described: &Value) -> bool {
    let name = datum(described)["name"].as_str().unwrap_or_default();
    let is_wgs84 = name == "World Geodetic System 1984" || name == "World Geodetic System 1984 ensemble";
    is_degrees(described) && is_wgs84 && datum(described)["prime_meridian"].is_null()
}

/// Whether coordinates of a described system are longitude and latitude in degrees.
pub(crate) fn is_degrees(described: &Value) -> bool {
    let axes = described["coordinate_system"]["axis"].as_array();
    // A .prj writes the length of a degree with fewer digits than it has.
    let is_degree = |axis: &Value| {
        plain(&serde_json::json!(1.0), &axis["unit"]).is_some_and(|unit| (unit - 1.0).abs() < 1e-12)
    };
    described["type"] == "GeographicCRS" && axes.is_some_and(|axes| axes.iter().take(2).all(is_degree))
}

/// West, south, east and north of the area that a system is made for, in degrees.
pub(crate) fn area(described: &Value) -> Option<[f64; 4]> {
    let edge = |name: &str| described["bbox"][name].as_f64();
    Some([edge("west_longitude")?, edge("south_latitude")?, edge("east_longitude")?, edge("north_latitude")?])
}

fn base(described: &Value) -> &Value {
    let base = &described["base_crs"];
    if base.is_null() { described } else { base }
}

fn datum(described: &Value) -> &Value {
    let base = base(described);
    if base["datum"].is_null() { &base["datum_ensemble"] } else { &base["datum"] }
}

fn parameters(described: &Value) -> Option<Parameters> {
    let conversion = &described["conversion"];
    let method = conversion["method"]["name"].as_str()?.to_lowercase();
    let mut values = Vec::new();
    for parameter in conversion["parameters"].as_array()? {
        values.push((
            parameter["name"].as_str()?.to_lowercase(),
            plain(&parameter["value"], &parameter["unit"])?,
        ));
    }
    values.sort_by(|a, b| a.0.cmp(&b.0));
    let ellipsoid = &datum(described)["ellipsoid"];
    values.push(("semi-major axis".to_owned(), ellipsoid["semi_major_axis"].as_f64()?));
    values.push(("inverse flattening".to_owned(), ellipsoid["inverse_flattening"].as_f64()?));
    let axis = described["coordinate_system"]["axis"].as_array()?.first()?;
    values.push(("unit".to_owned(), plain(&serde_json::json!(1.0), &axis["unit"])?));
    Some(Parameters { method, values })
}

/// A value in degrees or metres; PROJ writes a unit of its own as a structure with its factor.
fn plain(value: &Value, unit: &Value) -> Option<f64> {
    let value = value.as_f64()?;
    let factor = match unit {
        Value::String(name) => return ["metre", "degree", "unity"].contains(&name.as_str()).then_some(value),
        other => other["conversion_factor"].as_f64()?,
    };
    if unit["type"] != "AngularUnit" {
        return Some(value * factor);
    }
    let degrees = factor.to_degrees();
    Some(if (degrees - 1.0).abs() < 1e-10 { value } else { value * degrees })
}

impl Parameters {
    fn fits(&self, other: &Parameters) -> bool {
        let same = |(a, b): (&(String, f64), &(String, f64))| {
            a.0 == b.0 && (a.1 - b.1).abs() <= SHARE_MAX * a.1.abs().max(1.0)
        };
        self.method == other.method
            && self.values.len() == other.values.len()
            && self.values.iter().zip(&other.values).all(same)
    }
}
