//! Failures as users see them: what happened, what to do, which exit code.

use std::process::ExitCode;

use crate::output;

/// The tool failed, or was called wrongly.
#[derive(Debug)]
pub(crate) struct CliError {
    message: String,
    hint: Option<String>,
    code: u8,
}

/// Exit code of a failure.
const FAILURE: u8 = 1;
/// Exit code of wrong usage; clap's own would be taken for inhibitors.
const USAGE: u8 = 64;

impl CliError {
    /// An input is missing or malformed.
    pub(crate) fn failure(message: impl ToString) -> Self {
        Self { message: message.to_string(), hint: None, code: FAILURE }
    }

    /// The arguments do not fit together.
    pub(crate) fn usage(message: impl ToString) -> Self {
        Self { message: message.to_string(), hint: None, code: USAGE }
    }

    /// Ends with another exit code.
    pub(crate) fn with_code(mut self, code: u8) -> Self {
        self.code = code;
        self
    }

    /// Adds what to do.
    pub(crate) fn hint(mut self, hint: impl Into<String>) -> Self {
        self.hint = Some(hint.into());
        self
    }

    /// Tells it, and gives the exit code.
    pub(crate) fn report(&self) -> ExitCode {
        output::talk(format_args!("error: {}", self.message));
        if let Some(hint) = &self.hint {
            output::talk(format_args!("hint: {hint}"));
        }
        ExitCode::from(self.code)
    }
}

/// Prints what clap has to say: help and version on stdout with code 0, wrong
/// usage on stderr with 64.
pub(crate) fn usage(error: &clap::Error) -> ExitCode {
    let _ = error.print();
    if error.use_stderr() { ExitCode::from(USAGE) } else { ExitCode::SUCCESS }
}
