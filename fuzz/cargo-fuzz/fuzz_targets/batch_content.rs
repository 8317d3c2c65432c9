//! See `ngpool_fuzz::batch_content`.
#![no_main]

libfuzzer_sys::fuzz_target!(|data: &[u8]| ngpool_fuzz::batch_content(data));
