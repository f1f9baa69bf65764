//! `elevate explain`

use std::path::PathBuf;
use std::process::ExitCode;

use clap::{Args, ValueEnum};
use elevate_core::pipeline::RuleSet;
use elevate_core::report::explain::{self, Explainer, Unclear};

use crate::commands::report::read_plan;
use crate::error::CliError;
use crate::output;

/// Explain a package, a finding or a repository of a plan
///
/// The evidence, the rules, who asked, what hangs on it and what would change it.
///
/// Without a name: what stands in the way of the plan, and where there is no transaction,
/// why, and the smallest sets of changes after which there is one.
#[derive(Debug, Args)]
#[command(after_help = EXAMPLES)]
pub(crate) struct Explain {
    /// The plan, as JSON (elevate plan --format json); `-` for stdin
    plan: PathBuf,
    /// Package, finding (its id, the last part of it, its key or actor) or repository;
    /// `package:`, `finding:` or `repository:` before it says which
    names: Vec<String>,
    /// How to print the explanation
    #[arg(long, value_enum, default_value_t = Format::Text)]
    format: Format,
}

const EXAMPLES: &str = "\
Examples:
  elevate explain plan.json
  elevate explain plan.json openssl-libs
  elevate explain plan.json finding:packages.third-party";

/// How an explanation is printed.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
enum Format {
    /// For people
    Text,
    /// As a JSON document (elevate schema explanation)
    Json,
}

impl Explain {
    pub(crate) fn run(self) -> Result<ExitCode, CliError> {
        let plan = read_plan(&self.plan)?;
        let cards = RuleSet::shipped().actors.all().map(|actor| actor.card());
        let explainer = Explainer::new(&plan, cards);
        let explanation = match self.names.as_slice() {
            [] => explainer.whole(),
            names => explainer.explain(names).map_err(unclear)?,
        };
        let text = match self.format {
            Format::Text => explain::render(&explanation),
            Format::Json => explanation.to_json().map_err(CliError::failure)?,
        };
        output::data(&text)?;
        Ok(ExitCode::SUCCESS)
    }
}

fn unclear(unclear: Unclear) -> CliError {
    let error = CliError::failure(&unclear);
    match unclear {
        Unclear::Unknown { near, .. } if !near.is_empty() => {
            error.hint(format!("there is {}", near.join(", ")))
        }
        Unclear::Unknown { .. } => error,
        Unclear::Ambiguous { .. } => error.hint("write one of these instead"),
    }
}
