//! `host::Sos` and `snapshot::capture`, from any bytes.
#![no_main]

libfuzzer_sys::fuzz_target!(|bytes: &[u8]| elevate_fuzz::sos(bytes));
