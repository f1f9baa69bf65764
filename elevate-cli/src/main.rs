//! The command `elevate`: arguments, files, printing, exit codes. Everything
//! else is the library's.

mod commands;
mod environment;
mod error;
mod input;
mod manual;
mod output;

use std::process::ExitCode;

use clap::{Parser, Subcommand};

/// Tells what an in-place upgrade from Enterprise Linux 7 to 8 will do to a
/// host, why, and what stands in its way.
#[derive(Debug, Parser)]
#[command(name = "elevate", version, propagate_version = true, after_help = HELP, term_width = 80)]
pub(crate) struct Cli {
    #[command(subcommand)]
    command: Command,
}

const HELP: &str = "\
Examples:
  elevate demo                       what a plan looks like
  elevate capture -o web.json.zst    on the host, as root
  elevate plan --snapshot web.json.zst --target almalinux:8.10

Exit codes:
  0   nothing forbids the upgrade
  1   the tool failed: an input is missing or malformed
  2   something forbids the upgrade; of elevate diff --exit-code: a difference
  3   the plan or the answer is incomplete: facts are missing
  64  wrong usage";

#[derive(Debug, Subcommand)]
enum Command {
    Capture(Box<commands::capture::Capture>),
    Check(Box<commands::plan::Check>),
    Plan(Box<commands::plan::Plan>),
    Report(Box<commands::report::Report>),
    Verify(Box<commands::verify::Verify>),
    Answer(commands::answer::Answer),
    Explain(commands::explain::Explain),
    Diff(commands::diff::Diff),
    Export(commands::export::Export),
    /// Look into snapshots
    #[command(subcommand)]
    Snapshot(commands::snapshot::SnapshotCommand),
    Graph(Box<commands::graph::Graph>),
    Run(Box<commands::run::Run>),
    Why(Box<commands::graph::Why>),
    /// Look at the rules that check a host
    #[command(subcommand)]
    Actors(commands::actors::Actors),
    /// Work on packs of declared rules
    #[command(subcommand)]
    Pack(commands::pack::PackCommand),
    /// Work on upgrade data
    #[command(subcommand)]
    Data(commands::data::Data),
    /// Work on repositories to upgrade to
    #[command(subcommand)]
    Repo(Box<commands::repo::Repo>),
    Demo(commands::demo::Demo),
    Schema(commands::schema::Schema),
    Completions(commands::completions::Completions),
    /// Write the manual pages
    #[command(hide = true)]
    Manual(commands::manual::Manual),
}

fn main() -> ExitCode {
    let cli = match Cli::try_parse() {
        Ok(cli) => cli,
        Err(usage) => return error::usage(&usage),
    };
    let done = match cli.command {
        Command::Capture(capture) => capture.run(),
        Command::Check(check) => check.run(),
        Command::Plan(plan) => plan.run(),
        Command::Report(report) => report.run(),
        Command::Verify(verify) => verify.run(),
        Command::Answer(answer) => answer.run(),
        Command::Explain(explain) => explain.run(),
        Command::Diff(diff) => diff.run(),
        Command::Export(export) => export.run(),
        Command::Snapshot(snapshot) => snapshot.run(),
        Command::Graph(graph) => graph.run(),
        Command::Run(run) => run.run(),
        Command::Why(why) => why.run(),
        Command::Actors(actors) => actors.run(),
        Command::Pack(pack) => pack.run(),
        Command::Data(data) => data.run(),
        Command::Repo(repo) => repo.run(),
        Command::Demo(demo) => demo.run(),
        Command::Schema(schema) => schema.run(),
        Command::Completions(completions) => completions.run(),
        Command::Manual(manual) => manual.run(),
    };
    done.unwrap_or_else(|error| error.report())
}
