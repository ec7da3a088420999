//! The quick way to grow outlines, without bands around all edges: sides move outward, those of holes inward. Most rows
//! stay simple that way; whether they do is tested exactly, on the grid. Whether they cover is left to the check.

use geo_types::Coord;
use spatial_index::overlay::{self, Cell, Ground, Shapes};

use crate::draw::{LEGIBLE, Level, THIN_REACH, THIN_TOLERANCE};
use crate::truth::{Kind, Part, Truth};
use crate::{offset, simplify};

/// Within how many units corners are left out, and how far sides move then: that, rounding of corners (√2/2) and the
/// bend of edges.
#[derive(Clone, Copy)]
pub(crate) struct Attempt {
    tolerance: f64,
    distance: f64,
    level: Level,
}

pub(crate) const ATTEMPTS: [Attempt; 2] = [
    Attempt { tolerance: 0.25, distance: 1.1, level: Level::Exact },
    Attempt { tolerance: 1.5, distance: 3.0, level: Level::Generalised },
];
/// A thin area whose hull is no wider than this, on average, is drawn as the hull: 6 pixels where a tile is 256 wide.
const HULL_WIDTH_MAX: f64 = 3.0 * LEGIBLE;
/// Most parts that are held against each other.
const PARTS_MAX: usize = 64;
/// Most pairs of edges with touching boxes in the union of parts that overlap once they are grown.
const PAIRS_MAX: usize = 20_000;

/// The shape of a row, or `None`; valid if there is one.
pub(crate) fn shape(truth: &Truth, attempt: Attempt) -> Option<(Shapes, Level)> {
    if truth.parts.len() > PARTS_MAX {
        return None;
    }
    let polygons: Shapes = truth.parts.iter().map(|part| polygon(part, attempt)).collect::<Option<_>>()?;
    let is_plain = truth.parts.iter().all(|part| part.kind == Kind::Area);
    let level = if is_plain { attempt.level } else { Level::Generalised };
    let shapes = if are_apart(&polygons) { polygons } else { united(polygons)? };
    Some((shapes, level))
}

/// A part, grown: its outer ring and those holes that are still there.
fn polygon(part: &Part, attempt: Attempt) -> Option<Vec<Vec<Cell>>> {
    let exterior = part.rings.first()?;
    match part.kind {
        Kind::Area => area(exterior, &part.rings[1..], attempt),
        Kind::ThinArea => thin(exterior).map(|ring| vec![ring]),
        Kind::Tiny => Some(vec![part.tiny_box()]),
        Kind::Line => line(exterior).map(|ring| vec![ring]),
    }
}

fn area(exterior: &[Coord<f64>], holes: &[Vec<Coord<f64>>], attempt: Attempt) -> Option<Vec<Vec<Cell>>> {
    let Attempt { tolerance, distance, .. } = attempt;
    let mut polygon = vec![offset::moved(&simplify::ring(exterior, tolerance), distance)?];
    for hole in holes {
        // A hole that does not stay simple, or comes near another ring, is filled.
        let shrunk = offset::moved(&simplify::ring(hole, tolerance), -distance);
        let stays = |hole: &Vec<Cell>| polygon.iter().all(|ring| offset::are_apart(ring, hole));
        if let Some(hole) = shrunk.filter(stays).filter(|hole| is_within(hole, &polygon)) {
            polygon.push(hole);
        }
    }
    Some(polygon)
}

/// A thin area: its hull, if that is thin as well; otherwise a band along it.
fn thin(exterior: &[Coord<f64>]) -> Option<Vec<Cell>> {
    let hull = offset::hull(exterior);
    let width = offset::mean_width(&hull);
    if width > HULL_WIDTH_MAX {
        return offset::moved(&simplify::ring(exterior, THIN_TOLERANCE), f64::from(THIN_REACH));
    }
    let Attempt { tolerance, distance, .. } = ATTEMPTS[1];
    let lacking = if width < LEGIBLE { f64::from(THIN_REACH) } else { 0.0 };
    offset::moved(&simplify::ring(&hull, tolerance), distance.max(lacking))
}

/// A line of one edge, or a place, with a band around it.
fn line(there_and_back: &[Coord<f64>]) -> Option<Vec<Cell>> {
    let (a, b) = match there_and_back {
        [only] => (*only, *only),
        [a, b, _] => (*a, *b),
        _ => return None,
    };
    let cell = |c: Coord<f64>| [c.x.round() as i32, c.y.round() as i32];
    Some(offset::band(cell(a), cell(b), THIN_REACH))
}

/// Whether a hole lies in the outer ring, and in no other hole; they do not touch.
fn is_within(hole: &[Cell], polygon: &[Vec<Cell>]) -> bool {
    let Some((outer, holes)) = polygon.split_first() else { return false };
    let Some(corner) = hole.first() else { return false };
    let around = |other: &Vec<Cell>| offset::holds(other, *corner) || offset::holds(hole, other[0]);
    offset::holds(outer, *corner) && !holes.iter().any(around)
}

/// Whether outer rings neither touch nor lie within each other.
fn are_apart(polygons: &Shapes) -> bool {
    let outer = |at: usize| &polygons[at][0];
    let apart = |one: &Vec<Cell>, other: &Vec<Cell>| {
        offset::are_apart(one, other) && !offset::holds(one, other[0]) && !offset::holds(other, one[0])
    };
    (0..polygons.len()).all(|i| (0..i).all(|j| apart(outer(i), outer(j))))
}

/// Parts that meet once they are grown.
fn united(polygons: Shapes) -> Option<Shapes> {
    let mut ground = Ground::default();
    for mut polygon in polygons {
        // All outer rings one way round, for windings to add up.
        if offset::doubled_area(&polygon[0]) < 0 {
            polygon.iter_mut().for_each(|ring| ring.reverse());
        }
        polygon.into_iter().for_each(|ring| ground.filled(ring));
    }
    overlay::cover(&ground, PAIRS_MAX).ok()
}
