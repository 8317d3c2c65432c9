//! See `ngpool_fuzz::stratum_line`.
#![no_main]

libfuzzer_sys::fuzz_target!(|data: &[u8]| ngpool_fuzz::stratum_line(data));
