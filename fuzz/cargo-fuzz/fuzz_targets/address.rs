//! See `ngpool_fuzz::address`.
#![no_main]

libfuzzer_sys::fuzz_target!(|data: &[u8]| ngpool_fuzz::address(data));
