//! Facts, upgrade data and policy make the request: what each package is to
//! become, which repositories and modules are needed, and what the data leaves
//! open.
//!
//! [`decide`] runs the stages in the order leapp's actors run in: vendors,
//! signatures, exclusions, package events, target repositories, the final
//! lists, checks. Under [`Policy::Leapp021`] the result is what leapp 0.21
//! decides, to the last defect; see [`Rules`] for the list of differences.

mod checks;
mod difference;
mod evolve;
mod jobs;
mod kinds;
mod policy;
mod resolve;
mod run;
mod scan;
mod signed;
mod stop;
mod streams;
mod targets;
mod tasks;
mod vendors;
mod wishes;

use std::collections::BTreeSet;
use std::sync::Arc;

use crate::facts::Facts;
use crate::finding::Finding;
use crate::model::{Arch, ModuleStream, PackageName, RepoId, UpgradePath};
use crate::solve::{Job, JobAction, Request};
use crate::upgrade_data::repo_map::Channel;
use crate::upgrade_data::{DataError, Place, Problem, UpgradeData};

pub use difference::differences;
pub use kinds::KINDS;
pub use policy::{Policy, Rules};
pub use stop::Stop;
pub use targets::{CustomRepository, Skipped};
pub use tasks::Tasks;
pub use wishes::Wishes;

use resolve::Scope;
use run::Run;

/// What is wanted of the plan, besides the host and the data.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Options {
    /// Which decisions to follow.
    pub policy: Policy,
    /// From where to where.
    pub path: UpgradePath,
    /// Repositories asked for by id (`--enablerepo`); `None` where the option
    /// was not given at all.
    pub enable_repos: Option<Vec<RepoId>>,
    /// Preferred channel of target repositories (`--channel`). Without one the
    /// channel of the source repository is preferred, then the general one.
    pub channel: Option<Channel>,
    /// Take every package for signed (leapp's `LEAPP_DEVEL_RPMS_ALL_SIGNED`).
    pub all_signed: bool,
    /// Refuse data that does not declare its streams, as leapp does.
    pub strict_streams: bool,
    /// Target repositories not to be used.
    pub exclude_repos: BTreeSet<RepoId>,
    /// Tasks of producers other than events and the administrator's lists.
    pub wishes: Vec<Wishes>,
}

impl Options {
    /// The default policy from one system to another, nothing else asked.
    pub fn new(path: UpgradePath) -> Self {
        Self {
            policy: Policy::Default,
            path,
            enable_repos: None,
            channel: None,
            all_signed: false,
            strict_streams: false,
            exclude_repos: BTreeSet::new(),
            wishes: Vec::new(),
        }
    }
}

/// What was decided.
#[derive(Debug, Clone, Default)]
pub struct Decisions {
    /// Names of packages signed by the distribution or an active vendor.
    pub signed: BTreeSet<PackageName>,
    /// Names of the others.
    pub unsigned: BTreeSet<PackageName>,
    /// How many of the signed are only presumed so.
    pub presumed: usize,
    /// Active vendors, sorted.
    pub active_vendors: Vec<String>,
    /// Target repositories left out.
    pub excluded_repositories: BTreeSet<RepoId>,
    /// Repositories of the host that lead nowhere.
    pub skipped: Skipped,
    /// What the event scan alone asks for; `None` where there was nothing to scan.
    pub event_scan: Option<EventScan>,
    /// The final lists; `None` where leapp would not get that far.
    pub tasks: Option<Tasks>,
    /// Mapped target repositories; `None` likewise.
    pub mapped_repositories: Option<BTreeSet<RepoId>>,
    /// Custom target repositories, ordered by id; `None` likewise.
    pub custom_repositories: Option<Vec<CustomRepository>>,
    /// Names whose fate depends on the order of contradictory events.
    pub order_dependent: BTreeSet<PackageName>,
    /// Ids of the events that changed the package set, in order of application.
    pub applied_events: Vec<Arc<str>>,
    /// How leapp would end early; empty under the default policy.
    pub stops: Vec<Stop>,
    /// What the administrator should know, in report order.
    pub findings: Vec<Finding>,
    /// The request itself.
    pub request: Request,
}

/// What the event scan asks for, before it is merged with other wishes.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct EventScan {
    /// Repositories that packages of the target set come from.
    pub repositories: BTreeSet<RepoId>,
    /// Whether tasks are passed on at all.
    pub emits_tasks: bool,
    /// Names the target set has and the host has not.
    pub to_install: BTreeSet<PackageName>,
    /// The reverse.
    pub to_remove: BTreeSet<PackageName>,
    /// Names to be installed again.
    pub to_reinstall: BTreeSet<PackageName>,
    /// Module streams of the target set.
    pub modules: BTreeSet<ModuleStream>,
}

impl EventScan {
    fn of(scan: &scan::Scan<'_>) -> Self {
        Self {
            repositories: scan.repositories.clone(),
            emits_tasks: scan.emits_tasks,
            to_install: scan.to_install.clone(),
            to_remove: scan.to_remove.clone(),
            to_reinstall: scan.to_reinstall.clone(),
            modules: scan.modules.clone(),
        }
    }
}

/// Everything a stage may look at.
#[derive(Debug, Clone, Copy)]
struct Context<'a> {
    facts: &'a Facts<'a>,
    data: &'a UpgradeData,
    options: &'a Options,
    rules: Rules,
}

impl<'a> Context<'a> {
    fn scope(&self) -> Scope<'a> {
        Scope {
            path: &self.options.path,
            arch: self.facts.arch(),
            cloud: self.facts.cloud(),
            preferred: self.options.channel,
            every_family: !self.rules.first_map_only,
        }
    }

    fn arch(&self) -> &'a Arch {
        self.facts.arch()
    }
}

/// Decides.
///
/// # Errors
///
/// Under the default policy, where a main asset (`pes-events.json`,
/// `repomap.json`) is missing or malformed. Under `leapp-0.21` there are none:
/// the way leapp ends is part of the decisions.
pub fn decide(
    facts: &Facts<'_>,
    data: &UpgradeData,
    options: &Options,
) -> Result<Decisions, DataError> {
    decided(facts, data, options, true)
}

/// Names of the host's packages that are the distribution's or an active vendor's.
pub fn signed(facts: &Facts<'_>, data: &UpgradeData, options: &Options) -> BTreeSet<PackageName> {
    let cx = Context { facts, data, options, rules: options.policy.rules() };
    Run::new(cx, false).signed()
}

/// Decides without making jobs: all that is needed to compare with.
///
/// # Errors
///
/// Those of [`decide`].
pub fn lists(
    facts: &Facts<'_>,
    data: &UpgradeData,
    options: &Options,
) -> Result<Decisions, DataError> {
    decided(facts, data, options, false)
}

fn decided(
    facts: &Facts<'_>,
    data: &UpgradeData,
    options: &Options,
    with_jobs: bool,
) -> Result<Decisions, DataError> {
    let rules = options.policy.rules();
    let cx = Context { facts, data, options, rules };
    if !rules.emulate_stops {
        if !checks::is_path_supported(&options.path) {
            return Ok(hold_everything(&cx));
        }
        require_main_assets(&cx)?;
    }
    Ok(Run::new(cx, with_jobs).decide())
}

/// Nothing can be said about a host that is not at the start of the path.
fn hold_everything(cx: &Context<'_>) -> Decisions {
    let names: BTreeSet<&PackageName> = cx.facts.packages().iter().map(|p| &p.name).collect();
    let hold = |name: &PackageName| Job {
        name: name.clone(),
        action: JobAction::Hold,
        becomes: None,
        repository: None,
        module: None,
        reasons: Vec::new(),
    };
    let request = Request { jobs: names.into_iter().map(hold).collect(), ..Request::default() };
    let findings = vec![checks::unsupported_path(cx)];
    Decisions { request, findings, ..Decisions::default() }
}

fn require_main_assets(cx: &Context<'_>) -> Result<(), DataError> {
    cx.data.events.as_ref().map_err(Clone::clone)?;
    let map = &cx.data.repo_map.as_ref().map_err(Clone::clone)?.value;
    vendors::usable_map(map, cx).map_err(|why| DataError {
        file: map.path.clone(),
        place: Place::Whole,
        problem: Problem::Invalid(why),
    })
}

#[cfg(test)]
mod tests;
