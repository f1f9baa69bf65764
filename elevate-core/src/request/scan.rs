//! The package-event scan: events applied to this host's packages, repositories
//! resolved, differences drawn (formats.md 1.6; leapp's `pes_events_scanner`).

use std::collections::{BTreeMap, BTreeSet};

use crate::directive::{EventRef, How, Reason};
use crate::model::{ModuleStream, PackageId, PackageName, RepoId};
use crate::solve::Becomes;
use crate::upgrade_data::package_events::{Action, EventPackage};

use super::Context;
use super::evolve::{Evolution, Step, evolve, relevant_releases, settle, without_leapp};
use super::resolve::Resolver;
use super::stop::Stop;
use super::wishes::Wishes;

const ACTOR: &str = "pes_events_scanner";

/// The outcome of the scan.
#[derive(Debug, Default)]
pub(super) struct Scan<'a> {
    /// The set before: signed packages and what the wishes made of them.
    pub(super) base: BTreeMap<PackageId, Option<String>>,
    /// The set after, with repositories of the target.
    pub(super) target: BTreeMap<PackageId, Placed>,
    pub(super) evolution: Evolution<'a>,
    /// Packages whose family no map resolves, with the family.
    pub(super) unresolved: BTreeMap<PackageId, String>,
    /// New packages that an excluded repository would have brought.
    pub(super) excluded: BTreeMap<PackageId, RepoId>,
    /// Members of the base that are left alone because events lead nowhere.
    pub(super) held: BTreeMap<PackageName, Vec<Reason>>,
    /// Whether any family that events name was resolved.
    pub(super) resolved_any: bool,
    pub(super) repositories: BTreeSet<RepoId>,
    pub(super) to_install: BTreeSet<PackageName>,
    pub(super) to_remove: BTreeSet<PackageName>,
    pub(super) to_reinstall: BTreeSet<PackageName>,
    pub(super) modules: BTreeSet<ModuleStream>,
    /// Whether leapp would pass tasks on at all.
    pub(super) emits_tasks: bool,
    /// Whether there was anything to scan.
    pub(super) ran: bool,
    consumers: BTreeMap<PackageId, Vec<usize>>,
}

/// Where a member of the set after comes from.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Placed {
    /// Repository of the target, where events name one.
    pub(super) repository: Option<RepoId>,
    /// The event that put it there.
    pub(super) by: Option<usize>,
}

/// What the scan looks at besides the events.
pub(super) struct Inputs<'x, 'a> {
    pub(super) packages: &'x BTreeMap<PackageId, Option<String>>,
    pub(super) wishes: &'x [Wishes],
    pub(super) resolver: Option<&'x Resolver<'a>>,
    pub(super) enabled: &'x BTreeSet<RepoId>,
    pub(super) excluded: &'x BTreeSet<RepoId>,
}

/// Runs the scan over all steps of the main file and the active vendors', and
/// says how leapp would stop in it.
pub(super) fn scan<'a>(
    cx: &Context<'_>,
    steps: &'a [Step<'a>],
    inputs: &Inputs<'_, '_>,
) -> (Scan<'a>, Option<Stop>) {
    let path = &cx.options.path;
    let releases = relevant_releases(steps, path.source.release, path.target.release);
    let (base, stopped) = base(cx, inputs);
    if stopped.is_some() {
        return (Scan::default(), stopped);
    }
    // leapp looks for releases before it drops events about itself.
    if releases.is_empty() && cx.rules.emulate_stops {
        let why = "no event lies between the source and the target release";
        return (Scan::default(), Some(Stop::crash(ACTOR, why)));
    }
    let settled = settle(&without_leapp(steps), &releases);
    let evolution = evolve(&base, &settled, &releases, path.source.release.major, &cx.rules);
    let mut scan = Scan { base, evolution, ran: true, ..Scan::default() };
    let Some(resolver) = inputs.resolver else {
        return (scan, Some(Stop::error(ACTOR, "there is no repository map")));
    };
    scan.index_consumers();
    scan.place(cx, resolver, inputs);
    if !cx.rules.remove_unresolved {
        scan.hold();
    }
    scan.draw_differences(cx, inputs);
    let stopped = scan.reinstall(cx);
    (scan, stopped)
}

/// Wishes change what events see: wanted packages count as installed, unwanted
/// ones as absent. leapp dies where two producers remove the same package.
fn base(
    cx: &Context<'_>,
    inputs: &Inputs<'_, '_>,
) -> (BTreeMap<PackageId, Option<String>>, Option<Stop>) {
    let mut base = inputs.packages.clone();
    for wishes in inputs.wishes {
        for name in &wishes.to_install {
            base.entry(PackageId::plain(name.clone())).or_insert(None);
        }
        for (id, repository) in inputs.packages {
            let gone = wishes.to_remove.contains(&id.name) && base.remove(id).is_none();
            if gone && cx.rules.emulate_stops {
                let why = format!("two producers of tasks remove {}", id.name);
                return (base, Some(Stop::crash(ACTOR, why)));
            }
            if wishes.to_keep.contains(&id.name) {
                base.insert(id.clone(), repository.clone());
            }
        }
    }
    (base, None)
}

impl Scan<'_> {
    fn index_consumers(&mut self) {
        for (at, fired) in self.evolution.fired.iter().enumerate() {
            for id in fired.consumed.iter().filter(|_| fired.step.drops()) {
                self.consumers.entry(id.clone()).or_default().push(at);
            }
        }
    }

    /// Gives every member its repository of the target, and takes out those
    /// that have none.
    fn place(&mut self, cx: &Context<'_>, resolver: &Resolver<'_>, inputs: &Inputs<'_, '_>) {
        let sources: BTreeSet<Option<&str>> = self.base.values().map(Option::as_deref).collect();
        let foreign = |member: &super::evolve::Member| {
            if cx.rules.repository_tells_provenance {
                !sources.contains(&member.repository.as_deref())
            } else {
                member.by.is_some()
            }
        };
        let members = || self.evolution.target.iter();
        let needed =
            members().filter(|(_, m)| foreign(m)).filter_map(|(_, m)| m.repository.as_deref());
        let needed: BTreeSet<&str> = needed.collect();
        let needed: BTreeSet<String> = needed.into_iter().map(str::to_owned).collect();
        let resolved = resolver.families(inputs.enabled, &needed);
        self.resolved_any = needed.is_empty() || !resolved.is_empty();
        let mut target = Vec::with_capacity(self.evolution.target.len());
        let mut unresolved = BTreeMap::new();
        let mut excluded = BTreeMap::new();
        for (id, member) in members() {
            let family = member.repository.as_deref().unwrap_or_default();
            let repository = match (foreign(member), resolved.get(family)) {
                (true, None) => {
                    unresolved.insert(id.clone(), family.to_owned());
                    continue;
                }
                (true, Some(repository)) => Some(repository.clone()),
                // A name that equals a source repository's passes unresolved,
                // and is enabled as it is only where nothing on the host has it.
                (false, _) => None,
            };
            match repository {
                Some(id_of) if !self.base.contains_key(id) && inputs.excluded.contains(&id_of) => {
                    excluded.insert(id.clone(), id_of);
                }
                repository => {
                    target.push((id.clone(), Placed { repository, by: member.by }));
                }
            }
        }
        self.target = target.into_iter().collect();
        (self.unresolved, self.excluded) = (unresolved, excluded);
    }

    /// Keeps what events lead into repositories nobody knows, or into modules
    /// no map leads to, instead of letting it be removed.
    fn hold(&mut self) {
        let mut held: BTreeMap<PackageId, Vec<Reason>> = BTreeMap::new();
        for id in self.base.keys().filter(|id| !self.target.contains_key(id)) {
            let successors = self.successors(id);
            if successors.iter().any(|s| self.target.contains_key(s)) {
                continue;
            }
            let families: BTreeSet<&String> =
                successors.iter().chain([id]).filter_map(|s| self.unresolved.get(s)).collect();
            if !families.is_empty() {
                let unresolved =
                    families.into_iter().map(|f| Reason::UnresolvedRepository { pesid: f.clone() });
                let events = self.consuming_events(id).into_iter().map(Reason::Event);
                held.insert(id.clone(), unresolved.chain(events).collect());
            }
        }
        for step in &self.evolution.withheld {
            let lost = |p: &EventPackage| Reason::LostOutput { package: p.name.clone() };
            let reasons = step.lost.iter().map(lost).chain([Reason::Event(step.reference())]);
            for (id, _) in step.inputs.iter().filter(|(id, _)| self.base.contains_key(id)) {
                // Another event may have found it a place.
                if !self.successors(id).iter().any(|s| s != id && self.target.contains_key(s)) {
                    held.entry(id.clone()).or_default().extend(reasons.clone());
                }
            }
        }
        for (id, mut reasons) in held {
            reasons.sort();
            reasons.dedup();
            self.held.entry(id.name.clone()).or_default().extend(reasons);
            self.target.entry(id).or_insert(Placed { repository: None, by: None });
        }
    }

    fn draw_differences(&mut self, cx: &Context<'_>, inputs: &Inputs<'_, '_>) {
        let sources: BTreeSet<&str> = self.base.values().flatten().map(String::as_str).collect();
        let is_source =
            |id: &RepoId| cx.rules.repository_tells_provenance && sources.contains(id.as_str());
        let wanted = self.target.values().filter_map(|p| p.repository.as_ref());
        self.repositories =
            wanted.filter(|id| !inputs.excluded.contains(*id) && !is_source(id)).cloned().collect();
        let before = names(self.base.keys());
        let after = names(self.target.keys());
        self.to_install = after.difference(&before).cloned().collect();
        self.to_remove = before.difference(&after).cloned().collect();
        let differs = !(self.to_install.is_empty() && self.to_remove.is_empty());
        self.emits_tasks = differs || !cx.rules.tasks_only_on_name_difference;
        if self.emits_tasks {
            let kept = self.target.keys().filter(|id| !self.held.contains_key(&id.name));
            self.modules = kept.filter_map(|id| id.stream.clone()).collect();
        }
    }

    /// What is to be installed again. leapp passes nothing on, or dies of it.
    fn reinstall(&mut self, cx: &Context<'_>) -> Option<Stop> {
        if !cx.rules.broken_reinstall {
            let after = names(self.target.keys());
            self.to_reinstall = self.evolution.reinstall.intersection(&after).cloned().collect();
            return None;
        }
        let dies = self.emits_tasks && !self.evolution.reinstall_last.is_empty();
        let why = "an event asks to reinstall packages while others change";
        dies.then(|| Stop::crash(ACTOR, why))
    }

    /// What of the set after stands in an installed package's place, through
    /// however many events; itself included where it stays.
    pub(super) fn successors(&self, id: &PackageId) -> BTreeSet<PackageId> {
        let mut reached = BTreeSet::new();
        let mut open: Vec<(&PackageId, usize)> = vec![(id, 0)];
        let mut visited: BTreeSet<(&PackageId, usize)> = BTreeSet::new();
        while let Some((id, since)) = open.pop() {
            if !visited.insert((id, since)) {
                continue;
            }
            if self.evolution.target.contains_key(id) {
                reached.insert(id.clone());
            }
            for &at in self.consumers.get(id).into_iter().flatten().filter(|&&at| at >= since) {
                let Some(fired) = self.evolution.fired.get(at) else { continue };
                let outputs = fired.step.outputs.iter().map(|(out, _)| out);
                open.extend(outputs.map(|out| (out, self.evolution.taken_up_from(at, out))));
            }
        }
        reached
    }

    fn consuming_events(&self, id: &PackageId) -> Vec<EventRef> {
        let fired = self.consumers.get(id).into_iter().flatten();
        fired.filter_map(|&at| self.evolution.fired.get(at)).map(|f| f.step.reference()).collect()
    }

    /// The event that put a member of the set after there.
    pub(super) fn event_of(&self, placed: &Placed) -> Option<EventRef> {
        placed.by.and_then(|at| self.evolution.fired.get(at)).map(|f| f.step.reference())
    }

    /// What events make of an installed package, and which events; `None` where
    /// none touches it.
    pub(super) fn becomes(&self, id: &PackageId) -> Option<(Becomes, Vec<EventRef>)> {
        let events = self.consuming_events(id);
        if events.is_empty() {
            return None;
        }
        let placed = |s: &PackageId| self.target.contains_key(s);
        let packages: BTreeSet<PackageName> =
            self.successors(id).into_iter().filter(placed).map(|s| s.name).collect();
        let decisive = self
            .consumers
            .get(id)?
            .iter()
            .filter_map(|&at| self.evolution.fired.get(at))
            .min_by_key(|f| (f.step.outputs.is_empty(), f.step.rank()))?;
        let how = match decisive.step.event.action {
            _ if packages.is_empty() => How::Removed,
            Action::Split => How::Split,
            Action::Merged => How::Merged,
            Action::Moved => How::Moved,
            Action::Renamed | Action::Reinstalled => How::Renamed,
            _ => How::Replaced,
        };
        Some((Becomes { how, packages: packages.into_iter().collect() }, events))
    }
}

fn names<'i>(ids: impl Iterator<Item = &'i PackageId>) -> BTreeSet<PackageName> {
    ids.map(|id| id.name.clone()).collect()
}
