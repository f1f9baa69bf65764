//! Texts and relations to which nothing is added any more.

use super::index::{self, Index};
use super::strings::{StringId, Texts};
use super::term::{Operator, Relation, RelationId, Term};
use crate::model::Comparison;

/// Texts and relations, found by what they say.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(super) struct Pool {
    pub(super) texts: Texts,
    /// As [`Relation::bytes`] says them.
    pub(super) relations: Vec<[u8; Relation::BYTES]>,
    /// The seed of all hashes.
    pub(super) seed: u64,
    pub(super) by_text: Index,
    pub(super) by_relation: Index,
}

/// What a pool has of a dependency.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub(super) struct Known {
    pub(super) name: Option<StringId>,
    /// The version it is compared with.
    pub(super) evr: Option<StringId>,
    /// The dependency itself.
    pub(super) term: Option<Term>,
}

impl Pool {
    /// Makes them ready to be found.
    pub(super) fn new(texts: Texts, relations: &[Relation], seed: u64) -> Self {
        let of_text = |at: usize| index::hash(seed, texts.get(at).as_bytes());
        let by_text = Index::new(&(0..texts.len()).map(of_text).collect::<Vec<_>>());
        let relations: Vec<_> = relations.iter().map(Relation::bytes).collect();
        let of_relation = |bytes: &[u8; Relation::BYTES]| index::hash(seed, bytes);
        let by_relation = Index::new(&relations.iter().map(of_relation).collect::<Vec<_>>());
        Self { texts, relations, seed, by_text, by_relation }
    }

    /// The text of this number; empty for one that is none.
    pub(super) fn get(&self, id: StringId) -> &str {
        self.texts.get(id.index())
    }

    /// The relation of this number.
    pub(super) fn relation(&self, id: RelationId) -> Option<Relation> {
        self.relations.get(id.0 as usize).and_then(Relation::of_bytes)
    }

    /// The number of a text, where it has one.
    pub(super) fn find(&self, text: &str) -> Option<StringId> {
        let mut may_be = self.by_text.of(index::hash(self.seed, text.as_bytes())).map(StringId);
        may_be.find(|id| self.get(*id) == text)
    }

    /// The term of a relation, where it has a number.
    pub(super) fn find_relation(&self, relation: Relation) -> Option<Term> {
        let bytes = relation.bytes();
        let mut may_be = self.by_relation.of(index::hash(self.seed, &bytes));
        let is_it = |id: &u32| self.relations.get(*id as usize) == Some(&bytes);
        may_be.find(is_it).map(Term::relation)
    }

    /// What there is of a dependency.
    pub(super) fn find_dependency(&self, name: &str, version: Option<(Comparison, &str)>) -> Known {
        let name = self.find(name);
        let Some((comparison, evr)) = version else {
            return Known { name, evr: None, term: name.map(Term::from) };
        };
        let evr = self.find(evr);
        let term = name.zip(evr).and_then(|(name, evr)| {
            let operator = Operator::Compare(comparison);
            self.find_relation(Relation { left: name.into(), operator, right: evr.into() })
        });
        Known { name, evr, term }
    }

    /// Bytes it takes in memory.
    pub(super) fn memory(&self) -> usize {
        self.texts.memory()
            + Relation::BYTES * self.relations.capacity()
            + self.by_text.memory()
            + self.by_relation.memory()
    }
}
