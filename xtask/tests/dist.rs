//! The release binary of this machine's usual architecture, built and run.

use std::process::Command;

use xtask::{dist, files};

#[test]
#[expect(clippy::disallowed_methods, reason = "the test runs what it built")]
fn the_release_binary_for_x86_64_asks_for_nothing_release_7_has_not() {
    if !cfg!(all(target_arch = "x86_64", target_os = "linux")) {
        return eprintln!("skipped: this is no x86_64 machine");
    }
    if let Err(why) = dist::tools() {
        return eprintln!("skipped: {why}");
    }
    let root = files::workspace_root();
    // What is built is checked before it is called built.
    dist::run(&root, &["x86_64"]).unwrap();
    let directory = root.join("dist");
    let name = format!("elevate-{}-x86_64", env!("CARGO_PKG_VERSION"));
    let mut sums = Command::new("sha256sum");
    sums.args(["-c", "SHA256SUMS"]).current_dir(&directory);
    assert!(sums.output().unwrap().status.success());
    let demo = Command::new(directory.join(&name)).arg("demo").output().unwrap();
    assert!(String::from_utf8_lossy(&demo.stdout).contains("CentOS 7.9 -> AlmaLinux 8.10"));
    let binary = std::fs::read(directory.join(&name)).unwrap();
    let here = root.to_str().unwrap().as_bytes();
    assert!(!binary.windows(here.len()).any(|part| part == here), "{name} holds a path");
}
