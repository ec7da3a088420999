//! Whether one drawn shape covers another. On any doubt: no.

use std::panic::{AssertUnwindSafe, catch_unwind};

use geo::Relate;
use geo_types::{Coord, Geometry, LineString};
use model::Record;
use spatial_index::{Drawn, Made, Row};

/// Shapes with more vertices together are not compared: relating them may take seconds, and the writer waits.
const COMPARED_VERTICES_MAX: usize = 100_000;

/// The very shape that a record will be drawn by.
pub fn drawn(record: &Record) -> Option<Drawn> {
    let properties = serde_json::to_string(&record.properties()).ok()?;
    let made = Made::alone(0, jiff::Timestamp::UNIX_EPOCH, "", "");
    Row::new(record.id, record.collection, record.geometry.as_ref(), &properties, made).ok()?.drawn()
}

/// Whether `next` certainly reaches everywhere `current` does.
pub fn covers(next: &Drawn, current: &Drawn) -> bool {
    if vertices(next) + vertices(current) > COMPARED_VERTICES_MAX {
        return false;
    }
    // An outline that makes the overlay panic must not stop the writer; it is a doubt like any other.
    catch_unwind(AssertUnwindSafe(|| surely_covers(next, current))).unwrap_or(false)
}

fn vertices(drawn: &Drawn) -> usize {
    use geo::CoordsIter;
    drawn.polygons.coords_count() + drawn.lines.coords_count() + drawn.points.coords_count()
}

fn surely_covers(next: &Drawn, current: &Drawn) -> bool {
    // The vertices are looked at beside the relation: two ways to say no.
    places(current).all(|place| next.touches_place(place))
        && (current.polygons.0.is_empty() || next.polygons.relate(&current.polygons).is_covers())
        && current.lines.iter().all(|line| covers_line(next, line))
}

fn covers_line(next: &Drawn, line: &LineString<f64>) -> bool {
    next.lines.0.contains(line) || (!next.polygons.0.is_empty() && next.polygons.relate(line).is_covers())
}

fn places(drawn: &Drawn) -> impl Iterator<Item = Coord<f64>> {
    let shapes: [Geometry<f64>; 3] =
        [drawn.polygons.clone().into(), drawn.lines.clone().into(), drawn.points.clone().into()];
    shapes.into_iter().flat_map(|shape| model::coordinates(&shape).collect::<Vec<_>>())
}

#[cfg(test)]
mod tests {
    use super::*;
    use geo_types::{Point, Rect, line_string};

    fn square(west: f64, south: f64, side: f64) -> Drawn {
        let (min, max) = (Coord { x: west, y: south }, Coord { x: west + side, y: south + side });
        Drawn::covering(&Rect::new(min, max).to_polygon().into())
    }

    #[test]
    fn a_square_covers_itself_and_what_lies_in_it_and_nothing_that_sticks_out() {
        let field = square(36.0, 49.0, 0.1);
        assert!(covers(&field, &field));
        assert!(covers(&field, &square(36.02, 49.02, 0.05)));
        assert!(!covers(&square(36.02, 49.02, 0.05), &field));
        assert!(!covers(&field, &square(36.05, 49.05, 0.1)));
    }

    #[test]
    fn points_and_lines_are_covered_by_areas_over_them_and_by_themselves() {
        let field = square(36.0, 49.0, 0.1);
        let point = Drawn::covering(&Point::new(36.05, 49.05).into());
        let line = Drawn::covering(&line_string![(x: 36.0, y: 49.0), (x: 36.1, y: 49.1)].into());
        let away = Drawn::covering(&Point::new(37.0, 49.05).into());
        assert!(
            covers(&field, &point) && covers(&field, &line) && covers(&point, &point) && covers(&line, &line)
        );
        assert!(
            !covers(&point, &field)
                && !covers(&line, &field)
                && !covers(&field, &away)
                && !covers(&point, &line)
        );
    }
}
