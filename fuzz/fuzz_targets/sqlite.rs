//! `rpm::rpmdb`, from any bytes that begin as a database of this kind does.
#![no_main]

use elevate_fuzz::{Kind, database};

libfuzzer_sys::fuzz_target!(|bytes: &[u8]| database(Kind::Sqlite, bytes));
