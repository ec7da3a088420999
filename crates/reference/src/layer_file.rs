//! A layer's own file: a line about it, one GeoJSON feature a line, and a line with the hash of all before it.

use std::fs;
use std::io::{BufRead, BufReader, Write};
use std::path::{Path, PathBuf};

use serde::{Deserialize, Serialize};
use serde_json::value::RawValue;
use sha2::{Digest, Sha256};

use crate::{About, Feature, Gathered, Layer, LayerError};

/// Raised when the lines change.
const VERSION: u32 = 1;

#[derive(Serialize, Deserialize)]
struct Head {
    minemap_layer: u32,
    #[serde(flatten)]
    about: About,
}

#[derive(Deserialize)]
struct Line<'a> {
    id: u64,
    #[serde(borrow)]
    geometry: &'a RawValue,
    #[serde(borrow)]
    properties: &'a RawValue,
}

#[derive(Serialize, Deserialize)]
struct Tail {
    features: usize,
    sha256: String,
}

/// Writes a layer to its file: complete, or not at all.
pub(crate) fn write(path: &Path, layer: &Gathered) -> Result<(), LayerError> {
    let head = Head { minemap_layer: VERSION, about: layer.about.clone() };
    exchange::write_whole_file(path, |out| {
        let failed = |source| exchange::WriteError::Io { file: path.to_owned(), source };
        let mut hash = Sha256::new();
        let mut line = |text: String| {
            hash.update(&text);
            out.write_all(text.as_bytes()).map_err(failed)
        };
        line(json_line(&head))?;
        for feature in &layer.features {
            line(feature_line(feature))?;
        }
        let features = layer.features.len();
        let tail = Tail { features, sha256: hex(&hash.finalize()) };
        out.write_all(json_line(&tail).as_bytes()).map_err(failed)?;
        Ok(features as u64)
    })?;
    Ok(())
}

fn json_line(value: &impl Serialize) -> String {
    // Structures of texts, numbers and times: there is nothing in them that JSON cannot hold.
    let mut text = serde_json::to_string(value).unwrap_or_default();
    text.push('\n');
    text
}

fn feature_line(feature: &Feature) -> String {
    let mut text = String::new();
    crate::shelf::write_feature(feature, &mut text);
    text.push_str("}\n");
    text
}

fn hex(bytes: &[u8]) -> String {
    bytes.iter().map(|byte| format!("{byte:02x}")).collect()
}

/// What a layer's file says about itself, without its features.
pub(crate) fn about(path: &Path) -> Result<About, LayerError> {
    let mut first = String::new();
    let file = fs::File::open(path).map_err(io(path))?;
    BufReader::new(file).read_line(&mut first).map_err(io(path))?;
    head(&first).map_err(|reason| LayerError::Damaged { file: path.to_owned(), reason })
}

fn head(line: &str) -> Result<About, String> {
    let head: Head = serde_json::from_str(line).map_err(|error| format!("line 1: {error}"))?;
    if head.minemap_layer != VERSION {
        return Err(format!("it is of version {}; this program reads {VERSION}", head.minemap_layer));
    }
    Ok(head.about)
}

/// Reads a layer back, and holds it against its hash.
pub(crate) fn read(path: &Path) -> Result<Layer, LayerError> {
    let text = fs::read(path).map_err(io(path))?;
    whole(&text).map_err(|reason| LayerError::Damaged { file: PathBuf::from(path), reason })
}

fn whole(text: &[u8]) -> Result<Layer, String> {
    let text = std::str::from_utf8(text).map_err(|error| error.to_string())?;
    let body = text.strip_suffix('\n').ok_or("it breaks off")?;
    let (content, last) = body.rsplit_once('\n').ok_or("it breaks off")?;
    let tail: Tail = serde_json::from_str(last).map_err(|_| "it breaks off: the last line is no hash")?;
    let sha256 = hex(&Sha256::digest(&text[..content.len() + 1]));
    if sha256 != tail.sha256 {
        return Err("its content is not what its hash says".to_owned());
    }
    let mut lines = content.split('\n');
    let about = head(lines.next().unwrap_or_default())?;
    let numbered = lines.zip(2_u64..);
    let features = numbered.map(|(line, number)| {
        feature(line, about.admin_code.as_deref()).map_err(|reason| format!("line {number}: {reason}"))
    });
    let features: Vec<_> = features.collect::<Result<_, _>>()?;
    if features.len() != tail.features || !features.is_sorted_by_key(|feature| feature.number) {
        return Err(format!("{} features in order were expected", tail.features));
    }
    Ok(Layer::new(about, features, sha256))
}

fn feature(line: &str, admin_code: Option<&str>) -> Result<Feature, String> {
    let line: Line = serde_json::from_str(line).map_err(|error| error.to_string())?;
    let properties = serde_json::from_str(line.properties.get()).map_err(|error| error.to_string())?;
    let geometry = exchange::read_geometry(line.geometry.get())?;
    Ok(Feature::new(line.id, geometry, &properties, admin_code))
}

fn io(path: &Path) -> impl Fn(std::io::Error) -> LayerError + '_ {
    |source| LayerError::Io { file: path.to_owned(), source }
}
