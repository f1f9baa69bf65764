//! What is wrong with a pack, and where.

use std::fmt;

use thiserror::Error;

/// A place in a file of a pack.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Place {
    /// The file, below the pack.
    pub file: String,
    /// Line, from 1.
    pub line: usize,
    /// Column, from 1.
    pub column: usize,
}

impl fmt::Display for Place {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}:{}:{}", self.file, self.line, self.column)
    }
}

/// A pack that cannot be used.
#[derive(Debug, Clone, PartialEq, Eq, Error)]
#[error("{place}: {what}")]
pub struct PackError {
    /// Where.
    pub place: Place,
    /// What is wrong, and what to write.
    pub what: String,
}

/// A file of a pack, in which places are found by their offset.
#[derive(Debug, Clone, Copy)]
pub(super) struct Source<'s> {
    pub(super) file: &'s str,
    pub(super) text: &'s str,
}

impl Source<'_> {
    /// An error at a byte of the file.
    pub(super) fn error(&self, offset: usize, what: impl Into<String>) -> PackError {
        let before = self.text.get(..offset).unwrap_or(self.text);
        let line = before.matches('\n').count() + 1;
        let column = before.rsplit('\n').next().unwrap_or_default().chars().count() + 1;
        PackError { place: Place { file: self.file.to_owned(), line, column }, what: what.into() }
    }
}
