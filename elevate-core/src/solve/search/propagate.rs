//! What follows from decisions (solver-search.md B1.3 and B1.4).

use super::Search;
use crate::solve::decisions::{Cause, Level};
use crate::solve::rules::{RuleId, Rules};
use crate::universe::Literal;

/// For every literal the rules that watch it, as chains: each rule of two literals and
/// more watches two of them, and is looked at when one becomes false. New ones come to
/// the front of a chain.
#[derive(Debug, Clone)]
pub(super) struct Watches {
    /// Heads of the chains by literal, then for each rule what follows it in the chain of
    /// its first and of its second watched literal.
    cells: Vec<u32>,
    heads: usize,
    watched: Vec<[Literal; 2]>,
}

impl Watches {
    pub(super) fn new(packages: usize, rules: &Rules) -> Self {
        let (heads, count) = (2 * packages, rules.end() as usize);
        let none = Literal::of(crate::universe::SolvableId::SYSTEM);
        let mut watches =
            Self { cells: vec![0; heads + 2 * count], heads, watched: vec![[none; 2]; count] };
        for rule in (1..rules.end()).rev().map(RuleId) {
            if let [first, second, ..] = &rules[rule] {
                watches.set(rule, *first, *second);
            }
        }
        watches
    }

    fn set(&mut self, rule: RuleId, first: Literal, second: Literal) {
        self.watched[rule.index()] = [first, second];
        self.insert(rule, 0, first);
        self.insert(rule, 1, second);
    }

    /// Makes room for a rule that is the last, and lets it watch two literals.
    pub(super) fn add(&mut self, rule: RuleId, literals: Option<(Literal, Literal)>) {
        let none = Literal::of(crate::universe::SolvableId::SYSTEM);
        self.watched.resize(rule.index() + 1, [none; 2]);
        self.cells.resize(self.heads + 2 * self.watched.len(), 0);
        if let Some((first, second)) = literals {
            self.set(rule, first, second);
        }
    }

    fn head(&self, literal: Literal) -> usize {
        2 * literal.package().index() + usize::from(literal.is_positive())
    }

    fn cell(&self, rule: RuleId, side: usize) -> usize {
        self.heads + 2 * rule.index() + side
    }

    fn insert(&mut self, rule: RuleId, side: usize, literal: Literal) {
        let (head, cell) = (self.head(literal), self.cell(rule, side));
        self.cells[cell] = self.cells[head];
        self.cells[head] = rule.0;
    }
}

impl Search<'_, '_> {
    /// Follows up all decisions, first in, first out; the rule that contradicts them,
    /// where one does.
    pub(super) fn propagate(&mut self, level: Level) -> Option<RuleId> {
        while let Some(decision) = self.decisions.queue().get(self.followed) {
            let now_false = -decision.literal;
            self.followed += 1;
            let mut link = self.watches.head(now_false);
            loop {
                let rule = RuleId(self.watches.cells[link]);
                if rule.0 == 0 {
                    break;
                }
                let [first, second] = self.watches.watched[rule.index()];
                let (side, other) = if first == now_false { (0, second) } else { (1, first) };
                let cell = self.watches.cell(rule, side);
                if !self.rules.is_enabled(rule) || self.decisions.is_true(other) {
                    link = cell;
                    continue;
                }
                let literals = &self.rules[rule];
                if literals.len() > 2 {
                    let decisions = &self.decisions;
                    let open =
                        |literal: &&Literal| **literal != other && !decisions.is_false(**literal);
                    if let Some(open) = literals.iter().find(open).copied() {
                        self.watches.watched[rule.index()][side] = open;
                        self.watches.cells[link] = self.watches.cells[cell];
                        self.watches.insert(rule, side, open);
                        continue;
                    }
                }
                if self.decisions.is_false(other) {
                    return Some(rule);
                }
                self.decisions.decide(other, level, Cause::Rule(rule));
                link = cell;
            }
        }
        None
    }
}
