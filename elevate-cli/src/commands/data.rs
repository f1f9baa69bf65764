//! `elevate data lint DIR`

use std::path::PathBuf;
use std::process::ExitCode;

use clap::{Args, Subcommand, ValueEnum};
use elevate_core::model::Release;
use elevate_core::upgrade_data::lint::lint;
use elevate_core::upgrade_data::{Level, Remark, UpgradeData};

use super::plan::read_data;
use crate::error::CliError;
use crate::output;

#[derive(Debug, Subcommand)]
pub(crate) enum Data {
    Lint(Lint),
}

/// Check a data directory for what would harm or puzzle hosts
///
/// Checks a data directory: broken files, events that fire on every host,
/// repositories no map resolves, protected packages that would be removed, and
/// so on. Ends with 2 where a remark is an error.
#[derive(Debug, Args)]
pub(crate) struct Lint {
    /// The directory, in the layout of /etc/leapp/files
    directory: PathBuf,
    /// Release the path starts at
    #[arg(long, value_name = "X.Y", default_value = "7.9")]
    source: Release,
    /// Release the path leads to
    #[arg(long, value_name = "X.Y", default_value = "8.10")]
    target: Release,
    /// How to print the remarks
    #[arg(long, value_enum, default_value_t = Format::Text)]
    format: Format,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
enum Format {
    /// A line a remark
    Text,
    /// One JSON document
    Json,
}

impl Data {
    pub(crate) fn run(self) -> Result<ExitCode, CliError> {
        let Data::Lint(args) = self;
        let directory = read_data(&args.directory, None)?;
        let data = UpgradeData::from_directory(&directory);
        let remarks = lint(&data, args.source, args.target);
        let errors = remarks.iter().filter(|r| r.level == Level::Error).count();
        match args.format {
            Format::Text => print_text(&data, &remarks)?,
            Format::Json => output::data(&json(&remarks))?,
        }
        Ok(if errors == 0 { ExitCode::SUCCESS } else { ExitCode::from(2) })
    }
}

fn print_text(data: &UpgradeData, remarks: &[Remark]) -> Result<(), CliError> {
    let mut text: String = remarks.iter().map(|remark| format!("{remark}\n")).collect();
    let count = |level| remarks.iter().filter(|r| r.level == level).count();
    text.push_str(&format!(
        "files: {}, errors: {}, warnings: {}, notes: {}\n",
        data.files.len(),
        count(Level::Error),
        count(Level::Warning),
        count(Level::Note)
    ));
    output::data(&text)
}

fn json(remarks: &[Remark]) -> String {
    let remark = |r: &Remark| {
        serde_json::json!({
            "level": r.level.to_string(),
            "code": r.code,
            "file": r.file,
            "place": r.place,
            "message": r.message,
        })
    };
    let remarks: Vec<_> = remarks.iter().map(remark).collect();
    let document =
        serde_json::json!({"format": "elevate-data-lint", "version": 1, "remarks": remarks});
    format!("{document:#}\n")
}
