//! The lists as jobs, one a name, each with its reasons.

use std::collections::{BTreeMap, BTreeSet};

use crate::directive::Reason;
use crate::model::{PackageId, PackageName};
use crate::solve::{Job, JobAction};

use super::scan::{Placed, Scan};
use super::signed::{Packages, evidence};
use super::tasks::{Tasks, is_upgradable};
use super::wishes::Wishes;

/// What the jobs are made of.
pub(super) struct Parts<'x, 'a> {
    pub(super) packages: &'x Packages<'a>,
    pub(super) tasks: &'x Tasks,
    pub(super) wishes: &'x [Wishes],
    pub(super) scan: &'x Scan<'a>,
}

/// One job a name, for every installed and every new name, by name.
pub(super) fn jobs(parts: &Parts<'_, '_>) -> Vec<Job> {
    let index = Index::new(parts);
    let installed = parts.packages.signed.iter().chain(&parts.packages.unsigned).map(|p| &p.name);
    let new = parts.tasks.to_install.iter();
    let names: BTreeSet<&PackageName> = installed.chain(new).collect();
    names.into_iter().map(|name| index.job(name)).collect()
}

struct Index<'x, 'a> {
    parts: &'x Parts<'x, 'a>,
    base: BTreeMap<&'x PackageName, &'x PackageId>,
    placed: BTreeMap<&'x PackageName, (&'x PackageId, &'x Placed)>,
    signed: BTreeSet<&'x PackageName>,
    unsigned: BTreeMap<&'x PackageName, String>,
}

impl<'x, 'a> Index<'x, 'a> {
    fn new(parts: &'x Parts<'x, 'a>) -> Self {
        Self {
            parts,
            base: parts.scan.base.keys().map(|id| (&id.name, id)).collect(),
            placed: parts.scan.target.iter().map(|(id, p)| (&id.name, (id, p))).collect(),
            signed: parts.packages.signed.iter().map(|p| &p.name).collect(),
            unsigned: parts.packages.unsigned.iter().map(|p| (&p.name, evidence(p))).collect(),
        }
    }

    fn job(&self, name: &PackageName) -> Job {
        let action = self.action(name);
        let id = self.base.get(name);
        let evolved = id.and_then(|id| self.parts.scan.becomes(id));
        let placed = self.placed.get(name);
        let (becomes, events) = match evolved {
            Some((becomes, events)) => (Some(becomes), events),
            None => (None, Vec::new()),
        };
        let brought = placed.and_then(|(_, p)| self.parts.scan.event_of(p));
        let mut reasons: Vec<Reason> =
            events.into_iter().chain(brought).map(Reason::Event).collect();
        reasons.extend(self.wished(name, action));
        reasons.extend(self.other_reasons(name, action, reasons.is_empty()));
        reasons.sort();
        reasons.dedup();
        let stays =
            matches!(action, JobAction::Install | JobAction::Upgrade | JobAction::Reinstall);
        let placed = placed.filter(|_| stays);
        Job {
            name: name.clone(),
            action,
            becomes,
            repository: placed.and_then(|(_, p)| p.repository.clone()),
            module: placed.and_then(|(id, _)| id.stream.clone()),
            reasons,
        }
    }

    fn action(&self, name: &PackageName) -> JobAction {
        let (tasks, scan) = (self.parts.tasks, self.parts.scan);
        let installed = self.signed.contains(name) || self.unsigned.contains_key(name);
        let asked_to_go = || {
            let wanted = self.parts.wishes.iter().any(|w| w.to_remove.contains(name));
            wanted || (scan.emits_tasks && scan.to_remove.contains(name))
        };
        if tasks.to_remove.contains(name) {
            JobAction::Remove
        } else if tasks.to_reinstall.contains(name) {
            JobAction::Reinstall
        } else if !installed {
            JobAction::Install
        } else if tasks.to_keep.contains(name) && asked_to_go() {
            JobAction::Keep
        } else if scan.held.contains_key(name) {
            JobAction::Hold
        } else if !is_upgradable(name) {
            JobAction::Keep
        } else if self.signed.contains(name) {
            JobAction::Upgrade
        } else if tasks.to_install.contains(name) {
            JobAction::Install
        } else {
            JobAction::Leave
        }
    }

    /// Lists and actors that ask for what the job does.
    fn wished(&self, name: &PackageName, action: JobAction) -> Vec<Reason> {
        let asks = |wishes: &Wishes| {
            let (set, list) = match action {
                JobAction::Install => (&wishes.to_install, "to_install"),
                JobAction::Remove => (&wishes.to_remove, "to_remove"),
                JobAction::Keep => (&wishes.to_keep, "to_keep"),
                JobAction::Reinstall => (&wishes.to_reinstall, "to_reinstall"),
                JobAction::Upgrade | JobAction::Leave | JobAction::Hold => return None,
            };
            set.contains(name).then(|| wishes.reason(list))
        };
        self.parts.wishes.iter().filter_map(asks).collect()
    }

    /// Repositories that are excluded and would have brought what follows.
    fn excluded(&self, name: &PackageName) -> Vec<Reason> {
        let scan = self.parts.scan;
        let successors = self.base.get(name).map(|id| scan.successors(id)).unwrap_or_default();
        let excluded = successors.iter().filter_map(|s| scan.excluded.get(s)).cloned();
        excluded.map(|repository| Reason::ExcludedRepository { repository }).collect()
    }

    fn other_reasons(&self, name: &PackageName, action: JobAction, none_yet: bool) -> Vec<Reason> {
        let mut reasons = self.parts.scan.held.get(name).cloned().unwrap_or_default();
        if action == JobAction::Remove {
            reasons.extend(self.excluded(name));
        }
        if action == JobAction::Keep && !is_upgradable(name) {
            reasons.push(Reason::LeappPackage);
        }
        if let Some(evidence) = self.unsigned.get(name)
            && !self.signed.contains(name)
        {
            reasons.push(Reason::ThirdParty { evidence: evidence.clone() });
        } else if none_yet && action == JobAction::Upgrade {
            let presumed = self.parts.packages.presumed.contains(name);
            reasons.push(if presumed {
                Reason::PresumedDistribution
            } else {
                Reason::Distribution
            });
        }
        reasons
    }
}
