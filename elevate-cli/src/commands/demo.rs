//! `elevate demo`

use std::process::ExitCode;

use clap::Args;
use elevate_core::demo;
use elevate_core::model::{Distro, Release, System};
use elevate_core::pipeline;
use elevate_core::request::Options;

use super::report::{FailOn, ReportArgs};
use crate::error::CliError;

/// What the invented data lead to.
const TARGET: System = System { distro: Distro::AlmaLinux, release: Release::new(8, 10) };

/// Plan the upgrade of an invented host with invented data, both built in
///
/// It has packages with every kind of fate, and one inhibitor. Ends with 0 whatever the plan says, unless --fail-on is given.
#[derive(Debug, Args)]
#[command(after_help = EXAMPLES)]
pub(crate) struct Demo {
    #[command(flatten)]
    report: ReportArgs,
}

const EXAMPLES: &str = "\
Examples:
  elevate demo
  elevate demo --full
  elevate demo --format json | jq .counts";

impl Demo {
    pub(crate) fn run(self) -> Result<ExitCode, CliError> {
        let snapshot = demo::snapshot().map_err(CliError::failure)?;
        let options = Options::new(pipeline::path_to(&snapshot, TARGET));
        let plan = pipeline::plan(&snapshot, &demo::data(), &options).map_err(CliError::failure)?;
        self.report.print_and_fail_on(plan, FailOn::Never)
    }
}
