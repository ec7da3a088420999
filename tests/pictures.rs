//! Raster tiles for programs that show pictures only: XYZ and OGC API Tiles name the same ones.

use crate::harness::{Answer, Programme};

/// A tile of the demo country that has something in it: zoom, column, row.
const FULL: (u32, u32, u32) = (6, 38, 21);

/// Width and height of a PNG: they stand in its first chunk (W3C PNG, 11.2.1).
fn size(answer: &Answer) -> (u32, u32) {
    assert_eq!((answer.status, answer.headers["content-type"].as_str()), (200, "image/png"));
    assert!(!answer.headers.contains_key("content-encoding"), "a picture is compressed already");
    assert_eq!(answer.body[..8], *b"\x89PNG\r\n\x1a\n");
    let number = |at: usize| answer.body[at..at + 4].iter().fold(0, |n, byte| n << 8 | u32::from(*byte));
    (number(16), number(20))
}

#[test]
fn pictures_have_256_pixels_and_twice_as_many_for_finer_screens() {
    let programme = Programme::with_demo(300);
    let server = programme.serve();
    let (z, x, y) = FULL;
    assert_eq!(size(&server.get(&format!("/tiles/hazards/{z}/{x}/{y}.png"))), (256, 256));
    assert_eq!(size(&server.get(&format!("/tiles/hazards/{z}/{x}/{y}@2x.png"))), (512, 512));
    server.stop();
}

#[test]
fn an_empty_picture_is_204_and_a_known_one_304() {
    let programme = Programme::with_demo(300);
    let server = programme.serve();
    let (z, x, y) = FULL;
    assert_eq!(server.get("/tiles/hazards/10/0/0.png").status, 204);
    let path = format!("/tiles/hazards/{z}/{x}/{y}.png");
    let tag = server.get(&path).headers["etag"].clone();
    assert_eq!(server.ask(&path, &[("if-none-match", &tag)]).status, 304);
    let vector = server.get(&format!("/tiles/hazards/{z}/{x}/{y}.mvt"));
    assert_ne!(vector.headers["etag"], tag);
    server.stop();
}

#[test]
fn ogc_map_tiles_name_the_row_first_and_are_the_same_pictures() {
    let programme = Programme::with_demo(300);
    let server = programme.serve();
    let (z, x, y) = FULL;
    let of = |path: String| server.get(&path);
    let ogc = of(format!("/ogc/map/tiles/WebMercatorQuad/{z}/{y}/{x}"));
    assert_eq!(ogc.body, of(format!("/tiles/hazards/{z}/{x}/{y}.png")).body);
    let collection = of(format!("/ogc/collections/surveys/map/tiles/WebMercatorQuad/{z}/{y}/{x}?f=png"));
    assert_eq!(collection.body, of(format!("/tiles/surveys/{z}/{x}/{y}.png")).body);
    for (path, status) in [
        ("/ogc/map/tiles/WorldCRS84Quad/1/0/0", 404),
        ("/ogc/map/tiles/WebMercatorQuad/1/0/2", 404),
        ("/ogc/map/tiles/WebMercatorQuad/1/0/0?f=jpeg", 400),
        ("/ogc/map/tiles/WebMercatorQuad/1/0/0?x=1", 400),
        ("/tiles/hazards/1/0/0.jpg", 404),
    ] {
        assert_eq!(server.get(path).status, status, "{path}");
    }
    server.stop();
}
