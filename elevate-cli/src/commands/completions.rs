//! `elevate completions SHELL`

use std::process::ExitCode;

use clap::builder::PossibleValuesParser;
use clap::{Arg, Args, Command, CommandFactory as _, ValueEnum, ValueHint};
use clap_complete::{Shell, generate};
use elevate_core::upgrade_data::repo_map::Channel;

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

const NAME: &str = "elevate";

/// What `--as` and `--report-schema` take.
const POLICIES: [&str; 2] = ["default", "leapp-0.21"];
const SCHEMAS: [&str; 3] = ["1.0.0", "1.1.0", "1.2.0"];

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
        let mut command = described(Cli::command());
        let mut text = Vec::new();
        generate(shell, &mut command, NAME, &mut text);
        if self.shell == Known::Fish {
            text.extend(fish_values(&command).bytes());
        }
        output::bytes(&text)?;
        Ok(ExitCode::SUCCESS)
    }
}

/// The command as shells are told of it: files are offered where a value is one, and words
/// where these are all there are.
fn described(command: Command) -> Command {
    command.mut_args(offered).mut_subcommands(described)
}

fn offered(arg: Arg) -> Arg {
    let words: Vec<&'static str> = match arg.get_long() {
        Some("as") => POLICIES.into(),
        Some("channel") => Channel::SPELLINGS.map(|(spelling, _)| spelling).into(),
        Some("report-schema") => SCHEMAS.into(),
        _ => Vec::new(),
    };
    if !words.is_empty() {
        return arg.value_parser(PossibleValuesParser::new(words));
    }
    let names = arg.get_value_names().unwrap_or_default();
    let is_file = names.iter().any(|name| name.contains("FILE") || name.contains("DIR"));
    match arg.get_value_hint() {
        _ if !arg.get_action().takes_values() || !arg.get_possible_values().is_empty() => arg,
        ValueHint::Unknown if is_file => arg.value_hint(ValueHint::AnyPath),
        ValueHint::Unknown => arg.value_hint(ValueHint::Other),
        _ => arg,
    }
}

/// The words an argument of a command may be, which the generator for fish leaves out.
fn fish_values(command: &Command) -> String {
    let mut text = String::new();
    for of in command.get_subcommands() {
        for value in of.get_positionals().flat_map(Arg::get_possible_values) {
            let help = value.get_help().map(ToString::to_string).unwrap_or_default();
            let help = help.replace('\\', "\\\\").replace('\'', "\\'");
            text += &format!(
                "complete -c {NAME} -n \"__fish_{NAME}_using_subcommand {}\" -f -a \"{}\" -d '{help}'\n",
                of.get_name(),
                value.get_name(),
            );
        }
    }
    text
}

#[cfg(test)]
mod tests {
    use super::*;
    use elevate_core::report::leapp::Schema;
    use elevate_core::request::Policy;

    #[test]
    fn the_words_that_are_offered_are_those_that_are_taken() {
        assert!(POLICIES.iter().all(|word| word.parse::<Policy>().is_ok()));
        assert_eq!(SCHEMAS.map(str::to_owned), Schema::ALL.map(|schema| schema.to_string()));
    }
}
