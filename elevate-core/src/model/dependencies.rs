//! What the dependencies of installed packages come to.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

/// What installed packages require, and no installed package provides.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize, JsonSchema)]
pub struct Dependencies {
    /// Requirements nobody meets, by package.
    pub unmet: Vec<Unmet>,
    /// Packages whose requirements are not known, as `name-[epoch:]version-release.arch`.
    pub unknown: Vec<String>,
}

/// A requirement nobody meets.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize, JsonSchema)]
pub struct Unmet {
    /// The package, as `name-[epoch:]version-release.arch`.
    pub package: String,
    /// What it requires.
    pub capability: String,
}
