//! See `ngpool_fuzz::web_cursor`.
#![no_main]

libfuzzer_sys::fuzz_target!(|data: &[u8]| ngpool_fuzz::web_cursor(data));
