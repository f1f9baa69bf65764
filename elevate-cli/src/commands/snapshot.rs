//! `elevate snapshot show|check|upgrade`

use std::path::PathBuf;
use std::process::ExitCode;

use clap::{Args, Subcommand};
use elevate_core::snapshot::{Known, Missing, Snapshot, Unread, format};

use super::host::{read_snapshot, summary};
use crate::error::CliError;
use crate::{input, output};

#[derive(Debug, Subcommand)]
pub(crate) enum SnapshotCommand {
    Show(Show),
    Check(Check),
    Upgrade(Upgrade),
}

/// Show what a snapshot holds, what is absent and what could not be read
#[derive(Debug, Args)]
pub(crate) struct Show {
    /// The snapshot; `-` for stdin
    file: PathBuf,
    /// Print the content of this file, or output of this command, instead
    #[arg(long, value_name = "PATH|COMMAND")]
    content: Option<String>,
}

/// Check that a snapshot can be read, and say what is missing of it
///
/// Ends with 3 where something in it could not be read.
#[derive(Debug, Args)]
pub(crate) struct Check {
    /// The snapshot; `-` for stdin
    file: PathBuf,
}

/// Write a snapshot in the newest version of the format
#[derive(Debug, Args)]
pub(crate) struct Upgrade {
    /// The snapshot; `-` for stdin
    file: PathBuf,
    /// Where to write it. Default: standard output
    #[arg(short, long, value_name = "FILE")]
    output: Option<PathBuf>,
}

impl SnapshotCommand {
    pub(crate) fn run(self) -> Result<ExitCode, CliError> {
        match self {
            SnapshotCommand::Show(show) => show.run(),
            SnapshotCommand::Check(check) => check.run(),
            SnapshotCommand::Upgrade(upgrade) => upgrade.run(),
        }
    }
}

impl Show {
    fn run(self) -> Result<ExitCode, CliError> {
        let snapshot = read_snapshot(&self.file)?;
        match &self.content {
            Some(name) => print_content(&snapshot, name)?,
            None => output::data(&shown(&snapshot))?,
        }
        Ok(ExitCode::SUCCESS)
    }
}

fn print_content(snapshot: &Snapshot, name: &str) -> Result<(), CliError> {
    let evidence = &snapshot.evidence;
    let known = if name.starts_with('/') { evidence.file(name) } else { evidence.command(name) };
    match known {
        Known::Captured(content) => output::bytes(content.bytes()),
        other => Err(CliError::failure(format_args!("{name}: {}", other.map(|_| ())))),
    }
}

fn shown(snapshot: &Snapshot) -> String {
    let mut text = summary(snapshot);
    text.push('\n');
    if let Some(captured) = &snapshot.captured {
        text.push_str(&format!("taken by elevate {}\n", captured.tool_version));
    }
    let evidence = &snapshot.evidence;
    let mut list = |title: &str, lines: Vec<String>| {
        if !lines.is_empty() {
            text.push_str(&format!("\n{title}:\n"));
            lines.iter().for_each(|line| text.push_str(&format!("  {line}\n")));
        }
    };
    list(
        "files",
        evidence
            .files
            .iter()
            .map(|(path, content)| format!("{path} ({} bytes)", content.bytes().len()))
            .collect(),
    );
    list("outputs of commands", evidence.commands.keys().cloned().collect());
    let missing =
        |wanted: fn(&Missing) -> bool| evidence.missing.iter().filter(move |(_, m)| wanted(m));
    list(
        "absent",
        missing(|m| matches!(m, Missing::Absent)).map(|(path, _)| path.clone()).collect(),
    );
    list(
        "not held (by an archive, or outside of a mounted root)",
        missing(|m| matches!(m, Missing::NotHeld)).map(|(path, _)| path.clone()).collect(),
    );
    list("unreadable", unreadable(snapshot));
    list(
        "secrets taken out",
        evidence.redacted.iter().map(|(path, count)| format!("{path}: {count}")).collect(),
    );
    let remark = |unread: &Unread| match unread.text.as_str() {
        "" => format!("{}: {}", unread.file, unread.why),
        text => format!("{}: {text}: {}", unread.file, unread.why),
    };
    list("remarks", snapshot.unread.iter().map(remark).collect());
    text
}

fn unreadable(snapshot: &Snapshot) -> Vec<String> {
    let missing = snapshot.evidence.missing.iter();
    let line = |(path, missing): (&String, &Missing)| match missing {
        Missing::Unreadable(why) => Some(format!("{path}: {why}")),
        Missing::Absent | Missing::NotHeld => None,
    };
    missing.filter_map(line).collect()
}

impl Check {
    fn run(self) -> Result<ExitCode, CliError> {
        let bytes = input::read(&self.file, format::MAX_BYTES)?;
        let name = input::shown(&self.file);
        let read = Snapshot::read(&bytes)
            .map_err(|error| CliError::failure(format_args!("{name}: {error}")))?;
        let version = read.snapshot.version;
        let mut text =
            format!("version {version} of {}\n{}\n", format::VERSION, summary(&read.snapshot));
        for field in &read.ignored {
            text.push_str(&format!("unknown field: {field}\n"));
        }
        let unreadable = unreadable(&read.snapshot);
        unreadable.iter().for_each(|line| text.push_str(&format!("unreadable: {line}\n")));
        output::data(&text)?;
        Ok(ExitCode::from(if unreadable.is_empty() { 0 } else { 3 }))
    }
}

impl Upgrade {
    fn run(self) -> Result<ExitCode, CliError> {
        let snapshot = Snapshot { version: format::VERSION, ..read_snapshot(&self.file)? };
        match &self.output {
            Some(path) => output::file(path, snapshot.to_json().as_bytes())?,
            None => output::data(&snapshot.to_json())?,
        }
        Ok(ExitCode::SUCCESS)
    }
}
