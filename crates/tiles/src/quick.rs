//! The quick way to grow outlines, without an overlay: sides move outward, those of holes inward. Most rows stay
//! simple that way; whether they do is tested exactly, on the grid. Whether they cover is left to the check.

use spatial_index::overlay::{Cell, Shapes};

use crate::draw::{Level, THIN_REACH, THIN_TOLERANCE};
use crate::truth::{Kind, Part, Truth};
use crate::{offset, simplify};

/// Within how many units corners are left out of a plain outline, and how far its sides move: that, rounding of
/// corners (√2/2) and the bend of edges.
const TOLERANCE: f64 = 0.25;
const DISTANCE: f64 = 1.1;

/// The shape of a row whose parts stay apart, or `None`; valid if there is one.
pub(crate) fn shape(truth: &Truth) -> Option<(Shapes, Level)> {
    let polygons: Shapes = truth.parts.iter().map(polygon).collect::<Option<_>>()?;
    let is_plain = truth.parts.iter().all(|part| part.kind == Kind::Area);
    let level = if is_plain { Level::Exact } else { Level::Generalised };
    are_apart(&polygons).then_some((polygons, level))
}

/// A part, grown: its outer ring and those holes that are still there.
fn polygon(part: &Part) -> Option<Vec<Vec<Cell>>> {
    let exterior = part.rings.first()?;
    match part.kind {
        Kind::Area => {
            let grown = offset::moved(&simplify::ring(exterior, TOLERANCE), DISTANCE)?;
            let mut polygon = vec![grown];
            for hole in &part.rings[1..] {
                // A hole that does not stay simple, or comes near another ring, is filled.
                let shrunk = offset::moved(&simplify::ring(hole, TOLERANCE), -DISTANCE);
                let stays = |hole: &Vec<Cell>| polygon.iter().all(|ring| offset::are_apart(ring, hole));
                if let Some(hole) = shrunk.filter(stays).filter(|hole| is_within(hole, &polygon)) {
                    polygon.push(hole);
                }
            }
            Some(polygon)
        }
        Kind::ThinArea => {
            let grown = offset::moved(&simplify::ring(exterior, THIN_TOLERANCE), f64::from(THIN_REACH))?;
            Some(vec![grown])
        }
        Kind::Tiny => Some(vec![part.tiny_box()]),
        Kind::Line => line(exterior.as_slice()),
    }
}

/// A line of one edge, or a place, with a band around it.
fn line(there_and_back: &[geo_types::Coord<f64>]) -> Option<Vec<Vec<Cell>>> {
    let (a, b) = match there_and_back {
        [only] => (*only, *only),
        [a, b, _] => (*a, *b),
        _ => return None,
    };
    let cell = |c: geo_types::Coord<f64>| [c.x.round() as i32, c.y.round() as i32];
    Some(vec![offset::band(cell(a), cell(b), THIN_REACH)])
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
