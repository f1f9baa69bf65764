//! `elevate verify`

use std::path::PathBuf;
use std::process::ExitCode;

use clap::{Args, ValueEnum};
use elevate_core::pipeline;
use elevate_core::plan;
use elevate_core::run::verify::{self, Verdict, Verification};
use elevate_core::snapshot::Snapshot;

use super::host::{CaptureArgs, Elsewhere, read_snapshot};
use super::report::{FailOn, StyleArgs, WaiverArgs, deliver, read_plan};
use crate::error::CliError;

/// Hold a plan against the host as it is after the upgrade
///
/// Packages, kernels, units, repositories and configuration, and what the upgrade left. Looks at
/// this machine unless another host is named.
///
/// Reads files only: nothing is run, nothing is changed, no network is needed.
#[derive(Debug, Args)]
#[command(after_help = HELP)]
pub(crate) struct Verify {
    /// The plan that was carried out, as `elevate plan --format json` wrote it
    #[arg(value_name = "PLAN")]
    plan: PathBuf,
    /// Snapshot taken after the upgrade; `-` for stdin
    #[arg(long, value_name = "FILE", conflicts_with_all = CAPTURED)]
    snapshot: Option<PathBuf>,
    #[command(flatten)]
    elsewhere: Elsewhere,
    #[command(flatten)]
    how: CaptureArgs,
    /// How to print the verification
    #[arg(long, value_enum, default_value_t = Format::Text)]
    format: Format,
    #[command(flatten)]
    style: StyleArgs,
    /// Write to this file, whole or not at all
    #[arg(long, short, value_name = "FILE")]
    output: Option<PathBuf>,
    #[command(flatten)]
    waivers: WaiverArgs,
    /// What to end with an exit code other than 0 for. Default: incomplete
    #[arg(long, value_enum, value_name = "WHAT")]
    fail_on: Option<FailOn>,
}

/// What says how another host is captured than that of a snapshot.
const CAPTURED: [&str; 7] = ["root", "sos", "collect", "salvage", "redact", "source", "arch"];

const HELP: &str = "\
Examples:
  elevate verify plan.json                          on the host, as root
  elevate verify plan.json --root /mnt/sysroot
  elevate verify plan.json --snapshot after.json.zst --format json
  elevate verify plan.json --waivers waivers.toml --fail-on high

Exit codes:
  0   all is as planned
  1   the tool failed: an input is missing or malformed
  2   something of high severity is not as planned, and not set aside
  3   nothing was found, but evidence is missing
  64  wrong usage";

/// How a verification is printed.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
enum Format {
    /// For people
    Text,
    /// As one JSON document (elevate schema verification)
    Json,
}

impl Verify {
    pub(crate) fn run(self) -> Result<ExitCode, CliError> {
        let plan = read_plan(&self.plan)?;
        let waivers = self.waivers.read()?;
        let after = self.after()?;
        let dependencies = pipeline::dependencies(&after).map_err(CliError::failure)?;
        let mut verification = verify::verify(&plan, &after, &dependencies);
        if let Some((waivers, today)) = waivers {
            verification.set_aside(&waivers, today);
        }
        let text = match self.format {
            Format::Text => verify::render(&verification, self.style.style(self.output.is_some())),
            Format::Json => verification.to_json().map_err(CliError::failure)?,
        };
        deliver(self.output.as_deref(), &text)?;
        let fail_on = self.fail_on.unwrap_or(FailOn::Incomplete);
        Ok(ExitCode::from(fail_on.code(judged(&verification), &verification.findings)))
    }

    fn after(&self) -> Result<Snapshot, CliError> {
        match &self.snapshot {
            Some(path) => read_snapshot(path),
            None => self.how.take(&self.elsewhere, &[]),
        }
    }
}

/// The verdict in the words of a plan, by which commands end.
fn judged(verification: &Verification) -> plan::Verdict {
    match verification.verdict {
        Verdict::AsPlanned => plan::Verdict::Ready,
        Verdict::NotAsPlanned => plan::Verdict::Inhibited,
        Verdict::Incomplete => plan::Verdict::Incomplete,
    }
}
