//! A geometry in few words: coordinates in fixed point where that keeps every bit of them, as doubles where not.

use std::sync::Arc;

use geo_types::{
    Coord, GeometryCollection, LineString, MultiLineString, MultiPoint, MultiPolygon, Point, Polygon,
};
use model::{Bounds, Geometry, is_placeable};

use crate::Drawn;

/// A geometry as entered, and the shape it is drawn and asked by where that is another. Cheap to clone.
///
/// A coordinate is kept in units of 1e-7° (about a centimetre) where that gives back the very same number, as it does for what
/// was entered with up to seven decimals; else as it is. So nothing is ever rounded.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Shape {
    words: Arc<[u32]>,
}

/// Units of fixed point in a degree.
const UNITS_PER_DEG: f64 = 1e7;

/// First word: how coordinates are written, and what is drawn.
const IS_FIXED: u32 = 1;
const IS_PLACED: u32 = 2;
const IS_DRAWN_OTHERWISE: u32 = 4;
/// Word that says where the drawn shape begins.
const DRAWN_AT: usize = 1;
const ENTERED_AT: usize = 2;

/// What a part is, in the word before it.
mod kind {
    pub const POINT: u32 = 1;
    pub const LINE: u32 = 2;
    pub const POLYGON: u32 = 3;
    pub const POINTS: u32 = 4;
    pub const LINES: u32 = 5;
    pub const POLYGONS: u32 = 6;
    pub const COLLECTION: u32 = 7;
}

/// A piece of a shape, its coordinates not yet read.
#[derive(Clone, Copy)]
pub(crate) enum Piece<'s> {
    /// A single place.
    Point(Path<'s>),
    /// A line.
    Line(Path<'s>),
    /// The outer ring of a polygon, closed.
    Exterior(Path<'s>),
    /// An inner ring of the last polygon, closed.
    Interior(Path<'s>),
}

/// Coordinates in order.
#[derive(Clone, Copy)]
pub(crate) struct Path<'s> {
    words: &'s [u32],
    is_fixed: bool,
}

impl Shape {
    /// Keeps a geometry; `has_broken_outline` where it is known to break the rules of polygons.
    pub fn of(geometry: &Geometry, has_broken_outline: bool) -> Self {
        let drawn = is_placeable(geometry).then(|| Drawn::of(geometry, has_broken_outline));
        let other = drawn.as_ref().filter(|drawn| **drawn != Drawn::direct(geometry)).map(Drawn::parts);
        let is_fixed = fits(geometry) && other.iter().flatten().all(fits);
        let mut words = vec![0, 0];
        write(geometry, is_fixed, &mut words);
        if let Some(parts) = &other {
            words[DRAWN_AT] = words.len() as u32;
            words.extend([kind::COLLECTION, parts.len() as u32]);
            parts.iter().for_each(|part| write(part, is_fixed, &mut words));
        }
        let flag = |is: bool, flag: u32| if is { flag } else { 0 };
        words[0] = flag(is_fixed, IS_FIXED)
            | flag(drawn.is_some(), IS_PLACED)
            | flag(other.is_some(), IS_DRAWN_OTHERWISE);
        Self { words: words.into() }
    }

    /// The geometry as entered, bit for bit.
    pub fn entered(&self) -> Geometry {
        Reader { words: &self.words, at: ENTERED_AT, is_fixed: self.is_fixed() }.geometry()
    }

    /// Whether it has a place on the map.
    pub fn is_placed(&self) -> bool {
        self.words[0] & IS_PLACED != 0
    }

    /// Whether it is drawn by another shape than the one entered, or by none.
    pub fn is_drawn_as_entered(&self) -> bool {
        self.is_placed() && self.words[0] & IS_DRAWN_OTHERWISE == 0
    }

    /// Whether both were entered alike.
    pub fn is_entered_like(&self, other: &Self) -> bool {
        (self.is_fixed() == other.is_fixed() && self.entered_words() == other.entered_words())
            || self.entered() == other.entered()
    }

    /// The shape it is drawn and asked by; `None` is *not placed*.
    pub fn drawn(&self) -> Option<Drawn> {
        self.is_placed().then(|| Drawn::direct(&self.reader().geometry()))
    }

    /// Calls `take` with each piece of the drawn shape.
    pub fn pieces<'s>(&'s self, take: &mut impl FnMut(Piece<'s>)) {
        if self.is_placed() {
            self.reader().pieces(take);
        }
    }

    /// Whether what is drawn is places only, no lines or areas.
    pub fn is_of_points(&self) -> bool {
        let mut is_of_points = true;
        self.pieces(&mut |piece| is_of_points &= matches!(piece, Piece::Point(_)));
        is_of_points
    }

    /// The box around the drawn shape.
    pub fn bounds(&self) -> Option<Bounds> {
        let mut all: Option<Bounds> = None;
        self.pieces(&mut |piece| match piece {
            // Inner rings lie inside.
            Piece::Interior(_) => {}
            Piece::Point(path) | Piece::Line(path) | Piece::Exterior(path) => {
                all = all.into_iter().chain(path.bounds()).reduce(Bounds::union);
            }
        });
        all
    }

    fn is_fixed(&self) -> bool {
        self.words[0] & IS_FIXED != 0
    }

    fn entered_words(&self) -> &[u32] {
        let end = if self.words[DRAWN_AT] == 0 { self.words.len() } else { self.words[DRAWN_AT] as usize };
        &self.words[ENTERED_AT..end]
    }

    fn reader(&self) -> Reader<'_> {
        let at = if self.words[DRAWN_AT] == 0 { ENTERED_AT } else { self.words[DRAWN_AT] as usize };
        Reader { words: &self.words, at, is_fixed: self.is_fixed() }
    }
}

impl<'s> Piece<'s> {
    /// Its coordinates.
    pub fn path(self) -> Path<'s> {
        let (Self::Point(path) | Self::Line(path) | Self::Exterior(path) | Self::Interior(path)) = self;
        path
    }
}

impl<'s> Path<'s> {
    /// The coordinates.
    pub fn coords(self) -> impl ExactSizeIterator<Item = Coord<f64>> + Clone + 's {
        let is_fixed = self.is_fixed;
        self.words.chunks_exact(if is_fixed { 2 } else { 4 }).map(move |words| {
            if is_fixed {
                return Coord { x: degrees(words[0]), y: degrees(words[1]) };
            }
            let double = |low: u32, high: u32| f64::from_bits(u64::from(low) | u64::from(high) << 32);
            Coord { x: double(words[0], words[1]), y: double(words[2], words[3]) }
        })
    }

    fn bounds(self) -> Option<Bounds> {
        let mut coords = self.coords();
        let first = coords.next()?;
        let mut all = Bounds { west: first.x, south: first.y, east: first.x, north: first.y };
        for c in coords {
            all.west = all.west.min(c.x);
            all.east = all.east.max(c.x);
            all.south = all.south.min(c.y);
            all.north = all.north.max(c.y);
        }
        Some(all)
    }
}

/// Division, not multiplication: it gives the double nearest to the decimal number, the very one that was read.
fn degrees(word: u32) -> f64 {
    f64::from(word.cast_signed()) / UNITS_PER_DEG
}

fn units(degrees: f64) -> Option<u32> {
    let units = (degrees * UNITS_PER_DEG).round();
    let is_within = units.abs() <= f64::from(i32::MAX);
    let word = is_within.then_some((units as i32).cast_unsigned())?;
    // Bit for bit: the zero with a sign is another number.
    (self::degrees(word).to_bits() == degrees.to_bits()).then_some(word)
}

fn fits(geometry: &Geometry) -> bool {
    model::coordinates(geometry).all(|c| units(c.x).is_some() && units(c.y).is_some())
}

fn write(geometry: &Geometry, is_fixed: bool, words: &mut Vec<u32>) {
    let mut out = Writer { is_fixed, words };
    match geometry {
        Geometry::Point(point) => out.path(kind::POINT, [point.0].iter()),
        Geometry::LineString(line) => out.path(kind::LINE, line.0.iter()),
        Geometry::Line(line) => out.path(kind::LINE, [line.start, line.end].iter()),
        Geometry::Polygon(polygon) => out.polygon(polygon),
        Geometry::Rect(rect) => out.polygon(&rect.to_polygon()),
        Geometry::Triangle(triangle) => out.polygon(&triangle.to_polygon()),
        Geometry::MultiPoint(points) => {
            let places: Vec<_> = points.iter().map(|point| point.0).collect();
            out.path(kind::POINTS, places.iter());
        }
        Geometry::MultiLineString(lines) => {
            out.head(kind::LINES, lines.0.len());
            lines.iter().for_each(|line| out.path(kind::LINE, line.0.iter()));
        }
        Geometry::MultiPolygon(polygons) => {
            out.head(kind::POLYGONS, polygons.0.len());
            polygons.iter().for_each(|polygon| out.polygon(polygon));
        }
        Geometry::GeometryCollection(parts) => {
            out.head(kind::COLLECTION, parts.0.len());
            parts.iter().for_each(|part| write(part, is_fixed, words));
        }
    }
}

struct Writer<'w> {
    is_fixed: bool,
    words: &'w mut Vec<u32>,
}

impl Writer<'_> {
    fn head(&mut self, kind: u32, count: usize) {
        self.words.extend([kind, count as u32]);
    }

    fn polygon(&mut self, polygon: &Polygon<f64>) {
        self.head(kind::POLYGON, 1 + polygon.interiors().len());
        let rings = std::iter::once(polygon.exterior()).chain(polygon.interiors());
        rings.for_each(|ring| self.path(kind::LINE, ring.0.iter()));
    }

    fn path<'c>(&mut self, kind: u32, coords: impl ExactSizeIterator<Item = &'c Coord<f64>>) {
        self.head(kind, coords.len());
        for c in coords {
            for value in [c.x, c.y] {
                if self.is_fixed {
                    self.words.push(units(value).unwrap_or_default());
                } else {
                    let bits = value.to_bits();
                    self.words.extend([bits as u32, (bits >> 32) as u32]);
                }
            }
        }
    }
}

struct Reader<'s> {
    words: &'s [u32],
    at: usize,
    is_fixed: bool,
}

impl<'s> Reader<'s> {
    fn head(&mut self) -> (u32, usize) {
        let (kind, count) = (self.words[self.at], self.words[self.at + 1] as usize);
        self.at += 2;
        (kind, count)
    }

    fn path(&mut self, count: usize) -> Path<'s> {
        let length = count * if self.is_fixed { 2 } else { 4 };
        let words = &self.words[self.at..self.at + length];
        self.at += length;
        Path { words, is_fixed: self.is_fixed }
    }

    fn next_path(&mut self) -> Path<'s> {
        let (_, count) = self.head();
        self.path(count)
    }

    fn pieces(&mut self, take: &mut impl FnMut(Piece<'s>)) {
        let (kind, count) = self.head();
        match kind {
            kind::POINT => take(Piece::Point(self.path(count))),
            kind::POINTS => (0..count).for_each(|_| take(Piece::Point(self.path(1)))),
            kind::LINE => take(Piece::Line(self.path(count))),
            kind::POLYGON => (0..count).for_each(|ring| {
                let path = self.next_path();
                take(if ring == 0 { Piece::Exterior(path) } else { Piece::Interior(path) });
            }),
            _ => (0..count).for_each(|_| self.pieces(take)),
        }
    }

    fn line(&mut self, count: usize) -> LineString<f64> {
        self.path(count).coords().collect()
    }

    fn polygon(&mut self, rings: usize) -> Polygon<f64> {
        let mut rings = (0..rings).map(|_| self.next_path().coords().collect::<LineString<f64>>());
        let exterior = rings.next().unwrap_or_else(|| LineString(Vec::new()));
        Polygon::new(exterior, rings.collect())
    }

    fn next_polygon(&mut self) -> Polygon<f64> {
        let (_, rings) = self.head();
        self.polygon(rings)
    }

    fn geometry(&mut self) -> Geometry {
        let (kind, count) = self.head();
        match kind {
            kind::POINT => self.path(1).coords().next().map(Point).unwrap_or_default().into(),
            kind::POINTS => MultiPoint(self.path(count).coords().map(Point).collect()).into(),
            kind::LINE => self.line(count).into(),
            kind::LINES => {
                let line = |_| {
                    let (_, count) = self.head();
                    self.line(count)
                };
                MultiLineString((0..count).map(line).collect()).into()
            }
            kind::POLYGON => self.polygon(count).into(),
            kind::POLYGONS => MultiPolygon((0..count).map(|_| self.next_polygon()).collect()).into(),
            _ => Geometry::GeometryCollection(GeometryCollection(
                (0..count).map(|_| self.geometry()).collect(),
            )),
        }
    }
}

#[cfg(test)]
#[path = "shape_tests.rs"]
mod tests;
