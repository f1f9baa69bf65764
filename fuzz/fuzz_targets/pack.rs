//! `pack::Pack`, from any text of rules, asked about a small host.
#![no_main]

libfuzzer_sys::fuzz_target!(|bytes: &[u8]| elevate_fuzz::pack(bytes));
