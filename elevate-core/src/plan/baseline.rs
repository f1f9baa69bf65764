//! What the host is like when the plan is made, so that it can be told later whether it has
//! drifted, and what the upgrade has changed. What was not captured is `null`: unknown is
//! not empty.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use crate::model::RepoId;

/// The host before the upgrade.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize, JsonSchema)]
pub struct Baseline {
    /// Which host it is: the beginning of a digest of its `/etc/machine-id`, which itself is
    /// not to be shown around.
    #[serde(default)]
    pub machine: Option<String>,
    /// The running kernel, as `uname -r` prints it.
    #[serde(default)]
    pub running_kernel: Option<String>,
    /// The kernel of the entry that boots by default, named likewise.
    #[serde(default)]
    pub default_kernel: Option<String>,
    /// What is started at boot.
    #[serde(default)]
    pub units: Option<Units>,
    /// The repositories, by id.
    #[serde(default)]
    pub repositories: Option<Vec<BaselineRepository>>,
    /// Files below `/etc` that rpm put beside others (`.rpmnew`, `.rpmsave`, `.rpmorig`), by
    /// path.
    #[serde(default)]
    pub set_aside: Option<Vec<String>>,
}

/// Units of systemd before the upgrade.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize, JsonSchema)]
pub struct Units {
    /// Those that are enabled, sorted.
    pub enabled: Vec<String>,
    /// Those of which it is not known, sorted.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub unknown: Vec<String>,
}

/// A repository of the host before the upgrade.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize, JsonSchema)]
pub struct BaselineRepository {
    /// Its id.
    pub id: RepoId,
    /// The file that defines it, where one was captured.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub file: Option<String>,
    /// Whether it is enabled.
    pub enabled: bool,
}
