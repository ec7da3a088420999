//! A tree of boxes that never changes: leaves in the order of a Hilbert curve, sixteen to a node, one block of memory.

use model::Bounds;

use crate::boxes::Boxes;

/// A box in single precision, rounded outward: it holds the box it stands for.
#[derive(Debug, Clone, Copy, PartialEq)]
struct Outward {
    west: f32,
    south: f32,
    east: f32,
    north: f32,
}

/// Boxes, each naming a row by its number; a number may come with several boxes.
#[derive(Default)]
pub(crate) struct PackedTree {
    /// Leaves, then the nodes above them, then those above these.
    boxes: Vec<Outward>,
    /// Of each leaf; with [`BEYOND`] where its box is the one beyond the 180th meridian.
    rows: Vec<u32>,
    /// Where each layer ends in `boxes`; the first are the leaves.
    ends: Vec<usize>,
}

/// Marks a box beyond the 180th meridian; there are never so many rows.
const BEYOND: u32 = 1 << 31;
/// Children of a node (Kamel and Faloutsos 1993; sixteen as in the static indexes that are measured fastest).
const NODE: usize = 16;
/// Cells of the Hilbert curve in a turn of longitude and latitude.
const CURVE_CELLS: f64 = 65_535.0;

impl PackedTree {
    /// Packs the boxes of rows; of each the number is its place in the list.
    pub fn of<'b>(rows: impl Iterator<Item = &'b Boxes>) -> Self {
        let boxes = rows.zip(0_u32..).flat_map(|(boxes, row)| {
            boxes.sides().map(move |(bounds, is_beyond)| (bounds, if is_beyond { row | BEYOND } else { row }))
        });
        let mut leaves: Vec<(u32, Outward, u32)> =
            boxes.map(|(bounds, row)| (place_on_curve(&bounds), Outward::of(&bounds), row)).collect();
        leaves.sort_unstable_by_key(|(place, _, row)| (*place, *row));
        let rows = leaves.iter().map(|(_, _, row)| *row).collect();
        let mut boxes: Vec<_> = leaves.into_iter().map(|(_, outward, _)| outward).collect();
        let mut ends = vec![boxes.len()];
        let mut from = 0;
        while boxes.len() - from > 1 {
            let upper: Vec<_> = boxes[from..].chunks(NODE).map(Outward::around).collect();
            from = boxes.len();
            boxes.extend(upper);
            ends.push(boxes.len());
        }
        boxes.shrink_to_fit();
        Self { boxes, rows, ends }
    }

    /// Calls `take` with each leaf that touches `bounds`.
    pub fn search(&self, bounds: &Bounds, mut take: impl FnMut(usize)) {
        if self.rows.is_empty() {
            return;
        }
        let asked = Outward::of(bounds);
        let top = self.ends.len() - 1;
        self.search_below(top, self.layer_start(top)..self.ends[top], &asked, &mut take);
    }

    fn search_below(
        &self,
        layer: usize,
        nodes: std::ops::Range<usize>,
        asked: &Outward,
        take: &mut impl FnMut(usize),
    ) {
        let start = self.layer_start(layer);
        for (node, _) in nodes.clone().zip(&self.boxes[nodes]).filter(|(_, own)| own.touches(asked)) {
            if layer == 0 {
                take(node);
                continue;
            }
            let below = self.layer_start(layer - 1);
            let first = below + (node - start) * NODE;
            self.search_below(layer - 1, first..(first + NODE).min(self.ends[layer - 1]), asked, take);
        }
    }

    /// The row of a leaf.
    pub fn row(&self, leaf: usize) -> usize {
        (self.rows[leaf] & !BEYOND) as usize
    }

    /// The rows of all leaves, in their order.
    pub fn rows(&self) -> impl Iterator<Item = usize> {
        (0..self.rows.len()).map(|leaf| self.row(leaf))
    }

    /// Whether the box of a leaf is the one beyond the 180th meridian.
    pub fn is_beyond(&self, leaf: usize) -> bool {
        self.rows[leaf] & BEYOND != 0
    }

    /// The box of a leaf: at least the one that was packed, and just what [`outward`] says of it.
    pub fn bounds(&self, leaf: usize) -> Bounds {
        self.boxes[leaf].bounds()
    }

    fn layer_start(&self, layer: usize) -> usize {
        layer.checked_sub(1).map_or(0, |below| self.ends[below])
    }
}

/// The box as it is packed. Rows that are not packed yet are found by the same one: whatever is made of boxes must not change when
/// rows are packed.
pub(crate) fn outward(bounds: &Bounds) -> Bounds {
    Outward::of(bounds).bounds()
}

impl Outward {
    fn bounds(self) -> Bounds {
        let Self { west, south, east, north } = self;
        Bounds { west: west.into(), south: south.into(), east: east.into(), north: north.into() }
    }

    fn of(bounds: &Bounds) -> Self {
        let down = |value: f64| {
            let near = value as f32;
            if f64::from(near) > value { near.next_down() } else { near }
        };
        let up = |value: f64| -down(-value);
        let Bounds { west, south, east, north } = *bounds;
        Self { west: down(west), south: down(south), east: up(east), north: up(north) }
    }

    fn around(boxes: &[Self]) -> Self {
        let nothing = Self { west: f32::MAX, south: f32::MAX, east: f32::MIN, north: f32::MIN };
        boxes.iter().fold(nothing, |all, one| Self {
            west: all.west.min(one.west),
            south: all.south.min(one.south),
            east: all.east.max(one.east),
            north: all.north.max(one.north),
        })
    }

    fn touches(&self, other: &Self) -> bool {
        // Without short cuts: the four are compared at once.
        (self.west <= other.east)
            & (self.east >= other.west)
            & (self.south <= other.north)
            & (self.north >= other.south)
    }
}

/// How far along the Hilbert curve the middle of a box lies.
fn place_on_curve(bounds: &Bounds) -> u32 {
    let cell = |share: f64| (share.clamp(0.0, 1.0) * CURVE_CELLS) as u32;
    let x = cell(((bounds.west + bounds.east) / 2.0 + 180.0) / 360.0);
    let y = cell(((bounds.south + bounds.north) / 2.0 + 90.0) / 180.0);
    hilbert(x, y)
}

/// Distance along the Hilbert curve of order 16 (the iterative form of Hamilton and Rau-Chaplin 2007).
fn hilbert(mut x: u32, mut y: u32) -> u32 {
    const SIDE: u32 = 1 << 16;
    let (mut distance, mut side) = (0_u32, SIDE / 2);
    while side > 0 {
        let (right, upper) = (u32::from(x & side > 0), u32::from(y & side > 0));
        distance = distance.wrapping_add(side.wrapping_mul(side).wrapping_mul((3 * right) ^ upper));
        if upper == 0 {
            if right == 1 {
                (x, y) = ((SIDE - 1) - x, (SIDE - 1) - y);
            }
            (x, y) = (y, x);
        }
        side /= 2;
    }
    distance
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    use super::*;
    use proptest::prelude::*;

    fn bounds() -> impl Strategy<Value = Bounds> {
        let span = |most: f64| (-most..=most, 0.0..=1.0_f64).prop_map(move |(a, w)| (a, (a + w).min(most)));
        (span(180.0), span(90.0)).prop_map(|((west, east), (south, north))| Bounds {
            west,
            south,
            east,
            north,
        })
    }

    proptest! {
        #[test]
        fn every_box_that_touches_is_found_and_hardly_any_other(
            boxes in prop::collection::vec(bounds(), 0..600),
            asked in prop::collection::vec(bounds(), 20),
        ) {
            let own: Vec<_> = boxes.iter().map(|bounds| Boxes::of(*bounds, 0.0)).collect();
            let tree = PackedTree::of(own.iter());
            for asked in asked {
                let mut found = BTreeSet::new();
                tree.search(&asked, |leaf| { found.insert(tree.row(leaf)); });
                let near = |by: f64| Bounds {
                    west: asked.west - by, south: asked.south - by, east: asked.east + by, north: asked.north + by,
                };
                for (number, own) in boxes.iter().enumerate() {
                    prop_assert!(!own.touches(&asked) || found.contains(&number));
                    prop_assert!(own.touches(&near(1e-4)) || !found.contains(&number));
                }
            }
        }
    }

    #[test]
    fn neighbours_on_the_curve_are_neighbours_on_the_map() {
        let mut places = vec![(0, 0); 64 * 64];
        let step = 1 << 10;
        for x in 0..64_u32 {
            for y in 0..64_u32 {
                places[(hilbert(x * step, y * step) >> 20) as usize] = (x, y);
            }
        }
        for pair in places.windows(2) {
            let ((a, b), (c, d)) = (pair[0], pair[1]);
            assert_eq!(a.abs_diff(c) + b.abs_diff(d), 1, "{pair:?}");
        }
    }
}
