//! Running those who are to read what is made.

#![expect(
    clippy::disallowed_methods,
    clippy::print_stderr,
    reason = "tests ask the real tools, and say where they cannot"
)]

use std::process::{Command, Stdio};

/// What a program in Python prints that needs a module of the system; `None`, with a printed
/// reason, where that is not installed.
pub(crate) fn python(module: &str, program: &str, arguments: &[&str]) -> Option<String> {
    let python = || Command::new("/usr/bin/python3");
    let there = python().args(["-c", &format!("import {module}")]).stderr(Stdio::null()).status();
    if !there.is_ok_and(|status| status.success()) {
        eprintln!("skipped: python has no module {module}");
        return None;
    }
    let output = python().args(["-c", program]).args(arguments).output().expect("python runs");
    assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
    Some(String::from_utf8(output.stdout).expect("UTF-8"))
}
