//! How much ground of an area many polygons cover together: the area is cut until few enough lie in each part, because the
//! work of an overlay grows faster than its edges do.

use std::borrow::Cow;

use geo::BoundingRect;
use geo_types::{Coord, MultiPolygon, Rect};
use rayon::prelude::*;

use crate::ground::{Grid, union_box};
use crate::overlay::{self, Combination, OverlayError};
use crate::route::TooMuch;

/// Most edges of records whose ground is united for one answer.
pub const UNITED_EDGES_MAX: usize = 5_000_000;
/// A part with fewer edges is worked out at once.
const EDGES_AT_ONCE: usize = 1_500;
/// Polygons with more edges than this are cut together with the area.
const EDGES_CUT_MIN: usize = 200;

/// Polygons, the box around them, and how many edges they have.
#[derive(Clone)]
struct Item<'a> {
    polygons: Cow<'a, MultiPolygon<f64>>,
    around: Rect<f64>,
    edges: usize,
}

impl<'a> Item<'a> {
    fn of(polygons: Cow<'a, MultiPolygon<f64>>) -> Option<Self> {
        let around = polygons.bounding_rect()?;
        let rings = polygons
            .iter()
            .map(|p| p.exterior().0.len() + p.interiors().iter().map(|r| r.0.len()).sum::<usize>());
        let edges = rings.sum();
        Some(Self { polygons, around, edges })
    }
}

/// Ground of an area that lies in any of the polygons, all of them valid, in square metres; edges are straight in degrees.
///
/// # Errors
/// [`TooMuch`], where they have more edges than [`UNITED_EDGES_MAX`] or lie across each other too often.
pub(crate) fn united_m2<'a>(
    area: &MultiPolygon<f64>,
    polygons: impl Iterator<Item = &'a MultiPolygon<f64>>,
) -> Result<f64, TooMuch> {
    let items: Vec<_> = polygons.filter_map(|polygons| Item::of(Cow::Borrowed(polygons))).collect();
    if items.iter().map(|item| item.edges).sum::<usize>() > UNITED_EDGES_MAX {
        return Err(TooMuch { limit: "UNITED_EDGES_MAX", most: UNITED_EDGES_MAX as u64 });
    }
    let too_much = |_| TooMuch { limit: "PAIRS_MAX", most: overlay::PAIRS_MAX as u64 };
    part_m2(area, &items).map_err(too_much)
}

fn part_m2(area: &MultiPolygon<f64>, items: &[Item<'_>]) -> Result<f64, OverlayError> {
    let Some(around) = area.bounding_rect().filter(|_| !items.is_empty()) else { return Ok(0.0) };
    let edges = edges_of(items);
    if edges <= EDGES_AT_ONCE {
        return at_once_m2(area, items);
    }
    let mut halves = Vec::new();
    for half in halved(&around, items) {
        let within = items.iter().filter(|item| touches(&item.around, &half));
        let within = within.map(|item| cut(item, &half)).collect::<Result<Vec<_>, _>>()?;
        halves.push((half, within.into_iter().flatten().collect::<Vec<_>>()));
    }
    // Where nearly everything lies across the cut, cutting leads nowhere.
    if halves.iter().any(|(_, within)| edges_of(within) > edges / 5 * 4) {
        return at_once_m2(area, items);
    }
    let own = |(half, within): (Rect<f64>, Vec<Item<'_>>)| {
        part_m2(&common(area, &half.to_polygon().into())?, &within)
    };
    halves.into_par_iter().map(own).collect::<Result<Vec<_>, _>>().map(|parts| parts.iter().sum())
}

fn edges_of(items: &[Item<'_>]) -> usize {
    items.iter().map(|item| item.edges).sum()
}

fn at_once_m2(area: &MultiPolygon<f64>, items: &[Item<'_>]) -> Result<f64, OverlayError> {
    let boxes = items.iter().map(|item| item.around).chain(area.bounding_rect());
    let Some(all) = boxes.reduce(|a, b| union_box(&a, &b)) else { return Ok(0.0) };
    let grid = Grid::over(&all);
    let rings = items.iter().flat_map(|item| grid.rings(&item.polygons)).collect();
    let shapes = overlay::combine(rings, grid.rings(area), Combination::Intersection)?;
    Ok(geodesy::straight_area_m2(&grid.polygons(shapes)))
}

/// What an item has in a box; nothing is lost that lies in it, more may be kept.
fn cut<'a>(item: &Item<'a>, half: &Rect<f64>) -> Result<Option<Item<'a>>, OverlayError> {
    let is_inside = item.around.min().x >= half.min().x
        && item.around.min().y >= half.min().y
        && item.around.max().x <= half.max().x
        && item.around.max().y <= half.max().y;
    if item.edges < EDGES_CUT_MIN || is_inside {
        return Ok(Some(item.clone()));
    }
    Ok(Item::of(Cow::Owned(common(&item.polygons, &half.to_polygon().into())?)))
}

/// The ground of both.
fn common(one: &MultiPolygon<f64>, other: &MultiPolygon<f64>) -> Result<MultiPolygon<f64>, OverlayError> {
    let boxes = one.bounding_rect().into_iter().chain(other.bounding_rect());
    let Some(all) = boxes.reduce(|a, b| union_box(&a, &b)) else { return Ok(MultiPolygon(Vec::new())) };
    let grid = Grid::over(&all);
    let shapes = overlay::combine(grid.rings(one), grid.rings(other), Combination::Intersection)?;
    Ok(grid.polygons(shapes))
}

/// Two parts of a box, cut where half of the items lie on either side, across the longer of their spreads.
fn halved(around: &Rect<f64>, items: &[Item<'_>]) -> [Rect<f64>; 2] {
    let (least, most) = (around.min(), around.max());
    let sorted = |of: fn(Coord<f64>) -> f64| {
        let mut all: Vec<f64> = items.iter().map(|item| of(item.around.center())).collect();
        all.iter_mut().for_each(|middle| *middle = middle.clamp(of(least), of(most)));
        all.sort_unstable_by(f64::total_cmp);
        all
    };
    let (xs, ys) = (sorted(|c| c.x), sorted(|c| c.y));
    let spread = |all: &[f64]| all[all.len() - 1] - all[0];
    let rect = |west, south, east, north| Rect::new((west, south), (east, north));
    if spread(&xs) > spread(&ys) {
        let x = xs[xs.len() / 2];
        return [rect(least.x, least.y, x, most.y), rect(x, least.y, most.x, most.y)];
    }
    let y = ys[ys.len() / 2];
    [rect(least.x, least.y, most.x, y), rect(least.x, y, most.x, most.y)]
}

fn touches(one: &Rect<f64>, other: &Rect<f64>) -> bool {
    one.min().x <= other.max().x
        && other.min().x <= one.max().x
        && one.min().y <= other.max().y
        && other.min().y <= one.max().y
}
