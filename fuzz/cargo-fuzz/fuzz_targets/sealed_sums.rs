//! See `ngpool_fuzz::sealed_sums`.
#![no_main]

libfuzzer_sys::fuzz_target!(|data: &[u8]| ngpool_fuzz::sealed_sums(data));
