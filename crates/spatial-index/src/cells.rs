//! The cells of a fixed grid that cover a shape and its position error: how a hazard is shown to those who may not
//! know its outline.
//!
//! The grid lies still: which cells cover a shape depends on the shape alone, and what is not told is the same for
//! every shape within the same cells. Nothing is moved at random: that could move a minefield off a path.

use geo::CoordsIter;
use geo_types::{MultiPolygon, Polygon, Rect};
use model::{Bounds, Geometry};

use crate::Drawn;
use crate::boxes::Boxes;
use crate::covering;

/// Metres in a degree of latitude where it is shortest (the equator), and in one of longitude where it is longest.
const LATITUDE_DEG_M: f64 = 110_574.0;
const LONGITUDE_DEG_M: f64 = 111_320.0;
/// Micro-degrees: lines of the grid lie at whole ones.
const DEG: f64 = 1e6;
/// A shape of more cells than this is shown by larger ones.
const CELLS_MAX: i64 = 4_096;
/// Each cell is held against every corner of the shape: so many times in all, or larger cells are taken.
const COMPARISONS_MAX: i64 = 200_000_000;

/// The grid of cells of about `cell_m` metres, never narrower: rows of equal height; in each band of a degree of
/// latitude columns of equal width.
struct Grid {
    cell_m: f64,
    row_udeg: i64,
}

/// One cell: west, south, east, north in micro-degrees.
type Cell = [i64; 4];

impl Grid {
    fn of(cell_m: f64) -> Self {
        Self { cell_m, row_udeg: ((cell_m / LATITUDE_DEG_M * DEG).ceil() as i64).max(1) }
    }

    /// Width of the columns of a row: a cell is nowhere narrower than the side, up to a whole turn near the poles.
    fn column_udeg(&self, row: i64) -> i64 {
        let middle_deg = (row * self.row_udeg + self.row_udeg / 2) as f64 / DEG - 90.0;
        let nearest_pole_deg = (middle_deg.abs().floor() + 1.0).min(89.999);
        let width_deg = self.cell_m / (LONGITUDE_DEG_M * nearest_pole_deg.to_radians().cos());
        ((width_deg * DEG).ceil() as i64).clamp(1, 360_000_000)
    }

    fn rows(&self, bounds: &Bounds) -> std::ops::RangeInclusive<i64> {
        let row = |lat: f64| (((lat + 90.0) * DEG) / self.row_udeg as f64).floor() as i64;
        // A line of the grid belongs to the cells on both sides.
        (row(bounds.south) - 1).max(0)..=(row(bounds.north) + 1).min((180_000_000 - 1) / self.row_udeg)
    }

    fn columns(&self, row: i64, bounds: &Bounds) -> std::ops::RangeInclusive<i64> {
        let width = self.column_udeg(row);
        let column = |lon: f64| (((lon + 180.0) * DEG) / width as f64).floor() as i64;
        (column(bounds.west) - 1).max(0)..=(column(bounds.east) + 1).min((360_000_000 - 1) / width)
    }

    /// At most so many cells touch a box: as if each row had the columns of the one nearest the equator.
    fn number(&self, bounds: &Bounds) -> i64 {
        let rows = self.rows(bounds);
        let equator = (90_000_000 / self.row_udeg).clamp(*rows.start(), *rows.end());
        let (height, widest) = (rows.end() - rows.start() + 1, self.columns(equator, bounds));
        height.saturating_mul(widest.end() - widest.start() + 1)
    }

    fn cells(&self, bounds: &Bounds) -> impl Iterator<Item = Cell> {
        let bounds = *bounds;
        self.rows(&bounds).flat_map(move |row| {
            let (width, south) = (self.column_udeg(row), row * self.row_udeg - 90_000_000);
            let north = (south + self.row_udeg).min(90_000_000);
            self.columns(row, &bounds).map(move |column| {
                let west = column * width - 180_000_000;
                [west, south, (west + width).min(180_000_000), north]
            })
        })
    }
}

/// The cells, united, that every place of the shape lies in, and every place within `reach_m` of it. `cell_m` is the
/// side of a cell; a very large shape is covered by cells of a multiple of it.
pub fn covering_cells(drawn: &Drawn, reach_m: f64, cell_m: f64) -> Geometry {
    let boxes: Vec<Bounds> =
        drawn.bounds().into_iter().flat_map(|own| Boxes::of(own, reach_m).iter()).collect();
    let mut grid = Grid::of(cell_m);
    let corners = drawn.polygons.coords_count() + drawn.lines.coords_count() + drawn.points.coords_count();
    let most = (COMPARISONS_MAX / i64::try_from(corners).unwrap_or(i64::MAX).max(1)).clamp(64, CELLS_MAX);
    while boxes.iter().map(|bounds| grid.number(bounds)).sum::<i64>() > most {
        grid = Grid::of(grid.cell_m * 2.0);
    }
    let candidates = boxes.iter().flat_map(|bounds| grid.cells(bounds));
    let mut cells: Vec<Cell> = candidates.filter(|cell| is_reached(cell, drawn, reach_m)).collect();
    cells.sort_unstable_by_key(|[west, south, ..]| (*south, *west));
    cells.dedup();
    Geometry::MultiPolygon(united(&cells))
}

fn is_reached(cell: &Cell, drawn: &Drawn, reach_m: f64) -> bool {
    let [west, south, east, north] = cell.map(|udeg| udeg as f64 / DEG);
    let grown = Boxes::of(Bounds { west, south, east, north }, reach_m);
    grown.iter().any(|b| drawn.touches_box(&Rect::new((b.west, b.south), (b.east, b.north))))
}

fn united(cells: &[Cell]) -> MultiPolygon<f64> {
    let rows = in_rows(cells);
    let whole = covering::united(rows.iter().map(rectangle).collect(), Vec::new());
    // Uniting reaches out by less than a thousandth of a micro-degree; lines of the grid lie at whole ones.
    let corner = |mut c: geo_types::Coord<f64>| {
        (c.x, c.y) = ((c.x * DEG).round() / DEG, (c.y * DEG).round() / DEG);
        c
    };
    geo::MapCoords::map_coords(&whole, corner)
}

/// Neighbours of a row as one.
fn in_rows(cells: &[Cell]) -> Vec<Cell> {
    let mut rows: Vec<Cell> = Vec::new();
    for cell in cells {
        match rows.last_mut() {
            Some(last) if last[1] == cell[1] && last[2] >= cell[0] => last[2] = last[2].max(cell[2]),
            _ => rows.push(*cell),
        }
    }
    rows
}

fn rectangle([west, south, east, north]: &Cell) -> Polygon<f64> {
    let corner = |x: &i64, y: &i64| (*x as f64 / DEG, *y as f64 / DEG);
    Rect::new(corner(west, south), corner(east, north)).to_polygon()
}
