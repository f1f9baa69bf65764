//! A data file that cannot be used, and what is wrong with it.

use std::fmt;

use thiserror::Error;

/// A data file that cannot be used.
#[derive(Debug, Clone, PartialEq, Eq, Error)]
#[error("{file}: {problem}{place}")]
pub struct DataError {
    /// Path below the data directory.
    pub file: String,
    /// Where in the file.
    pub place: Place,
    /// What is wrong.
    pub problem: Problem,
}

/// Where in a file something is.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub enum Place {
    /// The file as a whole.
    #[default]
    Whole,
    /// Line and column, from 1; column 0 where unknown.
    Line(usize, usize),
    /// A field: `packageinfo[12].action`, with line and column where known.
    Field(String, Option<(usize, usize)>),
}

/// What is wrong with a data file. The kinds matter to the policy
/// `leapp-0.21`: leapp ends in an error for some, in an inhibitor for others
/// and in an unhandled exception for the rest (formats.md 0, 1.4, 2.2).
#[derive(Debug, Clone, PartialEq, Eq, Error)]
pub enum Problem {
    /// There is no such file.
    #[error("the file is missing")]
    Missing,
    /// It is there and cannot be read.
    #[error("cannot be read: {0}")]
    Unreadable(String),
    /// It has no content.
    #[error("the file is empty")]
    Empty,
    /// It is larger than any such file may be.
    #[error("is larger than {0} MiB; no real file is")]
    TooLarge(u64),
    /// It is not UTF-8, or starts with a byte order mark.
    #[error("{0}")]
    Encoding(String),
    /// It is not JSON.
    #[error("is not JSON: {0}")]
    NotJson(String),
    /// Its top level is not an object.
    #[error("is not a JSON object at top level")]
    NotAnObject,
    /// It is JSON and breaks the schema; leapp refuses it in an orderly way.
    #[error("{0}")]
    Invalid(String),
    /// It breaks the schema in a way leapp dies of with an exception.
    #[error("{0}")]
    Fatal(String),
}

impl fmt::Display for Place {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Place::Whole => Ok(()),
            Place::Line(line, 0) => write!(f, " (line {line})"),
            Place::Line(line, column) => write!(f, " (line {line}, column {column})"),
            Place::Field(field, None) => write!(f, " (at {field})"),
            Place::Field(field, Some((line, column))) => {
                write!(f, " (at {field}, line {line}, column {column})")
            }
        }
    }
}
