//! The quick way to grow a plain outline: each side moves outward, corners follow. Most outlines stay simple
//! that way and need no overlay; whether this one does is tested exactly, on the grid.

use geo_types::Coord;
use spatial_index::overlay::Cell;

/// Longest outline that is tested side against side.
const CORNERS_MAX: usize = 128;

/// The ring grown by `distance` units and rounded to the grid, or `None` where it would touch itself.
///
/// It promises nothing about covering: the caller holds it against the truth.
pub(crate) fn grown(ring: &[Coord<f64>], distance: f64) -> Option<Vec<Cell>> {
    if ring.len() < 3 || ring.len() > CORNERS_MAX {
        return None;
    }
    let outward = if area(ring) >= 0.0 { distance } else { -distance };
    let count = ring.len();
    let mut cells: Vec<Cell> = Vec::with_capacity(count + 8);
    for (i, corner) in ring.iter().enumerate() {
        let (before, after) = (ring[(i + count - 1) % count], ring[(i + 1) % count]);
        for place in corner_grown(before, *corner, after, outward) {
            cells.push([place.x.round() as i32, place.y.round() as i32]);
        }
    }
    cells.dedup();
    if cells.first() == cells.last() {
        cells.pop();
    }
    is_simple(&cells).then_some(cells)
}

/// Where a corner goes: to the crossing of its moved sides, or, where it is sharper than a right angle, to two
/// places that cut the far crossing off no nearer than `outward`.
fn corner_grown(before: Coord<f64>, corner: Coord<f64>, after: Coord<f64>, outward: f64) -> [Coord<f64>; 2] {
    let (along_in, along_out) = (direction(before, corner), direction(corner, after));
    let normal = |along: Coord<f64>| Coord { x: along.y, y: -along.x };
    let (normal_in, normal_out) = (normal(along_in), normal(along_out));
    let cosine = normal_in.x * normal_out.x + normal_in.y * normal_out.y;
    let turn = (along_in.x * along_out.y - along_in.y * along_out.x) * outward;
    if cosine < 0.0 && turn >= 0.0 {
        let ahead = outward.abs();
        return [
            corner + normal_in * outward + along_in * ahead,
            corner + normal_out * outward - along_out * ahead,
        ];
    }
    // A notch that runs straight back is left to the test.
    let place = corner + (normal_in + normal_out) * (outward / (1.0 + cosine).max(1e-3));
    [place, place]
}

fn direction(from: Coord<f64>, to: Coord<f64>) -> Coord<f64> {
    let way = to - from;
    way / way.x.hypot(way.y).max(f64::MIN_POSITIVE)
}

fn area(ring: &[Coord<f64>]) -> f64 {
    let origin = ring[0];
    let cross = |i: usize| {
        let (a, b) = (ring[i] - origin, ring[(i + 1) % ring.len()] - origin);
        a.x * b.y - a.y * b.x
    };
    (0..ring.len()).map(cross).sum()
}

/// Whether no two sides of a ring touch, except neighbours in their common corner. Exact, in integers.
fn is_simple(ring: &[Cell]) -> bool {
    let count = ring.len();
    let side = |i: usize| (ring[i], ring[(i + 1) % count]);
    let apart = |i: usize, j: usize| {
        let ((a, b), (c, d)) = (side(i), side(j));
        if j == i + 1 {
            return turns_on(a, b, d);
        }
        if i == 0 && j + 1 == count {
            return turns_on(c, d, b);
        }
        !touch(a, b, c, d)
    };
    count >= 3 && (0..count).all(|i| (i + 1..count).all(|j| apart(i, j)))
}

/// Whether a path through a corner does not run back over itself.
fn turns_on(a: Cell, corner: Cell, b: Cell) -> bool {
    let ahead = |axis: usize| i64::from(corner[axis] - a[axis]) * i64::from(b[axis] - corner[axis]);
    cross(a, corner, b) != 0 || ahead(0) + ahead(1) > 0
}

fn touch(a: Cell, b: Cell, c: Cell, d: Cell) -> bool {
    let overlap = |axis: usize| {
        a[axis].min(b[axis]) <= c[axis].max(d[axis]) && c[axis].min(d[axis]) <= a[axis].max(b[axis])
    };
    let (of_c, of_d) = (cross(a, b, c).signum(), cross(a, b, d).signum());
    let (of_a, of_b) = (cross(c, d, a).signum(), cross(c, d, b).signum());
    overlap(0) && overlap(1) && of_c * of_d <= 0 && of_a * of_b <= 0
}

fn cross(a: Cell, b: Cell, c: Cell) -> i64 {
    let along = |p: Cell, q: Cell, axis: usize| i64::from(q[axis]) - i64::from(p[axis]);
    along(a, b, 0) * along(a, c, 1) - along(a, b, 1) * along(a, c, 0)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn ring(corners: &[(f64, f64)]) -> Vec<Coord<f64>> {
        corners.iter().map(|(x, y)| Coord { x: *x, y: *y }).collect()
    }

    #[test]
    fn a_square_grows_on_every_side_whichever_way_it_runs() {
        let mut square = ring(&[(0.0, 0.0), (10.0, 0.0), (10.0, 10.0), (0.0, 10.0)]);
        for _ in 0..2 {
            let mut grown = grown(&square, 2.0).expect("simple");
            grown.sort_unstable();
            assert_eq!(grown, [[-2, -2], [-2, 12], [12, -2], [12, 12]]);
            square.reverse();
        }
    }

    #[test]
    fn a_narrow_notch_that_would_close_is_left_to_the_overlay() {
        let notched = ring(&[
            (0.0, 0.0),
            (40.0, 0.0),
            (40.0, 40.0),
            (20.5, 40.0),
            (20.0, 5.0),
            (19.5, 40.0),
            (0.0, 40.0),
        ]);
        assert_eq!(grown(&notched, 2.0), None);
    }
}
