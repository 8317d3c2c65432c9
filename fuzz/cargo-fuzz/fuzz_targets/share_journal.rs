//! See `ngpool_fuzz::share_journal`.
#![no_main]

libfuzzer_sys::fuzz_target!(|data: &[u8]| ngpool_fuzz::share_journal(data));
