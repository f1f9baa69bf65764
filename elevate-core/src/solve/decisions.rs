//! What was decided so far: for each package whether it is to be there, since when,
//! and why (solver-search.md B1.1).

use super::rules::RuleId;
use crate::universe::{Literal, SolvableId};

/// How many free choices a decision rests on, from 1. As the result of a step: 0 where
/// it has to begin anew, and less where there is no hope.
pub(super) type Level = i32;

/// Everything has to begin anew.
pub(super) const AGAIN: Level = 0;
/// There is nothing left that could be given up.
pub(super) const HOPELESS: Level = -1;
/// What holds without any choice.
pub(super) const ROOT: Level = 1;

/// A decision.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Decision {
    /// What is decided.
    pub literal: Literal,
    /// How it came about.
    pub cause: Cause,
}

/// How a decision came about.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Cause {
    /// The system is there.
    System,
    /// A rule leaves nothing else.
    Rule(RuleId),
    /// It was chosen, for a purpose, among what a rule leaves.
    Choice(Purpose, Option<RuleId>),
}

/// What a choice was made for.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Purpose {
    /// To do what a command asks.
    Command,
    /// To update an installed package.
    Update,
    /// To keep an installed package.
    Keep,
    /// To give a package what it needs.
    Need,
    /// To do what a weak dependency wishes.
    Weak,
    /// To keep an installed package that is in no repository.
    Orphan,
    /// To erase an installed package that nothing keeps.
    Leftover,
}

/// All decisions, in order.
#[derive(Debug, Clone, Default)]
pub(super) struct Decisions {
    /// By package: 0 undecided, the level since which it is there, or minus the level
    /// since which it is not.
    levels: Vec<Level>,
    queue: Vec<Decision>,
    /// Where each level from 2 begins in the queue.
    starts: Vec<usize>,
}

impl Decisions {
    pub(super) fn new(packages: usize) -> Self {
        Self { levels: vec![0; packages], ..Self::default() }
    }

    pub(super) fn queue(&self) -> &[Decision] {
        &self.queue
    }

    /// Decides what is not decided.
    pub(super) fn decide(&mut self, literal: Literal, level: Level, cause: Cause) {
        while self.starts.len() < usize::try_from(level - ROOT).unwrap_or_default() {
            self.starts.push(self.queue.len());
        }
        self.levels[literal.package().index()] = if literal.is_positive() { level } else { -level };
        self.queue.push(Decision { literal, cause });
    }

    /// Takes back all decisions above a level; whether there were any.
    pub(super) fn undo_to(&mut self, level: Level) -> bool {
        let levels = usize::try_from(level - ROOT).unwrap_or_default();
        let Some(start) = self.starts.get(levels).copied() else { return false };
        self.starts.truncate(levels);
        self.cut(start);
        true
    }

    /// Takes back all decisions but so many, which are all of the root.
    pub(super) fn undo_to_first(&mut self, count: usize) {
        self.starts.clear();
        self.cut(count);
    }

    fn cut(&mut self, count: usize) {
        for decision in self.queue.drain(count.min(self.queue.len())..) {
            self.levels[decision.literal.package().index()] = 0;
        }
    }

    /// The free choice a level began with.
    pub(super) fn choice(&self, level: Level) -> Option<Decision> {
        let at = usize::try_from(level - ROOT).ok()?.checked_sub(1)?;
        self.queue.get(*self.starts.get(at)?).copied()
    }

    fn value(&self, package: SolvableId) -> Level {
        self.levels.get(package.index()).copied().unwrap_or_default()
    }

    /// The level a package was decided at, positive where it is there.
    pub(super) fn level(&self, package: SolvableId) -> Level {
        self.value(package)
    }

    pub(super) fn is_present(&self, package: SolvableId) -> bool {
        self.value(package) > 0
    }

    pub(super) fn is_absent(&self, package: SolvableId) -> bool {
        self.value(package) < 0
    }

    pub(super) fn is_open(&self, package: SolvableId) -> bool {
        self.value(package) == 0
    }

    pub(super) fn is_true(&self, literal: Literal) -> bool {
        let value = self.levels[literal.package().index()];
        if literal.is_positive() { value > 0 } else { value < 0 }
    }

    pub(super) fn is_false(&self, literal: Literal) -> bool {
        self.is_true(-literal)
    }
}
