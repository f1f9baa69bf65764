//! `elevate plan`

use std::panic::resume_unwind;
use std::path::{Path, PathBuf};
use std::process::ExitCode;
use std::thread;

use clap::Args;
use elevate_core::model::{RepoId, System};
use elevate_core::pipeline::{self, Decided};
use elevate_core::request::{Options, Policy};
use elevate_core::snapshot::Snapshot;
use elevate_core::upgrade_data::repo_map::Channel;
use elevate_core::upgrade_data::{DataDirectory, DataError, UpgradeData};

use super::host::{CaptureArgs, Elsewhere, HostArgs, usage};
use super::report::ReportArgs;
use super::rules::RuleArgs;
use super::targets::TargetArgs;
use crate::error::CliError;

/// Where leapp keeps upgrade data, and beside it the administrator's lists.
const DATA: &str = "/etc/leapp/files";
const TRANSACTION: &str = "/etc/leapp/transaction";

/// Plan the upgrade of a host
///
/// From a snapshot, a package list, its mounted root or a sosreport of it.
///
/// Needs no root and no network, and changes nothing.
#[derive(Debug, Args)]
#[command(
    after_help = PLAN_HELP,
    override_usage = usage!("elevate plan [OPTIONS] --target <DISTRO:X.Y>")
)]
pub(crate) struct Plan {
    #[command(flatten, next_help_heading = "Which host")]
    host: HostArgs,
    #[command(flatten, next_help_heading = UPGRADE)]
    how: PlanArgs,
}

/// Take a snapshot of this machine and plan its upgrade
///
/// `capture` and `plan` in one.
///
/// Reads files only: nothing is run, nothing is changed, no network is needed.
#[derive(Debug, Args)]
#[command(after_help = CHECK_HELP)]
pub(crate) struct Check {
    #[command(flatten, next_help_heading = "Which host")]
    elsewhere: Elsewhere,
    #[command(flatten, next_help_heading = "How to capture it")]
    capture: CaptureArgs,
    #[command(flatten, next_help_heading = UPGRADE)]
    how: PlanArgs,
}

/// The heading of options about the upgrade itself.
const UPGRADE: &str = "The upgrade";

/// How a plan is made and printed.
#[derive(Debug, Args)]
struct PlanArgs {
    /// Directory with upgrade data, in the layout of ELevate's leapp-data
    #[arg(long, value_name = "DIR", default_value = DATA)]
    data: PathBuf,
    /// Directory with to_install, to_keep, to_remove and to_reinstall. Default:
    /// `transaction` in the data directory, and /etc/leapp/transaction where
    /// that is /etc/leapp/files
    #[arg(long, value_name = "DIR")]
    transaction: Option<PathBuf>,
    /// Where to upgrade to, such as almalinux:8.10
    #[arg(long, value_name = "DISTRO:X.Y")]
    target: System,
    /// Use this repository of the target too (repeatable)
    #[arg(long, value_name = "ID")]
    enablerepo: Vec<RepoId>,
    /// Do not use this repository of the target (repeatable)
    #[arg(long, value_name = "ID")]
    disablerepo: Vec<RepoId>,
    /// Preferred channel of target repositories: ga, e4s, eus, aus
    #[arg(long, value_name = "CHANNEL")]
    channel: Option<Channel>,
    /// Whose decisions to follow: default, leapp-0.21
    #[arg(long = "as", value_name = "POLICY", default_value_t = Policy::Default)]
    policy: Policy,
    /// Refuse upgrade data that declares no data stream, as leapp does
    #[arg(long)]
    strict_streams: bool,
    #[command(flatten)]
    targets: TargetArgs,
    #[command(flatten, next_help_heading = "Rules and answers")]
    rules: RuleArgs,
    #[command(flatten, next_help_heading = "Report and exit code")]
    report: ReportArgs,
}

const PLAN_HELP: &str = "\
Examples:
  elevate plan --snapshot web.json.zst --target almalinux:8.10
  elevate plan --packages rpm-qa.txt --target rocky:8.10 --data ./leapp-data
  elevate plan --sos sosreport-web.tar.xz --target almalinux:8.10 --fetch --full
  elevate plan --snapshot web.json --target almalinux:8.10 --format json \\
    -o plan.json

Exit codes:
  0   nothing forbids the upgrade
  1   the tool failed: an input is missing or malformed, an output not written
  2   something forbids the upgrade, or there is no transaction
  3   the plan is incomplete: facts are missing
  64  wrong usage
  --fail-on says for what a plan ends with 2 or 3.

Files:
  /etc/leapp/files           upgrade data, where --data names no directory
  /etc/leapp/transaction     lists of the administrator, with these data
  /var/log/leapp/answerfile  leapp's answers; give them with --answers
  /var/log/leapp/answerfile.userchoices
                             the same of all runs so far

Answers:
  leapp reads its userchoices first and its answer file last. So does
    elevate plan --answers /var/log/leapp/answerfile.userchoices \\
      --answers /var/log/leapp/answerfile ...
  A later file goes before an earlier one answer by answer, and --answer
  before every file. An answer is True or False; yes, no, 1 and 0 are taken
  for what they say.";

const CHECK_HELP: &str = "\
Examples:
  elevate check --target almalinux:8.10
  elevate check --target almalinux:8.10 --full
  elevate check --target almalinux:8.10 --format leapp -o leapp-report.json

Exit codes:
  0   nothing forbids the upgrade
  1   the tool failed: an input is missing or malformed, an output not written
  2   something forbids the upgrade, or there is no transaction
  3   the plan is incomplete: facts are missing
  64  wrong usage
  --fail-on says for what a plan ends with 2 or 3.";

impl Plan {
    pub(crate) fn run(self) -> Result<ExitCode, CliError> {
        self.how.plan(|| self.host.snapshot(self.how.rules.packs()))
    }
}

impl Check {
    pub(crate) fn run(self) -> Result<ExitCode, CliError> {
        self.how.plan(|| self.capture.take(&self.elsewhere, self.how.rules.packs()))
    }
}

impl PlanArgs {
    fn plan(
        &self,
        snapshot: impl FnOnce() -> Result<Snapshot, CliError>,
    ) -> Result<ExitCode, CliError> {
        // What is not the host's is read beside it.
        let (snapshot, others) = thread::scope(|scope| {
            let others = scope.spawn(|| (self.data(), self.rules.read(&self.enablerepo)));
            (snapshot(), others.join())
        });
        let snapshot = &snapshot?;
        let (data, rules) = others.unwrap_or_else(|panic| resume_unwind(panic));
        let (data, rules) = (data?, rules?);
        let path = pipeline::path_to(snapshot, self.target.clone());
        // leapp's own command line asks for the general channel where nobody
        // asks for another.
        let leapps = (self.policy == Policy::Leapp021).then_some(Channel::Ga);
        let options = Options {
            policy: self.policy,
            enable_repos: (!self.enablerepo.is_empty()).then(|| self.enablerepo.clone()),
            exclude_repos: self.disablerepo.iter().cloned().collect(),
            channel: self.channel.or(leapps),
            strict_streams: self.strict_streams,
            ..Options::new(path)
        };
        let mut decided = Decided::with(snapshot, &data, &options, &rules)
            .map_err(|error| broken_data(&self.data, &error))?;
        if self.report.is_whole() {
            decided = decided.locating();
        }
        let release = self.target.release;
        let targets = self.targets.open(snapshot, &data, &decided, release, release.major)?;
        let plan = match targets {
            None => decided.plan(),
            Some(targets) => {
                decided.plan_on(&self.targets.wishes(), |wishes| targets.with(wishes))?
            }
        };
        self.report.print(plan)
    }

    fn data(&self) -> Result<UpgradeData, CliError> {
        let directory = read_data(&self.data, self.transaction.as_deref())?;
        Ok(UpgradeData::from_directory(&directory))
    }
}

fn broken_data(directory: &Path, error: &DataError) -> CliError {
    CliError::failure(format_args!("{}/{error}", directory.display()))
        .hint("elevate data lint shows everything that is wrong with a data directory")
}

/// Reads a data directory, with the administrator's lists where they are.
pub(crate) fn read_data(
    directory: &Path,
    transaction: Option<&Path>,
) -> Result<DataDirectory, CliError> {
    let failed = |path: &Path, error: std::io::Error| {
        CliError::failure(format_args!("{}: {error}", path.display()))
    };
    let mut data = DataDirectory::read(directory).map_err(|error| {
        failed(directory, error)
            .hint("upgrade data comes with the leapp-data package of the target distribution")
    })?;
    let standard = (directory == Path::new(DATA)).then_some(Path::new(TRANSACTION));
    match (transaction, standard) {
        (Some(path), _) => {
            // Lists somebody names are instead of those of the data, not beside them.
            data.files.retain(|file, _| !file.starts_with("transaction/"));
            data.read_transaction(path).map_err(|error| failed(path, error))?;
        }
        (None, Some(path)) if path.is_dir() => {
            data.read_transaction(path).map_err(|error| failed(path, error))?;
        }
        (None, _) => {}
    }
    Ok(data)
}
