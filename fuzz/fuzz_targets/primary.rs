//! `rpm::primary`, from any bytes.
#![no_main]

libfuzzer_sys::fuzz_target!(|bytes: &[u8]| elevate_fuzz::primary(bytes));
