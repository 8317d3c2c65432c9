//! See `ngpool_fuzz::ledger_messages`.
#![no_main]

libfuzzer_sys::fuzz_target!(|data: &[u8]| ngpool_fuzz::ledger_messages(data));
