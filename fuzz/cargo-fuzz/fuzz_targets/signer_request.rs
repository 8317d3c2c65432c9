//! See `ngpool_fuzz::signer_request`.
#![no_main]

libfuzzer_sys::fuzz_target!(|data: &[u8]| ngpool_fuzz::signer_request(data));
