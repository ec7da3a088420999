//! A file → the features of a layer, each accounted for.

use std::path::PathBuf;

use exchange::{PlainItem, PlainOptions, read_plain};
use geo::MapCoordsInPlace;
use geo_types::Coord;
use jiff::Timestamp;
use model::limits::{PROPERTIES_MAX, TEXT_BYTES_MAX};
use model::{Finding, Geometry, Properties, Severity, is_placeable, vertex_count};

use crate::about::learn;
use crate::{About, Counts, FEATURES_MAX, Feature, LayerError, Name, TITLE_CHARS_MAX, VERTICES_MAX};

/// What a layer is to be made of.
#[derive(Debug, Clone)]
pub struct Source {
    /// The file.
    pub file: PathBuf,
    /// Its table and its reference system, where the caller says.
    pub options: PlainOptions,
    /// Identifier of the layer.
    pub name: Name,
    /// Title; the identifier where none is given.
    pub title: Option<String>,
    /// The field with the codes of administrative units.
    pub admin_code: Option<String>,
}

/// What was found about one feature.
#[derive(Debug, Clone, PartialEq)]
pub struct Found {
    /// Line or feature number, from 1.
    pub number: u64,
    /// What.
    pub finding: Finding,
}

/// A layer that is not kept yet.
#[derive(Debug)]
pub struct Gathered {
    /// What it is.
    pub about: About,
    /// Its features, in the file's order.
    pub features: Vec<Feature>,
    /// What was assumed about the file.
    pub notes: Vec<Finding>,
    /// What is wrong with single features.
    pub found: Vec<Found>,
    /// Features without a code, where the layer is of administrative units.
    pub without_code: u64,
}

/// Reads a layer from its file.
///
/// # Errors
/// The file cannot be read to its end, holds no feature, passes a limit, or lacks the field of the codes.
pub fn gather(source: &Source, now: Timestamp) -> Result<Gathered, LayerError> {
    let title = source.title.clone().unwrap_or_else(|| source.name.to_string());
    let chars = title.chars().count();
    if title.trim().is_empty() || chars > TITLE_CHARS_MAX {
        return Err(LayerError::Title { chars });
    }
    let file = source.file.file_name().unwrap_or_default().to_string_lossy();
    let about = About {
        id: source.name.to_string(),
        title,
        source: source
            .options
            .layer
            .as_ref()
            .map_or_else(|| file.to_string(), |layer| format!("{file}#{layer}")),
        added_at: now,
        admin_code: source.admin_code.clone(),
        fields: Vec::new(),
        counts: Counts::default(),
    };
    let mut gathering = Gathering::new(about);
    let reading = read_plain(&source.file, &source.options, &mut |item| gathering.take(item))?;
    let broken = |reason: String| LayerError::Broken { file: source.file.clone(), reason };
    if let Some(finding) = reading.broken {
        return Err(broken(finding.message));
    }
    let mut gathered = gathering.finish()?;
    if gathered.features.is_empty() {
        return Err(broken(format!("it holds no feature ({} unreadable)", gathered.about.counts.unreadable)));
    }
    let counts = gathered.about.counts;
    if counts.placed == 0 && counts.geometry_unreadable > 0 {
        let first = gathered.found.first().map(|found| found.finding.message.as_str()).unwrap_or_default();
        return Err(broken(format!("none of its {} features can be placed: {first}", counts.read)));
    }
    gathered.notes = reading.notes;
    Ok(gathered)
}

struct Gathering {
    gathered: Gathered,
    vertices: usize,
    /// The first limit that was passed; what comes after is only counted.
    stopped: Option<LayerError>,
}

impl Gathering {
    fn new(about: About) -> Self {
        let gathered =
            Gathered { about, features: Vec::new(), notes: Vec::new(), found: Vec::new(), without_code: 0 };
        Self { gathered, vertices: 0, stopped: None }
    }

    fn take(&mut self, item: PlainItem) {
        if self.stopped.is_some() {
            return;
        }
        self.gathered.about.counts.read += 1;
        match item {
            PlainItem::Unreadable { number, finding } => {
                self.gathered.about.counts.unreadable += 1;
                self.gathered.found.push(Found { number, finding });
            }
            PlainItem::Feature { number, geometry, properties, findings } => {
                let was_unreadable = geometry.is_none() && findings.iter().any(is_about_geometry);
                self.gathered.found.extend(findings.into_iter().map(|finding| Found { number, finding }));
                let geometry = self.placed(number, geometry, was_unreadable);
                self.stopped = self.over(number, geometry.as_ref(), &properties).err();
                self.keep(number, geometry, &properties);
            }
        }
    }

    /// Counts the feature by its place, and gives the geometry if it is on Earth.
    fn placed(&mut self, number: u64, geometry: Option<Geometry>, was_unreadable: bool) -> Option<Geometry> {
        let counts = &mut self.gathered.about.counts;
        match geometry.map(without_noise) {
            Some(geometry) if is_placeable(&geometry) => {
                counts.placed += 1;
                Some(geometry)
            }
            Some(geometry) if vertex_count(&geometry) > 0 => {
                counts.geometry_unreadable += 1;
                let message = "a coordinate lies beyond longitude ±180 or latitude ±90; kept without a place";
                let finding = Finding::new("geometry.out_of_range", Severity::High, message);
                self.gathered.found.push(Found { number, finding });
                None
            }
            Some(_) | None => {
                *(if was_unreadable {
                    &mut counts.geometry_unreadable
                } else {
                    &mut counts.without_geometry
                }) += 1;
                None
            }
        }
    }

    fn over(
        &mut self,
        number: u64,
        geometry: Option<&Geometry>,
        properties: &Properties,
    ) -> Result<(), LayerError> {
        let of = |what: &str| format!("{what} of feature {number}");
        let vertices = geometry.map_or(0, vertex_count);
        self.vertices += vertices;
        let longest = properties.values().map(|value| value.as_str().map_or(0, str::len)).max().unwrap_or(0);
        let checks = [
            ("features".to_owned(), self.gathered.features.len() + 1, FEATURES_MAX, "FEATURES_MAX"),
            ("vertices".to_owned(), self.vertices, VERTICES_MAX, "VERTICES_MAX of a layer"),
            (of("vertices"), vertices, model::limits::VERTICES_MAX, "VERTICES_MAX"),
            (of("attributes"), properties.len(), PROPERTIES_MAX, "PROPERTIES_MAX"),
            (of("bytes of a text"), longest, TEXT_BYTES_MAX, "TEXT_BYTES_MAX"),
        ];
        match checks.into_iter().find(|(_, found, most, _)| found > most) {
            None => Ok(()),
            Some((what, found, most, limit)) => Err(LayerError::TooMany { what, found, most, limit }),
        }
    }

    fn keep(&mut self, number: u64, geometry: Option<Geometry>, properties: &Properties) {
        let about = &mut self.gathered.about;
        learn(&mut about.fields, properties);
        let feature = Feature::new(number, geometry, properties, about.admin_code.as_deref());
        self.gathered.without_code += u64::from(about.admin_code.is_some() && feature.code.is_none());
        self.gathered.features.push(feature);
    }

    fn finish(self) -> Result<Gathered, LayerError> {
        if let Some(error) = self.stopped {
            return Err(error);
        }
        let fields = &self.gathered.about.fields;
        if fields.len() > PROPERTIES_MAX {
            let (found, most) = (fields.len(), PROPERTIES_MAX);
            return Err(LayerError::TooMany {
                what: "fields".to_owned(),
                found,
                most,
                limit: "PROPERTIES_MAX",
            });
        }
        match &self.gathered.about.admin_code {
            Some(given) if fields.iter().all(|field| field.name != *given) => {
                let known = fields.iter().map(|field| field.name.as_str()).collect::<Vec<_>>().join(", ");
                Err(LayerError::AdminCode { given: given.clone(), known })
            }
            Some(_) | None => Ok(self.gathered),
        }
    }
}

/// Coordinates that pass 180° or 90° by less than this are noise of reckoning: a tenth of a millimetre.
const NOISE_DEG: f64 = 1e-9;

/// Takes back what rounding has pushed off the Earth; world maps are cut at the 180th meridian and often go over.
fn without_noise(mut geometry: Geometry) -> Geometry {
    let back = |value: f64, most: f64| {
        if value.abs() > most && value.abs() <= most + NOISE_DEG { most.copysign(value) } else { value }
    };
    if !is_placeable(&geometry) {
        geometry.map_coords_in_place(|c| Coord { x: back(c.x, 180.0), y: back(c.y, 90.0) });
    }
    geometry
}

fn is_about_geometry(finding: &Finding) -> bool {
    finding.rule.starts_with("geometry.")
}
