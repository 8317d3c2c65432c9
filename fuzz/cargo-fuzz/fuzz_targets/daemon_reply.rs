//! See `ngpool_fuzz::daemon_reply`.
#![no_main]

libfuzzer_sys::fuzz_target!(|data: &[u8]| ngpool_fuzz::daemon_reply(data));
