//! Fewer corners: what is left out lies within a tolerance of what stands for it (Douglas and Peucker 1973).

use geo_types::Coord;

/// From this many corners on, neighbours that nearly coincide are left out first: the rest of the work can
/// grow with the square of their number.
const THINNED_CORNERS_MIN: usize = 1_000;

/// A ring (not closed by repetition) with fewer corners. Each chain of left-out corners lies within `tolerance`
/// of the edge in its place, so both lie in one convex capsule, and no place outside all capsules sees its
/// winding number change.
pub(crate) fn ring(ring: &[Coord<f64>], tolerance: f64) -> Vec<Coord<f64>> {
    if ring.len() < THINNED_CORNERS_MIN {
        return cut_corners(ring, tolerance);
    }
    // Corners within half of the corner before: those, too, share a convex capsule with what replaces them.
    let mut thinned: Vec<Coord<f64>> = Vec::new();
    for corner in ring {
        if thinned.last().is_none_or(|last| distance_squared(*last, *corner) > tolerance * tolerance / 4.0) {
            thinned.push(*corner);
        }
    }
    cut_corners(&thinned, tolerance / 2.0)
}

fn cut_corners(ring: &[Coord<f64>], tolerance: f64) -> Vec<Coord<f64>> {
    if ring.len() < 4 {
        return ring.to_vec();
    }
    // Two ends far apart: the first corner, and the one furthest from it.
    let far = |i: &usize| distance_squared(ring[*i], ring[0]);
    let middle = (1..ring.len()).max_by(|i, j| far(i).total_cmp(&far(j))).unwrap_or(1);
    let mut closed = ring.to_vec();
    closed.push(ring[0]);
    let mut kept = vec![false; closed.len()];
    (kept[0], kept[middle]) = (true, true);
    mark(&closed, 0, middle, tolerance, &mut kept);
    mark(&closed, middle, ring.len(), tolerance, &mut kept);
    ring.iter().zip(kept).filter_map(|(corner, kept)| kept.then_some(*corner)).collect()
}

/// An open path with fewer corners; its ends stay.
pub(crate) fn path(path: &[Coord<f64>], tolerance: f64) -> Vec<Coord<f64>> {
    if path.len() < 3 {
        return path.to_vec();
    }
    let last = path.len() - 1;
    let mut kept = vec![false; path.len()];
    (kept[0], kept[last]) = (true, true);
    mark(path, 0, last, tolerance, &mut kept);
    path.iter().zip(kept).filter_map(|(corner, kept)| kept.then_some(*corner)).collect()
}

fn mark(path: &[Coord<f64>], from: usize, to: usize, tolerance: f64, kept: &mut [bool]) {
    let mut open = vec![(from, to)];
    while let Some((from, to)) = open.pop() {
        let off = |i: &usize| off_squared(path[*i], path[from], path[to]);
        let Some(furthest) = (from + 1..to).max_by(|i, j| off(i).total_cmp(&off(j))) else { continue };
        if off(&furthest) > tolerance * tolerance {
            kept[furthest] = true;
            open.extend([(from, furthest), (furthest, to)]);
        }
    }
}

/// Squared distance from a place to an edge (not to the endless line through it).
fn off_squared(p: Coord<f64>, a: Coord<f64>, b: Coord<f64>) -> f64 {
    let length_squared = distance_squared(a, b);
    let along = if length_squared > 0.0 {
        (((p.x - a.x) * (b.x - a.x) + (p.y - a.y) * (b.y - a.y)) / length_squared).clamp(0.0, 1.0)
    } else {
        0.0
    };
    distance_squared(p, a + (b - a) * along)
}

fn distance_squared(a: Coord<f64>, b: Coord<f64>) -> f64 {
    (a.x - b.x).powi(2) + (a.y - b.y).powi(2)
}
