//! `elevate graph` and `elevate why`

use std::process::ExitCode;
use std::sync::Arc;

use clap::{Args, ValueEnum};
use elevate_core::snapshot::Snapshot;
use elevate_core::universe::graph::document::{Answer, GraphDocument};
use elevate_core::universe::graph::picture::Picture;
use elevate_core::universe::graph::{
    Bonds, DependencyGraph, Direction, Found, Questions, dot, svg, text,
};
use elevate_core::universe::{SolvableId, Target, Universe};

use super::host::{HostArgs, usage};
use crate::error::CliError;
use crate::output;

/// Exit code of an answer that is not complete.
const INCOMPLETE: u8 = 3;
/// Most remarks of one kind told of; the JSON document has all.
const TOLD: usize = 10;

const WHY_EXAMPLES: &str = "\
Examples:
  elevate why openssl-libs --snapshot web.json
  elevate why '/usr/bin/python' --root /mnt/sysroot --ways 1";

const GRAPH_EXAMPLES: &str = "\
Examples:
  elevate graph httpd --snapshot web.json --depth 2
  elevate graph httpd --snapshot web.json --removal
  elevate graph --orphans --snapshot web.json
  elevate graph --snapshot web.json --format dot | dot -Tsvg -o web.svg";

/// Say why a package is on a host
///
/// Who asked for it, or what needs it, down to it from packages that are there for their own
/// sake.
///
/// Ends with 3 where dependencies of packages are not known.
#[derive(Debug, Args)]
#[command(
    after_help = WHY_EXAMPLES,
    override_usage = usage!("elevate why [OPTIONS] <PKG>...")
)]
pub(crate) struct Why {
    /// Name, name.arch, full name, path of a file, or a capability such as libssl.so.10()(64bit)
    #[arg(value_name = "PKG", required = true)]
    names: Vec<String>,
    #[command(flatten, next_help_heading = "Which host")]
    host: HostArgs,
    /// How many ways down to a package to show
    #[arg(long, value_name = "N", default_value_t = 5, help_heading = None::<&str>)]
    ways: usize,
    /// How to print the answer
    #[arg(long, value_enum, default_value_t = WhyFormat::Text, help_heading = None::<&str>)]
    format: WhyFormat,
}

/// Show who needs whom among the packages of a host
///
/// With packages: what they need and who needs them. Without: all packages in a few numbers, or
/// with --format json, dot or svg the whole graph. dot and svg draw --removal and --cycles too.
///
/// Ends with 3 where dependencies of packages are not known.
#[derive(Debug, Args)]
#[command(
    after_help = GRAPH_EXAMPLES,
    override_usage = usage!("elevate graph [OPTIONS] [PKG]...")
)]
pub(crate) struct Graph {
    /// Name, name.arch, full name, path of a file, or a capability
    #[arg(value_name = "PKG")]
    names: Vec<String>,
    #[command(flatten, next_help_heading = "Which host")]
    host: HostArgs,
    #[command(flatten, next_help_heading = "Questions")]
    question: Question,
    /// How many steps to go, from the packages named
    #[arg(long, value_name = "N", default_value_t = 1, requires = "names")]
    depth: usize,
    /// Count recommended packages in, not only those nothing works without
    #[arg(long)]
    weak: bool,
    /// How to print the answer
    #[arg(long, value_enum, default_value_t = Format::Text, help_heading = None::<&str>)]
    format: Format,
}

/// What to ask.
#[derive(Debug, Args)]
#[group(multiple = false, id = "question")]
struct Question {
    /// What the packages need only
    #[arg(long, requires = "names")]
    needs: bool,
    /// Who needs the packages only
    #[arg(long, requires = "names")]
    needed_by: bool,
    /// What removing the packages would take along, and what nothing would need then
    #[arg(long, requires = "names")]
    removal: bool,
    /// Packages that no other one needs
    #[arg(long, conflicts_with = "names")]
    leaves: bool,
    /// Packages that came for the sake of others and are needed no more
    #[arg(long, conflicts_with = "names")]
    orphans: bool,
    /// Requirements that nobody meets
    #[arg(long, conflicts_with = "names")]
    broken: bool,
    /// Packages that need each other
    #[arg(long, conflicts_with = "names")]
    cycles: bool,
    /// An order in which the packages can be installed
    #[arg(long, conflicts_with = "names")]
    order: bool,
}

/// How an answer is printed.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
enum WhyFormat {
    /// For people
    Text,
    /// As a JSON document (elevate schema graph)
    Json,
}

/// How an answer is printed.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
enum Format {
    /// For people
    Text,
    /// As a JSON document (elevate schema graph)
    Json,
    /// As a graph for Graphviz
    Dot,
    /// As a picture; of many packages some are left out, which it says
    Svg,
}

impl Why {
    pub(crate) fn run(self) -> Result<ExitCode, CliError> {
        let host = Host::read(&self.host)?;
        host.ask(|questions| {
            let packages = find(questions, &self.names)?;
            let document = questions.why(&packages, self.ways);
            match self.format {
                WhyFormat::Text => output::data(&text::render(&document))?,
                WhyFormat::Json => json(&document)?,
            }
            Ok(document)
        })
    }
}

impl Graph {
    pub(crate) fn run(self) -> Result<ExitCode, CliError> {
        let host = Host::read(&self.host)?;
        host.ask(|questions| {
            let packages = find(questions, &self.names)?;
            let document = self.answer(questions, &packages);
            if document.unknown.len() == document.packages {
                return Ok(document); // there is nothing to say
            }
            match self.format {
                Format::Text => output::data(&text::render(&document))?,
                Format::Json => json(&document)?,
                Format::Dot => {
                    output::data(&dot::render(&picture(questions, &packages, &document)?))?
                }
                Format::Svg => {
                    output::data(&svg::render(&picture(questions, &packages, &document)?))?
                }
            }
            Ok(document)
        })
    }

    fn answer(&self, questions: &Questions<'_>, packages: &[SolvableId]) -> GraphDocument {
        let bonds = if self.weak { Bonds::All } else { Bonds::Hard };
        let Question { needs, needed_by, removal, leaves, orphans, broken, cycles, order } =
            self.question;
        let directions: &[Direction] = match (needs, needed_by) {
            (true, _) => &[Direction::Needs],
            (_, true) => &[Direction::NeededBy],
            _ => &[Direction::Needs, Direction::NeededBy],
        };
        match () {
            () if removal => questions.removal(packages),
            () if leaves => questions.leaves(bonds),
            () if orphans => questions.orphans(),
            () if broken => questions.broken(),
            () if cycles => questions.cycles(),
            () if order => questions.order(),
            () if !packages.is_empty() => questions.around(packages, directions, self.depth, bonds),
            () if self.format == Format::Text => questions.overview(),
            () => questions.whole(bonds),
        }
    }
}

/// An answer as a picture, where it can be one.
fn picture(
    questions: &Questions<'_>,
    packages: &[SolvableId],
    document: &GraphDocument,
) -> Result<Picture, CliError> {
    match &document.answer {
        Answer::Graph(graph) => Ok(Picture::from(graph)),
        Answer::Removal(_) => Ok(questions.removal_picture(packages)),
        Answer::Cycles(_) => Ok(questions.cycles_picture()),
        _ => Err(CliError::usage("only packages and who needs whom can be drawn")
            .hint("leave the question out, or ask for --removal or --cycles")),
    }
}

/// A host, and all its packages.
struct Host {
    snapshot: Snapshot,
    universe: Universe,
}

impl Host {
    fn read(host: &HostArgs) -> Result<Self, CliError> {
        let snapshot = host.snapshot(&[])?;
        let nothing_else =
            Target::new(&snapshot.identity.arch, Vec::new()).map_err(CliError::failure)?;
        let universe =
            Universe::new(Arc::new(nothing_else), &snapshot.packages).map_err(CliError::failure)?;
        Ok(Self { snapshot, universe })
    }

    /// Asks, says what the answer lacks, and gives the exit code.
    fn ask(
        &self,
        ask: impl FnOnce(&Questions<'_>) -> Result<GraphDocument, CliError>,
    ) -> Result<ExitCode, CliError> {
        let installed = &self.snapshot.packages;
        let graph = DependencyGraph::of_installed(&self.universe, installed);
        let document = ask(&Questions { graph: &graph, installed })?;
        for unread in document.unread.iter().take(TOLD) {
            output::talk(format_args!(
                "warning: {}: {:?} is no dependency and was left out",
                unread.package, unread.capability
            ));
        }
        Ok(ExitCode::from(if say_unknown(&document) { INCOMPLETE } else { 0 }))
    }
}

/// Says whose dependencies are not known, where there are such packages.
fn say_unknown(document: &GraphDocument) -> bool {
    let unknown = &document.unknown;
    if unknown.is_empty() {
        return false;
    }
    let (count, all) = (unknown.len(), document.packages);
    output::talk(format_args!(
        "incomplete: the dependencies of {count} of {all} packages are not known"
    ));
    if count < all {
        unknown.iter().take(TOLD).for_each(|name| output::talk(format_args!("  {name}")));
    } else {
        output::talk(format_args!(
            "hint: a package list has none; take a snapshot: elevate capture"
        ));
    }
    true
}

/// The packages that all of these name.
fn find(questions: &Questions<'_>, texts: &[String]) -> Result<Vec<SolvableId>, CliError> {
    let mut all = Vec::new();
    for text in texts {
        match questions.graph.find(text, questions.installed) {
            Found::Named(found) | Found::Providing(found) => all.extend(found),
            Found::Nothing(near) => {
                let error = CliError::failure(format_args!(
                    "{text}: no installed package is called this or provides it"
                ));
                return Err(match near.is_empty() {
                    true => error,
                    false => error.hint(format!("there is {}", near.join(", "))),
                });
            }
        }
    }
    all.sort_unstable();
    all.dedup();
    Ok(all)
}

fn json(document: &GraphDocument) -> Result<(), CliError> {
    output::data(&document.to_json().map_err(CliError::failure)?)
}
