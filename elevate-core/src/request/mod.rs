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
mod scan;
mod signed;
mod stop;
mod streams;
mod targets;
mod tasks;
mod vendors;
mod wishes;

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use crate::facts::Facts;
use crate::finding::Finding;
use crate::model::{Arch, ModuleStream, PackageId, PackageName, RepoId, UpgradePath};
use crate::solve::{Job, JobAction, Request};
use crate::upgrade_data::package_events::{Action, EventFile};
use crate::upgrade_data::repo_map::{Channel, RepoMap};
use crate::upgrade_data::{Asset, DataError, Place, Problem, UpgradeData};

pub use difference::differences;
pub use kinds::KINDS;
pub use policy::{Policy, Rules};
pub use stop::Stop;
pub use targets::{CustomRepository, Skipped};
pub use tasks::Tasks;
pub use wishes::Wishes;

use evolve::{Step, steps};
use resolve::{Resolver, Scope};
use scan::{Inputs, Scan, scan, without_leapp};
use signed::Packages;
use targets::{Exclusions, Targets};
use vendors::Vendors;

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
    let rules = options.policy.rules();
    let cx = Context { facts, data, options, rules };
    if !rules.emulate_stops {
        if !checks::is_path_supported(&options.path) {
            return Ok(hold_everything(&cx));
        }
        require_main_assets(&cx)?;
    }
    Ok(Run::new(cx).decide())
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

/// One run through the stages; what they decide gathers in `decisions`.
struct Run<'a> {
    cx: Context<'a>,
    enabled: BTreeSet<RepoId>,
    stops: Vec<Stop>,
    decisions: Decisions,
}

impl<'a> Run<'a> {
    fn new(cx: Context<'a>) -> Self {
        let enabled = cx.facts.repositories.enabled(cx.rules.enabled_is_literal_1);
        Self { cx, enabled, stops: Vec::new(), decisions: Decisions::default() }
    }

    fn decide(mut self) -> Decisions {
        self.gather_facts();
        self.decisions.stops = if self.cx.rules.emulate_stops { self.stops } else { Vec::new() };
        if self.cx.rules.emulate_stops && !self.decisions.stops.is_empty() {
            // The run ends after its first phase: no lists, no later checks.
            self.decisions.tasks = None;
            self.decisions.request = Request::default();
            if self.decisions.stops.iter().any(|stop| stop.crash) {
                self.decisions.mapped_repositories = None;
                self.decisions.custom_repositories = None;
                self.decisions.skipped = Skipped::default();
            }
        }
        self.decisions.findings.sort_by(Finding::order);
        self.decisions
    }

    /// Whether leapp's run is over on the spot.
    fn crashed(&self) -> bool {
        self.cx.rules.emulate_stops && self.stops.iter().any(|stop| stop.crash)
    }

    fn gather_facts(&mut self) {
        let cx = self.cx;
        self.stops.extend(stop::of_host_files(&cx));
        if self.crashed() {
            return;
        }
        let vendors = Vendors::find(&cx, &self.enabled, &mut self.stops);
        self.decisions.active_vendors = vendors.active.iter().map(|v| v.name.clone()).collect();
        let maps = self.maps(&vendors);
        let all_maps = Resolver::new(&maps, cx.scope());
        let keys = vendors::signing_keys(&vendors.active, cx.rules.keys_by_substring);
        let mapped = |id: &str| RepoId::new(id).is_ok_and(|id| all_maps.knows(&id));
        let packages = Packages::classify(&cx, &keys, mapped, &mut self.stops);
        self.decisions.signed = packages.signed_names();
        self.decisions.unsigned = packages.unsigned_names();
        self.decisions.presumed = packages.presumed.len();

        let seen = if cx.rules.first_map_only { maps.get(..1).unwrap_or(&[]) } else { &maps[..] };
        let mut seen_maps = Resolver::new(seen, cx.scope());
        let requested = targets::requested(&cx, &mut self.stops);
        let exclusions = self.exclude(&maps, &seen_maps, &requested);
        let mut custom = requested;
        custom.extend(targets::of_vendors(&cx, &vendors, &self.enabled, &mut self.stops));
        custom.retain(|c| !exclusions.excluded.contains(&c.id));
        custom.sort_by(|a, b| a.id.cmp(&b.id));
        if self.crashed() {
            return;
        }
        let mut wishes = vec![Wishes::of_user(&cx.data.transaction, &self.decisions.signed)];
        wishes.extend(cx.options.wishes.iter().cloned());

        let steps = self.steps(&vendors);
        let mut resolver = (!maps.is_empty()).then(|| Resolver::new(&maps, cx.scope()));
        if let Some(resolver) = &mut resolver {
            resolver.set_default_channels(&self.enabled);
        }
        let scan = self.scan(&steps, &packages, &wishes, resolver.as_ref(), &exclusions);
        if self.crashed() {
            return;
        }
        let scan = scan.unwrap_or_default();
        let mut targets = Targets::find(
            &cx,
            &mut seen_maps,
            &packages,
            &self.enabled,
            &exclusions.excluded,
            &scan.repositories,
        );
        targets.custom = custom;
        self.finish(&vendors, &packages, &wishes, &scan, &targets);
    }

    /// Every map that can be read: vendors' first, as leapp publishes them;
    /// under the default policy the main one first.
    fn maps(&mut self, vendors: &Vendors<'a>) -> Vec<&'a RepoMap> {
        let cx = &self.cx;
        let main = match &cx.data.repo_map {
            Ok(asset) => vendors::usable_map(&asset.value, cx).map(|()| &asset.value),
            Err(error) => Err(error.to_string()),
        };
        let main = main.map_err(|why| self.stops.push(Stop::error("repository_mapping", why))).ok();
        let of_vendors = vendors.maps.iter().map(|(_, map)| *map);
        if cx.rules.first_map_only {
            of_vendors.chain(main).collect()
        } else {
            main.into_iter().chain(of_vendors).collect()
        }
    }

    fn exclude(
        &mut self,
        maps: &[&RepoMap],
        resolver: &Resolver<'_>,
        requested: &[CustomRepository],
    ) -> Exclusions {
        if maps.is_empty() {
            let why = "there is no repository map";
            self.stops.push(Stop::error("repositories_blacklist", why));
            return Exclusions::default();
        }
        let mut exclusions = Exclusions::find(resolver, &self.enabled, requested);
        exclusions.excluded.extend(self.cx.options.exclude_repos.iter().cloned());
        self.decisions.excluded_repositories = exclusions.excluded.clone();
        self.decisions.findings.extend(checks::exclusions(&exclusions));
        exclusions
    }

    /// Steps of the main file and of the active vendors' files; empty where
    /// leapp would not read on.
    fn steps(&mut self, vendors: &Vendors<'a>) -> Vec<Step<'a>> {
        let cx = self.cx;
        let read = |asset: &'a Asset<EventFile>| steps(&asset.value, cx.arch(), &cx.rules);
        let mut all = match &cx.data.events {
            Ok(asset) => read(asset),
            Err(error) => {
                self.refuse_events(error, true);
                return Vec::new();
            }
        };
        if all.is_empty() && cx.rules.skip_vendor_events_without_main {
            return Vec::new();
        }
        for vendor in &vendors.active {
            match &vendor.events {
                Some(Ok(asset)) => all.extend(read(asset)),
                Some(Err(error)) if cx.rules.emulate_stops => {
                    self.refuse_events(error, false);
                    return Vec::new();
                }
                Some(Err(_)) | None => {}
            }
        }
        without_leapp(all)
    }

    /// How leapp takes a broken event file (formats.md 1.4): an error, an
    /// exception, or an inhibitor and no events at all.
    fn refuse_events(&mut self, error: &DataError, main: bool) {
        let actor = "pes_events_scanner";
        match &error.problem {
            Problem::Invalid(_) => {
                let finding = checks::invalid_events(error, main);
                self.decisions.findings.push(finding);
            }
            Problem::Fatal(_) => self.stops.push(Stop::crash(actor, error.to_string())),
            _ => self.stops.push(Stop::error(actor, error.to_string())),
        }
    }

    fn scan<'s>(
        &mut self,
        steps: &'s [Step<'s>],
        packages: &Packages<'_>,
        wishes: &[Wishes],
        resolver: Option<&Resolver<'_>>,
        exclusions: &Exclusions,
    ) -> Option<Scan<'s>> {
        if steps.is_empty() && self.cx.rules.emulate_stops {
            return None;
        }
        let mut set: BTreeMap<PackageId, Option<String>> = BTreeMap::new();
        for package in &packages.signed {
            let id = PackageId { name: package.name.clone(), stream: package.module.clone() };
            set.entry(id).or_insert_with(|| package.from_repo.clone());
        }
        let inputs = Inputs {
            packages: &set,
            wishes,
            resolver,
            enabled: &self.enabled,
            excluded: &exclusions.excluded,
        };
        let scan = scan(&self.cx, steps, &inputs, &mut self.stops)?;
        self.decisions.findings.extend(checks::events(&self.cx, &scan));
        self.decisions.event_scan = Some(EventScan {
            repositories: scan.repositories.clone(),
            emits_tasks: scan.emits_tasks,
            to_install: scan.to_install.clone(),
            to_remove: scan.to_remove.clone(),
            to_reinstall: scan.to_reinstall.clone(),
            modules: scan.modules.clone(),
        });
        Some(scan)
    }

    fn finish(
        &mut self,
        vendors: &Vendors<'_>,
        packages: &Packages<'_>,
        wishes: &[Wishes],
        scan: &Scan<'_>,
        targets: &Targets,
    ) {
        let cx = self.cx;
        let tasks = Tasks::merge(&cx, packages, wishes, Some(scan));
        let parts = jobs::Parts { packages, tasks: &tasks, wishes, scan };
        let decisions = &mut self.decisions;
        decisions.request = Request {
            jobs: jobs::jobs(&parts),
            modules_to_enable: tasks.modules_to_enable.iter().cloned().collect(),
            modules_to_reset: tasks.modules_to_reset.iter().cloned().collect(),
            repositories: targets.all(&cx),
            local_rpms: tasks.local_rpms.iter().cloned().collect(),
        };
        decisions.skipped = targets.skipped.clone();
        decisions.mapped_repositories = Some(targets.mapped.keys().cloned().collect());
        decisions.custom_repositories = Some(targets.custom.clone());
        decisions.order_dependent =
            scan.evolution.order_dependent.keys().map(|id| id.name.clone()).collect();
        let changing = |action: Action| !matches!(action, Action::Present | Action::Deprecated);
        let fired = scan.evolution.fired.iter().map(|f| f.step.event);
        decisions.applied_events =
            fired.filter(|e| changing(e.action)).map(|e| Arc::clone(&e.id)).collect();
        let phase_ends = cx.rules.emulate_stops && !self.stops.is_empty();
        if !phase_ends {
            let seen = checks::Seen { vendors, packages, wishes, targets };
            decisions.findings.extend(checks::checks(&cx, &seen, &decisions.request));
        }
        decisions.tasks = Some(tasks);
    }
}
