//! Why a package comes, goes or stays: chains of reasons, out of what the search
//! noted down (solver-search.md B8).
//!
//! | file | |
//! |--|--|
//! | `chain.rs` | what reasons are made of |
//! | `text.rs` | the same as sentences |
//! | `provenance.rs` | which dependencies a rule comes from |
//! | `statement.rs` | what rules say, in names |
//! | `arrival.rs`, `weak.rs` | why a package comes |
//! | `removal.rs` | why a package goes, or does not come |
//! | `stay.rs` | why an installed package stays |
//! | `others.rs` | why other packages were not taken |
//! | `shortest.rs` | the shortest chain instead of the one that was followed |
//!
//! Every link but the last leads to a decision made before. Links are made when they
//! are asked for, once, and shared by all chains they are in.

mod arrival;
mod chain;
mod others;
mod provenance;
mod removal;
mod shortest;
mod statement;
mod stay;
mod text;
mod weak;

use std::cell::{OnceCell, RefCell};
use std::collections::BTreeMap;
use std::sync::Arc;

use super::changes::{Changes, Leaving};
use super::decisions::{Cause, Decision};
use super::goal::Goal;
use super::outcome::Outcome;
use super::rules::{Class, RuleId, Rules};
use super::search::Erasure;
use super::world::World;
use crate::universe::{Literal, SolvableId, Universe};

pub use chain::{Because, Chain, Fate, Few, Link, NotTaken, Other, Proof, Root, Statement, Taken};
use shortest::Tree;
pub(super) use statement::Speaker;
use weak::Wishes;

/// Tells why packages come, go and stay. Where no solution was found, it tells of the
/// packages the search ended with.
pub struct Explainer<'a> {
    world: World<'a>,
    outcome: &'a Outcome,
    /// Where each package stands among the decisions, from 1; 0 where nothing was
    /// decided.
    places: Vec<u32>,
    leaving: BTreeMap<SolvableId, &'a Leaving>,
    /// The installed packages whose place each one takes that comes.
    replaces: BTreeMap<SolvableId, &'a [SolvableId]>,
    /// Why packages were given up; those that stayed after all are not among them.
    erasures: BTreeMap<SolvableId, &'a Erasure>,
    /// The commands that ask for packages to go.
    unwanted: BTreeMap<SolvableId, usize>,
    steps: RefCell<BTreeMap<SolvableId, Step>>,
    short_steps: RefCell<BTreeMap<SolvableId, Step>>,
    wishes: OnceCell<Wishes>,
    tree: OnceCell<Tree>,
}

/// A link, and what it leads to.
#[derive(Debug, Clone)]
struct Step {
    link: Arc<Link>,
    next: Next,
}

/// What a link leads to.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Next {
    /// Another package.
    Package(SolvableId),
    /// A command.
    Command(usize),
    /// An installed package, where it ends.
    Installed(SolvableId),
    /// What packages and repositories say, where it ends.
    Facts,
}

impl Next {
    /// To a package that is there; a chain that comes to an installed one ends.
    fn to(package: SolvableId) -> Self {
        match package {
            SolvableId::SYSTEM => Next::Facts,
            package if package.is_installed() => Next::Installed(package),
            package => Next::Package(package),
        }
    }
}

impl<'a> Explainer<'a> {
    /// Makes ready to explain an outcome, and the changes that were made of it.
    pub fn new(
        universe: &'a Universe,
        goal: &'a Goal,
        outcome: &'a Outcome,
        changes: &'a Changes,
    ) -> Self {
        Self::in_world(World::new(universe, goal), outcome, changes)
    }

    pub(super) fn in_world(world: World<'a>, outcome: &'a Outcome, changes: &'a Changes) -> Self {
        let mut places = vec![0; world.universe.end()];
        for (place, decision) in (1..).zip(&outcome.decisions) {
            places[decision.literal.package().index()] = place;
        }
        let gone = outcome.erasures.iter().filter(|erasure| !outcome.is_present(erasure.package));
        let arriving = changes.arriving.iter();
        let mut explainer = Self {
            world,
            outcome,
            places,
            leaving: changes.leaving.iter().map(|leaving| (leaving.package, leaving)).collect(),
            replaces: arriving.map(|a| (a.package, a.replaces.as_slice())).collect(),
            erasures: gone.map(|erasure| (erasure.package, erasure)).collect(),
            unwanted: BTreeMap::new(),
            steps: RefCell::default(),
            short_steps: RefCell::default(),
            wishes: OnceCell::new(),
            tree: OnceCell::new(),
        };
        let speaker = explainer.speaker();
        let jobs = outcome.rules.of_class(Class::Job);
        explainer.unwanted = jobs.filter_map(|rule| speaker.erases(rule)).collect();
        explainer
    }

    /// Why a package comes, as it was decided; `None` where it does not.
    pub fn arrival(&self, package: SolvableId) -> Option<Chain> {
        self.chain(package, Fate::Comes)
    }

    /// Why a package comes, as short as can be: each link follows from what is there in
    /// the end, but was not always what decided. `None` where the package does not come.
    pub fn shortest_arrival(&self, package: SolvableId) -> Option<Chain> {
        self.is(package, Fate::Comes).then(|| self.shortest(package))
    }

    /// Why an installed package goes; `None` where it does not.
    pub fn removal(&self, package: SolvableId) -> Option<Chain> {
        self.chain(package, Fate::Goes)
    }

    /// Why an installed package stays; `None` where it does not.
    pub fn stay(&self, package: SolvableId) -> Option<Chain> {
        self.chain(package, Fate::Stays)
    }

    fn fate(&self, package: SolvableId) -> Fate {
        match (package.is_installed(), self.outcome.is_present(package)) {
            (false, true) => Fate::Comes,
            (true, false) => Fate::Goes,
            (true, true) => Fate::Stays,
            (false, false) => Fate::Absent,
        }
    }

    fn is(&self, package: SolvableId, fate: Fate) -> bool {
        package != SolvableId::SYSTEM && self.fate(package) == fate
    }

    fn chain(&self, package: SolvableId, fate: Fate) -> Option<Chain> {
        self.is(package, fate).then(|| self.follow(package, |package| self.step(package)))
    }

    /// Goes from link to link. There are no more of them than decisions.
    fn follow(&self, mut package: SolvableId, step: impl Fn(SolvableId) -> Step) -> Chain {
        let mut links = Vec::new();
        loop {
            let Step { link, next } = step(package);
            links.push(link);
            let root = match next {
                Next::Package(next) if links.len() <= self.outcome.decisions.len() => {
                    package = next;
                    continue;
                }
                Next::Package(_) | Next::Facts => Root::Facts,
                Next::Command(command) => Root::Command { command },
                Next::Installed(package) => {
                    Root::Installed { package: self.speaker().name(package) }
                }
            };
            return Chain { links, root };
        }
    }

    /// The link of a package.
    fn step(&self, package: SolvableId) -> Step {
        if let Some(known) = self.steps.borrow().get(&package) {
            return known.clone();
        }
        let step = match self.fate(package) {
            Fate::Comes => self.coming(package),
            Fate::Goes => self.going(package),
            Fate::Stays => self.staying(package),
            Fate::Absent => self.absent(package),
        };
        self.steps.borrow_mut().insert(package, step.clone());
        step
    }

    /// A link to which no others belong.
    fn plain(&self, package: SolvableId, because: Because, next: Next) -> Step {
        self.linked(package, because, Few::default(), next)
    }

    /// A link with what could have been there instead.
    fn linked(
        &self,
        package: SolvableId,
        because: Because,
        others: Few<Other>,
        next: Next,
    ) -> Step {
        let (name, fate) = (self.speaker().name(package), self.fate(package));
        let link = Link { package: name, fate, because, others, proof: None };
        Step { link: Arc::new(link), next }
    }

    fn speaker(&self) -> Speaker<'_> {
        Speaker { world: &self.world, rules: &self.outcome.rules }
    }

    fn rules(&self) -> &'a Rules {
        &self.outcome.rules
    }

    fn place(&self, package: SolvableId) -> u32 {
        self.places.get(package.index()).copied().unwrap_or_default()
    }

    fn decision(&self, package: SolvableId) -> Option<Decision> {
        let at = self.place(package).checked_sub(1)?;
        self.outcome.decisions.get(at as usize).copied()
    }

    /// The rule a decision follows from, or was a choice of.
    fn rule_of(decision: Decision) -> Option<RuleId> {
        match decision.cause {
            Cause::Rule(rule) | Cause::Choice(_, Some(rule)) => Some(rule),
            Cause::System | Cause::Choice(_, None) => None,
        }
    }

    /// Whether a literal was false when a package was decided.
    fn was_false(&self, literal: Literal, before: SolvableId) -> bool {
        let place = self.place(literal.package());
        let present = self.outcome.is_present(literal.package());
        place != 0 && place < self.place(before) && present != literal.is_positive()
    }

    /// Whether a rule asked for what was decided of a package: all its other literals were
    /// false before, or at least those that are against packages.
    fn asks(&self, rule: RuleId, own: Literal, against_only: bool) -> bool {
        let literals = &self.rules()[rule];
        let rest = literals.iter().filter(|l| **l != own && !(against_only && l.is_positive()));
        literals.contains(&own) && rest.copied().all(|l| self.was_false(l, own.package()))
    }

    /// The rule that a learnt one can be told as: of those it follows from, the first of
    /// packages, or else the first at all, that says the same of a package.
    fn told_as(&self, learnt: RuleId, own: Literal) -> Option<RuleId> {
        let all = self.rules().expanded(&[learnt]);
        let first = |against_only: bool| {
            let fits = |rule: &RuleId| self.asks(*rule, own, against_only);
            let of_packages = |rule: &RuleId| self.rules().class(*rule) == Class::Package;
            let mut fitting = all.iter().copied().filter(fits);
            let mut of_packages = all.iter().copied().filter(of_packages).filter(fits);
            of_packages.next().or_else(|| fitting.next())
        };
        first(false).or_else(|| own.is_positive().then(|| first(true)).flatten())
    }

    /// All that a learnt rule follows from.
    fn all_of(&self, learnt: RuleId) -> Because {
        let rules = self.rules().expanded(&[learnt]);
        Because::Follows { rules: Few::of(rules, |rule| self.speaker().statement(rule)) }
    }
}

#[cfg(test)]
mod tests;
