//! Shapefiles: the first two bytes say how many of the others are the `.shp`; the rest is the `.dbf`.
#![no_main]

use exchange::Format;

libfuzzer_sys::fuzz_target!(|bytes: &[u8]| {
    let Some((head, rest)) = bytes.split_first_chunk::<2>() else { return };
    let (shp, dbf) = rest.split_at(usize::from(u16::from_le_bytes(*head)).min(rest.len()));
    fuzz::file("fuzzed.dbf", dbf);
    fuzz::read(Format::Shapefile, &fuzz::file("fuzzed.shp", shp));
});
