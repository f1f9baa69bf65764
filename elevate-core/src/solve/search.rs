//! The search: decides packages until every rule holds, in libsolv's order
//! (solver-search.md B1 to B5).
//!
//! ```text
//! assertions   rules of one literal, and what follows from them
//! commands     what is asked, one by one
//! installed    what is to be updated is, the rest is kept
//! rules        whatever a rule still leaves open
//! weak         recommended packages, and those that come along
//! orphans      installed packages that no repository has
//! leftovers    what nothing keeps
//! minimize     choices that turned out to be needless
//! ```
//!
//! A step that runs into a contradiction learns from it and falls back to a lower
//! level. Where there is no lower one, an installed package that may be erased is
//! given up, or else a problem is noted and what it rests on is left out.

mod assertions;
mod choose;
mod installed;
mod learn;
mod minimize;
mod problem;
mod propagate;
mod settle;
mod weak;

use super::decisions::{AGAIN, Cause, Decisions, HOPELESS, Level, Purpose, ROOT};
use super::policy::{Advice, Mode, Policy};
use super::rules::{Class, RuleId, Rules};
use super::world::World;
use crate::universe::{Literal, SolvableId};

pub use problem::{Element, Erasure, Problem};
use propagate::Watches;

/// A search.
pub(super) struct Search<'w, 'u> {
    pub(super) world: &'w World<'u>,
    pub(super) rules: Rules,
    pub(super) decisions: Decisions,
    /// How many decisions were followed up.
    followed: usize,
    watches: Watches,
    advice: Advice,
    /// Rules of one literal, in order.
    assertions: Vec<RuleId>,
    /// Rules that may leave a choice, in order.
    choices: Vec<RuleId>,
    branches: Vec<Branch>,
    pub(super) problems: Vec<Problem>,
    pub(super) erasures: Vec<Erasure>,
    /// Where to go on among installed packages.
    resume: usize,
    /// Commands are being settled beside installed packages that are not decided.
    beside_installed: bool,
}

/// A choice among several candidates, to which the search may return.
struct Branch {
    candidates: Vec<(SolvableId, Tried)>,
    /// The level before the choice.
    level: Level,
}

/// Whether a candidate was chosen once.
type Tried = bool;

impl<'w, 'u> Search<'w, 'u> {
    pub(super) fn new(world: &'w World<'u>, rules: Rules) -> Self {
        let numbers = world.universe.end();
        let all = || (1..rules.end()).map(RuleId);
        let assertions = all().filter(|rule| rules[*rule].len() == 1).collect();
        let choices = all().filter(|rule| settle::leaves_choice(&rules[*rule])).collect();
        Self {
            world,
            watches: Watches::new(numbers, &rules),
            decisions: Decisions::new(numbers),
            rules,
            followed: 0,
            advice: Advice::default(),
            assertions,
            choices,
            branches: Vec::new(),
            problems: Vec::new(),
            erasures: Vec::new(),
            resume: 0,
            beside_installed: false,
        }
    }

    /// Decides everything.
    pub(super) fn run(&mut self) {
        let mut level = AGAIN;
        // Commands and installed packages are settled up to here.
        let mut floor = ROOT;
        self.resume = 0;
        while level != HOPELESS {
            if level == AGAIN {
                level = self.decide_assertions();
                if let Some(conflict) = self.propagate(level) {
                    level = self.give_up(conflict);
                    continue;
                }
                floor = level + 1;
            }
            if level < floor {
                let before = level;
                self.beside_installed = true;
                level = self.settle_commands(level);
                self.beside_installed = false;
                if level < before {
                    continue;
                }
                floor = level + 1;
            }
            if level < floor {
                let before = level;
                level = self.settle_installed(level);
                if level < before {
                    continue;
                }
                floor = level + 1;
            }
            floor = floor.min(level);
            match self.settle_rest(level) {
                Settled::Whole => {
                    let dropped = self.world.goal.profile.drop_unneeded_choices
                        && self.drop_unneeded_choices();
                    if dropped {
                        self.reset();
                        level = AGAIN;
                    } else if let Some(needless) = self.find_needless() {
                        level = self.take_other(needless);
                    } else {
                        return;
                    }
                }
                Settled::Fell(to) => level = to,
            }
        }
    }

    /// Whether all rules can hold together, where none of them can be given up
    /// ([`Rules::alone`]): nothing where they can, or else rules that cannot. No wish
    /// beyond the rules is looked at.
    pub(super) fn contradiction(mut self) -> Option<Vec<RuleId>> {
        let level = self.decide_assertions();
        if self.problems.is_empty() {
            match self.propagate(level) {
                Some(conflict) => self.give_up(conflict),
                None => self.settle_rules(level),
            };
        }
        self.problems.into_iter().next().map(|problem| problem.proof)
    }

    /// Everything after the installed packages.
    fn settle_rest(&mut self, level: Level) -> Settled {
        let before = level;
        let mut level = self.settle_rules(level);
        if level < before {
            return Settled::Fell(level);
        }
        if self.world.goal.switches.weak_dependencies {
            let (now, again) = self.settle_weak(level);
            level = now;
            if again {
                return Settled::Fell(level);
            }
        }
        let (level, again) = self.settle_orphans(level);
        if again {
            return Settled::Fell(level);
        }
        let (level, clean) = self.erase_leftovers(level);
        if clean { Settled::Whole } else { Settled::Fell(level) }
    }

    /// Decides something freely, and what follows from it. A contradiction leads to a
    /// lower level.
    fn decide(
        &mut self,
        level: Level,
        literal: Literal,
        rule: Option<RuleId>,
        purpose: Purpose,
    ) -> Level {
        let level = level + 1;
        self.decisions.decide(literal, level, Cause::Choice(purpose, rule));
        self.follow(level)
    }

    /// Follows decisions up until nothing more follows.
    fn follow(&mut self, mut level: Level) -> Level {
        loop {
            let Some(conflict) = self.propagate(level) else { return level };
            if level == ROOT {
                return self.give_up(conflict);
            }
            let (back, learnt) = self.learn(conflict, level);
            level = back;
            if let Some(pivot) = self.rules[learnt].first().copied() {
                self.decisions.decide(pivot, level, Cause::Rule(learnt));
            }
        }
    }

    fn filter(&mut self, candidates: &mut Vec<SolvableId>, mode: Mode) {
        let (world, decisions) = (self.world, &self.decisions);
        Policy { world, decisions, advice: &mut self.advice }.filter(candidates, mode);
    }

    /// Takes back all decisions above a level.
    fn undo_to(&mut self, level: Level) {
        while self.branches.last().is_some_and(|branch| branch.level >= level) {
            self.branches.pop();
        }
        self.undo_decisions(level);
    }

    fn undo_decisions(&mut self, level: Level) {
        if self.decisions.undo_to(level) {
            self.followed = self.decisions.queue().len();
        }
        self.advice.forget_after(self.decisions.queue().len());
    }

    /// Takes back everything. What was learnt stays, as far as what it rests on does;
    /// so do the watches, in the order they have come to.
    fn reset(&mut self) {
        self.decisions.undo_to_first(0);
        self.followed = 0;
        self.branches.clear();
        self.advice.clear();
        self.refresh_learnt();
    }

    /// What is learnt holds while everything it follows from does.
    fn refresh_learnt(&mut self) {
        for rule in self.rules.of_class(Class::Learnt) {
            let holds = self.rules.trail(rule).iter().all(|from| self.rules.is_enabled(*from));
            if holds {
                self.rules.enable(rule);
            } else {
                self.rules.disable(rule);
            }
        }
    }
}

/// How the last steps ended.
enum Settled {
    /// Everything is decided.
    Whole,
    /// Something changed; the loop goes on at this level.
    Fell(Level),
}
