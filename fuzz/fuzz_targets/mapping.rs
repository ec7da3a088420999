//! Mapping files.
#![no_main]

libfuzzer_sys::fuzz_target!(|text: &str| {
    // A mapping that contradicts itself is refused; one that is not says who it is from.
    if let Ok(mapping) = exchange::Mapping::parse(text) {
        let _ = format!("{mapping:?}");
    }
});
