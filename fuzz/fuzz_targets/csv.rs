//! Tables of text.
#![no_main]

use exchange::Format;

libfuzzer_sys::fuzz_target!(|bytes: &[u8]| fuzz::read(Format::Csv, &fuzz::file("fuzzed.csv", bytes)));
