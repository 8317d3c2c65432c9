//! See `ngpool_fuzz::hexadecimal`.
#![no_main]

libfuzzer_sys::fuzz_target!(|data: &[u8]| ngpool_fuzz::hexadecimal(data));
