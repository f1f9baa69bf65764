//! `elevate completions SHELL`

use std::process::ExitCode;

use clap::{Args, CommandFactory as _, ValueEnum};
use clap_complete::{Shell, generate};

use crate::error::CliError;
use crate::{Cli, output};

/// Print what a shell needs to complete commands and options
#[derive(Debug, Args)]
#[command(after_help = EXAMPLES)]
pub(crate) struct Completions {
    /// Which shell
    shell: Known,
}

const EXAMPLES: &str = "\
Examples:
  elevate completions bash > /etc/bash_completion.d/elevate
  elevate completions zsh > /usr/share/zsh/site-functions/_elevate
  elevate completions fish > ~/.config/fish/completions/elevate.fish";

/// The shells that are tested.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
enum Known {
    /// bash, with the package bash-completion or without
    Bash,
    /// zsh
    Zsh,
    /// fish
    Fish,
}

impl Completions {
    pub(crate) fn run(&self) -> Result<ExitCode, CliError> {
        let shell = match self.shell {
            Known::Bash => Shell::Bash,
            Known::Zsh => Shell::Zsh,
            Known::Fish => Shell::Fish,
        };
        let mut text = Vec::new();
        generate(shell, &mut Cli::command(), "elevate", &mut text);
        output::bytes(&text)?;
        Ok(ExitCode::SUCCESS)
    }
}
