//! `elevate actors`

use std::fmt::Write as _;
use std::path::{Path, PathBuf};
use std::process::ExitCode;

use clap::{Args, Subcommand};
use elevate_core::actor::{Actor as _, Card, Stage};
use elevate_core::pack::{Pack, SHIPPED};
use elevate_core::pipeline::RuleSet;

use super::pack;
use crate::error::CliError;
use crate::output;

/// Look at the rules that check a host
#[derive(Debug, Subcommand)]
pub(crate) enum Actors {
    /// List them
    List(List),
    /// Show what one of them does, why that matters and what to do
    Show(Show),
    /// Tell what is wrong with what they say of themselves
    Lint(Lint),
    /// Run the tests of those that are data
    Test(Test),
}

/// Lists the actors.
#[derive(Debug, Args)]
pub(crate) struct List {
    /// Only those that can forbid an upgrade
    #[arg(long)]
    inhibitors: bool,
}

/// Shows one actor.
#[derive(Debug, Args)]
pub(crate) struct Show {
    /// Its name, or that of an actor of leapp
    name: String,
}

/// Tells what is wrong with what the actors say of themselves: names, versions, texts, facts
/// they need, order, ids of findings. Ends with 2 where something is.
#[derive(Debug, Args)]
pub(crate) struct Lint {
    /// Those of this pack too: a directory, or the name of one that ships (repeatable)
    #[arg(long, value_name = "DIR|NAME")]
    pack: Vec<PathBuf>,
}

/// Runs the tests of all packs that ship and of those that are named. Ends with 2 where one
/// fails.
///
/// Actors written in Rust have their tests beside them: cargo test.
#[derive(Debug, Args)]
pub(crate) struct Test {
    /// Only the packs of these names, or with actors of these names
    names: Vec<String>,
    /// Those of this pack too: a directory, or the name of one that ships (repeatable)
    #[arg(long, value_name = "DIR|NAME")]
    pack: Vec<PathBuf>,
}

impl Actors {
    pub(crate) fn run(self) -> Result<ExitCode, CliError> {
        match self {
            Actors::List(list) => list.run(),
            Actors::Show(show) => show.run(),
            Actors::Lint(lint) => lint.run(),
            Actors::Test(test) => test.run(),
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

impl Lint {
    fn run(&self) -> Result<ExitCode, CliError> {
        let mut rules = RuleSet::shipped().clone();
        for pack in packs(&self.pack)? {
            if !rules.has(&pack) {
                rules.add(&pack).map_err(CliError::failure)?;
            }
        }
        let wrong = rules.actors.lint();
        let mut text: String = wrong.iter().map(|line| format!("{line}\n")).collect();
        let _ = writeln!(text, "{} actors, {} remarks", rules.actors.all().count(), wrong.len());
        output::data(&text)?;
        Ok(if wrong.is_empty() { ExitCode::SUCCESS } else { ExitCode::from(pack::WRONG) })
    }
}

impl Test {
    fn run(&self) -> Result<ExitCode, CliError> {
        let all = packs(&self.pack)?;
        for name in &self.names {
            if !all.iter().any(|pack| is_meant(pack, name)) {
                return Err(nothing_to_test(name));
            }
        }
        let is_wanted = |pack: &&Pack| {
            self.names.is_empty() || self.names.iter().any(|name| is_meant(pack, name))
        };
        let (mut text, mut tests, mut failed) = (String::new(), 0, 0);
        for pack in all.iter().filter(is_wanted) {
            let (lines, of_pack) = pack::tested(pack)?;
            let _ = write!(text, "{}\n{lines}\n", pack.manifest.name);
            tests += pack.trials.len();
            failed += of_pack;
        }
        let _ = writeln!(text, "{tests} tests, {failed} failed");
        output::data(&text)?;
        Ok(if failed == 0 { ExitCode::SUCCESS } else { ExitCode::from(pack::WRONG) })
    }
}

/// The packs that ship, and those of arguments.
fn packs(named: &[PathBuf]) -> Result<Vec<Pack>, CliError> {
    let mut packs: Vec<Pack> = Vec::new();
    let shipped = SHIPPED.iter().map(|shipped| Path::new(shipped.name));
    for path in named.iter().map(PathBuf::as_path).chain(shipped) {
        let pack = pack::read(path)?;
        // One that is named goes before the one of its name that ships.
        if !packs.iter().any(|other| other.manifest.name == pack.manifest.name) {
            packs.push(pack);
        }
    }
    Ok(packs)
}

fn is_meant(pack: &Pack, name: &str) -> bool {
    pack.manifest.name == name || pack.actors.iter().any(|actor| actor.card().name == name)
}

fn nothing_to_test(name: &str) -> CliError {
    let is_native = RuleSet::shipped().actors.all().any(|actor| actor.card().name == name);
    if is_native {
        let what = format!("{name} is written in Rust and has its tests beside it");
        let hint = format!("in its source: cargo test -p elevate-core actors::{name}");
        return CliError::failure(what).hint(hint);
    }
    CliError::failure(format_args!("there is no pack and no actor {name}"))
        .hint("elevate actors list shows the actors; name other packs with --pack")
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
