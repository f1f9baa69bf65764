//! Interned texts: each is kept once and named by a number.

use std::hash::BuildHasher;

use hashbrown::{DefaultHashBuilder, HashTable};
use thiserror::Error;

/// A text of a pool. Numbers are given in the order in which texts come; they
/// say nothing beyond their pool.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Default)]
pub struct StringId(pub(super) u32);

impl StringId {
    /// The empty text, which every pool has first.
    pub const EMPTY: StringId = StringId(0);

    pub(super) fn index(self) -> usize {
        self.0 as usize
    }
}

/// More than numbers of 32 bits can count.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Error)]
#[error("there are more than 2^31 {0}")]
pub struct Full(pub(super) &'static str);

/// The most texts, relations, packages or list entries: the highest bit tells
/// relations from texts.
pub(super) const MOST: usize = 1 << 31;

/// A number that is below [`MOST`].
pub(super) fn number(count: usize, what: &'static str) -> Result<u32, Full> {
    if count < MOST { u32::try_from(count).map_err(|_| Full(what)) } else { Err(Full(what)) }
}

/// Texts one after the other.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(super) struct Texts {
    pub(super) bytes: String,
    /// Where each ends.
    pub(super) ends: Vec<u32>,
}

impl Texts {
    pub(super) fn len(&self) -> usize {
        self.ends.len()
    }

    /// The text of this number; empty for one that is none.
    pub(super) fn get(&self, index: usize) -> &str {
        let start = match index.checked_sub(1) {
            None => 0,
            Some(before) => self.ends.get(before).copied().unwrap_or_default(),
        };
        let end = self.ends.get(index).copied().unwrap_or_default();
        self.bytes.get(start as usize..end as usize).unwrap_or_default()
    }

    pub(super) fn push(&mut self, text: &str) -> Result<u32, Full> {
        let id = number(self.ends.len(), "texts")?;
        let end = number(self.bytes.len() + text.len(), "bytes of text")?;
        self.bytes.push_str(text);
        self.ends.push(end);
        Ok(id)
    }

    /// Bytes it takes in memory.
    pub(super) fn memory(&self) -> usize {
        self.bytes.capacity() + size_of::<u32>() * self.ends.capacity()
    }
}

/// Texts that are found by what they say.
#[derive(Debug, Clone, Default)]
pub(super) struct Strings {
    texts: Texts,
    table: HashTable<u32>,
    hasher: DefaultHashBuilder,
}

impl Strings {
    /// None, with room for so many.
    pub(super) fn with_capacity(texts: usize, bytes: usize) -> Self {
        let ends = Vec::with_capacity(texts);
        Self {
            texts: Texts { bytes: String::with_capacity(bytes), ends },
            table: HashTable::with_capacity(texts),
            hasher: DefaultHashBuilder::default(),
        }
    }

    pub(super) fn len(&self) -> usize {
        self.texts.len()
    }

    pub(super) fn get(&self, index: usize) -> &str {
        self.texts.get(index)
    }

    pub(super) fn find(&self, text: &str) -> Option<u32> {
        let hash = self.hasher.hash_one(text);
        self.table.find(hash, |&id| self.texts.get(id as usize) == text).copied()
    }

    pub(super) fn intern(&mut self, text: &str) -> Result<u32, Full> {
        let hash = self.hasher.hash_one(text);
        if let Some(&id) = self.table.find(hash, |&id| self.texts.get(id as usize) == text) {
            return Ok(id);
        }
        let id = self.texts.push(text)?;
        let (texts, hasher) = (&self.texts, &self.hasher);
        self.table.insert_unique(hash, id, |&id| hasher.hash_one(texts.get(id as usize)));
        Ok(id)
    }

    pub(super) fn into_texts(self) -> Texts {
        self.texts
    }

    /// Bytes it takes in memory.
    pub(super) fn memory(&self) -> usize {
        self.texts.memory() + 5 * self.table.capacity()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_text_has_one_number_and_comes_back() {
        let mut strings = Strings::default();
        let words = ["", "bash", "libc.so.6()(64bit)", "bash", "", "/bin/sh"];
        let ids: Vec<u32> = words.iter().map(|word| strings.intern(word).unwrap()).collect();
        assert_eq!(ids, [0, 1, 2, 1, 0, 3]);
        for (word, id) in words.iter().zip(ids) {
            assert_eq!(strings.get(id as usize), *word);
            assert_eq!(strings.find(word), Some(id));
        }
        assert_eq!(strings.find("zsh"), None);
        assert_eq!(strings.get(17), "");
    }
}
