//! See `ngpool_fuzz::worker_name`.
#![no_main]

libfuzzer_sys::fuzz_target!(|data: &[u8]| ngpool_fuzz::worker_name(data));
