//! One run through the stages, in the order in which leapp's actors run.

use std::borrow::Cow;
use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use crate::finding::Finding;
use crate::model::{PackageId, PackageName, RepoId};
use crate::solve::{Policy, Request};
use crate::upgrade_data::package_events::{Action, EventFile};
use crate::upgrade_data::repo_map::RepoMap;
use crate::upgrade_data::{Asset, DataError, Problem};

use super::evolve::{Steps, steps};
use super::resolve::Resolver;
use super::scan::{Inputs, Scan, scan};
use super::signed::Packages;
use super::stop::{self, Stop};
use super::streams::Declared;
use super::targets::{self, CustomRepository, Exclusions, Skipped, Targets};
use super::tasks::Tasks;
use super::vendors::{self, Vendors};
use super::wishes::Wishes;
use super::{Context, Decisions, EventScan, checks, jobs};

/// leapp's run is over on the spot.
struct Crashed;

type Stage<T> = Result<T, Crashed>;

/// What the stages decide gathers in `decisions`.
pub(super) struct Run<'a> {
    cx: Context<'a>,
    with_jobs: bool,
    enabled: BTreeSet<RepoId>,
    decisions: Decisions,
}

/// The events of every file that counts.
#[derive(Default)]
struct Events<'a> {
    steps: Steps<'a>,
    /// Data streams of the files that were opened for them.
    declared: Declared<'a>,
}

impl<'a> Run<'a> {
    pub(super) fn new(cx: Context<'a>, with_jobs: bool) -> Self {
        let enabled = cx.facts.repositories.enabled(cx.rules.enabled_is_literal_1);
        Self { cx, with_jobs, enabled, decisions: Decisions::default() }
    }

    pub(super) fn decide(mut self) -> Decisions {
        let crashed = self.stages().is_err();
        let mut decisions = self.decisions;
        if !decisions.stops.is_empty() {
            // The run ends after its first phase: no lists, no later checks.
            decisions.tasks = None;
            decisions.request = Request::default();
        }
        if crashed {
            decisions.mapped_repositories = None;
            decisions.custom_repositories = None;
            decisions.skipped = Skipped::default();
        }
        decisions.findings.sort_by(Finding::order);
        decisions
    }

    /// Names of signed packages; none where leapp would not get that far.
    pub(super) fn signed(mut self) -> BTreeSet<PackageName> {
        let cx = self.cx;
        let (vendors, stopped) = Vendors::find(&cx, &self.enabled);
        let signed = self.stop_at(stopped).and_then(|()| {
            let maps = self.maps(&vendors)?;
            Ok(self.packages(&vendors, &maps)?.signed_names())
        });
        signed.unwrap_or_default()
    }

    fn stages(&mut self) -> Stage<()> {
        let cx = self.cx;
        self.stop_at(stop::of_host_files(&cx))?;
        self.stop_at(stop::of_devices(&cx))?;
        let (vendors, stopped) = Vendors::find(&cx, &self.enabled);
        self.stop_at(stopped)?;
        self.decisions.active_vendors =
            vendors.active_names.iter().map(|&name| name.to_owned()).collect();
        let maps = self.maps(&vendors)?;
        let packages = self.packages(&vendors, &maps)?;
        let requested = self.requested()?;
        let seen = if cx.rules.first_map_only { maps.get(..1).unwrap_or(&[]) } else { &maps[..] };
        let mut seen_maps = Resolver::new(seen, cx.scope());
        let exclusions = self.exclude(&maps, &seen_maps, &requested)?;
        let custom = self.custom(requested, &vendors, &exclusions)?;
        let wishes = self.wishes(&packages)?;
        let events = self.events(&vendors)?;
        let scan = self.scan(&events.steps, &packages, &wishes, &maps, &exclusions)?;
        let mut targets = Targets::find(
            &cx,
            &mut seen_maps,
            &packages,
            &self.enabled,
            &exclusions.excluded,
            &scan.repositories,
        );
        targets.custom = custom;
        let seen = checks::Seen {
            vendors: &vendors,
            packages: &packages,
            wishes: &wishes,
            targets: &targets,
            events: &events.steps,
            declared: &events.declared,
        };
        self.finish(&seen, &scan);
        Ok(())
    }

    /// Notes how leapp stops, where the policy is leapp's.
    fn stop_at(&mut self, stops: impl IntoIterator<Item = Stop>) -> Stage<()> {
        if !self.cx.rules.emulate_stops {
            return Ok(());
        }
        for stop in stops {
            let crash = stop.crash;
            self.decisions.stops.push(stop);
            if crash {
                return Err(Crashed);
            }
        }
        Ok(())
    }

    /// Every map that can be read: vendors' first, as leapp publishes them;
    /// under the default policy the main one first.
    fn maps(&mut self, vendors: &Vendors<'a>) -> Stage<Vec<&'a RepoMap>> {
        let cx = self.cx;
        let main = match &cx.data.repo_map {
            Ok(asset) => vendors::usable_map(&asset.value, &cx).map(|()| &asset.value),
            Err(error) => Err(error.to_string()),
        };
        let stopped = main.as_ref().err().map(|why| Stop::error("repository_mapping", why));
        self.stop_at(stopped)?;
        let of_vendors = vendors.maps.iter().map(|(_, map)| *map);
        Ok(if cx.rules.first_map_only {
            of_vendors.chain(main).collect()
        } else {
            main.into_iter().chain(of_vendors).collect()
        })
    }

    fn packages(&mut self, vendors: &Vendors<'a>, maps: &[&RepoMap]) -> Stage<Packages<'a>> {
        let cx = self.cx;
        let keys = vendors::signing_keys(&vendors.active, cx.rules.keys_by_substring);
        let all_maps = Resolver::new(maps, cx.scope());
        let mapped = |id: &str| RepoId::new(id).is_ok_and(|id| all_maps.knows(&id));
        let packages = Packages::classify(&cx, &keys, mapped);
        if packages.unknown_distribution {
            let why = format!("no signing keys are known for {}", cx.options.path.source.distro);
            self.stop_at([Stop::error("distribution_signed_rpm_scanner", why)])?;
        }
        self.decisions.signed = packages.signed_names();
        self.decisions.unsigned = packages.unsigned_names();
        self.decisions.presumed = packages.presumed.len();
        Ok(packages)
    }

    fn requested(&mut self) -> Stage<Vec<CustomRepository>> {
        let (requested, stopped) = targets::requested(&self.cx);
        self.stop_at(stopped)?;
        Ok(requested)
    }

    fn exclude(
        &mut self,
        maps: &[&RepoMap],
        resolver: &Resolver<'_>,
        requested: &[CustomRepository],
    ) -> Stage<Exclusions> {
        if maps.is_empty() {
            let why = "there is no repository map";
            self.stop_at([Stop::error("repositories_blacklist", why)])?;
            return Ok(Exclusions::default());
        }
        let mut exclusions = Exclusions::find(resolver, &self.enabled, requested);
        self.decisions.findings.extend(checks::exclusions(&exclusions));
        exclusions.excluded.extend(self.cx.options.exclude_repos.iter().cloned());
        self.decisions.excluded_repositories = exclusions.excluded.clone();
        Ok(exclusions)
    }

    fn custom(
        &mut self,
        requested: Vec<CustomRepository>,
        vendors: &Vendors<'a>,
        exclusions: &Exclusions,
    ) -> Stage<Vec<CustomRepository>> {
        let (of_vendors, stopped) = targets::of_vendors(&self.cx, vendors, &self.enabled);
        self.stop_at(stopped)?;
        let mut custom = requested;
        custom.extend(of_vendors);
        custom.retain(|c| !exclusions.excluded.contains(&c.id));
        custom.sort_by(|a, b| a.id.cmp(&b.id));
        Ok(custom)
    }

    /// The administrator's lists come first. leapp's collector dies where the
    /// list of signed packages was never made.
    fn wishes(&mut self, packages: &Packages<'_>) -> Stage<Vec<Wishes>> {
        if packages.unknown_distribution {
            let actor = "rpm_transaction_config_tasks_collector";
            self.stop_at([Stop::crash(actor, "there is no list of signed packages")])?;
        }
        let user = Wishes::of_user(&self.cx.data.transaction, &self.decisions.signed);
        Ok(std::iter::once(user).chain(self.cx.options.wishes.iter().cloned()).collect())
    }

    /// Events of the main file and of the active vendors' files; none where
    /// leapp would not read on.
    fn events(&mut self, vendors: &Vendors<'a>) -> Stage<Events<'a>> {
        let cx = self.cx;
        let mut events = Events::default();
        if !self.take_events(&cx.data.events, &mut events, true)? {
            return Ok(events);
        }
        if events.steps.taken.is_empty() && cx.rules.skip_vendor_events_without_main {
            return Ok(events);
        }
        for vendor in &vendors.active {
            let Some(asset) = &vendor.events else { continue };
            if !self.take_events(asset, &mut events, false)? {
                return Ok(events);
            }
        }
        Ok(events)
    }

    /// Adds a file's events; `false` where leapp reads no further and drops
    /// what it has.
    fn take_events(
        &mut self,
        asset: &'a Result<Asset<EventFile>, DataError>,
        events: &mut Events<'a>,
        main: bool,
    ) -> Stage<bool> {
        match asset {
            Ok(asset) => {
                events.declared.push((&asset.file.path, &asset.streams));
                events.steps.append(steps(&asset.value, self.cx.arch(), &self.cx.rules));
                Ok(true)
            }
            Err(error) if self.cx.rules.emulate_stops => {
                let streams = self.cx.data.refused_streams.get(&error.file);
                events.declared.extend(streams.map(|streams| (&*error.file, streams)));
                events.steps = Steps::default();
                self.refuse_events(error, main)?;
                Ok(false)
            }
            Err(_) => Ok(true),
        }
    }

    /// How leapp takes a broken event file (formats.md 1.4): an error, an
    /// exception, or an inhibitor and no events at all.
    fn refuse_events(&mut self, error: &DataError, main: bool) -> Stage<()> {
        let actor = "pes_events_scanner";
        match &error.problem {
            Problem::Invalid(_) => {
                let finding = checks::invalid_events(error, main);
                self.decisions.findings.push(finding);
                Ok(())
            }
            Problem::Fatal(_) => self.stop_at([Stop::crash(actor, error.to_string())]),
            _ => self.stop_at([Stop::error(actor, error.to_string())]),
        }
    }

    fn scan<'s>(
        &mut self,
        events: &'s Steps<'s>,
        packages: &Packages<'_>,
        wishes: &[Wishes],
        maps: &[&RepoMap],
        exclusions: &Exclusions,
    ) -> Stage<Scan<'s>> {
        if events.taken.is_empty() && self.cx.rules.emulate_stops {
            return Ok(Scan::default());
        }
        let mut resolver = (!maps.is_empty()).then(|| Resolver::new(maps, self.cx.scope()));
        if let Some(resolver) = &mut resolver {
            resolver.set_default_channels(&self.enabled);
        }
        let inputs = Inputs {
            packages: &identities(packages),
            wishes,
            resolver: resolver.as_ref(),
            enabled: &self.enabled,
            excluded: &exclusions.excluded,
        };
        let (scan, stopped) = scan(&self.cx, &events.taken, &inputs);
        self.note_events(&scan);
        let ended = stopped.is_some();
        self.stop_at(stopped)?;
        if ended {
            return Ok(Scan::default());
        }
        self.decisions.event_scan = Some(EventScan::of(&scan));
        Ok(scan)
    }

    /// What is known of the events even where the scan ends early.
    fn note_events(&mut self, scan: &Scan<'_>) {
        let decisions = &mut self.decisions;
        decisions.findings.extend(checks::events(&self.cx, scan));
        let evolution = &scan.evolution;
        decisions.order_dependent =
            evolution.order_dependent.keys().map(|id| id.name.clone()).collect();
        let changing = |action: Action| !matches!(action, Action::Present | Action::Deprecated);
        let fired = evolution.fired.iter().map(|f| f.step.event);
        decisions.applied_events =
            fired.filter(|e| changing(e.action)).map(|e| Arc::clone(&e.id)).collect();
    }

    fn finish(&mut self, seen: &checks::Seen<'_, '_>, scan: &Scan<'_>) {
        let cx = self.cx;
        let tasks = Tasks::merge(&cx, seen.packages, seen.wishes, scan);
        let parts =
            jobs::Parts { packages: seen.packages, tasks: &tasks, wishes: seen.wishes, scan };
        let running_kernel = cx.facts.kernel().release().ok().map(Cow::into_owned);
        let decisions = &mut self.decisions;
        decisions.request = Request {
            jobs: if self.with_jobs { jobs::jobs(&parts) } else { Vec::new() },
            modules_to_enable: tasks.modules_to_enable.iter().cloned().collect(),
            modules_to_reset: tasks.modules_to_reset.iter().cloned().collect(),
            repositories: seen.targets.all(&cx),
            local_rpms: tasks.local_rpms.iter().cloned().collect(),
            policy: Policy { running_kernel, ..Policy::leapp() },
        };
        decisions.skipped = seen.targets.skipped.clone();
        decisions.mapped_repositories = Some(seen.targets.mapped.keys().cloned().collect());
        decisions.custom_repositories = Some(seen.targets.custom.clone());
        if decisions.stops.is_empty() {
            let made = checks::Made { scan, tasks: &tasks, request: &decisions.request };
            decisions.findings.extend(checks::checks(&cx, seen, &made));
        }
        decisions.tasks = Some(tasks);
    }
}

/// Signed packages as events see them. Of two copies of one name the first
/// gives the repository.
fn identities(packages: &Packages<'_>) -> BTreeMap<PackageId, Option<String>> {
    let mut set = BTreeMap::new();
    for package in &packages.signed {
        let id = PackageId { name: package.name.clone(), stream: package.module.clone() };
        set.entry(id).or_insert_with(|| package.from_repo.clone());
    }
    set
}
