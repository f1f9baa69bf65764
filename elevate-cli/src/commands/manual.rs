//! `elevate manual`

use std::path::PathBuf;
use std::process::ExitCode;

use clap::Args;

use crate::error::CliError;
use crate::{manual, output};

/// Writes the manual pages of this version: a page for every command, and one for every
/// format.
#[derive(Debug, Args)]
pub(crate) struct Manual {
    /// Directory to write them to; it is made where it is not there
    #[arg(long, short, value_name = "DIR")]
    output: PathBuf,
}

impl Manual {
    pub(crate) fn run(&self) -> Result<ExitCode, CliError> {
        for page in manual::pages().map_err(CliError::failure)? {
            output::page(&self.output, &page.name, page.text.as_bytes())?;
        }
        Ok(ExitCode::SUCCESS)
    }
}
