//! `elevate pack`

use std::fmt::Write as _;
use std::path::{Path, PathBuf};
use std::process::ExitCode;

use clap::{Args, Subcommand};
use elevate_core::pack::{self, Pack, SHIPPED, Shipped, functions};
use elevate_core::snapshot::collect;

use crate::error::CliError;
use crate::{input, output};

/// Work on packs of declared rules
#[derive(Debug, Subcommand)]
pub(crate) enum PackCommand {
    /// Tell what is wrong with a pack
    Lint(Lint),
    /// Run the tests of a pack
    Test(Test),
    /// Begin a pack: a directory with a manifest, a rule and its tests
    New(New),
    /// List what conditions of rules may ask
    Functions(Functions),
}

/// Tells what is wrong with a pack, by file, line and column. Ends with 2 where something is.
#[derive(Debug, Args)]
pub(crate) struct Lint {
    /// Its directory
    directory: PathBuf,
}

/// Runs the tests of a pack. Ends with 2 where one fails.
#[derive(Debug, Args)]
pub(crate) struct Test {
    /// Its directory
    directory: PathBuf,
}

/// Begins a pack: writes a directory of its name with a manifest, a rule and its tests,
/// which hold.
#[derive(Debug, Args)]
pub(crate) struct New {
    /// Its name: lower-case letters, digits and hyphens
    name: String,
    /// Where to make its directory. Default: here
    #[arg(long, value_name = "DIR")]
    dir: Option<PathBuf>,
}

/// Lists the functions that conditions of rules may call, and what each is read from.
#[derive(Debug, Args)]
pub(crate) struct Functions {}

/// How a command ends that found something wrong.
pub(super) const WRONG: u8 = 2;

impl PackCommand {
    pub(crate) fn run(self) -> Result<ExitCode, CliError> {
        match self {
            PackCommand::Lint(lint) => lint.run(),
            PackCommand::Test(test) => test.run(),
            PackCommand::New(new) => new.run(),
            PackCommand::Functions(functions) => functions.run(),
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
        let (mut text, failed) = tested(&pack)?;
        let _ = writeln!(text, "{} tests, {failed} failed", pack.trials.len());
        output::data(&text)?;
        Ok(if failed == 0 { ExitCode::SUCCESS } else { ExitCode::from(WRONG) })
    }
}

/// How the tests of a pack end, and how many fail.
pub(super) fn tested(pack: &Pack) -> Result<(String, usize), CliError> {
    let (mut text, mut failed) = (String::new(), 0);
    for trial in &pack.trials {
        let Some(failure) = trial.run(pack).map_err(CliError::failure)? else {
            let _ = writeln!(text, "ok      {}", trial.name);
            continue;
        };
        failed += 1;
        let _ = writeln!(text, "FAILED  {}", failure.name);
        for why in &failure.why {
            let _ = writeln!(text, "        {why}");
        }
    }
    Ok((text, failed))
}

impl New {
    fn run(&self) -> Result<ExitCode, CliError> {
        let files = pack::skeleton(&self.name).map_err(CliError::usage)?;
        let directory = self.dir.clone().unwrap_or_default().join(&self.name);
        if directory.symlink_metadata().is_ok() {
            return Err(CliError::failure(format_args!(
                "{} is there already",
                directory.display()
            ))
            .hint("take another name, or another place with --dir"));
        }
        output::new_directory(&directory, &files)?;
        let written = files.keys().map(|name| format!("{}\n", directory.join(name).display()));
        output::data(&written.collect::<String>())?;
        output::talk(format_args!("elevate pack test {} runs its tests", directory.display()));
        Ok(ExitCode::SUCCESS)
    }
}

impl Functions {
    fn run(&self) -> Result<ExitCode, CliError> {
        let mut text = String::new();
        for (_, how) in functions::NAMES {
            let _ = writeln!(text, "{how}");
        }
        output::data(&format!("{text}\n{}\n", functions::STARS))?;
        Ok(ExitCode::SUCCESS)
    }
}

/// Reads a pack that has to be whole: that of a directory, or one that ships, by name.
pub(super) fn read(directory: &Path) -> Result<Pack, CliError> {
    let shipped = directory.to_str().and_then(Shipped::named);
    let files = match shipped {
        Some(shipped) if !directory.is_dir() => shipped.files(),
        _ => files(directory).map_err(|error| {
            let names = SHIPPED.iter().map(|shipped| shipped.name).collect::<Vec<_>>();
            error.hint(format!("name the directory of a pack, or one of {}", names.join(", ")))
        })?,
    };
    Pack::read(&files).map_err(|errors| {
        let all = errors.len();
        let first = errors.first().map(ToString::to_string).unwrap_or_default();
        CliError::failure(format_args!("{}/{first}", directory.display())).hint(format!(
            "elevate pack lint {} shows all that is wrong with it: {all}",
            directory.display()
        ))
    })
}

/// What a capture takes for these packs besides all else.
pub(super) fn collected(packs: &[PathBuf]) -> Result<Vec<collect::Item>, CliError> {
    let mut items = Vec::new();
    for directory in packs {
        let lines = read(directory)?.manifest.collect.join("\n");
        items.extend(collect::parse(&lines).map_err(CliError::failure)?);
    }
    Ok(items)
}

/// The files of a pack, by name.
fn files(directory: &Path) -> Result<std::collections::BTreeMap<String, String>, CliError> {
    input::texts(directory, "toml", pack::LARGEST)
}
