//! Well-known binary; what is read is written and read again.
#![no_main]

use exchange::fuzzing::{read_wkb, write_wkb};

libfuzzer_sys::fuzz_target!(|bytes: &[u8]| {
    if let Some(shape) = read_wkb(bytes) {
        let written = write_wkb(&shape);
        assert_eq!(read_wkb(&written).map(|again| write_wkb(&again)), Some(written));
    }
});
