//! See `ngpool_fuzz::signer_psbt`.
#![no_main]

libfuzzer_sys::fuzz_target!(|data: &[u8]| ngpool_fuzz::signer_psbt(data));
