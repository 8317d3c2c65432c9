//! See `ngpool_fuzz::miner_lines`.
#![no_main]

libfuzzer_sys::fuzz_target!(|data: &[u8]| ngpool_fuzz::miner_lines(data));
