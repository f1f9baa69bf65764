//! Module streams.

use std::fmt;

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

/// A stream of a module, written `name:stream` (`javapackages-tools:201801`).
#[derive(
    Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize, JsonSchema,
)]
pub struct ModuleStream {
    /// Name of the module.
    pub name: String,
    /// Name of the stream; a text even where it looks like a number (`5.26`).
    pub stream: String,
}

impl fmt::Display for ModuleStream {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}:{}", self.name, self.stream)
    }
}
