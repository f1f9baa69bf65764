//! Answers that may be missing.

use std::fmt;

use crate::snapshot::Known;

/// An answer, or why there is none. *No* and *none* are answers.
pub type Fact<T> = Result<T, Unknown>;

/// A question without an answer: the evidence for it is missing.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, thiserror::Error)]
#[error("{evidence}: {why}")]
pub struct Unknown {
    /// The evidence that is missing, by path or command line.
    pub evidence: String,
    /// Why it is.
    pub why: Why,
}

/// Why evidence is missing.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub enum Why {
    /// Nobody looked for it.
    NotCaptured,
    /// It could not be read.
    Unreadable(String),
    /// It was read and says nothing that answers the question.
    Malformed(String),
}

impl fmt::Display for Why {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Why::NotCaptured => f.write_str("was not captured"),
            Why::Unreadable(why) => write!(f, "could not be read: {why}"),
            Why::Malformed(why) => write!(f, "is not understood: {why}"),
        }
    }
}

impl Unknown {
    /// Evidence nobody looked for.
    pub fn not_captured(evidence: impl Into<String>) -> Self {
        Self { evidence: evidence.into(), why: Why::NotCaptured }
    }

    /// Evidence that was read and does not answer.
    pub fn malformed(evidence: impl Into<String>, why: impl Into<String>) -> Self {
        Self { evidence: evidence.into(), why: Why::Malformed(why.into()) }
    }
}

/// What was captured; `None` where it is not on the host.
///
/// # Errors
///
/// Where it could not be read, or nobody looked.
pub fn fact<'a, T>(evidence: &str, known: Known<'a, T>) -> Fact<Option<T>> {
    match known {
        Known::Captured(value) => Ok(Some(value)),
        Known::Absent => Ok(None),
        Known::Unreadable(why) => {
            Err(Unknown { evidence: evidence.to_owned(), why: Why::Unreadable(why.to_owned()) })
        }
        Known::NotLookedFor => Err(Unknown::not_captured(evidence)),
    }
}

/// A line of a file that was not understood; the others were.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub struct OddLine {
    /// Line, from 1.
    pub line: usize,
    /// What stands there, cut to 120 characters.
    pub text: String,
    /// What is odd about it.
    pub why: String,
}

impl OddLine {
    /// Notes a line.
    pub fn new(line: usize, text: &str, why: impl Into<String>) -> Self {
        Self { line, text: text.chars().take(120).collect(), why: why.into() }
    }
}
