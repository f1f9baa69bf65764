//! `elevate export`

use std::path::{Path, PathBuf};
use std::process::ExitCode;

use clap::{Args, ValueEnum};
use elevate_core::export::{Export as Made, ExportError, What};
use elevate_core::plan::{Plan, Verdict};

use crate::commands::report::read_plan;
use crate::error::CliError;
use crate::output;

/// Make a plan into something others carry out
///
/// What the format cannot say is told on stderr, and in a comment of the file where the
/// format has comments.
#[derive(Debug, Args)]
#[command(after_help = HELP)]
pub(crate) struct Export {
    /// A plan, as `elevate plan --format json` writes it; - for standard input
    #[arg(value_name = "PLAN")]
    plan: PathBuf,
    /// What to make of it
    #[arg(long, value_enum, value_name = "WHAT")]
    to: To,
    /// How to print the list (air-gap)
    #[arg(long, value_enum, default_value_t = Format::Text)]
    format: Format,
    /// Write to this file, whole or not at all
    #[arg(long, short, value_name = "FILE", conflicts_with = "directory")]
    output: Option<PathBuf>,
    /// Write below this directory, which is made where it is not there
    #[arg(long, value_name = "DIR")]
    directory: Option<PathBuf>,
    /// Make what runs although the plan forbids the upgrade, write over other files in the
    /// directory, and end with 0
    #[arg(long)]
    force: bool,
}

const HELP: &str = "\
Examples:
  elevate export plan.json --to leapp --directory web1
  elevate export plan.json --to dnf-transaction -o transaction.json
  elevate export plan.json --to shell -o upgrade.sh; sh upgrade.sh list
  elevate export plan.json --to air-gap-urls | wget -i -

Exit codes:
  0   written, and nothing forbids the upgrade
  1   the plan cannot be read, or lacks what is asked for
  2   written, but something forbids the upgrade or there is no transaction
  3   written, but the plan is incomplete: facts are missing
  64  wrong usage";

/// What a plan can be made into.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
enum To {
    /// leapp's own inputs: lists, repositories, answers (a directory)
    Leapp,
    /// What dnf history replay reads
    DnfTransaction,
    /// What leapp's plugin for dnf reads
    PluginData,
    /// A script for any POSIX shell, step by step
    Shell,
    /// A playbook of Ansible: steps, and what findings propose
    Ansible,
    /// What to carry to a host without a network, as a table
    AirGap,
    /// Addresses to fetch, for wget -i and aria2c -i
    AirGapUrls,
    /// SHA-256 sums of these files, for sha256sum -c
    AirGapSums,
}

/// How a list is printed.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
enum Format {
    /// For people
    Text,
    /// As a JSON document (elevate schema air-gap)
    Json,
}

impl Export {
    pub(crate) fn run(self) -> Result<ExitCode, CliError> {
        let what = self.what();
        if self.format == Format::Json && what != What::AirGapJson {
            return Err(CliError::usage(format_args!("--format json is for --to air-gap")));
        }
        if what.is_tree() && self.directory.is_none() {
            return Err(CliError::usage(format_args!("--to {what} makes several files"))
                .hint("say where with --directory"));
        }
        let plan = read_plan(&self.plan)?;
        let made = Made::of(&plan, what, self.force).map_err(lacking)?;
        self.write(&made)?;
        for remark in &made.remarks {
            output::talk(format_args!("warning: {remark}"));
        }
        Ok(ExitCode::from(if self.force { 0 } else { code(&plan) }))
    }

    fn what(&self) -> What {
        match self.to {
            To::Leapp => What::Leapp,
            To::DnfTransaction => What::DnfTransaction,
            To::PluginData => What::PluginData,
            To::Shell => What::Shell,
            To::Ansible => What::Ansible,
            To::AirGap if self.format == Format::Json => What::AirGapJson,
            To::AirGap => What::AirGap,
            To::AirGapUrls => What::AirGapUrls,
            To::AirGapSums => What::AirGapSums,
        }
    }

    fn write(&self, made: &Made) -> Result<(), CliError> {
        let files = || made.files.iter().map(|file| (Path::new(&file.path), file.content.as_str()));
        match (&self.directory, &self.output) {
            (Some(directory), _) => output::tree(directory, files(), self.force),
            (None, Some(path)) => {
                files().try_for_each(|(_, text)| output::file(path, text.as_bytes()))
            }
            (None, None) => files().try_for_each(|(_, text)| output::data(text)),
        }
    }
}

fn lacking(error: ExportError) -> CliError {
    let hint = match error {
        ExportError::NoTransaction(_) => {
            "plan with target repositories: elevate plan --repo, --repo-file or --fetch"
        }
        ExportError::NoLists(_) => "elevate explain PLAN tells what leapp would end for",
        ExportError::Write(_) => return CliError::failure(error),
    };
    CliError::failure(error).hint(hint)
}

fn code(plan: &Plan) -> u8 {
    match plan.verdict {
        Verdict::Inhibited => 2,
        _ if plan.transaction.is_none() => 2,
        Verdict::Incomplete => 3,
        Verdict::Ready => 0,
    }
}
