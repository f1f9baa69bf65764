//! `elevate schema KIND`

use std::process::ExitCode;

use clap::{Args, ValueEnum};
use elevate_core::plan::Plan;
use elevate_core::report::Report;
use elevate_core::report::diff::Diff;
use elevate_core::report::explain::Explanation;
use elevate_core::snapshot::Snapshot;
use elevate_core::snapshot::diff::SnapshotDiff;
use elevate_core::universe::graph::document::GraphDocument;

use crate::error::CliError;
use crate::output;

/// Prints the JSON Schema of a format, generated from the types.
#[derive(Debug, Args)]
pub(crate) struct Schema {
    /// Which format
    kind: Kind,
}

#[derive(Debug, Clone, Copy, ValueEnum)]
enum Kind {
    /// A frozen host
    Snapshot,
    /// A plan
    Plan,
    /// A report: the findings of a plan without its packages
    Report,
    /// An answer of `elevate graph` or `elevate why`
    Graph,
    /// What is different between two plans or reports
    Diff,
    /// What is different between two snapshots
    SnapshotDiff,
    /// What a plan says of some of its parts
    Explanation,
}

impl Schema {
    pub(crate) fn run(self) -> Result<ExitCode, CliError> {
        let schema = match self.kind {
            Kind::Snapshot => Snapshot::schema(),
            Kind::Plan => Plan::schema(),
            Kind::Report => Report::schema(),
            Kind::Graph => GraphDocument::schema(),
            Kind::Diff => Diff::schema(),
            Kind::SnapshotDiff => SnapshotDiff::schema(),
            Kind::Explanation => Explanation::schema(),
        };
        output::data(&format!("{schema:#}\n"))?;
        Ok(ExitCode::SUCCESS)
    }
}
