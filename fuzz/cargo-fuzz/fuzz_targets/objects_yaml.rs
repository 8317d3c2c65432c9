//! See `ngpool_fuzz::objects_yaml`.
#![no_main]

libfuzzer_sys::fuzz_target!(|data: &[u8]| ngpool_fuzz::objects_yaml(data));
