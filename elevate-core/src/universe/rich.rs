//! Rich dependencies as clauses over packages (solver-rules.md A1.7).

use std::ops::Neg;

use thiserror::Error;

use super::host::Universe;
use super::solvable::SolvableId;
use super::term::{Operator, Relation, Term, TermKind};
use crate::model::RichOperator;

/// How much one dependency may cost: literals written and terms looked at. A
/// dependency that is distributed over itself grows exponentially; real ones stay
/// below ten thousand.
const MOST: usize = 1 << 22;

/// A package that is to be there, or is not to be.
///
/// Literals are ordered as signed numbers: those of packages that are not to be
/// there come first, the one with the highest number at the front.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Literal(i32);

impl Literal {
    /// The package is to be there.
    pub fn of(package: SolvableId) -> Self {
        Self(package.0.cast_signed())
    }

    /// Which package.
    pub fn package(self) -> SolvableId {
        SolvableId(self.0.unsigned_abs())
    }

    /// The number of the package, negative where it is not to be there.
    pub fn number(self) -> i32 {
        self.0
    }

    /// Whether it is to be there.
    pub fn is_positive(self) -> bool {
        self.0 > 0
    }
}

impl Neg for Literal {
    type Output = Self;

    fn neg(self) -> Self {
        Self(-self.0)
    }
}

/// Which way literals are put together.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Form {
    /// Clauses: one literal of each block is to hold.
    Conjunctive,
    /// Combinations: all literals of one block are to hold.
    Disjunctive,
}

impl Form {
    fn other(self) -> Self {
        match self {
            Form::Conjunctive => Form::Disjunctive,
            Form::Disjunctive => Form::Conjunctive,
        }
    }
}

/// What a dependency says of packages.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Normal {
    /// It cannot hold.
    None,
    /// It always holds.
    All,
    /// Blocks, each in ascending order, in the [`Form`] that was asked for.
    Blocks(Vec<Vec<Literal>>),
}

impl Normal {
    /// The opposite, which is of the other form.
    pub fn inverse(self) -> Self {
        match self {
            Normal::None => Normal::All,
            Normal::All => Normal::None,
            Normal::Blocks(mut blocks) => {
                for block in &mut blocks {
                    block.reverse();
                    block.iter_mut().for_each(|literal| *literal = -*literal);
                }
                Normal::Blocks(blocks)
            }
        }
    }
}

/// A rich dependency that grows beyond all measure when it is written as clauses.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Error)]
#[error("takes more than {MOST} literals when written as clauses")]
pub struct TooComplex;

impl Universe {
    /// Whether a term says more than a list of providers can. Others, `(a or b)`
    /// among them, hold where one of [`Universe::providers`] is there.
    pub fn is_complex(&self, term: Term) -> bool {
        // What cannot be looked at to its end is not simple.
        Normalizer { universe: self, left: MOST }.is_complex(term).unwrap_or(true)
    }

    /// A term as clauses or combinations of packages.
    ///
    /// # Errors
    ///
    /// A rich dependency that takes millions of literals.
    pub fn normalize(&self, term: Term, form: Form) -> Result<Normal, TooComplex> {
        Normalizer { universe: self, left: MOST }.term(term, form)
    }
}

struct Normalizer<'u> {
    universe: &'u Universe,
    /// What may still be spent.
    left: usize,
}

impl Normalizer<'_> {
    fn spend(&mut self, cost: usize) -> Result<(), TooComplex> {
        self.left = self.left.checked_sub(cost).ok_or(TooComplex)?;
        Ok(())
    }

    /// The parts of a rich term.
    fn rich(&self, term: Term) -> Option<(Term, RichOperator, Term)> {
        let TermKind::Relation(id) = term.kind() else { return None };
        match self.universe.relation(id)? {
            Relation { left, operator: Operator::Rich(rich), right } => Some((left, rich, right)),
            _ => None,
        }
    }

    fn is_complex(&mut self, term: Term) -> Result<bool, TooComplex> {
        self.spend(1)?;
        match self.rich(term) {
            Some((_, RichOperator::And | RichOperator::If | RichOperator::Unless, _)) => Ok(true),
            Some((left, RichOperator::Or, right)) => {
                Ok(self.is_complex(left)? || self.is_complex(right)?)
            }
            _ => Ok(false),
        }
    }

    fn term(&mut self, term: Term, form: Form) -> Result<Normal, TooComplex> {
        if !self.is_complex(term)? {
            return self.leaf(term, form);
        }
        let Some((left, operator, right)) = self.rich(term) else { return Ok(Normal::None) };
        match operator {
            RichOperator::Or => self.or(left, right, false, form),
            RichOperator::If => match self.alternative(right) {
                None => self.or(left, right, true, form),
                Some((condition, otherwise)) => match self.or(left, condition, true, form)? {
                    Normal::None => Ok(Normal::None),
                    first => {
                        let second = self.or(condition, otherwise, false, form)?;
                        self.conjoin(first, second, form)
                    }
                },
            },
            RichOperator::Unless => match self.alternative(right) {
                None => self.and(left, right, true, form),
                Some((condition, otherwise)) => match self.and(left, condition, true, form)? {
                    Normal::All => Ok(Normal::All),
                    first => {
                        let second = self.and(condition, otherwise, false, form)?;
                        self.disjoin(first, second, form)
                    }
                },
            },
            _ => self.and(left, right, false, form),
        }
    }

    /// `b` and `c` of `(a if b else c)`, from what stands behind `if`.
    fn alternative(&self, right: Term) -> Option<(Term, Term)> {
        self.rich(right)
            .filter(|(_, operator, _)| *operator == RichOperator::Else)
            .map(|(condition, _, otherwise)| (condition, otherwise))
    }

    /// One of the providers is to be there.
    fn leaf(&mut self, term: Term, form: Form) -> Result<Normal, TooComplex> {
        let providers = self.universe.providers(term);
        self.spend(providers.len())?;
        let literals = providers.iter().copied().map(Literal::of);
        Ok(match (providers.first(), form) {
            (None, _) => Normal::None,
            (Some(&SolvableId::SYSTEM), _) => Normal::All,
            (Some(_), Form::Conjunctive) => Normal::Blocks(vec![literals.collect()]),
            (Some(_), Form::Disjunctive) => Normal::Blocks(literals.map(|one| vec![one]).collect()),
        })
    }

    /// `a or b`; or `a or not b`.
    fn or(&mut self, a: Term, b: Term, invert: bool, form: Form) -> Result<Normal, TooComplex> {
        match self.term(a, form)? {
            Normal::All => Ok(Normal::All),
            first => {
                let second = self.operand(b, invert, form)?;
                self.disjoin(first, second, form)
            }
        }
    }

    /// `a and b`; or `a and not b`.
    fn and(&mut self, a: Term, b: Term, invert: bool, form: Form) -> Result<Normal, TooComplex> {
        match self.term(a, form)? {
            Normal::None => Ok(Normal::None),
            first => {
                let second = self.operand(b, invert, form)?;
                self.conjoin(first, second, form)
            }
        }
    }

    fn operand(&mut self, term: Term, invert: bool, form: Form) -> Result<Normal, TooComplex> {
        if invert {
            self.term(term, form.other()).map(Normal::inverse)
        } else {
            self.term(term, form)
        }
    }

    /// Both hold.
    fn conjoin(&mut self, a: Normal, b: Normal, form: Form) -> Result<Normal, TooComplex> {
        match (a, b) {
            (Normal::None, _) | (_, Normal::None) => Ok(Normal::None),
            (Normal::All, other) | (other, Normal::All) => Ok(other),
            (Normal::Blocks(a), Normal::Blocks(b)) => match form {
                Form::Conjunctive => Ok(Normal::Blocks(joined(a, b))),
                Form::Disjunctive => self.distribute(&a, &b, Normal::None),
            },
        }
    }

    /// One of them holds.
    fn disjoin(&mut self, a: Normal, b: Normal, form: Form) -> Result<Normal, TooComplex> {
        match (a, b) {
            (Normal::All, _) | (_, Normal::All) => Ok(Normal::All),
            (Normal::None, other) | (other, Normal::None) => Ok(other),
            (Normal::Blocks(a), Normal::Blocks(b)) => match form {
                Form::Conjunctive => self.distribute(&a, &b, Normal::All),
                Form::Disjunctive => Ok(Normal::Blocks(joined(a, b))),
            },
        }
    }

    /// Every block of `a` with every one of `b`, but for those that name a package
    /// both ways; `nothing` where none is left.
    fn distribute(
        &mut self,
        a: &[Vec<Literal>],
        b: &[Vec<Literal>],
        nothing: Normal,
    ) -> Result<Normal, TooComplex> {
        let mut blocks = Vec::new();
        for first in a {
            for second in b {
                self.spend(first.len() + second.len())?;
                let mut block = [first.as_slice(), second].concat();
                block.sort_unstable();
                block.dedup();
                if !contradicts_itself(&block) {
                    blocks.push(block);
                }
            }
        }
        Ok(if blocks.is_empty() { nothing } else { Normal::Blocks(blocks) })
    }
}

fn joined(mut a: Vec<Vec<Literal>>, b: Vec<Vec<Literal>>) -> Vec<Vec<Literal>> {
    a.extend(b);
    a
}

/// Whether a sorted block has a literal and its opposite.
fn contradicts_itself(block: &[Literal]) -> bool {
    let mut negative = block.iter().take_while(|literal| !literal.is_positive());
    negative.any(|literal| block.binary_search(&-*literal).is_ok())
}

#[cfg(test)]
mod tests;
