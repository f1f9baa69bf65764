//! `elevate diff`

use std::path::{Path, PathBuf};
use std::process::ExitCode;

use clap::{Args, ValueEnum};
use elevate_core::report::diff;
use elevate_core::report::reading::{self, Document};
use elevate_core::snapshot::diff::{self as snapshots, SnapshotDiff};
use elevate_core::snapshot::{Snapshot, format};

use crate::error::CliError;
use crate::{input, output};

/// Exit code of documents that differ, where it is asked for.
const DIFFERENT: u8 = 2;

/// Say what is different between two plans, reports or snapshots, and why
///
/// A report may be one of leapp's (leapp-report.json of any schema). A plan beside a report is
/// compared as a report. Files may be compressed.
///
/// Ends with 0 whether they differ or not, unless --exit-code is given.
#[derive(Debug, Args)]
#[command(after_help = EXAMPLES)]
pub(crate) struct Diff {
    /// The first: a plan, a report or a snapshot; `-` for stdin
    before: PathBuf,
    /// The second
    after: PathBuf,
    /// End with 2 where they are different
    #[arg(long)]
    exit_code: bool,
    /// How to print the difference
    #[arg(long, value_enum, default_value_t = Format::Text)]
    format: Format,
}

const EXAMPLES: &str = "\
Examples:
  elevate diff before.json after.json
  elevate diff --exit-code monday.json tuesday.json
  elevate diff leapp-report.json plan.json";

/// How a difference is printed.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
enum Format {
    /// For people
    Text,
    /// As a JSON document (elevate schema diff, elevate schema snapshot-diff)
    Json,
}

/// One of the two documents.
enum Side {
    Snapshot(Box<Snapshot>),
    Other(Box<Document>),
}

impl Diff {
    pub(crate) fn run(self) -> Result<ExitCode, CliError> {
        if self.before == Path::new("-") && self.after == Path::new("-") {
            return Err(CliError::usage("only one of the two can be read from stdin"));
        }
        let (before, after) = (Side::read(&self.before)?, Side::read(&self.after)?);
        let (text, different) = match (before, after) {
            (Side::Snapshot(before), Side::Snapshot(after)) => {
                let diff = SnapshotDiff::of(&before, &after);
                (self.of_snapshots(&diff)?, diff.different)
            }
            (Side::Other(before), Side::Other(after)) => {
                let diff = before.diff(&after);
                (self.of_reports(&diff)?, diff.different)
            }
            _ => {
                return Err(CliError::usage("a snapshot can be compared with a snapshot only")
                    .hint("plan both hosts first: elevate plan --snapshot FILE --format json"));
            }
        };
        output::data(&text)?;
        Ok(ExitCode::from(if different && self.exit_code { DIFFERENT } else { 0 }))
    }

    fn of_snapshots(&self, diff: &SnapshotDiff) -> Result<String, CliError> {
        match self.format {
            Format::Text => Ok(snapshots::render(diff)),
            Format::Json => diff.to_json().map_err(CliError::failure),
        }
    }

    fn of_reports(&self, diff: &diff::Diff) -> Result<String, CliError> {
        match self.format {
            Format::Text => Ok(diff::render(diff)),
            Format::Json => diff.to_json().map_err(CliError::failure),
        }
    }
}

impl Side {
    fn read(path: &Path) -> Result<Self, CliError> {
        let json = input::document(path, format::MAX_BYTES)?;
        let name = input::shown(path);
        let kind = reading::format_of(&json).map_err(|error| failed(&name, &error))?;
        if kind.as_deref() != Some("elevate-snapshot") {
            let document = Document::read(&json).map_err(|error| failed(&name, &error))?;
            return Ok(Self::Other(Box::new(document)));
        }
        let read = Snapshot::read(&json).map_err(|error| failed(&name, &error))?;
        for field in &read.ignored {
            output::talk(format_args!("warning: {name}: {field} is not known and was ignored"));
        }
        Ok(Self::Snapshot(Box::new(read.snapshot)))
    }
}

fn failed(name: &str, error: &impl std::fmt::Display) -> CliError {
    CliError::failure(format_args!("{name}: {error}"))
}
