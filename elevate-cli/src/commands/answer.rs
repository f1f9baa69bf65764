//! `elevate answer`

use std::path::PathBuf;
use std::process::ExitCode;

use clap::Args;
use elevate_core::question::{Answers, Edited, edit};

use crate::error::CliError;
use crate::{input, output};

/// The largest answer file, in bytes.
const LARGEST: usize = 1 << 20;
/// Where leapp looks for answers.
const ANSWERFILE: &str = "/var/log/leapp/answerfile";

/// Answer questions in leapp's answer file
///
/// Puts answers into the file, in place of those that stand there. Remarks stay.
///
/// `elevate plan --format answerfile` writes a file with the questions of a host, their
/// choices and what either means.
#[derive(Debug, Args)]
#[command(after_help = HELP)]
pub(crate) struct Answer {
    /// An answer, such as authselect_check.confirm=True (repeatable; several with commas
    /// between)
    #[arg(long = "section", value_name = "SCOPE.KEY=VALUE", required = true)]
    answers: Vec<String>,
    /// Add sections that are not there
    #[arg(long)]
    add: bool,
    /// The answer file
    #[arg(long, value_name = "FILE", default_value = ANSWERFILE)]
    answerfile: PathBuf,
}

const HELP: &str = "\
Examples:
  elevate plan --snapshot web.json --target almalinux:8.10 --format answerfile \\
    -o answers
  elevate answer --answerfile answers --section authselect_check.confirm=True
  elevate plan --snapshot web.json --target almalinux:8.10 --answers answers

Exit codes:
  0   the answers stand in the file; a section that is not there was warned of
  1   the file cannot be read or written
  64  wrong usage: what is not SCOPE.KEY=VALUE, or says neither yes nor no

Files:
  /var/log/leapp/answerfile  where --answerfile names no other";

impl Answer {
    pub(crate) fn run(self) -> Result<ExitCode, CliError> {
        let answers = self.answers.iter().flat_map(|list| list.split(','));
        let answers: Vec<_> = answers.map(parts).collect::<Result<_, _>>()?;
        let mut text = self.read()?;
        for (scope, key, value) in answers {
            if edit(&mut text, &scope, &key, &value, self.add) == Edited::NoSection {
                output::talk(format_args!(
                    "warning: {} has no section [{scope}]; --add makes one",
                    self.answerfile.display()
                ));
            }
        }
        output::file(&self.answerfile, text.as_bytes())?;
        Ok(ExitCode::SUCCESS)
    }

    /// The file as it is; with `--add` it need not be there.
    fn read(&self) -> Result<String, CliError> {
        if self.add && !self.answerfile.exists() {
            return Ok(String::new());
        }
        let name = input::shown(&self.answerfile);
        let failed =
            |error: &dyn std::fmt::Display| CliError::failure(format_args!("{name}: {error}"));
        let bytes = input::read(&self.answerfile, LARGEST)?;
        let text = String::from_utf8(bytes).map_err(|error| failed(&error))?;
        Answers::default().read(&text).map_err(|error| failed(&error))?;
        Ok(text)
    }
}

/// Scope, key and value of an answer that says yes or no.
fn parts(text: &str) -> Result<(String, String, String), CliError> {
    let mut answers = Answers::default();
    answers.take(text).map_err(CliError::usage)?;
    let (name, _) = text.split_once('=').unwrap_or((text, ""));
    let (scope, key) = name.split_once('.').unwrap_or((name, ""));
    let (scope, key) = (scope.trim(), key.trim().to_lowercase());
    let is_word = |c: char| c.is_ascii_alphanumeric() || "_-".contains(c);
    if !scope.chars().chain(key.chars()).all(is_word) {
        let what = "names have letters, digits, underscores and hyphens";
        return Err(CliError::usage(format_args!("{text:?}: {what}")));
    }
    let answer = answers.get(scope, &key).map_err(CliError::usage)?;
    let Some(answer) = answer else {
        return Err(CliError::usage(format_args!("{text:?} says nothing; write True or False")));
    };
    Ok((scope.to_owned(), key, Answers::word(answer).to_owned()))
}
