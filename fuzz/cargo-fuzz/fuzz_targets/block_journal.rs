//! See `ngpool_fuzz::block_journal`.
#![no_main]

libfuzzer_sys::fuzz_target!(|data: &[u8]| ngpool_fuzz::block_journal(data));
