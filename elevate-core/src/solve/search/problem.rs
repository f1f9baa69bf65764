//! Contradictions that no choice is to blame for: what is given up, and what is
//! reported (solver-search.md B3.4 to B3.6 and B7.1).

use super::Search;
use crate::solve::decisions::{AGAIN, Cause, HOPELESS, Level};
use crate::solve::rules::{Class, RuleId, positive};
use crate::solve::set::Set;
use crate::universe::SolvableId;

/// A contradiction that could not be resolved.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Problem {
    /// What was left out because of it.
    pub elements: Vec<Element>,
    /// The rules it follows from, those not learnt, in the order they were found in.
    pub proof: Vec<RuleId>,
}

/// An installed package that need not be kept any more.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Erasure {
    /// The package.
    pub package: SolvableId,
    /// What could have been given up.
    pub elements: Vec<Element>,
    /// The rules that showed that not everything can be had.
    pub proof: Vec<RuleId>,
}

/// What is given up together.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Element {
    /// All rules of a command.
    Command(usize),
    /// A run of rules on packages of one name, by its first.
    Run(RuleId),
    /// One rule.
    Rule(RuleId),
}

impl Search<'_, '_> {
    /// Resolves a contradiction at the root: drops a weak rule, or lets an installed
    /// package go, or notes a problem and leaves out what it rests on.
    pub(super) fn give_up(&mut self, conflict: RuleId) -> Level {
        let mut involved = Set::default();
        involved.extend(self.rules[conflict].iter().map(|literal| literal.package()));
        let mut found = vec![conflict];
        for decision in self.decisions.queue().iter().rev() {
            let package = decision.literal.package();
            if package == SolvableId::SYSTEM || !involved.contains(package) {
                continue;
            }
            if let Cause::Rule(rule) = decision.cause {
                found.push(rule);
                let literals = self.rules[rule].iter();
                let untrue = literals.filter(|literal| !self.decisions.is_true(**literal));
                involved.extend(untrue.map(|literal| literal.package()));
            }
        }
        let proof = self.rules.expanded(&found);
        let weak = proof.iter().filter(|rule| self.rules.is_weak(self.world, **rule)).max();
        if let Some(weak) = weak {
            self.drop_weak(*weak);
            self.reset();
            return AGAIN;
        }
        let mut elements = Vec::new();
        for rule in proof.iter().copied() {
            if self.rules.class(rule) != Class::Package {
                self.add_element(&mut elements, rule);
            }
        }
        if self.erase_one(&elements, &proof) {
            self.reset();
            return AGAIN;
        }
        let hopeless = elements.is_empty();
        self.note_problem(elements, proof);
        if hopeless {
            return HOPELESS;
        }
        self.reset();
        AGAIN
    }

    pub(super) fn note_problem(&mut self, elements: Vec<Element>, proof: Vec<RuleId>) {
        for element in &elements {
            self.disable(*element);
        }
        self.problems.push(Problem { elements, proof });
    }

    /// Adds what a rule is given up with.
    pub(super) fn add_element(&self, elements: &mut Vec<Element>, rule: RuleId) {
        let element = match (self.rules.command(rule), self.rules.class(rule)) {
            (Some(command), _) => Element::Command(command),
            (None, Class::Architecture | Class::Sync) => Element::Run(self.run_of(rule)[0]),
            (None, _) => Element::Rule(rule),
        };
        if !elements.contains(&element) {
            elements.push(element);
        }
    }

    /// Rules about the same name, side by side, around one of theirs.
    fn run_of(&self, rule: RuleId) -> Vec<RuleId> {
        let name = |rule: RuleId| {
            let first = self.rules[rule].first();
            first.map(|literal| self.world.universe.name(literal.package()))
        };
        let range = self.rules.range(self.rules.class(rule));
        let same = |other: &RuleId| name(*other) == name(rule);
        let before = (range.start..rule.0).rev().map(RuleId).take_while(same);
        let mut run: Vec<RuleId> = before.collect();
        run.reverse();
        run.extend((rule.0..range.end).map(RuleId).take_while(same));
        run
    }

    fn disable(&mut self, element: Element) {
        let which: Vec<RuleId> = match element {
            Element::Rule(rule) => vec![rule],
            Element::Run(first) => self.run_of(first),
            Element::Command(command) => {
                let jobs = self.rules.of_class(Class::Job);
                let all = jobs.chain(self.rules.of_class(Class::Best));
                all.filter(|rule| self.rules.command(*rule) == Some(command)).collect()
            }
        };
        for rule in which {
            self.rules.disable(rule);
        }
    }

    /// Lets an installed package go that may be erased: the first in no repository, or
    /// else the last in the order of installed packages. Whether there is one.
    pub(super) fn erase_one(&mut self, elements: &[Element], proof: &[RuleId]) -> bool {
        let world = self.world;
        let Some(rule) = self.erasable(elements) else { return false };
        self.rules.disable(rule);
        if let Some(package) = self.rules.installed(world, rule) {
            let (elements, proof) = (elements.to_vec(), proof.to_vec());
            self.erasures.push(Erasure { package, elements, proof });
        }
        true
    }

    fn erasable(&self, elements: &[Element]) -> Option<RuleId> {
        let (world, rules) = (self.world, &self.rules);
        let switches = &world.goal.switches;
        let only_best = |package: SolvableId| {
            let mut rest = elements.iter();
            rest.any(|e| matches!(e, Element::Rule(r) if rules.best_for(*r) == Some(package)))
        };
        let (mut featured, mut plain) = (None, None);
        for element in elements {
            let Element::Rule(rule) = *element else { continue };
            if rules.class(rule) != Class::Update {
                continue;
            }
            let Some(package) = rules.installed(world, rule) else { continue };
            let allowed = switches.allow_uninstall || world.may_erase.contains(package);
            if !allowed || world.is_masked(package) || only_best(package) {
                continue;
            }
            let has_feature =
                rules.feature(world, package).is_some_and(|feature| !rules.is_void(feature));
            if has_feature {
                featured = featured.max(Some(rule));
            } else {
                let is_orphan = matches!(&rules[rule], [only] if only.is_positive() && only.package() == package);
                if switches.keep_orphans && is_orphan {
                    return Some(rule);
                }
                plain = plain.max(Some(rule));
            }
        }
        featured.or(plain)
    }

    /// Leaves out a weak rule, with those that make no sense without it.
    pub(super) fn drop_weak(&mut self, rule: RuleId) {
        match (self.rules.chosen_from(rule), self.rules.command(rule)) {
            (Some(from), _) => self.drop_choice(rule, from),
            (None, Some(command)) => {
                self.disable(Element::Command(command));
                let world = self.world;
                self.rules.restore(world, command);
            }
            (None, None) => self.rules.disable(rule),
        }
    }

    fn drop_choice(&mut self, rule: RuleId, from: RuleId) {
        self.rules.disable(rule);
        let mut left_out = Set::default();
        left_out.extend(positive(&self.rules[from]));
        for package in positive(&self.rules[rule]).collect::<Vec<_>>() {
            left_out.remove(package);
        }
        for other in self.rules.of_class(Class::Choice) {
            let Some(from) = self.rules.chosen_from(other) else { continue };
            let touched = positive(&self.rules[from]).any(|p| left_out.contains(p));
            if touched {
                self.rules.disable(other);
            }
        }
    }

    /// Drops choice rules that the result does without; whether there are any.
    pub(super) fn drop_unneeded_choices(&mut self) -> bool {
        let mut dropped = false;
        for rule in self.rules.of_class(Class::Choice) {
            let Some(from) = self.rules.chosen_from(rule) else { continue };
            if !self.rules.is_enabled(rule) || !self.rules.is_enabled(from) {
                continue;
            }
            let own: Vec<SolvableId> = positive(&self.rules[rule]).collect();
            let other = |p: SolvableId| self.decisions.is_present(p) && !own.contains(&p);
            if positive(&self.rules[from]).any(other) {
                self.drop_choice(rule, from);
                dropped = true;
            }
        }
        dropped
    }
}
