//! Rows into features: each row once, alone or in the count of a merged shape, within the budget of a tile.
//!
//! The largest rows are drawn alone as long as there is room; all smaller ones, where they are too many, become
//! merged shapes (`sheet.rs`). Nothing is ever left out: what does not fit is drawn more coarsely.

use geo::BoundingRect;
use geo_types::Rect;
use model::Bounds;
use spatial_index::Drawn;

use crate::codes::CodeBook;
use crate::draw::{self, LEGIBLE, Level};
use crate::feature::{Feature, Form};
use crate::frame::Frame;
use crate::known::Known;
use crate::sheet::Sheets;
use crate::tiny::{self, Tiny};

/// Shapes up to this size lie in at most two cells each way, margin included.
const TINY: f64 = LEGIBLE - 0.1;
/// Where rows are merged, those up to this size are drawn as the cells that their boxes touch, larger ones as the
/// cells that they touch themselves.
const BOXED: f64 = 2.0 * LEGIBLE;
/// More rows that are tiny than this are merged without being looked at one by one.
const TINY_MAX: usize = 1_500;

/// So many rows of a class tell what all of them will cost.
const SAMPLE: usize = 32;

/// How many bytes a tile may have, and how many of them what is drawn alone may take.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Budget {
    pub all: usize,
    /// For rows that are large enough to have an outline.
    pub outlined: usize,
    /// For those that are tiny.
    pub tiny: usize,
}

impl Budget {
    /// A budget whose parts leave room for merged shapes.
    pub fn of(bytes: usize) -> Self {
        Self { all: bytes, outlined: bytes / 3, tiny: bytes / 4 }
    }
}

/// The features of a tile, of all rows whose boxes touch it: in order of collections; the confirmed last, so
/// that they are drawn on top.
pub(crate) fn features<'a>(
    frame: &Frame,
    each_row: impl FnOnce(&mut dyn FnMut(Known<'a>)),
    budget: Budget,
) -> Vec<Feature<'a>> {
    let mut gathered = Gathered::new(frame);
    each_row(&mut |row| gathered.take(row));
    let mut features = gathered.features(budget);
    features.sort_by_cached_key(|f| (f.codes.collection, f.codes.is_confirmed(), f.order()));
    features
}

/// The rows of a tile, by how they may be drawn.
struct Gathered<'a, 'f> {
    frame: &'f Frame,
    book: CodeBook,
    tiny: Vec<Tiny<'a>>,
    larger: Vec<Larger<'a>>,
    sheets: Option<Sheets>,
}

/// A row with an outline, or with several places.
struct Larger<'a> {
    row: Known<'a>,
    codes: u16,
    /// The box around it: least x and y, greatest x and y.
    span: [f64; 4],
}

impl<'a, 'f> Gathered<'a, 'f> {
    fn new(frame: &'f Frame) -> Self {
        Self { frame, book: CodeBook::new(), tiny: Vec::new(), larger: Vec::new(), sheets: None }
    }

    fn take(&mut self, row: Known<'a>) {
        let codes = self.book.number(row.marks());
        let mut span = self.frame.project_bounds(&row.bounds());
        if size(&span) > TINY && row.is_of_points() {
            span = places_span(self.frame, row).unwrap_or(span);
        }
        if size(&span) > TINY {
            self.larger.push(Larger { row, codes, span });
        } else {
            self.take_tiny(Tiny { row, codes, span });
        }
    }

    fn take_tiny(&mut self, tiny: Tiny<'a>) {
        if self.sheets.is_some() {
            self.merge_tiny(&tiny);
        } else {
            self.tiny.push(tiny);
            if self.tiny.len() > TINY_MAX {
                self.merge_all_tiny();
            }
        }
    }

    fn merge_all_tiny(&mut self) {
        for tiny in std::mem::take(&mut self.tiny) {
            self.merge_tiny(&tiny);
        }
    }

    fn merge_tiny(&mut self, tiny: &Tiny<'a>) {
        if self.frame.touches_clip_units(&tiny.span) {
            let sheets = self.sheets.get_or_insert_with(Sheets::new);
            sheets.take_box(tiny.codes, tiny.span, tiny.row.position_accuracy_m());
        }
    }

    fn features(mut self, budget: Budget) -> Vec<Feature<'a>> {
        let larger = std::mem::take(&mut self.larger);
        let (mut features, too_many) = self.outlined(larger, budget.outlined);
        if too_many.is_empty() && self.sheets.is_none() {
            let tiny = tiny::features(self.frame, &self.book, &self.tiny);
            if cost(&tiny) <= budget.tiny {
                features.extend(tiny);
                return features;
            }
        }
        self.merge_all_tiny();
        for row in &too_many {
            self.merge(row);
        }
        let left = budget.all.saturating_sub(cost(&features));
        features.extend(self.merged(left));
        features
    }

    /// Draws the largest rows alone, as long as there is room for all of one size; answers the others as well.
    fn outlined(&self, larger: Vec<Larger<'a>>, bytes: usize) -> (Vec<Feature<'a>>, Vec<Larger<'a>>) {
        let mut classes = by_size(larger);
        let (mut features, mut left) = (Vec::new(), bytes);
        while let Some(mut class) = classes.pop() {
            match self.all_outlined(&mut class, left) {
                Some((outlined, taken)) => {
                    features.extend(outlined);
                    left -= taken;
                }
                None => {
                    classes.push(class);
                    break;
                }
            }
        }
        (features, classes.into_iter().flatten().collect())
    }

    /// All rows of a class, and their cost; `None` where that is more than `bytes`, or will be as the first ones show.
    fn all_outlined(&self, rows: &mut [Larger<'a>], bytes: usize) -> Option<(Vec<Feature<'a>>, usize)> {
        if rows.len() * Feature::COST_MIN > bytes {
            return None;
        }
        // The index names rows in no order, and which are the first ones must not hang on that.
        rows.sort_by_cached_key(|larger| larger.row.id());
        let (mut features, mut taken) = (Vec::with_capacity(rows.len()), 0);
        for (number, row) in rows.iter().enumerate() {
            if number == SAMPLE && taken / SAMPLE * rows.len() > bytes {
                return None;
            }
            let Some(feature) = self.alone(row) else { continue };
            taken += feature.cost();
            if taken > bytes {
                return None;
            }
            features.push(feature);
        }
        Some((features, taken))
    }

    /// A row by itself; `None` where only its box touches the tile.
    fn alone(&self, Larger { row, codes, .. }: &Larger<'a>) -> Option<Feature<'a>> {
        let drawn = row.drawn();
        if row.is_of_points() {
            let places: Vec<_> = drawn.points.iter().map(|point| self.frame.project(point.0)).collect();
            let form = Form::Points(tiny::on_grid(&places));
            return Some(Feature::alone(*row, self.book.get(*codes), Level::Exact, form));
        }
        let bounds = touching(self.frame, &drawn)?;
        let (shapes, level) = draw::shape(self.frame, &drawn, &bounds);
        Some(Feature::alone(*row, self.book.get(*codes), level, Form::Areas(shapes)))
    }

    /// Takes a row into the merged shapes.
    fn merge(&mut self, Larger { row, codes, span }: &Larger<'a>) {
        let sheets = self.sheets.get_or_insert_with(Sheets::new);
        let position_accuracy_m = row.position_accuracy_m();
        if size(span) <= BOXED {
            if self.frame.touches_clip_units(span) {
                sheets.take_box(*codes, *span, position_accuracy_m);
            }
            return;
        }
        let drawn = row.drawn();
        if touching(self.frame, &drawn).is_some() {
            draw::in_sheet(self.frame, &drawn, |parts| sheets.take_parts(*codes, parts, position_accuracy_m));
        }
    }

    /// The merged shapes, on the finest cells that fit.
    fn merged(&mut self, bytes: usize) -> Vec<Feature<'a>> {
        let Some(mut sheets) = self.sheets.take() else { return Vec::new() };
        loop {
            let features: Vec<_> =
                sheets.merged().into_iter().map(|merged| Feature::merged(merged, &self.book)).collect();
            match sheets.coarser() {
                Some(coarser) if cost(&features) > bytes => sheets = coarser,
                _ => return features,
            }
        }
    }
}

fn cost(features: &[Feature]) -> usize {
    features.iter().map(Feature::cost).sum()
}

/// Rows by size, the smallest first: each class holds those up to √2 times as large as its least.
fn by_size(larger: Vec<Larger>) -> Vec<Vec<Larger>> {
    let mut classes: Vec<Vec<Larger>> = Vec::new();
    for row in larger {
        let class = (2.0 * (size(&row.span) / TINY).log2()).max(0.0) as usize;
        if classes.len() <= class {
            classes.resize_with(class + 1, Vec::new);
        }
        classes[class].push(row);
    }
    classes
}

/// The greater of width and height.
fn size([left, top, right, bottom]: &[f64; 4]) -> f64 {
    (right - left).max(bottom - top)
}

/// The box around a shape that touches the tile or what is drawn around it.
fn touching(frame: &Frame, drawn: &Drawn) -> Option<Rect<f64>> {
    let (bounds, area) = (rect_of(drawn)?, frame.clip_box());
    (geo::Contains::contains(&area, &bounds) || drawn.touches_box(&area)).then_some(bounds)
}

fn rect_of(drawn: &Drawn) -> Option<Rect<f64>> {
    let rects = [drawn.polygons.bounding_rect(), drawn.lines.bounding_rect(), drawn.points.bounding_rect()];
    let both = |a: Rect<f64>, b: Rect<f64>| {
        let least = (a.min().x.min(b.min().x), a.min().y.min(b.min().y));
        Rect::new(least, (a.max().x.max(b.max().x), a.max().y.max(b.max().y)))
    };
    rects.into_iter().flatten().reduce(both)
}

/// The box around the places of a row, without its position error.
fn places_span(frame: &Frame, row: Known) -> Option<[f64; 4]> {
    let rect = rect_of(&row.drawn())?;
    let bounds = Bounds { west: rect.min().x, south: rect.min().y, east: rect.max().x, north: rect.max().y };
    Some(frame.project_bounds(&bounds))
}
