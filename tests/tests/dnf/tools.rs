//! Running the real tools.

#![expect(
    clippy::disallowed_methods,
    clippy::print_stderr,
    reason = "tests ask the real tools, and say where they cannot"
)]

use std::path::{Path, PathBuf};
use std::process::{Command, Output, Stdio};

/// What is needed, each with an argument that does no harm.
const NEEDED: [(&str, &str); 5] = [
    ("rpm", "--version"),
    ("rpmbuild", "--version"),
    ("createrepo_c", "--version"),
    ("modifyrepo_c", "--version"),
    ("dnf", "--version"),
];

/// Whether dnf can be asked here; a reason is printed where not.
pub(crate) fn are_here() -> bool {
    if std::env::consts::ARCH != "x86_64" {
        eprintln!("skipped: the worlds are for x86_64");
        return false;
    }
    for (tool, argument) in NEEDED {
        if !answers(tool, argument) {
            eprintln!("skipped: {tool} cannot be run");
            return false;
        }
    }
    let user = Command::new("id").arg("-u").output();
    let is_root = user.is_ok_and(|user| user.stdout == b"0\n");
    if !is_root {
        eprintln!("skipped: only root may ask dnf");
    }
    is_root
}

/// Whether there is a C compiler; a reason is printed where not.
pub(crate) fn compiler_is_here() -> bool {
    let is_here = answers("cc", "--version");
    if !is_here {
        eprintln!("skipped without colours: there is no C compiler");
    }
    is_here
}

fn answers(tool: &str, argument: &str) -> bool {
    let mut command = Command::new(tool);
    let status = command.arg(argument).stdout(Stdio::null()).stderr(Stdio::null()).status();
    status.is_ok_and(|status| status.success())
}

/// Runs a tool in the C locale.
pub(crate) fn run(tool: &str, arguments: &[&str], variables: &[(&str, &str)]) -> Output {
    let mut command = Command::new(tool);
    command.args(arguments).env("LC_ALL", "C.UTF-8").envs(variables.iter().copied());
    command.output().unwrap_or_else(|error| panic!("{tool}: {error}"))
}

/// The same; it must succeed.
pub(crate) fn must(tool: &str, arguments: &[&str], variables: &[(&str, &str)]) {
    let output = run(tool, arguments, variables);
    let talk = String::from_utf8_lossy(&output.stderr);
    assert!(output.status.success(), "{tool} {arguments:?}: {talk}");
}

/// Writes a file with the directories it needs; its path.
pub(crate) fn write(path: &Path, content: &str) -> String {
    std::fs::create_dir_all(path.parent().expect("a parent")).expect("a directory");
    std::fs::write(path, content).expect("a file");
    PathBuf::from(path).into_os_string().into_string().expect("UTF-8")
}
