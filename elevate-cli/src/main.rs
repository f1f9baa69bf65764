//! The command `elevate`: arguments, files, printing, exit codes. Everything
//! else is the library's.

mod commands;
mod environment;
mod error;
mod input;
mod output;

use std::process::ExitCode;

use clap::{Parser, Subcommand};

/// Tells what an in-place upgrade from Enterprise Linux 7 to 8 will do to a
/// host, why, and what stands in its way.
#[derive(Debug, Parser)]
#[command(name = "elevate", version, propagate_version = true, after_help = EXIT_CODES)]
struct Cli {
    #[command(subcommand)]
    command: Command,
}

const EXIT_CODES: &str = "\
Exit codes:
  0   nothing forbids the upgrade
  1   the tool failed: an input is missing or malformed
  2   something forbids the upgrade; of elevate diff --exit-code: there are differences
  3   the plan or the answer is incomplete: facts are missing
  64  wrong usage";

#[derive(Debug, Subcommand)]
enum Command {
    /// Take a snapshot of a host
    Capture(Box<commands::capture::Capture>),
    /// Take a snapshot of this machine and plan its upgrade
    Check(Box<commands::plan::Check>),
    /// Plan the upgrade of a host
    Plan(Box<commands::plan::Plan>),
    /// Print a plan that was made before
    Report(Box<commands::report::Report>),
    /// Answer questions in leapp's answer file
    Answer(commands::answer::Answer),
    /// Explain a package, a finding or a repository of a plan
    Explain(commands::explain::Explain),
    /// Say what is different between two plans, reports or snapshots, and why
    Diff(commands::diff::Diff),
    /// Look into snapshots
    #[command(subcommand)]
    Snapshot(commands::snapshot::SnapshotCommand),
    /// Show who needs whom among the packages of a host
    Graph(Box<commands::graph::Graph>),
    /// Say why a package is on a host
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
    /// Plan the upgrade of an invented host with invented data, both built in
    Demo(commands::demo::Demo),
    /// Print the JSON Schema of a format
    Schema(commands::schema::Schema),
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
        Command::Answer(answer) => answer.run(),
        Command::Explain(explain) => explain.run(),
        Command::Diff(diff) => diff.run(),
        Command::Snapshot(snapshot) => snapshot.run(),
        Command::Graph(graph) => graph.run(),
        Command::Why(why) => why.run(),
        Command::Actors(actors) => actors.run(),
        Command::Pack(pack) => pack.run(),
        Command::Data(data) => data.run(),
        Command::Repo(repo) => repo.run(),
        Command::Demo(demo) => demo.run(),
        Command::Schema(schema) => schema.run(),
    };
    done.unwrap_or_else(|error| error.report())
}
