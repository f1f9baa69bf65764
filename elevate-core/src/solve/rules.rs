//! The rules a result has to satisfy, in libsolv's order: each a list of literals
//! of which one must hold (solver-rules.md A4).
//!
//! | class | what its rules say | file |
//! |--|--|--|
//! | package | what packages need, and what they cannot be beside | `package.rs` |
//! | feature, update | an installed package stays or is replaced | `installed.rs` |
//! | job | what commands ask | `job.rs` |
//! | architecture | no worse architecture than there is | `architecture.rs` |
//! | sync | only what the repositories have | `sync.rs` |
//! | best | only the best candidate | `best.rs` |
//! | split | parts of a split package come together | `split.rs` |
//! | choice | rather update than bring something new | `choice.rs` |
//! | learnt | what the search found out | |

mod architecture;
mod best;
mod choice;
mod closure;
mod installed;
mod job;
mod overruled;
pub(super) mod package;
mod split;
mod sync;

use std::collections::BTreeMap;
use std::ops::{Index, Range};

use super::set::Set;
use super::world::World;
use crate::universe::{Literal, SolvableId, Term};

pub(super) use overruled::Overruled;

/// A rule, by its number.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct RuleId(pub(super) u32);

impl RuleId {
    pub(super) fn index(self) -> usize {
        self.0 as usize
    }
}

/// What kind of rule it is, in the order of their numbers.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Class {
    /// What packages need and what they cannot be beside.
    Package,
    /// An installed package stays, or anything that may take its place comes.
    Feature,
    /// An installed package stays, or something allowed takes its place.
    Update,
    /// What commands ask.
    Job,
    /// No worse architecture than there is.
    Architecture,
    /// Only what the repositories have.
    Sync,
    /// Only the best candidate.
    Best,
    /// Parts of a split package come together.
    Split,
    /// Rather update than bring something new.
    Choice,
    /// Follows from others.
    Learnt,
}

/// Whom a best rule is for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum BestFor {
    Command(usize),
    Installed(SolvableId),
}

/// All rules, by number from 1.
#[derive(Debug, Clone, Default)]
pub(super) struct Rules {
    literals: Vec<Literal>,
    /// Where the literals of each rule are; none for a placeholder. Number 0 is none.
    spans: Vec<Range<u32>>,
    enabled: Vec<bool>,
    /// The first number of each class, from `Class::Feature` on; classes not made yet
    /// begin where the rules end.
    starts: Vec<u32>,
    /// The command of each job rule.
    commands: Vec<usize>,
    best_for: Vec<BestFor>,
    /// The dependency of each split rule.
    split_by: Vec<Term>,
    /// The package rule each choice rule was made from.
    chosen_from: Vec<RuleId>,
    /// What each learnt rule follows from.
    trails: Vec<Box<[RuleId]>>,
    /// Packages that may come for an installed one although they do not take its place.
    pub(super) special: BTreeMap<SolvableId, Vec<SolvableId>>,
    /// Installed packages that are in no repository.
    pub(super) orphans: Vec<SolvableId>,
    /// Packages the package rules are about.
    pub(super) members: Set,
    /// Installed packages that some command frees from being updated.
    pub(super) no_update: Set,
    pub(super) overruled: Overruled,
}

impl Index<RuleId> for Rules {
    type Output = [Literal];

    fn index(&self, rule: RuleId) -> &[Literal] {
        let span = &self.spans[rule.index()];
        &self.literals[span.start as usize..span.end as usize]
    }
}

impl Rules {
    /// All rules but the learnt ones.
    pub(super) fn new(world: &mut World<'_>) -> Self {
        let mut rules = Self::empty();
        closure::add(&mut rules, world);
        rules.begin(Class::Feature);
        installed::add_features(&mut rules, world);
        rules.begin(Class::Update);
        installed::add_updates(&mut rules, world);
        rules.begin(Class::Job);
        job::add(&mut rules, world);
        let names = architecture::names(&rules, world);
        rules.begin(Class::Architecture);
        architecture::add(&mut rules, world, &names);
        rules.begin(Class::Sync);
        sync::add(&mut rules, world, &names);
        rules.begin(Class::Best);
        best::add(&mut rules, world);
        rules.begin(Class::Split);
        split::add(&mut rules, world);
        rules.begin(Class::Choice);
        choice::add(&mut rules, world);
        rules.begin(Class::Learnt);
        overruled::apply(&mut rules, world);
        rules
    }

    fn empty() -> Self {
        let mut rules = Self::default();
        // There is no rule number 0.
        let none = rules.add([]);
        rules.disable(none);
        rules
    }

    /// Some of the rules by themselves, numbered from 1 in the order given. All are as
    /// binding as those of packages: none can be given up.
    pub(super) fn alone(&self, which: &[RuleId]) -> Self {
        let mut rules = Self::empty();
        for rule in which {
            rules.add(self[*rule].iter().copied());
        }
        while rules.starts.len() < Class::Learnt as usize {
            rules.starts.push(rules.end());
        }
        rules
    }

    fn begin(&mut self, class: Class) {
        debug_assert_eq!(self.starts.len() + 1, class as usize);
        self.starts.push(self.end());
    }

    /// The number after the last.
    pub(super) fn end(&self) -> u32 {
        u32::try_from(self.spans.len()).unwrap_or(u32::MAX)
    }

    /// Adds a rule.
    fn add(&mut self, literals: impl IntoIterator<Item = Literal>) -> RuleId {
        let number = |at: usize| u32::try_from(at).unwrap_or(u32::MAX);
        let rule = RuleId(self.end());
        let start = number(self.literals.len());
        self.literals.extend(literals);
        self.spans.push(start..number(self.literals.len()));
        self.enabled.push(true);
        rule
    }

    /// Makes a rule one that says nothing and keeps its number.
    fn void(&mut self, rule: RuleId) {
        self.spans[rule.index()] = 0..0;
    }

    /// Adds what follows from others.
    pub(super) fn learn(
        &mut self,
        literals: impl IntoIterator<Item = Literal>,
        trail: Vec<RuleId>,
    ) -> RuleId {
        self.trails.push(trail.into());
        self.add(literals)
    }

    pub(super) fn is_void(&self, rule: RuleId) -> bool {
        self.spans[rule.index()].is_empty()
    }

    pub(super) fn is_enabled(&self, rule: RuleId) -> bool {
        self.enabled[rule.index()]
    }

    pub(super) fn disable(&mut self, rule: RuleId) {
        self.enabled[rule.index()] = false;
    }

    pub(super) fn enable(&mut self, rule: RuleId) {
        self.enabled[rule.index()] = true;
    }

    /// The rules of a class.
    pub(super) fn of_class(&self, class: Class) -> impl DoubleEndedIterator<Item = RuleId> + use<> {
        self.range(class).map(RuleId)
    }

    pub(super) fn range(&self, class: Class) -> Range<u32> {
        let start = |class: usize| match class.checked_sub(1) {
            None => 1,
            Some(at) => self.starts.get(at).copied().unwrap_or_else(|| self.end()),
        };
        start(class as usize)..start(class as usize + 1)
    }

    pub(super) fn class(&self, rule: RuleId) -> Class {
        const ALL: [Class; 10] = [
            Class::Package,
            Class::Feature,
            Class::Update,
            Class::Job,
            Class::Architecture,
            Class::Sync,
            Class::Best,
            Class::Split,
            Class::Choice,
            Class::Learnt,
        ];
        ALL[self.starts.partition_point(|start| *start <= rule.0)]
    }

    /// Whether it may be dropped where it is in the way.
    pub(super) fn is_weak(&self, world: &World<'_>, rule: RuleId) -> bool {
        match self.class(rule) {
            Class::Choice => true,
            Class::Job | Class::Best => {
                let command = self.command(rule);
                command.is_some_and(|at| world.goal.commands[at].weak)
            }
            _ => false,
        }
    }

    /// The command a rule belongs to.
    pub(super) fn command(&self, rule: RuleId) -> Option<usize> {
        match self.class(rule) {
            Class::Job => Some(self.commands[self.at(Class::Job, rule)]),
            Class::Best => match self.best_for[self.at(Class::Best, rule)] {
                BestFor::Command(at) => Some(at),
                BestFor::Installed(_) => None,
            },
            _ => None,
        }
    }

    /// The installed package whose update a best rule is about.
    pub(super) fn best_for(&self, rule: RuleId) -> Option<SolvableId> {
        if self.class(rule) != Class::Best {
            return None;
        }
        match self.best_for[self.at(Class::Best, rule)] {
            BestFor::Installed(package) => Some(package),
            BestFor::Command(_) => None,
        }
    }

    /// The dependency that keeps the parts of a split rule together.
    pub(super) fn split_by(&self, rule: RuleId) -> Option<Term> {
        let is_one = self.class(rule) == Class::Split;
        is_one.then(|| self.split_by[self.at(Class::Split, rule)])
    }

    /// The package rule that a choice rule was made from.
    pub(super) fn chosen_from(&self, rule: RuleId) -> Option<RuleId> {
        let is_one = self.class(rule) == Class::Choice;
        is_one.then(|| self.chosen_from[self.at(Class::Choice, rule)])
    }

    /// What a learnt rule follows from.
    pub(super) fn trail(&self, rule: RuleId) -> &[RuleId] {
        match self.class(rule) {
            Class::Learnt => &self.trails[self.at(Class::Learnt, rule)],
            _ => &[],
        }
    }

    /// Rules with what learnt ones among them follow from in their place, each once.
    pub(super) fn expanded(&self, rules: &[RuleId]) -> Vec<RuleId> {
        let mut seen = vec![false; self.end() as usize];
        let mut open: Vec<RuleId> = rules.iter().rev().copied().collect();
        let mut found = Vec::new();
        while let Some(rule) = open.pop() {
            if !std::mem::replace(&mut seen[rule.index()], true) {
                if self.class(rule) == Class::Learnt {
                    open.extend(self.trail(rule).iter().rev());
                } else {
                    found.push(rule);
                }
            }
        }
        found
    }

    /// The feature rule of an installed package.
    pub(super) fn feature(&self, world: &World<'_>, package: SolvableId) -> Option<RuleId> {
        self.slot(world, package, Class::Feature)
    }

    /// The update rule of an installed package.
    pub(super) fn update(&self, world: &World<'_>, package: SolvableId) -> Option<RuleId> {
        self.slot(world, package, Class::Update)
    }

    fn slot(&self, world: &World<'_>, package: SolvableId, class: Class) -> Option<RuleId> {
        let at = u32::try_from(world.slot(package)?).ok()?;
        Some(RuleId(self.range(class).start + at))
    }

    /// The installed package of an update or feature rule.
    pub(super) fn installed(&self, world: &World<'_>, rule: RuleId) -> Option<SolvableId> {
        let class = self.class(rule);
        let at = match class {
            Class::Feature | Class::Update => self.at(class, rule),
            _ => return None,
        };
        world.universe.installed().nth(at)
    }

    /// The update rule of an installed package, or where that says nothing its feature
    /// rule, where one of them says something.
    fn guide(&self, world: &World<'_>, package: SolvableId) -> Option<RuleId> {
        let of = [self.update(world, package), self.feature(world, package)];
        of.into_iter().flatten().find(|rule| !self.is_void(*rule))
    }

    fn at(&self, class: Class, rule: RuleId) -> usize {
        (rule.0 - self.range(class).start) as usize
    }
}

/// The packages that literals ask for.
pub(super) fn positive(literals: &[Literal]) -> impl Iterator<Item = SolvableId> + '_ {
    literals.iter().filter(|literal| literal.is_positive()).map(|literal| literal.package())
}

/// The packages that literals are against.
pub(super) fn negative(literals: &[Literal]) -> impl Iterator<Item = SolvableId> + '_ {
    literals.iter().filter(|literal| !literal.is_positive()).map(|literal| literal.package())
}

#[cfg(test)]
mod tests;
