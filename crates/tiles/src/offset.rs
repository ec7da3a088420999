//! Moving the sides of a plain outline; corners follow. Whether the result touches itself or another ring is tested
//! exactly, on the grid.

use geo_types::Coord;
use spatial_index::overlay::Cell;

/// Longest outline that is tested side against side.
const CORNERS_MAX: usize = 400;
/// Sides that follow each other share a box: most are passed over in one step.
const CHUNK: usize = 4;

/// The ring with its sides moved outward by `distance` units (inward, if that is negative) and rounded to the grid, or
/// `None` where it would touch itself or turn inside out.
///
/// It promises nothing about covering: the caller holds it against the truth.
pub(crate) fn moved(ring: &[Coord<f64>], distance: f64) -> Option<Vec<Cell>> {
    if ring.len() < 3 || ring.len() > CORNERS_MAX {
        return None;
    }
    let winding = area(ring).signum();
    let outward = winding * distance;
    let count = ring.len();
    let along: Vec<_> = (0..count).map(|i| direction(ring[i], ring[(i + 1) % count])).collect();
    let mut cells: Vec<Cell> = Vec::with_capacity(count + 8);
    for (i, corner) in ring.iter().enumerate() {
        for place in corner_moved(*corner, along[(i + count - 1) % count], along[i], outward) {
            cells.push([place.x.round() as i32, place.y.round() as i32]);
        }
    }
    cells.dedup();
    if cells.first() == cells.last() {
        cells.pop();
    }
    without_straight_corners(&mut cells);
    (is_simple(&cells) && doubled_area(&cells) as f64 * winding > 0.0).then_some(cells)
}

/// Where a corner goes: to the crossing of its moved sides, or, where it is sharper than a right angle, to two
/// places that cut the far crossing off no nearer than `outward`.
fn corner_moved(
    corner: Coord<f64>,
    along_in: Coord<f64>,
    along_out: Coord<f64>,
    outward: f64,
) -> [Coord<f64>; 2] {
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
    way / (way.x * way.x + way.y * way.y).sqrt().max(f64::MIN_POSITIVE)
}

/// All places within `reach` of an edge, east-west and north-south each: the convex hull of two squares.
pub(crate) fn band(a: Cell, b: Cell, reach: i32) -> Vec<Cell> {
    let ([ax, ay], [bx, by], k) = if a[0] <= b[0] { (a, b, reach) } else { (b, a, reach) };
    let mut band = if ay <= by {
        vec![
            [ax - k, ay - k],
            [ax + k, ay - k],
            [bx + k, by - k],
            [bx + k, by + k],
            [bx - k, by + k],
            [ax - k, ay + k],
        ]
    } else {
        vec![
            [ax - k, ay - k],
            [bx - k, by - k],
            [bx + k, by - k],
            [bx + k, by + k],
            [ax + k, ay + k],
            [ax - k, ay + k],
        ]
    };
    band.dedup();
    without_straight_corners(&mut band);
    band
}

/// Leaves out corners that lie on the way between their neighbours.
fn without_straight_corners(ring: &mut Vec<Cell>) {
    let count = ring.len();
    let is_straight = |i: usize| {
        let (a, corner, b) = (ring[(i + count - 1) % count], ring[i], ring[(i + 1) % count]);
        cross(a, corner, b) == 0 && turns_on(a, corner, b)
    };
    let straight: Vec<bool> = (0..count).map(is_straight).collect();
    let mut at = 0..;
    ring.retain(|_| !straight[at.next().unwrap_or(0)]);
}

fn area(ring: &[Coord<f64>]) -> f64 {
    let origin = ring[0];
    let cross = |i: usize| {
        let (a, b) = (ring[i] - origin, ring[(i + 1) % ring.len()] - origin);
        a.x * b.y - a.y * b.x
    };
    (0..ring.len()).map(cross).sum()
}

/// Twice the area, positive where a ring runs clockwise on the map.
pub(crate) fn doubled_area(ring: &[Cell]) -> i64 {
    (2..ring.len()).map(|i| cross(ring[0], ring[i - 1], ring[i])).sum()
}

/// The convex hull of a ring, as a ring (Andrew's monotone chain, 1979). Corners that rounding makes look straight may
/// be left out.
pub(crate) fn hull(ring: &[Coord<f64>]) -> Vec<Coord<f64>> {
    let mut places = ring.to_vec();
    places.sort_unstable_by(|a, b| a.x.total_cmp(&b.x).then(a.y.total_cmp(&b.y)));
    let half = |places: &mut dyn Iterator<Item = &Coord<f64>>| {
        let mut half: Vec<Coord<f64>> = Vec::new();
        for place in places {
            while let [.., a, b] = half[..] {
                if (b.x - a.x) * (place.y - a.y) - (b.y - a.y) * (place.x - a.x) > 0.0 {
                    break;
                }
                half.pop();
            }
            half.push(*place);
        }
        half.pop();
        half
    };
    let mut hull = half(&mut places.iter());
    hull.extend(half(&mut places.iter().rev()));
    hull
}

/// Width of the rectangle with the area and perimeter of a ring.
pub(crate) fn mean_width(ring: &[Coord<f64>]) -> f64 {
    if ring.len() < 3 {
        return 0.0;
    }
    let side = |i: usize| ring[(i + 1) % ring.len()] - ring[i];
    let length = |way: Coord<f64>| (way.x * way.x + way.y * way.y).sqrt();
    let half_around: f64 = (0..ring.len()).map(|i| length(side(i))).sum::<f64>() / 2.0;
    let squareness = half_around * half_around - 2.0 * area(ring).abs();
    (half_around - squareness.max(0.0).sqrt()) / 2.0
}

/// The sides of a ring from `first` on, as many as share a box, and that box.
fn chunks(ring: &[Cell]) -> Vec<[i32; 4]> {
    let sides = |first: usize| (first..ring.len().min(first + CHUNK)).map(|i| side(ring, i));
    let chunk = |first: usize| {
        sides(first).map(|(a, b)| box_of(a, b)).fold(
            [i32::MAX, i32::MAX, i32::MIN, i32::MIN],
            |one, other| {
                [one[0].min(other[0]), one[1].min(other[1]), one[2].max(other[2]), one[3].max(other[3])]
            },
        )
    };
    (0..ring.len()).step_by(CHUNK).map(chunk).collect()
}

fn side(ring: &[Cell], i: usize) -> (Cell, Cell) {
    (ring[i], if i + 1 == ring.len() { ring[0] } else { ring[i + 1] })
}

fn box_of(a: Cell, b: Cell) -> [i32; 4] {
    [a[0].min(b[0]), a[1].min(b[1]), a[0].max(b[0]), a[1].max(b[1])]
}

fn meet(one: &[i32; 4], other: &[i32; 4]) -> bool {
    one[0] <= other[2] && other[0] <= one[2] && one[1] <= other[3] && other[1] <= one[3]
}

/// The sides of a chunk, by number.
fn of_chunk(ring: &[Cell], chunk: usize) -> std::ops::Range<usize> {
    chunk * CHUNK..ring.len().min((chunk + 1) * CHUNK)
}

/// Whether no two sides of a ring touch, except neighbours in their common corner. Exact, in integers.
fn is_simple(ring: &[Cell]) -> bool {
    let count = ring.len();
    let apart = |i: usize, j: usize| {
        let ((a, b), (c, d)) = (side(ring, i), side(ring, j));
        if j == i + 1 {
            return turns_on(a, b, d);
        }
        if i == 0 && j + 1 == count {
            return turns_on(c, d, b);
        }
        !touch(a, b, c, d)
    };
    let boxes = chunks(ring);
    let chunks_apart = |m: usize, n: usize| {
        !meet(&boxes[m], &boxes[n])
            || of_chunk(ring, m).all(|i| of_chunk(ring, n).filter(|j| i < *j).all(|j| apart(i, j)))
    };
    count >= 3 && (0..boxes.len()).all(|m| (m..boxes.len()).all(|n| chunks_apart(m, n)))
}

/// Whether no side of one ring touches a side of another. Exact, in integers.
pub(crate) fn are_apart(one: &[Cell], other: &[Cell]) -> bool {
    let (boxes, others) = (chunks(one), chunks(other));
    let apart = |i: usize, j: usize| {
        let ((a, b), (c, d)) = (side(one, i), side(other, j));
        !touch(a, b, c, d)
    };
    let chunks_apart = |m: usize, n: usize| {
        !meet(&boxes[m], &others[n]) || of_chunk(one, m).all(|i| of_chunk(other, n).all(|j| apart(i, j)))
    };
    (0..boxes.len()).all(|m| (0..others.len()).all(|n| chunks_apart(m, n)))
}

/// Whether a ring goes round a place that does not lie on it. Exact, in integers.
pub(crate) fn holds(ring: &[Cell], place: Cell) -> bool {
    let crosses = |i: &usize| {
        let (a, b) = side(ring, *i);
        (a[1] <= place[1]) != (b[1] <= place[1]) && (cross(a, b, place) > 0) == (a[1] < b[1])
    };
    (0..ring.len()).filter(crosses).count() % 2 == 1
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
            let mut moved = moved(&square, 2.0).expect("simple");
            moved.sort_unstable();
            assert_eq!(moved, [[-2, -2], [-2, 12], [12, -2], [12, 12]]);
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
        assert_eq!(moved(&notched, 2.0), None);
    }

    #[test]
    fn a_hole_shrinks_and_one_that_would_turn_inside_out_is_no_more() {
        let square = ring(&[(0.0, 0.0), (10.0, 0.0), (10.0, 10.0), (0.0, 10.0)]);
        let mut shrunk = moved(&square, -2.0).expect("simple");
        shrunk.sort_unstable();
        assert_eq!(shrunk, [[2, 2], [2, 8], [8, 2], [8, 8]]);
        let slot = ring(&[(0.0, 0.0), (10.0, 0.0), (10.0, 3.0), (0.0, 3.0)]);
        assert_eq!(moved(&slot, -2.0), None);
    }

    #[test]
    fn a_place_is_in_a_ring_or_not_and_rings_touch_or_not() {
        let square = |from: i32, to: i32| vec![[from, from], [to, from], [to, to], [from, to]];
        assert!(
            holds(&square(0, 10), [5, 5])
                && !holds(&square(0, 10), [15, 5])
                && !holds(&square(0, 10), [-5, 5])
        );
        assert!(are_apart(&square(0, 10), &square(2, 8)) && !are_apart(&square(0, 10), &square(2, 10)));
    }
}
