//! Dependency terms: a name, a name with a version, or a rich dependency, each
//! kept once and named by a number (solver-rules.md A1.3).

use std::hash::BuildHasher;

use hashbrown::{DefaultHashBuilder, HashTable};

use super::strings::{Full, StringId, number};
use crate::model::{Comparison, RichOperator};

const RELATION: u32 = 1 << 31;

/// A term of a pool: a text, or a relation between two terms.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Term(pub(super) u32);

/// What a term is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum TermKind {
    /// A name, a path, a version.
    Text(StringId),
    /// A relation, by its number.
    Relation(RelationId),
}

/// A relation of a pool.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct RelationId(pub(super) u32);

impl Term {
    /// What it is.
    pub fn kind(self) -> TermKind {
        if self.0 & RELATION == 0 {
            TermKind::Text(StringId(self.0))
        } else {
            TermKind::Relation(RelationId(self.0 & !RELATION))
        }
    }

    pub(super) fn relation(index: u32) -> Self {
        Self(index | RELATION)
    }
}

impl From<StringId> for Term {
    fn from(id: StringId) -> Self {
        Self(id.0)
    }
}

/// How two terms go together.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Operator {
    /// A name and a version.
    Compare(Comparison),
    /// A rich dependency.
    Rich(RichOperator),
}

impl Operator {
    /// The number libsolv gives it: comparisons are bits, the others follow.
    pub(super) fn code(self) -> u8 {
        match self {
            Operator::Compare(flags) => flags.bits(),
            Operator::Rich(operator) => 16 + operator as u8,
        }
    }

    pub(super) fn from_code(code: u8) -> Option<Self> {
        match code {
            0..8 => Some(Operator::Compare(Comparison::from_bits(code))),
            _ => {
                let rich = |operator: &RichOperator| 16 + *operator as u8 == code;
                RichOperator::ALL.into_iter().find(rich).map(Operator::Rich)
            }
        }
    }
}

/// `left operator right`
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub struct Relation {
    /// The name, or the first operand.
    pub left: Term,
    /// How they go together.
    pub operator: Operator,
    /// The version, or the second operand.
    pub right: Term,
}

impl Default for Relation {
    fn default() -> Self {
        let nothing = Term::from(StringId::EMPTY);
        Self { left: nothing, operator: Operator::Compare(Comparison::NONE), right: nothing }
    }
}

impl Relation {
    /// How many bytes it is kept in.
    pub(super) const BYTES: usize = 9;

    /// As it is kept: both sides and the operator.
    pub(super) fn bytes(&self) -> [u8; Self::BYTES] {
        let mut bytes = [self.operator.code(); Self::BYTES];
        bytes[..4].copy_from_slice(&self.left.0.to_le_bytes());
        bytes[4..8].copy_from_slice(&self.right.0.to_le_bytes());
        bytes
    }

    /// From its bytes; `None` for an operator that is none.
    pub(super) fn of_bytes(bytes: &[u8; Self::BYTES]) -> Option<Self> {
        let ([left, right], [code]) = bytes.as_chunks() else { return None };
        let [left, right] = [left, right].map(|side| Term(u32::from_le_bytes(*side)));
        Some(Self { left, operator: Operator::from_code(*code)?, right })
    }
}

/// Relations that are found by what they say. Left and right sides are older
/// than the relation, so that no term contains itself.
#[derive(Debug, Clone, Default)]
pub(super) struct Relations {
    list: Vec<Relation>,
    table: HashTable<u32>,
    hasher: DefaultHashBuilder,
}

impl Relations {
    pub(super) fn with_capacity(relations: usize) -> Self {
        Self {
            list: Vec::with_capacity(relations),
            table: HashTable::with_capacity(relations),
            hasher: DefaultHashBuilder::default(),
        }
    }

    pub(super) fn len(&self) -> usize {
        self.list.len()
    }

    pub(super) fn get(&self, index: usize) -> Option<Relation> {
        self.list.get(index).copied()
    }

    pub(super) fn intern(&mut self, relation: Relation) -> Result<u32, Full> {
        let hash = self.hash(&relation);
        if let Some(&id) = self.table.find(hash, |&id| self.list[id as usize] == relation) {
            return Ok(id);
        }
        let id = number(self.list.len(), "relations")?;
        self.list.push(relation);
        let (list, hasher) = (&self.list, &self.hasher);
        self.table.insert_unique(hash, id, |&id| key(hasher, &list[id as usize]));
        Ok(id)
    }

    pub(super) fn into_list(self) -> Vec<Relation> {
        self.list
    }

    /// Bytes it takes in memory.
    pub(super) fn memory(&self) -> usize {
        size_of::<Relation>() * self.list.capacity() + 5 * self.table.capacity()
    }

    fn hash(&self, relation: &Relation) -> u64 {
        key(&self.hasher, relation)
    }
}

fn key(hasher: &DefaultHashBuilder, relation: &Relation) -> u64 {
    let sides = u64::from(relation.left.0) << 32 | u64::from(relation.right.0);
    hasher.hash_one((sides, relation.operator.code()))
}
