//! GeoJSON files.
#![no_main]

use exchange::Format;

libfuzzer_sys::fuzz_target!(|bytes: &[u8]| fuzz::read(Format::GeoJson, &fuzz::file("fuzzed.geojson", bytes)));
