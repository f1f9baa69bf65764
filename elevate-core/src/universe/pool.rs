//! Texts and relations to which nothing is added any more.

use super::index::{self, Index};
use super::strings::{StringId, Texts};
use super::term::{Relation, RelationId, Term};

/// Texts and relations, found by what they say.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(super) struct Pool {
    pub(super) texts: Texts,
    pub(super) relations: Vec<Relation>,
    /// The seed of all hashes.
    pub(super) seed: u64,
    pub(super) by_text: Index,
    pub(super) by_relation: Index,
}

impl Pool {
    /// Makes them ready to be found.
    pub(super) fn new(texts: Texts, relations: Vec<Relation>, seed: u64) -> Self {
        let of_text = |at: usize| index::hash(seed, texts.get(at).as_bytes());
        let by_text = Index::new(&(0..texts.len()).map(of_text).collect::<Vec<_>>());
        let of_relation = |relation: &Relation| index::hash(seed, &relation.bytes());
        let by_relation = Index::new(&relations.iter().map(of_relation).collect::<Vec<_>>());
        Self { texts, relations, seed, by_text, by_relation }
    }

    /// The text of this number; empty for one that is none.
    pub(super) fn get(&self, id: StringId) -> &str {
        self.texts.get(id.index())
    }

    /// The relation of this number.
    pub(super) fn relation(&self, id: RelationId) -> Option<Relation> {
        self.relations.get(id.0 as usize).copied()
    }

    /// The number of a text, where it has one.
    pub(super) fn find(&self, text: &str) -> Option<StringId> {
        let may_be = self.by_text.of(index::hash(self.seed, text.as_bytes()));
        may_be.iter().map(|id| StringId(*id)).find(|id| self.get(*id) == text)
    }

    /// The term of a relation, where it has a number.
    pub(super) fn find_relation(&self, relation: Relation) -> Option<Term> {
        let may_be = self.by_relation.of(index::hash(self.seed, &relation.bytes()));
        let is_it = |id: &&u32| self.relations.get(**id as usize) == Some(&relation);
        may_be.iter().find(is_it).map(|id| Term::relation(*id))
    }

    /// Bytes it takes in memory.
    pub(super) fn memory(&self) -> usize {
        self.texts.memory()
            + size_of::<Relation>() * self.relations.capacity()
            + self.by_text.memory()
            + self.by_relation.memory()
    }
}
