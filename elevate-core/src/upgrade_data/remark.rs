//! What was ignored, or looks odd, in the data.

use std::fmt;

/// How much a remark matters.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Level {
    /// The data would harm hosts.
    Error,
    /// The data is not what its author meant.
    Warning,
    /// Worth knowing.
    Note,
}

/// One remark on a data file, from reading or from lint.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub struct Remark {
    /// Path below the data directory.
    pub file: String,
    /// Place in the file: `packageinfo[12].action`, `line 3`; empty for the whole file.
    pub place: String,
    /// Stable code, such as `event-without-input`.
    pub code: &'static str,
    /// How much it matters.
    pub level: Level,
    /// One sentence.
    pub message: String,
}

impl fmt::Display for Level {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(match self {
            Level::Error => "error",
            Level::Warning => "warning",
            Level::Note => "note",
        })
    }
}

impl fmt::Display for Remark {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}: {}", self.level, self.file)?;
        if !self.place.is_empty() {
            write!(f, ": {}", self.place)?;
        }
        write!(f, ": {} [{}]", self.message, self.code)
    }
}
