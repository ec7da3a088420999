//! One feature as a request sends it: the first byte chooses the collection.
#![no_main]

use model::Collection;

libfuzzer_sys::fuzz_target!(|bytes: &[u8]| {
    let Some((first, text)) = bytes.split_first() else { return };
    let collection = Collection::ALL[usize::from(*first) % Collection::ALL.len()];
    if let Ok(body) = exchange::read_feature(text, collection) {
        fuzz::holds(body.draft);
    }
});
