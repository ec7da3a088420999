//! Names of reference systems: what a user may write, and what it means.

use std::collections::BTreeMap;
use std::sync::{Arc, Mutex, PoisonError};

use proj::Proj;
use serde_json::Value;

use crate::known;

/// Longest description of a reference system that is read, in bytes.
const TEXT_BYTES_MAX: usize = 64 * 1024;
/// Systems whose coordinates are WGS 84 degrees already; longitude first in every file we read.
const WGS84: [&str; 5] = ["EPSG:4326", "EPSG:4979", "OGC:CRS84", "OGC:CRS84H", "OGC:CRS84h"];
/// First words of well-known text.
const WKT_STARTS: [&str; 12] = [
    "PROJCS[",
    "GEOGCS[",
    "PROJCRS[",
    "GEOGCRS[",
    "GEODCRS[",
    "COMPD_CS[",
    "COMPOUNDCRS[",
    "BOUNDCRS[",
    "PROJECTEDCRS[",
    "GEOGRAPHICCRS[",
    "GEODETICCRS[",
    "LOCAL_CS[",
];

/// A horizontal reference system that PROJ knows. Cheap to clone and to share between threads.
#[derive(Debug, Clone, PartialEq)]
pub struct Crs {
    name: Arc<str>,
    definition: Arc<str>,
    is_wgs84: bool,
    is_degrees: bool,
    title: Option<Arc<str>>,
    assumption: Option<Arc<str>>,
    area: Option<[f64; 4]>,
}

/// Why a reference system cannot be used.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum CrsError {
    /// Not a form that is read.
    #[error(
        "{text:?} is not a reference system; give EPSG:N, OGC:CRS84 or well-known text (the content of a .prj file)"
    )]
    Unreadable {
        /// What was given, shortened.
        text: String,
    },
    /// PROJ has no such system.
    #[error("PROJ knows no reference system {text:?}: {reason}")]
    Unknown {
        /// What was given, shortened.
        text: String,
        /// What PROJ says.
        reason: String,
    },
    /// Heights, geocentric or local coordinates.
    #[error("{name} is a {kind}; a geographic or projected reference system is needed")]
    NotHorizontal {
        /// Its name.
        name: String,
        /// What it is, in PROJ's words.
        kind: String,
    },
    /// A system without a datum, which would put the data more than 100 m off.
    #[error("{name:?} names no known datum, and its parameters fit {fit}; pass --crs EPSG:N")]
    NoDatum {
        /// Its name.
        name: String,
        /// What its parameters fit: `no system we know`, or a list.
        fit: String,
    },
    /// The environment sends PROJ to another PROJ's database.
    #[error(
        "PROJ cannot read its database ({reason}): the variable {variable} sends it to another PROJ's; \
         unset PROJ_DATA and PROJ_LIB"
    )]
    ForeignDatabase {
        /// The variable that is set.
        variable: &'static str,
        /// What PROJ says.
        reason: String,
    },
}

impl Crs {
    /// WGS 84 in degrees, longitude first.
    pub fn wgs84() -> Self {
        Self {
            name: "EPSG:4326".into(),
            definition: "EPSG:4326".into(),
            is_wgs84: true,
            is_degrees: true,
            title: Some("WGS 84".into()),
            assumption: None,
            area: None,
        }
    }

    /// Reads `EPSG:28992`, `OGC:CRS84`, `urn:ogc:def:crs:EPSG::28992`, the address of a system at the OGC, or
    /// well-known text (WKT 1, WKT 2 or ESRI's).
    ///
    /// Well-known text without a known datum is recognised by its parameters where exactly one known system has
    /// them; [`Crs::assumption`] then says so.
    ///
    /// # Errors
    /// Says what was given and what is allowed, or which `--crs` is missing.
    pub fn parse(text: &str) -> Result<Self, CrsError> {
        let text = text.trim_start_matches('\u{feff}').trim().trim_end_matches('\0').trim_end();
        if text.len() > TEXT_BYTES_MAX || text.contains('\0') {
            return Err(CrsError::Unreadable { text: short(text) });
        }
        kept(text, || Self::read(text))
    }

    fn read(text: &str) -> Result<Self, CrsError> {
        let upper = text.to_ascii_uppercase();
        if WKT_STARTS.iter().any(|start| upper.replace([' ', '\n', '\r', '\t'], "").starts_with(start)) {
            return from_wkt(text);
        }
        let code = authority_code(text).ok_or_else(|| CrsError::Unreadable { text: short(text) })?;
        from_code(&code)
    }

    /// Name for people and for `as_entered`: `EPSG:28992`, or the name within the well-known text.
    pub fn name(&self) -> &str {
        &self.name
    }

    /// What a registry calls it, such as `Pulkovo 1942 / Gauss-Kruger zone 6`; nothing for well-known text, whose
    /// name says it.
    pub fn title(&self) -> Option<&str> {
        self.title.as_deref()
    }

    /// Whether coordinates are WGS 84 degrees already, so that they stay as they are.
    pub fn is_wgs84(&self) -> bool {
        self.is_wgs84
    }

    /// Whether coordinates are longitude and latitude in degrees; others are easting and northing, or have a unit
    /// of their own.
    pub fn is_degrees(&self) -> bool {
        self.is_degrees
    }

    /// What was assumed to read the system, in one sentence; nothing was where it says nothing.
    pub fn assumption(&self) -> Option<&str> {
        self.assumption.as_deref()
    }

    /// Whether a place (longitude, latitude) lies in the area that the system is made for; beside it coordinates
    /// can often be computed, but nobody uses them. A system that states no area is made for everywhere.
    pub fn is_made_for(&self, place: geo_types::Coord<f64>) -> bool {
        crate::transform::is_within(self, place, 0.0)
    }

    /// West, south, east and north of the area that the system is made for, in degrees, where it states one.
    pub(crate) fn area(&self) -> Option<[f64; 4]> {
        self.area
    }

    /// What PROJ is asked for.
    pub(crate) fn definition(&self) -> &str {
        &self.definition
    }
}

/// What was read before: PROJ needs some 10 ms to describe a system, and files of one source repeat theirs.
fn kept(text: &str, read: impl FnOnce() -> Result<Crs, CrsError>) -> Result<Crs, CrsError> {
    const KEPT_MAX: usize = 256;
    static SHELF: Mutex<BTreeMap<String, Crs>> = Mutex::new(BTreeMap::new());
    // A thread that panicked can have left nothing half done in a map of finished values.
    let shelf = || SHELF.lock().unwrap_or_else(PoisonError::into_inner);
    if let Some(crs) = shelf().get(text) {
        return Ok(crs.clone());
    }
    let crs = read()?;
    let mut shelf = shelf();
    if shelf.len() >= KEPT_MAX {
        shelf.clear();
    }
    shelf.insert(text.to_owned(), crs.clone());
    Ok(crs)
}

/// `EPSG:28992` out of the ways in which standards write it.
fn authority_code(text: &str) -> Option<String> {
    let upper = text.to_ascii_uppercase();
    let tail = match upper.strip_prefix("URN:OGC:DEF:CRS:") {
        Some(rest) => rest.replace("::", ":"),
        None => match upper.split_once("OPENGIS.NET/DEF/CRS/") {
            Some((_, rest)) => rest.replace('/', ":"),
            None => upper,
        },
    };
    let parts: Vec<&str> = tail.split(':').collect();
    let (authority, code) = match parts[..] {
        [authority, code] | [authority, _, code] => (authority.trim(), code.trim()),
        _ => return None,
    };
    let is_number = !code.is_empty() && code.len() <= 9 && code.bytes().all(|byte| byte.is_ascii_digit());
    match authority {
        "EPSG" | "ESRI" if is_number => Some(format!("{authority}:{code}")),
        "OGC" if code == "CRS84" || code == "CRS84H" => Some(format!("OGC:{code}")),
        "CRS" if code == "84" => Some("OGC:CRS84".to_owned()),
        _ => None,
    }
}

fn from_code(code: &str) -> Result<Crs, CrsError> {
    if WGS84.contains(&code) {
        return Ok(Crs { name: code.into(), ..Crs::wgs84() });
    }
    let described = describe(code)?;
    horizontal(&described, code)?;
    let (is_degrees, area) = (known::is_degrees(&described), known::area(&described));
    Ok(Crs {
        name: code.into(),
        definition: code.into(),
        is_wgs84: false,
        is_degrees,
        title: described["name"].as_str().map(Into::into),
        assumption: None,
        area,
    })
}

fn from_wkt(text: &str) -> Result<Crs, CrsError> {
    let described = describe(text)?;
    let name = described["name"].as_str().unwrap_or("unnamed").to_owned();
    if described["type"] == "CompoundCRS" {
        return match registered(&described["components"][0]) {
            Some(code) => from_code(&code),
            None => Err(CrsError::NotHorizontal { name, kind: "CompoundCRS".to_owned() }),
        };
    }
    horizontal(&described, &name)?;
    if let Some(code) = registered(&described) {
        return from_code(&code);
    }
    let is_wgs84 = known::is_wgs84_degrees(&described);
    let crs = Crs {
        name: name.as_str().into(),
        definition: text.into(),
        is_wgs84,
        is_degrees: known::is_degrees(&described),
        title: None,
        assumption: None,
        area: known::area(&described),
    };
    if known::has_datum(&described) { Ok(crs) } else { assume(&described, &name) }
}

/// The one known system that has the same parameters.
fn assume(described: &Value, name: &str) -> Result<Crs, CrsError> {
    let fit = known::same_parameters(described, &|code| describe(code).ok());
    match &fit[..] {
        [code] => {
            let why =
                format!("assumed {code} because {name:?} names no datum and has exactly its parameters");
            Ok(Crs { assumption: Some(why.into()), ..from_code(code)? })
        }
        [] => Err(CrsError::NoDatum { name: name.to_owned(), fit: "no system we know".to_owned() }),
        several => Err(CrsError::NoDatum { name: name.to_owned(), fit: several.join(", ") }),
    }
}

/// `EPSG:N`, where the description carries it.
fn registered(described: &Value) -> Option<String> {
    let id = &described["id"];
    let code = id["code"].as_u64()?;
    (id["authority"] == "EPSG").then(|| format!("EPSG:{code}"))
}

fn horizontal(described: &Value, name: &str) -> Result<(), CrsError> {
    let kind = described["type"].as_str().unwrap_or("thing PROJ cannot describe");
    match kind {
        "GeographicCRS" | "ProjectedCRS" | "DerivedProjectedCRS" | "DerivedGeographicCRS" => Ok(()),
        "BoundCRS" => horizontal(&described["source_crs"], name),
        other => Err(CrsError::NotHorizontal { name: name.to_owned(), kind: other.to_owned() }),
    }
}

/// PROJ's description of a system.
pub(crate) fn describe(definition: &str) -> Result<Value, CrsError> {
    let fault = |reason: String| fault(definition, reason);
    let system = Proj::new(definition).map_err(|error| fault(error.to_string()))?;
    let text = system.to_projjson(Some(false), None, None).map_err(|error| fault(error.to_string()))?;
    serde_json::from_str(&text).map_err(|error| fault(error.to_string()))
}

/// PROJ's complaint; where the environment names another database, that is the likely cause and is said.
pub(crate) fn fault(definition: &str, reason: String) -> CrsError {
    let variable = crate::PROJ_VARIABLES.into_iter().find(|name| std::env::var_os(name).is_some());
    match variable {
        Some(variable) if Proj::new("EPSG:4326").is_err() => CrsError::ForeignDatabase { variable, reason },
        Some(_) | None => CrsError::Unknown { text: short(definition), reason },
    }
}

fn short(text: &str) -> String {
    const SHOWN_MAX: usize = 80;
    let start: String = text.chars().take(SHOWN_MAX).collect();
    if start.len() < text.len() { format!("{start}…") } else { start }
}

#[cfg(test)]
mod tests {
    use super::*;

    const AMSTERDAM: &str = r#"PROJCS["Double_Stereographic",GEOGCS["GCS_Bessel 1841",DATUM["D_unknown",SPHEROID["bessel",6377397.155,299.1528128]],PRIMEM["Greenwich",0],UNIT["Degree",0.017453292519943295]],PROJECTION["Double_Stereographic"],PARAMETER["latitude_of_origin",52.15616055555555],PARAMETER["central_meridian",5.38763888888889],PARAMETER["scale_factor",0.9999079],PARAMETER["false_easting",155000],PARAMETER["false_northing",463000],UNIT["Meter",1]]"#;

    #[test]
    fn the_usual_spellings_name_one_system() {
        for text in [
            "EPSG:28992",
            "epsg:28992",
            "urn:ogc:def:crs:EPSG::28992",
            "http://www.opengis.net/def/crs/EPSG/0/28992",
        ] {
            assert_eq!(Crs::parse(text).expect("reads").name(), "EPSG:28992");
        }
        for text in ["EPSG:4326", "OGC:CRS84", "urn:ogc:def:crs:OGC:1.3:CRS84", "EPSG:4979", "CRS:84"] {
            assert!(Crs::parse(text).expect("reads").is_wgs84(), "{text}");
        }
    }

    #[test]
    fn what_is_no_horizontal_system_is_refused_with_what_is_allowed() {
        for (text, says) in [
            ("", "EPSG:N"),
            ("28992", "EPSG:N"),
            ("EPSG:28992; drop", "EPSG:N"),
            ("+proj=utm +zone=36", "EPSG:N"),
            ("EPSG:999999", "knows no"),
            ("EPSG:4978", "geographic or projected"),
            ("EPSG:5703", "geographic or projected"),
            ("PROJCS[\"half", "knows no"),
        ] {
            let error = Crs::parse(text).expect_err(text).to_string();
            assert!(error.contains(says), "{text}: {error}");
        }
    }

    #[test]
    fn the_amsterdam_prj_is_recognised_as_rd_new_and_the_assumption_is_said() {
        let crs = Crs::parse(AMSTERDAM).expect("recognised");
        assert_eq!(crs.name(), "EPSG:28992");
        assert!(crs.assumption().expect("an assumption").starts_with("assumed EPSG:28992 because"));
    }

    #[test]
    fn a_prj_without_datum_and_with_other_parameters_is_refused_and_asks_for_crs() {
        let moved = AMSTERDAM.replace("155000", "155001");
        let error = Crs::parse(&moved).expect_err("no system").to_string();
        assert!(error.contains("no system we know") && error.contains("--crs EPSG:N"), "{error}");
    }

    #[test]
    fn a_gauss_kruger_zone_without_datum_fits_two_systems_and_is_not_guessed() {
        let wkt = r#"PROJCS["zone 6",GEOGCS["unknown",DATUM["D_Unknown",SPHEROID["Krasovsky_1940",6378245.0,298.3]],PRIMEM["Greenwich",0.0],UNIT["Degree",0.0174532925199433]],PROJECTION["Transverse_Mercator"],PARAMETER["False_Easting",6500000.0],PARAMETER["False_Northing",0.0],PARAMETER["Central_Meridian",33.0],PARAMETER["Scale_Factor",1.0],PARAMETER["Latitude_Of_Origin",0.0],UNIT["Meter",1.0]]"#;
        let error = Crs::parse(wkt).expect_err("two systems").to_string();
        assert!(error.contains("EPSG:5564") && error.contains("EPSG:28406"), "{error}");
    }

    #[test]
    fn the_prj_of_wgs84_keeps_coordinates_as_they_are() {
        let wkt = r#"GEOGCS["GCS_WGS_1984",DATUM["D_WGS_1984",SPHEROID["WGS_1984",6378137.0,298.257223563]],PRIMEM["Greenwich",0.0],UNIT["Degree",0.0174532925199433]]"#;
        assert!(Crs::parse(wkt).expect("reads").is_wgs84());
    }
}
