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
    /// Members that lost their module stream on the way to the next major.
    pub(super) demodularised: BTreeMap<PackageId, Member>,
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

/// Applies settled steps to a set of packages.
pub(super) fn evolve<'a>(
    base: &BTreeMap<PackageId, Option<String>>,
    settled: &[&'a Step<'a>],
    releases: &BTreeSet<(u32, u32)>,
    source_major: u32,
    rules: &Rules,
) -> Evolution<'a> {
    let mut run = Run::new(base, rules);
    let mut crossed = false;
    for release in releases {
        if !crossed && release.0 > source_major {
            crossed = true;
            let modular = run.evolution.target.iter().filter(|(id, _)| id.stream.is_some());
            run.evolution.demodularised = modular.map(|(id, m)| (id.clone(), m.clone())).collect();
        }
        run.release(settled.iter().copied().filter(|s| s.to() == *release));
    }
    run.finish()
}

/// One release: what it has changed so far, and what it has put where.
#[derive(Default)]
struct Round<'a> {
    /// Whether a changed package was there before.
    before: BTreeMap<PackageId, bool>,
    placed: BTreeMap<&'a PackageId, Placing<'a>>,
}

/// A package put into the set.
#[derive(Clone, Copy)]
struct Placing<'a> {
    repository: &'a PesId,
    step: &'a Step<'a>,
    by: usize,
}

impl<'a> Round<'a> {
    /// Of several events that bring a package, one says from where: the last, or
    /// one that does not depend on the order of the file.
    fn place(&mut self, id: &'a PackageId, mut new: Placing<'a>, rules: &Rules) -> Member {
        let key = |p: &Placing<'a>| (p.repository, p.step.rank());
        if let Some(earlier) = self.placed.get(id)
            && !rules.order_decides_repository
            && key(earlier) <= key(&new)
        {
            new = *earlier;
        }
        self.placed.insert(id, new);
        Member { repository: Some(new.repository.to_string()), by: Some(new.by) }
    }
}

struct Run<'a, 'r> {
    rules: &'r Rules,
    evolution: Evolution<'a>,
    seen: BTreeSet<PackageId>,
}

impl<'a, 'r> Run<'a, 'r> {
    fn new(base: &BTreeMap<PackageId, Option<String>>, rules: &'r Rules) -> Self {
        let member = |(id, repository): (&PackageId, &Option<String>)| {
            (id.clone(), Member { repository: repository.clone(), by: None })
        };
        let evolution =
            Evolution { target: base.iter().map(member).collect(), ..Evolution::default() };
        Self { rules, evolution, seen: base.keys().cloned().collect() }
    }

    /// One release: conditions are tested on the set as the release found it.
    fn release(&mut self, steps: impl Iterator<Item = &'a Step<'a>>) {
        // Only what changes is remembered: the set at the start of the release
        // is the current one, but for these.
        let mut round = Round::default();
        self.evolution.reinstall_last.clear();
        let first = self.evolution.fired.len();
        for step in steps {
            self.apply(step, &mut round);
            for (id, _) in &step.inputs {
                self.evolution.demodularised.remove(id);
            }
        }
        self.note_order_dependence(first);
        self.note_contradictions(first);
        self.seen
            .extend(round.before.into_keys().filter(|id| self.evolution.target.contains_key(id)));
    }

    fn apply(&mut self, step: &'a Step<'a>, round: &mut Round<'a>) {
        let target = &self.evolution.target;
        let was_there = |id: &PackageId| {
            round.before.get(id).copied().unwrap_or_else(|| target.contains_key(id))
        };
        let consumed: Vec<PackageId> =
            step.inputs.iter().map(|(id, _)| id).filter(|id| was_there(id)).cloned().collect();
        self.note_reinstallation(step, &consumed);
        let Some(adds) = self.added(step, consumed.len()) else { return };
        if step.drops()
            && adds.is_empty()
            && !step.lost.is_empty()
            && !self.rules.lose_modular_outputs
        {
            self.evolution.withheld.push(step);
            return;
        }
        self.change(step, &adds, round);
        self.evolution.fired.push(Fired { step, consumed });
    }

    /// What a step puts into the set; `None` where it does not fire.
    fn added(&self, step: &'a Step<'a>, consumed: usize) -> Option<Vec<&'a (PackageId, PesId)>> {
        let (all, any) = (consumed == step.inputs.len(), consumed > 0);
        let fires = match step.event.action {
            Action::Present => {
                let seen = step.inputs.iter().filter(|(id, _)| self.seen.contains(id));
                let seen: Vec<_> = seen.collect();
                return (!seen.is_empty()).then_some(seen);
            }
            Action::Deprecated => return any.then(|| step.inputs.iter().collect()),
            Action::Merged => any || all,
            _ => all,
        };
        fires.then(|| step.outputs.iter().collect())
    }

    fn note_reinstallation(&mut self, step: &Step<'_>, consumed: &[PackageId]) {
        if step.event.action == Action::Reinstalled && !consumed.is_empty() {
            let names = |id: &PackageId| id.name.clone();
            self.evolution.reinstall.extend(consumed.iter().map(names));
            self.evolution.reinstall_last.extend(step.inputs.iter().map(|(id, _)| names(id)));
        }
    }

    fn change(
        &mut self,
        step: &'a Step<'a>,
        adds: &[&'a (PackageId, PesId)],
        round: &mut Round<'a>,
    ) {
        let by = self.evolution.fired.len();
        let target = &mut self.evolution.target;
        for (id, _) in step.inputs.iter().filter(|_| step.drops()) {
            let was = target.remove(id).is_some();
            round.before.entry(id.clone()).or_insert(was);
        }
        for (id, repository) in adds {
            let member = round.place(id, Placing { repository, step, by }, self.rules);
            let was = target.insert(id.clone(), member).is_some();
            round.before.entry(id.clone()).or_insert(was);
        }
    }

    /// Finds what the order of this release's events decides: packages one
    /// event adds and another, that does not add them back, removes.
    fn note_order_dependence(&mut self, first: usize) {
        let mut adders: BTreeMap<&PackageId, Vec<usize>> = BTreeMap::new();
        let mut removers: BTreeMap<&PackageId, Vec<usize>> = BTreeMap::new();
        for (at, fired) in self.evolution.fired.iter().enumerate().skip(first) {
            let drops = fired.step.drops();
            let added = if drops { &fired.step.outputs } else { &fired.step.inputs };
            for (id, _) in added {
                adders.entry(id).or_default().push(at);
            }
            for (id, _) in fired.step.inputs.iter().filter(|_| drops) {
                if !fired.step.outputs.iter().any(|(out, _)| out == id) {
                    removers.entry(id).or_default().push(at);
                }
            }
        }
        for (id, removers) in removers {
            let Some(adders) = adders.get(id) else { continue };
            let both = adders.iter().chain(&removers);
            let events = both.filter_map(|&at| self.evolution.fired.get(at));
            let references = events.map(|f| f.step.reference()).collect();
            self.evolution.order_dependent.insert(id.clone(), references);
        }
    }

    /// Finds what several of this release's events start from and lead to
    /// different ends (`python-dmidecode` in real data: replaced and removed).
    fn note_contradictions(&mut self, first: usize) {
        let mut consumers: BTreeMap<&PackageId, Vec<&Step<'_>>> = BTreeMap::new();
        for fired in self.evolution.fired.iter().skip(first).filter(|f| f.step.drops()) {
            for id in &fired.consumed {
                consumers.entry(id).or_default().push(fired.step);
            }
        }
        let ends = |step: &Step<'_>| {
            step.outputs.iter().map(|(id, _)| id.clone()).collect::<BTreeSet<PackageId>>()
        };
        for (id, steps) in consumers {
            let all: BTreeSet<_> = steps.iter().map(|step| ends(step)).collect();
            if all.len() > 1 {
                let references = steps.iter().map(|step| step.reference()).collect();
                self.evolution.contradictory.insert(id.clone(), references);
            }
        }
    }

    /// What lost its stream is there without one, from where it was when the
    /// major release began, unless an event put that there.
    fn finish(mut self) -> Evolution<'a> {
        for (id, member) in &self.evolution.demodularised {
            self.evolution.target.remove(id);
            let plain = PackageId { name: id.name.clone(), stream: None };
            self.evolution.target.entry(plain).or_insert_with(|| member.clone());
        }
        self.evolution
    }
}

#[cfg(test)]
mod tests;
