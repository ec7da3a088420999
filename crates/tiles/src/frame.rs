//! A tile's plane: 4096 units wide, x eastward and y southward from its north-west corner.

use geo_types::{Coord, Rect};
use model::Bounds;

use crate::TileId;
use crate::heights::{self, Heights, LATITUDE_MAX};
use crate::tile_id::latitude_at;

/// Units across a tile.
pub(crate) const EXTENT: f64 = 4096.0;
/// Shapes are drawn this far beyond the tile, in units. At least two cells of [`crate::gather`], so that
/// neighbouring tiles merge the same rows along their common edge.
pub(crate) const BUFFER: f64 = 80.0;
/// Points are drawn this far beyond the tile, so that no symbol is cut.
const POINT_BUFFER: f64 = 256.0;
/// Edges may lie this far from the true ones, in units: those are straight in degrees, not on the map.
pub(crate) const BEND: f64 = 1.0 / 16.0;
/// Degrees by which boxes are widened against rounding: about a tenth of a millimetre.
const OUTWARD_DEG: f64 = 1e-9;
/// An edge is cut into at most this many pieces.
const PIECES_MAX: f64 = 4096.0;

/// The plane of one tile.
pub(crate) struct Frame {
    tile: TileId,
    /// Units around the Earth.
    world: f64,
    /// The tile's corner in units of the world.
    pub left: f64,
    pub top: f64,
    heights: Heights,
    searched: Bounds,
    clip_box: Rect<f64>,
    clip_units: [f64; 4],
    /// Most that an edge within the searched box bends; infinite where that reaches beyond the map.
    bend_per_deg2: f64,
}

impl Frame {
    pub fn of(tile: TileId) -> Self {
        let world = EXTENT * f64::from(1_u32 << tile.z);
        let (left, top) = (EXTENT * f64::from(tile.x), EXTENT * f64::from(tile.y));
        let clip_box = Rect::new((0.0, 0.0), (0.0, 0.0));
        let (searched, heights, clip_units) = (Bounds::WORLD, Heights::default(), [0.0; 4]);
        let bend_per_deg2 = f64::INFINITY;
        let mut frame =
            Self { tile, world, left, top, heights, searched, clip_box, clip_units, bend_per_deg2 };
        frame.searched = frame.bounds(POINT_BUFFER);
        frame.heights = Heights::between(frame.searched.south, frame.searched.north, world, top);
        let clipped = frame.bounds(BUFFER);
        frame.clip_box = Rect::new((clipped.west, clipped.south), (clipped.east, clipped.north));
        frame.clip_units = frame.project_bounds(&clipped);
        let steepest = frame.searched.south.abs().max(frame.searched.north.abs());
        if steepest <= LATITUDE_MAX {
            frame.bend_per_deg2 = bend_at(steepest, world);
        }
        frame
    }

    /// The box in degrees whose rows are asked for.
    pub fn searched(&self) -> Bounds {
        self.searched
    }

    /// The box in degrees that shapes are clipped to.
    pub fn clip_box(&self) -> Rect<f64> {
        self.clip_box
    }

    /// Whether a box in units (least x and y, greatest x and y) touches the box that shapes are clipped to.
    pub fn touches_clip_units(&self, [left, top, right, bottom]: &[f64; 4]) -> bool {
        let [west, north, east, south] = self.clip_units;
        *left <= east && west <= *right && *top <= south && north <= *bottom
    }

    /// The outermost tiles reach to the poles: what lies beyond the map is drawn on its edge.
    fn bounds(&self, buffer: f64) -> Bounds {
        let longitude = |units: f64| (self.left + units) / self.world * 360.0 - 180.0;
        let latitude = |units: f64| latitude_at((self.top + units) / self.world);
        let is_first = self.tile.y == 0;
        let is_last = self.tile.y + 1 == 1 << self.tile.z;
        Bounds {
            west: (longitude(-buffer) - OUTWARD_DEG).max(-180.0),
            east: (longitude(EXTENT + buffer) + OUTWARD_DEG).min(180.0),
            north: if is_first { 90.0 } else { latitude(-buffer) + OUTWARD_DEG },
            south: if is_last { -90.0 } else { latitude(EXTENT + buffer) - OUTWARD_DEG },
        }
    }

    /// A place in the tile's plane.
    pub fn project(&self, place: Coord<f64>) -> Coord<f64> {
        let y = self.heights.at(place.y).unwrap_or_else(|| heights::exact(place.y, self.world, self.top));
        Coord { x: (place.x + 180.0) / 360.0 * self.world - self.left, y }
    }

    /// A box of degrees in the tile's plane: least x and y, greatest x and y.
    pub fn project_bounds(&self, bounds: &Bounds) -> [f64; 4] {
        // North is up: the greatest latitude has the least y.
        let least = self.project(Coord { x: bounds.west, y: bounds.north });
        let most = self.project(Coord { x: bounds.east, y: bounds.south });
        [least.x, least.y, most.x, most.y]
    }

    /// Whether no edge within a box of degrees leaves its chord by more than [`BEND`], nor the map.
    pub fn is_straight_within(&self, bounds: &Rect<f64>) -> bool {
        let steepest = bounds.min().y.abs().max(bounds.max().y.abs());
        let bend = bounds.height() * bounds.height() * bend_at(steepest, self.world);
        steepest <= LATITUDE_MAX && bend <= BEND
    }

    /// Units per degree of longitude, and of latitude at a latitude.
    pub fn units_per_deg(&self, latitude: f64) -> (f64, f64) {
        let east = self.world / 360.0;
        (east, east / latitude.clamp(-LATITUDE_MAX, LATITUDE_MAX).to_radians().cos())
    }

    /// A path in the tile's plane, nowhere further than [`BEND`] from the path in degrees.
    pub fn project_path(&self, path: &[Coord<f64>]) -> Vec<Coord<f64>> {
        let mut projected = Vec::with_capacity(path.len());
        projected.extend(path.first().map(|first| self.project(*first)));
        for pair in path.windows(2) {
            self.project_edge(pair[0], pair[1], &mut projected);
        }
        projected
    }

    /// Cuts the edge where it leaves the map and where it bends, and adds all but its start.
    fn project_edge(&self, a: Coord<f64>, b: Coord<f64>, projected: &mut Vec<Coord<f64>>) {
        if (b.y - a.y) * (b.y - a.y) * self.bend_per_deg2 <= BEND {
            return projected.push(self.project(b));
        }
        let at = |t: f64| Coord { x: a.x + t * (b.x - a.x), y: a.y + t * (b.y - a.y) };
        let mut cuts = [0.0, 1.0, 1.0, 1.0];
        let leaves = |limit: f64| ((a.y > limit) != (b.y > limit)).then(|| (limit - a.y) / (b.y - a.y));
        cuts[1] = leaves(LATITUDE_MAX).unwrap_or(1.0);
        cuts[2] = leaves(-LATITUDE_MAX).unwrap_or(1.0);
        cuts.sort_unstable_by(f64::total_cmp);
        for span in cuts.windows(2).filter(|span| span[0] < span[1]) {
            let pieces = self.pieces(at(span[0]), at(span[1]));
            let step = (span[1] - span[0]) / pieces;
            let ts = (1..pieces as u32).map(|piece| span[0] + f64::from(piece) * step);
            projected.extend(ts.map(|t| self.project(at(t))));
            projected.push(self.project(if span[1] == 1.0 { b } else { at(span[1]) }));
        }
    }

    /// How many equal pieces keep an edge within [`BEND`].
    fn pieces(&self, a: Coord<f64>, b: Coord<f64>) -> f64 {
        if a.x == b.x || a.y == b.y {
            return 1.0;
        }
        let bend = (b.y - a.y) * (b.y - a.y) * bend_at(a.y.abs().max(b.y.abs()), self.world);
        (bend / BEND).sqrt().ceil().clamp(1.0, PIECES_MAX)
    }
}

/// How far an edge leaves its chord on the map, for each squared degree of latitude between its ends, where none of it
/// is nearer a pole than `steepest`. A curve leaves its chord by at most an eighth of its second derivative; northing
/// grows with latitude by sec φ, and that by sec φ · tan φ.
fn bend_at(steepest: f64, world: f64) -> f64 {
    let steepest = steepest.min(LATITUDE_MAX).to_radians();
    let per_radian2 = steepest.tan() / steepest.cos() * world / std::f64::consts::TAU / 8.0;
    per_radian2 * 1_f64.to_radians().powi(2)
}
