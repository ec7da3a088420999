//! Well-known text; what is read is written and read again.
#![no_main]

use exchange::fuzzing::{read_wkt, write_wkt};

libfuzzer_sys::fuzz_target!(|text: &str| {
    if let Some(shape) = read_wkt(text) {
        let written = write_wkt(&shape);
        assert_eq!(read_wkt(&written).map(|again| write_wkt(&again)), Some(written));
    }
});
