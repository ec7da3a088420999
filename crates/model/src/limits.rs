//! The bounds on every input. Reaching one is a refusal that names it, never a silent cut.

/// Most vertices one record's geometry may have.
pub const VERTICES_MAX: usize = 1_000_000;
/// Deepest nesting of JSON, WKT or WKB that a reader follows.
pub const NESTING_MAX: usize = 32;
/// Longest text of one field or attribute, in bytes.
pub const TEXT_BYTES_MAX: usize = 64 * 1024;
/// Most fields and attributes one record may carry.
pub const PROPERTIES_MAX: usize = 1_000;
/// Most columns of a table of text.
pub const COLUMNS_MAX: usize = 10_000;
/// Largest text or blob in a GeoPackage, in bytes: twice an outline of the most vertices with heights and measures.
pub const VALUE_BYTES_MAX: i32 = 64 * 1024 * 1024;
/// Largest file an import reads, in bytes.
pub const FILE_BYTES_MAX: u64 = 4 * 1024 * 1024 * 1024;
/// Consecutive points of an outline further apart than this are a finding, in metres
/// (GICHD Minimum Data Requirements, quality checks).
pub const POINT_SPACING_M_MAX: f64 = 5_000.0;
/// Declared and computed area may differ by this share before it is a finding.
pub const DECLARED_AREA_SHARE_MAX: f64 = 0.05;
/// Largest number of a field: more than the Earth has square metres (5.1e14), and a whole number that every
/// JSON reader keeps exactly.
pub const NUMBER_MAX: f64 = 1e15;
/// Largest position accuracy, in metres: half the way around the Earth.
pub const POSITION_ACCURACY_M_MAX: f64 = 20_037_508.0;
