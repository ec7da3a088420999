//! Which format a file has: by name, by extension, or by its first bytes.

use std::path::Path;

use crate::ReadError;

/// A file format that is read.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Format {
    /// One GeoJSON text (RFC 7946).
    GeoJson,
    /// One GeoJSON feature a line, or GeoJSON text sequences (RFC 8142).
    NdJson,
    /// A table of text with a shape or a position in each row.
    Csv,
    /// OGC GeoPackage.
    GeoPackage,
    /// ESRI shapefile: `.shp` with `.dbf`, `.prj`, `.cpg`.
    Shapefile,
}

impl Format {
    /// Every format.
    pub const ALL: [Format; 5] = [Self::GeoJson, Self::NdJson, Self::Csv, Self::GeoPackage, Self::Shapefile];

    /// The word for `--format`.
    pub fn id(self) -> &'static str {
        match self {
            Self::GeoJson => "geojson",
            Self::NdJson => "ndjson",
            Self::Csv => "csv",
            Self::GeoPackage => "gpkg",
            Self::Shapefile => "shp",
        }
    }

    /// The format of that word.
    ///
    /// # Errors
    /// Names the word and what is allowed.
    pub fn from_id(id: &str) -> Result<Self, ReadError> {
        let found = Self::ALL.into_iter().find(|format| format.id() == id);
        found.ok_or_else(|| ReadError::Format { given: id.to_owned() })
    }

    /// The format that the extension of a file name stands for.
    pub fn from_path(path: &Path) -> Option<Self> {
        match path.extension()?.to_str()?.to_ascii_lowercase().as_str() {
            "geojson" => Some(Self::GeoJson),
            "ndjson" | "geojsonl" | "geojsons" | "geojsonseq" | "jsonl" => Some(Self::NdJson),
            "csv" | "tsv" => Some(Self::Csv),
            "gpkg" => Some(Self::GeoPackage),
            "shp" | "dbf" | "shx" | "prj" | "cpg" => Some(Self::Shapefile),
            _ => None,
        }
    }

    /// The format of a file, by its name or else by its content.
    ///
    /// # Errors
    /// The file cannot be read, or is of no format that is.
    pub(crate) fn of_file(path: &Path) -> Result<Self, ReadError> {
        match Self::from_path(path) {
            Some(format) => Ok(format),
            None => Self::from_content(path, &crate::read::bytes_of(path)?),
        }
    }

    /// The format that the first bytes of a file show.
    ///
    /// # Errors
    /// Names what was recognised instead, where it is a kind of file that is not read.
    pub(crate) fn from_content(path: &Path, bytes: &[u8]) -> Result<Self, ReadError> {
        let refused = |given: &str| Err(ReadError::Format { given: format!("{} ({given})", path.display()) });
        let start = bytes.strip_prefix(b"\xef\xbb\xbf").unwrap_or(bytes).trim_ascii_start();
        match start {
            [0x1e, ..] => Ok(Self::NdJson),
            [b'{', ..] if is_one_json(start) => Ok(Self::GeoJson),
            [b'{', ..] => Ok(Self::NdJson),
            [b'<', ..] => refused("XML, such as KML or GPX: not read yet"),
            _ if bytes.starts_with(b"SQLite format 3\0") => Ok(Self::GeoPackage),
            _ if bytes.starts_with(&[0, 0, 0x27, 0x0a]) => Ok(Self::Shapefile),
            _ if bytes.starts_with(b"PK\x03\x04") => refused("a zip file, such as XLSX or KMZ: not read yet"),
            _ if bytes.starts_with(&[0x1f, 0x8b]) => refused("compressed: decompress it first"),
            _ if bytes.starts_with(b"fgb\x03") => refused("FlatGeobuf: not read yet"),
            _ if is_table(start) => Ok(Self::Csv),
            _ => refused("unknown content"),
        }
    }

    /// The words for `--format`, for messages.
    pub fn allowed() -> String {
        Self::ALL.map(Self::id).join(", ")
    }
}

impl std::fmt::Display for Format {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(match self {
            Self::GeoJson => "GeoJSON",
            Self::NdJson => "newline-delimited GeoJSON",
            Self::Csv => "CSV",
            Self::GeoPackage => "GeoPackage",
            Self::Shapefile => "shapefile",
        })
    }
}

/// Whether the text is one JSON value rather than one per line.
fn is_one_json(text: &[u8]) -> bool {
    let end = crate::json_scan::value_end(text, 0);
    end.is_none_or(|end| !text[end..].trim_ascii_start().starts_with(b"{"))
}

fn is_table(text: &[u8]) -> bool {
    let line = text.split(|byte| *byte == b'\n').next().unwrap_or_default();
    !line.contains(&0) && line.iter().any(|byte| matches!(byte, b',' | b';' | b'\t'))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn formats_are_told_by_name_and_by_content() {
        assert_eq!(Format::from_path(Path::new("a.GeoJSON")), Some(Format::GeoJson));
        let told = |bytes: &[u8]| Format::from_content(Path::new("x"), bytes).ok();
        assert_eq!(told(b"{\"type\":\"Feature\"}"), Some(Format::GeoJson));
        assert_eq!(told(b"{\"a\":1}\n{\"a\":2}"), Some(Format::NdJson));
        assert_eq!(told(b"\xef\xbb\xbfx;y\n1;2"), Some(Format::Csv));
    }

    #[test]
    fn a_format_that_is_not_read_is_refused_with_the_list() {
        for bytes in [&b"PK\x03\x04"[..], b"<kml/>", b"\x1f\x8b", b"", b"words"] {
            let error = Format::from_content(Path::new("x.xlsx"), bytes).expect_err("refused").to_string();
            assert!(error.contains("geojson, ndjson, csv, gpkg, shp"), "{error}");
        }
        assert!(Format::from_id("kml").expect_err("refused").to_string().contains("allowed: geojson"));
    }
}
