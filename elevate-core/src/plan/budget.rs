//! Room on the host's file systems, and what the upgrade takes of it.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

/// A file system of the host that the upgrade needs room on.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct FileSystem {
    /// Where it is mounted; a path on it where that is not known.
    pub mount: String,
    /// Its size in bytes, where captured.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub total: Option<u64>,
    /// Bytes that are left, where captured.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub available: Option<u64>,
    /// What is needed, most of all first.
    pub needs: Vec<Need>,
}

/// What room is needed for.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct Need {
    /// What for.
    pub what: String,
    /// How much, in bytes.
    pub bytes: u64,
}

impl FileSystem {
    /// All that is needed, in bytes.
    pub fn needed(&self) -> u64 {
        self.needs.iter().fold(0, |sum, need| sum.saturating_add(need.bytes))
    }

    /// Whether there is room enough; `None` where nobody knows.
    pub fn is_enough(&self) -> Option<bool> {
        self.available.map(|available| available >= self.needed())
    }
}
