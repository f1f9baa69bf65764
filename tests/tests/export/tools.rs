//! Running those who are to read what is made.

#![allow(dead_code, reason = "no test uses all of it")]
#![expect(
    clippy::disallowed_methods,
    clippy::print_stderr,
    reason = "tests ask the real tools, and say where they cannot"
)]

use std::os::unix::process::CommandExt as _;
use std::process::{Command, Stdio};

use elevate_tests::binary::Run;
use elevate_tests::data::TempDir;

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

/// A shell that is here, with the arguments that make it one.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Shell(&'static [&'static str]);

/// The shells that are here.
pub(crate) fn shells() -> Vec<Shell> {
    let all: [&'static [&'static str]; 4] = [&["sh"], &["bash"], &["dash"], &["busybox", "sh"]];
    let is_here = |words: &&'static [&'static str]| {
        let mut command = Command::new(words[0]);
        command.args(&words[1..]).args(["-c", ":"]).stderr(Stdio::null());
        let is_here = command.status().is_ok_and(|status| status.success());
        if !is_here {
            eprintln!("skipped for {}: it is not installed", words[0]);
        }
        is_here
    };
    all.into_iter().filter(is_here).map(Shell).collect()
}

impl Shell {
    /// Runs a script that changes files below `root` in a directory.
    pub(crate) fn run(
        self,
        directory: &TempDir,
        variables: &[(&str, &str)],
        arguments: &[&str],
    ) -> Run {
        let mut command = self.command(arguments);
        command.env("ROOT", directory.path().join("root")).envs(variables.iter().copied());
        said(command)
    }

    /// Runs a script for the machine itself, as somebody who may not change it; `None` where
    /// only root could do so.
    pub(crate) fn run_as_nobody(self, arguments: &[&str]) -> Option<Run> {
        let user = Command::new("id").arg("-u").output().ok()?;
        let mut command = self.command(arguments);
        if user.stdout == b"0\n" {
            command.uid(65_534);
        }
        command.env("FORCE", "1");
        Some(said(command))
    }

    /// Runs a script for the machine itself, which forgets what the script notes; `None`, with a
    /// printed reason, where that cannot be had.
    pub(crate) fn run_apart(self, commands: &str, arguments: &[&str]) -> Option<Run> {
        let apart = "mount -t tmpfs none /var/lib || exit 99\n";
        let mut command = Command::new("unshare");
        command.args([
            "-m",
            "sh",
            "-c",
            &format!("{apart}shell='{}'\n{commands}", self.0.join(" ")),
        ]);
        command.arg("sh").args(arguments).env_remove("ROOT").env("FORCE", "1");
        let output = command.output().ok();
        if output.as_ref().is_none_or(|o| o.status.code().is_none_or(|code| code == 99)) {
            eprintln!("skipped: a place of its own cannot be had; that takes root and unshare");
            return None;
        }
        Some(said(command))
    }

    fn command(self, arguments: &[&str]) -> Command {
        let mut command = Command::new(self.0[0]);
        command.args(&self.0[1..]).args(arguments).env_remove("ROOT").env_remove("FORCE");
        command
    }
}

fn said(mut command: Command) -> Run {
    let output = command.output().expect("it runs");
    let text = |bytes: Vec<u8>| String::from_utf8(bytes).expect("UTF-8");
    Run {
        code: output.status.code().expect("an exit code"),
        stdout: text(output.stdout),
        stderr: text(output.stderr),
    }
}

/// What a checker of files has to say; `None`, with a printed reason, where it is not here.
pub(crate) fn checked(words: &[&str]) -> Option<Run> {
    let mut command = Command::new(words[0]);
    if Command::new(words[0]).arg("--version").stdout(Stdio::null()).status().is_err() {
        eprintln!("skipped: {} is not installed", words[0]);
        return None;
    }
    command.args(&words[1..]);
    Some(said(command))
}

/// What Ansible says, on this machine; `None`, with a printed reason, where it is not here.
/// `ELEVATE_ANSIBLE` names it where it is in no usual place.
pub(crate) fn ansible(directory: &TempDir, arguments: &[&str]) -> Option<Run> {
    let program = std::env::var("ELEVATE_ANSIBLE").unwrap_or_else(|_| "ansible-playbook".into());
    let mut command = Command::new(&program);
    let place = directory.path();
    command.args(["--inventory", "localhost,", "--connection", "local"]);
    command.args(["-e", "ansible_python_interpreter=/usr/bin/python3"]).args(arguments);
    command.env("HOME", place).env("KEPT", place.join("kept")).env("ANSIBLE_NOCOLOR", "1");
    command.env("LC_ALL", "C.UTF-8").stdin(Stdio::null());
    let there = Command::new(&program).arg("--version").stdout(Stdio::null()).status();
    if !there.is_ok_and(|status| status.success()) {
        eprintln!("skipped: {program} cannot be run; ELEVATE_ANSIBLE names one");
        return None;
    }
    Some(said(command))
}
