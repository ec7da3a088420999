//! Whether drawn shapes cover true ones: the check that every outline has to pass, whoever made it.

use geo_types::Coord;
use spatial_index::overlay::Shapes;

type Edge = [Coord<f64>; 2];

/// Edges that follow each other, and lie near each other, share a box: most are passed over in one step.
const CHUNK: usize = 4;

/// Edges of closed rings, in chunks with a box each (least x and y, greatest x and y).
pub(crate) struct Edges {
    all: Vec<Edge>,
    of_each: Vec<Box>,
    boxes: Vec<Box>,
}

/// Least x and y, greatest x and y.
type Box = [f64; 4];

impl Edges {
    /// The edges of rings that close themselves.
    pub fn of(rings: &[Vec<Coord<f64>>]) -> Self {
        let mut all = Vec::with_capacity(rings.iter().map(Vec::len).sum());
        for ring in rings {
            all.extend(ring.windows(2).map(|pair| [pair[0], pair[1]]));
            all.extend(ring.last().zip(ring.first()).map(|(last, first)| [*last, *first]));
        }
        let of_each: Vec<Box> = all.iter().map(|[a, b]| box_of(*a, *b)).collect();
        let boxes = of_each.chunks(CHUNK).map(around).collect();
        Self { all, of_each, boxes }
    }

    fn chunk(&self, number: usize) -> std::ops::Range<usize> {
        number * CHUNK..self.all.len().min((number + 1) * CHUNK)
    }

    /// Whether no edge of the one comes within `clearance` of an edge of the other.
    pub fn are_apart(&self, other: &Self, clearance: f64) -> bool {
        let chunks_apart = |mine: usize, theirs: usize| {
            self.chunk(mine).all(|i| {
                let near = grown(&self.of_each[i], clearance);
                let mut close = other.chunk(theirs).filter(|j| meet(&near, &other.of_each[*j]));
                close.all(|j| are_further_than(clearance, self.all[i], other.all[j]))
            })
        };
        (0..self.boxes.len()).all(|mine| {
            let near = grown(&self.boxes[mine], clearance);
            let mut close = (0..other.boxes.len()).filter(|theirs| meet(&near, &other.boxes[*theirs]));
            close.all(|theirs| chunks_apart(mine, theirs))
        })
    }

    /// How often the rings wind around a place; one on an edge may count either way.
    pub fn winding(&self, place: Coord<f64>) -> i64 {
        self.crossed(place).map(|[a, b]| if a.y < b.y { 1 } else { -1 }).sum()
    }

    /// Whether a place lies inside valid polygons, whichever way their rings run.
    pub fn hold(&self, place: Coord<f64>) -> bool {
        self.crossed(place).count() % 2 == 1
    }

    /// The edges that a ray from a place eastward crosses.
    fn crossed(&self, place: Coord<f64>) -> impl Iterator<Item = &Edge> {
        let may = move |b: &Box| b[1] <= place.y && place.y <= b[3] && place.x <= b[2];
        let chunks = self.boxes.iter().enumerate().filter(move |(_, own)| may(own));
        let crosses = move |[a, b]: &&Edge| {
            (a.y <= place.y) != (b.y <= place.y)
                && a.x + (place.y - a.y) / (b.y - a.y) * (b.x - a.x) > place.x
        };
        chunks.flat_map(|(number, _)| &self.all[self.chunk(number)]).filter(crosses)
    }
}

/// What is drawn, to hold true outlines against.
pub(crate) struct Enclosing {
    rings: Vec<Vec<Coord<f64>>>,
    edges: Edges,
}

impl Enclosing {
    pub fn of(shapes: &Shapes) -> Self {
        let place = |cell: &[i32; 2]| Coord { x: f64::from(cell[0]), y: f64::from(cell[1]) };
        let rings: Vec<Vec<_>> =
            shapes.iter().flatten().map(|ring| ring.iter().map(place).collect()).collect();
        let edges = Edges::of(&rings);
        Self { rings, edges }
    }

    /// Whether the shapes, which must be valid, cover everything that `rings` wind around together, and the rings
    /// themselves, with more than `clearance` between the boundaries. Rings close themselves; a line is given there
    /// and back.
    ///
    /// No boundary of the one comes near a boundary of the other, so every connected piece of ground lies wholly
    /// inside or wholly outside the shapes; one corner of each ring then decides (`docs/TILES.md`).
    pub fn covers(&self, rings: &[Vec<Coord<f64>>], clearance: f64) -> bool {
        let truth = Edges::of(rings);
        let is_inside = |ring: &Vec<Coord<f64>>| ring.first().is_none_or(|c| self.edges.hold(*c));
        let is_outside = |ring: &Vec<Coord<f64>>| ring.first().is_none_or(|c| truth.winding(*c) == 0);
        truth.are_apart(&self.edges, clearance)
            && rings.iter().all(is_inside)
            && self.rings.iter().all(is_outside)
    }
}

fn box_of(a: Coord<f64>, b: Coord<f64>) -> Box {
    [a.x.min(b.x), a.y.min(b.y), a.x.max(b.x), a.y.max(b.y)]
}

fn around(boxes: &[Box]) -> Box {
    let none = [f64::MAX, f64::MAX, f64::MIN, f64::MIN];
    boxes.iter().fold(none, |a, b| [a[0].min(b[0]), a[1].min(b[1]), a[2].max(b[2]), a[3].max(b[3])])
}

fn grown(own: &Box, by: f64) -> Box {
    [own[0] - by, own[1] - by, own[2] + by, own[3] + by]
}

fn meet(one: &Box, other: &Box) -> bool {
    one[0] <= other[2] && other[0] <= one[2] && one[1] <= other[3] && other[1] <= one[3]
}

/// Whether two edges do not cross and come nowhere within a distance of each other.
fn are_further_than(distance: f64, [a, b]: Edge, [c, d]: Edge) -> bool {
    let (of_c, of_d) = (side(a, b, c), side(a, b, d));
    let (of_a, of_b) = (side(c, d, a), side(c, d, b));
    let is_crossing = (of_c > 0.0) != (of_d > 0.0) && (of_a > 0.0) != (of_b > 0.0);
    let is_far = |squared: f64| squared > distance * distance;
    !is_crossing
        && is_far(to_edge_squared(a, c, d))
        && is_far(to_edge_squared(b, c, d))
        && is_far(to_edge_squared(c, a, b))
        && is_far(to_edge_squared(d, a, b))
}

fn side(a: Coord<f64>, b: Coord<f64>, c: Coord<f64>) -> f64 {
    (b.x - a.x) * (c.y - a.y) - (b.y - a.y) * (c.x - a.x)
}

fn to_edge_squared(p: Coord<f64>, a: Coord<f64>, b: Coord<f64>) -> f64 {
    let (d, length_squared) = (b - a, (b.x - a.x).powi(2) + (b.y - a.y).powi(2));
    let along =
        if length_squared > 0.0 { ((p.x - a.x) * d.x + (p.y - a.y) * d.y) / length_squared } else { 0.0 };
    let off = p - (a + d * along.clamp(0.0, 1.0));
    off.x * off.x + off.y * off.y
}

#[cfg(test)]
mod tests {
    use super::*;

    fn square(from: i32, to: i32) -> Vec<[i32; 2]> {
        vec![[from, from], [to, from], [to, to], [from, to]]
    }

    fn ring(from: f64, to: f64) -> Vec<Coord<f64>> {
        [(from, from), (to, from), (to, to), (from, to)].map(|(x, y)| Coord { x, y }).to_vec()
    }

    #[test]
    fn a_square_covers_a_smaller_one_and_not_itself_nor_one_that_reaches_out_or_lies_in_its_hole() {
        let framed = Enclosing::of(&vec![vec![square(0, 100), square(20, 80)]]);
        assert!(framed.covers(&[ring(5.0, 95.0), ring(15.0, 85.0).into_iter().rev().collect()], 0.1));
        assert!(!framed.covers(&[ring(5.0, 95.0)], 0.1), "the hole is ground of this one");
        assert!(!framed.covers(&[ring(30.0, 70.0)], 0.1));
        assert!(!framed.covers(&[ring(0.0, 100.0)], 0.1));
        assert!(!framed.covers(&[ring(90.0, 110.0)], 0.1));
        assert!(!framed.covers(&[ring(200.0, 210.0)], 0.1));
    }
}
