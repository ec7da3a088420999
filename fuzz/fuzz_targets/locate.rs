//! Coordinates as people type them; a reference system may stand before a line feed.
#![no_main]

libfuzzer_sys::fuzz_target!(|text: &str| {
    let (crs, text) = text.split_once('\n').map_or((None, text), |(crs, text)| (Some(crs), text));
    for reading in geodesy::locate(text, crs).unwrap_or_default() {
        assert!(reading.place.x.abs() <= 180.0 && reading.place.y.abs() <= 90.0, "{reading:?}");
    }
});
