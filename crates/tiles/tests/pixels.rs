//! Raster tiles, read back by a PNG decoder: every pixel that a record touches is painted, the confirmed above the
//! suspected, and what is not touched is left alone.
#![allow(clippy::unwrap_used)]

mod common;

use std::sync::Arc;

use common::*;
use geo_types::{Coord, Geometry, Point, Polygon};
use model::Collection;
use rand::{Rng, SeedableRng};
use rand_chacha::ChaCha8Rng;
use spatial_index::{Layer, Row, View};
use tiles::{TileId, TileSize, raster_tile};

const SIZES: [TileSize; 2] = [TileSize::Px256, TileSize::Px512];

/// A decoded picture: red, green, blue and opacity of each pixel.
struct Picture {
    across: usize,
    pixels: Vec<[u8; 4]>,
}

impl Picture {
    fn of(view: &View, tile: TileId, size: TileSize) -> Option<Self> {
        let bytes = raster_tile(view, Layer::Hazards, tile, size).unwrap();
        if bytes.is_empty() {
            return None;
        }
        let mut decoder = png::Decoder::new(std::io::Cursor::new(bytes));
        decoder
            .set_transformations(png::Transformations::normalize_to_color8() | png::Transformations::ALPHA);
        let mut reader = decoder.read_info().unwrap();
        let mut data = vec![0; reader.output_buffer_size().unwrap()];
        let info = reader.next_frame(&mut data).unwrap();
        assert_eq!(
            (info.width, info.height, info.color_type),
            (size.pixels(), size.pixels(), png::ColorType::Rgba)
        );
        Some(Self { across: size.pixels() as usize, pixels: data.as_chunks().0.to_vec() })
    }

    /// The pixel at a place in units of the tile, if it is on the tile.
    fn at(&self, place: Coord<f64>) -> Option<[u8; 4]> {
        let [x, y] = [place.x, place.y].map(|units| (units * self.across as f64 / 4096.0).floor());
        let is_on = |index: f64| (0.0..self.across as f64).contains(&index);
        (is_on(x) && is_on(y)).then(|| self.pixels[y as usize * self.across + x as usize])
    }

    fn painted(&self) -> usize {
        self.pixels.iter().filter(|pixel| pixel[3] > 0).count()
    }
}

fn properties(class: &str, synthetic: bool, accuracy_m: f64) -> String {
    format!(
        r#"{{"classification":"{class}","status":"open","review":"unverified","position_accuracy_m":{accuracy_m},
            "attributes":{{"synthetic":{synthetic}}},
            "findings":[{{"rule":"geometry.invalid_ring","severity":"high","message":""}}]}}"#
    )
}

fn hazard(number: u128, geometry: impl Into<Geometry<f64>>, class: &str, accuracy_m: f64) -> Arc<Row> {
    row(number, Collection::HazardousAreas, geometry.into(), &properties(class, false, accuracy_m))
}

/// Corners and places on edges; of areas places within as well.
fn places_of(random: &mut ChaCha8Rng, row: &Row) -> Vec<Coord<f64>> {
    let drawn = row.drawn().unwrap();
    let mut places: Vec<_> = model::coordinates(&row.geometry().unwrap()).collect();
    let rings = drawn.polygons.iter().flat_map(all_rings).chain(&drawn.lines);
    for pair in rings.flat_map(|ring| ring.0.windows(2)) {
        places.push(pair[0] + (pair[1] - pair[0]) * random.random_range(0.0..1.0));
    }
    let bounds = row.bounds().unwrap();
    for _ in 0..200 {
        let x = random.random_range(bounds.west..=bounds.east);
        let place = Coord { x, y: random.random_range(bounds.south..=bounds.north) };
        places.extend(drawn.touches_place(place).then_some(place));
    }
    places
}

fn crowd(random: &mut ChaCha8Rng, count: u128) -> Vec<Arc<Row>> {
    let make = |number: u128| {
        let (x, y) = (36.2 + random.random_range(-0.4..0.4), 49.9 + random.random_range(-0.3..0.3));
        let centre = Coord { x, y };
        let class = ["suspected", "confirmed"][number as usize % 2];
        let radius = 10_f64.powf(random.random_range(-5.0..-1.0));
        let geometry = match number % 4 {
            0 => Point(centre).into(),
            _ => hostile(random, number as usize, centre, radius),
        };
        hazard(number, geometry, class, [0.0, 30.0, 0.0, 4_000.0][number as usize / 4 % 4])
    };
    (1..=count).map(make).collect()
}

#[test]
fn every_pixel_that_a_record_touches_is_painted_at_every_zoom() {
    let mut random = ChaCha8Rng::seed_from_u64(1);
    let rows = crowd(&mut random, 160);
    let view = view(rows.clone());
    let places: Vec<_> = rows.iter().flat_map(|row| places_of(&mut random, row)).collect();
    for z in 0..=16 {
        for size in SIZES {
            let tile = tile_at(z, places[random.random_range(0..places.len())]);
            let picture = Picture::of(&view, tile, size).unwrap();
            for place in &places {
                let place = in_tile(tile, *place);
                assert!(picture.at(place).is_none_or(|pixel| pixel[3] > 0), "{tile:?} {size:?}: {place:?}");
            }
        }
    }
}

#[test]
fn all_places_within_the_position_error_of_a_point_are_painted() {
    for accuracy_m in [20.0, 300.0, 5_000.0] {
        let place = Coord { x: 36.21, y: 49.93 };
        let view = view(vec![hazard(1, Point(place), "confirmed", accuracy_m)]);
        for z in [6, 9, 11, 13, 15] {
            for size in SIZES {
                let tile = tile_at(z, place);
                let picture = Picture::of(&view, tile, size).unwrap();
                for step in 0..360 {
                    // On a sphere as large as the Earth is at its least: further than it is on the ground.
                    let bearing = f64::from(step).to_radians();
                    let reach = accuracy_m * 0.996 / 6_371_000.0;
                    let north = reach.to_degrees() * bearing.cos();
                    let east = reach.to_degrees() * bearing.sin() / place.y.to_radians().cos();
                    let at = in_tile(tile, Coord { x: place.x + east, y: place.y + north });
                    let is_painted = picture.at(at).is_none_or(|pixel| pixel[3] > 0);
                    assert!(is_painted, "{accuracy_m} m, {tile:?} {size:?}: bearing {step}");
                }
            }
        }
    }
}

#[test]
fn a_hazard_of_a_square_metre_is_at_least_two_by_two_pixels_and_no_more_than_it_must_be() {
    let mut random = ChaCha8Rng::seed_from_u64(2);
    for z in 0..=14 {
        let centre =
            Coord { x: 36.2 + random.random_range(-0.4..0.4), y: 49.9 + random.random_range(-0.3..0.3) };
        let view = view(vec![hazard(1, bow_tie(centre, 5e-6), "suspected", 0.0)]);
        let tile = tile_at(z, centre);
        let picture = Picture::of(&view, tile, TileSize::Px256).unwrap();
        let square = |x: usize, y: usize| {
            [(0, 0), (1, 0), (0, 1), (1, 1)].iter().all(|(i, j)| picture.pixels[(y + j) * 256 + x + i][3] > 0)
        };
        let place = in_tile(tile, centre);
        let is_inside = |units: f64| (32.0..4064.0).contains(&units);
        if is_inside(place.x) && is_inside(place.y) {
            assert!((0..255).any(|x| (0..255).any(|y| square(x, y))), "zoom {z}");
            assert!(picture.painted() <= 9, "zoom {z}: {} pixels", picture.painted());
        }
    }
}

#[test]
fn the_suspected_never_hides_the_confirmed() {
    let mut random = ChaCha8Rng::seed_from_u64(3);
    let rows = crowd(&mut random, 200);
    let of_class = |class: &str| {
        let rows = rows.iter().filter(|row| row.tags().classification == Some(class)).cloned().collect();
        view(rows)
    };
    let (all, confirmed, suspected) = (view(rows.clone()), of_class("confirmed"), of_class("suspected"));
    for z in [6, 8, 10, 12, 14] {
        let near = rows[random.random_range(0..rows.len())].bounds().unwrap();
        let tile = tile_at(z, Coord { x: near.west, y: near.north });
        let [Some(all), Some(confirmed)] = [&all, &confirmed].map(|v| Picture::of(v, tile, TileSize::Px256))
        else {
            continue;
        };
        let suspected = Picture::of(&suspected, tile, TileSize::Px256);
        for (at, pixel) in confirmed.pixels.iter().enumerate().filter(|(_, pixel)| pixel[3] > 0) {
            let below = suspected.as_ref().map_or([0; 4], |picture| picture.pixels[at]);
            if pixel[3] == 255 || below[3] == 0 {
                assert_eq!(all.pixels[at], *pixel, "zoom {z}");
            }
            assert!(below[3] == 0 || all.pixels[at] != below, "zoom {z}: only the suspected is seen");
        }
    }
}

#[test]
fn what_no_record_is_near_is_transparent_and_an_empty_tile_is_no_picture() {
    let c = Coord { x: 36.2, y: 49.9 };
    let square = Polygon::new(
        vec![(c.x, c.y), (c.x + 0.1, c.y), (c.x + 0.1, c.y + 0.1), (c.x, c.y + 0.1)].into(),
        vec![],
    );
    let view = view(vec![hazard(1, square, "confirmed", 0.0)]);
    let tile = tile_at(11, Coord { x: c.x + 0.05, y: c.y + 0.05 });
    let picture = Picture::of(&view, tile, TileSize::Px256).unwrap();
    let (low, high) = (in_tile(tile, c), in_tile(tile, Coord { x: c.x + 0.1, y: c.y + 0.1 }));
    for (at, pixel) in picture.pixels.iter().enumerate() {
        let (x, y) = ((at % 256) as f64 * 16.0 + 8.0, (at / 256) as f64 * 16.0 + 8.0);
        let is_far = x < low.x - 24.0 || x > high.x + 24.0 || y < high.y - 24.0 || y > low.y + 24.0;
        assert!(!is_far || pixel[3] == 0, "{x} {y}");
    }
    assert!(Picture::of(&view, tile_at(11, Coord { x: 30.0, y: 49.9 }), TileSize::Px256).is_none());
}

#[test]
fn classes_are_told_apart_without_colour_and_synthetic_records_are_marked() {
    let c = Coord { x: 36.25, y: 49.95 };
    let tile = tile_at(9, c);
    let lightness = |class: &str, synthetic: bool| {
        let geometry = star(&mut ChaCha8Rng::seed_from_u64(1), c, 0.3, 12).into();
        let row = row(1, Collection::HazardousAreas, geometry, &properties(class, synthetic, 0.0));
        Picture::of(&view(vec![row]), tile, TileSize::Px256).unwrap().pixels
    };
    let (confirmed, suspected) = (lightness("confirmed", false), lightness("suspected", false));
    let darker = |pixels: &[[u8; 4]]| pixels.iter().filter(|pixel| pixel[3] > 128).count();
    assert!(
        darker(&confirmed) * 10 > darker(&suspected) * 14,
        "a cross hatch has more lines than a single one"
    );
    let differs =
        confirmed.iter().zip(lightness("confirmed", true)).filter(|(one, other)| *one != other).count();
    assert!(differs > 200, "{differs} pixels say that it is synthetic");
}

#[test]
fn a_hatch_runs_on_across_the_edge_of_a_tile() {
    let c = Coord { x: 36.25, y: 49.95 };
    let (low, high) = (Coord { x: c.x - 3.0, y: c.y - 3.0 }, Coord { x: c.x + 3.0, y: c.y + 3.0 });
    let view = view(vec![hazard(1, geo_types::Rect::new(low, high).to_polygon(), "suspected", 0.0)]);
    let west = tile_at(10, c);
    let east = TileId::new(10, west.x + 1, west.y).unwrap();
    let [west, east] = [west, east].map(|tile| Picture::of(&view, tile, TileSize::Px256).unwrap());
    for y in 1..256 {
        // The hatch rises: a pixel further east it is a pixel further north.
        assert_eq!(west.pixels[y * 256 + 255], east.pixels[(y - 1) * 256], "row {y}");
    }
}
