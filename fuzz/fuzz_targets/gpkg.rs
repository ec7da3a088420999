//! GeoPackages, which SQLite reads.
#![no_main]

use exchange::Format;

libfuzzer_sys::fuzz_target!(|bytes: &[u8]| fuzz::read(Format::GeoPackage, &fuzz::file("fuzzed.gpkg", bytes)));
