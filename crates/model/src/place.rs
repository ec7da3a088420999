//! What can be said of where a geometry lies: in the programme's area, with its axes exchanged, of which kind.

use geo_types::Coord;

use crate::{Bounds, Collection, Finding, Geometry, Severity, coordinates};

/// A geometry of a type that the collection does not take. It is kept.
pub(crate) fn kind_finding(collection: Collection, geometry: &Geometry) -> Option<Finding> {
    let (name, allowed) = (geojson_name(geometry), collection.geometry_types());
    if allowed.contains(&name) {
        return None;
    }
    let expected = if allowed.is_empty() { "no geometry".to_owned() } else { allowed.join(", ") };
    let message = format!("{name}, where {collection} have {expected}; kept as it is");
    Some(Finding::new("geometry.kind", Severity::Medium, message))
}

fn geojson_name(geometry: &Geometry) -> &'static str {
    match geometry {
        Geometry::Point(_) => "Point",
        Geometry::MultiPoint(_) => "MultiPoint",
        Geometry::Line(_) | Geometry::LineString(_) => "LineString",
        Geometry::MultiLineString(_) => "MultiLineString",
        Geometry::Polygon(_) | Geometry::Rect(_) | Geometry::Triangle(_) => "Polygon",
        Geometry::MultiPolygon(_) => "MultiPolygon",
        Geometry::GeometryCollection(_) => "GeometryCollection",
    }
}

/// A placeable geometry that does not lie in the programme's area, or would with its axes exchanged.
pub(crate) fn programme_finding(geometry: &Geometry, area: Bounds) -> Option<Finding> {
    let outside = coordinates(geometry).find(|place| !area.holds(*place))?;
    if is_swapped(geometry, area) {
        let message = "outside the programme's area, but inside it with longitude and latitude exchanged";
        return Some(Finding::new("geometry.axes_swapped", Severity::High, message).at(outside));
    }
    let Bounds { west, south, east, north } = area;
    let message =
        format!("outside the programme's area (longitude {west} to {east}, latitude {south} to {north})");
    Some(Finding::new("geometry.outside_programme", Severity::Medium, message).at(outside))
}

/// Whether every coordinate lies outside the area, and inside it with longitude and latitude exchanged.
pub(crate) fn is_swapped(geometry: &Geometry, area: Bounds) -> bool {
    coordinates(geometry).all(|place| !area.holds(place) && area.holds(Coord { x: place.y, y: place.x }))
}

#[cfg(test)]
mod tests {
    use super::*;
    use geo_types::{Point, line_string};

    const UKRAINE: Bounds = Bounds { west: 22.0, south: 44.0, east: 40.3, north: 52.4 };

    fn rule(geometry: impl Into<Geometry>) -> Option<String> {
        programme_finding(&geometry.into(), UKRAINE).map(|finding| finding.rule)
    }

    #[test]
    fn latitude_written_before_longitude_is_told_from_a_place_in_another_country() {
        assert_eq!(rule(Point::new(36.2, 49.9)), None);
        assert_eq!(rule(Point::new(49.9, 36.2)).as_deref(), Some("geometry.axes_swapped"));
        assert_eq!(rule(Point::new(2.3, 48.8)).as_deref(), Some("geometry.outside_programme"));
        let one_far = line_string![(x: 36.0, y: 49.0), (x: 49.0, y: 36.0)];
        assert_eq!(rule(one_far).as_deref(), Some("geometry.outside_programme"));
    }

    #[test]
    fn a_type_that_the_collection_does_not_take_is_a_finding() {
        let line: Geometry = line_string![(x: 36.0, y: 49.0), (x: 36.1, y: 49.0)].into();
        assert!(kind_finding(Collection::HazardousAreas, &line).is_some());
        assert!(kind_finding(Collection::MinefieldRecords, &line).is_none());
        let message = kind_finding(Collection::Organisations, &line).map(|finding| finding.message);
        assert!(message.is_some_and(|message| message.contains("no geometry")));
    }
}
