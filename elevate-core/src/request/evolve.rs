//! What package events make of a set of packages (formats.md 1.6).
//!
//! Events are grouped, contradictions between releases are settled, and the
//! rest is applied release by release to the set. What fired is kept, so that
//! every fate can name its events.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use crate::directive::EventRef;
use crate::model::{Arch, PackageId, PackageName, PesId, Release};
use crate::upgrade_data::package_events::{Action, EventFile, EventPackage, PackageEvent};

use super::policy::Rules;

mod apply;

pub(super) use apply::evolve;

/// Packages an event about which is dropped whole, wherever one is an input
/// (formats.md 1.7).
pub(super) const LEAPP_PACKAGES: [&str; 9] = [
    "leapp",
    "leapp-deps",
    "snactor",
    "python2-leapp",
    "python3-leapp",
    "leapp-upgrade-el7toel8",
    "leapp-upgrade-el7toel8-deps",
    "leapp-upgrade-el8toel9",
    "leapp-upgrade-el8toel9-deps",
];

/// An event for one input stream, as the algorithm uses it.
#[derive(Debug, Clone)]
pub(super) struct Step<'a> {
    pub(super) file: &'a Arc<str>,
    pub(super) event: &'a PackageEvent,
    pub(super) inputs: Vec<(PackageId, PesId)>,
    pub(super) outputs: Vec<(PackageId, PesId)>,
    /// Outputs in a module stream that no map leads to.
    pub(super) lost: Vec<EventPackage>,
    /// Outputs that fit several module streams; the smallest was taken.
    pub(super) ambiguous: Vec<EventPackage>,
}

impl Step<'_> {
    pub(super) fn reference(&self) -> EventRef {
        EventRef {
            file: Arc::clone(self.file),
            id: Arc::clone(&self.event.id),
            index: self.event.index,
            action: self.event.action.as_str().into(),
        }
    }

    /// Whether it removes what it starts from, where it fires.
    pub(super) fn drops(&self) -> bool {
        !matches!(self.event.action, Action::Present | Action::Deprecated)
    }

    /// Whether it leads to a release after the source, up to the target.
    pub(super) fn is_between(&self, source: Release, target: Release) -> bool {
        let (low, high) = ((source.major, source.minor), (target.major, target.minor));
        self.to() > low && self.to() <= high
    }

    fn from(&self) -> (u32, u32) {
        (self.event.from.major, self.event.from.minor)
    }

    fn to(&self) -> (u32, u32) {
        (self.event.to.major, self.event.to.minor)
    }

    /// What tells events of one kind apart, wherever they stand in their file.
    pub(super) fn rank(&self) -> ((u32, u32), &str, &str) {
        (self.to(), self.file, &self.event.id)
    }
}

/// Why an event is not taken although its architecture fits.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Refusal {
    /// `is_approved` is false.
    Unapproved,
    /// It starts from nothing, so it would apply to every host.
    WithoutInputs,
}

/// The events of one file, or of all of them in order.
#[derive(Debug, Default)]
pub(super) struct Steps<'a> {
    pub(super) taken: Vec<Step<'a>>,
    pub(super) refused: Vec<(Step<'a>, Refusal)>,
}

impl Steps<'_> {
    pub(super) fn append(&mut self, mut other: Self) {
        self.taken.append(&mut other.taken);
        self.refused.append(&mut other.refused);
    }
}

/// The steps of a file that concern a host of this architecture.
pub(super) fn steps<'a>(file: &'a EventFile, arch: &Arch, rules: &Rules) -> Steps<'a> {
    let concerns = |event: &&PackageEvent| {
        let listed = |archs: &[Arch]| archs.is_empty() || archs.contains(arch);
        listed(&event.architectures) && (rules.ignore_arches || listed(&event.arches))
    };
    let expand = |event: &'a PackageEvent| {
        event.expand().into_iter().map(move |e| Step {
            file: &file.path,
            event,
            inputs: e.inputs,
            outputs: e.outputs,
            lost: e.lost,
            ambiguous: e.ambiguous,
        })
    };
    let mut steps = Steps::default();
    for step in file.events.iter().filter(concerns).flat_map(expand) {
        match refusal(&step, rules) {
            Some(why) => steps.refused.push((step, why)),
            None => steps.taken.push(step),
        }
    }
    steps
}

fn refusal(step: &Step<'_>, rules: &Rules) -> Option<Refusal> {
    if !rules.ignore_approval && step.event.approved == Some(false) {
        Some(Refusal::Unapproved)
    } else if !rules.fire_without_inputs && step.inputs.is_empty() {
        Some(Refusal::WithoutInputs)
    } else {
        None
    }
}

/// Drops events that name a package of leapp's own among their inputs.
pub(super) fn without_leapp<'a>(steps: &'a [Step<'a>]) -> Vec<&'a Step<'a>> {
    let is_leapp = |step: &Step<'_>| {
        step.inputs.iter().any(|(id, _)| LEAPP_PACKAGES.contains(&id.name.as_str()))
    };
    steps.iter().filter(|step| !is_leapp(step)).collect()
}

/// A member of the package set.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Member {
    /// Source repository id, or PES id where an event put it there.
    pub(super) repository: Option<String>,
    /// The event that put it there last (index into [`Evolution::fired`]).
    pub(super) by: Option<usize>,
}

/// A step that fired.
#[derive(Debug)]
pub(super) struct Fired<'a> {
    pub(super) step: &'a Step<'a>,
    /// Inputs that were in the set.
    pub(super) consumed: Vec<PackageId>,
}

/// What became of the set.
#[derive(Debug, Default)]
pub(super) struct Evolution<'a> {
    /// The set after the last release.
    pub(super) target: BTreeMap<PackageId, Member>,
    /// What fired, in order.
    pub(super) fired: Vec<Fired<'a>>,
    /// Steps that would have fired, but whose outputs are lost for lack of a
    /// stream map.
    pub(super) withheld: Vec<&'a Step<'a>>,
    /// Names to reinstall: of the last release only, as leapp keeps them.
    pub(super) reinstall_last: BTreeSet<PackageName>,
    /// Names to reinstall, of all releases.
    pub(super) reinstall: BTreeSet<PackageName>,
    /// What one event adds and another removes in the same release.
    pub(super) order_dependent: BTreeMap<PackageId, BTreeSet<EventRef>>,
    /// What several events start from in the same release, and lead to
    /// different ends; their ends are united.
    pub(super) contradictory: BTreeMap<PackageId, BTreeSet<EventRef>>,
}

impl Evolution<'_> {
    /// From where on in `fired` an event may take up what the one at `at` brought:
    /// events of the same release see the set as it was before them all. Where
    /// one of them removes the newcomer all the same, their order decides.
    pub(super) fn taken_up_from(&self, at: usize, brought: &PackageId) -> usize {
        match self.fired.get(at) {
            Some(fired) if !self.order_dependent.contains_key(brought) => {
                self.fired.partition_point(|f| f.step.to() <= fired.step.to())
            }
            _ => at + 1,
        }
    }
}

/// Releases some event leads to, between source (exclusive) and target.
pub(super) fn relevant_releases(
    steps: &[Step<'_>],
    source: Release,
    target: Release,
) -> BTreeSet<(u32, u32)> {
    steps.iter().filter(|step| step.is_between(source, target)).map(Step::to).collect()
}

/// Drops the losers among events with the same inputs and the same initial
/// release: where exactly one leads to the highest release, it alone stays;
/// otherwise all do. The order is that of each group's first member.
pub(super) fn settle<'a>(
    steps: &[&'a Step<'a>],
    releases: &BTreeSet<(u32, u32)>,
) -> Vec<&'a Step<'a>> {
    let mut group_of: BTreeMap<((u32, u32), Vec<&PackageId>), usize> = BTreeMap::new();
    let mut groups: Vec<Vec<&Step<'_>>> = Vec::new();
    for &step in steps.iter().filter(|s| releases.contains(&s.to())) {
        let mut inputs: Vec<&PackageId> = step.inputs.iter().map(|(id, _)| id).collect();
        inputs.sort_unstable();
        let at = *group_of.entry((step.from(), inputs)).or_insert(groups.len());
        match groups.get_mut(at) {
            Some(group) => group.push(step),
            None => groups.push(vec![step]),
        }
    }
    let mut settled = Vec::with_capacity(steps.len());
    for group in groups {
        let highest = group.iter().map(|s| s.to()).max();
        let winners = || group.iter().filter(|s| Some(s.to()) == highest);
        if winners().count() == 1 {
            settled.extend(winners());
        } else {
            settled.extend(group);
        }
    }
    settled
}

#[cfg(test)]
mod tests;
