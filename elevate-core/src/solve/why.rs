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

/// Tells why packages come, go and stay.
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

impl<'a> Explainer<'a> {
    /// Makes ready to explain an outcome, and the changes that were made of it.
    pub fn new(
        universe: &'a Universe,
        goal: &'a Goal,
        outcome: &'a Outcome,
        changes: &'a Changes,
    ) -> Self {
        let mut places = vec![0; universe.end()];
        for (place, decision) in (1..).zip(&outcome.decisions) {
            places[decision.literal.package().index()] = place;
        }
        let gone = outcome.erasures.iter().filter(|erasure| !outcome.is_present(erasure.package));
        let arriving = changes.arriving.iter();
        let mut explainer = Self {
            world: World::new(universe, goal),
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
        (self.fate(package) == Fate::Comes).then(|| self.chain(package))
    }

    /// Why a package comes, as short as can be: each link follows from what is there in
    /// the end, but was not always what decided. `None` where the package does not come.
    pub fn shortest_arrival(&self, package: SolvableId) -> Option<Chain> {
        (self.fate(package) == Fate::Comes).then(|| self.shortest(package))
    }

    /// Why an installed package goes; `None` where it does not.
    pub fn removal(&self, package: SolvableId) -> Option<Chain> {
        (self.fate(package) == Fate::Goes).then(|| self.chain(package))
    }

    /// Why an installed package stays; `None` where it does not.
    pub fn stay(&self, package: SolvableId) -> Option<Chain> {
        (self.fate(package) == Fate::Stays).then(|| self.chain(package))
    }

    fn fate(&self, package: SolvableId) -> Fate {
        match (package.is_installed(), self.outcome.is_present(package)) {
            (false, true) => Fate::Comes,
            (true, false) => Fate::Goes,
            (true, true) => Fate::Stays,
            (false, false) => Fate::Absent,
        }
    }

    fn chain(&self, package: SolvableId) -> Chain {
        self.follow(package, |package| self.step(package))
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

    /// A link without others and proof.
    fn plain(&self, package: SolvableId, because: Because, next: Next) -> Step {
        let (name, fate) = (self.speaker().name(package), self.fate(package));
        let link = Link { package: name, fate, because, others: Few::default(), proof: None };
        Step { link: Arc::new(link), next }
    }

    /// To another package, or to where a chain ends that came to an installed one.
    fn to(&self, package: SolvableId) -> Next {
        match package.is_installed() {
            true => Next::Installed(package),
            false => Next::Package(package),
        }
    }

    fn speaker(&self) -> Speaker<'_> {
        Speaker { world: &self.world, rules: &self.outcome.rules }
    }

    fn rules(&self) -> &'a Rules {
        &self.outcome.rules
    }

    fn place(&self, package: SolvableId) -> u32 {
        self.places[package.index()]
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

    /// Whether a rule left nothing but what was decided of a package, apart from
    /// `others` it could have had instead.
    fn implies(&self, rule: RuleId, own: Literal, all: bool) -> bool {
        let literals = &self.rules()[rule];
        let rest = literals.iter().filter(|l| **l != own && (all || !l.is_positive()));
        literals.contains(&own) && rest.copied().all(|l| self.was_false(l, own.package()))
    }

    /// The rule that a learnt one can be told as: of those it follows from, the first of
    /// packages, or else the first at all, that says the same of a package.
    fn told_as(&self, learnt: RuleId, own: Literal) -> Option<RuleId> {
        let all = self.rules().expanded(&[learnt]);
        let fits = |strict: bool| {
            let fitting = all.iter().copied().filter(move |r| self.implies(*r, own, strict));
            let mut fitting = fitting.peekable();
            let first = fitting.peek().copied();
            fitting.find(|rule| self.rules().class(*rule) == Class::Package).or(first)
        };
        fits(true).or_else(|| own.is_positive().then(|| fits(false)).flatten())
    }

    /// All that a learnt rule follows from.
    fn all_of(&self, learnt: RuleId) -> Because {
        let rules = self.rules().expanded(&[learnt]);
        Because::Follows { rules: Few::of(rules, |rule| self.speaker().statement(rule)) }
    }
}

#[cfg(test)]
mod tests;
