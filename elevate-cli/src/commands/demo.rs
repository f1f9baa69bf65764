//! `elevate demo`

use std::process::ExitCode;

use clap::Args;
use elevate_core::demo;
use elevate_core::model::{Distro, Release, System};
use elevate_core::pipeline;
use elevate_core::request::Options;

use super::report::ReportArgs;
use crate::error::CliError;

/// What the invented data lead to.
const TARGET: System = System { distro: Distro::AlmaLinux, release: Release::new(8, 10) };

/// Plans the upgrade of the built-in host: every kind of fate, one inhibitor.
/// Ends with 0 whatever the plan says.
#[derive(Debug, Args)]
pub(crate) struct Demo {
    #[command(flatten)]
    report: ReportArgs,
}

impl Demo {
    pub(crate) fn run(self) -> Result<ExitCode, CliError> {
        let snapshot = demo::snapshot().map_err(CliError::failure)?;
        let options = Options::new(pipeline::path_to(&snapshot, TARGET));
        let plan = pipeline::plan(&snapshot, &demo::data(), &options).map_err(CliError::failure)?;
        self.report.print(plan)?;
        Ok(ExitCode::SUCCESS)
    }
}
