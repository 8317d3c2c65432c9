//! See `ngpool_fuzz::stratum_session`.
#![no_main]

libfuzzer_sys::fuzz_target!(|data: &[u8]| ngpool_fuzz::stratum_session(data));
