//! `elevate schema KIND`

use std::process::ExitCode;

use clap::{Args, ValueEnum};
use elevate_core::export::air_gap::AirGap;
use elevate_core::pack;
use elevate_core::plan::Plan;
use elevate_core::report::Report;
use elevate_core::report::diff::Diff;
use elevate_core::report::explain::Explanation;
use elevate_core::report::waivers::Waivers;
use elevate_core::run::verify::Verification;
use elevate_core::run::{Telling, journal};
use elevate_core::snapshot::Snapshot;
use elevate_core::snapshot::diff::SnapshotDiff;
use elevate_core::universe::graph::document::GraphDocument;
use serde_json::Value;

use crate::error::CliError;
use crate::output;

/// Print the JSON Schema of a format
///
/// It is generated from the types, so it says what is read and written. Pages of section 5 of
/// the manual are made of it.
#[derive(Debug, Args)]
pub(crate) struct Schema {
    /// Which format
    kind: Kind,
}

#[derive(Debug, Clone, Copy, ValueEnum)]
pub(crate) enum Kind {
    /// A frozen host
    Snapshot,
    /// A plan
    Plan,
    /// A report: the findings of a plan without its packages
    Report,
    /// An answer of `elevate graph` or `elevate why`
    Graph,
    /// The manifest of a pack, pack.toml
    Pack,
    /// A file of rules of a pack
    PackRules,
    /// A file of waivers
    Waivers,
    /// What is different between two plans or reports
    Diff,
    /// What is different between two snapshots
    SnapshotDiff,
    /// What a plan says of some of its parts
    Explanation,
    /// A line of the journal of a run
    Journal,
    /// A line that `elevate run --json-events` prints
    RunEvent,
    /// A plan held against the host after the upgrade
    Verification,
    /// What has to be carried to a host without a network
    AirGap,
}

impl Kind {
    /// The JSON Schema.
    pub(crate) fn schema(self) -> Value {
        match self {
            Kind::Snapshot => Snapshot::schema(),
            Kind::Plan => Plan::schema(),
            Kind::Report => Report::schema(),
            Kind::Graph => GraphDocument::schema(),
            Kind::Pack => pack::manifest_schema(),
            Kind::PackRules => pack::rules_schema(),
            Kind::Waivers => Waivers::schema(),
            Kind::Diff => Diff::schema(),
            Kind::SnapshotDiff => SnapshotDiff::schema(),
            Kind::Explanation => Explanation::schema(),
            Kind::Journal => journal::Line::schema(),
            Kind::RunEvent => Telling::schema(),
            Kind::Verification => Verification::schema(),
            Kind::AirGap => AirGap::schema(),
        }
    }
}

impl Schema {
    pub(crate) fn run(self) -> Result<ExitCode, CliError> {
        output::data(&format!("{:#}\n", self.kind.schema()))?;
        Ok(ExitCode::SUCCESS)
    }
}
