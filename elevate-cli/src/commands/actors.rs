//! `elevate actors`

use std::fmt::Write as _;
use std::process::ExitCode;

use clap::{Args, Subcommand};
use elevate_core::actor::{Card, Stage};
use elevate_core::pipeline::RuleSet;

use crate::error::CliError;
use crate::output;

/// Look at the rules that check a host
#[derive(Debug, Subcommand)]
pub(crate) enum Actors {
    List(List),
    Show(Show),
}

/// List them
#[derive(Debug, Args)]
pub(crate) struct List {
    /// Only those that can forbid an upgrade
    #[arg(long)]
    inhibitors: bool,
}

/// Show what one of them does, why that matters and what to do
#[derive(Debug, Args)]
pub(crate) struct Show {
    /// Its name, or that of an actor of leapp
    name: String,
}

impl Actors {
    pub(crate) fn run(self) -> Result<ExitCode, CliError> {
        match self {
            Actors::List(list) => list.run(),
            Actors::Show(show) => show.run(),
        }
    }
}

impl List {
    fn run(&self) -> Result<ExitCode, CliError> {
        let mut text = String::new();
        for actor in RuleSet::shipped().actors.all() {
            let card = actor.card();
            if card.can_inhibit || !self.inhibitors {
                let _ = writeln!(text, "{:<44}{}", card.id(), card.summary);
            }
        }
        output::data(&text)?;
        Ok(ExitCode::SUCCESS)
    }
}

impl Show {
    fn run(&self) -> Result<ExitCode, CliError> {
        let name = self.name.as_str();
        let mut text = String::new();
        for actor in RuleSet::shipped().actors.all() {
            let card = actor.card();
            if card.name == name || card.id() == name || card.covers.contains(&name) {
                show(&mut text, &card);
            }
        }
        if text.is_empty() {
            return Err(CliError::failure(format_args!("there is no actor {name}"))
                .hint("elevate actors list shows those there are"));
        }
        output::data(&text)?;
        Ok(ExitCode::SUCCESS)
    }
}

fn show(to: &mut String, card: &Card<'_>) {
    let Card { summary, about, applies, .. } = card;
    let _ = writeln!(to, "{}: {summary}\n\n{about}\n", card.id());
    let when = match card.stage {
        Stage::Host => "before the transaction is known",
        Stage::Transaction => "when the transaction is known",
    };
    let list = |names: &[&str]| if names.is_empty() { "-".to_owned() } else { names.join(", ") };
    let inhibits = if card.can_inhibit { "yes" } else { "no" };
    for (what, value) in [
        ("asked", when.to_owned()),
        ("applies", applies.clone()),
        ("facts", list(&card.needs)),
        ("after", list(&card.after)),
        ("covers of leapp", list(&card.covers)),
        ("findings", list(&card.findings)),
        ("can forbid an upgrade", inhibits.to_owned()),
    ] {
        let _ = writeln!(to, "{:<24}{value}", format!("{what}:"));
    }
}
