//! Cutting rings and lines at a box. Inside the box a cut ring winds around every place as before.

use geo_types::{Coord, Rect};

/// A closed ring (first place repeated or not) cut at a box, one side after the other (Sutherland and Hodgman
/// 1974), not closed by repetition.
///
/// What lies beyond a side is replaced by the straight way along it. That way and what it replaces can be moved
/// into each other without passing a place inside, so the winding number of no such place changes.
pub(crate) fn ring(ring: &[Coord<f64>], area: &Rect<f64>) -> Vec<Coord<f64>> {
    let mut ring: Vec<_> = ring.to_vec();
    if ring.len() > 1 && ring.first() == ring.last() {
        ring.pop();
    }
    for side in sides(area) {
        if !ring.iter().all(|c| side.holds(*c)) {
            ring = cut(&ring, &side);
        }
    }
    ring
}

/// The pieces of a line inside a box, boundary included.
pub(crate) fn line(path: &[Coord<f64>], area: &Rect<f64>) -> Vec<Vec<Coord<f64>>> {
    let mut pieces: Vec<Vec<Coord<f64>>> = Vec::new();
    for pair in path.windows(2) {
        let Some((from, to)) = edge(pair[0], pair[1], area) else { continue };
        match pieces.last_mut() {
            Some(piece) if piece.last() == Some(&from) => piece.push(to),
            _ => pieces.push(vec![from, to]),
        }
    }
    pieces
}

fn edge(mut from: Coord<f64>, mut to: Coord<f64>, area: &Rect<f64>) -> Option<(Coord<f64>, Coord<f64>)> {
    for side in sides(area) {
        match (side.holds(from), side.holds(to)) {
            (true, true) => {}
            (false, false) => return None,
            (true, false) => to = side.crossing(from, to),
            (false, true) => from = side.crossing(from, to),
        }
    }
    Some((from, to))
}

/// A side of the box, and on which side of it the box lies.
enum Side {
    West(f64),
    East(f64),
    South(f64),
    North(f64),
}

fn sides(area: &Rect<f64>) -> [Side; 4] {
    let (least, most) = (area.min(), area.max());
    [Side::West(least.x), Side::East(most.x), Side::South(least.y), Side::North(most.y)]
}

impl Side {
    fn holds(&self, c: Coord<f64>) -> bool {
        match self {
            Self::West(limit) => c.x >= *limit,
            Self::East(limit) => c.x <= *limit,
            Self::South(limit) => c.y >= *limit,
            Self::North(limit) => c.y <= *limit,
        }
    }

    fn crossing(&self, a: Coord<f64>, b: Coord<f64>) -> Coord<f64> {
        match *self {
            Self::West(x) | Self::East(x) => Coord { x, y: a.y + (x - a.x) / (b.x - a.x) * (b.y - a.y) },
            Self::South(y) | Self::North(y) => Coord { x: a.x + (y - a.y) / (b.y - a.y) * (b.x - a.x), y },
        }
    }
}

fn cut(ring: &[Coord<f64>], side: &Side) -> Vec<Coord<f64>> {
    let mut kept = Vec::with_capacity(ring.len() + 4);
    let Some(mut from) = ring.last().copied() else { return kept };
    for to in ring.iter().copied() {
        if side.holds(from) != side.holds(to) {
            kept.push(side.crossing(from, to));
        }
        if side.holds(to) {
            kept.push(to);
        }
        from = to;
    }
    kept
}
