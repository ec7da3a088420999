//! Newline-delimited GeoJSON, and text sequences.
#![no_main]

use exchange::Format;

libfuzzer_sys::fuzz_target!(|bytes: &[u8]| fuzz::read(Format::NdJson, &fuzz::file("fuzzed.ndjson", bytes)));
