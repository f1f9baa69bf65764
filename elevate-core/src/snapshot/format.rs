//! The snapshot format: version, changelog, reading and writing.
//!
//! | version | change |
//! |--|--|
//! | 1 | first: identity, packages, keys, repositories, modules, text files, unread parts |

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

/// The version written, and the newest that can be read.
pub const VERSION: u32 = 1;

/// The marker by which a snapshot is known among JSON documents.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize, JsonSchema)]
pub enum Kind {
    /// A snapshot.
    #[default]
    #[serde(rename = "elevate-snapshot")]
    Snapshot,
}
