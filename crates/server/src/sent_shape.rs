//! The way or the outline that a question is about, as GeoJSON in its body.

use axum::body::Bytes;
use geo_types::{LineString, MultiPolygon};
use model::Geometry;
use serde::Deserialize;
use serde_json::value::RawValue;
use spatial_index::{
    AREA_VERTICES_MAX, AreaError, AskedArea, TooMuch, WAY_M_MAX, WAY_VERTICES_MAX, Way, WayError,
};

use axum::http::StatusCode;
use serde_json::json;

use crate::problem::Problem;

/// Largest body of a question, in bytes: the most vertices with all their digits and heights.
const QUESTION_BYTES_MAX: usize = 1024 * 1024;

#[derive(Deserialize)]
struct Members<'a> {
    #[serde(rename = "type")]
    kind: String,
    #[serde(borrow, default)]
    geometry: Option<&'a RawValue>,
}

/// The way of a `LineString` or `MultiLineString`, as a geometry or in a feature.
pub(crate) fn way(body: &Bytes) -> Result<Way, Problem> {
    const ALLOWED: &str = "a GeoJSON LineString or MultiLineString, or a Feature with one";
    let lines = match geometry(body, ALLOWED)? {
        Geometry::LineString(line) => vec![line],
        Geometry::MultiLineString(lines) => lines.0,
        other => return Err(refused(ALLOWED, &format!("{} stands there", kind_of(&other)))),
    };
    if lines.iter().any(|line: &LineString<f64>| line.0.len() < 2) {
        return Err(refused(ALLOWED, "a line has at least two positions"));
    }
    Way::along(&lines).map_err(|error| match error {
        WayError::Empty => refused(ALLOWED, "it has no position"),
        WayError::NotOnEarth => not_on_earth(),
        WayError::TooManyVertices => {
            too_many(("WAY_VERTICES_MAX", WAY_VERTICES_MAX), "ask about a part of the way")
        }
        WayError::TooLong => too_long("ask about a part of the way"),
    })
}

/// The area of a `Polygon` or `MultiPolygon`, as a geometry or in a feature.
pub(crate) fn area(body: &Bytes) -> Result<AskedArea, Problem> {
    const ALLOWED: &str = "a GeoJSON Polygon or MultiPolygon, or a Feature with one";
    let polygons = match geometry(body, ALLOWED)? {
        Geometry::Polygon(polygon) => MultiPolygon(vec![polygon]),
        Geometry::MultiPolygon(polygons) => polygons,
        other => return Err(refused(ALLOWED, &format!("{} stands there", kind_of(&other)))),
    };
    AskedArea::of(polygons).map_err(|error| match error {
        AreaError::Empty => refused(ALLOWED, "it has no position"),
        AreaError::NotOnEarth => not_on_earth(),
        AreaError::TooManyVertices => {
            too_many(("AREA_VERTICES_MAX", AREA_VERTICES_MAX), "ask about a simpler outline")
        }
        AreaError::TooLong => too_long("ask about a smaller area"),
        AreaError::NotValid(why) => refused("an outline that does not cross itself", &why),
    })
}

/// A question that is too much to be answered, as a problem: there is no answer, not an empty one either.
pub(crate) fn too_much(TooMuch { limit, most }: TooMuch, instead: &str) -> Problem {
    let detail = format!(
        "more lies there than is worked out for one answer ({limit}: {most}); there is no answer; {instead}"
    );
    Problem::of(StatusCode::UNPROCESSABLE_ENTITY, "too-much", "Too much for one answer", detail)
        .with("limit", json!(limit))
}

fn geometry(body: &Bytes, allowed: &str) -> Result<Geometry, Problem> {
    if body.len() > QUESTION_BYTES_MAX {
        return Err(Problem::too_large(("QUESTION_BYTES_MAX", QUESTION_BYTES_MAX as u64)));
    }
    let text = std::str::from_utf8(body).map_err(|_| refused(allowed, "it is not text in UTF-8"))?;
    let members: Members =
        serde_json::from_str(text).map_err(|error| refused(allowed, &error.to_string()))?;
    let of_feature = members.geometry.map(RawValue::get).filter(|_| members.kind == "Feature");
    let read = exchange::read_geometry(of_feature.unwrap_or(text)).map_err(|why| refused(allowed, &why))?;
    read.ok_or_else(|| refused(allowed, "it has no geometry"))
}

fn refused(allowed: &str, why: &str) -> Problem {
    Problem::bad_parameter("body", "", allowed).about(why)
}

fn not_on_earth() -> Problem {
    refused("longitudes from -180 to 180 and latitudes from -90 to 90", "a position lies elsewhere")
}

fn too_many((limit, most): (&'static str, usize), instead: &str) -> Problem {
    refused(&format!("at most {most} positions ({limit})"), instead).with("limit", json!(limit))
}

fn too_long(instead: &str) -> Problem {
    let allowed = format!("at most {} km (WAY_M_MAX)", WAY_M_MAX / 1_000.0);
    refused(&allowed, instead).with("limit", json!("WAY_M_MAX"))
}

fn kind_of(geometry: &Geometry) -> &'static str {
    match geometry {
        Geometry::Point(_) => "a Point",
        Geometry::MultiPoint(_) => "a MultiPoint",
        Geometry::Line(_) | Geometry::LineString(_) => "a LineString",
        Geometry::MultiLineString(_) => "a MultiLineString",
        Geometry::Polygon(_) | Geometry::Rect(_) | Geometry::Triangle(_) => "a Polygon",
        Geometry::MultiPolygon(_) => "a MultiPolygon",
        Geometry::GeometryCollection(_) => "a GeometryCollection",
    }
}
