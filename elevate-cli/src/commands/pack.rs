//! `elevate pack`

use std::fmt::Write as _;
use std::path::{Path, PathBuf};
use std::process::ExitCode;

use clap::{Args, Subcommand};
use elevate_core::pack::{self, Pack};

use crate::error::CliError;
use crate::{input, output};

/// Work on packs of declared rules
#[derive(Debug, Subcommand)]
pub(crate) enum PackCommand {
    Lint(Lint),
    Test(Test),
}

/// Tell what is wrong with a pack
///
/// By file, line and column. Ends with 2 where something is wrong.
#[derive(Debug, Args)]
pub(crate) struct Lint {
    /// Its directory
    directory: PathBuf,
}

/// Run the tests of a pack
///
/// Ends with 2 where one fails.
#[derive(Debug, Args)]
pub(crate) struct Test {
    /// Its directory
    directory: PathBuf,
}

/// How a command ends that found something wrong.
const WRONG: u8 = 2;

impl PackCommand {
    pub(crate) fn run(self) -> Result<ExitCode, CliError> {
        match self {
            PackCommand::Lint(lint) => lint.run(),
            PackCommand::Test(test) => test.run(),
        }
    }
}

impl Lint {
    fn run(&self) -> Result<ExitCode, CliError> {
        match Pack::read(&files(&self.directory)?) {
            Ok(pack) => {
                let (actors, trials) = (pack.actors.len(), pack.trials.len());
                output::data(&format!(
                    "{}: {actors} actors, {trials} tests\n",
                    pack.manifest.name
                ))?;
                Ok(ExitCode::SUCCESS)
            }
            Err(errors) => {
                let place = self.directory.display();
                let lines = errors.iter().map(|error| format!("{place}/{error}\n"));
                output::data(&lines.collect::<String>())?;
                Ok(ExitCode::from(WRONG))
            }
        }
    }
}

impl Test {
    fn run(&self) -> Result<ExitCode, CliError> {
        let pack = read(&self.directory)?;
        let (mut text, mut failed) = (String::new(), 0);
        for trial in &pack.trials {
            match trial.run(&pack).map_err(CliError::failure)? {
                None => {
                    let _ = writeln!(text, "ok      {}", trial.name);
                }
                Some(failure) => {
                    failed += 1;
                    let _ = writeln!(text, "FAILED  {}", failure.name);
                    for why in &failure.why {
                        let _ = writeln!(text, "        {why}");
                    }
                }
            }
        }
        let _ = writeln!(text, "{} tests, {failed} failed", pack.trials.len());
        output::data(&text)?;
        Ok(if failed == 0 { ExitCode::SUCCESS } else { ExitCode::from(WRONG) })
    }
}

/// Reads a pack that has to be whole.
pub(super) fn read(directory: &Path) -> Result<Pack, CliError> {
    Pack::read(&files(directory)?).map_err(|errors| {
        let all = errors.len();
        let first = errors.first().map(ToString::to_string).unwrap_or_default();
        CliError::failure(format_args!("{}/{first}", directory.display())).hint(format!(
            "elevate pack lint {} shows all that is wrong with it: {all}",
            directory.display()
        ))
    })
}

/// The files of a pack, by name.
fn files(directory: &Path) -> Result<std::collections::BTreeMap<String, String>, CliError> {
    input::texts(directory, "toml", pack::LARGEST)
}
