//! Settled events applied, release by release, to a set of packages.

use std::collections::{BTreeMap, BTreeSet};

use crate::model::{PackageId, PesId};
use crate::upgrade_data::package_events::Action;

use super::{Evolution, Fired, Member, Step};
use crate::request::policy::Rules;

/// Applies settled steps to a set of packages.
pub(in crate::request) fn evolve<'a>(
    base: &BTreeMap<PackageId, Option<String>>,
    settled: &[&'a Step<'a>],
    releases: &BTreeSet<(u32, u32)>,
    source_major: u32,
    rules: &Rules,
) -> Evolution<'a> {
    let numbers = Numbers::new(base, settled);
    let mut run = Run::new(base, &numbers, rules);
    let mut crossed = false;
    for release in releases {
        if !crossed && release.0 > source_major {
            crossed = true;
            run.demodularise();
        }
        run.release(numbers.steps.iter().filter(|s| s.step.to() == *release));
    }
    run.finish()
}

/// Every identity of a run by a number that has its place in their order, so
/// that the run looks into lists and compares no texts.
struct Numbers<'i, 'a> {
    /// In order, each once.
    ids: Vec<&'i PackageId>,
    steps: Vec<Numbered<'a>>,
}

/// A step with the numbers of what it starts from and leads to.
struct Numbered<'a> {
    step: &'a Step<'a>,
    inputs: Vec<usize>,
    outputs: Vec<usize>,
}

impl<'i, 'a: 'i> Numbers<'i, 'a> {
    fn new(base: &'i BTreeMap<PackageId, Option<String>>, settled: &[&'a Step<'a>]) -> Self {
        let mut named: Vec<(&PackageId, usize)> = Vec::new();
        let sets = settled.iter().flat_map(|step| step.inputs.iter().chain(&step.outputs));
        named.extend(base.keys().chain(sets.map(|(id, _)| id)).zip(0..));
        let mut numbers = vec![0; named.len()];
        named.sort_unstable_by_key(|(id, _)| *id);
        let mut ids: Vec<&PackageId> = Vec::new();
        for (id, occurrence) in named {
            if ids.last() != Some(&id) {
                ids.push(id);
            }
            if let Some(number) = numbers.get_mut(occurrence) {
                *number = ids.len() - 1;
            }
        }
        let mut numbers = numbers.into_iter().skip(base.len());
        let mut take = |n: usize| numbers.by_ref().take(n).collect::<Vec<usize>>();
        let numbered = |step: &&'a Step<'a>| Numbered {
            step,
            inputs: take(step.inputs.len()),
            outputs: take(step.outputs.len()),
        };
        Self { ids, steps: settled.iter().map(numbered).collect() }
    }

    fn id(&self, number: usize) -> PackageId {
        self.ids[number].clone()
    }
}

/// What a run knows of one identity.
#[derive(Clone, Copy, Default)]
struct Slot<'i> {
    /// Whether it is in the set now.
    here: bool,
    /// Whether it was at the start of the release, where that is not `here`.
    before: Option<bool>,
    /// Whether it ever was in the set before this release.
    seen: bool,
    repository: Option<&'i str>,
    by: Option<usize>,
    /// The step of this release that says where it comes from.
    placed: Option<(&'i PesId, &'i Step<'i>, usize)>,
}

struct Run<'i, 'a, 'r> {
    rules: &'r Rules,
    numbers: &'i Numbers<'i, 'a>,
    slots: Vec<Slot<'i>>,
    /// What changed in this release.
    touched: Vec<usize>,
    demodularised: BTreeMap<usize, Slot<'i>>,
    evolution: Evolution<'a>,
}

/// What a step puts into the set.
type Adds<'i> = Vec<(usize, &'i PesId)>;

impl<'i, 'a: 'i, 'r> Run<'i, 'a, 'r> {
    fn new(
        base: &'i BTreeMap<PackageId, Option<String>>,
        numbers: &'i Numbers<'i, 'a>,
        rules: &'r Rules,
    ) -> Self {
        let mut base = base.iter().peekable();
        let slot = |id: &&PackageId| match base.next_if(|(member, _)| *member == *id) {
            Some((_, repository)) => Slot {
                here: true,
                seen: true,
                repository: repository.as_deref(),
                ..Slot::default()
            },
            None => Slot::default(),
        };
        Self {
            rules,
            numbers,
            slots: numbers.ids.iter().map(slot).collect(),
            touched: Vec::new(),
            demodularised: BTreeMap::new(),
            evolution: Evolution::default(),
        }
    }

    /// Remembers what has a module stream when the major release begins.
    fn demodularise(&mut self) {
        let modular = |(number, slot): (usize, &Slot<'i>)| {
            let lost = slot.here && self.numbers.ids[number].stream.is_some();
            lost.then_some((number, *slot))
        };
        self.demodularised = self.slots.iter().enumerate().filter_map(modular).collect();
    }

    /// One release: conditions are tested on the set as the release found it.
    fn release(&mut self, steps: impl Iterator<Item = &'i Numbered<'a>>) {
        self.evolution.reinstall_last.clear();
        let first = self.evolution.fired.len();
        let mut fired = Vec::new();
        for step in steps {
            if self.apply(step) {
                fired.push(step);
            }
            for number in &step.inputs {
                self.demodularised.remove(number);
            }
        }
        self.note_order_dependence(&fired);
        self.note_contradictions(&fired, first);
        for number in self.touched.drain(..) {
            let slot = &mut self.slots[number];
            (slot.before, slot.placed) = (None, None);
            slot.seen |= slot.here;
        }
    }

    /// Applies a step where it fires.
    fn apply(&mut self, numbered: &'i Numbered<'a>) -> bool {
        let step = numbered.step;
        let was_there = |number: &&usize| {
            let slot = &self.slots[**number];
            slot.before.unwrap_or(slot.here)
        };
        let consumed: Vec<PackageId> =
            numbered.inputs.iter().filter(was_there).map(|&n| self.numbers.id(n)).collect();
        self.note_reinstallation(step, &consumed);
        let Some(adds) = self.added(numbered, consumed.len()) else { return false };
        let lost = step.drops() && adds.is_empty() && !step.lost.is_empty();
        if lost && !self.rules.lose_modular_outputs {
            self.evolution.withheld.push(step);
            return false;
        }
        self.change(numbered, &adds);
        self.evolution.fired.push(Fired { step, consumed });
        true
    }

    /// What a step puts into the set; `None` where it does not fire.
    fn added(&self, numbered: &'i Numbered<'a>, consumed: usize) -> Option<Adds<'i>> {
        let step = numbered.step;
        let (all, any) = (consumed == step.inputs.len(), consumed > 0);
        let inputs = || numbered.inputs.iter().copied().zip(step.inputs.iter().map(|(_, r)| r));
        let outputs = || numbered.outputs.iter().copied().zip(step.outputs.iter().map(|(_, r)| r));
        let fires = match step.event.action {
            Action::Present => {
                let seen: Adds<'i> = inputs().filter(|&(n, _)| self.slots[n].seen).collect();
                return (!seen.is_empty()).then_some(seen);
            }
            Action::Deprecated => return any.then(|| inputs().collect()),
            Action::Merged => any || all,
            _ => all,
        };
        fires.then(|| outputs().collect())
    }

    fn note_reinstallation(&mut self, step: &Step<'_>, consumed: &[PackageId]) {
        if step.event.action == Action::Reinstalled && !consumed.is_empty() {
            let names = |id: &PackageId| id.name.clone();
            self.evolution.reinstall.extend(consumed.iter().map(names));
            self.evolution.reinstall_last.extend(step.inputs.iter().map(|(id, _)| names(id)));
        }
    }

    fn change(&mut self, numbered: &'i Numbered<'a>, adds: &[(usize, &'i PesId)]) {
        let step = numbered.step;
        for &number in numbered.inputs.iter().filter(|_| step.drops()) {
            self.touch(number).here = false;
        }
        let by = self.evolution.fired.len();
        let order_decides = self.rules.order_decides_repository;
        for &(number, repository) in adds {
            let slot = self.touch(number);
            // What joins a set of leapp's does not replace an equal member.
            if order_decides && step.drops() && slot.here {
                continue;
            }
            slot.here = true;
            let mut placing = (repository, step, by);
            let key = |&(repository, step, _): &(&'i PesId, &'i Step<'i>, usize)| {
                (repository, step.rank())
            };
            if let Some(earlier) = slot.placed
                && !order_decides
                && key(&earlier) <= key(&placing)
            {
                placing = earlier;
            }
            slot.placed = Some(placing);
            (slot.repository, slot.by) = (Some(placing.0.as_str()), Some(placing.2));
        }
    }

    /// The slot, its state at the start of the release remembered.
    fn touch(&mut self, number: usize) -> &mut Slot<'i> {
        let slot = &mut self.slots[number];
        if slot.before.is_none() {
            slot.before = Some(slot.here);
            self.touched.push(number);
        }
        slot
    }

    /// Finds what the order of this release's events decides: packages one
    /// event adds and another, that does not add them back, removes.
    fn note_order_dependence(&mut self, fired: &[&'i Numbered<'a>]) {
        let mut added: Vec<(usize, &Step<'_>)> = Vec::new();
        let mut removed: Vec<(usize, &Step<'_>)> = Vec::new();
        for numbered in fired {
            let drops = numbered.step.drops();
            let adds = if drops { &numbered.outputs } else { &numbered.inputs };
            added.extend(adds.iter().map(|&number| (number, numbered.step)));
            let gone = numbered.inputs.iter().filter(|n| drops && !numbered.outputs.contains(n));
            removed.extend(gone.map(|&number| (number, numbered.step)));
        }
        added.sort_by_key(|(number, _)| *number);
        removed.sort_by_key(|(number, _)| *number);
        for group in removed.chunk_by(|a, b| a.0 == b.0) {
            let Some(&(number, _)) = group.first() else { continue };
            let from = added.partition_point(|(n, _)| *n < number);
            let adders = added[from..].iter().take_while(|(n, _)| *n == number);
            if adders.clone().next().is_some() {
                let references = adders.chain(group).map(|(_, step)| step.reference()).collect();
                self.evolution.order_dependent.insert(self.numbers.id(number), references);
            }
        }
    }

    /// Finds what several of this release's events start from and lead to
    /// different ends (`python-dmidecode` in real data: replaced and removed).
    fn note_contradictions(&mut self, fired: &[&'i Numbered<'a>], first: usize) {
        let mut consumers: Vec<(usize, &Numbered<'_>)> = Vec::new();
        let records = self.evolution.fired.iter().skip(first);
        for (numbered, record) in fired.iter().zip(records).filter(|(n, _)| n.step.drops()) {
            let consumed = numbered.inputs.iter().filter(|&&number| {
                record.consumed.len() == numbered.inputs.len()
                    || record.consumed.contains(self.numbers.ids[number])
            });
            consumers.extend(consumed.map(|&number| (number, *numbered)));
        }
        consumers.sort_by_key(|(number, _)| *number);
        let ends = |numbered: &Numbered<'_>| -> BTreeSet<usize> {
            numbered.outputs.iter().copied().collect()
        };
        for group in consumers.chunk_by(|a, b| a.0 == b.0) {
            let mut rest = group.iter();
            let Some(&(number, one)) = rest.next() else { continue };
            if rest.any(|(_, other)| ends(other) != ends(one)) {
                let references = group.iter().map(|(_, n)| n.step.reference()).collect();
                self.evolution.contradictory.insert(self.numbers.id(number), references);
            }
        }
    }

    /// What lost its stream is there without one, from where it was when the
    /// major release began, unless an event put that there.
    fn finish(self) -> Evolution<'a> {
        let mut evolution = self.evolution;
        let member = |slot: &Slot<'_>| Member {
            repository: slot.repository.map(str::to_owned),
            by: slot.by,
        };
        let here = self.slots.iter().enumerate().filter(|(_, slot)| slot.here);
        let members = here.map(|(number, slot)| (self.numbers.id(number), member(slot)));
        evolution.target = members.collect();
        for (&number, slot) in &self.demodularised {
            let id = self.numbers.ids[number];
            evolution.target.remove(id);
            let plain = PackageId { name: id.name.clone(), stream: None };
            evolution.target.entry(plain).or_insert_with(|| member(slot));
        }
        evolution
    }
}
