//! See `ngpool_fuzz::template_stream`.
#![no_main]

libfuzzer_sys::fuzz_target!(|data: &[u8]| ngpool_fuzz::template_stream(data));
