//! Numbers of tiles in PMTiles: zoom by zoom, along a Hilbert curve (PMTiles specification, version 3, section 4.1).

use tiles::TileId;

/// The number of a tile.
pub(crate) fn number(tile: TileId) -> u64 {
    let before = ((1_u64 << (2 * tile.z)) - 1) / 3;
    let (mut x, mut y, mut along) = (u64::from(tile.x), u64::from(tile.y), 0);
    let mut side = (1_u64 << tile.z) / 2;
    while side > 0 {
        let (right, up) = (u64::from(x & side > 0), u64::from(y & side > 0));
        along += side * side * ((3 * right) ^ up);
        if up == 0 {
            if right == 1 {
                (x, y) = (side.wrapping_sub(1).wrapping_sub(x), side.wrapping_sub(1).wrapping_sub(y));
            }
            (x, y) = (y, x);
        }
        side /= 2;
    }
    before + along
}

#[cfg(test)]
mod tests {
    use super::*;

    fn of(z: u8, x: u32, y: u32) -> u64 {
        number(TileId::new(z, x, y).expect("exists"))
    }

    #[test]
    fn tiles_have_the_numbers_of_the_specification() {
        // The table of the specification, and its example at zoom 12.
        let table = [(0, 0, 0, 0), (1, 0, 0, 1), (1, 0, 1, 2), (1, 1, 1, 3), (1, 1, 0, 4), (2, 0, 0, 5)];
        for (z, x, y, expected) in table {
            assert_eq!(of(z, x, y), expected, "{z}/{x}/{y}");
        }
        assert_eq!(of(12, 3423, 1763), 19_078_479);
    }

    #[test]
    fn the_numbers_of_a_zoom_are_each_used_once_and_neighbours_on_the_curve_are_neighbours_on_the_map() {
        let mut all: Vec<(u64, u32, u32)> =
            (0..32).flat_map(|x| (0..32).map(move |y| (of(5, x, y), x, y))).collect();
        all.sort_unstable();
        assert!(all.windows(2).all(|pair| pair[0].0 + 1 == pair[1].0));
        let apart = |a: u32, b: u32| a.abs_diff(b);
        assert!(all.windows(2).all(|p| apart(p[0].1, p[1].1) + apart(p[0].2, p[1].2) == 1));
    }
}
