//! What the tile tests share: rows, hostile shapes, decoded tiles, and an own projection as an oracle.
#![allow(dead_code, clippy::unwrap_used)]

use std::f64::consts::PI;
use std::sync::Arc;

use access::Scope;
use geo_types::{Coord, Geometry, LineString, MultiPolygon, Polygon};
use model::Collection;
use mvt_reader::Reader;
use mvt_reader::feature::Value;
use rand::Rng;
use rand_chacha::ChaCha8Rng;
use spatial_index::{Arrival, Layer, Made, Row, Snapshot, View};
use tiles::{TileId, vector_tile};

/// A row of a record with these properties.
pub fn row(number: u128, collection: Collection, geometry: Geometry<f64>, properties: &str) -> Arc<Row> {
    let id = uuid::Uuid::from_u128(number);
    let made = Made::alone(1, jiff::Timestamp::UNIX_EPOCH, "test", "test");
    Arc::new(Row::new(id, collection, Some(&geometry), properties, made).unwrap())
}

/// An open hazardous area; the finding makes a broken outline be repaired.
pub fn area(number: u128, geometry: Geometry<f64>) -> Arc<Row> {
    let code = if number.is_multiple_of(2) { "suspected" } else { "confirmed" };
    let properties = format!(
        r#"{{"classification":"{code}","status":"open","review":"unverified","findings":
           [{{"rule":"geometry.invalid_ring","severity":"high","message":""}}]}}"#
    );
    row(number, Collection::HazardousAreas, geometry, &properties)
}

/// Everything of a register of these rows.
pub fn view(rows: Vec<Arc<Row>>) -> View {
    let entries = rows.into_iter().map(Arrival::from);
    Snapshot::freeze(("test", ""), 1, Some(jiff::Timestamp::UNIX_EPOCH), entries).open(&Scope::whole())
}

/// A feature as an independent decoder reads it.
pub struct Decoded {
    pub layer: String,
    /// Rings of areas, or nothing.
    pub rings: Vec<Vec<Coord<f64>>>,
    pub polygons: MultiPolygon<f64>,
    pub points: Vec<Coord<f64>>,
    pub properties: std::collections::HashMap<String, Value>,
}

impl Decoded {
    pub fn text(&self, name: &str) -> Option<&str> {
        match self.properties.get(name)? {
            Value::String(text) => Some(text),
            other => panic!("{name} is {other:?}"),
        }
    }

    pub fn count(&self) -> u64 {
        match self.properties.get("count") {
            Some(Value::UInt(count)) => *count,
            None => 1,
            other => panic!("count is {other:?}"),
        }
    }

    /// Inside or on the boundary, whichever way the rings run.
    pub fn covers(&self, place: Coord<f64>) -> bool {
        let on_edge = |ring: &Vec<Coord<f64>>| edges(ring).any(|(a, b)| to_edge(place, a, b) < 1e-9);
        let crossings =
            self.rings.iter().flat_map(|ring| edges(ring)).filter(|(a, b)| is_right_of(place, *a, *b));
        crossings.count() % 2 == 1 || self.rings.iter().any(on_edge)
    }

    pub fn size(&self) -> (f64, f64) {
        let all = || self.rings.iter().flatten();
        let span = |value: fn(&Coord<f64>) -> f64| {
            let values = all().map(value);
            values.clone().fold(f64::MIN, f64::max) - values.fold(f64::MAX, f64::min)
        };
        (span(|c| c.x), span(|c| c.y))
    }
}

pub fn edges(ring: &[Coord<f64>]) -> impl Iterator<Item = (Coord<f64>, Coord<f64>)> + '_ {
    (0..ring.len()).map(|i| (ring[i], ring[(i + 1) % ring.len()]))
}

fn is_right_of(place: Coord<f64>, a: Coord<f64>, b: Coord<f64>) -> bool {
    (a.y <= place.y) != (b.y <= place.y) && a.x + (place.y - a.y) / (b.y - a.y) * (b.x - a.x) > place.x
}

pub fn to_edge(p: Coord<f64>, a: Coord<f64>, b: Coord<f64>) -> f64 {
    let (d, length2) = (b - a, (b.x - a.x).powi(2) + (b.y - a.y).powi(2));
    let t = if length2 > 0.0 { (((p - a).x * d.x + (p - a).y * d.y) / length2).clamp(0.0, 1.0) } else { 0.0 };
    let off = p - (a + d * t);
    off.x.hypot(off.y)
}

/// The hazards tile, decoded by mvt-reader.
pub fn decode(view: &View, tile: TileId) -> Vec<Decoded> {
    decode_bytes(vector_tile(view, Layer::Hazards, tile).unwrap())
}

/// A tile, decoded by mvt-reader.
pub fn decode_bytes(bytes: Vec<u8>) -> Vec<Decoded> {
    if bytes.is_empty() {
        return Vec::new();
    }
    let reader = Reader::new(bytes).unwrap();
    let mut decoded = Vec::new();
    for (number, layer) in reader.get_layer_names().unwrap().into_iter().enumerate() {
        for feature in reader.get_features_as::<f64>(number).unwrap() {
            let polygons = polygons(&feature.geometry);
            let rings = polygons.iter().flat_map(all_rings).map(open).collect();
            let points = match &feature.geometry {
                Geometry::Point(point) => vec![point.0],
                Geometry::MultiPoint(points) => points.iter().map(|p| p.0).collect(),
                _ => Vec::new(),
            };
            let properties = feature.properties.unwrap();
            decoded.push(Decoded { layer: layer.clone(), rings, polygons, points, properties });
        }
    }
    decoded
}

fn polygons(geometry: &Geometry<f64>) -> MultiPolygon<f64> {
    match geometry {
        Geometry::Polygon(polygon) => MultiPolygon(vec![polygon.clone()]),
        Geometry::MultiPolygon(polygons) => polygons.clone(),
        _ => MultiPolygon(Vec::new()),
    }
}

pub fn all_rings(polygon: &Polygon<f64>) -> impl Iterator<Item = &LineString<f64>> {
    std::iter::once(polygon.exterior()).chain(polygon.interiors())
}

pub fn open(ring: &LineString<f64>) -> Vec<Coord<f64>> {
    ring.0[..ring.0.len().saturating_sub(1)].to_vec()
}

/// Web Mercator (EPSG:3857) as a share of the map, written anew: log(tan + sec).
pub fn mercator(place: Coord<f64>) -> (f64, f64) {
    let latitude = place.y.clamp(-85.051_128_779_806_6, 85.051_128_779_806_6).to_radians();
    ((place.x + 180.0) / 360.0, (1.0 - (latitude.tan() + 1.0 / latitude.cos()).ln() / PI) / 2.0)
}

/// A place in the units of a tile.
pub fn in_tile(tile: TileId, place: Coord<f64>) -> Coord<f64> {
    let (x, y) = mercator(place);
    let tiles = f64::from(1_u32 << tile.z);
    Coord { x: (x * tiles - f64::from(tile.x)) * 4096.0, y: (y * tiles - f64::from(tile.y)) * 4096.0 }
}

/// Whether a place lies in the tile or within `buffer` units of it.
pub fn is_near(place: Coord<f64>, buffer: f64) -> bool {
    let within = |value: f64| (-buffer..=4096.0 + buffer).contains(&value);
    within(place.x) && within(place.y)
}

/// The tile of a zoom that holds a place.
pub fn tile_at(z: u8, place: Coord<f64>) -> TileId {
    let (x, y) = mercator(place);
    let last = (1_u32 << z) - 1;
    let index = |share: f64| ((share * f64::from(1_u32 << z)) as u32).min(last);
    TileId::new(z, index(x), index(y)).unwrap()
}

/// How often a closed ring winds around a place, by angles: nothing in common with the code under test.
pub fn winding(ring: &[Coord<f64>], place: Coord<f64>) -> i32 {
    let turn = |(a, b): (Coord<f64>, Coord<f64>)| {
        let (a, b) = (a - place, b - place);
        (a.x * b.y - a.y * b.x).atan2(a.x * b.x + a.y * b.y)
    };
    (edges(ring).map(turn).sum::<f64>() / (2.0 * PI)).round() as i32
}

fn at(centre: Coord<f64>, angle: f64, radius: f64) -> Coord<f64> {
    let narrow = centre.y.to_radians().cos().max(0.01);
    Coord { x: centre.x + radius * angle.cos() / narrow, y: centre.y + radius * angle.sin() }
}

/// A star with `corners` corners, radius in degrees between half and all of `radius`.
pub fn star(random: &mut ChaCha8Rng, centre: Coord<f64>, radius: f64, corners: usize) -> Polygon<f64> {
    let corner =
        |i: usize| at(centre, i as f64 / corners as f64 * 2.0 * PI, radius * random.random_range(0.5..1.0));
    Polygon::new((0..corners).map(corner).collect(), vec![])
}

pub fn pentagram(centre: Coord<f64>, radius: f64) -> Polygon<f64> {
    let corner = |i: usize| at(centre, (i * 2 % 5) as f64 / 5.0 * 2.0 * PI, radius);
    Polygon::new((0..5).map(corner).collect(), vec![])
}

pub fn bow_tie(c: Coord<f64>, r: f64) -> Polygon<f64> {
    let corners = [(c.x - r, c.y - r), (c.x + r, c.y + r), (c.x + r, c.y - r), (c.x - r, c.y + r)];
    Polygon::new(LineString::from(corners.to_vec()), vec![])
}

pub fn spiral(centre: Coord<f64>, radius: f64, turns: f64) -> Polygon<f64> {
    let steps = (turns * 40.0) as usize;
    let arm = |i: usize, wide: f64| {
        let share = i as f64 / steps as f64;
        at(centre, share * turns * 2.0 * PI, radius * (share + wide))
    };
    let half_gap = 0.4 / turns;
    let out = (0..=steps).map(|i| arm(i, 0.0));
    let back = (0..=steps).rev().map(|i| arm(i, half_gap));
    Polygon::new(out.chain(back).collect(), vec![])
}

pub fn comb(centre: Coord<f64>, radius: f64, teeth: usize) -> Polygon<f64> {
    let x = |i: usize| centre.x - radius + 2.0 * radius * i as f64 / (2 * teeth) as f64;
    let mut corners = vec![(x(0), centre.y - radius)];
    for tooth in 0..teeth {
        corners.extend([
            (x(2 * tooth), centre.y + radius),
            (x(2 * tooth + 1), centre.y + radius),
            (x(2 * tooth + 1), centre.y - radius * 0.9),
            (x(2 * tooth + 2), centre.y - radius * 0.9),
        ]);
    }
    corners.push((x(2 * teeth), centre.y - radius));
    Polygon::new(LineString::from(corners), vec![])
}

pub fn sliver(random: &mut ChaCha8Rng, centre: Coord<f64>, radius: f64) -> Polygon<f64> {
    let angle = random.random_range(0.0..PI);
    let (a, b) = (at(centre, angle, radius), at(centre, angle + PI, radius));
    let wide = at(centre, angle + PI / 2.0, radius * random.random_range(1e-6..0.02));
    Polygon::new(vec![a, wide, b].into(), vec![])
}

/// Squares within each other: a hole, and in it a polygon of its own with a hole.
pub fn nested(c: Coord<f64>, radius: f64) -> MultiPolygon<f64> {
    let square = |r: f64| {
        LineString::from(vec![(c.x - r, c.y - r), (c.x + r, c.y - r), (c.x + r, c.y + r), (c.x - r, c.y + r)])
    };
    let framed = |outer: f64, inner: f64| Polygon::new(square(outer * radius), vec![square(inner * radius)]);
    MultiPolygon(vec![framed(1.0, 0.8), framed(0.6, 0.4), framed(0.2, 0.1)])
}

/// Neighbours with a common border.
pub fn neighbours(c: Coord<f64>, r: f64) -> [Polygon<f64>; 2] {
    let middle = [(c.x, c.y - r), (c.x + r * 0.1, c.y), (c.x, c.y + r)];
    let side = |x: f64| {
        let mut corners = middle.to_vec();
        corners.extend([(x, c.y + r), (x, c.y - r)]);
        Polygon::new(LineString::from(corners), vec![])
    };
    [side(c.x - r), side(c.x + r)]
}

/// One of the shapes above, or a plain one.
pub fn hostile(random: &mut ChaCha8Rng, kind: usize, centre: Coord<f64>, radius: f64) -> Geometry<f64> {
    match kind % 11 {
        0 => star(random, centre, radius, 12).into(),
        1 => star(random, centre, radius, 400).into(),
        2 => pentagram(centre, radius).into(),
        3 => bow_tie(centre, radius).into(),
        4 => spiral(centre, radius, 6.0).into(),
        5 => comb(centre, radius, 30).into(),
        6 => sliver(random, centre, radius).into(),
        7 => nested(centre, radius).into(),
        8 => MultiPolygon(neighbours(centre, radius).to_vec()).into(),
        9 => LineString(vec![at(centre, 0.3, radius), centre, at(centre, 2.0, radius)]).into(),
        _ => star(random, centre, radius, 40).into(),
    }
}
