//! Programs that are compared, as processes.

use std::path::Path;
use std::process::{Command, Output, Stdio};
use std::time::{Duration, Instant};

#[expect(clippy::disallowed_methods, reason = "xtask runs what it compares")]
pub(super) fn run(program: &Path, arguments: &[&str]) -> Command {
    let mut command = Command::new(program);
    command.args(arguments);
    command
}

pub(super) fn cargo(root: &Path, arguments: &[&str]) -> Result<(), String> {
    let mut command = run(Path::new(env!("CARGO")), arguments);
    let status = command.current_dir(root).status().map_err(|error| format!("cargo: {error}"))?;
    if status.success() { Ok(()) } else { Err(format!("cargo {}: {status}", arguments.join(" "))) }
}

pub(super) fn output(command: &mut Command, name: &str) -> Result<Output, String> {
    let output = command.output().map_err(|error| format!("{name} cannot be run: {error}"))?;
    if output.status.success() {
        return Ok(output);
    }
    let talk = String::from_utf8_lossy(&output.stderr);
    Err(format!("{name}: {}", talk.lines().next().unwrap_or("failed")))
}

/// How long a process takes that prints to nowhere and ends with this code.
#[expect(clippy::disallowed_methods, reason = "a comparison of times")]
pub(super) fn time(command: &mut Command, code: i32) -> Result<Duration, String> {
    command.stdout(Stdio::null()).stderr(Stdio::null());
    let start = Instant::now();
    let status = command.status().map_err(|error| error.to_string())?;
    let taken = start.elapsed();
    match status.code() == Some(code) {
        true => Ok(taken),
        false => Err(format!("{}: {status}", command.get_program().display())),
    }
}
