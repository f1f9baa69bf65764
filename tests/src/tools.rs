//! Running the tools of packages, and saying where they are not.

#![expect(clippy::disallowed_methods, reason = "tests ask the real tools")]

use std::path::Path;
use std::process::{Command, Output, Stdio};

/// Whether all of these can be run, and by root; a reason is printed where not.
pub fn are_here(tools: &[&str]) -> bool {
    if std::env::consts::ARCH != "x86_64" {
        eprintln!("skipped: the packages are for x86_64");
        return false;
    }
    for tool in tools {
        if !answers(tool) {
            eprintln!("skipped: {tool} cannot be run");
            return false;
        }
    }
    let user = Command::new("id").arg("-u").output();
    let is_root = user.is_ok_and(|user| user.stdout == b"0\n");
    if !is_root {
        eprintln!("skipped: only root may do this");
    }
    is_root
}

/// Whether a tool can be run.
pub fn answers(tool: &str) -> bool {
    let mut command = Command::new(tool);
    let status = command.arg("--version").stdout(Stdio::null()).stderr(Stdio::null()).status();
    status.is_ok_and(|status| status.success())
}

/// Runs a tool in the C locale.
pub fn run(tool: &str, arguments: &[&str], variables: &[(&str, &str)]) -> Output {
    let mut command = Command::new(tool);
    command.args(arguments).env("LC_ALL", "C.UTF-8").envs(variables.iter().copied());
    command.output().unwrap_or_else(|error| panic!("{tool}: {error}"))
}

/// The same; it must succeed. What it printed.
pub fn must(tool: &str, arguments: &[&str], variables: &[(&str, &str)]) -> String {
    let output = run(tool, arguments, variables);
    let talk = String::from_utf8_lossy(&output.stderr);
    assert!(output.status.success(), "{tool} {arguments:?}: {talk}");
    String::from_utf8_lossy(&output.stdout).into_owned()
}

/// Writes a file with the directories it needs; its path.
pub fn write(path: &Path, content: &str) -> String {
    std::fs::create_dir_all(path.parent().expect("a parent")).expect("a directory");
    std::fs::write(path, content).expect("a file");
    path.to_str().expect("UTF-8").to_owned()
}
